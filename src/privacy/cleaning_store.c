/* SPDX-License-Identifier: MIT */
/*
 * Who asked for a cleaning: rows of retention_run, beside those that say what a job did, so that
 * asking is part of the transaction that forgets.
 */
#include "privacy/cleaning_store.h"

#include "db/db.h"

struct asked {
    int64_t id;
    struct opt_i64 at;
};
#define F(...) FIELD(struct asked, __VA_ARGS__)
static const struct field asked_fields[] = {F(id, "Number"), F(at, "Since")};
#undef F
static const struct schema asked_schema = SCHEMA(asked, asked_fields);

enum err cleaning_store_ask(struct ctx *ctx)
{
    return db_exec(ctx,
                   "INSERT INTO retention_run (job, at, deleted, error)"
                   " VALUES ('cleaning_asked', $1, 0, '')",
                   ARGS(A(ctx->now)));
}

enum err cleaning_store_due(struct ctx *ctx, struct opt_i64 *ret_oldest, int64_t *ret_due)
{
    struct asked a = {0};
    enum err e = db_one(ctx, &asked_schema, &a,
                        "SELECT count(*) AS id, min(at) AS at FROM retention_run"
                        " WHERE job = 'cleaning_asked'",
                        ARGS());

    if (e)
        return e;
    *ret_oldest = a.at;
    *ret_due = a.id;
    return ERR_OK;
}

enum err cleaning_store_asked(struct ctx *ctx, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &asked_schema, &rows,
                         "SELECT id, at FROM retention_run WHERE job = 'cleaning_asked'"
                         " ORDER BY id LIMIT 500",
                         ARGS());

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n + 1), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct asked *)rows.at)[i].id;
    return ERR_OK;
}

enum err cleaning_store_answered(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "DELETE FROM retention_run WHERE id = $1 AND job = 'cleaning_asked'",
                   ARGS(A(id)));
}

bool cleaning_store_rewrites(const struct ctx *ctx)
{
    return db_engine(ctx) == DB_POSTGRES;
}

enum err cleaning_store_size(struct ctx *ctx, const char *table, int64_t *ret)
{
    return db_i64(ctx, "SELECT pg_total_relation_size(CAST(CAST($1 AS TEXT) AS regclass))",
                  ARGS(A(str_of(table))), ret);
}

enum err cleaning_store_script(struct ctx *ctx, const char *sql)
{
    const char *const one[] = {sql, NULL};

    return db_scrub(ctx, one);
}

enum err cleaning_store_finish(struct ctx *ctx)
{
    /* Old statistics are old rows of PostgreSQL's own table; without the right it is a warning. */
    static const char *const postgres[] = {"VACUUM FULL pg_catalog.pg_statistic", NULL};

    return db_scrub(ctx, postgres);
}
