/* SPDX-License-Identifier: MIT */
/* The way of a request: who asks, how often, rights, what is answered, how failures are told. */
#include "handle_fixture.h"
#include "http/limit.h"
#include "http/reply.h"

/* Rows say only in what they differ from a sound one. */
#pragma GCC diagnostic ignored "-Woverride-init"

static void answers_are_written_by_schema(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/items/7");
    struct http_answer a = ask(ctx, &in);

    assert_status(&a, 200, "{\"id\":7,\"name\":\"Ada\",\"version\":3}");
    assert_string_equal(a.content_type, "application/json");
    assert_header(&a, "ETag", "\"3\"");
    assert_ptr_equal(a.route, in.match.route);

    in = request(ctx, HTTP_POST, "/api/v1/items");
    a = ask(ctx, &in);
    assert_status(&a, 201, "Ada");
    assert_header(&a, "Location", "/api/v1/items/7");
    assert_header(&a, "ETag", "");
    assert_true(str_is(a.headers->next->next->value, "b=2"));

    in = request(ctx, HTTP_DELETE, "/api/v1/items/7");
    in.if_match = STR("\"3\"");
    a = ask(ctx, &in);
    assert_status(&a, 204, NULL);
    assert_int_equal(a.body.len, 0);
    assert_null(a.content_type);

    in = request(ctx, HTTP_GET, "/raw");
    a = ask(ctx, &in);
    assert_status(&a, 203, "hello");
    assert_string_equal(a.content_type, "text/plain");
}

static void next_pages_are_linked(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/items");
    struct http_answer a = ask(ctx, &in);

    assert_header(&a, "Link", "</api/v1/items?cursor=a%2B%2F%3D>; rel=\"next\"");
    in.source.query = STR("cursor=old&limit=5&name=a%26b+c");
    a = ask(ctx, &in);
    assert_header(&a, "Link",
                  "</api/v1/items?limit=5&name=a%26b%20c&cursor=a%2B%2F%3D>; rel=\"next\"");
    in.source.query = STR("name=last");
    a = ask(ctx, &in);
    assert_header(&a, "Link", "");
}

static void unknown_addresses_and_methods(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/nothing");
    struct http_answer a = ask(ctx, &in);

    assert_status(&a, 404, "/problems/not-found");
    assert_string_equal(a.content_type, "application/problem+json");
    in = request(ctx, HTTP_DELETE, "/api/v1/items");
    a = ask(ctx, &in);
    assert_status(&a, 405, "method-not-allowed");
    assert_header(&a, "Allow", "GET, HEAD, POST, OPTIONS");
    in = request(ctx, HTTP_GET, "/api/v1/events");
    in.head = true;
    a = ask(ctx, &in);
    assert_status(&a, 405, NULL);
    assert_int_equal(fake.handled, 0);
}

static void every_permission_by_every_role(void **state)
{
    struct ctx *ctx = *state;
    struct http_options o = options();

    for (enum perm p = PERM_PUBLIC; p < PERM_COUNT; p++) {
        for (enum role r = ROLE_NONE; r < ROLE_COUNT; r++) {
            struct route route = ROW("x", HTTP_GET, "/api/v1/x", .need = p);
            struct http_request in = request(ctx, HTTP_GET, "/api/v1/items");
            struct http_answer a;

            in.match.route = &route;
            fake.actor = (struct actor){.role = r, .user_id = r != ROLE_NONE};
            fake.handled = 0;
            http_handle(ctx, &o, &in, &a);
            if (perm_allows(p, r))
                assert_status(&a, 200, NULL);
            else
                assert_status(&a, r == ROLE_NONE ? 401 : 403, "/problems/");
            assert_int_equal(fake.handled, perm_allows(p, r));
        }
    }
}

static void bad_tokens_are_refused_but_not_at_login(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/items");
    struct http_answer a;

    fake.auth = ERR_UNAUTHENTICATED;
    a = ask(ctx, &in);
    assert_status(&a, 401, "the token is old");
    assert_header(&a, "WWW-Authenticate", "Bearer realm=\"smartpresence\"");
    in = request(ctx, HTTP_POST, "/api/v1/login");
    a = ask(ctx, &in);
    assert_status(&a, 200, NULL);
    assert_int_equal(ctx->actor.user_id, 0);

    fake.auth = ERR_DB_UNAVAILABLE;
    in = request(ctx, HTTP_POST, "/api/v1/login");
    a = ask(ctx, &in);
    assert_status(&a, 503, NULL);
    assert_int_equal(fake.handled, 1);
}

static void callers_are_limited(void **state)
{
    struct ctx *ctx = *state;
    struct http_options o = options();
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/few");
    struct http_answer a;

    o.limiter = limiter_create(64);
    o.rate_per_minute = 100;
    for (int64_t left = 1; left >= 0; left--) {
        http_handle(ctx, &o, &in, &a);
        assert_status(&a, 200, NULL);
        assert_header(&a, "RateLimit-Limit", "2");
        assert_header(&a, "RateLimit-Remaining", left ? "1" : "0");
    }
    http_handle(ctx, &o, &in, &a);
    assert_status(&a, 429, "too-many-requests");
    assert_header(&a, "RateLimit-Remaining", "0");
    assert_header(&a, "Retry-After", "30");
    assert_int_equal(fake.handled, 2);

    /* Other routes have the general limit, other users their own. */
    in = request(ctx, HTTP_GET, "/api/v1/items");
    http_handle(ctx, &o, &in, &a);
    assert_status(&a, 200, NULL);
    assert_header(&a, "RateLimit-Limit", "100");
    fake.actor.user_id = 2;
    in = request(ctx, HTTP_GET, "/api/v1/few");
    http_handle(ctx, &o, &in, &a);
    assert_status(&a, 200, NULL);

    /* Guessing tokens counts against the address. */
    o.rate_per_minute = 1;
    fake.auth = ERR_UNAUTHENTICATED;
    fake.actor = (struct actor){0};
    in = request(ctx, HTTP_GET, "/api/v1/items");
    http_handle(ctx, &o, &in, &a);
    assert_status(&a, 401, NULL);
    in = request(ctx, HTTP_GET, "/api/v1/items");
    http_handle(ctx, &o, &in, &a);
    assert_status(&a, 429, NULL);

    /* Outside the API nothing is counted. */
    in = request(ctx, HTTP_GET, "/raw");
    http_handle(ctx, &o, &in, &a);
    assert_status(&a, 203, NULL);
    assert_header(&a, "RateLimit-Limit", "");
    limiter_destroy(o.limiter);
}

