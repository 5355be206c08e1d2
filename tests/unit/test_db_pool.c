/* SPDX-License-Identifier: MIT */
/* db/: opening, many threads, the writer's queue, a full disk, lost connections. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"

#include "db/db_internal.h"
#include "db_fixture.h"

static const char *const COUNTER =
    "CREATE TABLE counter (id @bigint@ PRIMARY KEY, n @bigint@ NOT NULL) @strict@;"
    "CREATE TABLE noise (id @id@, bytes @blob@) @strict@;"
    "INSERT INTO counter (id, n) VALUES (1, 0);";
static const char *const ADD = "UPDATE counter SET n = n + $1 WHERE id = 1";
static const char *const READ = "SELECT n FROM counter WHERE id = 1";

static enum err open_url(struct ctx *ctx, const char *url, struct db_pool **ret)
{
    struct db_options o = {.url = url, .handles = 2, .timeout_ms = 30000};

    fault_clear(ctx);
    return db_pool_open(ctx, &o, ret);
}

static void unusable_urls_say_why(void **state)
{
    static const struct {
        const char *url;
        enum err err;
        const char *says;
    } rows[] = {
        {"", ERR_INVALID, "sqlite:PATH or postgres://"},
        {"sqlite:", ERR_INVALID, "sqlite:PATH or postgres://"},
        {"mysql://u:hunter2@h/d", ERR_INVALID, "sqlite:PATH or postgres://"},
        {"sqlite:/nowhere/at/all/x.db", ERR_DB_UNAVAILABLE, "cannot be opened"},
        {"sqlite:/", ERR_DB_UNAVAILABLE, "cannot be opened"},
        {"postgres://u:hunter2@127.0.0.1:1/d", ERR_DB_UNAVAILABLE, "refused"},
        {"postgres://hunter2:hunter2@127.0.0.1:1/d", ERR_DB_UNAVAILABLE, "cannot be reached"},
        {"postgres://u:hunter2@127.0.0.1:x/d", ERR_DB_UNAVAILABLE, "cannot be reached"},
        {"postgres://u:hunter2@[::1/d", ERR_DB_UNAVAILABLE, "malformed"},
        {"postgres://u:hunter2@h/d?nonsense=1", ERR_DB_UNAVAILABLE, "malformed"},
        {"postgres://u:hunter2@h/d?sslmode=hunter2", ERR_DB_UNAVAILABLE, "cannot be reached"},
    };
    struct db_fixture *f = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct db_pool *pool = NULL;
        enum err e = open_url(&f->ctx, rows[i].url, &pool);
        const char *detail = f->ctx.fault.detail.at ? f->ctx.fault.detail.at : "(none)";

        if (e != rows[i].err || !strstr(detail, rows[i].says)) {
            print_error("%s: %d %s\n", rows[i].url, e, detail);
            assert_true(false);
        }
        assert_null(pool);
        assert_null(strstr(detail, "hunter2"));
    }
}

static void a_wrong_password_is_not_repeated(void **state)
{
    struct db_fixture *f = *state;
    struct db_pool *pool = NULL;
    struct str url = str_of(getenv("SP_TEST_PG_URL"));
    const char *at = strchr(url.at, '@');
    struct str wrong = arena_printf(&f->ctx.arena, "postgres://smartpresence:hunter2%s", at);

    assert_int_equal(open_url(&f->ctx, wrong.at, &pool), ERR_DB_UNAVAILABLE);
    assert_null(strstr(f->ctx.fault.detail.at, "hunter2"));
    assert_non_null(strstr(f->ctx.fault.detail.at, "authentication failed"));
}

static void a_file_of_something_else_is_refused(void **state)
{
    struct db_fixture *f = *state;
    const char *path = fs_join(&f->ctx, f->dir, "other");
    struct str url = arena_printf(&f->ctx.arena, "sqlite:%s", path);
    struct db_pool *pool = NULL;
    char junk[4096];

    memset(junk, 'j', sizeof(junk));
    assert_int_equal(fs_write(&f->ctx, path, (struct str){junk, sizeof(junk)}, 0600), ERR_OK);
    assert_int_equal(open_url(&f->ctx, url.at, &pool), ERR_DB_UNAVAILABLE);
    assert_null(pool);
}

static void the_file_is_private_and_watched(void **state)
{
    struct db_fixture *f = *state;
    const char *path = f->url + strlen("sqlite:");
    const char *moved = fs_join(&f->ctx, f->dir, "moved");
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(db_ping(&f->ctx), ERR_OK);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(db_ping(&f->ctx), ERR_DB_UNAVAILABLE);
    assert_int_equal(rename(moved, path), 0);
    assert_int_equal(db_ping(&f->ctx), ERR_OK);
}

static void a_database_in_memory_works(void **state)
{
    struct db_fixture *f = *state;
    struct db_pool *pool = NULL;
    struct ctx a, b;

    assert_int_equal(open_url(&f->ctx, "sqlite::memory:", &pool), ERR_OK);
    db_ctx_init(&a, pool);
    db_ctx_init(&b, pool);
    assert_int_equal(db_exec(&a, "CREATE TABLE t (n INTEGER) STRICT", ARGS()), ERR_OK);
    assert_int_equal(db_exec(&a, "INSERT INTO t VALUES (7)", ARGS()), ERR_OK);
    assert_int_equal(db_number(&b, "SELECT n FROM t"), 7);
    assert_int_equal(db_ping(&b), ERR_OK);
    db_ctx_finish(&a);
    db_ctx_finish(&b);
    db_pool_close(pool);
}

enum { THREADS = 6, ROUNDS = 60 };

struct worker {
    pthread_t thread;
    struct db_pool *pool;
    int number;
    int errors;
    struct db_gate *gate;
    int *order, *n_order; /* written by whoever holds the gate */
};

