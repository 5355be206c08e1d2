/* SPDX-License-Identifier: MIT */
/*
 * Running one statement: which connection, which prepared statement, rows to whoever asked, and
 * what an error means for the transaction around it.
 */
#include <math.h>
#include <string.h>

#include "base/log.h"

#include "db/db_internal.h"

struct db_arg db_arg_i64(int64_t v)
{
    return (struct db_arg){.type = DB_I64, .i64 = v};
}

struct db_arg db_arg_int(int v)
{
    return db_arg_i64(v);
}

struct db_arg db_arg_bool(bool v)
{
    return (struct db_arg){.type = DB_BOOL, .i64 = v};
}

struct db_arg db_arg_f64(double v)
{
    return (struct db_arg){.type = DB_F64, .f64 = v};
}

struct db_arg db_arg_str(struct str v)
{
    return (struct db_arg){.type = DB_STR, .str = v};
}

struct db_arg db_arg_opt_i64(struct opt_i64 v)
{
    return v.set && !v.null ? db_arg_i64(v.v) : db_null();
}

struct db_arg db_arg_opt_f64(struct opt_f64 v)
{
    return v.set && !v.null ? db_arg_f64(v.v) : db_null();
}

struct db_arg db_arg_opt_bool(struct opt_bool v)
{
    return v.set && !v.null ? db_arg_bool(v.v) : db_null();
}

struct db_arg db_arg_opt_str(struct opt_str v)
{
    return v.set && !v.null ? db_arg_str(v.v) : db_null();
}

struct db_arg db_arg_json(struct json v)
{
    return v.text.at ? db_arg_str(v.text) : db_null();
}

struct db_arg db_blob(struct str v)
{
    return (struct db_arg){.type = DB_BLOB, .str = v};
}

struct db_arg db_null(void)
{
    return (struct db_arg){.type = DB_NULL};
}

struct db_arg db_arg_self(struct db_arg v)
{
    return v;
}

enum { LOGGED_SQL_MAX = 300, LOGGED_PART = 1000 };

enum err db_say(struct ctx *ctx, const struct db_trouble *t)
{
    static const char *const details[ERR_COUNT] = {
        [ERR_INTERNAL] = "the database refused a statement",
        [ERR_DB_UNAVAILABLE] = "the database cannot be reached",
        [ERR_STORAGE_FULL] = "the disk of the database is full",
        [ERR_BUSY] = "the database is busy",
    };
    struct str sql = str_of(t->sql);

    if (sql.len > LOGGED_SQL_MAX)
        sql.len = LOGGED_SQL_MAX;

    if (ctx->db)
        ctx->db->message = arena_str(&ctx->arena, str_of(t->message));
    if (!details[t->err])
        return t->err;
    log_write(ctx, t->err == ERR_BUSY ? LOG_WARN : LOG_ERROR, "db.error",
              LOG_PAIRS(LC("code", t->code), LC("message", t->message ? t->message : ""),
                        LS("sql", sql)));
    return fail(ctx, t->err, "%s", details[t->err]);
}

/* Both engines refuse the same values, whatever each would have done with them. */
static enum err args_check(struct ctx *ctx, const char *sql, struct db_args args)
{
    if (args.n > DB_ARGS_MAX)
        return db_say(ctx, &(struct db_trouble){ERR_INTERNAL, "args", "too many", sql});
    for (size_t i = 0; i < args.n; i++) {
        const struct db_arg *a = &args.at[i];

        if (a->type == DB_STR && !str_is_utf8(a->str))
            return fail(ctx, ERR_INVALID, "a text is not UTF-8 or holds a NUL");
        if (a->type == DB_F64 && !isfinite(a->f64))
            return fail(ctx, ERR_INVALID, "a number is not finite");
    }
    return ERR_OK;
}

/* Who takes the rows. All of it but `schema` and `kind` is the result. */
struct sink {
    enum { TAKE_NONE, TAKE_I64, TAKE_ONE, TAKE_ALL } kind;
    const struct schema *schema;
    const struct db_row_map *map;
    char *rows;
    size_t n, cap;
    int64_t i64;
    int64_t changed;
};

