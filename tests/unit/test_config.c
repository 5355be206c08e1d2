/* SPDX-License-Identifier: MIT */
/* Options from their four sources: which wins, what is refused, what is never shown. */
#include <string.h>

#include "base/config.h"

#include "app/options.h"
#include "temp_dir.h"

struct shop {
    int64_t port;
    struct str name;
    struct str mode;
    bool open;
    struct strs tags;
    double ratio;
    struct str pass_word;
};

#define F(...) FIELD(struct shop, __VA_ARGS__)
static const struct field shop_fields[] = {
    F(port, "Port", .min = 1, .max = 65535, .fallback = "8000"),
    F(name, "Name", .max = 20, .fallback = "Shop"),
    F(mode, "Mode", .one_of = ONE_OF("slow", "fast"), .fallback = "slow"),
    F(open, "Open", .fallback = "false"),
    F(tags, "Tags", .max = 3, .fallback = ""),
    F(ratio, "Ratio", .fallback = "0.5"),
    F(pass_word, "Password", .max = 12, .fallback = "", .secret = true),
};
#undef F
static const struct schema shop_schema = SCHEMA(shop, shop_fields);

enum { PORT, NAME, MODE, OPEN, TAGS, RATIO, PASS_WORD, FIELDS };

struct loaded {
    struct shop shop;
    const char *origin[FIELDS];
};

/* As main() and execve() have them: not const, and never written to. */
#define LIST(...) ((char *const *)(uintptr_t)(const char *const[]){__VA_ARGS__, NULL})

static enum err load(struct temp_dir *t, const struct config_sources *from, struct loaded *ret)
{
    *ret = (struct loaded){0};
    fault_clear(&t->ctx);
    return config_load(&t->ctx, &shop_schema, from, &ret->shop, ret->origin);
}

static bool has_fault(const struct temp_dir *t, const char *field, const char *code)
{
    for (const struct field_error *fe = t->ctx.fault.fields; fe; fe = fe->next)
        if (str_is(fe->pointer, field) && strcmp(fe->code, code) == 0)
            return true;
    return false;
}

static size_t faults(const struct temp_dir *t)
{
    size_t n = 0;

    for (const struct field_error *fe = t->ctx.fault.fields; fe; fe = fe->next)
        n++;
    return n;
}

static void the_later_source_wins(void **state)
{
    struct temp_dir *t = *state;
    const char *file = temp_file(t, "shop.conf", "port = 1\n");
    const char *dotenv = temp_file(t, ".env", "SP_PORT=2\n");
    static const char *const origins[] = {"default", "file", ".env", "environment", "flag"};
    static const int64_t ports[] = {8000, 1, 2, 3, 4};

    for (unsigned sources = 0; sources < 16; sources++) {
        struct config_sources from = {
            .file = sources & 1 ? file : NULL,
            .dotenv = sources & 2 ? dotenv : NULL,
            .environment = sources & 4 ? LIST("SP_PORT=3") : NULL,
            .args = sources & 8 ? LIST("--port", "4") : NULL,
        };
        size_t last = sources & 8 ? 4 : sources & 4 ? 3 : sources & 2 ? 2 : sources & 1;
        struct loaded l;

        assert_int_equal(load(t, &from, &l), ERR_OK);
        assert_int_equal(l.shop.port, ports[last]);
        assert_string_equal(l.origin[PORT], origins[last]);
        assert_string_equal(l.origin[NAME], "default");
        assert_true(str_is(l.shop.name, "Shop"));
    }
}

static void every_type_is_read(void **state)
{
    struct temp_dir *t = *state;
    struct config_sources from = {
        .environment = LIST("SP_OPEN=true", "SP_TAGS=a, b ,c", "SP_RATIO=0.25", "SP_MODE=fast",
                            "SP_PASS_WORD=a=b", "PATH=/bin", "SP_TEST_PG_URL=x", "SP", "=")};
    struct loaded l;

    assert_int_equal(load(t, &from, &l), ERR_OK);
    assert_true(l.shop.open);
    assert_int_equal(l.shop.tags.n, 3);
    assert_true(str_is(l.shop.tags.at[1], "b"));
    assert_true(l.shop.ratio > 0.24 && l.shop.ratio < 0.26);
    assert_true(str_is(l.shop.mode, "fast"));
    assert_true(str_is(l.shop.pass_word, "a=b"));
}

