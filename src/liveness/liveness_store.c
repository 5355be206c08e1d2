/* SPDX-License-Identifier: MIT */
/* Liveness sessions in SQL: numbers and states, never a frame. */
#include "liveness/liveness_store.h"

#include "db/db.h"

#define F(...) FIELD(struct live_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),
    F(student_id, "Student"),
    F(session_id, "Session"),
    F(purpose, "Purpose"),
    F(policy, "Policy"),
    F(challenges, "Challenges"),
    F(nonce_hash, "Hash of the nonce"),
    F(state, "State"),
    F(result, "Result"),
    F(outcome, "Decision"),
    F(created_at, "Begin"),
    F(expires_at, "Latest end"),
    F(finished_at, "End"),
};
#undef F
static const struct schema row_schema = SCHEMA(live_row, row_fields);

struct recent_row {
    int64_t n, first;
};
static const struct field recent_fields[] = {
    FIELD(struct recent_row, n, "How many"),
    FIELD(struct recent_row, first, "The first"),
};
static const struct schema recent_schema = SCHEMA(recent_row, recent_fields);

enum err live_store_insert(struct ctx *ctx, const struct live_row *row, struct str challenges,
                           int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO liveness_session (student_id, session_id, purpose, policy,"
                  " challenges, nonce_hash, state, created_at, expires_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8) RETURNING id",
                  ARGS(A(row->student_id), A(row->session_id), A(row->purpose), A(row->policy),
                       A(challenges), A(row->nonce_hash), A(row->created_at), A(row->expires_at)),
                  ret_id);
}

enum err live_store_supersede(struct ctx *ctx, int64_t student_id, struct str result)
{
    return db_exec(ctx,
                   "UPDATE liveness_session SET state = 'expired', result = $2, finished_at = $3"
                   " WHERE student_id = $1 AND state = 'pending'",
                   ARGS(A(student_id), A(result), A(ctx->now)));
}

enum err live_store_get(struct ctx *ctx, int64_t id, int64_t student_id, struct live_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  "SELECT id, student_id, session_id, purpose, policy, challenges, nonce_hash,"
                  " state, result, outcome, created_at, expires_at, finished_at"
                  " FROM liveness_session WHERE id = $1 AND student_id = $2",
                  ARGS(A(id), A(student_id)));
}

enum err live_store_finish(struct ctx *ctx, const struct live_ending *end)
{
    int64_t n = 0;
    enum err e = db_exec_n(
        ctx,
        "UPDATE liveness_session SET state = $2, result = $3, outcome = $4,"
        " finished_at = $5 WHERE id = $1 AND state = 'pending'",
        ARGS(A(end->id), A(end->state), A(end->result), A(end->outcome), A(ctx->now)), &n);

    return e || n ? e : ERR_NOT_FOUND;
}

enum err live_store_recent(struct ctx *ctx, int64_t student_id, int64_t since, int64_t *ret_n,
                           int64_t *ret_first)
{
    struct recent_row row = {0};
    enum err e = db_one(ctx, &recent_schema, &row,
                        "SELECT count(*) AS n, COALESCE(min(created_at), 0) AS first"
                        " FROM liveness_session WHERE student_id = $1 AND created_at > $2",
                        ARGS(A(student_id), A(since)));

    *ret_n = row.n;
    *ret_first = row.first;
    return e;
}

enum err live_store_count(struct ctx *ctx, int64_t student_id, bool failed)
{
    if (!failed)
        return db_exec(ctx, "UPDATE liveness_failure SET in_a_row = 0 WHERE student_id = $1",
                       ARGS(A(student_id)));
    return db_exec(ctx,
                   "INSERT INTO liveness_failure (student_id, failed, in_a_row, last_at)"
                   " VALUES ($1, 1, 1, $2) ON CONFLICT (student_id) DO UPDATE SET"
                   " failed = liveness_failure.failed + 1,"
                   " in_a_row = liveness_failure.in_a_row + 1, last_at = excluded.last_at",
                   ARGS(A(student_id), A(ctx->now)));
}

enum err live_store_expire(struct ctx *ctx, int64_t before, struct str result)
{
    return db_exec(ctx,
                   "UPDATE liveness_session SET state = 'expired', result = $2,"
                   " finished_at = expires_at WHERE state = 'pending' AND expires_at < $1",
                   ARGS(A(before), A(result)));
}

enum err live_store_forget(struct ctx *ctx, int64_t before)
{
    return db_exec(ctx, "DELETE FROM liveness_session WHERE created_at < $1", ARGS(A(before)));
}
