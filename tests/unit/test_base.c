/* SPDX-License-Identifier: MIT */
/* base/: strings, arena, buf, clock, schema-driven JSON, configuration. */
#include <string.h>

#include "base/fold.h"
#include "base/json.h"
#include "base/text.h"

#include "check.h"

static void numbers_are_read_whole_and_in_range(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int64_t v;
    } rows[] = {
        {"0", true, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-", false, 0},
        {"", false, 0},
        {"1x", false, 0},
        {" 1", false, 0},
        {"99999999999999999999999", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t v = -7;

        assert_int_equal(str_to_i64(str_of(rows[i].text), &v), rows[i].good);
        assert_int_equal(v, rows[i].good ? rows[i].v : -7);
    }
}

static void utf8_refuses_what_rfc_3629_refuses(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("école مدرسة 😀")));
    assert_false(str_is_utf8(STR("\xC0\xAF")));
    assert_false(str_is_utf8(STR("\xED\xA0\x80")));
    assert_false(str_is_utf8(STR("\xF4\x90\x80\x80")));
    assert_false(str_is_utf8(STR("a\0b")));
    assert_false(str_is_utf8(STR("\xE2\x82")));
    assert_int_equal(str_points(STR("é😀a")), 3);
}

static void times_go_both_ways(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-02-03T04:05:06.789Z", 1770091506789},
        {"2026-02-03T05:05:06.789+01:00", 1770091506789},
        {"2024-02-29T23:59:59.999Z", 1709251199999},
        {"9999-12-31T23:59:59.999Z", 253402300799999},
    };
    static const struct {
        const char *text;
        int64_t ms;
    } any[] = {
        {"1969-12-31T23:59:59Z", -1000},
        {"2026-02-03T04:05:06.789Z", 1770091506789},
        {"0000-03-01T00:00:00Z", -62162035200000},
        {"-000001-12-31T00:00:00Z", -62167305600000},
        {"+010000-01-01T00:00:00+01:00", 253402297200000},
    };
    static const char *const bad[] = {
        "2023-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z",
        "1969-12-31T23:59:59Z", "2026-01-01T00:00:00",  "x",          "2026-01-01T00:00:00+1:00",
    };
    struct arena a = {0};
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(time_parse(str_of(good[i].text), &ms));
        assert_int_equal(ms, good[i].ms);
        assert_true(time_parse(time_format(&a, ms), &ms));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(time_parse(str_of(bad[i]), &ms));
    for (size_t i = 0; i < COUNT(any); i++) {
        assert_true(time_parse_any(str_of(any[i].text), &ms));
        assert_int_equal(ms, any[i].ms);
        assert_true(any[i].ms >= 0 || !time_parse(str_of(any[i].text), &ms));
    }
    assert_false(time_parse_any(STR("+12026-01-01T00:00:00Z"), &ms));
    assert_false(time_parse_any(STR("+002026-02-29T00:00:00Z"), &ms));
    assert_false(date_is_valid(STR("+002026-02-28")));
    assert_string_equal(time_http(&a, 784111777000).at, "Sun, 06 Nov 1994 08:49:37 GMT");
    arena_finish(&a);
}

static void buf_error_sticks(void **state)
{
    struct buf b = BUF(8);

    (void)state;
    buf_puts(&b, "1234");
    buf_puts(&b, "56789");
    buf_puts(&b, "1");
    assert_true(b.failed);
    assert_int_equal(buf_view(&b).len, 0);
    buf_finish(&b);
}

static void a_secret_buf_is_as_any_other(void **state)
{
    cleanup(buf_finish) struct buf b = {.max = 3000, .secret = true};
    char want[2001] = {0};

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        want[i] = (char)('a' + i % 26);
        buf_putc(&b, want[i]);
    }
    assert_string_equal(b.at, want);
    buf_finish(&b);
    assert_true(b.secret && b.max == 3000 && !b.at && !b.len);
    buf_puts(&b, "again");
    assert_string_equal(b.at, "again");
    assert_false(buf_reserve(&b, 3000));
}

