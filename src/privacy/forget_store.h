/* SPDX-License-Identifier: MIT */
#pragma once
/* What is forgotten of a person, table by table: private to privacy/. */
#include "base/ctx.h"

struct forget_step {
    const char *table;
    const char *sql; /* $1: the person; NULL: nothing is done */
    const char *why; /* of what is kept */
    bool deletes;    /* else it empties */
    /* Of what is touched, on PostgreSQL and afterwards (cleaning.h). */
    const char *rewrite, *vacuum, *analyze;
};
extern const struct forget_step forget_student_steps[], forget_account_steps[];
extern const size_t n_forget_student_steps, n_forget_account_steps;

/* How many certificates say that the student was forgotten. */
must_check enum err forget_proofs(struct ctx *ctx, int64_t student_id, int64_t *ret);
/* Changes nothing, but nobody brings the archived account back before the transaction ends. */
must_check enum err forget_hold_account(struct ctx *ctx, int64_t account_id);
/* Runs one step; *ret rows were touched. ERR_CONFLICT: a name that is put in is taken. */
must_check enum err forget_run(struct ctx *ctx, const struct forget_step *step, int64_t id,
                               int64_t *ret);
