/* SPDX-License-Identifier: MIT */
/* Migrations, on both engines: a small list of its own, and those of the binary. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "db/db_internal.h"
#include "db_fixture.h"

static const struct migration three[] = {
    {
        .number = 1,
        .name = STR("school"),
        .up = STR("CREATE TABLE school (id @id@, name @text@ NOT NULL) @strict@;\n"
                  "CREATE TABLE class (id @id@,\n"
                  "    school_id @bigint@ NOT NULL REFERENCES school (id)) @strict@;\n"),
        .down = STR("DROP TABLE class;\nDROP TABLE school;\n"),
    },
    {
        .number = 2,
        .name = STR("school_open"),
        .up = STR("ALTER TABLE school ADD COLUMN open @bool@ NOT NULL DEFAULT 1;\n"
                  "UPDATE school SET open = 0 WHERE name = 'old';\n"),
        .down = STR("ALTER TABLE school DROP COLUMN open;\n"),
    },
    {
        .number = 3,
        .name = STR("school_code"),
        .up = STR("-- @sqlite\n"
                  "CREATE TABLE school_new (id @id@, name @text@ NOT NULL, open @bool@ NOT NULL,\n"
                  "    code @text@ NOT NULL UNIQUE) @strict@;\n"
                  "INSERT INTO school_new (id, name, open, code)\n"
                  "    SELECT id, name, open, 's' || id FROM school;\n"
                  "DROP TABLE school;\n"
                  "ALTER TABLE school_new RENAME TO school;\n"
                  "-- @end\n"
                  "-- @postgres\n"
                  "ALTER TABLE school ADD COLUMN code @text@;\n"
                  "UPDATE school SET code = 's' || id;\n"
                  "ALTER TABLE school ALTER COLUMN code SET NOT NULL, ADD UNIQUE (code);\n"
                  "-- @end\n"),
        .down = STR("ALTER TABLE school RENAME TO gone;\n"
                    "CREATE TABLE school (id @id@, name @text@ NOT NULL,\n"
                    "    open @bool@ NOT NULL DEFAULT 1) @strict@;\n"
                    "INSERT INTO school (id, name, open) SELECT id, name, open FROM gone;\n"
                    "-- @sqlite\n"
                    "CREATE TABLE class_new (id @id@,\n"
                    "    school_id @bigint@ NOT NULL REFERENCES school (id)) @strict@;\n"
                    "INSERT INTO class_new (id, school_id) SELECT id, school_id FROM class;\n"
                    "DROP TABLE class;\n"
                    "ALTER TABLE class_new RENAME TO class;\n"
                    "-- @end\n"
                    "-- @postgres\n"
                    "ALTER TABLE class DROP CONSTRAINT class_school_id_fkey,\n"
                    "    ADD FOREIGN KEY (school_id) REFERENCES school (id);\n"
                    "-- @end\n"
                    "DROP TABLE gone;\n"),
    },
};

static struct list first(size_t n)
{
    /* The list is only read. */
    return (struct list){(void *)(uintptr_t)three, n};
}

static void up(struct db_fixture *f, struct list list, int64_t to, int64_t count)
{
    int64_t n = -1;

    if (migrate_upgrade(&f->ctx, list, to, &n)) {
        print_error("%s\n", f->ctx.fault.detail.at);
        assert_true(false);
    }
    assert_int_equal(n, count);
}

static void down(struct db_fixture *f, struct list list, int64_t to, int64_t count)
{
    int64_t n = -1;

    if (migrate_downgrade(&f->ctx, list, to, &n)) {
        print_error("%s\n", f->ctx.fault.detail.at);
        assert_true(false);
    }
    assert_int_equal(n, count);
}

static void up_down_up(void **state)
{
    struct db_fixture *f = *state;

    up(f, first(3), 0, 3);
    up(f, first(3), 0, 0);
    down(f, first(3), 0, 3);
    down(f, first(3), 0, 0);
    up(f, first(3), 0, 3);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM school"), 0);
}

