/* SPDX-License-Identifier: MIT */
#pragma once
/* Time and random numbers. Both reach the code by ctx, so that tests can fix them. */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct ports {
    int64_t (*now_ms)(void);              /* wall clock, milliseconds since 1970 UTC */
    void (*random)(void *at, size_t len); /* cryptographically strong outside tests */
};

/* The machine's own clock and random numbers. */
extern const struct ports system_ports;

/* Monotonic milliseconds, for measuring and for deadlines; never goes backwards. */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);

/* RFC 3339 in UTC with milliseconds: 2026-02-03T04:05:06.789Z. */
struct str time_format(struct arena *a, int64_t ms);
/* RFC 3339 with any offset; false when malformed or outside the years 1970–9999. */
bool time_parse(struct str s, int64_t *ret);
/* The same of any year from 0000, and of those written with a sign and six digits as ECMAScript has
 * them ("+010000-01-01T00:00:00Z"): of clocks that are wrong. *ret may be negative. */
bool time_parse_any(struct str s, int64_t *ret);
/* "2008-02-29": a real calendar day. */
bool date_is_valid(struct str s);
/* "Europe/Paris": a zone of the system's tz database (zone.c). */
bool zone_is_valid(struct str s);
/* RFC 9110 HTTP date, for Last-Modified and cookies. */
struct str time_http(struct arena *a, int64_t ms);
