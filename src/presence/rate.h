/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The one function that computes a rate, for every screen, export and alert:
 * (sum of the weights of the sessions that count) / (sessions that count). A session counts when
 * its record is neither unmarked nor excused; the weight is the status code's (thousandths).
 */
#include "base/schema.h"

struct presence_tally {
    int64_t sessions; /* with a mark: all below together */
    int64_t present, late, partial, left_early, remote, absent, excused;
    int64_t weight; /* thousandths, of those that count */
};

/* Adds the counts of `t` to those of `to`. */
void presence_add(struct presence_tally *to, const struct presence_tally *t);
int64_t presence_counted(const struct presence_tally *t);
/* 0..1; 1 when nothing counts. The two rates are exact quotients of whole numbers: 15 % of absence
 * is 0.15, not a little less. */
double presence_rate(const struct presence_tally *t);
/* 1 - presence_rate: what the ladder of absences looks at. */
double absence_rate(const struct presence_tally *t);
/* "fine" "warning" "critical" "failing": 15, 20 and 25 % of absence. */
const char *absence_level(double absence);

/*
 * For SQL in *_store.c: the columns of a tally over rows `r_` of attendance_record, in the order of
 * struct presence_tally's members, named like them. Rows without a mark count nothing.
 */
#define TALLY_OF(r_, status_) "count(CASE WHEN " r_ ".status = '" status_ "' THEN 1 END)"
#define TALLY_COLUMNS(r_)                                                                          \
    "count(CASE WHEN " r_ ".status <> 'unmarked' THEN 1 END) AS sessions,"                         \
    " " TALLY_OF(r_, "present") " AS present, " TALLY_OF(r_, "late") " AS late,"                   \
    " " TALLY_OF(r_, "partial") " AS partial, " TALLY_OF(r_, "left_early") " AS left_early,"       \
    " " TALLY_OF(r_, "remote") " AS remote, " TALLY_OF(r_, "absent") " AS absent,"                 \
    " " TALLY_OF(r_, "excused") " AS excused,"                                                     \
    " CAST(coalesce(sum(CASE WHEN " r_ ".status NOT IN ('unmarked', 'excused') THEN " r_           \
    ".weight ELSE 0 END), 0) AS BIGINT) AS weight"
