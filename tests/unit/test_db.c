/* SPDX-License-Identifier: MIT */
/* db/: values, rows, errors of single statements; on both engines. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "db_fixture.h"

static const char *const THING =
    "CREATE TABLE thing (id @id@, n @bigint@, d @f64@, flag @bool@, name @text@, bytes @blob@,"
    " doc @json@, numbers @json@, words @json@) @strict@;"
    "CREATE TABLE part (thing_id @bigint@ NOT NULL REFERENCES thing (id),"
    " code @text@ NOT NULL CHECK (code <> ''), UNIQUE (code)) @strict@;";

struct thing {
    int64_t id;
    int64_t n;
    double d;
    bool flag;
    struct str name;
    struct str bytes;
    struct json doc;
    struct i64s numbers;
    struct strs words;
};
#define F(...) FIELD(struct thing, __VA_ARGS__)
static const struct field thing_fields[] = {
    F(id, ""),    F(n, ""),   F(d, ""),       F(flag, ""),  F(name, ""),
    F(bytes, ""), F(doc, ""), F(numbers, ""), F(words, ""),
};
#undef F
static const struct schema thing_schema = SCHEMA(thing, thing_fields);

struct maybe {
    int64_t id;
    struct opt_i64 n;
    struct opt_f64 d;
    struct opt_bool flag;
    struct opt_str name;
    struct opt_str bytes;
};
#define F(...) FIELD(struct maybe, __VA_ARGS__)
static const struct field maybe_fields[] = {
    F(id, ""), F(n, ""), F(d, ""), F(flag, ""), F(name, ""), F(bytes, ""),
};
#undef F
static const struct schema maybe_schema = SCHEMA(maybe, maybe_fields);

#define INSERT_THING                                                                               \
    "INSERT INTO thing (n, d, flag, name, bytes, doc, numbers, words)"                             \
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"                                                     \
    " RETURNING id, n, d, flag, name, bytes, doc, numbers, words"

static void every_type_comes_back(void **state)
{
    static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN};
    static const double doubles[] = {0, 0.1, -1e300, 5e-324, 1234567890.123456};
    static const char bytes[] = "\0\x01\xff\\x00'\0";
    struct db_fixture *f = *state;
    struct thing t;

    db_make(f, THING);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct str name = i % 2 ? STR("مدرسة 'é\" \\ 😀") : STR("");

        assert_int_equal(db_one(&f->ctx, &thing_schema, &t, INSERT_THING,
                                ARGS(A(numbers[i]), A(doubles[i]), A(i % 2 == 0), A(name),
                                     A(db_blob((struct str){bytes, sizeof(bytes)})),
                                     A((struct json){STR("{\"a\": [1, null]}")}),
                                     A(STR("[1, -2,9223372036854775807]")),
                                     A(STR("[\"a\", \"\", \"\\u00e9\"]")))),
                         ERR_OK);
        assert_int_equal(t.id, i + 1);
        assert_int_equal(t.n, numbers[i]);
        assert_true(t.d == doubles[i]);
        assert_int_equal(t.flag, i % 2 == 0);
        assert_true(str_eq(t.name, name));
        assert_int_equal(t.bytes.len, sizeof(bytes));
        assert_memory_equal(t.bytes.at, bytes, sizeof(bytes));
        assert_true(str_is(t.doc.text, "{\"a\": [1, null]}"));
        assert_int_equal(t.numbers.n, 3);
        assert_int_equal(t.numbers.at[2], INT64_MAX);
        assert_int_equal(t.words.n, 3);
        assert_true(str_is(t.words.at[2], "é"));
    }
}

static void nulls_read_as_absent(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m = {.n.set = true};
    struct thing t = {.n = 5};

    db_make(f, THING);
    assert_int_equal(
        db_one(&f->ctx, &thing_schema, &t, INSERT_THING,
               ARGS(A((struct opt_i64){.set = true, .null = true, .v = 3}), A((struct opt_f64){0}),
                    A((struct opt_bool){0}), A((struct opt_str){0}), A(db_null()),
                    A((struct json){{0}}), A(db_null()), A(db_null()))),
        ERR_OK);
    assert_int_equal(t.id, 1);
    assert_int_equal(t.n, 0);
    assert_int_equal(t.name.len, 0);
    assert_int_equal(t.words.n, 0);
    assert_int_equal(
        db_one(&f->ctx, &maybe_schema, &m, "SELECT id, n, d, flag, name, bytes FROM thing", ARGS()),
        ERR_OK);
    assert_false(m.n.set || m.d.set || m.flag.set || m.name.set || m.bytes.set);
}

static void optional_values_come_back_set(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m;

    db_make(f, THING);
    assert_int_equal(db_exec(&f->ctx,
                             "INSERT INTO thing (n, d, flag, name, bytes)"
                             " VALUES ($1, $2, $3, $4, $5)",
                             ARGS(A((struct opt_i64){.set = true, .v = 0}),
                                  A((struct opt_f64){.set = true, .v = 0.5}),
                                  A((struct opt_bool){.set = true, .v = false}),
                                  A((struct opt_str){.set = true}), A(db_blob((struct str){0})))),
                     ERR_OK);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m,
                            "SELECT id, n, d, flag, name, bytes FROM thing WHERE flag = $1"
                            " AND (cast($2 AS TEXT) IS NULL OR name = cast($2 AS TEXT))",
                            ARGS(A(false), A((struct opt_str){0}))),
                     ERR_OK);
    assert_true(m.n.set && m.d.set && m.flag.set && m.name.set && m.bytes.set);
    assert_false(m.flag.v);
    assert_true(m.d.v == 0.5);
    assert_int_equal(m.name.v.len + m.bytes.v.len, 0);
}

static void expressions_fit_the_same_fields(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m;

    db_make(f, THING);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO thing (n) VALUES (1), (2), (4)", ARGS()),
                     ERR_OK);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m,
                            "SELECT sum(n) AS n, avg(n) AS d, count(*) = 3 AS flag,"
                            " count(*) AS id FROM thing",
                            ARGS()),
                     ERR_OK);
    assert_int_equal(m.n.v, 7);
    assert_true(fabs(m.d.v - 7.0 / 3) < 1e-9);
    assert_true(m.flag.v);
    assert_int_equal(m.id, 3);
}

static void no_row_is_not_found(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m = {.id = 42};
    struct list rows = {.n = 42};
    int64_t n = 42;

    db_make(f, THING);
    assert_int_equal(
        db_one(&f->ctx, &maybe_schema, &m, "SELECT id FROM thing WHERE id = $1", ARGS(A(1))),
        ERR_NOT_FOUND);
    assert_int_equal(m.id, 42);
    assert_int_equal(db_i64(&f->ctx, "SELECT id FROM thing", ARGS(), &n), ERR_NOT_FOUND);
    assert_int_equal(n, 42);
    assert_int_equal(db_i64(&f->ctx, "SELECT max(id) FROM thing", ARGS(), &n), ERR_OK);
    assert_int_equal(n, 0);
    assert_int_equal(db_list(&f->ctx, &maybe_schema, &rows, "SELECT id FROM thing", ARGS()),
                     ERR_OK);
    assert_int_equal(rows.n, 0);
}

static void lists_grow(void **state)
{
    enum { ROWS = 1000 };
    struct db_fixture *f = *state;
    struct list rows;
    int64_t changed = 0;

    db_make(f, THING);
    assert_int_equal(db_exec_n(&f->ctx,
                               "INSERT INTO thing (n) WITH RECURSIVE k (i) AS"
                               " (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < $1)"
                               " SELECT i FROM k",
                               ARGS(A(ROWS)), &changed),
                     ERR_OK);
    assert_int_equal(changed, ROWS);
    assert_int_equal(db_list(&f->ctx, &maybe_schema, &rows,
                             "SELECT id, n FROM thing WHERE n >= $1 ORDER BY n", ARGS(A(1))),
                     ERR_OK);
    assert_int_equal(rows.n, ROWS);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(((struct maybe *)rows.at)[i].n.v, i + 1);
    assert_int_equal(
        db_exec_n(&f->ctx, "UPDATE thing SET n = n + 1 WHERE n <= $1", ARGS(A(10)), &changed),
        ERR_OK);
    assert_int_equal(changed, 10);
    assert_int_equal(db_exec_n(&f->ctx, "DELETE FROM thing WHERE n = $1", ARGS(A(-1)), &changed),
                     ERR_OK);
    assert_int_equal(changed, 0);
}

static void a_column_without_a_field_is_our_mistake(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m = {.id = 42};

    db_make(f, THING);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO thing (name) VALUES ('x')", ARGS()), ERR_OK);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, "SELECT id, 1 AS other FROM thing", ARGS()),
                     ERR_INTERNAL);
    fault_clear(&f->ctx);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, "SELECT name AS n FROM thing", ARGS()),
                     ERR_INTERNAL);
    assert_int_equal(m.id, 42);
}

static void constraints_have_their_errors(void **state)
{
    static const struct {
        const char *sql;
        enum err err;
    } rows[] = {
        {"INSERT INTO part (thing_id, code) VALUES (1, 'a')", ERR_CONFLICT},
        {"INSERT INTO thing (id) VALUES (1)", ERR_CONFLICT},
        {"INSERT INTO part (thing_id, code) VALUES (99, 'b')", ERR_IN_USE},
        {"DELETE FROM thing WHERE id = 1", ERR_IN_USE},
        {"INSERT INTO part (thing_id, code) VALUES (1, '')", ERR_INVALID},
        {"INSERT INTO part (thing_id, code) VALUES (1, NULL)", ERR_INVALID},
        {"INSERT INTO thing (n) VALUES ('abc')", ERR_INTERNAL},
        {"INSERT INTO nowhere (n) VALUES (1)", ERR_INTERNAL},
        {"SELECT id, FROM thing", ERR_INTERNAL},
        {"SELECT \"abc\"", ERR_INTERNAL},
        {"SELECT 1; SELECT 2", ERR_INTERNAL},
    };
    struct db_fixture *f = *state;

    db_make(f, THING);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO thing (id) VALUES (1)", ARGS()), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO part (thing_id, code) VALUES (1, 'a')", ARGS()),
                     ERR_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        fault_clear(&f->ctx);
        if (db_exec(&f->ctx, rows[i].sql, ARGS()) != rows[i].err) {
            print_error("%s\n", rows[i].sql);
            assert_true(false);
        }
        if (rows[i].err != ERR_INTERNAL)
            assert_int_equal(f->ctx.fault.detail.len, 0);
    }
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM part"), 1);
}

static void arguments_are_checked(void **state)
{
    struct db_fixture *f = *state;
    struct ctx *ctx = &f->ctx;
    const char *insert = "INSERT INTO thing (name) VALUES ($1)";

    db_make(f, THING);
    assert_int_equal(db_exec(ctx, insert, ARGS(A(STR("a\0b")))), ERR_INVALID);
    assert_int_equal(db_exec(ctx, insert, ARGS(A(STR("\xff")))), ERR_INVALID);
    assert_int_equal(db_exec(ctx, "INSERT INTO thing (d) VALUES ($1)", ARGS(A((double)NAN))),
                     ERR_INVALID);
    assert_int_equal(db_exec(ctx, insert, ARGS()), ERR_INTERNAL);
    assert_int_equal(db_exec(ctx, insert, ARGS(A(STR("a")), A(1))), ERR_INTERNAL);
    assert_int_equal(db_exec(ctx, "SELECT 1", ARGS(A(1))), ERR_INTERNAL);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM thing"), 0);
}

static void hostile_text_is_only_text(void **state)
{
    struct db_fixture *f = *state;
    struct str evil = STR("'; DROP TABLE thing; --\" $1 %s");
    struct maybe m;

    db_make(f, THING);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m,
                            "INSERT INTO thing (name) VALUES ($1) RETURNING id, name",
                            ARGS(A(evil))),
                     ERR_OK);
    assert_true(str_eq(m.name.v, evil));
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM thing"), 1);
}

static void many_rows_are_put_as_they_are(void **state)
{
    static const char bytes[] = "\0\xff\\";
    struct db_fixture *f = *state;
    struct str evil = STR("a\tb\nc\rd\\e \\N \\. 'é\"");
    const struct db_arg cells[] = {
        A((int64_t)7),
        A(evil),
        A(db_blob((struct str){bytes, sizeof(bytes)})),
        A(0.1),
        A((int64_t)INT64_MAX),
        A(STR("")),
        A(db_null()),
        A(db_null()),
    };
    struct db_rows rows = {"thing", "id, name, bytes, d", 4, cells, 2};
    struct tx tx = {0};
    struct maybe m;

    db_make(f, THING);
    assert_int_equal(db_put_rows(&f->ctx, &rows), ERR_INTERNAL); /* no transaction */
    assert_int_equal(db_bulk_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_put_rows(&f->ctx, &rows), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m,
                            "SELECT id, name, bytes, d FROM thing WHERE id = 7", ARGS()),
                     ERR_OK);
    assert_true(str_eq(m.name.v, evil));
    assert_int_equal(m.bytes.v.len, sizeof(bytes));
    assert_memory_equal(m.bytes.v.at, bytes, sizeof(bytes));
    assert_true(m.d.v == 0.1);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM thing WHERE name = '' AND d IS NULL"),
                     1);
    /* A row that is there already takes all others with it. */
    rows.cells = cells + 4;
    rows.n = 1;
    assert_int_equal(db_bulk_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_put_rows(&f->ctx, &rows), ERR_CONFLICT);
    assert_int_equal(tx_commit(&tx), ERR_CONFLICT);
    tx_finish(&tx);
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM thing"), 2);
}

