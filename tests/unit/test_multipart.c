/* SPDX-License-Identifier: MIT */
/* The form reader: what is taken, what is refused, and that it does not matter where it is cut. */
#include <string.h>

#include "base/mem.h"

#include "check.h"
#include "http/multipart.h"

#define wrong(...)                                                                                 \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        assert_true(false);                                                                        \
    } while (0)

#define DISPOSITION "Content-Disposition: form-data; "
#define PHOTO                                                                                      \
    "--b\r\n" DISPOSITION                                                                          \
    "name=\"photo\"; filename=\"a.jpg\"\r\n"                                                       \
    "Content-Type: image/jpeg\r\n\r\n"
#define END "\r\n--b--\r\n"

static const struct multipart_limits limits = {.parts = 3, .part = 40, .total = 60};

static struct multipart *feed(struct str body, size_t first)
{
    struct multipart *m = multipart_create(STR("b"), &limits);

    if (multipart_feed(m, body.at, first) == ERR_OK)
        (void)!multipart_feed(m, body.at + first, body.len - first);
    return m;
}

struct good {
    struct str body;
    size_t n;
    const char *name, *file, *type;
    struct str data; /* of the first part */
};

#define TEXT(literal_)                                                                             \
    {                                                                                              \
        literal_, sizeof(literal_) - 1                                                             \
    }
static const struct good goods[] = {
    {TEXT("--b--\r\n"), 0, NULL, NULL, NULL, TEXT("")},
    {TEXT("--b--"), 0, NULL, NULL, NULL, TEXT("")},
    {TEXT(PHOTO "xyz" END), 1, "photo", "a.jpg", "image/jpeg", TEXT("xyz")},
    {TEXT(PHOTO END), 1, "photo", "a.jpg", "image/jpeg", TEXT("")},
    {TEXT(PHOTO "--b--\r\n"), 1, "photo", "a.jpg", "image/jpeg", TEXT("")},
    {TEXT(PHOTO "\r\n" END), 1, "photo", "a.jpg", "image/jpeg", TEXT("\r\n")},
    {TEXT(PHOTO "\r\n-\r\r\n--\r\n--a" END), 1, "photo", "a.jpg", "image/jpeg",
     TEXT("\r\n-\r\r\n--\r\n--a")},
    {TEXT(PHOTO "-" END), 1, "photo", "a.jpg", "image/jpeg", TEXT("-")},
    {TEXT(PHOTO "--a" END), 1, "photo", "a.jpg", "image/jpeg", TEXT("--a")},
    {TEXT(PHOTO "a\0b" END), 1, "photo", "a.jpg", "image/jpeg", TEXT("a\0b")},
    {TEXT(PHOTO "1\r\n" PHOTO "2" END), 2, "photo", "a.jpg", "image/jpeg", TEXT("1")},
    {TEXT("--b\r\n" DISPOSITION "name=note\r\n\r\nv" END), 1, "note", "", "", TEXT("v")},
    {TEXT("--b\r\ncontent-disposition:FORM-DATA;name=\"n\"\r\n\r\nv" END), 1, "n", "", "",
     TEXT("v")},
    {TEXT("--b\r\n" DISPOSITION "name=\"a%22b\\\"c\\\\\"\r\n\r\nv" END), 1, "a\"b\"c\\", "", "",
     TEXT("v")},
    {TEXT("--b\r\n" DISPOSITION "name=\"n\"; filename=\"\"\r\n\r\n" END), 1, "n", "", "", TEXT("")},
};

static void check_good(const struct good *g, size_t row, size_t cut)
{
    struct multipart *m = feed(g->body, cut);
    const struct form_part *p;
    size_t n = 0;

    if (multipart_end(m) != ERR_OK)
        wrong("row %zu cut at %zu: %s", row, cut, multipart_why(m));
    for (p = multipart_parts(m); p; p = p->next)
        n++;
    assert_int_equal(n, g->n);
    p = multipart_parts(m);
    if (p && !(str_is(p->name, g->name) && str_is(p->file.name, g->file) &&
               str_is(p->file.type, g->type) && str_eq(p->file.data, g->data)))
        wrong("row %zu cut at %zu: other content", row, cut);
    multipart_destroy(m);
}

static void test_taken_wherever_it_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(goods); i++)
        for (size_t cut = 0; cut <= goods[i].body.len; cut++)
            check_good(&goods[i], i, cut);
}

static void test_byte_by_byte(void **state)
{
    struct str body = TEXT(PHOTO "\r\n--x\r\n" PHOTO "yz" END);
    struct multipart *m = multipart_create(STR("b"), &limits);

    (void)state;
    for (size_t i = 0; i < body.len; i++)
        assert_int_equal(multipart_feed(m, body.at + i, 1), ERR_OK);
    assert_int_equal(multipart_end(m), ERR_OK);
    assert_true(str_is(multipart_parts(m)->file.data, "\r\n--x"));
    assert_true(str_is(multipart_parts(m)->next->file.data, "yz"));
    multipart_destroy(m);
}

struct bad {
    enum err e;
    const char *says;
    struct str body;
};