static void lines_may_be_written_in_many_ways(void **state)
{
    static const struct {
        const char *line, *name;
    } rows[] = {
        {"name=Kiosk", "Kiosk"},
        {"  name  =  Kiosk  ", "Kiosk"},
        {"name = \"Kiosk \"", "Kiosk "},
        {"name = ' Kiosk'", " Kiosk"},
        {"name = \"Kiosk", "\"Kiosk"},
        {"name = 'Kiosk\"", "'Kiosk\""},
        {"name = \"", "\""},
        {"name = \"\"", ""},
        {"name =", ""},
        {"name = a#b", "a#b"},
        {"name = a = b", "a = b"},
        {"# name = Other\n\n   \n  # more\nname = Kiosk", "Kiosk"},
        {"name = Kiosk\r\n", "Kiosk"},
        {"name = Other\nname = Kiosk", "Kiosk"},
        {"name = \xd9\x85\xd8\xaf\xd8\xb1\xd8\xb3\xd8\xa9", "مدرسة"},
        {"", "Shop"},
    };
    struct temp_dir *t = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *file = temp_file(t, "shop.conf", rows[i].line);
        struct loaded l;

        assert_int_equal(load(t, &(struct config_sources){.file = file}, &l), ERR_OK);
        assert_string_equal(arena_cstr(&t->ctx.arena, l.shop.name), rows[i].name);
    }
}

static void flags_take_their_value_both_ways(void **state)
{
    struct temp_dir *t = *state;
    struct loaded l;

    assert_int_equal(load(t,
                          &(struct config_sources){.args = LIST("--port=7", "--pass-word", "--x",
                                                                "--name=", "--port=9")},
                          &l),
                     ERR_OK);
    assert_int_equal(l.shop.port, 9);
    assert_true(str_is(l.shop.pass_word, "--x"));
    assert_true(str_is(l.shop.name, ""));
    assert_int_equal(load(t, &(struct config_sources){.args = LIST("--name")}, &l), ERR_INVALID);
    assert_true(has_fault(t, "--name", "required"));
}

static void unknown_keys_are_errors_in_each_source(void **state)
{
    struct temp_dir *t = *state;
    const struct {
        struct config_sources from;
        const char *key;
    } rows[] = {
        {{.file = temp_file(t, "a.conf", "prot = 1\n")}, "prot"},
        {{.file = temp_file(t, "b.conf", "SP_PORT = 1\n")}, "SP_PORT"},
        {{.file = temp_file(t, "c.conf", "just a line\n")}, "just a line"},
        {{.dotenv = temp_file(t, "d.env", "SP_PROT=1\n")}, "SP_PROT"},
        {{.environment = LIST("SP_PROT=1")}, "SP_PROT"},
        {{.environment = LIST("SP_port=1")}, "SP_port"},
        {{.args = LIST("--prot=1")}, "--prot"},
        {{.args = LIST("--PORT", "1")}, "--PORT"},
        {{.args = LIST("port=1")}, "port"},
        {{.args = LIST("--pass_word=1")}, "--pass_word"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded l;

        assert_int_equal(load(t, &rows[i].from, &l), ERR_INVALID);
        assert_true(has_fault(t, rows[i].key, "unknown"));
    }
}

static void bad_values_are_listed_together(void **state)
{
    struct temp_dir *t = *state;
    struct config_sources from = {
        .file = temp_file(t, "shop.conf", "port = 70000\nopen = perhaps\nwhat = 1\n"),
        .environment = LIST("SP_MODE=faster", "SP_RATIO=half"),
        .args = LIST("--name=a name of more than twenty letters", "--tags=a,b,c,d"),
    };
    static const struct {
        const char *field, *code;
    } want[] = {
        {"port", "max"},   {"open", "type"},       {"what", "unknown"},   {"mode", "one_of"},
        {"ratio", "type"}, {"name", "max_length"}, {"tags", "max_items"},
    };
    struct loaded l;

    assert_int_equal(load(t, &from, &l), ERR_INVALID);
    for (size_t i = 0; i < COUNT(want); i++) {
        if (!has_fault(t, want[i].field, want[i].code))
            print_error("missing: %s %s\n", want[i].field, want[i].code);
        assert_true(has_fault(t, want[i].field, want[i].code));
    }
    assert_int_equal(faults(t), COUNT(want));
}

static void numbers_keep_their_bounds(void **state)
{
    static const struct {
        const char *line;
        enum err want;
    } rows[] = {
        {"SP_PORT=1", ERR_OK},         {"SP_PORT=65535", ERR_OK},
        {"SP_PORT=0", ERR_INVALID},    {"SP_PORT=65536", ERR_INVALID},
        {"SP_PORT=-1", ERR_INVALID},   {"SP_PORT=", ERR_INVALID},
        {"SP_PORT=80x", ERR_INVALID},  {"SP_PORT=0x50", ERR_INVALID},
        {"SP_RATIO=nan", ERR_INVALID}, {"SP_PORT=99999999999999999999", ERR_INVALID},
        {"SP_NAME=\xff", ERR_INVALID},
    };
    struct temp_dir *t = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_sources from = {.environment = LIST(rows[i].line)};
        struct loaded l;

        assert_int_equal(load(t, &from, &l), rows[i].want);
    }
}

static void a_named_file_must_be_there(void **state)
{
    struct temp_dir *t = *state;
    struct loaded l;

    assert_int_equal(load(t, &(struct config_sources){.file = temp_path(t, "none")}, &l),
                     ERR_NOT_FOUND);
    assert_int_equal(load(t, &(struct config_sources){.dotenv = temp_path(t, "none")}, &l), ERR_OK);
}

