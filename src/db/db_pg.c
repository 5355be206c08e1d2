/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL by libpq: prepared statements, parameters as text (blobs as binary) whose types the
 * server finds, results as text.
 */
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#include "db/db_internal.h"

/* Type numbers of pg_type, fixed for ever. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23 };

struct pg_conn {
    struct db_conn base;
    PGconn *pg;
    uint64_t names; /* statements ever prepared: their names */
};

static struct pg_conn *conn_of(struct db_conn *c)
{
    return (struct pg_conn *)c;
}

struct state_err {
    const char *state; /* SQLSTATE, or its first two characters: the class */
    enum err err;
};

static enum err of_state(const char *state)
{
    static const struct state_err table[] = {
        {"23505", ERR_CONFLICT},       {"23P01", ERR_CONFLICT},
        {"23503", ERR_IN_USE},         {"23001", ERR_IN_USE},
        {"23514", ERR_INVALID},        {"23502", ERR_INVALID},
        {"P0001", ERR_INVALID},        {"40", ERR_BUSY},
        {"55P03", ERR_BUSY},           {"57014", ERR_BUSY},
        {"53100", ERR_STORAGE_FULL},   {"53300", ERR_DB_UNAVAILABLE},
        {"08P01", ERR_INTERNAL},       {"08", ERR_DB_UNAVAILABLE},
        {"57P", ERR_DB_UNAVAILABLE},   {"28", ERR_DB_UNAVAILABLE},
        {"25006", ERR_DB_UNAVAILABLE}, {"58030", ERR_DB_UNAVAILABLE},
        {"XX001", ERR_DB_UNAVAILABLE},
    };

    for (size_t i = 0; i < COUNT(table); i++)
        if (str_starts(str_of(state), table[i].state))
            return table[i].err;
    return ERR_INTERNAL;
}

static bool is_state(const char *state, const char *a, const char *b)
{
    return str_is(str_of(state), a) || str_is(str_of(state), b);
}

/* Only the primary message, which names tables and constraints: the detail holds people's data,
 * and so does the message of class 22 (data exceptions). */
static enum err say(struct ctx *ctx, struct pg_conn *c, const PGresult *r, const char *sql)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    struct db_trouble t = {.sql = sql};

    if (PQstatus(c->pg) == CONNECTION_BAD)
        c->base.lost = true;
    if (!state) {
        t.err = c->base.lost ? ERR_DB_UNAVAILABLE : ERR_INTERNAL;
        t.code = c->base.lost ? "lost" : "protocol";
        return db_say(ctx, &t);
    }
    c->base.retry = is_state(state, "40001", "40P01");
    c->base.stale = is_state(state, "0A000", "26000");
    t.err = of_state(state);
    t.code = state;
    t.message = str_starts(str_of(state), "22") ? NULL : message;
    return db_say(ctx, &t);
}

static void result_clear(PGresult **r)
{
    PQclear(*r);
}

static enum err conn_script(struct ctx *ctx, struct db_conn *base, const char *sql)
{
    struct pg_conn *c = conn_of(base);
    cleanup(result_clear) PGresult *r = PQexec(c->pg, sql);
    ExecStatusType status = PQresultStatus(r);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        return say(ctx, c, r, sql);
    return ERR_OK;
}

static enum err conn_copy(struct ctx *ctx, struct db_conn *base, const char *sql, struct str data)
{
    enum { PIECE = 1 << 20 };
    struct pg_conn *c = conn_of(base);
    cleanup(result_clear) PGresult *begun = PQexec(c->pg, sql);
    cleanup(result_clear) PGresult *ended = NULL;
    bool sent = true;

    if (PQresultStatus(begun) != PGRES_COPY_IN)
        return say(ctx, c, begun, sql);
    for (size_t at = 0; sent && at < data.len; at += PIECE)
        sent = PQputCopyData(c->pg, data.at + at,
                             (int)(data.len - at < PIECE ? data.len - at : PIECE)) == 1;
    sent = PQputCopyEnd(c->pg, sent ? NULL : "not all was sent") == 1 && sent;
    ended = PQgetResult(c->pg);
    PQclear(PQgetResult(c->pg));
    return sent && PQresultStatus(ended) == PGRES_COMMAND_OK ? ERR_OK : say(ctx, c, ended, sql);
}

static void conn_close(struct db_conn *base)
{
    struct pg_conn *c = conn_of(base);

    base->lost = true;
    db_stmts_clear(base);
    PQfinish(c->pg);
    mem_free(c);
}

static void notice_ignore(void *user, const PGresult *r)
{
    (void)user;
    (void)r;
}

static void options_free(PQconninfoOption **o)
{
    PQconninfoFree(*o);
}

/* Whether the text of an error repeats a secret of the url. */
static bool repeats_secret(const PQconninfoOption *options, const char *message)
{
    for (const PQconninfoOption *o = options; o->keyword; o++) {
        bool secret =
            str_is(str_of(o->keyword), "password") || str_is(str_of(o->keyword), "sslpassword");

        if (secret && o->val && o->val[0] && strstr(message, o->val))
            return true;
    }
    return false;
}