static void ids_follow_those_that_were_put(void **state)
{
    struct db_fixture *f = *state;
    const struct db_arg cells[] = {A((int64_t)7)};
    struct tx tx = {0};
    int64_t id;

    db_make(f, THING);
    assert_int_equal(db_bulk_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_put_rows(&f->ctx, &(struct db_rows){"thing", "id", 1, cells, 1}), ERR_OK);
    assert_int_equal(db_ids_follow(&f->ctx, "thing"), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_i64(&f->ctx, "INSERT INTO thing (n) VALUES (1) RETURNING id", ARGS(), &id),
                     ERR_OK);
    assert_int_equal(id, 8);
    assert_int_equal(db_analyze(&f->ctx), ERR_OK);
}

static void parameters_stand_anywhere(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m;

    db_make(f, THING);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m,
                            "INSERT INTO thing (name, n, d) VALUES ($2, $1, $3)"
                            " RETURNING n, name, d",
                            ARGS(A(7), A(STR("x")), A(1.5))),
                     ERR_OK);
    assert_int_equal(m.n.v, 7);
    assert_true(str_is(m.name.v, "x"));
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m,
                            "SELECT n FROM thing WHERE n = $1 AND n <= $1 AND d < $2 AND n = $1",
                            ARGS(A(7), A(2.0))),
                     ERR_OK);
}

