/* SPDX-License-Identifier: MIT */
/* Disputes in SQL. Who may see one is part of every WHERE. */
#include "registers/disputes_store.h"

#include "db/db.h"

/* $1: 1 for an admin, $2: the caller's trainer, $3: the caller's student, $4: the account of a
 * caller who is a guardian. */
#define VISIBLE                                                                                    \
    " WHERE (CAST($1 AS BIGINT) = 1 OR s.trainer_id = $2 OR d.student_id = $3"                     \
    " OR d.student_id IN (SELECT gu.student_id FROM guardian gu WHERE gu.account_id = $4))"

#define SELECT_DISPUTE                                                                             \
    "SELECT d.id, d.session_id, m.name AS module_name, s.starts_at, s.time_zone,"                  \
    " s.state AS session_state, d.student_id, st.student_number, st.name AS student_name,"         \
    " s.trainer_id, ta.name AS trainer_name, d.claimed, d.status_then,"                            \
    " coalesce(r.status, 'unmarked') AS status_now, r.derived AS derived_now, d.message, d.state," \
    " d.answer, d.decided_status, d.decided_by, da.name AS decided_by_name, d.decided_at,"         \
    " d.created_at, d.version FROM dispute d JOIN session s ON s.id = d.session_id"                \
    " JOIN module m ON m.id = s.module_id JOIN student st ON st.id = d.student_id"                 \
    " JOIN trainer t ON t.id = s.trainer_id JOIN account ta ON ta.id = t.account_id"               \
    " LEFT JOIN account da ON da.id = d.decided_by"                                                \
    " LEFT JOIN attendance_record r ON r.session_id = d.session_id"                                \
    " AND r.student_id = d.student_id" VISIBLE

static struct db_arg is_admin(const struct ctx *ctx)
{
    return A(ctx->actor.role == ROLE_ADMIN ? 1 : 0);
}

enum err disputes_fetch_page(struct ctx *ctx, const struct dispute_filter *filter, struct page *ret)
{
    struct db_page page = {
        .cursor = filter->page.cursor, .limit = filter->page.limit, .key = "created_at"};
    enum err e = db_page(ctx, &dispute_schema, &page,
                         SELECT_DISPUTE
                         " AND (CAST($5 AS TEXT) IS NULL OR d.state = $5)"
                         " AND (CAST($6 AS BIGINT) IS NULL OR d.session_id = $6)"
                         " AND (CAST($7 AS BIGINT) IS NULL OR d.student_id = $7)"
                         " AND (d.created_at, d.id) > ($8, $9)"
                         " ORDER BY d.created_at, d.id LIMIT $10",
                         ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(ctx->actor.student_id),
                              A(actor_guardian(&ctx->actor)), A(filter->state),
                              A(filter->session_id), A(filter->student_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err disputes_fetch(struct ctx *ctx, int64_t id, struct dispute *ret)
{
    return db_one(ctx, &dispute_schema, ret, SELECT_DISPUTE " AND d.id = $5",
                  ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(ctx->actor.student_id),
                       A(actor_guardian(&ctx->actor)), A(id)));
}

enum err disputes_insert(struct ctx *ctx, const struct dispute *d, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO dispute (session_id, student_id, claimed, status_then, message,"
                  " created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                  ARGS(A(d->session_id), A(d->student_id), A(d->claimed), A(d->status_then),
                       A(d->message), A(ctx->now)),
                  ret_id);
}

enum err disputes_settle(struct ctx *ctx, const struct dispute *d, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE dispute SET state = $2, answer = $3, decided_status = $4,"
                     " decided_by = $5, decided_at = $6, version = version + 1"
                     " WHERE id = $1 AND state = 'open'",
                     ARGS(A(d->id), A(d->state), A(d->answer), A(d->decided_status),
                          A(ctx->actor.user_id), A(ctx->now)),
                     ret_n);
}