static const struct bad bads[] = {
    {ERR_BAD_REQUEST, "closing boundary", TEXT("")},
    {ERR_BAD_REQUEST, "closing boundary", TEXT(PHOTO "xyz")},
    {ERR_BAD_REQUEST, "closing boundary", TEXT(PHOTO "xyz\r\n--b")},
    {ERR_BAD_REQUEST, "closing boundary", TEXT(PHOTO "xyz\r\n--b-")},
    {ERR_BAD_REQUEST, "begin with", TEXT("x\r\n" PHOTO END)},
    {ERR_BAD_REQUEST, "begin with", TEXT("--c\r\n\r\n")},
    {ERR_BAD_REQUEST, "do not belong", TEXT(PHOTO "x\r\n--bc\r\n")},
    {ERR_BAD_REQUEST, "do not belong", TEXT(PHOTO "x\r\n--b \r\n")},
    {ERR_BAD_REQUEST, "do not belong", TEXT(PHOTO "x\r\n--b--x")},
    {ERR_BAD_REQUEST, "follows the form", TEXT(PHOTO "x" END "x")},
    {ERR_BAD_REQUEST, "no headers", TEXT("--b\r\n\r\nx" END)},
    {ERR_BAD_REQUEST, "no Content-Disposition", TEXT("--b\r\nContent-Type: a\r\n\r\nx" END)},
    {ERR_BAD_REQUEST, "not form-data",
     TEXT("--b\r\nContent-Disposition: file; name=a\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "no name", TEXT("--b\r\n" DISPOSITION "filename=a\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "empty or too long", TEXT("--b\r\n" DISPOSITION "name=\"\"\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "two names", TEXT("--b\r\n" DISPOSITION "name=a; name=b\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "two file names",
     TEXT("--b\r\n" DISPOSITION "name=a; filename=b; filename=c\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "two Content-Disposition",
     TEXT("--b\r\n" DISPOSITION "name=a\r\n" DISPOSITION "name=b\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "not closed", TEXT("--b\r\n" DISPOSITION "name=\"a\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "malformed", TEXT("--b\r\n" DISPOSITION "name\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "malformed", TEXT("--b\r\n" DISPOSITION "name=\"a\"x\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "malformed", TEXT("--b\r\n" DISPOSITION "name=a\r\nX Y: z\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "CRLF", TEXT("--b\r\n" DISPOSITION "name=a\nX: y\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "control", TEXT("--b\r\n" DISPOSITION "name=\"a\0\"\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "UTF-8", TEXT("--b\r\n" DISPOSITION "name=\"\xff\"\r\n\r\n" END)},
    {ERR_BAD_REQUEST, "transfer encoding",
     TEXT("--b\r\n" DISPOSITION "name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n" END)},
    {ERR_TOO_LARGE, "a part", TEXT(PHOTO "12345678901234567890123456789012345678901" END)},
    {ERR_TOO_LARGE, "the form",
     TEXT(PHOTO "1234567890123456789012345678901234567890\r\n" PHOTO "123456789012345678901" END)},
    {ERR_TOO_LARGE, "too many parts",
     TEXT(PHOTO "1\r\n" PHOTO "2\r\n" PHOTO "3\r\n" PHOTO "4" END)},
};

static void test_refused_wherever_it_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bads); i++) {
        for (size_t cut = 0; cut <= bads[i].body.len; cut++) {
            struct multipart *m = feed(bads[i].body, cut);
            enum err e = multipart_end(m);

            if (e != bads[i].e || !strstr(multipart_why(m), bads[i].says))
                wrong("row %zu cut at %zu: error %d \"%s\"", i, cut, e, multipart_why(m));
            assert_null(multipart_parts(m));
            multipart_destroy(m);
        }
    }
}

static void test_long_headers(void **state)
{
    struct multipart *m = multipart_create(STR("b"), &limits);
    enum err e = multipart_feed(m, "--b\r\nX: ", 8);

    (void)state;
    for (size_t i = 0; i < MULTIPART_HEAD_MAX && !e; i++)
        e = multipart_feed(m, "a", 1);
    assert_int_equal(e, ERR_TOO_LARGE);
    multipart_destroy(m);
}

static void test_boundaries(void **state)
{
    struct str b;

    (void)state;
    assert_true(multipart_boundary(STR("multipart/form-data; boundary=x'()+_,-./:=?9"), &b));
    assert_true(str_is(b, "x'()+_,-./:=?9"));
    assert_true(multipart_boundary(STR("Multipart/Form-Data;Boundary=\"a\""), &b));
    assert_true(str_is(b, "a"));
    assert_false(multipart_boundary(STR("multipart/form-data"), &b));
    assert_false(multipart_boundary(STR("multipart/form-data; boundary="), &b));
    assert_false(multipart_boundary(STR("multipart/form-data; boundary=\"\""), &b));
    assert_false(multipart_boundary(STR("multipart/form-data; boundary=a b"), &b));
    assert_false(multipart_boundary(STR("multipart/form-data; boundary=a\x01"), &b));
    assert_false(multipart_boundary(STR("multipart/mixed; boundary=a"), &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_wherever_it_is_cut),
        cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_refused_wherever_it_is_cut),
        cmocka_unit_test(test_long_headers),
        cmocka_unit_test(test_boundaries),
    };

    return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