static void one_by_one_with_data(void **state)
{
    struct db_fixture *f = *state;

    up(f, first(3), 1, 1);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO school (name) VALUES ('old'), ('new')", ARGS()),
                     ERR_OK);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO class (school_id) VALUES (1), (2)", ARGS()),
                     ERR_OK);
    up(f, first(3), 2, 1);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM school WHERE open = 0"), 1);
    up(f, first(3), 3, 1);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM school WHERE code = 's2'"), 1);
    assert_int_equal(db_number(&f->ctx,
                               "SELECT count(*) FROM class JOIN school ON"
                               " school.id = class.school_id"),
                     2);
    /* Foreign keys are enforced again, and still point at the rebuilt table. */
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO class (school_id) VALUES (99)", ARGS()),
                     ERR_IN_USE);
    fault_clear(&f->ctx);
    down(f, first(3), 1, 2);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM school WHERE name = 'old'"), 1);
    assert_int_equal(db_exec(&f->ctx, "DELETE FROM school WHERE id = 1", ARGS()), ERR_IN_USE);
    fault_clear(&f->ctx);
    up(f, first(3), 0, 2);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM class"), 2);
}

static void status_names_each(void **state)
{
    struct db_fixture *f = *state;
    const struct migration_state *s;
    struct list states;

    assert_int_equal(migrate_status(&f->ctx, first(3), &states), ERR_OK);
    assert_int_equal(states.n, 3);
    up(f, first(3), 2, 2);
    assert_int_equal(migrate_status(&f->ctx, first(3), &states), ERR_OK);
    s = states.at;
    assert_int_equal(states.n, 3);
    assert_true(s[0].applied && s[1].applied && !s[2].applied);
    assert_true(s[0].applied_at.set && s[0].applied_at.v == f->ctx.now);
    assert_false(s[2].applied_at.set);
    assert_true(str_is(s[2].name, "school_code"));
    assert_int_equal(s[0].problem.len + s[1].problem.len + s[2].problem.len, 0);
}

static void refused(struct db_fixture *f, struct list list, enum err err, const char *says)
{
    int64_t n = -1;

    fault_clear(&f->ctx);
    assert_int_equal(migrate_upgrade(&f->ctx, list, 0, &n), err);
    assert_int_equal(n, -1);
    if (!strstr(f->ctx.fault.detail.at, says)) {
        print_error("%s\n", f->ctx.fault.detail.at);
        assert_true(false);
    }
}

static void an_altered_one_is_refused(void **state)
{
    struct db_fixture *f = *state;
    struct migration altered[3];
    int64_t n;

    for (int what = 0; what < 3; what++) {
        memcpy(altered, three, sizeof(altered));
        if (what == 0)
            altered[0].up = STR("CREATE TABLE school (id @id@) @strict@;\n");
        else if (what == 1)
            altered[0].down = STR("DROP TABLE school;\n");
        else
            altered[0].name = STR("other");
        if (what == 0)
            up(f, first(3), 1, 1);
        refused(f, (struct list){altered, 3}, ERR_CONFLICT, "altered");
        fault_clear(&f->ctx);
        assert_int_equal(migrate_downgrade(&f->ctx, (struct list){altered, 3}, 0, &n),
                         ERR_CONFLICT);
    }
    fault_clear(&f->ctx);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM schema_migration"), 1);
}

static void a_newer_database_is_refused(void **state)
{
    struct db_fixture *f = *state;
    const struct migration_state *s;
    struct list states;

    up(f, first(3), 0, 3);
    refused(f, first(2), ERR_CONFLICT, "unknown to this program");
    assert_int_equal(migrate_status(&f->ctx, first(2), &states), ERR_OK);
    s = states.at;
    assert_int_equal(states.n, 3);
    assert_true(str_is(s[2].problem, "unknown to this program"));
    fault_clear(&f->ctx);
}

static void a_number_must_exist(void **state)
{
    struct db_fixture *f = *state;
    int64_t n = -1;

    assert_int_equal(migrate_upgrade(&f->ctx, first(3), 7, &n), ERR_NOT_FOUND);
    assert_int_equal(migrate_downgrade(&f->ctx, first(3), -1, &n), ERR_NOT_FOUND);
    assert_int_equal(n, -1);
}

