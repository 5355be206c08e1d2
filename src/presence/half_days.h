/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Half-days, by which French registers count absences: a school's day is two halves, before and
 * after the option `afternoon_min`. A half-day counts for a student who has a mark in it. It is
 * absent when one of its sessions is (an absence that nothing justifies), else excused when one is,
 * else attended; docs/presence.md has the source. The rate is rate.h's over half-days.
 */
#include "base/str.h"

#include "presence/rate.h"

/* What a student has of a session that begins in `half`. */
struct half_mark {
    int64_t half;
    bool absent, excused;
};

/* The half-day of a time: twice the number of its day, and one more after noon. The day is the
 * zone's; that of UTC in years without local times. */
int64_t half_day_of(struct str zone, int64_t afternoon_min, int64_t at);
static inline bool half_day_is_afternoon(int64_t half)
{
    return half & 1;
}
/* Half-days of one student as if each were a session: present, excused or absent. Sorts the marks;
 * the order of several sessions of a half makes no difference. */
struct presence_tally half_days_tally(struct half_mark *marks, size_t n);
