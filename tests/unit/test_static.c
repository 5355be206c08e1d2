/* SPDX-License-Identifier: MIT */
/* Addresses and encodings of the web app's files, and how an address is decoded. */
#include <string.h>

#include "ctx_test.h"
#include "http/static.h"
#include "http/target.h"

#define wrong(...)                                                                                 \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        assert_true(false);                                                                        \
    } while (0)

static const struct asset files[] = {
    {"/assets/a.js",
     "text/javascript",
     true,
     {{"1", 1, "\"1\""}, {"2", 1, "\"2\""}, {"3", 1, "\"3\""}}},
    {"/docs/index.html", "text/html", false, {{"d", 1, "\"d\""}}},
    {"/index.html", "text/html", false, {{"i", 1, "\"i\""}, {"z", 1, "\"z\""}}},
};
static const struct asset_table table = {files, COUNT(files), "'sha256-x='", NULL};

struct find_row {
    const char *path, *accept, *file; /* file NULL: 404 */
};

static const struct find_row finds[] = {
    {"/", "text/html", "/index.html"},
    {"/", "", "/index.html"},
    {"/index.html", "", "/index.html"},
    {"/students/7", "text/html,*/*;q=0.8", "/index.html"},
    {"/students/7", "*/*", "/index.html"},
    {"/students/7", "application/json", NULL},
    {"/students/a.b", "text/html", NULL},
    {"/a.b/students", "text/html", "/index.html"},
    {"/assets/a.js", "*/*", "/assets/a.js"},
    {"/assets/a", "text/html", NULL},
    {"/assets/", "text/html", NULL},
    {"/docs", "text/html", "/docs/index.html"},
    {"/docs/", "text/html", "/docs/index.html"},
    {"/docs/x", "text/html", NULL},
    {"/api", "text/html", NULL},
    {"/api/v1/x", "text/html", NULL},
    {"/apis", "text/html", "/index.html"},
};

static void test_find(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(finds); i++) {
        const struct asset *a = static_find(&table, str_of(finds[i].path), str_of(finds[i].accept));

        if (!a != !finds[i].file || (a && strcmp(a->path, finds[i].file) != 0))
            wrong("%s for %s: %s", finds[i].path, finds[i].accept, a ? a->path : "nothing");
    }
    assert_null(static_find(NULL, STR("/"), STR("")));
    assert_null(static_find(&(struct asset_table){0}, STR("/"), STR("")));
}

struct encoding_row {
    const char *accept;
    enum asset_encoding best;
};

static const struct encoding_row encodings[] = {
    {"", ENCODING_PLAIN},
    {"gzip", ENCODING_GZIP},
    {"br", ENCODING_BR},
    {"gzip, deflate, br, zstd", ENCODING_BR},
    {"GZIP", ENCODING_GZIP},
    {"x-gzip", ENCODING_GZIP},
    {"br;q=0.5, gzip;q=0.8", ENCODING_GZIP},
    {"br ; q=0.5 , gzip ; q=0.5", ENCODING_BR},
    {"br;q=0, gzip;q=0", ENCODING_PLAIN},
    {"*", ENCODING_BR},
    {"*;q=0", ENCODING_PLAIN},
    {"*;q=0, gzip", ENCODING_GZIP},
    {"br;q=0, *", ENCODING_GZIP},
    {"identity;q=1, br;q=0.9", ENCODING_PLAIN},
    {"br;q=2", ENCODING_PLAIN},
    {"br;q=x", ENCODING_PLAIN},
    {"deflate", ENCODING_PLAIN},
};

static void test_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(encodings); i++) {
        enum asset_encoding e = static_encoding(&files[0], str_of(encodings[i].accept));

        if (e != encodings[i].best)
            wrong("%s: %d", encodings[i].accept, (int)e);
    }
    assert_int_equal(static_encoding(&files[2], STR("br, gzip")), ENCODING_GZIP);
    assert_int_equal(static_encoding(&files[1], STR("br, gzip")), ENCODING_PLAIN);
}

static void test_tags(void **state)
{
    (void)state;
    assert_true(etag_matches(STR("\"a\""), STR("\"a\"")));
    assert_true(etag_matches(STR("\"b\" , W/\"a\""), STR("\"a\"")));
    assert_true(etag_matches(STR("*"), STR("\"a\"")));
    assert_false(etag_matches(STR(""), STR("\"a\"")));
    assert_false(etag_matches(STR("a"), STR("\"a\"")));
    assert_false(etag_matches(STR("\"ab\""), STR("\"a\"")));
}

static void test_policy(void **state)
{
    struct ctx *ctx = *state;
    struct str csp = static_csp(&ctx->arena, &table);

    assert_non_null(strstr(csp.at, "script-src 'self' 'sha256-x=';"));
    assert_non_null(strstr(csp.at, "style-src 'self';"));
    assert_null(strstr(csp.at, "unsafe"));
    assert_non_null(strstr(static_csp(&ctx->arena, NULL).at, "script-src 'self';"));
}

struct target_row {
    const char *raw, *path, *query; /* path NULL: refused */
};

static const struct target_row targets[] = {
    {"/", "/", ""},
    {"/a%20b/%C3%A9?x=%2F&y", "/a b/\xc3\xa9", "x=%2F&y"},
    {"/a?b?c", "/a", "b?c"},
    {"/%252e%252e/x", "/%2e%2e/x", ""},
    {"/..a/.b/c..", "/..a/.b/c..", ""},
    {"", NULL, NULL},
    {"a", NULL, NULL},
    {"/..", NULL, NULL},
    {"/./a", NULL, NULL},
    {"/a/%2e%2e/b", NULL, NULL},
    {"/a/.%2E", NULL, NULL},
    {"/a%2fb", NULL, NULL},
    {"/a%2Fb", NULL, NULL},
    {"/a\\b", NULL, NULL},
    {"/a%5cb", NULL, NULL},
    {"/a%00", NULL, NULL},
    {"/a%0ab", NULL, NULL},
    {"/a%7f", NULL, NULL},
    {"/a%", NULL, NULL},
    {"/a%2", NULL, NULL},
    {"/a%g0", NULL, NULL},
    {"/%ff", NULL, NULL},
    {"/%c0%af", NULL, NULL},
    {"/a b", NULL, NULL},
    {"/\xc3\xa9", NULL, NULL},
};

static void test_targets(void **state)
{
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(targets); i++) {
        struct target t = {0};
        const char *why = target_read(&ctx->arena, str_of(targets[i].raw), &t);

        if (!why != (targets[i].path != NULL) ||
            (!why && (!str_is(t.path, targets[i].path) || !str_is(t.query, targets[i].query))))
            wrong("%s: %s", targets[i].raw, why ? why : "taken");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find), cmocka_unit_test(test_encodings), cmocka_unit_test(test_tags),
        ctx_test(test_policy),       ctx_test(test_targets),
    };

    return cmocka_run_group_tests_name("static", tests, NULL, NULL);
}