struct run {
    struct db_conn *conn;
    struct db_stmt *stmt;
    bool leased;
};

static enum err sink_grow(struct ctx *ctx, struct sink *sink, const char *sql)
{
    size_t size = sink->schema->size, cap = sink->cap ? sink->cap * 2 : 8;
    char *rows;

    if (sink->n >= DB_ROWS_MAX)
        return db_say(ctx, &(struct db_trouble){ERR_INTERNAL, "rows", "too many rows", sql});
    if (sink->kind == TAKE_ONE)
        cap = 1;
    rows = arena_array(&ctx->arena, cap, size);
    if (sink->n)
        memcpy(rows, sink->rows, sink->n * size);
    sink->rows = rows;
    sink->cap = cap;
    return ERR_OK;
}

static enum err sink_row(struct ctx *ctx, const struct run *r, struct sink *sink)
{
    enum err e;

    if (sink->kind == TAKE_I64) {
        struct db_cell cell = {0};

        r->conn->driver->cell(ctx, r->stmt, 0, &cell);
        sink->n++;
        return db_cell_i64(ctx, &cell, &sink->i64);
    }
    if (sink->n == sink->cap) {
        e = sink_grow(ctx, sink, r->stmt->sql);
        if (e)
            return e;
    }
    e = db_row_read(ctx, r->conn, r->stmt, sink->map, sink->rows + sink->n * sink->schema->size);
    sink->n += !e;
    return e;
}

static bool sink_wants(const struct sink *sink)
{
    return sink->kind == TAKE_ALL || (sink->kind != TAKE_NONE && sink->n == 0);
}

static enum err drain(struct ctx *ctx, const struct run *r, struct sink *sink)
{
    const struct db_driver *driver = r->conn->driver;
    bool row = false;
    enum err e = ERR_OK;

    if (sink->schema) {
        e = db_row_map(ctx, r->conn, r->stmt, sink->schema, &sink->map);
        if (e)
            return e;
    }
    for (;;) {
        e = driver->step(ctx, r->conn, r->stmt, &row);
        if (e || !row)
            return e;
        if (sink_wants(sink))
            e = sink_row(ctx, r, sink);
        /* A writing statement is run to its end, whatever was asked for. */
        if (e || (sink->kind != TAKE_ALL && !r->stmt->writes))
            return e;
    }
}

/* Texts only, never values: for who looks at plans. In parts, since a line is not longer. */
static void say_statement(const struct ctx *ctx, const char *sql)
{
    struct str rest = str_of(sql);

    for (int64_t part = 0; rest.len > 0; part++) {
        struct str piece = {rest.at, rest.len < LOGGED_PART ? rest.len : LOGGED_PART};

        log_debug(ctx, "db.statement", LI("part", part), LS("sql", piece));
        rest.at += piece.len;
        rest.len -= piece.len;
    }
}

static enum err execute(struct ctx *ctx, const struct run *r, struct db_args args,
                        struct sink *sink)
{
    const struct db_driver *driver = r->conn->driver;
    enum err e = driver->start(ctx, r->conn, r->stmt, args);

    ctx->statements++;
    ctx->db->wrote += r->stmt->writes;
    say_statement(ctx, r->stmt->sql);
    if (!e)
        e = drain(ctx, r, sink);
    sink->changed = driver->finish(r->conn, r->stmt);
    return e;
}

/* The connection for one statement outside a transaction: SQLite's reader says what it is. */
static enum err lease_for(struct ctx *ctx, const char *sql, struct run *r)
{
    struct db *db = ctx->db;
    enum err e = db_lease(ctx, db, DB_USE_READ, &r->conn);

    if (e)
        return e;
    r->leased = true;
    e = db_stmt_get(ctx, r->conn, sql, &r->stmt);
    if (e || r->conn != db->reader || !r->stmt->writes)
        return e;
    r->leased = false;
    e = db_lease(ctx, db, DB_USE_WRITE, &r->conn);
    if (e)
        return e;
    r->leased = true;
    return db_stmt_get(ctx, r->conn, sql, &r->stmt);
}

