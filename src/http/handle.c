/* SPDX-License-Identifier: MIT */
/*
 * The one way of every request, free of any transport. The order is: who asks, how often, may
 * they, does the request come from our own page, which version do they change, was it asked
 * before; only then are the fields read and the handler called.
 */
#include "http/handle.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"

#include "http/etag.h"
#include "http/limit.h"
#include "http/origin.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/replay.h"
#include "http/reply.h"
#include "http/route_errors.h"

enum { ANSWER_MAX = 32 << 20, LINK_MAX = 16 << 10 };

struct work {
    struct ctx *ctx;
    const struct http_options *o;
    const struct http_request *in;
    const struct route *route;
    struct http_answer *answer;
    bool by_cookie;
    struct reply reply;
    struct req req;
};

static enum err find_route(struct work *w)
{
    const struct route_match *m = &w->in->match;
    struct str allow = m->allow;

    if (!m->route && !m->found_path)
        return fail(w->ctx, ERR_NOT_FOUND, "no such address");
    /* A stream has no head to ask for. */
    if (m->route && w->in->head && m->route->kind != ROUTE_JSON)
        allow = STR("GET, OPTIONS");
    else if (m->route)
        return ERR_OK;
    answer_header(w->ctx, w->answer, "Allow", allow);
    return ERR_METHOD_NOT_ALLOWED;
}

/* Who is signed out, or holds an old token, can still sign in. */
static enum err authenticate(struct work *w)
{
    enum err e = ERR_OK;

    if (w->o->hooks.authenticate)
        e = w->o->hooks.authenticate(w->ctx, w->in->authorization, w->in->cookie, &w->by_cookie);
    if (e == ERR_UNAUTHENTICATED && w->route->need == PERM_PUBLIC) {
        fault_clear(w->ctx);
        w->ctx->actor = (struct actor){0};
        return ERR_OK;
    }
    return e;
}

static enum err check_permission(struct work *w)
{
    enum role role = w->ctx->actor.role;

    if (perm_allows(w->route->need, role))
        return ERR_OK;
    if (role == ROLE_NONE)
        return fail(w->ctx, ERR_UNAUTHENTICATED, "this needs a session or a bearer token");
    return fail(w->ctx, ERR_FORBIDDEN, "this needs the permission %s", perm_name(w->route->need));
}

static void limit_headers(struct work *w, const struct limit_state *s)
{
    struct arena *a = &w->ctx->arena;

    answer_header(w->ctx, w->answer, "RateLimit-Limit",
                  arena_printf(a, "%lld", (long long)s->limit));
    answer_header(w->ctx, w->answer, "RateLimit-Remaining",
                  arena_printf(a, "%lld", (long long)s->remaining));
    answer_header(w->ctx, w->answer, "RateLimit-Reset",
                  arena_printf(a, "%lld", (long long)s->reset_s));
}

/* Routes with a limit of their own count by themselves; all others share one bucket per caller. */
static enum err check_limit(struct work *w)
{
    struct ctx *ctx = w->ctx;
    bool own = w->route->per_minute > 0;
    const char *route = own ? w->route->id : "";
    struct str key;

    if (!w->o->limiter || w->route->per_minute < 0 || (!own && !str_starts(w->in->path, "/api/")))
        return ERR_OK;
    if (ctx->actor.user_id)
        key = arena_printf(&ctx->arena, "u%lld %s", (long long)ctx->actor.user_id, route);
    else if (ctx->actor.device_id)
        key = arena_printf(&ctx->arena, "d%lld %s", (long long)ctx->actor.device_id, route);
    else
        key = arena_printf(&ctx->arena, "a%s %s", arena_cstr(&ctx->arena, ctx_network(ctx)), route);

    int64_t per_minute = own ? w->route->per_minute : w->o->rate_per_minute;
    if (per_minute <= 0)
        return ERR_OK;
    struct limit_state s = limiter_take(w->o->limiter, key, per_minute, clock_mono_ms());
    limit_headers(w, &s);
    if (s.allowed)
        return ERR_OK;
    ctx->fault.retry_after_s = s.retry_after_s;
    return fail(ctx, ERR_TOO_MANY_REQUESTS, "at most %lld a minute; wait %lld s",
                (long long)s.limit, (long long)s.retry_after_s);
}

/* A forged token is counted too, before it is refused: guessing must not be free. */
static enum err admit(struct work *w)
{
    enum err e = find_route(w);

