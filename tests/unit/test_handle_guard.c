/* SPDX-License-Identifier: MIT */
/* What a request must bring: our own origin, a CSRF token, a version, a key for its repeats. */
#include "handle_fixture.h"
#include "http/reply.h"

static void forged_requests_are_refused(void **state)
{
    static const struct {
        const char *path;
        bool by_cookie;
        const char *authorization, *origin, *site, *cookie, *token;
        int status;
    } rows_[] = {
        /* bearer: a foreign page cannot know the token */
        {"/api/v1/items", false, "Bearer x", "https://evil.example", "cross-site", "", "", 201},
        {"/api/v1/items", true, "", "", "", "sp_csrf=abc", "abc", 201},
        {"/api/v1/items", true, "", "", "", "x=1; sp_csrf=abc; y=2", "abc", 201},
        {"/api/v1/items", true, "", "http://local:8000", "same-origin", "sp_csrf=abc", "abc", 201},
        {"/api/v1/items", true, "", "http://LOCAL:8000", "", "sp_csrf=abc", "abc", 201},
        {"/api/v1/items", true, "", "https://school.example", "", "sp_csrf=abc", "abc", 201},
        {"/api/v1/items", true, "", "https://other.example", "cross-site", "sp_csrf=abc", "abc",
         201},
        {"/api/v1/items", true, "", "", "", "", "", 403},
        {"/api/v1/items", true, "", "", "", "sp_csrf=abc", "", 403},
        {"/api/v1/items", true, "", "", "", "", "abc", 403},
        {"/api/v1/items", true, "", "", "", "sp_csrf=", "", 403},
        {"/api/v1/items", true, "", "", "", "sp_csrf=abc", "abd", 403},
        {"/api/v1/items", true, "", "", "", "sp_csrf=abc", "abcd", 403},
        {"/api/v1/items", true, "", "", "", "sp_csrf=abc; sp_csrf=evil", "evil", 403},
        {"/api/v1/items", true, "", "https://evil.example", "", "sp_csrf=abc", "abc", 403},
        {"/api/v1/items", true, "", "null", "", "sp_csrf=abc", "abc", 403},
        {"/api/v1/items", true, "", "http://local:8001", "", "sp_csrf=abc", "abc", 403},
        {"/api/v1/items", true, "", "http://local:8000.evil.example", "", "sp_csrf=a", "a", 403},
        {"/api/v1/items", true, "", "", "cross-site", "sp_csrf=abc", "abc", 403},
        /* login has no session to protect, but must not be made by another site */
        {"/api/v1/login", false, "", "", "", "", "", 200},
        {"/api/v1/login", true, "", "http://local:8000", "same-origin", "", "", 200},
        {"/api/v1/login", false, "", "https://evil.example", "", "", "", 403},
        {"/api/v1/login", false, "", "", "cross-site", "", "", 403},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows_); i++) {
        struct http_request in = request(ctx, HTTP_POST, rows_[i].path);

        in.authorization = str_of(rows_[i].authorization);
        in.origin = str_of(rows_[i].origin);
        in.fetch_site = str_of(rows_[i].site);
        in.cookie = str_of(rows_[i].cookie);
        in.csrf_token = str_of(rows_[i].token);
        fake.by_cookie = rows_[i].by_cookie;
        struct http_answer a = ask(ctx, &in);

        if (a.status != rows_[i].status)
            print_error("row %zu\n", i);
        assert_status(&a, rows_[i].status, rows_[i].status == 403 ? "/problems/csrf" : NULL);
    }
}

static void sockets_must_come_from_our_page(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/frames");
    struct http_answer a;

    in.authorization = STR("Bearer x");
    in.origin = STR("https://evil.example");
    a = ask(ctx, &in);
    assert_status(&a, 403, "/problems/csrf");
    in.origin = STR("http://local:8000");
    a = ask(ctx, &in);
    assert_status(&a, 101, NULL);
    assert_int_equal(a.kind, ANSWER_WS);
    assert_ptr_equal(a.stream, &fake);
    /* Reading is safe: a foreign page cannot see the answer. */
    in = request(ctx, HTTP_GET, "/api/v1/items");
    in.origin = STR("https://evil.example");
    fake.by_cookie = true;
    a = ask(ctx, &in);
    assert_status(&a, 200, NULL);
}

static void changes_say_their_version(void **state)
{
    static const struct {
        const char *if_match;
        int status;
        int64_t version;
    } rows_[] = {
        {"\"7\"", 200, 7},
        {" \"7\" ", 200, 7},
        {"W/\"7\"", 200, 7},
        {"\"7\", \"7\"", 200, 7},
        {"", 428, 0},
        {"*", 428, 0},
        {"7", 400, 0},
        {"\"7", 400, 0},
        {"\"7\" \"8\"", 400, 0},
        {"\"7\", \"8\"", 400, 0},
        {"\"\"", 412, 0},
        {"\"abc\"", 412, 0},
        {"\"-1\"", 412, 0},
        {"\"99999999999999999999\"", 412, 0},
        {"\"7\",,", 400, 0},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows_); i++) {
        struct http_request in = request(ctx, HTTP_PATCH, "/api/v1/items/7");

        in.if_match = str_of(rows_[i].if_match);
        set_body(&in, "{\"name\":\"Bob\"}");
        fake.if_match = 0;
        struct http_answer a = ask(ctx, &in);

        if (a.status != rows_[i].status)
            print_error("row %zu\n", i);
        assert_status(&a, rows_[i].status, NULL);
        assert_int_equal(fake.if_match, rows_[i].version);
    }
}