static enum err open_failed(struct ctx *ctx, const struct db_pool *p, struct pg_conn *c)
{
    /* The library repeats a url that it cannot read, with the password in it. */
    cleanup(options_free) PQconninfoOption *options = PQconninfoParse(p->url, NULL);
    struct str message = str_trim(str_of(PQerrorMessage(c->pg)));

    if (!options)
        (void)fail(ctx, ERR_DB_UNAVAILABLE, "the database url is malformed");
    else if (repeats_secret(options, message.at))
        (void)fail(ctx, ERR_DB_UNAVAILABLE, "the database cannot be reached");
    else
        (void)fail(ctx, ERR_DB_UNAVAILABLE, "the database cannot be reached: %.*s",
                   (int)message.len, message.at);
    conn_close(&c->base);
    return ERR_DB_UNAVAILABLE;
}

static enum err conn_configure(struct ctx *ctx, struct pg_conn *c, int64_t timeout_ms)
{
    struct str set = arena_printf(
        &ctx->arena,
        "SET client_min_messages = warning; SET timezone = 'UTC'; SET bytea_output = 'hex';"
        " SET standard_conforming_strings = on; SET default_transaction_isolation ="
        " 'read committed'; SET statement_timeout = %" PRId64 "; SET lock_timeout = %" PRId64,
        timeout_ms, timeout_ms);

    return conn_script(ctx, &c->base, set.at);
}

static enum err conn_open(struct ctx *ctx, struct db_pool *p, enum db_use use, struct db_conn **ret)
{
    /* The url comes last: what it says wins. */
    const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                "client_encoding", "dbname",           NULL};
    const char *const values[] = {"5", "15000", "smartpresence", "UTF8", p->url, NULL};
    struct pg_conn *c = MEM_NEW(struct pg_conn);
    enum err e;

    (void)use;
    c->base.driver = &db_pg;
    c->pg = PQconnectdbParams(keys, values, 1);
    if (PQstatus(c->pg) != CONNECTION_OK)
        return open_failed(ctx, p, c);
    PQsetNoticeReceiver(c->pg, notice_ignore, NULL);
    e = conn_configure(ctx, c, p->timeout_ms);
    if (e) {
        conn_close(&c->base);
        return e;
    }
    *ret = &c->base;
    return ERR_OK;
}

/* A server that went away has left its farewell in the socket. */
static bool conn_is_alive(struct db_conn *base)
{
    struct pg_conn *c = conn_of(base);
    struct pollfd fd = {.fd = PQsocket(c->pg), .events = POLLIN};

    if (base->lost || fd.fd < 0)
        return false;
    if (poll(&fd, 1, 0) > 0 && !PQconsumeInput(c->pg))
        return false;
    if (fd.revents & (POLLHUP | POLLERR))
        return false;
    return PQstatus(c->pg) == CONNECTION_OK && PQtransactionStatus(c->pg) == PQTRANS_IDLE;
}

/* A statement whose words say that it cannot write may be run again on a fresh connection. */
static bool is_read(const char *sql)
{
    struct str s = str_trim(str_of(sql));

    if (s.len >= 6 && str_eq_nocase((struct str){s.at, 6}, STR("SELECT")))
        return true;
    return s.len >= 4 && str_eq_nocase((struct str){s.at, 4}, STR("WITH")) &&
           !strcasestr(sql, "INSERT") && !strcasestr(sql, "UPDATE") && !strcasestr(sql, "DELETE");
}

static enum err stmt_prepare(struct ctx *ctx, struct db_conn *base, struct db_stmt *st)
{
    struct pg_conn *c = conn_of(base);
    cleanup(result_clear) PGresult *r = NULL;

    st->writes = !is_read(st->sql);
    (void)snprintf(st->name, sizeof(st->name), "s%" PRIu64, ++c->names);
    r = PQprepare(c->pg, st->name, st->sql, 0, NULL);
    if (PQresultStatus(r) == PGRES_COMMAND_OK)
        return ERR_OK;
    st->name[0] = '\0';
    return say(ctx, c, r, st->sql);
}

static void stmt_discard(struct db_conn *base, struct db_stmt *st)
{
    struct pg_conn *c = conn_of(base);
    char sql[sizeof(st->name) + sizeof("DEALLOCATE ")];
    PGTransactionStatusType state = PQtransactionStatus(c->pg);

    PQclear(st->native);
    st->native = NULL;
    /* In a failed transaction it stays on the server until the connection ends. */
    if (base->lost || !st->name[0] || (state != PQTRANS_IDLE && state != PQTRANS_INTRANS))
        return;
    (void)snprintf(sql, sizeof(sql), "DEALLOCATE %s", st->name);
    PQclear(PQexec(c->pg, sql));
}