static void upserts_answer_alike(void **state)
{
    struct db_fixture *f = *state;
    struct maybe m;
    const char *put =
        "INSERT INTO part (thing_id, code) VALUES ($1, $2)"
        " ON CONFLICT (code) DO NOTHING RETURNING thing_id AS id";
    const char *move =
        "INSERT INTO part (thing_id, code) VALUES ($1, $2)"
        " ON CONFLICT (code) DO UPDATE SET thing_id = excluded.thing_id"
        " WHERE part.thing_id < excluded.thing_id RETURNING thing_id AS id";

    db_make(f, THING);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO thing (id) VALUES (1), (2)", ARGS()), ERR_OK);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, put, ARGS(A(1), A(STR("a")))), ERR_OK);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, put, ARGS(A(1), A(STR("a")))),
                     ERR_NOT_FOUND);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, move, ARGS(A(2), A(STR("a")))), ERR_OK);
    assert_int_equal(m.id, 2);
    assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, move, ARGS(A(1), A(STR("a")))),
                     ERR_NOT_FOUND);
    assert_int_equal(db_number(&f->ctx, "SELECT thing_id FROM part"), 2);
}

static void text_sorts_and_compares_alike(void **state)
{
    static const char *const order[] = {"A", "Z", "a", "b", "é", "ب", "😀"};
    struct db_fixture *f = *state;
    struct list rows;

    db_make(f, THING);
    for (size_t i = COUNT(order); i-- > 0;)
        assert_int_equal(
            db_exec(&f->ctx, "INSERT INTO thing (name) VALUES ($1)", ARGS(A(str_of(order[i])))),
            ERR_OK);
    assert_int_equal(
        db_list(&f->ctx, &maybe_schema, &rows, "SELECT name FROM thing ORDER BY name", ARGS()),
        ERR_OK);
    for (size_t i = 0; i < COUNT(order); i++)
        assert_true(str_is(((struct maybe *)rows.at)[i].name.v, order[i]));
    assert_int_equal(db_number(&f->ctx, "SELECT count(*) FROM thing WHERE name LIKE 'a%'"), 1);
}