static void a_failing_one_leaves_nothing(void **state)
{
    static const struct {
        struct str up;
        enum err err;
        const char *says;
    } rows[] = {
        {STR("CREATE TABLE half (id @id@) @strict@;\nINSERT INTO nowhere VALUES (1);\n"),
         ERR_INTERNAL, "nowhere"},
        {STR("CREATE TABLE half (id @id@) @strict@;\nINSERT INTO half VALUES (1), (1);\n"),
         ERR_CONFLICT, "migration 0002_bad (up)"},
        {STR("CREATE TABLE half (id @it@) @strict@;\n"), ERR_INVALID, "@it@"},
        {STR("-- @sqlite\nCREATE TABLE half (id @id@);\n"), ERR_INVALID, "not closed"},
        {STR("-- @end\nCREATE TABLE half (id @id@);\n"), ERR_INVALID, "twice"},
        {STR("CREATE TABLE half (id @id@) @strict@;\nINSERT INTO class (school_id) VALUES (9);\n"),
         ERR_IN_USE, "migration 0002_bad (up)"},
    };
    struct db_fixture *f = *state;

    up(f, first(1), 0, 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct migration list[] = {
            three[0],
            {.number = 2, .name = STR("bad"), .up = rows[i].up, .down = STR("SELECT 1;")},
        };

        refused(f, (struct list){list, 2}, rows[i].err, rows[i].says);
        assert_int_equal(db_exec(&f->ctx, "CREATE TABLE half (id BIGINT)", ARGS()), ERR_OK);
        assert_int_equal(db_exec(&f->ctx, "DROP TABLE half", ARGS()), ERR_OK);
    }
    up(f, first(3), 0, 2);
}

/* Of a large database: its rows and the look at what they refer to take longer than a statement
 * may. */
static void no_time_limit_holds(void **state)
{
    static const struct migration large = {
        .number = 2,
        .name = STR("large"),
        .up =
            STR("INSERT INTO school (id, name) VALUES (1, 'large');\n"
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)\n"
                "    INSERT INTO class (school_id) SELECT 1 FROM n;\n"),
        .down = STR("DELETE FROM class;\nDELETE FROM school;\n"),
    };
    struct db_fixture *f = *state;
    struct migration list[] = {three[0], large};
    struct db_options o = {.url = f->url, .handles = 1, .timeout_ms = 1};
    struct db_pool *pool = NULL;
    struct ctx ctx = {0};
    int64_t n = 0;

    ctx_reset(&ctx);
    assert_int_equal(db_pool_open(&ctx, &o, &pool), ERR_OK);
    ctx.db = db_handle_create(pool);
    assert_int_equal(migrate_upgrade(&ctx, (struct list){list, 2}, 0, &n), ERR_OK);
    assert_int_equal(n, 2);
    /* Afterwards it holds again. */
    assert_int_equal(db_i64(&ctx, "SELECT count(*) FROM pragma_foreign_key_check", ARGS(), &n),
                     ERR_BUSY);
    db_ctx_finish(&ctx);
    db_pool_close(pool);
}

struct runner {
    pthread_t thread;
    const char *url;
    enum err err;
    int64_t count;
};

static void *run(void *arg)
{
    struct runner *r = arg;
    struct db_options o = {.url = r->url, .handles = 1, .timeout_ms = 20000};
    struct db_pool *pool = NULL;
    struct ctx ctx = {0};

    ctx_reset(&ctx);
    r->err = db_pool_open(&ctx, &o, &pool);
    if (!r->err) {
        ctx.db = db_handle_create(pool);
        r->err = migrate_upgrade(&ctx, first(3), 0, &r->count);
    }
    db_ctx_finish(&ctx);
    db_pool_close(pool);
    return NULL;
}

static void runners_at_once_do_it_once(void **state)
{
    enum { RUNNERS = 4 };
    struct db_fixture *f = *state;
    struct runner runners[RUNNERS] = {0};
    int64_t count = 0;

    for (int round = 0; round < 3; round++) {
        count = 0;
        for (int i = 0; i < RUNNERS; i++) {
            runners[i].url = f->url;
            assert_int_equal(pthread_create(&runners[i].thread, NULL, run, &runners[i]), 0);
        }
        for (int i = 0; i < RUNNERS; i++)
            pthread_join(runners[i].thread, NULL);
        for (int i = 0; i < RUNNERS; i++) {
            assert_int_equal(runners[i].err, ERR_OK);
            count += runners[i].count;
        }
        assert_int_equal(count, 3);
        down(f, first(3), 0, 3);
    }
}

