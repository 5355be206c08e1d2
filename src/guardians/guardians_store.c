/* SPDX-License-Identifier: MIT */
/* Who answers for whom in SQL. */
#include "guardians/guardians_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "SELECT g.id, g.account_id AS guardian_id, g.student_id, a.name, a.email, g.relation,"         \
    " g.may_sign, CASE WHEN a.active = 1 AND a.archived = 0 THEN 1 ELSE 0 END AS active,"          \
    " g.created_at FROM guardian g JOIN account a ON a.id = g.account_id"

enum err guardians_store_get(struct ctx *ctx, int64_t student_id, int64_t account_id,
                             struct guardian *ret)
{
    return db_one(ctx, &guardian_schema, ret,
                  COLUMNS " WHERE g.student_id = $1 AND g.account_id = $2",
                  ARGS(A(student_id), A(account_id)));
}

enum err guardians_store_page(struct ctx *ctx, const struct guardian_filter *filter,
                              struct page *ret)
{
    struct db_page page = db_page_asked(&filter->page, NULL);
    enum err e = db_page(ctx, &guardian_schema, &page,
                         COLUMNS " WHERE g.student_id = $1 AND g.id > $2 ORDER BY g.id LIMIT $3",
                         ARGS(A(filter->student_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err guardians_store_hold(struct ctx *ctx, int64_t student_id, int64_t account_id)
{
    enum err e =
        db_exec(ctx, "UPDATE student SET version = version WHERE id = $1", ARGS(A(student_id)));

    return e ? e
             : db_exec(ctx, "UPDATE account SET version = version WHERE id = $1",
                       ARGS(A(account_id)));
}

enum err guardians_store_count(struct ctx *ctx, int64_t student_id, int64_t account_id,
                               int64_t *ret_of_student, int64_t *ret_of_account)
{
    enum err e = db_i64(ctx, "SELECT count(*) FROM guardian WHERE student_id = $1",
                        ARGS(A(student_id)), ret_of_student);

    return e ? e
             : db_i64(ctx, "SELECT count(*) FROM guardian WHERE account_id = $1",
                      ARGS(A(account_id)), ret_of_account);
}

enum err guardians_store_insert(struct ctx *ctx, const struct guardian *g)
{
    return db_exec(
        ctx,
        "INSERT INTO guardian (account_id, student_id, relation, may_sign, created_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        ARGS(A(g->guardian_id), A(g->student_id), A(g->relation), A(g->may_sign), A(ctx->now)));
}

enum err guardians_store_end(struct ctx *ctx, int64_t student_id, int64_t account_id,
                             int64_t *ret_n)
{
    enum err e = db_exec(ctx,
                         "INSERT INTO guardian_past (account_id, student_id, relation, may_sign,"
                         " created_at, ended_at, ended_by) SELECT account_id, student_id, relation,"
                         " may_sign, created_at, CAST($3 AS BIGINT), CAST($4 AS BIGINT)"
                         " FROM guardian WHERE student_id = $1 AND account_id = $2",
                         ARGS(A(student_id), A(account_id), A(ctx->now), A(ctx->actor.user_id)));

    return e ? e
             : db_exec_n(ctx, "DELETE FROM guardian WHERE student_id = $1 AND account_id = $2",
                         ARGS(A(student_id), A(account_id)), ret_n);
}

enum err guardians_store_may_sign(struct ctx *ctx, int64_t student_id, int64_t *ret_n)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM guardian WHERE student_id = $1 AND account_id = $2"
                  " AND may_sign = 1",
                  ARGS(A(student_id), A(actor_guardian(&ctx->actor))), ret_n);
}

enum err guardians_store_accounts(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    return db_list(ctx, &guardian_schema, ret,
                   COLUMNS " WHERE g.student_id = $1 ORDER BY g.id LIMIT 8", ARGS(A(student_id)));
}
