/* SPDX-License-Identifier: MIT */
/* Signals in SQL. Who may see one is part of every WHERE. */
#include "signals/signals_store.h"

#include "db/db.h"

#define SELECT_SIGNAL                                                                              \
    "SELECT g.id, g.kind, g.session_id, m.name AS module_name, s.starts_at, s.time_zone,"          \
    " s.trainer_id, g.student_id, st.name AS student_name, g.facts AS facts_text, g.times,"        \
    " g.state, g.outcome AS message, g.reviewed_by, a.name AS reviewed_by_name, g.reviewed_at,"    \
    " g.created_at, g.updated_at, g.version FROM signal g"                                         \
    " LEFT JOIN session s ON s.id = g.session_id LEFT JOIN module m ON m.id = s.module_id"         \
    " LEFT JOIN student st ON st.id = g.student_id"                                                \
    " LEFT JOIN account a ON a.id = g.reviewed_by"

/* $1: 1 for an admin, $2: the caller's trainer. */
#define VISIBLE " WHERE (CAST($1 AS BIGINT) = 1 OR s.trainer_id = $2)"

static struct db_arg is_admin(const struct ctx *ctx)
{
    return A(ctx->actor.role == ROLE_ADMIN ? 1 : 0);
}

enum err signals_fetch_page(struct ctx *ctx, const struct signal_filter *filter, struct page *ret)
{
    struct db_page page = {
        .cursor = filter->page.cursor, .limit = filter->page.limit, .key = "created_at"};
    enum err e = db_page(ctx, &signal_schema, &page,
                         SELECT_SIGNAL VISIBLE
                         " AND (CAST($3 AS TEXT) IS NULL OR g.kind = $3)"
                         " AND (CAST($4 AS TEXT) IS NULL OR g.state = $4)"
                         " AND (CAST($5 AS BIGINT) IS NULL"
                         " OR g.session_id = $5)"
                         " AND (CAST($6 AS BIGINT) IS NULL"
                         " OR g.student_id = $6)"
                         " AND (g.created_at, g.id) > ($7, $8)"
                         " ORDER BY g.created_at, g.id LIMIT $9",
                         ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(filter->kind),
                              A(filter->state), A(filter->session_id), A(filter->student_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err signals_fetch(struct ctx *ctx, int64_t id, struct signal *ret)
{
    return db_one(ctx, &signal_schema, ret, SELECT_SIGNAL VISIBLE " AND g.id = $3",
                  ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(id)));
}

enum err signals_fetch_any(struct ctx *ctx, int64_t id, struct signal *ret)
{
    return db_one(ctx, &signal_schema, ret, SELECT_SIGNAL " WHERE g.id = $1", ARGS(A(id)));
}

enum err signals_store_verdict(struct ctx *ctx, const struct signal_verdict *in, int64_t *ret_n)
{
    return db_exec_n(
        ctx,
        "UPDATE signal SET state = $2, outcome = $3, reviewed_by = $4,"
        " reviewed_at = $5, version = version + 1 WHERE id = $1 AND state = 'open'",
        ARGS(A(in->signal_id), A(in->outcome), A(in->message), A(ctx->actor.user_id), A(ctx->now)),
        ret_n);
}

struct found_row {
    int64_t id, version;
};
static const struct field found_fields[] = {
    FIELD(struct found_row, id, "Signal"),
    FIELD(struct found_row, version, "1: it was made now"),
};
static const struct schema found_schema = SCHEMA(found_row, found_fields);

enum err signals_store_found(struct ctx *ctx, const struct signal_new *n, int64_t *ret_id,
                             bool *ret_new)
{
    struct found_row row = {0};
    enum err e =
        db_one(ctx, &found_schema, &row,
               "INSERT INTO signal (kind, subject, session_id, student_id, facts, times,"
               " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
               " ON CONFLICT (subject) DO UPDATE SET facts = excluded.facts,"
               " times = excluded.times, updated_at = excluded.updated_at,"
               " version = signal.version + 1 WHERE signal.facts <> excluded.facts"
               " AND CAST($8 AS BIGINT) = 0"
               " RETURNING id, version",
               ARGS(A(str_of(signal_kind_name(n->kind))), A(n->subject), A(n->session_id),
                    A(n->student_id), A(n->facts), A(n->times), A(ctx->now), A(n->keep ? 1 : 0)));

    if (e)
        return e;
    *ret_id = row.id;
    *ret_new = row.version == 1;
    return ERR_OK;
}

#define LAST_NEWS "coalesce(reviewed_at, updated_at)"

struct oldest_row {
    struct opt_i64 at;
};
static const struct field oldest_fields[] = {FIELD(struct oldest_row, at, "When")};
static const struct schema oldest_schema = SCHEMA(oldest_row, oldest_fields);

enum err signals_store_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                           int64_t *ret_n)
{
    struct oldest_row row = {0};
    enum err e =
        db_one(ctx, &oldest_schema, &row, "SELECT min(" LAST_NEWS ") AS at FROM signal", ARGS());

    *ret_oldest = row.at;
    return e ? e
             : db_i64(ctx, "SELECT count(*) FROM signal WHERE " LAST_NEWS " < $1", ARGS(A(before)),
                      ret_n);
}

enum err signals_store_forget(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM signal WHERE " LAST_NEWS " < $1", ARGS(A(before)), ret_n);
}
