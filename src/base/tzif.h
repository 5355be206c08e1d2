/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One file of the tz database (TZif, RFC 8536), version 2 or later: when the offset to UTC changes,
 * and the rule after the last change that the file spells out.
 */
#include "base/str.h"

/* A day of the year on which clocks change, as POSIX TZ has it, and when. */
struct tz_change {
    char form;            /* 'M' month.week.day, 'J' day 1..365 without 29 February, 'n' 0..365 */
    int month, week, day; /* week 5: the last; day 0 = Sunday, or the day of the year */
    int32_t at_s;         /* of the local day, may lie outside it: -167 h … 167 h */
};

/* The rule for ever after: "CET-1CEST,M3.5.0,M10.5.0/3". */
struct tz_rule {
    bool set, has_dst;
    int32_t std_s, dst_s; /* east of UTC */
    struct tz_change to_dst, to_std;
};

struct tzif {
    size_t n;        /* changes spelled out */
    int64_t *at;     /* seconds since 1970, rising */
    int32_t *offset; /* from at[i] on, seconds east of UTC */
    int32_t before;  /* the offset before at[0] */
    struct tz_rule rule;
};

/* False when the bytes are not a whole, sound file (or count leap seconds). tzif_finish() it. */
bool tzif_read(struct str file, struct tzif *ret);
void tzif_finish(struct tzif *z);
/* A POSIX TZ string; false when malformed. */
bool tz_rule_read(struct str text, struct tz_rule *ret);

/* A stretch of time with one offset: from <= t < to. */
struct tz_span {
    int64_t from, to; /* INT64_MIN, INT64_MAX: without end */
    int32_t offset;
};
struct tz_span tzif_span(const struct tzif *z, int64_t seconds);
