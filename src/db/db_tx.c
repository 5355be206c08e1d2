/* SPDX-License-Identifier: MIT */
/* Transactions: nesting, the failed state, what runs after the commit, and running again. */
#include <time.h>

#include "base/log.h"

#include "db/db_internal.h"

enum { TRANSACT_TRIES = 5, TRANSACT_DELAY_MS = 5 };

/* After a migration, which runs without them; outside a transaction, else it does nothing. */
static void foreign_keys_on(struct ctx *ctx, struct db_conn *c)
{
    if (c->driver->engine == DB_SQLITE && c->driver->script(ctx, c, "PRAGMA foreign_keys = ON"))
        log_error(ctx, "db.foreign_keys_off");
}

/* BEGIN on a leased connection; a connection found dead is replaced once: nothing ran on it. */
static enum err begin_on_lease(struct ctx *ctx, const char *begin)
{
    struct db *db = ctx->db;
    const struct fault before = ctx->fault;

    for (int attempt = 0;; attempt++) {
        struct db_conn *c;
        enum err e = db_lease(ctx, db, DB_USE_WRITE, &c);
        bool lost;

        if (e)
            return e;
        e = c->driver->script(ctx, c, begin);
        if (!e) {
            db->conn = c;
            return ERR_OK;
        }
        lost = c->lost;
        foreign_keys_on(ctx, c);
        db_release(db, c);
        if (!lost || attempt > 0)
            return e;
        ctx->fault = before;
    }
}

static enum err begin_outermost(struct ctx *ctx, struct tx *tx, const char *begin)
{
    struct db *db = ctx->db;
    enum err e = begin_on_lease(ctx, begin);

    if (e)
        return e;
    db->conn->patient = begin != db->pool->driver->begin;
    db->depth = 1;
    db->failed = ERR_OK;
    db->retry = false;
    *tx = (struct tx){.ctx = ctx, .open = true, .outer = true, .wrote = db->wrote};
    return ERR_OK;
}

enum err tx_begin(struct ctx *ctx, struct tx *tx)
{
    struct db *db = ctx->db;

    if (db->depth == 0)
        return begin_outermost(ctx, tx, db->pool->driver->begin);
    if (db->failed)
        return db->failed;
    db->depth++;
    *tx = (struct tx){.ctx = ctx, .open = true, .wrote = db->wrote};
    return ERR_OK;
}

enum err db_bulk_begin(struct ctx *ctx, struct tx *tx)
{
    const char *begin =
        "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;"
        " SET LOCAL synchronous_commit = off";

    if (db_engine(ctx) == DB_SQLITE)
        begin = "PRAGMA cache_size = -400000; BEGIN IMMEDIATE";
    return begin_outermost(ctx, tx, begin);
}

enum err db_schema_begin(struct ctx *ctx, struct tx *tx)
{
    const char *begin = "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0";
    enum err e;

    if (db_engine(ctx) == DB_SQLITE)
        begin = "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE";
    e = begin_outermost(ctx, tx, begin);
    ctx->db->schema_change = !e;
    return e;
}

enum err db_script(struct ctx *ctx, const char *sql)
{
    struct db *db = ctx->db;
    enum err e;

    if (db->failed)
        return db->failed;
    e = db->conn->driver->script(ctx, db->conn, sql);
    ctx->statements++;
    db->wrote++;
    if (e) {
        db->failed = e;
        db->retry = db->conn->retry;
        db->conn->retry = false;
    }
    return e;
}

/* Gives the connection back and the hooks to run, which are none after a rollback. */
static struct db_after *tx_leave(struct ctx *ctx)
{
    struct db *db = ctx->db;
    struct db_after *after = db->after;

    if (db->schema_change)
        foreign_keys_on(ctx, db->conn);
    db->schema_change = false;
    db->after = NULL;
    db->after_tail = &db->after;
    db->depth = 0;
    db->conn->patient = false;
    db_release(db, db->conn);
    db->conn = NULL;
    return after;
}

