/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Time zones of the system's tz database: local days and minutes to UTC and back, correct over
 * daylight saving. Safe from any thread.
 */
#include "base/arena.h"
#include "base/str.h"

/* A local time on a calendar day; minutes after midnight, 0..1439. */
struct local_time {
    int32_t year;
    int8_t month, day; /* 1..12, 1..31 */
    int16_t minute;    /* of the day */
    int8_t second;
    int8_t weekday;   /* 1 = Monday … 7 = Sunday */
    int32_t offset_s; /* east of UTC */
};

/* What a local time can be on a day when clocks change. */
enum zone_fit {
    ZONE_ONE,     /* an ordinary time */
    ZONE_GAP,     /* it does not exist: clocks are put forward over it */
    ZONE_OVERLAP, /* it exists twice */
};

/* A stretch of time, UTC ms, in which clocks are as far ahead of UTC: from <= t < to. */
struct zone_span {
    int64_t from, to; /* INT64_MIN, INT64_MAX: without end */
    int32_t offset_s; /* east of UTC */
};

/* The stretch that holds a moment; the next one may be as far ahead, when only the zone's name has
 * changed. False: no such zone. */
bool zone_span_at(struct str zone, int64_t ms, struct zone_span *ret);
/* UTC ms to local. False: no such zone. Years 1969..9999. */
bool zone_local(struct str zone, int64_t ms, struct local_time *ret);
/*
 * A local time to UTC ms. In a gap: as much later as the clocks are put forward (as RFC 5545 has
 * it: the offset before the gap). In an overlap: the first of the two. `fit` may be NULL.
 * False: no such zone, or no such day.
 */
bool zone_utc(struct str zone, const struct local_time *local, int64_t *ret, enum zone_fit *fit);
/* "2026-03-29" and minutes after local midnight: for timetables. */
bool zone_utc_day(struct str zone, struct str day, int64_t minute, int64_t *ret,
                  enum zone_fit *fit);
/* The first moment of the local day that holds `ms`: midnight, or, where clocks are put forward
 * over midnight, what comes after. False: no such zone. */
bool zone_day_start(struct str zone, int64_t ms, int64_t *ret);
/* The same local time so many days later: for deadlines. By 24 hours a day where there is no such
 * zone or year. */
int64_t zone_days_later(struct str zone, int64_t ms, int64_t days);
/* RFC 3339 with the zone's offset: 2026-03-29T10:00:00+02:00. */
struct str zone_format(struct arena *a, struct str zone, int64_t ms);
/* Days as numbers since 1970-01-01 (a date as text: date_of_day), weekday 1 = Monday. */
bool day_number(struct str date, int64_t *ret);
struct str date_of_day(struct arena *a, int64_t day);
int day_weekday(int64_t day);
