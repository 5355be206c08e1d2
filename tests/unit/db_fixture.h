/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Database tests: the same body runs on a fresh SQLite file and, when SP_TEST_PG_URL is set, in a
 * fresh schema of that PostgreSQL. *state is a struct db_fixture.
 */
#include "base/ctx.h"

#include "check.h"
#include "db/migrate.h"

/* A machine may stand still for a while; what is to end in ERR_BUSY hurries. */
enum { FIXTURE_HANDLES = 8, FIXTURE_TIMEOUT_MS = 60000, FIXTURE_HURRY_MS = 1500 };

struct db_fixture {
    enum db_engine engine;
    char dir[64]; /* SQLite: holds the file */
    char url[512];
    struct ctx ctx; /* the first handle */
    struct ctx other;
    struct db_pool *pool;
};

enum db_test_on { ON_BOTH, ON_SQLITE, ON_POSTGRES };

struct db_test {
    const char *name;
    CMUnitTestFunction fn;
    enum db_test_on on;
};

#define DB_TEST(fn_)                                                                               \
    {                                                                                              \
#fn_, fn_, ON_BOTH                                                                         \
    }
#define DB_TEST_SQLITE(fn_)                                                                        \
    {                                                                                              \
#fn_, fn_, ON_SQLITE                                                                       \
    }
#define DB_TEST_POSTGRES(fn_)                                                                      \
    {                                                                                              \
#fn_, fn_, ON_POSTGRES                                                                     \
    }

/* Runs the tests on each engine there is; gives the number of failures. */
int db_tests_run(const char *group, const struct db_test *tests, size_t n);

/* From now on statements and waiting end after FIXTURE_HURRY_MS. */
void db_hurry(struct db_fixture *f);
/* Another context with its own handle of `pool`. */
void db_ctx_init(struct ctx *ctx, struct db_pool *pool);
void db_ctx_finish(struct ctx *ctx);
/* Runs DDL with the macros of migrations, through one migration. */
void db_make(struct db_fixture *f, const char *sql);
/* The number a statement without parameters gives. */
int64_t db_number(struct ctx *ctx, const char *sql);
