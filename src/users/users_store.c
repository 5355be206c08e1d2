/* SPDX-License-Identifier: MIT */
/* Accounts in SQL. Only an admin's routes lead here, so there is no owner to ask for. */
#include "users/users_store.h"

#include "base/fold.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "SELECT id, email, name, name_norm, role, locale, time_zone, active, archived, created_at,"    \
    " version FROM account"

#define PAGE(op_, dir_)                                                                            \
    COLUMNS                                                                                        \
    " WHERE archived = $1 AND (CAST($2 AS TEXT) IS NULL OR name_norm LIKE $2 ESCAPE '!'"           \
    " OR email_norm LIKE $2 ESCAPE '!') AND (CAST($3 AS TEXT) IS NULL OR role = $3)"               \
    " AND (CAST($4 AS BIGINT) IS NULL OR active = $4) AND (name_norm, id) " op_                    \
    " ($5, $6)"                                                                                    \
    " ORDER BY name_norm " dir_ ", id " dir_ " LIMIT $7"

enum err users_store_get(struct ctx *ctx, int64_t id, struct user *ret)
{
    return db_one(ctx, &user_schema, ret, COLUMNS " WHERE id = $1", ARGS(A(id)));
}

enum err users_store_find(struct ctx *ctx, struct str email_norm, struct user *ret)
{
    return db_one(ctx, &user_schema, ret, COLUMNS " WHERE email_norm = $1", ARGS(A(email_norm)));
}

enum err users_store_page(struct ctx *ctx, const struct user_filter *filter, struct opt_str like,
                          struct page *ret)
{
    struct db_page page = db_page_asked(&filter->page, "name_norm");
    enum err e =
        db_page(ctx, &user_schema, &page, page.descending ? PAGE("<", "DESC") : PAGE(">", "ASC"),
                ARGS(A(filter->page.archived), A(like), A(filter->role), A(filter->active)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err users_store_insert(struct ctx *ctx, const struct user *u, struct str hash, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO account (email, email_norm, name, name_norm, role, locale,"
                  " time_zone, password_hash, created_at, updated_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) RETURNING id",
                  ARGS(A(u->email), A(str_fold(&ctx->arena, u->email)), A(u->name), A(u->name_norm),
                       A(u->role), A(u->locale), A(u->time_zone), A(hash), A(ctx->now)),
                  ret_id);
}

enum err users_store_update(struct ctx *ctx, const struct user *u, struct opt_str hash)
{
    int64_t id;

    return db_i64(ctx,
                  "UPDATE account SET email = $3, email_norm = $4, name = $5, name_norm = $6,"
                  " role = $7, locale = $8, time_zone = $9, active = $10, archived = $11,"
                  " password_hash = coalesce($12, password_hash), updated_at = $13,"
                  " version = version + 1 WHERE id = $1 AND version = $2 RETURNING id",
                  ARGS(A(u->id), A(u->version), A(u->email), A(str_fold(&ctx->arena, u->email)),
                       A(u->name), A(u->name_norm), A(u->role), A(u->locale), A(u->time_zone),
                       A(u->active), A(u->archived), A(hash), A(ctx->now)),
                  &id);
}

enum err users_store_trainer(struct ctx *ctx, int64_t id, bool archived)
{
    return db_exec(ctx,
                   "INSERT INTO trainer (account_id, archived) VALUES ($1, $2)"
                   " ON CONFLICT (account_id) DO UPDATE SET archived = excluded.archived,"
                   " version = trainer.version + 1 WHERE trainer.archived <> excluded.archived",
                   ARGS(A(id), A(archived)));
}

enum err users_store_other_admins(struct ctx *ctx, int64_t id, int64_t *ret)
{
    /* Changes nothing but holds the rows: two admins cannot take the right from each other. */
    enum err e =
        db_exec(ctx, "UPDATE account SET updated_at = updated_at WHERE role = 'admin'", ARGS());

    if (e)
        return e;
    return db_i64(ctx,
                  "SELECT count(*) FROM account WHERE role = 'admin' AND active = 1"
                  " AND archived = 0 AND id <> $1",
                  ARGS(A(id)), ret);
}