struct pg_params {
    const char **values;
    int *lengths, *formats;
};

static void param_set(struct ctx *ctx, struct pg_params *p, size_t i, const struct db_arg *a)
{
    switch (a->type) {
    case DB_NULL:
        return;
    case DB_I64:
    case DB_BOOL:
        p->values[i] = arena_printf(&ctx->arena, "%" PRId64, a->i64).at;
        return;
    case DB_F64:
        p->values[i] = arena_printf(&ctx->arena, "%.17g", a->f64).at;
        return;
    case DB_STR:
        p->values[i] = arena_cstr(&ctx->arena, a->str);
        return;
    case DB_BLOB:
        p->values[i] = a->str.at ? a->str.at : "";
        p->lengths[i] = (int)a->str.len;
        p->formats[i] = 1;
        return;
    }
}

static enum err stmt_start(struct ctx *ctx, struct db_conn *base, struct db_stmt *st,
                           struct db_args args)
{
    struct pg_conn *c = conn_of(base);
    size_t n = args.n ? args.n : 1;
    struct pg_params p = {
        .values = arena_array(&ctx->arena, n, sizeof(char *)),
        .lengths = ARENA_NEW_N(&ctx->arena, int, n),
        .formats = ARENA_NEW_N(&ctx->arena, int, n),
    };
    ExecStatusType status;

    for (size_t i = 0; i < args.n; i++)
        param_set(ctx, &p, i, &args.at[i]);
    st->native = PQexecPrepared(c->pg, st->name, (int)args.n, p.values, p.lengths, p.formats, 0);
    st->row = -1;
    status = PQresultStatus(st->native);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return say(ctx, c, st->native, st->sql);
    return ERR_OK;
}

static enum err stmt_step(struct ctx *ctx, struct db_conn *c, struct db_stmt *st, bool *ret_row)
{
    (void)ctx;
    (void)c;
    *ret_row = ++st->row < PQntuples(st->native);
    return ERR_OK;
}

static size_t stmt_columns(const struct db_stmt *st)
{
    return (size_t)PQnfields(st->native);
}

static const char *stmt_column_name(const struct db_stmt *st, size_t i)
{
    return PQfname(st->native, (int)i);
}

static unsigned hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 0;
}

/* "\x00ff…"; the server sends nothing else. */
static struct str hex_decode(struct ctx *ctx, struct str hex)
{
    size_t n = hex.len >= 2 ? (hex.len - 2) / 2 : 0;
    char *at = arena_alloc(&ctx->arena, n + 1);

    for (size_t i = 0; i < n; i++)
        at[i] = (char)(hex_digit(hex.at[2 + 2 * i]) << 4 | hex_digit(hex.at[3 + 2 * i]));
    return (struct str){at, n};
}

static void stmt_cell(struct ctx *ctx, const struct db_stmt *st, size_t i, struct db_cell *ret)
{
    const PGresult *r = st->native;
    int col = (int)i;
    struct str text;

    if (PQgetisnull(r, st->row, col))
        return;
    text = (struct str){PQgetvalue(r, st->row, col), (size_t)PQgetlength(r, st->row, col)};
    switch (PQftype(r, col)) {
    case OID_BOOL:
        *ret = (struct db_cell){.type = CELL_I64, .i64 = text.at[0] == 't'};
        return;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
        ret->type = CELL_I64;
        (void)str_to_i64(text, &ret->i64);
        return;
    case OID_BYTEA:
        *ret = (struct db_cell){.type = CELL_BLOB, .str = hex_decode(ctx, text)};
        return;
    default:
        *ret = (struct db_cell){.type = CELL_TEXT, .str = text};
        return;
    }
}

static int64_t stmt_finish(struct db_conn *c, struct db_stmt *st)
{
    int64_t changed = 0;

    (void)c;
    if (st->writes && st->native)
        (void)str_to_i64(str_of(PQcmdTuples(st->native)), &changed);
    PQclear(st->native);
    st->native = NULL;
    return changed;
}

static bool conn_in_transaction(struct db_conn *c)
{
    return PQtransactionStatus(conn_of(c)->pg) != PQTRANS_IDLE;
}

static enum err pool_check(struct ctx *ctx, struct db_pool *p)
{
    (void)ctx;
    (void)p;
    return ERR_OK;
}

const struct db_driver db_pg = {
    .engine = DB_POSTGRES,
    .begin = "BEGIN",
    .open = conn_open,
    .close = conn_close,
    .is_alive = conn_is_alive,
    .prepare = stmt_prepare,
    .discard = stmt_discard,
    .start = stmt_start,
    .step = stmt_step,
    .columns = stmt_columns,
    .column_name = stmt_column_name,
    .cell = stmt_cell,
    .finish = stmt_finish,
    .copy = conn_copy,
    .script = conn_script,
    .in_transaction = conn_in_transaction,
    .check = pool_check,
};
