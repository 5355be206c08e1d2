/* SPDX-License-Identifier: MIT */
#pragma once
/* Days of memberships: shared by groups.c and moves.c, private to the feature. */
#include "base/ctx.h"

/* "2026-09-01" of the first moment (UTC ms) of a day at the school. */
struct str membership_date(struct ctx *ctx, int64_t start);
/* The other way round. ERR_INVALID with a field error at `pointer`. */
must_check enum err membership_day(struct ctx *ctx, const char *pointer, struct str date,
                                   int64_t *ret);

struct member_row;

struct membership_key {
    int64_t group_id, student_id, day; /* day: its first moment */
};

/* The newest membership that ends after the day, or never. Inside a transaction. ERR_NOT_FOUND */
must_check enum err membership_find(struct ctx *ctx, const struct membership_key *key,
                                    struct member_row *ret);
/* Of a row that is stored to reach beyond the day's first moment whether it is over by then; its
 * from_day becomes the first moment of that day. Inside a transaction. */
must_check enum err membership_on(struct ctx *ctx, struct member_row *m, int64_t day,
                                  bool *ret_is_over);