static void streams_are_handed_over_or_dropped(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/api/v1/events");
    struct http_answer a = ask(ctx, &in);

    assert_status(&a, 200, NULL);
    assert_int_equal(a.kind, ANSWER_SSE);
    assert_string_equal(a.content_type, "text/event-stream");
    assert_int_equal(fake.dropped, 0);
    fake.handler = ERR_BUSY;
    a = ask(ctx, &in);
    assert_status(&a, 503, NULL);
    assert_int_equal(a.kind, ANSWER_BODY);
    assert_null(a.stream);
    assert_int_equal(fake.dropped, 1);
    in = request(ctx, HTTP_GET, "/api/v1/frames");
    a = ask(ctx, &in);
    assert_int_equal(fake.dropped, 2);
}

static void problems_tell_all_fields(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_PATCH, "/api/v1/items/0");
    struct http_answer a;

    in.if_match = STR("\"1\"");
    set_body(&in, "{\"name\":\"too long\",\"\\u003c\":1}");
    a = ask(ctx, &in);
    assert_status(&a, 422,
                  "{\"type\":\"/problems/invalid\",\"title\":\"A field is missing or wrong\","
                  "\"status\":422,\"instance\":\"/api/v1/items/0\",\"request_id\":\"req-1\","
                  "\"errors\":[{\"field\":\"/name\",\"code\":\"max_length\",");
    assert_status(&a, 422, "\"allowed\":\"5\"},{\"field\":\"/\\u003c\",\"code\":\"unknown\"");
    assert_status(&a, 422, "{\"field\":\"id\",\"code\":\"min\"");
}

static enum err taken(struct req *req)
{
    (void)fail_field(req->ctx, "name", "taken", "", "is taken already");
    req->ctx->fault.err = ERR_OK;
    return fail(req->ctx, ERR_CONFLICT, "it is there already");
}

static void conflicts_name_the_member(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_POST, "/api/v1/items");
    struct route route = *in.match.route;

    route.handler = taken;
    in.match.route = &route;
    struct http_answer a = ask(ctx, &in);
    assert_status(&a, 409, "\"errors\":[{\"field\":\"name\",\"code\":\"taken\",");
}

static void our_own_failures_stay_inside(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_POST, "/api/v1/items");
    struct http_answer a;

    fake.handler = ERR_INTERNAL;
    a = ask(ctx, &in);
    assert_status(&a, 500, "Quote request id req-1");
    assert_null(memmem(a.body.at, a.body.len, "secret", 6));
    /* A failed answer keeps the cookies that were set or taken back, nothing else. */
    assert_header(&a, "Location", "");
    assert_header(&a, "Set-Cookie", "a=1");

    fake.handler = ERR_CONFLICT;
    in = request(ctx, HTTP_POST, "/api/v1/items");
    a = ask(ctx, &in);
    assert_status(&a, 409, "secret detail");
    fake.handler = ERR_DB_UNAVAILABLE;
    in = request(ctx, HTTP_POST, "/api/v1/items");
    a = ask(ctx, &in);
    assert_status(&a, 503, "database-unavailable");
    assert_header(&a, "Retry-After", "1");
}

static void work_that_was_rolled_back_runs_again(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_POST, "/api/v1/items");
    struct http_answer a;

    fake.handler = ERR_BUSY;
    fake.again = 2;
    a = ask(ctx, &in);
    assert_status(&a, 201, "Ada");
    assert_int_equal(fake.handled, 3);

    fake.handler = ERR_CONFLICT;
    fake.again = 0;
    in = request(ctx, HTTP_POST, "/api/v1/items");
    a = ask(ctx, &in);
    assert_status(&a, 409, "secret detail");
    assert_int_equal(fake.handled, 4);
}

static void bytes_that_are_no_text_stay_out_of_problems(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/\xff");
    struct http_answer a = ask(ctx, &in);

    assert_status(&a, 404, "\"instance\":\"?\"");
    assert_true(str_is_utf8(a.body));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        handle_test(answers_are_written_by_schema),
        handle_test(next_pages_are_linked),
        handle_test(unknown_addresses_and_methods),
        handle_test(every_permission_by_every_role),
        handle_test(bad_tokens_are_refused_but_not_at_login),
        handle_test(callers_are_limited),
        handle_test(streams_are_handed_over_or_dropped),
        handle_test(problems_tell_all_fields),
        handle_test(conflicts_name_the_member),
        handle_test(our_own_failures_stay_inside),
        handle_test(work_that_was_rolled_back_runs_again),
        handle_test(bytes_that_are_no_text_stay_out_of_problems),
    };

    return cmocka_run_group_tests_name("handle", tests, NULL, NULL);
}
