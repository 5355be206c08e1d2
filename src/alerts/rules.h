/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * When a student's absences ask for somebody's attention: pure functions of an array of lessons.
 *
 * ladder        the share of absence (presence/rate.h) is 15, 20 or 25 % and more, once there are
 *               min_sessions that count
 * consecutive   the latest sessions that count, three or more, were all missed
 * weekday       within six weeks three or more sessions of one weekday were missed, on two or more
 *               days, and these are 60 % or more of that weekday's sessions
 * first_lesson  on three or more days within four weeks late or absent in the day's first lesson,
 *               and there in a later one
 *
 * Sessions count when they are neither unmarked nor excused.
 */
#include "presence/presence.h"
#include "presence/rate.h"

enum alert_kind { ALERT_LADDER, ALERT_CONSECUTIVE, ALERT_WEEKDAY, ALERT_FIRST_LESSON, ALERT_KINDS };
enum alert_level { ALERT_NOTICE, ALERT_WARNING, ALERT_CRITICAL, ALERT_FAILING, ALERT_LEVELS };

struct alert_lesson {
    int64_t starts_at; /* ms */
    int64_t day;       /* local, days since 1970 */
    enum presence_status status;
    int64_t weight; /* thousandths */
};

struct alert_finding {
    enum alert_kind kind;
    enum alert_level level;
    int64_t weekday;             /* 1 = Monday … 7 = Sunday; 0: not of one */
    int64_t counted;             /* sessions that count; of first_lesson: days */
    int64_t absences;            /* of them missed */
    double share;                /* 0..1 */
    int64_t since_at, latest_at; /* starts of the first and the last that it rests on */
};

/* One of each kind, and of weekday one for each day. */
enum { ALERT_FINDINGS_MAX = ALERT_KINDS - 1 + 7 };

/* Lessons by start, the oldest first; `now` ms. How many were found. */
size_t alert_find(const struct alert_lesson *at, size_t n, int64_t now, int64_t min_sessions,
                  struct alert_finding ret[ALERT_FINDINGS_MAX]);

/* As the API and the database have it: "ladder", "warning". */
const char *alert_kind_name(enum alert_kind k);
const char *alert_level_name(enum alert_level l);
/* ALERT_KINDS, ALERT_LEVELS: no such name. */
enum alert_kind alert_kind_of(struct str name);
enum alert_level alert_level_of(struct str name);
