/* SPDX-License-Identifier: MIT */
/* Holidays in SQL. */
#include "timetable/holidays_store.h"

#include "db/db.h"

#define COLUMNS "SELECT id, name, from_day, to_day, uid, version FROM holiday"

enum err holidays_store_get(struct ctx *ctx, int64_t id, struct holiday *ret)
{
    return db_one(ctx, &holiday_schema, ret, COLUMNS " WHERE id = $1", ARGS(A(id)));
}

#define PAGE_OF(op_, dir_)                                                                         \
    COLUMNS                                                                                        \
    " WHERE (CAST($1 AS TEXT) IS NULL OR to_day > $1)"                                             \
    " AND (CAST($2 AS TEXT) IS NULL OR from_day < $2)"                                             \
    " AND (from_day, id) " op_ " ($3, $4) ORDER BY from_day " dir_ ", id " dir_ " LIMIT $5"

enum err holidays_store_page(struct ctx *ctx, const struct holiday_filter *f, struct page *ret)
{
    struct db_page page = db_page_asked(&f->page, "from_day");
    enum err e = db_page(ctx, &holiday_schema, &page,
                         page.descending ? PAGE_OF("<", "DESC") : PAGE_OF(">", "ASC"),
                         ARGS(A(f->from), A(f->to)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err holidays_store_between(struct ctx *ctx, struct str from, struct str to, struct list *ret)
{
    return db_list(ctx, &holiday_schema, ret,
                   COLUMNS " WHERE to_day > $1 AND from_day < $2 ORDER BY from_day, id",
                   ARGS(A(from), A(to)));
}

enum err holidays_store_put(struct ctx *ctx, const struct holiday_new *in, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO holiday (name, from_day, to_day, uid, created_at)"
                  " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (uid) DO UPDATE SET name = $1,"
                  " from_day = $2, to_day = $3, version = holiday.version + 1 RETURNING id",
                  ARGS(A(in->name), A(in->from_day), A(in->to_day), A(in->uid), A(ctx->now)),
                  ret_id);
}

enum err holidays_store_change(struct ctx *ctx, const struct holiday *h, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE holiday SET name = $3, from_day = $4, to_day = $5,"
                     " version = version + 1 WHERE id = $1 AND version = $2",
                     ARGS(A(h->id), A(h->version), A(h->name), A(h->from_day), A(h->to_day)),
                     ret_n);
}

enum err holidays_store_delete(struct ctx *ctx, int64_t id, int64_t version, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM holiday WHERE id = $1 AND version = $2",
                     ARGS(A(id), A(version)), ret_n);
}

enum err holidays_store_sessions(struct ctx *ctx, int64_t from, int64_t to, struct list *ret)
{
    return db_list(ctx, &holiday_session_schema, ret,
                   "SELECT s.id, s.starts_at, s.time_zone, m.name AS module_name FROM session s"
                   " JOIN module m ON m.id = s.module_id WHERE s.starts_at >= $1"
                   " AND s.starts_at < $2 AND s.state = 'scheduled' ORDER BY s.starts_at, s.id",
                   ARGS(A(from), A(to)));
}
