/* SPDX-License-Identifier: MIT */
/* Presence policies in SQL. */
#include "presence/policy_store.h"

#include "db/db.h"

#define F(...) FIELD(struct policy_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(kind, "Kind of session"),           F(ways, "What counts as a check-in"),
    F(open_before_min, "Check-in opens"), F(late_after_min, "Late after"),
    F(absent_after_min, "Absent after"),  F(check_out, "Leaving is checked"),
    F(min_minutes, "Least minutes"),      F(version, "Counts the changes"),
};
#undef F
static const struct schema row_schema = SCHEMA(policy_row, row_fields);

#define SELECT                                                                                     \
    "SELECT kind, ways, open_before_min, late_after_min, absent_after_min, check_out,"             \
    " min_minutes, version FROM presence_policy"

enum err policy_row_find(struct ctx *ctx, struct str kind, struct policy_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  SELECT
                  " WHERE kind IN ($1, 'any')"
                  " ORDER BY CASE WHEN kind = 'any' THEN 1 ELSE 0 END LIMIT 1",
                  ARGS(A(kind)));
}

enum err policy_row_get(struct ctx *ctx, struct str kind, struct policy_row *ret)
{
    return db_one(ctx, &row_schema, ret, SELECT " WHERE kind = $1", ARGS(A(kind)));
}

/* Versions go on from the time, so that a rule made again never has an old one. */
enum err policy_row_insert(struct ctx *ctx, const struct policy_row *row)
{
    return db_exec(ctx,
                   "INSERT INTO presence_policy (kind, ways, open_before_min, late_after_min,"
                   " absent_after_min, check_out, min_minutes, version)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                   ARGS(A(row->kind), A(row->ways), A(row->open_before_min), A(row->late_after_min),
                        A(row->absent_after_min), A(row->check_out), A(row->min_minutes),
                        A(ctx->now)));
}

enum err policy_row_update(struct ctx *ctx, const struct policy_row *row, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE presence_policy SET ways = $3, open_before_min = $4,"
                     " late_after_min = $5, absent_after_min = $6, check_out = $7,"
                     " min_minutes = $8, version = version + 1 WHERE kind = $1 AND version = $2",
                     ARGS(A(row->kind), A(row->version), A(row->ways), A(row->open_before_min),
                          A(row->late_after_min), A(row->absent_after_min), A(row->check_out),
                          A(row->min_minutes)),
                     ret_n);
}

enum err policy_row_delete(struct ctx *ctx, struct str kind, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM presence_policy WHERE kind = $1", ARGS(A(kind)), ret_n);
}

enum err policy_apply(struct ctx *ctx, const struct presence_policy *p, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE session SET ways = $2, open_before_min = $3, late_after_min = $4,"
                     " absent_after_min = $5, check_out = $6, min_minutes = $7,"
                     " version = version + 1, updated_at = $8"
                     " WHERE state = 'scheduled' AND NOT EXISTS (SELECT 1"
                     " FROM attendance_event e WHERE e.session_id = session.id"
                     " AND e.student_id IS NULL AND e.kind = 'opened') AND (kind = $1 OR (CAST($1 "
                     "AS TEXT) = 'any'"
                     " AND kind NOT IN (SELECT r.kind FROM presence_policy r)))",
                     ARGS(A(p->kind), A(p->ways), A(p->open_before_min), A(p->late_after_min),
                          A(p->absent_after_min), A(p->check_out), A(p->min_minutes), A(ctx->now)),
                     ret_n);
}
