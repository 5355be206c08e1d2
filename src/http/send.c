/* SPDX-License-Identifier: MIT */
/*
 * Answers as libmicrohttpd's responses. The bytes of an answer stay in the exchange's arena, or in
 * the binary, until the exchange ends: nothing is copied.
 */
#include <string.h>

#include "base/log.h"

#include "http/origin.h"
#include "http/reply.h"
#include "http/transport.h"

struct header {
    const char *name, *value;
};

static const struct header on_all[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"},
};

static const char api_csp[] = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

static void add(struct MHD_Response *r, const char *name, const char *value)
{
    (void)MHD_add_response_header(r, name, value);
}

static void add_str(struct exchange *x, struct MHD_Response *r, const char *name, struct str value)
{
    add(r, name, arena_cstr(&x->arena, value));
}

/* Other origins that are listed may read the answer; Vary, because another one may not. */
static void add_cors(struct exchange *x, struct MHD_Response *r)
{
    const char *const *listed = x->server->o.cors_origins;

    if (!listed || !listed[0])
        return;
    add(r, "Vary", "Origin");
    if (!x->in.origin.len || !origin_is_listed(&x->server->o, x->in.origin))
        return;
    add_str(x, r, "Access-Control-Allow-Origin", x->in.origin);
    add(r, "Access-Control-Allow-Credentials", "true");
    add(r, "Access-Control-Expose-Headers",
        "ETag, Link, Location, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, "
        "RateLimit-Reset");
}

void send_common_headers(struct exchange *x, struct MHD_Response *r, bool html)
{
    for (size_t i = 0; i < COUNT(on_all); i++)
        add(r, on_all[i].name, on_all[i].value);
    add(r, "Content-Security-Policy", html ? x->server->csp.at : api_csp);
    if (x->in.secure)
        add(r, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (x->request_id.len)
        add_str(x, r, "X-Request-Id", x->request_id);
    if (atomic_load(&x->server->stopping))
        add(r, "Connection", "close");
    add_cors(x, r);
}

static enum MHD_Result queue(struct exchange *x, struct MHD_Response *r, int status, size_t bytes)
{
    enum MHD_Result ok = MHD_queue_response(x->connection, (unsigned)status, r);

    MHD_destroy_response(r);
    peer_send(x->peer, bytes);
    http_metrics_answer(x->server->o.metrics, x->in.match.route, status,
                        clock_mono_us() - x->started_us);
    return ok;
}

static struct MHD_Response *response_of(struct str body)
{
    /* libmicrohttpd only reads it; its parameter lacks the const. */
    union {
        const char *in;
        void *out;
    } at = {.in = body.at};

    return MHD_create_response_from_buffer(body.len, at.out, MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result send_answer(struct exchange *x)
{
    const struct http_answer *a = &x->answer;
    bool empty = a->status == 204 || a->status == 304;
    struct MHD_Response *r = response_of(empty ? (struct str){"", 0} : a->body);

    if (!r)
        return MHD_NO;
    if (a->content_type && !empty)
        add(r, "Content-Type", a->content_type);
    for (const struct reply_header *h = a->headers; h; h = h->next)
        add(r, arena_cstr(&x->arena, h->name), arena_cstr(&x->arena, h->value));
    if (!answer_header_get(a, "Cache-Control").len)
        add(r, "Cache-Control", "no-store");
    send_common_headers(x, r, false);
    return queue(x, r, a->status, empty ? 0 : a->body.len);
}

enum MHD_Result send_problem(struct exchange *x, enum err e, const char *why)
{
    struct ctx ctx = io_ctx_begin(x);
    int64_t us = clock_mono_us() - x->started_us;

    exchange_stream_drop(x);
    x->answer = (struct http_answer){0};
    (void)fail(&ctx, e, "%s", why);
    if (e == ERR_BUSY)
        ctx.fault.retry_after_s = 1;
    http_problem(&ctx, e, &x->answer);
    if (e == ERR_METHOD_NOT_ALLOWED && x->in.match.allow.len)
        answer_header(&ctx, &x->answer, "Allow", x->in.match.allow);
    log_info(&ctx, "http.refused", LI("status", x->answer.status),
             LC("route", x->in.match.route ? x->in.match.route->id : "none"),
             LC("why", err_info(e)->slug), LI("us", us));
    io_ctx_end(x, &ctx);
    return send_answer(x);
}

enum MHD_Result send_abandoned(const struct exchange *x)
{
    static const char body[] =
        "{\"type\":\"/problems/busy\",\"title\":\"The server is busy; try "
        "again\",\"status\":503,\"detail\":\"the server stops\"}";
    struct MHD_Response *r = response_of((struct str){body, sizeof(body) - 1});
    enum MHD_Result ok;

    if (!r)
        return MHD_NO;
    add(r, "Content-Type", "application/problem+json");
    add(r, "Retry-After", "1");
    add(r, "Cache-Control", "no-store");
    add(r, "Connection", "close");
    for (size_t i = 0; i < COUNT(on_all); i++)
        add(r, on_all[i].name, on_all[i].value);
    add(r, "Content-Security-Policy", api_csp);
    ok = MHD_queue_response(x->connection, MHD_HTTP_SERVICE_UNAVAILABLE, r);
    MHD_destroy_response(r);
    return ok;
}

/* Which methods there are; to a listed origin also what it may send. */
enum MHD_Result send_options(struct exchange *x)
{
    struct ctx ctx;
    bool file = !x->in.match.found_path;
    struct str allow = x->in.match.allow;

    if (file && !static_find(x->server->o.assets, x->target.path, x->headers.accept) &&
        !str_is(x->uri, "*"))
        return send_problem(x, ERR_NOT_FOUND, "nothing answers at this address");
    if (file)
        allow = STR("GET, HEAD, OPTIONS");
    ctx = io_ctx_begin(x);
    x->answer = (struct http_answer){.status = 204};
    answer_header(&ctx, &x->answer, "Allow", allow);
    if (x->in.origin.len && x->headers.cors_method.len &&
        origin_is_listed(&x->server->o, x->in.origin)) {
        answer_header(&ctx, &x->answer, "Access-Control-Allow-Methods", allow);
        answer_header(&ctx, &x->answer, "Access-Control-Allow-Headers",
                      STR("Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
                          "Last-Event-ID, X-CSRF-Token, X-Request-Id"));
        answer_header(&ctx, &x->answer, "Access-Control-Max-Age", STR("600"));
    }
    io_ctx_end(x, &ctx);
    return send_answer(x);
}

enum MHD_Result send_asset(struct exchange *x, const struct asset *a)
{
    enum asset_encoding e = static_encoding(a, x->headers.accept_encoding);
    const struct asset_body *body = &a->body[e];
    bool html = strncmp(a->type, "text/html", 9) == 0;
    bool known = etag_matches(x->in.if_none_match, str_of(body->etag));
    struct str bytes = known ? (struct str){"", 0} : (struct str){body->at, body->len};
    struct MHD_Response *r = response_of(bytes);

    if (!r)
        return MHD_NO;
    add(r, "ETag", body->etag);
    add(r, "Vary", "Accept-Encoding");
    add(r, "Cache-Control", a->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (!known) {
        add(r, "Content-Type", a->type);
        if (encoding_name(e))
            add(r, "Content-Encoding", encoding_name(e));
    }
    send_common_headers(x, r, html);
    return queue(x, r, known ? 304 : 200, bytes.len);
}