static void known_versions_are_not_sent_again(void **state)
{
    static const struct {
        const char *known;
        int status;
    } rows_[] = {
        {"\"3\"", 304}, {"W/\"3\"", 304}, {"\"1\", \"3\"", 304}, {"*", 304},
        {"\"4\"", 200}, {"3", 200},       {"\"x\"", 200},        {"", 200},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows_); i++) {
        struct http_request in = request(ctx, HTTP_GET, "/api/v1/items/7");

        in.if_none_match = str_of(rows_[i].known);
        struct http_answer a = ask(ctx, &in);

        assert_status(&a, rows_[i].status, NULL);
        assert_header(&a, "ETag", "\"3\"");
        assert_int_equal(a.body.len == 0, rows_[i].status == 304);
    }
}

static struct http_answer post_with_key(struct ctx *ctx, const char *key, const char *body)
{
    struct http_request in = request(ctx, HTTP_POST, "/api/v1/items");

    in.idempotency_key = str_of(key);
    set_body(&in, body);
    return ask(ctx, &in);
}

static void repeats_get_the_first_answer(void **state)
{
    struct ctx *ctx = *state;
    struct http_answer a = post_with_key(ctx, "key-1", "{}");

    assert_status(&a, 201, NULL);
    assert_header(&a, "Idempotency-Replayed", "");
    assert_true(fake.stored);
    assert_null(memmem(fake.key.at, fake.key.len, "key-1", 5));
    a = post_with_key(ctx, "key-1", "{}");
    assert_status(&a, 201, "Ada");
    assert_header(&a, "Idempotency-Replayed", "true");
    assert_string_equal(a.content_type, "application/json");
    assert_int_equal(fake.handled, 1);

    a = post_with_key(ctx, "key-1", "{ }");
    assert_status(&a, 409, "idempotency-mismatch");
    a = post_with_key(ctx, "key-2", "{ }");
    assert_status(&a, 201, NULL);
    assert_int_equal(fake.handled, 2);

    /* What failed for good is kept; what may go better next time is not. */
    a = post_with_key(ctx, "key-3", "{\"a\":1}");
    assert_status(&a, 422, NULL);
    assert_int_equal(fake.kept_status, 422);
    a = post_with_key(ctx, "key-3", "{\"a\":1}");
    assert_status(&a, 422, NULL);
    assert_string_equal(a.content_type, "application/problem+json");
    assert_header(&a, "Idempotency-Replayed", "true");
    fake.handler = ERR_BUSY;
    a = post_with_key(ctx, "key-4", "{}");
    assert_status(&a, 503, NULL);
    assert_false(fake.stored);
}

static void odd_keys_are_refused(void **state)
{
    struct ctx *ctx = *state;
    struct http_answer a;
    char longest[202];

    memset(longest, 'k', sizeof(longest));
    longest[201] = '\0';
    a = post_with_key(ctx, longest, "{}");
    assert_status(&a, 400, "Idempotency-Key");
    a = post_with_key(ctx, "a b", "{}");
    assert_status(&a, 400, NULL);
    a = post_with_key(ctx, "\xc3\xa9", "{}");
    assert_status(&a, 400, NULL);
    longest[200] = '\0';
    a = post_with_key(ctx, longest, "{}");
    assert_status(&a, 201, NULL);
}

static void keys_cover_forms_and_spare_tokens(void **state)
{
    struct ctx *ctx = *state;
    struct form_part part = {.name = STR("ab"), .file = {.data = STR("c")}};
    struct form_part other = {.name = STR("a"), .file = {.data = STR("bc")}};
    struct http_request in = request(ctx, HTTP_POST, "/api/v1/items");
    struct str first;

    in.idempotency_key = STR("form");
    in.source.form = &part;
    (void)ask(ctx, &in);
    first = fake.fingerprint;
    fake.stored = false;
    in.source.form = &other;
    (void)ask(ctx, &in);
    assert_false(str_eq(first, fake.fingerprint));

    /* The answer of a login carries tokens: it is never stored. */
    fake.stored = false;
    fake.key = (struct str){0};
    in = request(ctx, HTTP_POST, "/api/v1/login");
    in.idempotency_key = STR("login");
    struct http_answer a = ask(ctx, &in);
    assert_status(&a, 200, NULL);
    assert_int_equal(fake.key.len, 0);
}

static void cookies_are_found_once(void **state)
{
    static const struct {
        const char *header, *value;
    } rows_[] = {
        {"a=1", "1"},     {"b=2; a=1; c=3", "1"}, {"b=2;a=1", "1"}, {"a=x=y", "x=y"},
        {"a=1; a=2", ""}, {"aa=1", ""},           {"", ""},         {"a", ""},
        {"A=1", ""},      {"b=a=1", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows_); i++)
        assert_true(str_is(cookie_get(str_of(rows_[i].header), "a"), rows_[i].value));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        handle_test(forged_requests_are_refused),
        handle_test(sockets_must_come_from_our_page),
        handle_test(changes_say_their_version),
        handle_test(known_versions_are_not_sent_again),
        handle_test(repeats_get_the_first_answer),
        handle_test(odd_keys_are_refused),
        handle_test(keys_cover_forms_and_spare_tokens),
        handle_test(cookies_are_found_once),
    };

    return cmocka_run_group_tests_name("handle_guard", tests, NULL, NULL);
}
