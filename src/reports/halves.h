/* SPDX-License-Identifier: MIT */
#pragma once
/* Reports in half-days: private to the feature. */
#include "reports/reports_store.h"

/* Of a student's lessons, as many as there are. */
struct report_halves report_halves_of_lessons(struct ctx *ctx, const struct list *lessons);
/* How many marks are in memory at a time, about: far fewer than a statement may give. */
enum { REPORT_MARKS_AT_ONCE = 20000 };

/* Of the students of a report that was made, in its order. As many of them at a time as have
 * `at_once` marks together, at least one. */
must_check enum err report_halves_of_report(struct ctx *ctx, const struct report_group *g,
                                            int64_t at_once, struct report_group_halves *ret);
