/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One interface, SQLite and PostgreSQL behind it, the same SQL text for both: `$1` placeholders,
 * RETURNING, ON CONFLICT, CTE, windows; times as BIGINT ms, booleans by db_arg.
 * Rows land in structs by column name through the schema; text and blobs live in ctx's arena.
 *
 * A worker owns one `struct db` (ctx->db). Outside a transaction reads go to the worker's own
 * reader and a single writing statement is its own transaction. SQLite writes wait their turn for
 * the one writer connection (fair); PostgreSQL handles lease a connection from the pool.
 */
#include "base/ctx.h"
#include "base/page.h"
#include "base/schema.h"

#include "db/tx.h"

struct db_pool;
struct db;

enum db_engine { DB_SQLITE, DB_POSTGRES };

enum db_type { DB_NULL, DB_I64, DB_BOOL, DB_F64, DB_STR, DB_BLOB };

struct db_arg {
    enum db_type type;
    union {
        int64_t i64;
        double f64;
        struct str str;
    };
};

struct db_arg db_arg_i64(int64_t v);
struct db_arg db_arg_int(int v);
struct db_arg db_arg_bool(bool v);
struct db_arg db_arg_f64(double v);
struct db_arg db_arg_str(struct str v);
struct db_arg db_arg_opt_i64(struct opt_i64 v);
struct db_arg db_arg_opt_f64(struct opt_f64 v);
struct db_arg db_arg_opt_bool(struct opt_bool v);
struct db_arg db_arg_opt_str(struct opt_str v);
struct db_arg db_arg_json(struct json v);
/* Bytes for a BLOB / BYTEA column. */
struct db_arg db_blob(struct str v);
struct db_arg db_null(void);
struct db_arg db_arg_self(struct db_arg v);

/* clang-format off */
#define A(...) _Generic((__VA_ARGS__),                                                             \
    int: db_arg_int, int64_t: db_arg_i64, bool: db_arg_bool, double: db_arg_f64,                   \
    struct str: db_arg_str, struct opt_i64: db_arg_opt_i64, struct opt_f64: db_arg_opt_f64,        \
    struct opt_bool: db_arg_opt_bool, struct opt_str: db_arg_opt_str, struct json: db_arg_json,    \
    struct db_arg: db_arg_self)(__VA_ARGS__)