static void the_statement_cache_is_bounded(void **state)
{
    struct db_fixture *f = *state;
    char sql[64];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 600; i++) {
            int64_t n = -1;

            (void)snprintf(sql, sizeof(sql), "SELECT %d", i);
            assert_int_equal(db_i64(&f->ctx, sql, ARGS(), &n), ERR_OK);
            assert_int_equal(n, i);
        }
    }
    assert_int_equal(f->ctx.statements, 1200);
}

static void one_statement_serves_two_schemas(void **state)
{
    struct db_fixture *f = *state;
    const char *sql = "SELECT id, n FROM thing";
    struct maybe m;
    struct thing t;

    db_make(f, THING);
    assert_int_equal(db_exec(&f->ctx, "INSERT INTO thing (n) VALUES (9)", ARGS()), ERR_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(db_one(&f->ctx, &maybe_schema, &m, sql, ARGS()), ERR_OK);
        assert_int_equal(db_one(&f->ctx, &thing_schema, &t, sql, ARGS()), ERR_OK);
        assert_true(m.n.set && m.n.v == 9 && t.n == 9);
    }
}

static void a_statement_that_takes_too_long_is_stopped(void **state)
{
    struct db_fixture *f = *state;
    int64_t n;

    db_hurry(f);
    assert_int_equal(db_i64(&f->ctx,
                            "WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k"
                            " WHERE i < 1000000000) SELECT count(*) FROM k",
                            ARGS(), &n),
                     ERR_BUSY);
    assert_int_equal(db_number(&f->ctx, "SELECT 1"), 1);
}

