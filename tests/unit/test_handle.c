/* SPDX-License-Identifier: MIT */
/* The way of a request, with fake hooks: who, how often, rights, CSRF, versions, repeats, answers.
 */
#include "base/log.h"

#include "ctx_test.h"
#include "http/handle.h"
#include "http/limit.h"
#include "http/reply.h"
#include "http/router.h"

#pragma GCC diagnostic ignored "-Woverride-init"

struct item {
    int64_t id;
    struct str name;
    int64_t version;
    int64_t limit;
    struct str cursor;
};

#define F(...) FIELD(struct item, __VA_ARGS__)
static const struct field item_fields[] = {F(id, "Id"), F(name, "Name"), F(version, "Version")};
static const struct field get_fields[] = {F(id, "Id", .in = IN_PATH, .min = 1)};
static const struct field list_fields[] = {
    F(limit, "Limit", .in = IN_QUERY, .min = 1, .fallback = "5"),
    F(name, "Name", .in = IN_QUERY),
    F(cursor, "Where to go on", .in = IN_QUERY),
};
static const struct field change_fields[] = {
    F(id, "Id", .in = IN_PATH, .min = 1),
    F(name, "Name", .required = true, .max = 5),
};
#undef F
static const struct schema item_schema = SCHEMA(item, item_fields);
static const struct schema get_in = SCHEMA_NAMED("get", item, get_fields);
static const struct schema list_in = SCHEMA_NAMED("list", item, list_fields);
static const struct schema change_in = SCHEMA_NAMED("change", item, change_fields);

/* What the fake hooks answer and what they saw. */
static struct fake {
    enum err auth;
    bool by_cookie;
    struct actor actor;
    enum err handler;
    int64_t handled;
    int64_t if_match;
    struct str key, fingerprint;
    int kept_status;
    struct str kept_body;
    bool stored;
    int dropped;
} fake;

static enum err fake_authenticate(struct ctx *ctx, struct str authorization, struct str cookie,
                                  bool *by_cookie)
{
    (void)authorization;
    (void)cookie;
    ctx->actor = fake.actor;
    *by_cookie = fake.by_cookie;
    return fake.auth ? fail(ctx, fake.auth, "the token is old") : ERR_OK;
}

static enum err fake_begin(struct ctx *ctx, struct str key, const char *route_id,
                           struct str fingerprint, bool *found, int *status, struct str *body)
{
    (void)route_id;
    if (fake.stored && str_eq(fake.key, key)) {
        if (!str_eq(fake.fingerprint, fingerprint))
            return fail(ctx, ERR_IDEMPOTENCY_MISMATCH, "other request");
        *found = true;
        *status = fake.kept_status;
        *body = fake.kept_body;
    }
    fake.key = key;
    fake.fingerprint = fingerprint;
    return ERR_OK;
}

static void fake_finish(struct ctx *ctx, struct str key, int status, struct str body)
{
    (void)ctx;
    fake.stored = status != 0 && str_eq(key, fake.key);
    fake.kept_status = status;
    fake.kept_body = body;
}

static void fake_drop(void *stream)
{
    (void)stream;
    fake.dropped++;
}

static enum err work(struct req *req)
{
    struct item *out = req->out;

    fake.handled++;
    fake.if_match = req->if_match.set ? req->if_match.v : 0;
    if (req->route->out)
        *out = (struct item){.id = 7, .name = STR("Ada"), .version = 3};
    if (req->route->kind != ROUTE_JSON)
        req->stream = &fake;
    return fake.handler ? fail(req->ctx, fake.handler, "secret detail") : ERR_OK;
}

static enum err make(struct req *req)
{
    reply_header(req, "Location", STR("/api/v1/items/7"));
    reply_header(req, "Set-Cookie", STR("a=1"));
    reply_header(req, "Set-Cookie", STR("b=2"));
    return work(req);
}

static enum err list(struct req *req)
{
    req->reply->next_cursor = STR("a+/=");
    return work(req);
}

static enum err raw(struct req *req)
{
    req->reply->raw_type = "text/plain";
    req->reply->raw = STR("hello");
    req->reply->status = 203;
    return ERR_OK;
}

/* clang-format off */
#define ROW(id_, method_, path_, ...)                                                              \
    {.id = id_, .method = method_, .path = path_, .handler = work, .need = PERM_SELF,              \
     .status = 200, .out = &item_schema, .summary = "S", .description = "D", __VA_ARGS__}
/* clang-format on */