static void arena_gives_zeroed_memory_again(void **state)
{
    struct arena a = {0};
    char *p = arena_alloc(&a, 100);

    (void)state;
    memset(p, 'x', 100);
    arena_alloc(&a, 1 << 20);
    arena_reset(&a);
    p = arena_alloc(&a, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(p[i], 0);
    arena_finish(&a);
}

static void names_fold_for_search(void **state)
{
    static const char *const rows[][2] = {
        {"Élodie  DURÁN ", "elodie duran"},
        {"Straße", "strasse"},
        {"مُحَمَّد", "محمد"},
        {"أحمد", "احمد"},
        {"فاطمة", "فاطمه"},
        {"ﬁn", "fin"},
        {"آمنة إدريس", "امنه ادريس"},
        {"ٱلْحُسَيْن", "الحسين"},
        {"مصطفى", "مصطفي"},
        {"مصطفی", "مصطفي"}, /* Farsi yeh */
        {"عائشة", "عايشه"},
        {"فؤاد", "فواد"},
        {"مـــحـمد", "محمد"}, /* tatweel */
        {"ﻣﺤﻤﺪ", "محمد"},     /* presentation forms */
        {"الفوج ١٢٣", "الفوج 123"},
        {"۴۵۶", "456"},
        {"\xE2\x80\x8Fهدى\xE2\x80\x8E", "هدي"}, /* direction marks */
        {"بن\xE2\x80\x8Cعلي", "بنعلي"},         /* zero-width non-joiner */
        {"bad\xff", ""},
    };
    struct arena a = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(str_fold(&a, str_of(rows[i][0])).at, rows[i][1]);
    arena_finish(&a);
}

static void names_have_one_form(void **state)
{
    /* as written, as kept; NULL: no name */
    static const char *const rows[][2] = {
        {"  Networks 1A \t\r\n", "Networks 1A"},
        {"\xC2\xA0Salle\xE3\x80\x80", "Salle"}, /* no-break and ideographic space */
        {"E\xCC\x81lodie", "Élodie"},           /* E and an acute accent: composed */
        {"فاطمة الزهراء", "فاطمة الزهراء"},
        {"هدى\xE2\x80\x8F (2)", "هدى\xE2\x80\x8F (2)"}, /* a direction mark may stay */
        {"", ""},
        {" \n ", ""},
        {"a\nb", NULL},
        {"a\tb", NULL},
        {"a\x1b[31mb", NULL},
        {"a\x7fz", NULL},
        {"a\xC2\x85z", NULL},          /* next line */
        {"a\xE2\x80\xA8z", NULL},      /* line separator */
        {"gnp.\xE2\x80\xAEtxt", NULL}, /* right-to-left override */
        {"a\xE2\x81\xA7z", NULL},      /* right-to-left isolate */
        {"a\xEF\xBF\xBFz", NULL},      /* a noncharacter */
        {"bad\xff", NULL},
    };
    struct arena a = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str got = STR("untouched");
        bool good = text_name(&a, str_of(rows[i][0]), &got);

        assert_int_equal(good, rows[i][1] != NULL);
        assert_true(str_is(got, good ? rows[i][1] : "untouched"));
        assert_true(!good || text_is_name(got));
    }
    assert_true(
        str_is(text_to_name(&a, STR(" Fête\r\n du\xE2\x80\xAE \tTrône\n")), "Fête du Trône"));
    assert_true(str_is(text_to_name(&a, STR("bad\xff")), ""));
    arena_finish(&a);
}

struct child {
    int64_t id;
};
struct thing {
    int64_t count;
    struct str name;
    struct opt_i64 room;
    struct list children;
    int64_t at;
    struct strs tags;
    double score;
};
static const struct field child_fields[] = {FIELD(struct child, id, "Id", .required = true)};
static const struct schema child_schema = SCHEMA(child, child_fields);
#define F(...) FIELD(struct thing, __VA_ARGS__)
static const struct field thing_fields[] = {
    F(count, "Count", .required = true, .min = 1, .max = 10),
    F(name, "Name", .required = true, .min = 1, .max = 5),
    F(room, "Room"),
    F(children, "Children", .items = &child_schema, .max = 2),
    F(at, "When", .format = "date-time"),
    F(tags, "Tags", .max = 3),
    F(score, "Score"),
};
#undef F
static const struct schema thing_schema = SCHEMA(thing, thing_fields);

static void json_goes_both_ways(void **state)
{
    struct ctx ctx = {.ports = &system_ports};
    struct thing t = {0};
    struct buf b = BUF(4096);
    const char *text =
        "{\"count\":3,\"name\":\"caf\xc3\xa9\",\"room\":null,\"children\":[{\"id\":1},"
        "{\"id\":2}],\"at\":\"2026-02-03T04:05:06.789Z\",\"tags\":[\"a\\n\"],"
        "\"score\":0.5}";

    (void)state;
    assert_int_equal(json_bind(&ctx, &thing_schema, str_of(text), &t), ERR_OK);
    assert_true(t.room.set && t.room.null);
    json_write(&b, &thing_schema, &t);
    assert_string_equal(b.at, text);
    buf_finish(&b);
    arena_finish(&ctx.arena);
}