static enum err read_then_write(struct ctx *ctx, void *arg)
{
    int64_t n;
    enum err e = db_i64(ctx, "UPDATE counter SET n = n + 1 WHERE id = 1 RETURNING n", ARGS(), &n);

    (void)arg;
    if (e)
        return e;
    return db_exec(ctx, "UPDATE counter SET n = $1 WHERE id = 1", ARGS(A(n)));
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct ctx ctx;

    db_ctx_init(&ctx, w->pool);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t n;

        w->errors += db_transact(&ctx, read_then_write, NULL) != ERR_OK;
        w->errors += db_exec(&ctx, ADD, ARGS(A(1))) != ERR_OK;
        w->errors += db_i64(&ctx, READ, ARGS(), &n) != ERR_OK;
        arena_reset(&ctx.arena);
    }
    db_ctx_finish(&ctx);
    return NULL;
}

static void many_threads_lose_nothing(void **state)
{
    struct db_fixture *f = *state;
    struct worker workers[THREADS] = {0};

    db_make(f, COUNTER);
    for (int i = 0; i < THREADS; i++) {
        workers[i].pool = f->pool;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].errors, 0);
    assert_int_equal(db_number(&f->ctx, READ), THREADS * ROUNDS * 2);
}

static void *queue_up(void *arg)
{
    struct worker *w = arg;

    if (!db_gate_enter(w->gate, 60000)) {
        w->errors++;
        return NULL;
    }
    w->order[(*w->n_order)++] = w->number;
    db_gate_leave(w->gate);
    return NULL;
}

static void until_waiting(struct db_gate *g, size_t n)
{
    const struct timespec moment = {.tv_nsec = 1000000};

    while (db_gate_waiting(g) < n)
        nanosleep(&moment, NULL);
}

static void the_queue_is_fair(void **state)
{
    struct worker workers[THREADS] = {0};
    int order[THREADS], n_order = 0;
    struct db_gate gate;

    (void)state;
    db_gate_init(&gate, 1);
    assert_true(db_gate_enter(&gate, 0));
    for (int i = 0; i < THREADS; i++) {
        workers[i] =
            (struct worker){.number = i, .gate = &gate, .order = order, .n_order = &n_order};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, queue_up, &workers[i]), 0);
        until_waiting(&gate, (size_t)i + 1);
    }
    /* One that gives up in the middle of the queue leaves the others their places. */
    assert_false(db_gate_enter(&gate, 20));
    assert_int_equal(db_gate_waiting(&gate), THREADS);
    db_gate_leave(&gate);
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(workers[i].errors, 0);
        assert_int_equal(order[i], i);
    }
    assert_true(db_gate_enter(&gate, 0));
    assert_false(db_gate_enter(&gate, 5));
    db_gate_leave(&gate);
    db_gate_finish(&gate);
}