static void ping_answers(void **state)
{
    struct db_fixture *f = *state;

    assert_int_equal(db_ping(&f->ctx), ERR_OK);
    assert_int_equal(db_engine(&f->ctx), f->engine);
}

static const struct db_test tests[] = {
    DB_TEST(every_type_comes_back),
    DB_TEST(nulls_read_as_absent),
    DB_TEST(optional_values_come_back_set),
    DB_TEST(expressions_fit_the_same_fields),
    DB_TEST(no_row_is_not_found),
    DB_TEST(lists_grow),
    DB_TEST(a_column_without_a_field_is_our_mistake),
    DB_TEST(constraints_have_their_errors),
    DB_TEST(arguments_are_checked),
    DB_TEST(hostile_text_is_only_text),
    DB_TEST(many_rows_are_put_as_they_are),
    DB_TEST(ids_follow_those_that_were_put),
    DB_TEST(parameters_stand_anywhere),
    DB_TEST(upserts_answer_alike),
    DB_TEST(text_sorts_and_compares_alike),
    DB_TEST(the_statement_cache_is_bounded),
    DB_TEST(one_statement_serves_two_schemas),
    DB_TEST(a_statement_that_takes_too_long_is_stopped),
    DB_TEST(ping_answers),
};

int main(void)
{
    return db_tests_run("db", tests, COUNT(tests));
}
