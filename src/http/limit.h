/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Rate limits: one token bucket per caller and rule, in a table of fixed size. When the table is
 * full the bucket that was not used for longest makes room. Safe from any thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct limiter;

/* How one request fared, in whole units for the RateLimit-* headers. */
struct limit_state {
    bool allowed;
    int64_t limit;         /* requests a minute */
    int64_t remaining;     /* requests left at once */
    int64_t reset_s;       /* until the bucket is full again */
    int64_t retry_after_s; /* when not allowed: until the next request can pass */
};

/* `cap` buckets, at least 16. */
struct limiter *limiter_create(size_t cap);
/* Takes NULL. */
void limiter_destroy(struct limiter *l);
/*
 * Takes one token from the bucket of `key`, which holds at most `per_minute` and gains as many a
 * minute. `now_ms` may jump back: the bucket then simply gains nothing.
 */
struct limit_state limiter_take(struct limiter *l, struct str key, int64_t per_minute,
                                int64_t now_ms);