/* A cap on the file's pages looks to SQLite as a full disk. */
static enum err cap_pages(struct ctx *ctx, void *arg)
{
    int64_t n;

    return db_i64(ctx, arg, ARGS(), &n);
}

static enum err fill_disk(struct ctx *ctx)
{
    static const char zeros[100000];
    enum err e = ERR_OK;

    for (int i = 0; i < 100 && !e; i++)
        e = db_exec(ctx, "INSERT INTO noise (bytes) VALUES ($1)",
                    ARGS(A(db_blob((struct str){zeros, sizeof(zeros)}))));
    return e;
}

static void a_full_disk_is_said_and_survived(void **state)
{
    struct db_fixture *f = *state;
    char capped[] = "PRAGMA max_page_count = 200", free[] = "PRAGMA max_page_count = 1000000";

    db_make(f, COUNTER);
    assert_int_equal(db_transact(&f->ctx, cap_pages, capped), ERR_OK);
    assert_int_equal(fill_disk(&f->ctx), ERR_STORAGE_FULL);
    fault_clear(&f->ctx);
    assert_int_equal(db_number(&f->ctx, READ), 0);
    {
        cleanup(tx_finish) struct tx tx = {0};

        assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
        assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
        assert_int_equal(fill_disk(&f->ctx), ERR_STORAGE_FULL);
        assert_int_equal(tx_commit(&tx), ERR_STORAGE_FULL);
    }
    assert_int_equal(db_number(&f->ctx, READ), 0);
    assert_int_equal(db_transact(&f->ctx, cap_pages, free), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(fill_disk(&f->ctx), ERR_OK);
    assert_int_equal(db_number(&f->ctx, READ), 1);
}

/* Of this process alone: another build's tests may be running on the same server. */
static int64_t number_by_name(struct ctx *ctx, const char *sql)
{
    struct str name = arena_printf(&ctx->arena, "test_db_pool_%d", (int)getpid());
    int64_t n = -1;

    assert_int_equal(db_i64(ctx, sql, ARGS(A(name)), &n), ERR_OK);
    return n;
}

/* Ends every other connection to this database, as a server that restarts would. */
static void kill_connections(struct db_fixture *f)
{
    struct db_pool *pool;
    struct ctx ctx;
    struct timespec moment = {.tv_nsec = 20000000};

    assert_int_equal(open_url(&f->ctx, f->url, &pool), ERR_OK);
    db_ctx_init(&ctx, pool);
    assert_true(number_by_name(&ctx,
                               "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                               " WHERE pid <> pg_backend_pid() AND application_name = $1") > 0);
    while (number_by_name(&ctx,
                          "SELECT count(*) FROM pg_stat_activity"
                          " WHERE pid <> pg_backend_pid() AND application_name = $1") > 0)
        nanosleep(&moment, NULL);
    db_ctx_finish(&ctx);
    db_pool_close(pool);
}

static void name_connection(struct ctx *ctx)
{
    (void)number_by_name(ctx, "SELECT count(set_config('application_name', $1, false))");
}

static void a_killed_idle_connection_is_not_noticed(void **state)
{
    struct db_fixture *f = *state;
    int64_t n;

    db_make(f, COUNTER);
    name_connection(&f->ctx);
    kill_connections(f);
    assert_int_equal(db_i64(&f->ctx, READ, ARGS(), &n), ERR_OK);
    name_connection(&f->ctx);
    kill_connections(f);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    name_connection(&f->ctx);
    kill_connections(f);
    {
        cleanup(tx_finish) struct tx tx = {0};

        assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
        assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
        assert_int_equal(tx_commit(&tx), ERR_OK);
    }
    assert_int_equal(db_number(&f->ctx, READ), 2);
    assert_int_equal(f->ctx.fault.err, ERR_OK);
}

static void a_connection_killed_in_a_transaction_fails_it(void **state)
{
    struct db_fixture *f = *state;
    int64_t n;

    db_make(f, COUNTER);
    {
        cleanup(tx_finish) struct tx tx = {0};

        assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
        name_connection(&f->ctx);
        assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
        kill_connections(f);
        assert_int_equal(db_i64(&f->ctx, READ, ARGS(), &n), ERR_DB_UNAVAILABLE);
        assert_int_equal(tx_commit(&tx), ERR_DB_UNAVAILABLE);
    }
    fault_clear(&f->ctx);
    assert_int_equal(db_number(&f->ctx, READ), 0);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
}

/* A read whose connection dies under it is asked again on a fresh one. */
static void a_read_cut_off_is_asked_again(void **state)
{
    struct db_fixture *f = *state;
    int64_t n = -1;

    db_make(f, COUNTER);
    assert_int_equal(db_exec(&f->ctx, "CREATE SEQUENCE tries", ARGS()), ERR_OK);
    assert_int_equal(db_i64(&f->ctx,
                            "SELECT CASE WHEN nextval('tries') = 1 THEN"
                            " pg_terminate_backend(pg_backend_pid())::int ELSE 42 END",
                            ARGS(), &n),
                     ERR_OK);
    assert_int_equal(n, 42);
}

static void a_write_cut_off_is_not(void **state)
{
    struct db_fixture *f = *state;

    db_make(f, COUNTER);
    assert_int_equal(db_exec(&f->ctx,
                             "UPDATE counter SET n = n + 1 WHERE pg_terminate_backend("
                             "pg_backend_pid())",
                             ARGS()),
                     ERR_DB_UNAVAILABLE);
    fault_clear(&f->ctx);
    assert_int_equal(db_number(&f->ctx, READ), 0);
}

/* PostgreSQL 40P01 to a single statement, raised here by hand: it left nothing behind. */
static void a_statement_that_met_another_is_run_again(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx tx = {0};

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(
        db_script(&f->ctx,
                  "CREATE SEQUENCE tries; CREATE FUNCTION meet() RETURNS trigger AS $$"
                  " BEGIN IF nextval('tries') = 1 THEN RAISE EXCEPTION 'met'"
                  " USING ERRCODE = '40P01'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql;"
                  " CREATE TRIGGER meet BEFORE UPDATE ON counter FOR EACH ROW EXECUTE"
                  " FUNCTION meet()"),
        ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(f->ctx.fault.err, ERR_OK);
    assert_int_equal(db_number(&f->ctx, READ), 1);
}

/* Prepared statements outlive a change of the tables they read. */
static void statements_survive_a_schema_change(void **state)
{
    struct db_fixture *f = *state;
    const char *change =
        "DROP TABLE counter; CREATE TABLE counter (n DOUBLE PRECISION, id BIGINT NOT NULL);"
        " INSERT INTO counter (id, n) VALUES (1, 7)";
    cleanup(tx_finish) struct tx tx = {0};
    int64_t n;

    db_make(f, COUNTER);
    assert_int_equal(db_number(&f->ctx, READ), 0);
    assert_int_equal(db_number(&f->other, READ), 0);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_script(&f->ctx, change), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_exec(&f->other, ADD, ARGS(A(1))), ERR_OK);
    /* SQLite gives 8.0, which is no int64_t; PostgreSQL the text 8. */
    assert_int_equal(db_i64(&f->ctx, READ, ARGS(), &n),
                     f->engine == DB_SQLITE ? ERR_INTERNAL : ERR_OK);
    fault_clear(&f->ctx);
    assert_int_equal(db_number(&f->other, "SELECT cast(n AS BIGINT) FROM counter"), 8);
}

static const struct db_test tests[] = {
    DB_TEST_SQLITE(unusable_urls_say_why),
    DB_TEST_POSTGRES(a_wrong_password_is_not_repeated),
    DB_TEST_SQLITE(a_file_of_something_else_is_refused),
    DB_TEST_SQLITE(the_file_is_private_and_watched),
    DB_TEST_SQLITE(a_database_in_memory_works),
    DB_TEST(many_threads_lose_nothing),
    DB_TEST_SQLITE(the_queue_is_fair),
    DB_TEST_SQLITE(a_full_disk_is_said_and_survived),
    DB_TEST_POSTGRES(a_killed_idle_connection_is_not_noticed),
    DB_TEST_POSTGRES(a_connection_killed_in_a_transaction_fails_it),
    DB_TEST_POSTGRES(a_read_cut_off_is_asked_again),
    DB_TEST_POSTGRES(a_write_cut_off_is_not),
    DB_TEST_POSTGRES(a_statement_that_met_another_is_run_again),
    DB_TEST(statements_survive_a_schema_change),
};

int main(void)
{
    return db_tests_run("db_pool", tests, COUNT(tests));
}