struct db_args {
    const struct db_arg *at;
    size_t n;
};
/* ARGS() for a statement without parameters, ARGS(A(id), A(name)) with them. */
#define ARGS(...)                                                                                  \
    (struct db_args){(const struct db_arg[]){{.type = DB_NULL}, ##__VA_ARGS__} + 1,                \
                     sizeof((const struct db_arg[]){{.type = DB_NULL}, ##__VA_ARGS__}) /           \
                         sizeof(struct db_arg) - 1}
/* clang-format on */

/*
 * Errors of all statements: ERR_CONFLICT (unique), ERR_IN_USE (foreign key), ERR_INVALID (check or
 * not-null), ERR_DB_UNAVAILABLE (connection lost; it is opened again by itself), ERR_STORAGE_FULL,
 * ERR_BUSY (locked longer than the timeout), ERR_INTERNAL. Inside a transaction every error but
 * ERR_NOT_FOUND fails the whole transaction, on both engines: later statements and the commit
 * give the same error back. For ERR_CONFLICT, ERR_IN_USE and ERR_INVALID no detail is set: the
 * caller knows the words. Text must be UTF-8 without NUL (ERR_INVALID).
 *
 * Every column must have a field of its name in the schema (else ERR_INTERNAL and a log line);
 * fields without a column, and NULLs, read as zero. Lists of numbers and strings come from a
 * column with a JSON array's text or, for numbers, comma-separated text.
 */

/* Overwrites `ret`, whole, by the first row. ERR_NOT_FOUND when there is none: untouched then. */
must_check enum err db_one(struct ctx *ctx, const struct schema *s, void *ret, const char *sql,
                           struct db_args args);
/* All rows (at most 100,000) into ret->at, an array of the schema's structs in ctx's arena. */
must_check enum err db_list(struct ctx *ctx, const struct schema *s, struct list *ret,
                            const char *sql, struct db_args args);
must_check enum err db_exec(struct ctx *ctx, const char *sql, struct db_args args);
/* As db_exec; `ret` is the number of rows changed. */
must_check enum err db_exec_n(struct ctx *ctx, const char *sql, struct db_args args, int64_t *ret);
/* The first column of the first row; NULL reads as 0. ERR_NOT_FOUND when there is no row. */
must_check enum err db_i64(struct ctx *ctx, const char *sql, struct db_args args, int64_t *ret);

/*
 * One page of a list, by keyset: no OFFSET, no total, stable while rows come and go. The statement
 * says the order and goes on after the last row seen; db_page appends the values as parameters
 * after `args`: the key and the id of that row, then the number of rows to fetch.
 *
 *     struct db_page page = db_page_asked(&in->page, "starts_at");
 *     enum err e = db_page(ctx, &session_schema, &page,
 *                          "SELECT id, starts_at, title FROM session"
 *                          " WHERE trainer_id = $1 AND (starts_at, id) > ($2, $3)"
 *                          " ORDER BY starts_at, id LIMIT $4",
 *                          ARGS(A(trainer_id)));
 *
 *     if (!e)
 *         *ret = db_page_answer(&page);
 *     return e;
 *
 * On the first page the values stand before every row, so the one statement serves all pages.
 * With `.descending` write `<` and DESC for both columns. With `.key = NULL` the order is by id
 * alone and two values are appended: `WHERE id > $1 ORDER BY id LIMIT $2`.
 * The key is a column of the rows, NOT NULL, int64_t or struct str in C (its column is @text@ in
 * the migration, so that both engines sort it alike); the rows have an int64_t `id`.
 */
struct db_page {
    struct str cursor; /* from the client; empty: the first page */
    int64_t limit;     /* rows on a page; 0 reads as 50, at most 200 */
    const char *key;   /* name of the sort column; NULL: by id alone */
    bool descending;
    /* out */
    struct list rows;
    struct str next; /* cursor of the next page; empty on the last */
};
/* ERR_INVALID with a field error "cursor" when it is malformed or of another list's order. */
must_check enum err db_page(struct ctx *ctx, const struct schema *s, struct db_page *page,
                            const char *sql, struct db_args args);

/* The page that `q` asks for, in the direction of its sort. */
struct db_page db_page_asked(const struct page_query *q, const char *key);
/* What was read, as a list of the API. */
struct page db_page_answer(const struct db_page *page);

/*
 * The parts of db_page, for a list that cannot use it. A cursor is base64url of the order's name,
 * the id and the key; it is not secret and not signed: it moves the start of a list, nothing else.
 */
struct db_cursor {
    int64_t id;
    struct db_arg key; /* DB_I64 or DB_STR; DB_NULL when the order is by id alone */
};
struct str db_cursor_encode(struct ctx *ctx, const char *order, struct db_cursor c);
/* `type` is the key's: DB_I64, DB_STR or DB_NULL. ERR_INVALID with a field error "cursor". */
must_check enum err db_cursor_decode(struct ctx *ctx, const char *order, enum db_type type,
                                     struct str cursor, struct db_cursor *ret);

/*
 * For what fills a database. Many rows of one table, written in the open transaction: `cells` are
 * n rows of `width` values in the order of `columns`. Errors as of a statement; any fails the
 * transaction. db_bulk_begin: a transaction with more memory and no time limit; it waits for no
 * disk on PostgreSQL. db_ids_follow: the table's next ids come after those put with their own.
 * db_analyze: the planner learns what the tables hold.
 */
struct db_rows {
    const char *table, *columns; /* "student", "id, name" */
    size_t width;
    const struct db_arg *cells;
    size_t n;
};
must_check enum err db_put_rows(struct ctx *ctx, const struct db_rows *rows);
must_check enum err db_bulk_begin(struct ctx *ctx, struct tx *tx);
must_check enum err db_ids_follow(struct ctx *ctx, const char *table);
must_check enum err db_analyze(struct ctx *ctx);

/*
 * After deleting what nobody may find again: empties the write-ahead log into the file, where
 * deleted rows are overwritten (SQLite), or runs `postgres`, statements of one table each up to a
 * NULL. Outside a transaction. ERR_BUSY: readers were in the way, try again later.
 */
must_check enum err db_scrub(struct ctx *ctx, const char *const *postgres);

enum db_engine db_engine(const struct ctx *ctx);

struct db_options {
    const char *url;    /* sqlite:PATH or postgres://… */
    size_t handles;     /* workers + 2 */
    int64_t timeout_ms; /* statement timeout, and how long to wait for the writer */
};

/* Opens the database. ERR_DB_UNAVAILABLE with the reason (never the password) in ctx's fault;
 * ERR_INVALID when the url is of no known form. */
must_check enum err db_pool_open(struct ctx *ctx, const struct db_options *o, struct db_pool **ret);
/* Takes NULL. All handles must be gone. */
void db_pool_close(struct db_pool *p);
/* A worker's handle: PostgreSQL connects at first use and again when lost. Never NULL. */
struct db *db_handle_create(struct db_pool *p);
void db_handle_destroy(struct db *db);
/* SELECT 1 on a fresh statement: for /readyz. */
must_check enum err db_ping(struct ctx *ctx);
