/* SPDX-License-Identifier: MIT */
/*
 * Opening a database, handles, and whose turn it is: the fair queue in front of SQLite's one
 * writer and of PostgreSQL's connections.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include "db/db_internal.h"

enum { DOWN_PAUSE_MS = 200 };

/* Lives on the stack of the thread that waits. */
struct db_waiter {
    struct db_waiter *next;
    pthread_cond_t turn;
    bool granted;
};

void db_gate_init(struct db_gate *g, size_t free)
{
    *g = (struct db_gate){.free = free};
    g->tail = &g->head;
    pthread_mutex_init(&g->lock, NULL);
}

void db_gate_finish(struct db_gate *g)
{
    pthread_mutex_destroy(&g->lock);
}

static struct timespec deadline_of(int64_t timeout_ms)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += timeout_ms / 1000;
    t.tv_nsec += timeout_ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static void waiter_unlink(struct db_gate *g, struct db_waiter *w)
{
    struct db_waiter **at = &g->head;

    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    if (!w->next)
        g->tail = at;
}

static bool gate_wait(struct db_gate *g, int64_t timeout_ms)
{
    struct timespec until = deadline_of(timeout_ms);
    struct db_waiter w = {0};
    pthread_condattr_t attr;
    int rc = 0;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w.turn, &attr);
    pthread_condattr_destroy(&attr);
    *g->tail = &w;
    g->tail = &w.next;
    while (!w.granted && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&w.turn, &g->lock, &until);
    if (!w.granted)
        waiter_unlink(g, &w);
    pthread_cond_destroy(&w.turn);
    return w.granted;
}

bool db_gate_enter(struct db_gate *g, int64_t timeout_ms)
{
    bool in = true;

    pthread_mutex_lock(&g->lock);
    if (g->free > 0)
        g->free--;
    else
        in = gate_wait(g, timeout_ms);
    pthread_mutex_unlock(&g->lock);
    return in;
}

void db_gate_leave(struct db_gate *g)
{
    struct db_waiter *w;

    pthread_mutex_lock(&g->lock);
    w = g->head;
    if (!w) {
        g->free++;
    } else {
        g->head = w->next;
        if (!g->head)
            g->tail = &g->head;
        w->granted = true;
        pthread_cond_signal(&w->turn);
    }
    pthread_mutex_unlock(&g->lock);
}

size_t db_gate_waiting(struct db_gate *g)
{
    size_t n = 0;

    pthread_mutex_lock(&g->lock);
    for (const struct db_waiter *w = g->head; w; w = w->next)
        n++;
    pthread_mutex_unlock(&g->lock);
    return n;
}

static struct db_conn *idle_pop(struct db_pool *p)
{
    struct db_conn *c;

    pthread_mutex_lock(&p->lock);
    c = p->idle;
    if (c)
        p->idle = c->next;
    pthread_mutex_unlock(&p->lock);
    return c;
}

static bool pool_is_down(struct db_pool *p)
{
    bool down;

    pthread_mutex_lock(&p->lock);
    down = clock_mono_ms() < p->down_until;
    pthread_mutex_unlock(&p->lock);
    return down;
}

static enum err connect_now(struct ctx *ctx, struct db_pool *p, struct db_conn **ret)
{
    const struct fault before = ctx->fault;
    enum err e;

    if (pool_is_down(p))
        return fail(ctx, ERR_DB_UNAVAILABLE, "the database cannot be reached");
    fault_clear(ctx);
    e = p->driver->open(ctx, p, DB_USE_WRITE, ret);
    if (e) {
        /* Where the server stands is for the log; this detail reaches clients. */
        log_warn(ctx, "db.connect_failed", LS("reason", ctx->fault.detail));
        pthread_mutex_lock(&p->lock);
        p->down_until = clock_mono_ms() + DOWN_PAUSE_MS;
        pthread_mutex_unlock(&p->lock);
    }
    ctx->fault = before;
    return e ? fail(ctx, e, "the database cannot be reached") : ERR_OK;
}

