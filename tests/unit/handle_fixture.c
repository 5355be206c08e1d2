/* SPDX-License-Identifier: MIT */
/* Requests without a socket: the route table and the hooks of the tests of handle.c. */
#include "handle_fixture.h"

#include "base/log.h"

#include "http/reply.h"
#include "http/router.h"

#pragma GCC diagnostic ignored "-Woverride-init"

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
const struct schema item_schema = SCHEMA(item, item_fields);
static const struct schema get_in = SCHEMA_NAMED("get", item, get_fields);
static const struct schema list_in = SCHEMA_NAMED("list", item, list_fields);
static const struct schema change_in = SCHEMA_NAMED("change", item, change_fields);

struct item_page {
    struct opt_str next_cursor;
};
static const struct field page_fields[] = {
    FIELD(struct item_page, next_cursor, "Where the next page begins"),
};
static const struct schema page_schema = SCHEMA(item_page, page_fields);

struct fake fake;

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
                           struct str fingerprint, int *status, struct str *body)
{
    (void)route_id;
    if (fake.stored && str_eq(fake.key, key)) {
        if (!str_eq(fake.fingerprint, fingerprint))
            return fail(ctx, ERR_IDEMPOTENCY_MISMATCH, "other request");
        *status = fake.kept_status;
        *body = fake.kept_body;
    }
    fake.key = key;
    fake.fingerprint = fingerprint;
    return ERR_OK;
}

static void fake_finish(struct ctx *ctx, struct str key, const char *route_id, int status,
                        struct str body)
{
    (void)ctx;
    (void)route_id;
    fake.stored = status != 0 && str_eq(key, fake.key);
    fake.kept_status = status;
    fake.kept_body = body;
}

static void fake_drop(void *stream)
{
    (void)stream;
    fake.dropped++;
}

enum err handle_work(struct req *req)
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
    reply_header(req, "Set-Cookie", STR("a=1"));
    reply_header(req, "Set-Cookie", STR("b=2"));
    return handle_work(req);
}

static enum err list(struct req *req)
{
    const struct item *in = req->in;
    struct item_page *out = req->out;

    fake.handled++;
    if (!str_is(in->name, "last"))
        out->next_cursor = (struct opt_str){.set = true, .v = STR("a+/=")};
    return fake.handler ? fail(req->ctx, fake.handler, "secret detail") : ERR_OK;
}

static enum err raw(struct req *req)
{
    req->reply->raw_type = "text/plain";
    req->reply->raw = STR("hello");
    req->reply->status = 203;
    return ERR_OK;
}

static const struct route rows[] = {
    ROW("item_list", HTTP_GET, "/api/v1/items", .in = &list_in, .out = &page_schema,
        .handler = list),
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

static bool fake_again(struct ctx *ctx, int attempt)
{
    (void)ctx;
    if (attempt > fake.again)
        return false;
    if (attempt == fake.again)
        fake.handler = ERR_OK;
    return true;
}

struct http_options options(void)
{
    return (struct http_options){
        .routes = &routes,
        .public_url = "https://school.example",
        .cors_origins = cors,
        .strict_errors = true,
        .hooks = {.authenticate = fake_authenticate,
                  .again = fake_again,
                  .idempotency = {fake_begin, fake_finish},
                  .sse = {.drop = fake_drop},
                  .ws = {.drop = fake_drop}},
    };
}

struct http_request request(struct ctx *ctx, enum http_method m, const char *path)
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

void set_body(struct http_request *in, const char *text)
{
    in->source.content_type = STR("application/json");
    in->source.body = str_of(text);
    in->source.has_body = true;
}

struct http_answer ask(struct ctx *ctx, const struct http_request *in)
{
    struct http_options o = options();
    struct http_answer a;

    http_handle(ctx, &o, in, &a);
    return a;
}

int handle_setup(void **state)
{
    log_setup(LOG_ERROR + 1, LOG_JSON);
    fake = (struct fake){.actor = {.role = ROLE_ADMIN, .user_id = 1}};
    return ctx_setup(state);
}

void assert_status(const struct http_answer *a, int status, const char *part)
{
    const char *body = a->body.len ? a->body.at : "";

    if (a->status != status)
        print_error("%d, not %d: %.*s\n", a->status, status, (int)a->body.len, body);
    assert_int_equal(a->status, status);
    if (part)
        assert_non_null(memmem(body, a->body.len, part, strlen(part)));
}

void assert_header(const struct http_answer *a, const char *name, const char *value)
{
    struct str have = answer_header_get(a, name);

    if (!str_is(have, value))
        print_error("%s: \"%.*s\", not \"%s\"\n", name, (int)have.len, have.at ? have.at : "",
                    value);
    assert_true(str_is(have, value));
}
