/* SPDX-License-Identifier: MIT */
#pragma once
/* Reports in half-days: private to the feature. */
#include "reports/reports_store.h"

/* Of a student's lessons, as many as there are. */
struct report_halves report_halves_of_lessons(struct ctx *ctx, const struct list *lessons);
/* Of the students of a report that was made, in its order. ERR_TOO_LARGE. */
must_check enum err report_halves_of_report(struct ctx *ctx, const struct report_group *g,
                                            struct report_group_halves *ret);
