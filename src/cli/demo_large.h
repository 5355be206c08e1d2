/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A large school for measuring and trying out: thousands of students and a term of registers with
 * their ledgers, written straight into the tables. Everything comes from the seed.
 *
 * Six groups share six trainers and six modules (a team), so that nobody is in two places at once:
 * in each of the 30 lessons of a week four of the six groups have a session.
 */
#include "cli/demo.h"
#include "db/db.h"

enum {
    LARGE_STUDENTS_MAX = 200000,
    LARGE_WEEKS_MAX = 52,
    LARGE_TEAM = 6, /* groups, trainers and modules of a team */
    LARGE_PERIODS = 6,
    LARGE_PROGRAMMES = 12,
    LARGE_GROUP = 27, /* students of a group, give or take three */
    LARGE_DAYS_AHEAD = 8,
};

/* The tables in the order in which rows may refer to each other. */
enum large_table {
    LARGE_ACCOUNT,
    LARGE_PROGRAMME,
    LARGE_MODULE,
    LARGE_ROOM,
    LARGE_CLASS_GROUP,
    LARGE_TRAINER,
    LARGE_STUDENT,
    LARGE_GROUP_MEMBER,
    LARGE_SESSION,
    LARGE_SESSION_GROUP,
    LARGE_EVENT,
    LARGE_RECORD,
    LARGE_TABLES
};

/* How reliably somebody comes; `LARGE_MONDAYS` and `LARGE_MORNINGS` have a pattern. */
enum large_habit { LARGE_STEADY, LARGE_TARDY, LARGE_AWAY, LARGE_MONDAYS, LARGE_MORNINGS };

struct large_rows {
    struct db_arg *cells;
    size_t n, cap;
};

struct large {
    struct demo demo; /* ctx, seed, dice, progress, now */
    int64_t students, weeks;

    int64_t groups, teams, trainers;
    int64_t *group_from;      /* by group, and one more: its first student, 0-based */
    enum large_habit *habits; /* by student */
    struct str hash;          /* of DEMO_PASSWORD, of every account */
    int64_t first_day;        /* of the first week: a Monday, days since 1970 */
    int64_t n_sessions, n_events, n_records, n_members;

    struct ctx pen; /* its memory: of the rows that are not written yet */
    struct large_rows rows[LARGE_TABLES];
    size_t waiting; /* rows, of all tables */
};

/*
 * Fills an empty database; demo.ctx, .seed and .progress, students and weeks are set by the caller.
 * Not one transaction: broken off, the database holds a part and is to be thrown away.
 * ERR_CONFLICT: it is not empty.
 */
must_check enum err large_fill(struct large *l);

/* The parts of large_fill. */
must_check enum err large_add_people(struct large *l);
/* One lesson of a group on a day: the session, its events and records. */
struct large_lesson {
    int64_t day; /* days since 1970 */
    int64_t group, period;
};
must_check enum err large_add_lesson(struct large *l, const struct large_lesson *lesson);

/* One more row; written when many wait. */
void large_put(struct large *l, enum large_table t, struct db_args row);
must_check enum err large_flush(struct large *l);
bool large_is_full(const struct large *l);
/* The ids after those that were put, where jobs go on, and what the planner should know. */
must_check enum err large_finish_tables(struct ctx *ctx);
