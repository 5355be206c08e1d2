/* SPDX-License-Identifier: MIT */
/* db/: lists by keyset and their cursors, on both engines. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "db_fixture.h"

static const char *const ITEM =
    "CREATE TABLE item (id @id@, at @bigint@ NOT NULL, name @text@ NOT NULL) @strict@;";

struct item {
    int64_t id;
    int64_t at;
    struct str name;
    struct opt_i64 maybe;
};
#define F(...) FIELD(struct item, __VA_ARGS__)
static const struct field item_fields[] = {F(id, ""), F(at, ""), F(name, ""), F(maybe, "")};
#undef F
static const struct schema item_schema = SCHEMA(item, item_fields);

enum { ITEMS = 23 };

/* Keys with ties: at is -2…2, the names are few too and sort by code point. */
static void fill(struct db_fixture *f)
{
    static const char *const names[] = {"", "Zoé", "a,b", "ali", "علي", "😀"};

    db_make(f, ITEM);
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(db_exec(&f->ctx, "INSERT INTO item (at, name) VALUES ($1, $2)",
                                 ARGS(A(i * 7 % 5 - 2), A(str_of(names[i * 5 % 6])))),
                         ERR_OK);
}

struct order {
    const char *key;
    bool descending;
    const char *page;
    const char *whole;
};

#define COLUMNS "SELECT id, at, name FROM item WHERE id < $1"
static const struct order orders[] = {
    {NULL, false, COLUMNS " AND id > $2 ORDER BY id LIMIT $3", COLUMNS " ORDER BY id"},
    {NULL, true, COLUMNS " AND id < $2 ORDER BY id DESC LIMIT $3", COLUMNS " ORDER BY id DESC"},
    {"at", false, COLUMNS " AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4",
     COLUMNS " ORDER BY at, id"},
    {"at", true, COLUMNS " AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
     COLUMNS " ORDER BY at DESC, id DESC"},
    {"name", false, COLUMNS " AND (name, id) > ($2, $3) ORDER BY name, id LIMIT $4",
     COLUMNS " ORDER BY name, id"},
    {"name", true, COLUMNS " AND (name, id) < ($2, $3) ORDER BY name DESC, id DESC LIMIT $4",
     COLUMNS " ORDER BY name DESC, id DESC"},
};

static void walk(struct ctx *ctx, const struct order *o, int64_t limit)
{
    struct db_page page = {.key = o->key, .descending = o->descending, .limit = limit};
    const struct item *want;
    struct list whole;
    size_t seen = 0;

    assert_int_equal(db_list(ctx, &item_schema, &whole, o->whole, ARGS(A(1000))), ERR_OK);
    assert_int_equal(whole.n, ITEMS);
    want = whole.at;
    do {
        const struct item *got;

        assert_int_equal(db_page(ctx, &item_schema, &page, o->page, ARGS(A(1000))), ERR_OK);
        assert_true(page.rows.n == (size_t)limit || page.next.len == 0);
        got = page.rows.at;
        for (size_t i = 0; i < page.rows.n; i++)
            assert_int_equal(got[i].id, want[seen++].id);
        page.cursor = page.next;
    } while (page.next.len);
    assert_int_equal(seen, ITEMS);
}

static void pages_hold_each_row_once_in_order(void **state)
{
    static const int64_t limits[] = {1, 4, ITEMS - 1, ITEMS, 200};
    struct db_fixture *f = *state;

    fill(f);
    for (size_t i = 0; i < COUNT(orders); i++)
        for (size_t j = 0; j < COUNT(limits); j++)
            walk(&f->ctx, &orders[i], limits[j]);
}

static void an_empty_list_has_one_page(void **state)
{
    struct db_fixture *f = *state;
    struct db_page page = {.key = "at"};

    db_make(f, ITEM);
    assert_int_equal(db_page(&f->ctx, &item_schema, &page, orders[2].page, ARGS(A(1000))), ERR_OK);
    assert_int_equal(page.rows.n, 0);
    assert_int_equal(page.next.len, 0);
}

static void limits_are_bounded(void **state)
{
    struct db_fixture *f = *state;
    struct db_page page = {0};

    db_make(f, ITEM);
    assert_int_equal(db_exec(&f->ctx,
                             "INSERT INTO item (at, name) WITH RECURSIVE k (i) AS (SELECT 1 UNION"
                             " ALL SELECT i + 1 FROM k WHERE i < 300) SELECT i, 'x' FROM k",
                             ARGS()),
                     ERR_OK);
    assert_int_equal(db_page(&f->ctx, &item_schema, &page, orders[0].page, ARGS(A(1000))), ERR_OK);
    assert_int_equal(page.rows.n, 50);
    page.limit = 1000000;
    assert_int_equal(db_page(&f->ctx, &item_schema, &page, orders[0].page, ARGS(A(1000))), ERR_OK);
    assert_int_equal(page.rows.n, 200);
    page.limit = -1;
    assert_int_equal(db_page(&f->ctx, &item_schema, &page, orders[0].page, ARGS(A(1000))),
                     ERR_INTERNAL);
}

