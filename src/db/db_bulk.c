/* SPDX-License-Identifier: MIT */
/*
 * Many rows of one table at once, for what fills a database: COPY on PostgreSQL, a prepared insert
 * on SQLite.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"

#include "db/db_internal.h"

enum { COPY_MAX = 512 << 20, COLUMNS_MAX = 2000 };

/* The text form of COPY: tabs between, \N for NULL, backslashes before what would be read as that.
 */
static void add_text(struct buf *b, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.len; i++) {
        const char c = s.at[i];
        const char *as = c == '\\' ? "\\\\" : c == '\t' ? "\\t" : c == '\n' ? "\\n" : NULL;

        as = c == '\r' ? "\\r" : as;
        if (!as)
            continue;
        buf_add(b, s.at + from, i - from);
        buf_puts(b, as);
        from = i + 1;
    }
    buf_add(b, s.at + from, s.len - from);
}

static void add_cell(struct buf *b, const struct db_arg *a)
{
    switch (a->type) {
    case DB_NULL:
        buf_puts(b, "\\N");
        return;
    case DB_I64:
    case DB_BOOL:
        buf_printf(b, "%" PRId64, a->i64);
        return;
    case DB_F64:
        buf_printf(b, "%.17g", a->f64);
        return;
    case DB_STR:
        add_text(b, a->str);
        return;
    case DB_BLOB:
        buf_puts(b, "\\\\x");
        for (size_t i = 0; i < a->str.len; i++)
            buf_printf(b, "%02x", (unsigned)(unsigned char)a->str.at[i]);
        return;
    }
}

static enum err copy(struct ctx *ctx, const struct db_rows *r)
{
    struct db_conn *c = ctx->db->conn;
    cleanup(buf_finish) struct buf sql = BUF(COLUMNS_MAX);
    cleanup(buf_finish) struct buf data = BUF(COPY_MAX);

    buf_puts(&sql, "COPY ");
    buf_puts(&sql, r->table);
    buf_puts(&sql, " (");
    buf_puts(&sql, r->columns);
    buf_puts(&sql, ") FROM STDIN");
    buf_putc(&sql, '\0');
    for (size_t i = 0; i < r->n; i++) {
        for (size_t k = 0; k < r->width; k++) {
            if (k)
                buf_putc(&data, '\t');
            add_cell(&data, &r->cells[i * r->width + k]);
        }
        buf_putc(&data, '\n');
    }
    if (sql.failed || data.failed)
        return fail(ctx, ERR_TOO_LARGE, "too many rows at once");
    return c->driver->copy(ctx, c, sql.at, buf_view(&data));
}

static enum err insert(struct ctx *ctx, const struct db_rows *r)
{
    cleanup(buf_finish) struct buf sql = BUF(2 * COLUMNS_MAX);
    enum err e = ERR_OK;

    buf_puts(&sql, "INSERT INTO ");
    buf_puts(&sql, r->table);
    buf_puts(&sql, " (");
    buf_puts(&sql, r->columns);
    buf_puts(&sql, ") VALUES (");
    for (size_t k = 1; k <= r->width; k++)
        buf_printf(&sql, "%s$%zu", k > 1 ? ", " : "", k);
    buf_puts(&sql, ")");
    buf_putc(&sql, '\0');
    if (sql.failed)
        return fail(ctx, ERR_TOO_LARGE, "too many columns");
    for (size_t i = 0; !e && i < r->n; i++)
        e = db_exec(ctx, sql.at, (struct db_args){r->cells + i * r->width, r->width});
    return e;
}

enum err db_put_rows(struct ctx *ctx, const struct db_rows *r)
{
    struct db *db = ctx->db;
    enum err e;

    if (r->n == 0)
        return ERR_OK;
    if (db->depth == 0)
        return fail(ctx, ERR_INTERNAL, "rows are put inside a transaction");
    if (db->failed)
        return db->failed;
    if (!db->conn->driver->copy)
        return insert(ctx, r);
    for (size_t i = 0; i < r->n * r->width; i++)
        if (r->cells[i].type == DB_STR && !str_is_utf8(r->cells[i].str))
            return db->failed = fail(ctx, ERR_INVALID, "a text is not UTF-8 or holds a NUL");
    e = copy(ctx, r);
    ctx->statements++;
    db->wrote++;
    if (e)
        db->failed = e;
    return e;
}

enum err db_ids_follow(struct ctx *ctx, const char *table)
{
    cleanup(buf_finish) struct buf sql = BUF(COLUMNS_MAX);

    if (db_engine(ctx) == DB_SQLITE)
        return ERR_OK;
    buf_puts(&sql, "SELECT setval(pg_get_serial_sequence('");
    buf_puts(&sql, table);
    buf_puts(&sql, "', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM ");
    buf_puts(&sql, table);
    buf_puts(&sql, "), false)");
    buf_putc(&sql, '\0');
    return sql.failed ? fail(ctx, ERR_TOO_LARGE, "the name is too long") : db_script(ctx, sql.at);
}

enum err db_analyze(struct ctx *ctx)
{
    struct tx tx;
    enum err e = db_bulk_begin(ctx, &tx);

    e = e ? e : db_script(ctx, "ANALYZE");
    e = e ? e : tx_commit(&tx);
    tx_finish(&tx);
    return e;
}
