/* SPDX-License-Identifier: MIT */
/* The fixture of the database tests. */
#include "db_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"

#include "db/db_internal.h"

#ifndef FIXTURE_FEATURES /* set for the tests of features */
#define FIXTURE_FEATURES 0
#endif

void db_ctx_init(struct ctx *ctx, struct db_pool *pool)
{
    *ctx = (struct ctx){0};
    ctx_reset(ctx);
    ctx->db = db_handle_create(pool);
}

void db_ctx_finish(struct ctx *ctx)
{
    db_handle_destroy(ctx->db);
    arena_finish(&ctx->arena);
    *ctx = (struct ctx){0};
}

static void open_pool(struct db_fixture *f, int64_t timeout_ms)
{
    struct db_options o = {.url = f->url, .handles = FIXTURE_HANDLES, .timeout_ms = timeout_ms};

    ctx_reset(&f->ctx);
    if (db_pool_open(&f->ctx, &o, &f->pool)) {
        print_error("%s\n", f->ctx.fault.detail.at);
        assert_true(false);
    }
    f->ctx.db = db_handle_create(f->pool);
    db_ctx_init(&f->other, f->pool);
}

static int setup_sqlite(void **state)
{
    struct db_fixture *f = MEM_NEW(struct db_fixture);

    *state = f;
    f->engine = DB_SQLITE;
    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/sp-db-test.XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->url, sizeof(f->url), "sqlite:%s/test.db", f->dir);
    open_pool(f, FIXTURE_TIMEOUT_MS);
    return 0;
}

/* A schema of this process, so that test programs run beside each other. */
static void pg_schema(struct db_fixture *f, const char *last)
{
    char sql[256];
    struct db_options o = {.url = getenv("SP_TEST_PG_URL"), .handles = 1, .timeout_ms = 60000};
    cleanup(tx_finish) struct tx tx = {0};
    struct ctx ctx = {0};
    struct db_pool *pool;

    (void)f;
    ctx_reset(&ctx);
    assert_int_equal(db_pool_open(&ctx, &o, &pool), ERR_OK);
    ctx.db = db_handle_create(pool);
    (void)snprintf(sql, sizeof(sql), "DROP SCHEMA IF EXISTS test_%d CASCADE;%s%s", (int)getpid(),
                   last, "");
    assert_int_equal(tx_begin(&ctx, &tx), ERR_OK);
    assert_int_equal(db_script(&ctx, sql), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    db_ctx_finish(&ctx);
    db_pool_close(pool);
}

static int setup_postgres(void **state)
{
    struct db_fixture *f = MEM_NEW(struct db_fixture);
    char create[64];

    *state = f;
    f->engine = DB_POSTGRES;
    (void)snprintf(create, sizeof(create), "CREATE SCHEMA test_%d", (int)getpid());
    pg_schema(f, create);
    (void)snprintf(f->url, sizeof(f->url), "%s?options=-c%%20search_path%%3Dtest_%d",
                   getenv("SP_TEST_PG_URL"), (int)getpid());
    open_pool(f, FIXTURE_TIMEOUT_MS);
    return 0;
}

static void remove_files(struct db_fixture *f)
{
    struct strs names;
    struct ctx ctx = {0};

    ctx_reset(&ctx);
    if (!fs_list(&ctx, f->dir, &names))
        for (size_t i = 0; i < names.n; i++)
            (void)unlink(fs_join(&ctx, f->dir, arena_cstr(&ctx.arena, names.at[i])));
    arena_finish(&ctx.arena);
    (void)rmdir(f->dir);
}

static void close_pool(struct db_fixture *f)
{
    if (f->ctx.db)
        db_ctx_finish(&f->ctx);
    if (f->other.db)
        db_ctx_finish(&f->other);
    db_pool_close(f->pool);
}

void db_hurry(struct db_fixture *f)
{
    close_pool(f);
    open_pool(f, FIXTURE_HURRY_MS);
}

static int teardown(void **state)
{
    struct db_fixture *f = *state;

    close_pool(f);
    if (f->engine == DB_SQLITE)
        remove_files(f);
    else
        pg_schema(f, "");
    mem_free(f);
    return 0;
}

void db_make(struct db_fixture *f, const char *sql)
{
    struct migration m = {
        .number = 1, .name = STR("test"), .up = str_of(sql), .down = STR("SELECT 1;")};
    int64_t n = 0;

    if (migrate_upgrade(&f->ctx, (struct list){&m, 1}, 0, &n)) {
        print_error("%s\n", f->ctx.fault.detail.at);
        assert_true(false);
    }
    assert_int_equal(n, 1);
}

int64_t db_number(struct ctx *ctx, const char *sql)
{
    int64_t n = -1;

    assert_int_equal(db_i64(ctx, sql, ARGS(), &n), ERR_OK);
    return n;
}

static char *full_name(const char *name, const char *engine)
{
    size_t size = strlen(name) + strlen(engine) + 4;
    char *full = mem_alloc(size);

    (void)snprintf(full, size, "%s, %s", name, engine);
    return full;
}

static bool has_postgres(void)
{
    const char *features = FIXTURE_FEATURES ? getenv("SP_TEST_FEATURES") : NULL;

    return getenv("SP_TEST_PG_URL") && !(features && strcmp(features, "sqlite") == 0);
}

int db_tests_run(const char *group, const struct db_test *tests, size_t n)
{
    bool pg = has_postgres();
    struct CMUnitTest *all = mem_array(2 * n, sizeof(*all));
    size_t count = 0;
    int failures;

    /* What the tests provoke would be logged; nobody reads it. */
    log_setup((enum log_level)(LOG_ERROR + 1), LOG_LOGFMT);
    if (!pg)
        print_message("# PostgreSQL is not tested: SP_TEST_PG_URL, SP_TEST_FEATURES\n");
    for (size_t i = 0; i < n; i++) {
        if (tests[i].on != ON_POSTGRES)
            all[count++] = (struct CMUnitTest){full_name(tests[i].name, "sqlite"), tests[i].fn,
                                               setup_sqlite, teardown, NULL};
        if (pg && tests[i].on != ON_SQLITE)
            all[count++] = (struct CMUnitTest){full_name(tests[i].name, "postgres"), tests[i].fn,
                                               setup_postgres, teardown, NULL};
    }
    failures = _cmocka_run_group_tests(group, all, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        mem_free((void *)(uintptr_t)all[i].name);
    mem_free(all);
    return failures;
}