static void a_key_must_be_usable(void **state)
{
    static const char *const keys[] = {"nothing", "maybe"};
    struct db_fixture *f = *state;

    db_make(f, ITEM);
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct db_page page = {.key = keys[i]};

        assert_int_equal(db_page(&f->ctx, &item_schema, &page, orders[2].page, ARGS(A(1))),
                         ERR_INTERNAL);
    }
}

static struct str encoded(struct ctx *ctx, struct str plain)
{
    size_t size = sodium_base64_encoded_len(plain.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *at = arena_alloc(&ctx->arena, size);

    sodium_bin2base64(at, size, (const unsigned char *)plain.at, plain.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(at);
}

static void refused(struct ctx *ctx, const struct order *o, struct str cursor)
{
    struct db_page page = {.key = o->key, .descending = o->descending, .cursor = cursor};

    fault_clear(ctx);
    if (db_page(ctx, &item_schema, &page, o->page, ARGS(A(1000))) != ERR_INVALID) {
        print_error("taken: %.*s\n", (int)cursor.len, cursor.at);
        assert_true(false);
    }
    assert_non_null(ctx->fault.fields);
    assert_true(str_is(ctx->fault.fields->pointer, "cursor"));
}

static void hostile_cursors_are_refused(void **state)
{
    struct db_fixture *f = *state;
    struct ctx *ctx = &f->ctx;
    char *huge = arena_alloc(&ctx->arena, 100001);
    const struct str raw[] = {STR("!"),        STR("AAAA="),     STR("a"),
                              STR("\xff\xfe"), STR("../../etc"), STR("YXQsMSwx\0YQ"),
                              STR(" "),        STR("%00"),       {huge, 100000}};
    const struct str plain[] = {STR("at"),
                                STR("at,"),
                                STR("at,1"),
                                STR("at,1,"),
                                STR("at,x,1"),
                                STR("at,1,x"),
                                STR("at,1,1x"),
                                STR("at,1,9223372036854775808"),
                                STR("at,99999999999999999999,1"),
                                STR("-at,1,1"),
                                STR("name,1,1"),
                                STR(",1,"),
                                STR("at,1,1;DROP TABLE item")};
    const struct str names[] = {STR("name,1,\xff"), STR("name,1,a\0b"), STR("at,1,1"),
                                STR("-name,1,a"), STR("name,,a")};

    memset(huge, 'A', 100000);
    fill(f);
    for (size_t i = 0; i < COUNT(raw); i++)
        refused(ctx, &orders[2], raw[i]);
    for (size_t i = 0; i < COUNT(plain); i++)
        refused(ctx, &orders[2], encoded(ctx, plain[i]));
    for (size_t i = 0; i < COUNT(names); i++)
        refused(ctx, &orders[4], encoded(ctx, names[i]));
    refused(ctx, &orders[0], encoded(ctx, STR(",1,2")));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM item"), ITEMS);
}

static void cursors_go_both_ways(void **state)
{
    const struct db_cursor cursors[] = {
        {.id = 0, .key = {.type = DB_NULL}},
        {.id = INT64_MAX, .key = {.type = DB_I64, .i64 = INT64_MIN}},
        {.id = 7, .key = {.type = DB_STR, .str = STR("a,b,علي")}},
        {.id = 7, .key = {.type = DB_STR, .str = STR("")}},
    };
    struct db_fixture *f = *state;

    for (size_t i = 0; i < COUNT(cursors); i++) {
        struct str text = db_cursor_encode(&f->ctx, "k", cursors[i]);
        struct db_cursor back;

        assert_int_equal(db_cursor_decode(&f->ctx, "k", cursors[i].key.type, text, &back), ERR_OK);
        assert_int_equal(back.id, cursors[i].id);
        if (back.key.type == DB_STR)
            assert_true(str_eq(back.key.str, cursors[i].key.str));
        else if (back.key.type == DB_I64)
            assert_int_equal(back.key.i64, cursors[i].key.i64);
    }
}

static const struct db_test tests[] = {
    DB_TEST(pages_hold_each_row_once_in_order),
    DB_TEST(an_empty_list_has_one_page),
    DB_TEST(limits_are_bounded),
    DB_TEST(a_key_must_be_usable),
    DB_TEST(hostile_cursors_are_refused),
    DB_TEST_SQLITE(cursors_go_both_ways),
};

int main(void)
{
    return db_tests_run("db_page", tests, COUNT(tests));
}