static enum err run_outside(struct ctx *ctx, const char *sql, struct db_args args,
                            struct sink *sink, bool *ret_again)
{
    struct run r = {0};
    enum err e = lease_for(ctx, sql, &r);

    if (!e)
        e = execute(ctx, &r, args, sink);
    if (r.leased) {
        bool reads = r.stmt && !r.stmt->writes;

        /* Lost: a read changed nothing; not yet prepared: it never ran. A statement that met
         * another one (a deadlock) was rolled back whole. */
        *ret_again = r.conn->stale || r.conn->retry || (r.conn->lost && (reads || !r.stmt));
        if (r.conn->stale && r.stmt)
            db_stmt_drop(r.conn, r.stmt);
        db_release(ctx->db, r.conn);
    }
    return e;
}

static enum err run_inside(struct ctx *ctx, const char *sql, struct db_args args, struct sink *sink)
{
    struct db *db = ctx->db;
    struct run r = {.conn = db->conn};
    enum err e;

    if (db->failed)
        return db->failed;
    e = args_check(ctx, sql, args);
    if (!e)
        e = db_stmt_get(ctx, r.conn, sql, &r.stmt);
    if (!e)
        e = execute(ctx, &r, args, sink);
    if (e) {
        db->failed = e;
        db->retry = r.conn->retry || r.conn->stale;
    }
    if (r.conn->stale && r.stmt)
        db_stmt_drop(r.conn, r.stmt);
    r.conn->stale = r.conn->retry = false;
    return e;
}

static enum err run(struct ctx *ctx, const char *sql, struct db_args args, struct sink *sink)
{
    const struct sink fresh = *sink;
    struct fault before = ctx->fault;
    bool again = false;
    enum err e;

    if (ctx->db->depth > 0)
        return run_inside(ctx, sql, args, sink);
    e = args_check(ctx, sql, args);
    if (e)
        return e;
    e = run_outside(ctx, sql, args, sink, &again);
    if (!e || !again)
        return e;
    *sink = fresh;
    ctx->fault = before;
    return run_outside(ctx, sql, args, sink, &again);
}

enum err db_one(struct ctx *ctx, const struct schema *s, void *ret, const char *sql,
                struct db_args args)
{
    struct sink sink = {.kind = TAKE_ONE, .schema = s};
    enum err e = run(ctx, sql, args, &sink);

    if (e)
        return e;
    if (sink.n == 0)
        return ERR_NOT_FOUND;
    memcpy(ret, sink.rows, s->size);
    return ERR_OK;
}

enum err db_list(struct ctx *ctx, const struct schema *s, struct list *ret, const char *sql,
                 struct db_args args)
{
    struct sink sink = {.kind = TAKE_ALL, .schema = s};
    enum err e = run(ctx, sql, args, &sink);

    if (e)
        return e;
    *ret = (struct list){sink.rows, sink.n};
    return ERR_OK;
}

enum err db_exec_n(struct ctx *ctx, const char *sql, struct db_args args, int64_t *ret)
{
    struct sink sink = {.kind = TAKE_NONE};
    enum err e = run(ctx, sql, args, &sink);

    if (e)
        return e;
    *ret = sink.changed;
    return ERR_OK;
}

enum err db_exec(struct ctx *ctx, const char *sql, struct db_args args)
{
    int64_t changed;

    return db_exec_n(ctx, sql, args, &changed);
}

enum err db_i64(struct ctx *ctx, const char *sql, struct db_args args, int64_t *ret)
{
    struct sink sink = {.kind = TAKE_I64};
    enum err e = run(ctx, sql, args, &sink);

    if (e)
        return e;
    if (sink.n == 0)
        return ERR_NOT_FOUND;
    *ret = sink.i64;
    return ERR_OK;
}

enum err db_ping(struct ctx *ctx)
{
    const struct db_driver *driver = ctx->db->pool->driver;
    int64_t one;
    enum err e = driver->check(ctx, ctx->db->pool);

    if (e)
        return e;
    return db_i64(ctx, "SELECT 1", ARGS(), &one);
}
