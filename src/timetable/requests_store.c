/* SPDX-License-Identifier: MIT */
/* Session requests in SQL. */
#include "timetable/requests_store.h"

#include "db/db.h"
#include "sessions/group_links.h"

/* $1: 1 for an admin, $2: the caller's trainer. */
#define SELECT_VISIBLE                                                                             \
    "SELECT q.id, q.trainer_id, a.name AS trainer_name, q.module_id, m.code AS module_code,"       \
    " m.name AS module_name, q.room_id, r.name AS room_name, q.starts_at, q.ends_at,"              \
    " q.time_zone, q.kind, q.mode, q.message, q.state, q.answer, q.session_id, q.decided_at,"      \
    " q.created_at, q.version FROM session_request q JOIN module m ON m.id = q.module_id"          \
    " JOIN trainer t ON t.id = q.trainer_id JOIN account a ON a.id = t.account_id"                 \
    " LEFT JOIN room r ON r.id = q.room_id"                                                        \
    " WHERE (CAST($1 AS BIGINT) = 1 OR q.trainer_id = $2)"

static struct db_arg is_admin(const struct ctx *ctx)
{
    return A(ctx->actor.role == ROLE_ADMIN ? 1 : 0);
}

static enum err fill_groups(struct ctx *ctx, struct request *at, size_t n)
{
    struct group_linked *links = ARENA_NEW_N(&ctx->arena, struct group_linked, n);

    for (size_t i = 0; i < n; i++)
        links[i] = (struct group_linked){at[i].id, &at[i].group_ids, &at[i].group_names};
    return group_links_read(ctx, LINK_REQUEST, links, n);
}

enum err requests_store_get(struct ctx *ctx, int64_t id, struct request *ret)
{
    enum err e = db_one(ctx, &request_schema, ret, SELECT_VISIBLE " AND q.id = $3",
                        ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(id)));

    return e ? e : fill_groups(ctx, ret, 1);
}

#define PAGE_OF(op_, dir_)                                                                         \
    SELECT_VISIBLE                                                                                 \
    " AND (CAST($3 AS TEXT) IS NULL OR q.state = $3)"                                              \
    " AND (CAST($4 AS BIGINT) IS NULL OR q.trainer_id = $4)"                                       \
    " AND (q.created_at, q.id) " op_ " ($5, $6) ORDER BY q.created_at " dir_ ", q.id " dir_        \
    " LIMIT $7"

enum err requests_store_page(struct ctx *ctx, const struct request_filter *f, struct page *ret)
{
    struct db_page page = db_page_asked(&f->page, "created_at");
    enum err e = db_page(
        ctx, &request_schema, &page, page.descending ? PAGE_OF("<", "DESC") : PAGE_OF(">", "ASC"),
        ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(f->state), A(f->trainer_id)));

    e = e ? e : fill_groups(ctx, page.rows.at, page.rows.n);
    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err requests_store_insert(struct ctx *ctx, const struct request *r, int64_t *ret_id)
{
    enum err e = db_i64(
        ctx,
        "INSERT INTO session_request (trainer_id, module_id, room_id, starts_at, ends_at,"
        " time_zone, kind, mode, message, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        ARGS(A(r->trainer_id), A(r->module_id), A(r->room_id), A(r->starts_at), A(r->ends_at),
             A(r->time_zone), A(r->kind), A(r->mode), A(r->message), A(ctx->now)),
        ret_id);

    return e ? e : group_links_write(ctx, LINK_REQUEST, *ret_id, r->group_ids);
}

enum err requests_store_pending(struct ctx *ctx, int64_t trainer_id, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM session_request WHERE trainer_id = $1"
                  " AND state = 'pending'",
                  ARGS(A(trainer_id)), ret);
}

enum err requests_store_change(struct ctx *ctx, const struct request *r, int64_t *ret_n)
{
    enum err e = db_exec_n(
        ctx,
        "UPDATE session_request SET module_id = $3, room_id = $4, starts_at = $5,"
        " ends_at = $6, time_zone = $7, kind = $8, mode = $9, message = $10, state = $11,"
        " version = version + 1 WHERE id = $1 AND version = $2 AND state = 'pending'",
        ARGS(A(r->id), A(r->version), A(r->module_id), A(r->room_id), A(r->starts_at),
             A(r->ends_at), A(r->time_zone), A(r->kind), A(r->mode), A(r->message), A(r->state)),
        ret_n);

    return e || *ret_n == 0 ? e : group_links_write(ctx, LINK_REQUEST, r->id, r->group_ids);
}

enum err requests_store_decide(struct ctx *ctx, int64_t id, const char *state,
                               struct opt_str answer, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE session_request SET state = $2, answer = $3, decided_by = $4,"
                     " decided_at = $5, version = version + 1 WHERE id = $1 AND state = 'pending'",
                     ARGS(A(id), A(str_of(state)), A(answer), A(ctx->actor.user_id), A(ctx->now)),
                     ret_n);
}

enum err requests_store_made(struct ctx *ctx, int64_t id, int64_t session_id)
{
    return db_exec(ctx, "UPDATE session_request SET session_id = $2 WHERE id = $1",
                   ARGS(A(id), A(session_id)));
}
