/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of reports/: private to the feature. */
#include "reports/reports.h"

/* Of the group or student `id`: the sessions that start in [from, to), ms. */
struct report_bounds {
    int64_t id, from, to;
};
/* What a student's sessions of one start, module and way of marking are together. */
struct report_lesson {
    int64_t starts_at;
    int64_t module_id;
    struct str code, name; /* of the module */
    struct opt_str method;
    struct presence_tally tally;
};

/* A mark of a student in a session that starts then. */
struct report_mark {
    int64_t student_id, starts_at;
    bool absent, excused;
};

/* Its number and names only. ERR_NOT_FOUND: none, or one that a trainer has no session with. */
must_check enum err reports_fetch_group(struct ctx *ctx, int64_t id, struct report_group *ret);
/* Who was in the group in that time, by name, at most REPORT_STUDENTS_MAX: struct report_student
 * with its tally, not judged yet. */
must_check enum err reports_fetch_students(struct ctx *ctx, const struct report_bounds *b,
                                           struct list *ret);
/* The marks that reports_fetch_students counts, of the students whose numbers are from `first` to
 * `last`: struct report_mark, by student. */
must_check enum err reports_fetch_marks(struct ctx *ctx, const struct report_bounds *b,
                                        int64_t first, int64_t last, struct list *ret);
/* A list of struct report_lesson, by the module's code. */
must_check enum err reports_fetch_lessons(struct ctx *ctx, const struct report_bounds *b,
                                          struct list *ret);
/* Sessions that start in [from, to), `limit` after the cursor, and the cursor of the rest. */
must_check enum err reports_fetch_day(struct ctx *ctx, const struct report_bounds *b,
                                      const struct report_day_query *in, struct report_day *ret);
