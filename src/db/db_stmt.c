/* SPDX-License-Identifier: MIT */
/* Prepared statements of one connection, by their text; the least used go when there are many. */
#include <string.h>

#include "base/mem.h"

#include "db/db_internal.h"

/* FNV-1a: the texts are ours, so nobody can aim at collisions. */
static uint64_t hash_of(const char *sql)
{
    uint64_t h = 14695981039346656037U;

    for (const char *p = sql; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211U;
    return h;
}

static void stmt_destroy(struct db_conn *c, struct db_stmt *st)
{
    struct db_row_map *next;

    c->driver->discard(c, st);
    for (struct db_row_map *m = st->maps; m; m = next) {
        next = m->next;
        mem_free(m);
    }
    mem_free(st->params);
    mem_free(st->sql);
    mem_free(st);
}

void db_stmt_drop(struct db_conn *c, struct db_stmt *st)
{
    struct db_stmt **at = &c->buckets[st->hash % DB_BUCKETS];

    while (*at != st)
        at = &(*at)->next;
    *at = st->next;
    c->n_stmts--;
    stmt_destroy(c, st);
}

void db_stmts_clear(struct db_conn *c)
{
    for (size_t i = 0; i < DB_BUCKETS; i++)
        while (c->buckets[i])
            db_stmt_drop(c, c->buckets[i]);
}

static void drop_least_used(struct db_conn *c)
{
    struct db_stmt *oldest = NULL;

    for (size_t i = 0; i < DB_BUCKETS; i++)
        for (struct db_stmt *st = c->buckets[i]; st; st = st->next)
            if (!oldest || st->used < oldest->used)
                oldest = st;
    if (oldest)
        db_stmt_drop(c, oldest);
}

enum err db_stmt_get(struct ctx *ctx, struct db_conn *c, const char *sql, struct db_stmt **ret)
{
    uint64_t hash = hash_of(sql);
    struct db_stmt **bucket = &c->buckets[hash % DB_BUCKETS];
    struct db_stmt *st;
    enum err e;

    c->uses++;
    for (st = *bucket; st; st = st->next) {
        if (st->hash != hash || strcmp(st->sql, sql) != 0)
            continue;
        st->used = c->uses;
        *ret = st;
        return ERR_OK;
    }
    if (c->n_stmts >= DB_CACHE_MAX)
        drop_least_used(c);
    st = MEM_NEW(struct db_stmt);
    st->hash = hash;
    st->used = c->uses;
    st->sql = mem_strdup(sql);
    e = c->driver->prepare(ctx, c, st);
    if (e) {
        stmt_destroy(c, st);
        return e;
    }
    st->next = *bucket;
    *bucket = st;
    c->n_stmts++;
    *ret = st;
    return ERR_OK;
}