static void json_tells_every_wrong_member(void **state)
{
    struct ctx ctx = {.ports = &system_ports};
    struct thing t = {0};
    const char *text =
        "{\"count\":11,\"name\":\"toolong\",\"children\":[{\"id\":\"x\"},{}],"
        "\"at\":\"yesterday\",\"extra\":1,\"tags\":7}";
    static const struct {
        const char *pointer, *code;
    } want[] = {
        {"/count", "max"},
        {"/name", "max_length"},
        {"/children/0/id", "type"},
        {"/children/1/id", "required"},
        {"/at", "type"},
        {"/extra", "unknown"},
        {"/tags", "type"},
    };
    size_t n = 0;

    (void)state;
    assert_int_equal(json_bind(&ctx, &thing_schema, str_of(text), &t), ERR_INVALID);
    for (struct field_error *fe = ctx.fault.fields; fe; fe = fe->next, n++) {
        assert_true(n < COUNT(want));
        assert_string_equal(fe->pointer.at, want[n].pointer);
        assert_string_equal(fe->code, want[n].code);
    }
    assert_int_equal(n, COUNT(want));
    arena_finish(&ctx.arena);
}

static void json_refuses_hostile_text(void **state)
{
    static const char *const bad[] = {
        "", "{", "{\"count\":1,\"count\":2}", "{\"count\":99999999999999999999}", "[1,]", "\xff",
    };
    struct ctx ctx = {.ports = &system_ports};
    struct thing t = {0};
    char bomb[4001];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(json_bind(&ctx, &thing_schema, str_of(bad[i]), &t), ERR_BAD_REQUEST);
    memset(bomb, '[', sizeof(bomb) - 1);
    bomb[sizeof(bomb) - 1] = '\0';
    fault_clear(&ctx);
    assert_int_equal(json_bind(&ctx, &thing_schema, str_of(bomb), &t), ERR_BAD_REQUEST);
    assert_non_null(strstr(ctx.fault.detail.at, "deeper"));
    arena_finish(&ctx.arena);
}

static void equal_structs_are_told_by_their_schema(void **state)
{
    struct whole {
        bool b;
        int64_t i;
        double d;
        struct str s;
        struct opt_i64 oi;
        struct opt_str os;
        struct opt_bool ob;
        struct opt_f64 od;
        struct i64s is;
        struct strs ss;
    };
    static const struct field fields[] = {
        FIELD(struct whole, b, ""),  FIELD(struct whole, i, ""),
        FIELD(struct whole, d, ""),  FIELD(struct whole, s, ""),
        FIELD(struct whole, oi, ""), FIELD(struct whole, os, ""),
        FIELD(struct whole, ob, ""), FIELD(struct whole, od, "", .hidden = true),
        FIELD(struct whole, is, ""), FIELD(struct whole, ss, ""),
    };
    const struct schema schema = SCHEMA(whole, fields);
    const struct whole one = {
        .s = STR("é"),
        .oi = {.set = true, .v = 4},
        .is = {(int64_t[]){2, 1}, 2},
        .ss = {(struct str[]){STR("mo"), STR("th")}, 2},
    };
    struct whole other = one;
    struct whole changed[10];

    (void)state;
    other.is.at = (int64_t[]){1, 2};
    other.ss.at = (struct str[]){STR("th"), STR("mo")};
    other.os = (struct opt_str){.set = true, .null = true}; /* as absent */
    assert_true(schema_same(&schema, &one, &other));
    for (size_t i = 0; i < COUNT(changed); i++)
        changed[i] = one;
    changed[0].b = true;
    changed[1].i = 1;
    changed[2].d = 0.5;
    changed[3].s = STR("e");
    changed[4].oi.null = true;
    changed[5].os.set = true;
    changed[6].ob = (struct opt_bool){.set = true};
    changed[7].od = (struct opt_f64){.set = true};
    changed[8].is.n = 1;
    changed[9].ss.at = (struct str[]){STR("mo"), STR("tu")};
    for (size_t i = 0; i < COUNT(changed); i++) {
        assert_false(schema_same(&schema, &one, &changed[i]));
        assert_false(schema_same(&schema, &changed[i], &one));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_whole_and_in_range),
        cmocka_unit_test(utf8_refuses_what_rfc_3629_refuses),
        cmocka_unit_test(times_go_both_ways),
        cmocka_unit_test(buf_error_sticks),
        cmocka_unit_test(a_secret_buf_is_as_any_other),
        cmocka_unit_test(arena_gives_zeroed_memory_again),
        cmocka_unit_test(names_fold_for_search),
        cmocka_unit_test(names_have_one_form),
        cmocka_unit_test(equal_structs_are_told_by_their_schema),
        cmocka_unit_test(json_goes_both_ways),
        cmocka_unit_test(json_tells_every_wrong_member),
        cmocka_unit_test(json_refuses_hostile_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
