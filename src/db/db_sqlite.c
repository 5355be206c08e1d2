/* SPDX-License-Identifier: MIT */
/*
 * SQLite: WAL, every commit synced, one writing connection and a reading one for each handle.
 * A connection is used by one thread at a time, so SQLite's own mutexes are off.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#include "db/db_internal.h"

enum { PROGRESS_OPS = 20000 };

struct sqlite_conn {
    struct db_conn base;
    sqlite3 *db;
    int64_t timeout_ms;
    int64_t deadline; /* monotonic ms: when the running statement is stopped */
};

static struct sqlite_conn *conn_of(struct db_conn *c)
{
    return (struct sqlite_conn *)c;
}

static enum err of_constraint(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_CONFLICT;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ERR_IN_USE;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_TRIGGER:
        return ERR_INVALID;
    default:
        return ERR_INTERNAL;
    }
}

static bool no_space(int system_errno)
{
    return system_errno == ENOSPC || system_errno == EDQUOT;
}

/* SQLite knows only the device's fullness; a file may also have come to the process's limit. The
 * library's own calls have overwritten errno by then. */
static bool write_is_limited(int code)
{
    struct rlimit limit;

    return (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE) &&
           getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static enum err of_code(int code, int system_errno)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return of_constraint(code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return ERR_BUSY;
    case SQLITE_FULL:
        return ERR_STORAGE_FULL;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return no_space(system_errno) || write_is_limited(code) ? ERR_STORAGE_FULL
                                                                : ERR_DB_UNAVAILABLE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ERR_DB_UNAVAILABLE;
    default:
        return ERR_INTERNAL;
    }
}

static enum err say(struct ctx *ctx, struct sqlite_conn *c, const char *sql)
{
    int code = sqlite3_extended_errcode(c->db);

    return db_say(ctx, &(struct db_trouble){
                           .err = of_code(code, sqlite3_system_errno(c->db)),
                           .code = sqlite3_errstr(code),
                           .message = sqlite3_errmsg(c->db),
                           .sql = sql,
                       });
}

static int on_progress(void *user)
{
    const struct sqlite_conn *c = user;

    return c->deadline && clock_mono_ms() > c->deadline;
}

static void conn_close(struct db_conn *base)
{
    struct sqlite_conn *c = conn_of(base);

    db_stmts_clear(base);
    sqlite3_close(c->db);
    mem_free(c);
}

static int conn_configure(struct sqlite_conn *c, enum db_use use)
{
    static const char *const common =
        "PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON; PRAGMA temp_store = MEMORY;"
        " PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";
    int rc;

    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, (int)(c->timeout_ms < 600000 ? c->timeout_ms : 600000));
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_progress_handler(c->db, PROGRESS_OPS, on_progress, c);
    rc = sqlite3_exec(c->db, common, NULL, NULL, NULL);
    if (rc)
        return rc;
    return sqlite3_exec(c->db,
                        use == DB_USE_READ ? "PRAGMA query_only = ON" : "PRAGMA journal_mode = WAL",
                        NULL, NULL, NULL);
}

/* The file holds people's data: nobody else on the machine may read it. */
static void file_create(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
}

static bool file_identity(const char *path, uint64_t ret[2])
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    ret[0] = (uint64_t)st.st_dev;
    ret[1] = (uint64_t)st.st_ino;
    return true;
}

static enum err conn_open(struct ctx *ctx, struct db_pool *p, enum db_use use, struct db_conn **ret)
{
    const char *path = p->url + strlen("sqlite:");
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    struct sqlite_conn *c;
    int rc;

    if (!p->one_connection && use == DB_USE_WRITE)
        file_create(path);
    c = MEM_NEW(struct sqlite_conn);
    c->base.driver = &db_sqlite;
    c->timeout_ms = p->timeout_ms;
    rc = sqlite3_open_v2(path, &c->db, flags, NULL);
    if (!rc)
        rc = conn_configure(c, use);
    if (rc) {
        bool full = no_space(c->db ? sqlite3_system_errno(c->db) : 0);
        enum err e = fail(ctx, full ? ERR_STORAGE_FULL : ERR_DB_UNAVAILABLE,
                          "the database file cannot be opened: %s", sqlite3_errstr(rc));

        conn_close(&c->base);
        return e;
    }
    if (use == DB_USE_WRITE && !p->one_connection)
        (void)file_identity(path, p->file_id);
    *ret = &c->base;
    return ERR_OK;
}

static bool conn_is_alive(struct db_conn *c)
{
    return !c->lost;
}

/* Which argument stands at each parameter: "$7" takes the seventh. */
static bool stmt_params(struct db_stmt *st)
{
    sqlite3_stmt *s = st->native;

    st->n_params = (size_t)sqlite3_bind_parameter_count(s);
    if (st->n_params == 0)
        return true;
    st->params = mem_array(st->n_params, sizeof(st->params[0]));
    for (size_t i = 0; i < st->n_params; i++) {
        const char *name = sqlite3_bind_parameter_name(s, (int)i + 1);
        int64_t n = 0;

        if (!name || name[0] != '$' || !str_to_i64(str_of(name + 1), &n) || n < 1 ||
            n > DB_ARGS_MAX)
            return false;
        st->params[i] = (uint16_t)(n - 1);
        if ((size_t)n > st->n_args)
            st->n_args = (size_t)n;
    }
    return true;
}

static enum err stmt_prepare(struct ctx *ctx, struct db_conn *base, struct db_stmt *st)
{
    struct sqlite_conn *c = conn_of(base);
    sqlite3_stmt *s = NULL;
    const char *rest = "";

