/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the parts of db/ share: connections, cached statements, the driver of an engine.
 * A connection is used by one thread at a time: whoever leased it from the pool.
 */
#include <pthread.h>

#include "db/db.h"

enum { DB_BUCKETS = 64, DB_CACHE_MAX = 256, DB_ROWS_MAX = 100000, DB_ARGS_MAX = 200 };

enum db_cell_type { CELL_NULL, CELL_I64, CELL_F64, CELL_TEXT, CELL_BLOB };

/* One value of the current row; its bytes live until the next step or finish. */
struct db_cell {
    enum db_cell_type type;
    int64_t i64;
    double f64;
    struct str str;
};

/* Which field of a schema takes each column of a statement. */
struct db_row_map {
    struct db_row_map *next;
    const struct schema *schema;
    size_t n;
    const struct field *fields[];
};

struct db_stmt {
    struct db_stmt *next; /* in its bucket */
    uint64_t hash, used;
    char *sql;
    bool writes;
    struct db_row_map *maps;
    void *native; /* sqlite3_stmt, or the PGresult of the running one */
    int row;      /* PostgreSQL: current row */
    char name[24];
    uint16_t *params; /* SQLite: which $n stands at each of its parameters */
    size_t n_params, n_args;
};

/* The first member of each driver's own connection. */
struct db_conn {
    const struct db_driver *driver;
    struct db_conn *next; /* in the pool's idle list */
    struct db_stmt *buckets[DB_BUCKETS];
    size_t n_stmts;
    uint64_t uses;
    bool lost;    /* must be closed, never used again */
    bool retry;   /* the last error asks for the whole transaction again */
    bool stale;   /* the last error asks to prepare the statement again */
    bool patient; /* statements may take as long as they do */
};

enum db_use { DB_USE_READ, DB_USE_WRITE };

struct db_driver {
    enum db_engine engine;
    const char *begin;
    enum err (*open)(struct ctx *ctx, struct db_pool *p, enum db_use use, struct db_conn **ret);
    void (*close)(struct db_conn *c);
    /* Cheap look at an idle connection: false when the other side has closed it. */
    bool (*is_alive)(struct db_conn *c);
    enum err (*prepare)(struct ctx *ctx, struct db_conn *c, struct db_stmt *st);
    void (*discard)(struct db_conn *c, struct db_stmt *st);
    enum err (*start)(struct ctx *ctx, struct db_conn *c, struct db_stmt *st, struct db_args args);
    enum err (*step)(struct ctx *ctx, struct db_conn *c, struct db_stmt *st, bool *ret_row);
    size_t (*columns)(const struct db_stmt *st);
    const char *(*column_name)(const struct db_stmt *st, size_t i);
    void (*cell)(struct ctx *ctx, const struct db_stmt *st, size_t i, struct db_cell *ret);
    /* Ends the run; the number of rows changed. */
    int64_t (*finish)(struct db_conn *c, struct db_stmt *st);
    /* COPY … FROM STDIN with all of its text; NULL: the engine has none. */
    enum err (*copy)(struct ctx *ctx, struct db_conn *c, const char *sql, struct str data);
    /* Several statements without parameters. */
    enum err (*script)(struct ctx *ctx, struct db_conn *c, const char *sql);
    bool (*in_transaction)(struct db_conn *c);
    /* Brings the write-ahead log into the file and empties it; NULL: the server's own business. */
    enum err (*checkpoint)(struct ctx *ctx, struct db_conn *c);
    /* The database answers as the one that was opened (a file may have been moved away). */
    enum err (*check)(struct ctx *ctx, struct db_pool *p);
};

extern const struct db_driver db_sqlite;
extern const struct db_driver db_pg;

/* Lets `free` threads in at once and the others one after the other in the order they came. */
struct db_gate {
    pthread_mutex_t lock; /* guards all of it */
    struct db_waiter *head, **tail;
    size_t free;
};

struct db_pool {
    const struct db_driver *driver;
    char *url;
    int64_t timeout_ms;
    struct db_gate gate;
    bool one_connection;    /* SQLite in memory: reads use the writer too */
    struct db_conn *writer; /* SQLite: for whoever is through the gate */
    uint64_t file_id[2];    /* SQLite: device and inode of the file that was opened */
    pthread_mutex_t lock;   /* guards the rest */
    struct db_conn *idle;   /* PostgreSQL */
    int64_t down_until;     /* PostgreSQL: monotonic ms before which nobody tries to connect */
};

struct db_after {
    struct db_after *next;
    void (*fn)(struct ctx *ctx, void *arg);
    void *arg;
};

/* A worker's handle. */
struct db {
    struct db_pool *pool;
    struct db_conn *reader; /* SQLite; opened at first use */
    struct db_conn *conn;   /* leased while a transaction is open */
    int depth;
    enum err failed; /* the transaction's first error */
    bool retry;      /* the transaction may be run again from its start */
    int64_t wrote;   /* writing statements so far */
    bool schema_change;
    struct str message; /* what the engine said last, in the arena of the ctx at that time */
    struct db_after *after, **after_tail;
    enum err (*before)(struct ctx *ctx, void *arg); /* see db_before_commit */
    void *before_arg;
};

/* ERR_BUSY when the turn does not come in time, ERR_DB_UNAVAILABLE. */
must_check enum err db_lease(struct ctx *ctx, struct db *db, enum db_use use, struct db_conn **ret);
void db_release(struct db *db, struct db_conn *c);

void db_gate_init(struct db_gate *g, size_t free);
void db_gate_finish(struct db_gate *g);
/* False when `timeout_ms` passed before the turn came. */
must_check bool db_gate_enter(struct db_gate *g, int64_t timeout_ms);
void db_gate_leave(struct db_gate *g);
/* How many wait now. */
size_t db_gate_waiting(struct db_gate *g);

/* From the connection's cache, or prepared now. */
must_check enum err db_stmt_get(struct ctx *ctx, struct db_conn *c, const char *sql,
                                struct db_stmt **ret);
void db_stmt_drop(struct db_conn *c, struct db_stmt *st);
void db_stmts_clear(struct db_conn *c);

/* The columns' fields, found once for each statement and schema. */
must_check enum err db_row_map(struct ctx *ctx, struct db_conn *c, struct db_stmt *st,
                               const struct schema *s, const struct db_row_map **ret);
/* Fills `ret`, zeroed, from the current row; what it points to lives in ctx's arena. */
must_check enum err db_row_read(struct ctx *ctx, struct db_conn *c, const struct db_stmt *st,
                                const struct db_row_map *map, void *ret);
must_check enum err db_cell_i64(struct ctx *ctx, const struct db_cell *cell, int64_t *ret);

/* Says what the engine said: a log line for what somebody must look at, a detail for the client. */
struct db_trouble {
    enum err err;
    const char *code;    /* the engine's own */
    const char *message; /* without values of columns; may be NULL */
    const char *sql;     /* may be NULL */
};
must_check enum err db_say(struct ctx *ctx, const struct db_trouble *t);

/* For migrations: foreign keys are not enforced inside, but checked before the commit (SQLite). */
must_check enum err db_script(struct ctx *ctx, const char *sql);
must_check enum err db_schema_begin(struct ctx *ctx, struct tx *tx);