    if (e)
        return e;
    enum err who = authenticate(w);
    struct fault why = w->ctx->fault;
    fault_clear(w->ctx);
    e = check_limit(w);
    if (e)
        return e;
    w->ctx->fault = why;
    if (who)
        return who;
    e = check_permission(w);
    return e ? e : origin_check(w->ctx, w->o, w->in, w->by_cookie);
}

static enum err read_version(struct work *w)
{
    enum http_method m = w->route->method;
    bool changes = m == HTTP_PUT || m == HTTP_PATCH || m == HTTP_DELETE;
    int64_t v;
    enum err e;

    if (!w->route->versioned || !changes || (w->route->last_wins && !w->in->if_match.len))
        return ERR_OK;
    e = etag_read(w->ctx, w->in->if_match, &v);
    if (!e)
        w->req.if_match = (struct opt_i64){.set = true, .v = v};
    return e;
}

/* An error that the document does not promise is a mistake of ours, not of the client. */
static void check_declared(struct work *w, enum err e)
{
    if (error_is_general(e) || route_may_fail(w->route, e))
        return;
    log_error(w->ctx, "http.undeclared_error", LC("route", w->route->id),
              LC("error", err_info(e)->name));
    assert(!w->o->strict_errors);
}

static void drop_stream(struct work *w)
{
    if (w->req.stream && w->route->kind == ROUTE_SSE)
        w->o->hooks.sse.drop(w->req.stream);
    if (w->req.stream && w->route->kind == ROUTE_WS)
        w->o->hooks.ws.drop(w->req.stream);
    w->req.stream = NULL;
}

/* What the failed try left in the answer is gone. */
static bool run_again(struct work *w, int attempt)
{
    if (!w->o->hooks.again || w->req.stream || !w->o->hooks.again(w->ctx, attempt))
        return false;
    fault_clear(w->ctx);
    *w->req.reply = (struct reply){0};
    return true;
}

static enum err run_handler(struct work *w)
{
    struct ctx *ctx = w->ctx;
    const struct schema *in = w->route->in;
    const struct schema *out = w->route->out;
    void *at = arena_alloc(&ctx->arena, in ? in->size : 1);
    enum err e = bind_request(ctx, w->route, &w->in->source, at);
    int attempt = 0;

    if (e)
        return e;
    w->req.in = at;
    do {
        w->req.out = arena_alloc(&ctx->arena, out ? out->size : 1);
        e = w->route->handler(&w->req);
    } while (e && run_again(w, ++attempt));
    if (e) {
        check_declared(w, e);
        drop_stream(w);
    }
    return e;
}

/* Handlers need not repeat what the answer already says: its member `version`. */
static int64_t version_of(const struct work *w)
{
    const struct field *f = NULL;

    if (w->reply.version || !w->route->versioned)
        return w->reply.version;
    if (w->route->out)
        f = schema_field(w->route->out, STR("version"));
    return f && f->type == FIELD_I64 ? *(const int64_t *)field_at_const(f, w->req.out) : 0;
}

/* Where the thing just made can be read. */
static void add_location(struct work *w)
{
    const struct field *f = schema_field(w->route->out, STR("id"));
    struct str path = w->in->path;

    if (w->answer->status != 201 || !f || f->type != FIELD_I64)
        return;
    const int64_t *id = field_at_const(f, w->req.out);
    answer_header(
        w->ctx, w->answer, "Location",
        arena_printf(&w->ctx->arena, "%.*s/%lld", (int)path.len, path.at, (long long)*id));
}

/* Where the next page begins; empty: the answer is the last one, or no list. */
static struct str next_cursor(const struct work *w)
{
    const struct field *f = schema_field(w->route->out, STR("next_cursor"));
    const struct opt_str *v = f ? field_at_const(f, w->req.out) : NULL;

    return v && v->set ? v->v : STR("");
}

/* The same address with the next cursor in place of this one. */
static void add_next_link(struct work *w)
{
    cleanup(buf_finish) struct buf b = BUF(LINK_MAX);
    struct str cursor = next_cursor(w);
    struct str rest = w->in->source.query;
    struct query_pair pair;
    const char *sep = "?";

    if (cursor.len == 0)
        return;
    buf_putc(&b, '<');
    query_escape(&b, w->in->path, "/:@");
    while (query_next(&w->ctx->arena, &rest, &pair)) {
        if (str_is(pair.name, "cursor"))
            continue;
        buf_puts(&b, sep);
        query_escape(&b, pair.name, "");
        buf_putc(&b, '=');
        query_escape(&b, pair.value, ",:");
        sep = "&";
    }
    buf_printf(&b, "%scursor=", sep);
    query_escape(&b, cursor, "");
    buf_puts(&b, ">; rel=\"next\"");
    if (!b.failed)
        answer_header(w->ctx, w->answer, "Link", arena_str(&w->ctx->arena, buf_view(&b)));
}

