/* SPDX-License-Identifier: MIT */
/* The verification log: numbers, never pictures or templates. */
#include "recognition/recognition_store.h"

#include "db/db.h"

enum err recognition_insert(struct ctx *ctx, const struct decision_place *place,
                            const struct decision *d)
{
    struct opt_i64 session = {.set = place->session_id != 0, .v = place->session_id};

    return db_exec(ctx,
                   "INSERT INTO recognition (at, way, session_id, student_id, decision, similarity,"
                   " threshold, margin, quality, liveness, model, policy, ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                   ARGS(A(ctx->now), A(str_of(place->way)), A(session), A(d->student_id),
                        A(d->decision), A(d->similarity), A(d->threshold), A(d->margin),
                        A(d->quality), A(d->liveness), A(d->model), A(d->policy), A(d->ms)));
}

enum err recognition_delete_before(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM recognition WHERE at < $1", ARGS(A(before)), ret_n);
}