static bool holds(const struct buf *b, const char *text)
{
    return memmem(b->at, b->len, text, strlen(text)) != NULL;
}

static void secrets_are_not_shown(void **state)
{
    struct temp_dir *t = *state;
    struct config_sources from = {.environment = LIST("SP_PASS_WORD=0penSesame", "SP_PORT=81")};
    struct loaded l;
    struct buf b = BUF(1 << 16);

    assert_int_equal(load(t, &from, &l), ERR_OK);
    config_write_show(&t->ctx, &shop_schema, &l.shop, l.origin, &b);
    assert_false(holds(&b, "0penSesame"));
    assert_true(holds(&b, "(set)"));
    assert_true(holds(&b, "(environment)"));
    assert_true(holds(&b, "81"));
    buf_finish(&b);
    b = BUF(1 << 16);
    l.shop.pass_word = (struct str){"", 0};
    config_write_show(&t->ctx, &shop_schema, &l.shop, l.origin, &b);
    assert_true(holds(&b, "(not set)"));
    buf_finish(&b);
    /* Nor does a refusal repeat it. */
    from.environment = LIST("SP_PASS_WORD=0penSesame-and-more");
    assert_int_equal(load(t, &from, &l), ERR_INVALID);
    assert_true(has_fault(t, "pass_word", "max_length"));
    for (const struct field_error *fe = t->ctx.fault.fields; fe; fe = fe->next)
        assert_null(memmem(fe->detail.at, fe->detail.len, "Sesame", 6));
}

typedef void writer(struct ctx *ctx, const struct schema *s, struct buf *b);

static void documents_are_the_same_each_time(void **state)
{
    writer *const writers[] = {config_write_doc, config_write_env_example};
    struct temp_dir *t = *state;

    for (size_t i = 0; i < COUNT(writers); i++) {
        struct buf one = BUF(1 << 16), two = BUF(1 << 16);

        writers[i](&t->ctx, &settings_schema, &one);
        ctx_reset(&t->ctx);
        writers[i](&t->ctx, &settings_schema, &two);
        assert_false(one.failed);
        assert_int_equal(one.len, two.len);
        assert_memory_equal(one.at, two.at, one.len);
        for (size_t k = 0; k < settings_schema.n; k++)
            assert_true(holds(&one, config_env_name(&t->ctx.arena, &settings_schema.fields[k]).at));
        buf_finish(&one);
        buf_finish(&two);
    }
}

/* Copied to .env with every line uncommented, the example is the defaults. */
static void the_example_is_itself_an_env_file(void **state)
{
    struct temp_dir *t = *state;
    struct buf b = BUF(1 << 16), lines = BUF(1 << 16);
    struct str rest;
    struct loaded l;

    config_write_env_example(&t->ctx, &shop_schema, &b);
    rest = buf_view(&b);
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');

        if (str_starts(line, "# SP_"))
            line = (struct str){line.at + 2, line.len - 2};
        buf_str(&lines, line);
        buf_putc(&lines, '\n');
    }
    buf_putc(&lines, '\0');
    assert_int_equal(
        load(t, &(struct config_sources){.dotenv = temp_file(t, ".env", lines.at)}, &l), ERR_OK);
    assert_int_equal(l.shop.port, 8000);
    for (size_t i = 0; i < FIELDS; i++)
        assert_string_equal(l.origin[i], ".env");
    buf_finish(&b);
    buf_finish(&lines);
}

static void the_products_options_are_whole(void **state)
{
    struct temp_dir *t = *state;
    struct settings s = {0};
    const char **origin = ARENA_NEW_N(&t->ctx.arena, const char *, settings_schema.n);

    assert_int_equal(
        config_load(&t->ctx, &settings_schema, &(struct config_sources){0}, &s, origin), ERR_OK);
    for (size_t i = 0; i < settings_schema.n; i++) {
        const struct field *f = &settings_schema.fields[i];

        assert_non_null(f->fallback);
        assert_true(strlen(f->doc) > 3);
        assert_string_equal(origin[i], "default");
        /* What guards a door is marked as such. */
        if (strstr(f->name, "password") && f->type == FIELD_STR)
            assert_true(f->secret);
    }
    assert_int_equal(s.http_port, 8000);
    assert_true(schema_field(&settings_schema, STR("database_url"))->secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        temp_dir_test(the_later_source_wins),
        temp_dir_test(every_type_is_read),
        temp_dir_test(lines_may_be_written_in_many_ways),
        temp_dir_test(flags_take_their_value_both_ways),
        temp_dir_test(unknown_keys_are_errors_in_each_source),
        temp_dir_test(bad_values_are_listed_together),
        temp_dir_test(numbers_keep_their_bounds),
        temp_dir_test(a_named_file_must_be_there),
        temp_dir_test(secrets_are_not_shown),
        temp_dir_test(documents_are_the_same_each_time),
        temp_dir_test(the_example_is_itself_an_env_file),
        temp_dir_test(the_products_options_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
