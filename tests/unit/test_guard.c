/* SPDX-License-Identifier: MIT */
/* The framing guard, case by case, without a socket. */
#include <string.h>

#include "base/macros.h"

#include "check.h"
#include "http/guard.h"

#define wrong(...)                                                                                 \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        assert_true(false);                                                                        \
    } while (0)

struct header {
    const char *name, *value;
    bool lf;
};

struct row {
    const char *says; /* NULL: taken */
    struct header headers[4];
    bool body;
};

static const struct row rows[] = {
    {NULL, {{"Host", "x", 0}}, false},
    {NULL, {{"Host", "x", 0}, {"Content-Length", "0", 0}}, false},
    {NULL, {{"Host", "x", 0}, {"Content-Length", "12", 0}}, true},
    {NULL, {{"Host", "x", 0}, {"Transfer-Encoding", "Chunked", 0}}, true},
    {"no Host", {{"Accept", "x", 0}}, false},
    {"more than one Host", {{"Host", "x", 0}, {"host", "x", 0}}, false},
    {"more than one Content-Length",
     {{"Host", "x", 0}, {"Content-Length", "1", 0}, {"content-length", "1", 0}},
     true},
    {"together",
     {{"Host", "x", 0}, {"Content-Length", "1", 0}, {"Transfer-Encoding", "chunked", 0}},
     true},
    {"not a number", {{"Host", "x", 0}, {"Content-Length", "+1", 0}}, false},
    {"not a number", {{"Host", "x", 0}, {"Content-Length", "", 0}}, false},
    {"not a number", {{"Host", "x", 0}, {"Content-Length", "1 1", 0}}, false},
    {"not a number", {{"Host", "x", 0}, {"Content-Length", "9999999999999999999", 0}}, false},
    {"encoding is not known", {{"Host", "x", 0}, {"Transfer-Encoding", "gzip", 0}}, true},
    {"encoding is not known",
     {{"Host", "x", 0}, {"Transfer-Encoding", "chunked,chunked", 0}},
     true},
    {"name is malformed", {{"Host", "x", 0}, {"A ", "b", 0}}, false},
    {"name is malformed", {{"Host", "x", 0}, {"", "b", 0}}, false},
    {"name is malformed", {{"Host", "x", 0}, {"A\xc3\xa9", "b", 0}}, false},
    {"control character", {{"Host", "x", 0}, {"A", "b\x01", 0}}, false},
    {"control character", {{"Host", "x", 0}, {"A", "b\x7f", 0}}, false},
    {"CRLF", {{"Host", "x", 0}, {"A", "b", true}}, false},
    {"came twice", {{"Host", "x", 0}, {"Authorization", "a", 0}, {"authorization", "b", 0}}, false},
    {NULL, {{"Host", "x", 0}, {"Accept", "a", 0}, {"Accept", "b", 0}}, false},
};

static void test_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard g = GUARD;
        const char *why;

        for (size_t h = 0; h < COUNT(rows[i].headers) && rows[i].headers[h].name; h++)
            guard_header(&g, str_of(rows[i].headers[h].name), str_of(rows[i].headers[h].value),
                         !rows[i].headers[h].lf);
        why = guard_verdict(&g);
        if (rows[i].says && (!why || !strstr(why, rows[i].says)))
            wrong("row %zu: wanted \"%s\", got \"%s\"", i, rows[i].says, why ? why : "nothing");
        if (!rows[i].says && why)
            wrong("row %zu: %s", i, why);
        assert_int_equal(guard_has_body(&g), rows[i].body);
    }
}

static void test_nul_in_a_value(void **state)
{
    struct guard g = GUARD;

    (void)state;
    guard_header(&g, STR("Host"), STR("x"), true);
    guard_header(&g, STR("A"), (struct str){"b\0c", 3}, true);
    assert_non_null(guard_verdict(&g));
}

/* The line as it lies in memory: NULs where blanks and the line end were. */
static const char *line_verdict(const char *line, size_t uri_at, size_t uri_len, size_t version_at)
{
    struct guard g = GUARD;

    guard_line(&g, str_of(line), (struct str){line + uri_at, uri_len}, line + version_at);
    guard_header(&g, STR("Host"), STR("x"), true);
    return guard_verdict(&g);
}

static void test_request_lines(void **state)
{
    (void)state;
    assert_null(line_verdict("GET\0/a\0HTTP/1.1\0\0Host", 4, 2, 7));
    assert_null(line_verdict("GET\0/a\0HTTP/1.0\0\0Host", 4, 2, 7));
    assert_null(line_verdict("OPTIONS\0*\0HTTP/1.1\0\0Host", 8, 1, 10));
    assert_non_null(line_verdict("GET\0/a\0HTTP/1.1\0Host", 4, 2, 7));      /* bare LF */
    assert_non_null(line_verdict("GET\0/a\0b\0HTTP/1.1\0\0Host", 4, 2, 9)); /* NUL */
    assert_non_null(line_verdict("GET\0\0/a\0HTTP/1.1\0\0Host", 5, 2, 8));  /* two blanks */
    assert_non_null(line_verdict("GET\0a\0HTTP/1.1\0\0Host", 4, 1, 6));
    assert_non_null(line_verdict("GET\0/a\0HTTP/1.2\0\0Host", 4, 2, 7));
    assert_non_null(line_verdict("G(T\0/a\0HTTP/1.1\0\0Host", 4, 2, 7));
}

static void test_old_version(void **state)
{
    static const char line[] = "GET\0/a\0HTTP/1.0\0\0";
    struct guard g = GUARD;

    (void)state;
    guard_line(&g, str_of(line), (struct str){line + 4, 2}, line + 7);
    assert_null(guard_verdict(&g));
    guard_header(&g, STR("Transfer-Encoding"), STR("chunked"), true);
    assert_non_null(guard_verdict(&g));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_nul_in_a_value),
        cmocka_unit_test(test_request_lines),
        cmocka_unit_test(test_old_version),
    };

    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
