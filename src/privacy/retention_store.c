/* SPDX-License-Identifier: MIT */
/* What is old, who has left, and what the jobs did. */
#include "privacy/retention_store.h"

#include "db/db.h"

enum { RUNS_KEPT_DAYS = 400, DAY_MS = 86400000 };

struct moment {
    struct opt_i64 at;
};
static const struct field moment_fields[] = {FIELD(struct moment, at, "When")};
static const struct schema moment_schema = SCHEMA(moment, moment_fields);

struct number {
    int64_t id;
};
static const struct field number_fields[] = {FIELD(struct number, id, "Student")};
static const struct schema number_schema = SCHEMA(number, number_fields);

#define F(...) FIELD(struct retention_run_row, __VA_ARGS__)
static const struct field run_fields[] = {
    F(at, "When"),
    F(deleted, "How many"),
    F(error, "What went wrong"),
};
#undef F
static const struct schema run_schema = SCHEMA(retention_run_row, run_fields);

static enum err oldest(struct ctx *ctx, const char *sql, struct opt_i64 *ret)
{
    struct moment m = {0};
    enum err e = db_one(ctx, &moment_schema, &m, sql, ARGS());

    if (!e)
        *ret = m.at;
    return e;
}

enum err retention_log(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                       int64_t *ret_due)
{
    enum err e = oldest(ctx, "SELECT min(at) AS at FROM recognition", ret_oldest);

    return e ? e
             : db_i64(ctx, "SELECT count(*) FROM recognition WHERE at < $1", ARGS(A(before)),
                      ret_due);
}

enum err retention_notice(struct ctx *ctx)
{
    enum err e = db_exec(ctx,
                         "DELETE FROM departure WHERE student_id IN"
                         " (SELECT id FROM student WHERE archived = 0)",
                         ARGS());

    return e ? e
             : db_exec(ctx,
                       "INSERT INTO departure (student_id, noticed_at)"
                       " SELECT s.id, CAST($1 AS BIGINT) FROM student s WHERE s.archived = 1"
                       " AND EXISTS (SELECT 1 FROM student_key k WHERE k.student_id = s.id)"
                       " ON CONFLICT (student_id) DO NOTHING",
                       ARGS(A(ctx->now)));
}

enum err retention_left(struct ctx *ctx, int64_t before, int64_t limit, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(
        ctx, &number_schema, &rows,
        "SELECT k.student_id AS id FROM student_key k WHERE EXISTS (SELECT 1 FROM departure d"
        " WHERE d.student_id = k.student_id AND d.noticed_at < $1)"
        " OR (EXISTS (SELECT 1 FROM group_member m WHERE m.student_id = k.student_id)"
        " AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.student_id = k.student_id"
        " AND (m.to_day IS NULL OR m.to_day >= $1)))"
        " ORDER BY k.student_id LIMIT $2",
        ARGS(A(before), A(limit)));

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct number *)rows.at)[i].id;
    return ERR_OK;
}

enum err retention_oldest_template(struct ctx *ctx, struct opt_i64 *ret)
{
    return oldest(ctx, "SELECT min(created_at) AS at FROM face_template", ret);
}

enum err retention_note(struct ctx *ctx, const char *job, int64_t deleted, struct opt_i64 at,
                        const char *error)
{
    enum err e = db_exec(ctx,
                         "INSERT INTO retention_run (job, at, deleted, oldest_at, error)"
                         " VALUES ($1, $2, $3, $4, $5)",
                         ARGS(A(str_of(job)), A(ctx->now), A(deleted), A(at), A(str_of(error))));

    return e ? e
             : db_exec(ctx, "DELETE FROM retention_run WHERE at < $1",
                       ARGS(A(ctx->now - (int64_t)RUNS_KEPT_DAYS * DAY_MS)));
}

enum err retention_last(struct ctx *ctx, const char *job, struct retention_run_row *ret)
{
    return db_one(ctx, &run_schema, ret,
                  "SELECT at, deleted, error FROM retention_run WHERE job = $1"
                  " ORDER BY id DESC LIMIT 1",
                  ARGS(A(str_of(job))));
}
