/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of reports/: private to the feature. */
#include "reports/reports.h"

struct report_bounds {
    int64_t id, from, to;
};
/* What one session is to a student: for weeks. */
struct report_start {
    int64_t starts_at;
    struct presence_tally tally;
};

must_check enum err reports_fetch_group(struct ctx *ctx, int64_t id, struct report_group *ret);
must_check enum err reports_fetch_students(struct ctx *ctx, const struct report_bounds *b,
                                           struct list *ret);
must_check enum err reports_fetch_modules(struct ctx *ctx, const struct report_bounds *b,
                                          struct list *ret);
/* A list of struct report_start, the oldest first. */
must_check enum err reports_fetch_starts(struct ctx *ctx, const struct report_bounds *b,
                                         struct list *ret);
must_check enum err reports_fetch_methods(struct ctx *ctx, const struct report_bounds *b,
                                          struct list *ret);
/* Sessions that start in [from, to), `limit` after the cursor, and the cursor of the rest. */
must_check enum err reports_fetch_day(struct ctx *ctx, const struct report_bounds *b,
                                      const struct report_day_query *in, struct report_day *ret);