static enum err write_body(struct work *w)
{
    cleanup(buf_finish) struct buf b = {.max = ANSWER_MAX, .secret = true};

    if (w->reply.raw_type) {
        w->answer->content_type = w->reply.raw_type;
        w->answer->body = w->reply.raw;
        return ERR_OK;
    }
    if (!w->route->out || w->answer->status == 204)
        return ERR_OK;
    json_write(&b, w->route->out, w->req.out);
    if (b.failed)
        return fail(w->ctx, ERR_INTERNAL, "the answer is larger than %d bytes", ANSWER_MAX);
    w->answer->content_type = w->route->produces ? w->route->produces : "application/json";
    w->answer->body = arena_str(&w->ctx->arena, buf_view(&b));
    return ERR_OK;
}

static enum err write_answer(struct work *w)
{
    struct http_answer *a = w->answer;
    int64_t version = version_of(w);
    enum err e;

    a->status = w->reply.status ? w->reply.status : w->route->status;
    a->stream = w->req.stream;
    switch (w->route->kind) {
    case ROUTE_SSE:
        a->kind = ANSWER_SSE;
        a->content_type = "text/event-stream";
        return ERR_OK;
    case ROUTE_WS:
        a->kind = ANSWER_WS;
        return ERR_OK;
    case ROUTE_JSON:
        break;
    }
    if (version)
        answer_header(w->ctx, a, "ETag", etag_of(&w->ctx->arena, version));
    if (version && w->route->method == HTTP_GET && w->in->if_none_match.len &&
        etag_is_known(w->in->if_none_match, version)) {
        a->status = 304;
        return ERR_OK;
    }
    e = write_body(w);
    if (!e)
        add_next_link(w);
    add_location(w);
    return e;
}

/* What the handler added. Of a failure only cookies count: a refused token is taken back. */
static void add_reply_headers(struct work *w, bool failed)
{
    for (const struct reply_header *h = w->reply.headers; h; h = h->next)
        if (!failed || str_eq_nocase(h->name, STR("Set-Cookie")))
            answer_header(w->ctx, w->answer, h->name.at, h->value);
}

static enum err serve(struct work *w)
{
    struct replay idem = {0};
    bool replayed = false;
    enum err e = admit(w);

    if (!e)
        e = read_version(w);
    if (!e)
        e = replay_begin(w->ctx, w->o, w->in, &idem, &replayed, w->answer);
    if (e || replayed)
        return e;
    e = run_handler(w);
    if (!e)
        e = write_answer(w);
    if (e)
        problem_write(w->ctx, e, w->in->path, w->answer);
    add_reply_headers(w, e != ERR_OK);
    replay_end(w->ctx, w->o, &idem, w->answer);
    return ERR_OK;
}

static void log_request(const struct work *w, int64_t us)
{
    log_info(w->ctx, "http.request", LC("route", w->route ? w->route->id : "none"),
             LI("status", w->answer->status), LI("ms", us / 1000),
             LI("bytes", (int64_t)w->answer->body.len), LI("statements", w->ctx->statements),
             LI("user", w->ctx->actor.user_id));
}

static int64_t event_id(struct str header)
{
    int64_t id;

    return str_to_i64(header, &id) && id > 0 ? id : 0;
}

void http_handle(struct ctx *ctx, const struct http_options *o, const struct http_request *in,
                 struct http_answer *ret)
{
    struct work w = {
        .ctx = ctx,
        .o = o,
        .in = in,
        .route = in->match.route,
        .answer = ret,
    };
    int64_t start_us = clock_mono_us();

    *ret = (struct http_answer){.route = w.route};
    w.req = (struct req){
        .ctx = ctx,
        .route = w.route,
        .cookie = in->cookie,
        .authorization = in->authorization,
        .origin = in->origin,
        .last_event_id = event_id(in->last_event_id),
        .options = o,
        .reply = &w.reply,
    };
    enum err e = serve(&w);
    if (e)
        problem_write(ctx, e, in->path, ret);
    log_request(&w, clock_mono_us() - start_us);
}
