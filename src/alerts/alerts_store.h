/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of alerts/: private to the feature. */
#include "alerts/alerts.h"
#include "alerts/rules.h"

struct id_row {
    int64_t id;
};
struct lesson_row {
    int64_t starts_at, weight;
    struct str status;
};
/* Who teaches the student most. */
struct teacher_row {
    int64_t trainer_id, user_id;
};

must_check enum err alerts_fetch_page(struct ctx *ctx, const struct alert_filter *f,
                                      struct page *ret);
/* What the caller may see. ERR_NOT_FOUND */
must_check enum err alerts_fetch(struct ctx *ctx, int64_t id, struct alert *ret);
/* Whoever may see it. ERR_NOT_FOUND */
must_check enum err alerts_fetch_any(struct ctx *ctx, int64_t id, struct alert *ret);
must_check enum err alerts_fetch_steps(struct ctx *ctx, int64_t id, struct list *ret);
/* Whether the account may own an alert of the student. ERR_NOT_FOUND: no. */
must_check enum err alerts_check_owner(struct ctx *ctx, int64_t account_id, int64_t student_id);
/* Level, figures, owner, state; the version moves on. ERR_NOT_FOUND: another version. */
must_check enum err alerts_store(struct ctx *ctx, const struct alert *a);
/* Figures alone: nobody's edit is in the way. */
must_check enum err alerts_store_figures(struct ctx *ctx, const struct alert *a);
must_check enum err alerts_insert(struct ctx *ctx, const struct alert *a, int64_t *ret_id);
/* by: an account; 0: the rules. */
must_check enum err alerts_insert_step(struct ctx *ctx, const struct alert *a, int64_t by,
                                       const char *change, struct str message);

/* One step of the mark over new events. */
struct mark_step {
    int64_t at_most;  /* events */
    bool first;       /* of this tick: also looks again at those before the mark */
    int64_t began_at; /* where the mark was then; set by the first step */
    bool more;        /* set: there are newer events */
};
/* Makes everybody due of whom the next events are, and moves the mark there. */
must_check enum err alerts_move_mark(struct ctx *ctx, struct mark_step *s);
/* Everybody who is not archived. */
must_check enum err alerts_all_due(struct ctx *ctx);
/* A list of struct id_row. */
must_check enum err alerts_fetch_due(struct ctx *ctx, int64_t limit, struct list *ret);
must_check enum err alerts_drop_due(struct ctx *ctx, int64_t student_id);
/* A list of struct lesson_row since `from`, the oldest first. */
must_check enum err alerts_fetch_lessons(struct ctx *ctx, int64_t student_id, int64_t from,
                                         struct list *ret);
/* A list of struct alert of the student: those not closed and those closed since `from`. */
must_check enum err alerts_fetch_of(struct ctx *ctx, int64_t student_id, int64_t from,
                                    struct list *ret);
/* ERR_NOT_FOUND: the student had no session since `from`. */
must_check enum err alerts_fetch_teacher(struct ctx *ctx, int64_t student_id, int64_t from,
                                         struct teacher_row *ret);