static const struct route rows[] = {
    ROW("item_list", HTTP_GET, "/api/v1/items", .in = &list_in, .handler = list),
    ROW("item_make", HTTP_POST, "/api/v1/items", .handler = make, .status = 201,
        .errors = ERRORS(ERR_CONFLICT)),
    ROW("item_get", HTTP_GET, "/api/v1/items/{id}", .in = &get_in, .versioned = true),
    ROW("item_change", HTTP_PATCH, "/api/v1/items/{id}", .in = &change_in, .versioned = true),
    ROW("item_delete", HTTP_DELETE, "/api/v1/items/{id}", .in = &get_in, .versioned = true,
        .out = NULL, .status = 204),
    ROW("login", HTTP_POST, "/api/v1/login", .need = PERM_PUBLIC, .no_csrf = true, .cookies = true),
    ROW("admin", HTTP_GET, "/api/v1/admin", .need = PERM_USERS_MANAGE),
    ROW("few", HTTP_GET, "/api/v1/few", .per_minute = 2),
    ROW("events", HTTP_GET, "/api/v1/events", .kind = ROUTE_SSE, .out = NULL),
    ROW("frames", HTTP_GET, "/api/v1/frames", .kind = ROUTE_WS, .status = 101, .out = NULL),
    ROW("raw", HTTP_GET, "/raw", .handler = raw, .need = PERM_PUBLIC, .out = NULL,
        .produces = "text/plain"),
};
static const struct route_table table = ROUTE_TABLE("system", "Items", rows);
static const struct route_table *const tables[] = {&table, NULL};
static const struct routes routes = {tables};

static const char *const cors[] = {"https://other.example", NULL};

static struct http_options options(void)
{
    return (struct http_options){
        .routes = &routes,
        .public_url = "https://school.example",
        .cors_origins = cors,
        .strict_errors = true,
        .hooks = {.authenticate = fake_authenticate,
                  .idempotency = {fake_begin, fake_finish},
                  .sse = {.drop = fake_drop},
                  .ws = {.drop = fake_drop}},
    };
}

static struct http_request request(struct ctx *ctx, enum http_method m, const char *path)
{
    struct http_request in = {.method = m, .path = str_of(path), .host = STR("local:8000")};

    ctx->actor = (struct actor){0};
    ctx->request_id = STR("req-1");
    fault_clear(ctx);
    in.match = routes_match(ctx, &routes, m, in.path);
    for (size_t i = 0; i < COUNT(in.match.params); i++)
        in.source.params[i] = in.match.params[i];
    return in;
}

static void set_body(struct http_request *in, const char *text)
{
    in->source.content_type = STR("application/json");
    in->source.body = str_of(text);
    in->source.has_body = true;
}

static struct http_answer ask(struct ctx *ctx, const struct http_request *in)
{
    struct http_options o = options();
    struct http_answer a;

    http_handle(ctx, &o, in, &a);
    return a;
}

/* Every test: an admin with a bearer token. */
static int setup(void **state)
{
    log_setup(LOG_ERROR + 1, LOG_JSON);
    fake = (struct fake){.actor = {.role = ROLE_ADMIN, .user_id = 1}};
    return ctx_setup(state);
}

static void assert_status(const struct http_answer *a, int status, const char *slug)
{
    const char *body = a->body.len ? a->body.at : "";

    if (a->status != status)
        print_error("%d, not %d: %.*s\n", a->status, status, (int)a->body.len, body);
    assert_int_equal(a->status, status);
    if (slug)
        assert_non_null(memmem(body, a->body.len, slug, strlen(slug)));
}

static void assert_header(const struct http_answer *a, const char *name, const char *value)
{
    struct str have = answer_header_get(a, name);

    if (!str_is(have, value))
        print_error("%s: \"%.*s\", not \"%s\"\n", name, (int)have.len, have.at ? have.at : "",
                    value);
    assert_true(str_is(have, value));
}

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

static void bytes_that_are_no_text_stay_out_of_problems(void **state)
{
    struct ctx *ctx = *state;
    struct http_request in = request(ctx, HTTP_GET, "/\xff");
    struct http_answer a = ask(ctx, &in);

    assert_status(&a, 404, "\"instance\":\"?\"");
    assert_true(str_is_utf8(a.body));
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

#define T(fn_) cmocka_unit_test_setup_teardown(fn_, setup, ctx_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(answers_are_written_by_schema),
        T(next_pages_are_linked),
        T(unknown_addresses_and_methods),
        T(every_permission_by_every_role),
        T(bad_tokens_are_refused_but_not_at_login),
        T(callers_are_limited),
        T(forged_requests_are_refused),
        T(sockets_must_come_from_our_page),
        T(streams_are_handed_over_or_dropped),
        T(changes_say_their_version),
        T(known_versions_are_not_sent_again),
        T(repeats_get_the_first_answer),
        T(odd_keys_are_refused),
        T(keys_cover_forms_and_spare_tokens),
        T(problems_tell_all_fields),
        T(our_own_failures_stay_inside),
        T(bytes_that_are_no_text_stay_out_of_problems),
        T(cookies_are_found_once),
    };

    return cmocka_run_group_tests_name("handle", tests, NULL, NULL);
}
