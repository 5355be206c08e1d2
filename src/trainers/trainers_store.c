/* SPDX-License-Identifier: MIT */
/* Trainers in SQL: the row and the account it belongs to. */
#include "trainers/trainers_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "SELECT t.id, t.account_id AS user_id, a.name, a.name_norm, a.email, t.specialities,"          \
    " t.archived, t.version AS row_version, t.version + a.version AS version"                      \
    " FROM trainer t JOIN account a ON a.id = t.account_id"

/* Who may see a trainer: $1 says that the caller sees all, $2 is the caller's own trainer row. */
#define VISIBLE   "(CAST($1 AS BIGINT) = 1 OR t.id = $2)"
#define VIEWER(c) A((c)->actor.role == ROLE_ADMIN), A((c)->actor.trainer_id)

#define PAGE(op_, dir_)                                                                            \
    COLUMNS                                                                                        \
    " WHERE " VISIBLE                                                                              \
    " AND t.archived = $3"                                                                         \
    " AND (CAST($4 AS TEXT) IS NULL OR a.name_norm LIKE $4 ESCAPE '!'"                             \
    " OR a.email_norm LIKE $4 ESCAPE '!') AND (a.name_norm, t.id) " op_                            \
    " ($5, $6)"                                                                                    \
    " ORDER BY a.name_norm " dir_ ", t.id " dir_ " LIMIT $7"

enum err trainers_store_get(struct ctx *ctx, int64_t id, struct trainer *ret)
{
    return db_one(ctx, &trainer_schema, ret, COLUMNS " WHERE t.id = $1", ARGS(A(id)));
}

enum err trainers_store_get_for(struct ctx *ctx, int64_t id, struct trainer *ret)
{
    return db_one(ctx, &trainer_schema, ret, COLUMNS " WHERE " VISIBLE " AND t.id = $3",
                  ARGS(VIEWER(ctx), A(id)));
}

enum err trainers_store_page(struct ctx *ctx, const struct page_query *q, struct opt_str like,
                             struct page *ret)
{
    struct db_page page = db_page_asked(q, "name_norm");
    enum err e =
        db_page(ctx, &trainer_schema, &page, page.descending ? PAGE("<", "DESC") : PAGE(">", "ASC"),
                ARGS(VIEWER(ctx), A(q->archived), A(like)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err trainers_store_of_account(struct ctx *ctx, int64_t user_id, int64_t *ret_id)
{
    return db_i64(ctx, "SELECT id FROM trainer WHERE account_id = $1", ARGS(A(user_id)), ret_id);
}

enum err trainers_store_update(struct ctx *ctx, const struct trainer *t)
{
    int64_t id;

    return db_i64(ctx,
                  "UPDATE trainer SET specialities = $3, version = version + 1"
                  " WHERE id = $1 AND version = $2 RETURNING id",
                  ARGS(A(t->id), A(t->row_version), A(t->specialities)), &id);
}