static void rollback(struct ctx *ctx)
{
    struct db_conn *c = ctx->db->conn;
    const struct fault before = ctx->fault;

    /* SQLite ends some failed transactions by itself. */
    if (!c->lost && c->driver->in_transaction(c) && c->driver->script(ctx, c, "ROLLBACK")) {
        log_error(ctx, "db.rollback_failed");
        c->lost = c->driver->engine == DB_POSTGRES;
    }
    ctx->fault = before;
}

static enum err commit_outermost(struct ctx *ctx, const struct tx *tx)
{
    struct db *db = ctx->db;
    struct db_conn *c = db->conn;
    struct db_after *after;
    enum err e = db->failed;

    if (!e && db->before && db->wrote != tx->wrote)
        e = db->before(ctx, db->before_arg);
    if (!e) {
        e = c->driver->script(ctx, c, "COMMIT");
        db->retry = c->retry;
        c->retry = false;
    }
    if (e) {
        rollback(ctx);
        (void)tx_leave(ctx);
        return e;
    }
    after = tx_leave(ctx);
    for (; after; after = after->next)
        after->fn(ctx, after->arg);
    return ERR_OK;
}

enum err tx_commit(struct tx *tx)
{
    struct ctx *ctx = tx->ctx;

    if (!tx->open) {
        log_error(ctx, "db.commit_without_transaction");
        return fail(ctx, ERR_INTERNAL, "a transaction was committed that is not open");
    }
    tx->open = false;
    if (tx->outer)
        return commit_outermost(ctx, tx);
    ctx->db->depth--;
    return ctx->db->failed;
}

void tx_finish(struct tx *tx)
{
    struct db *db;

    if (!tx->open)
        return;
    db = tx->ctx->db;
    tx->open = false;
    if (tx->outer) {
        rollback(tx->ctx);
        (void)tx_leave(tx->ctx);
        return;
    }
    db->depth--;
    if (!db->failed && db->wrote != tx->wrote)
        db->failed = tx->ctx->fault.err ? tx->ctx->fault.err : ERR_INTERNAL;
}

static enum err transact_once(struct ctx *ctx, enum err (*fn)(struct ctx *ctx, void *arg),
                              void *arg)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    if (e)
        return e;
    e = fn(ctx, arg);
    if (e)
        return e;
    return tx_commit(&tx);
}

/* Growing, and random so that two that met do not meet again. */
static void pause_before(struct ctx *ctx, int attempt)
{
    int64_t delay_ms = (int64_t)TRANSACT_DELAY_MS << attempt;
    uint8_t dice;
    struct timespec t;

    ctx->ports->random(&dice, sizeof(dice));
    delay_ms += delay_ms * dice / 128;
    t = (struct timespec){.tv_nsec = delay_ms * 1000000};
    nanosleep(&t, NULL);
}

bool db_may_retry(struct ctx *ctx, int attempt)
{
    bool asked = ctx->db && ctx->db->depth == 0 && ctx->db->retry;

    if (asked)
        ctx->db->retry = false;
    if (!asked || attempt >= TRANSACT_TRIES)
        return false;
    pause_before(ctx, attempt);
    return true;
}

enum err db_transact(struct ctx *ctx, enum err (*fn)(struct ctx *ctx, void *arg), void *arg)
{
    const struct fault before = ctx->fault;
    bool inner = ctx->db->depth > 0;

    for (int attempt = 1;; attempt++) {
        enum err e = transact_once(ctx, fn, arg);

        if (!e || inner || !db_may_retry(ctx, attempt))
            return e;
        ctx->fault = before;
    }
}

void db_before_commit(struct ctx *ctx, enum err (*fn)(struct ctx *ctx, void *arg), void *arg)
{
    ctx->db->before = fn;
    ctx->db->before_arg = arg;
}

void db_after_commit(struct ctx *ctx, void (*fn)(struct ctx *ctx, void *arg), void *arg)
{
    struct db *db = ctx->db;
    struct db_after *after;

    if (db->depth == 0) {
        fn(ctx, arg);
        return;
    }
    after = ARENA_NEW(&ctx->arena, struct db_after);
    after->fn = fn;
    after->arg = arg;
    *db->after_tail = after;
    db->after_tail = &after->next;
}