static void texts_expand_for_each_engine(void **state)
{
    static const struct {
        struct str text;
        const char *sqlite, *postgres; /* NULL: refused */
    } rows[] = {
        {STR("a @bool@, b @blob@ @strict@;"), "a INTEGER, b BLOB STRICT;\n",
         "a SMALLINT, b BYTEA ;\n"},
        {STR("x\n -- @sqlite \ny\n-- @end\n-- @postgres\nz\n-- @end\nw\n"), "x\ny\nw\n",
         "x\nz\nw\n"},
        {STR("'a@b.c' @ @@ me@x"), "'a@b.c' @ @@ me@x\n", "'a@b.c' @ @@ me@x\n"},
        {STR("@@f64@@"), "@REAL@\n", "@DOUBLE PRECISION@\n"},
        {STR("@json@@bigint@"), "TEXTINTEGER\n", "JSONBBIGINT\n"},
        {STR("@"), "@\n", "@\n"},
        {STR(""), "", ""},
        {STR("@nothing@"), NULL, NULL},
        {STR("-- @postgres\n-- @sqlite\n-- @end\n"), NULL, NULL},
        {STR("-- @postgres\n"), NULL, NULL},
        {STR("-- @end\n"), NULL, NULL},
    };
    struct db_fixture *f = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        for (enum db_engine e = DB_SQLITE; e <= DB_POSTGRES; e++) {
            const char *want = e == DB_SQLITE ? rows[i].sqlite : rows[i].postgres;
            const char *got = NULL;

            fault_clear(&f->ctx);
            assert_int_equal(migration_expand(&f->ctx, e, rows[i].text, &got),
                             want ? ERR_OK : ERR_INVALID);
            if (want)
                assert_string_equal(got, want);
        }
    }
}

static void names_are_plain(void **state)
{
    (void)state;
    assert_true(migration_name_is_valid(STR("a")));
    assert_true(migration_name_is_valid(STR("add_2_tables")));
    assert_false(migration_name_is_valid(STR("")));
    assert_false(migration_name_is_valid(STR("../x")));
    assert_false(migration_name_is_valid(STR("Upper")));
    assert_false(migration_name_is_valid(STR("a.b")));
    assert_false(migration_name_is_valid((struct str){"a\0b", 3}));
    assert_false(migration_name_is_valid(
        STR("a123456789012345678901234567890123456789012345678901234567890")));
}

/* What the binary carries, each step back and forth. */
static void those_of_the_binary_go_up_down_up(void **state)
{
    struct db_fixture *f = *state;
    struct list all = migrations_embedded(&f->ctx);
    const struct migration *m = all.at;

    for (size_t i = 0; i < all.n; i++) {
        assert_int_equal(m[i].number, i + 1);
        up(f, all, m[i].number, 1);
        down(f, all, m[i].number - 1, 1);
        up(f, all, m[i].number, 1);
    }
    down(f, all, 0, (int64_t)all.n);
    up(f, all, 0, (int64_t)all.n);
}

static const struct db_test tests[] = {
    DB_TEST(up_down_up),
    DB_TEST(one_by_one_with_data),
    DB_TEST(status_names_each),
    DB_TEST(an_altered_one_is_refused),
    DB_TEST(a_newer_database_is_refused),
    DB_TEST(a_number_must_exist),
    DB_TEST(a_failing_one_leaves_nothing),
    DB_TEST_SQLITE(no_time_limit_holds),
    DB_TEST(runners_at_once_do_it_once),
    DB_TEST_SQLITE(texts_expand_for_each_engine),
    DB_TEST_SQLITE(names_are_plain),
    DB_TEST(those_of_the_binary_go_up_down_up),
};

int main(void)
{
    return db_tests_run("migrate", tests, COUNT(tests));
}