    if (sqlite3_prepare_v3(c->db, st->sql, -1, SQLITE_PREPARE_PERSISTENT, &s, &rest))
        return say(ctx, c, st->sql);
    st->native = s;
    st->writes = s && !sqlite3_stmt_readonly(s);
    if (!s || str_trim(str_of(rest)).len > 0 || !stmt_params(st))
        return db_say(ctx, &(struct db_trouble){ERR_INTERNAL, "sql",
                                                "not one statement with $1, $2, …", st->sql});
    return ERR_OK;
}

static void stmt_discard(struct db_conn *c, struct db_stmt *st)
{
    (void)c;
    sqlite3_finalize(st->native);
}

static int bind_one(sqlite3_stmt *s, int i, const struct db_arg *a)
{
    /* A NULL pointer would bind NULL. */
    const char *at = a->type == DB_STR || a->type == DB_BLOB ? a->str.at : NULL;

    switch (a->type) {
    case DB_NULL:
        return sqlite3_bind_null(s, i);
    case DB_I64:
    case DB_BOOL:
        return sqlite3_bind_int64(s, i, a->i64);
    case DB_F64:
        return sqlite3_bind_double(s, i, a->f64);
    case DB_STR:
        return sqlite3_bind_text64(s, i, at ? at : "", a->str.len, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(s, i, at ? at : "", a->str.len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static enum err stmt_start(struct ctx *ctx, struct db_conn *base, struct db_stmt *st,
                           struct db_args args)
{
    struct sqlite_conn *c = conn_of(base);

    if (args.n != st->n_args)
        return db_say(ctx, &(struct db_trouble){ERR_INTERNAL, "args",
                                                "another number of parameters", st->sql});
    for (size_t i = 0; i < st->n_params; i++)
        if (bind_one(st->native, (int)i + 1, &args.at[st->params[i]]))
            return say(ctx, c, st->sql);
    c->deadline = base->patient ? 0 : clock_mono_ms() + c->timeout_ms;
    return ERR_OK;
}

static enum err stmt_step(struct ctx *ctx, struct db_conn *base, struct db_stmt *st, bool *ret_row)
{
    struct sqlite_conn *c = conn_of(base);
    int rc = sqlite3_step(st->native);

    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return say(ctx, c, st->sql);
    *ret_row = rc == SQLITE_ROW;
    return ERR_OK;
}

static size_t stmt_columns(const struct db_stmt *st)
{
    return (size_t)sqlite3_column_count(st->native);
}

static const char *stmt_column_name(const struct db_stmt *st, size_t i)
{
    return sqlite3_column_name(st->native, (int)i);
}

static void stmt_cell(struct ctx *ctx, const struct db_stmt *st, size_t i, struct db_cell *ret)
{
    sqlite3_stmt *s = st->native;
    int col = (int)i;

    (void)ctx;
    switch (sqlite3_column_type(s, col)) {
    case SQLITE_INTEGER:
        *ret = (struct db_cell){.type = CELL_I64, .i64 = sqlite3_column_int64(s, col)};
        return;
    case SQLITE_FLOAT:
        *ret = (struct db_cell){.type = CELL_F64, .f64 = sqlite3_column_double(s, col)};
        return;
    case SQLITE_TEXT:
        ret->type = CELL_TEXT;
        ret->str.at = (const char *)sqlite3_column_text(s, col);
        break;
    case SQLITE_BLOB:
        ret->type = CELL_BLOB;
        ret->str.at = sqlite3_column_blob(s, col);
        break;
    default:
        return;
    }
    ret->str.len = (size_t)sqlite3_column_bytes(s, col);
}

static int64_t stmt_finish(struct db_conn *base, struct db_stmt *st)
{
    struct sqlite_conn *c = conn_of(base);
    int64_t changed = st->writes ? sqlite3_changes64(c->db) : 0;

    sqlite3_reset(st->native);
    sqlite3_clear_bindings(st->native);
    c->deadline = 0;
    return changed;
}

static enum err conn_script(struct ctx *ctx, struct db_conn *base, const char *sql)
{
    struct sqlite_conn *c = conn_of(base);

    c->deadline = 0;
    if (sqlite3_exec(c->db, sql, NULL, NULL, NULL))
        return say(ctx, c, sql);
    return ERR_OK;
}

static bool conn_in_transaction(struct db_conn *c)
{
    return !sqlite3_get_autocommit(conn_of(c)->db);
}

static enum err conn_checkpoint(struct ctx *ctx, struct db_conn *base)
{
    struct sqlite_conn *c = conn_of(base);

    c->deadline = 0;
    if (sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL))
        return say(ctx, c, "PRAGMA wal_checkpoint");
    return ERR_OK;
}

static enum err pool_check(struct ctx *ctx, struct db_pool *p)
{
    uint64_t now[2] = {0};

    if (p->one_connection)
        return ERR_OK;
    if (!file_identity(p->url + strlen("sqlite:"), now) || now[0] != p->file_id[0] ||
        now[1] != p->file_id[1])
        return fail(ctx, ERR_DB_UNAVAILABLE, "the database file was moved away or deleted");
    return ERR_OK;
}

const struct db_driver db_sqlite = {
    .engine = DB_SQLITE,
    .begin = "BEGIN IMMEDIATE",
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
    .script = conn_script,
    .in_transaction = conn_in_transaction,
    .checkpoint = conn_checkpoint,
    .check = pool_check,
};