static enum err lease_pg(struct ctx *ctx, struct db_pool *p, struct db_conn **ret)
{
    struct db_conn *c;
    enum err e;

    while ((c = idle_pop(p))) {
        if (c->driver->is_alive(c)) {
            *ret = c;
            return ERR_OK;
        }
        c->driver->close(c);
    }
    e = connect_now(ctx, p, ret);
    if (e)
        db_gate_leave(&p->gate);
    return e;
}

enum err db_lease(struct ctx *ctx, struct db *db, enum db_use use, struct db_conn **ret)
{
    struct db_pool *p = db->pool;

    if (p->driver->engine == DB_SQLITE && use == DB_USE_READ && !p->one_connection) {
        enum err e = db->reader ? ERR_OK : p->driver->open(ctx, p, DB_USE_READ, &db->reader);

        if (!e)
            *ret = db->reader;
        return e;
    }
    if (!db_gate_enter(&p->gate, p->timeout_ms))
        return fail(ctx, ERR_BUSY, "the database is busy");
    if (p->driver->engine == DB_POSTGRES)
        return lease_pg(ctx, p, ret);
    *ret = p->writer;
    return ERR_OK;
}

void db_release(struct db *db, struct db_conn *c)
{
    struct db_pool *p = db->pool;

    c->stale = c->retry = false;
    if (c == db->reader)
        return;
    if (c->lost) {
        c->driver->close(c);
    } else if (p->driver->engine == DB_POSTGRES) {
        pthread_mutex_lock(&p->lock);
        c->next = p->idle;
        p->idle = c;
        pthread_mutex_unlock(&p->lock);
    }
    db_gate_leave(&p->gate);
}

static const struct db_driver *driver_of(struct str url)
{
    if (str_starts(url, "sqlite:") && url.len > strlen("sqlite:"))
        return &db_sqlite;
    if (str_starts(url, "postgres://") || str_starts(url, "postgresql://"))
        return &db_pg;
    return NULL;
}

enum err db_pool_open(struct ctx *ctx, const struct db_options *o, struct db_pool **ret)
{
    const struct db_driver *driver = driver_of(str_of(o->url));
    struct db_pool *p;
    struct db_conn *c;
    enum err e;

    if (!driver)
        return fail(ctx, ERR_INVALID, "the database url must be sqlite:PATH or postgres://…");
    p = MEM_NEW(struct db_pool);
    p->driver = driver;
    p->url = mem_strdup(o->url);
    p->timeout_ms = o->timeout_ms > 0 ? o->timeout_ms : 5000;
    p->one_connection = str_is(str_of(o->url), "sqlite::memory:");
    db_gate_init(&p->gate, driver->engine == DB_SQLITE || !o->handles ? 1 : o->handles);
    pthread_mutex_init(&p->lock, NULL);
    e = driver->open(ctx, p, DB_USE_WRITE, &c);
    if (e) {
        db_pool_close(p);
        return e;
    }
    if (driver->engine == DB_SQLITE)
        p->writer = c;
    else
        p->idle = c;
    *ret = p;
    return ERR_OK;
}

void db_pool_close(struct db_pool *p)
{
    struct db_conn *c;

    if (!p)
        return;
    while ((c = idle_pop(p)))
        c->driver->close(c);
    if (p->writer)
        p->writer->driver->close(p->writer);
    db_gate_finish(&p->gate);
    pthread_mutex_destroy(&p->lock);
    secret_wipe(p->url, strlen(p->url));
    mem_free(p->url);
    mem_free(p);
}

struct db *db_handle_create(struct db_pool *p)
{
    struct db *db = MEM_NEW(struct db);

    db->pool = p;
    db->after_tail = &db->after;
    return db;
}

void db_handle_destroy(struct db *db)
{
    if (!db)
        return;
    assert(db->depth == 0);
    if (db->reader)
        db->reader->driver->close(db->reader);
    mem_free(db);
}

enum db_engine db_engine(const struct ctx *ctx)
{
    return ctx->db->pool->driver->engine;
}
