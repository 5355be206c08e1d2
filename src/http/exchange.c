/* SPDX-License-Identifier: MIT */
/*
 * The life of one request. libmicrohttpd calls exchange_step when the headers are there, for each
 * piece of the body, and when all has come; an answer may be queued in the first call (which closes
 * the connection) or in the last. In between what is refused is read and thrown away.
 */
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#include "http/transport.h"

enum { SPARE_MAX = 64, BODY_MAX = 64 << 10, FORM_EXTRA = 64 << 10, WASTE_MAX = 8 << 20 };
enum { BODY_BYTES_MAX = 256 << 20 };

static void body_free(struct exchange *x)
{
    struct http_server *s = x->server;

    buf_finish(&x->body);
    multipart_destroy(x->form);
    x->form = NULL;
    if (!x->charged)
        return;
    atomic_fetch_sub(&s->body_bytes, (long long)x->charged);
    http_metrics_gauge(s->o.metrics, GAUGE_BODY_BYTES, -(int64_t)x->charged);
    x->charged = 0;
}

struct exchange *exchange_begin(struct http_server *s, struct MHD_Connection *c, const char *uri)
{
    const union MHD_ConnectionInfo *info;
    struct exchange *x;
    struct arena arena = {0};

    pthread_mutex_lock(&s->lock);
    x = s->spare;
    if (x) {
        s->spare = x->next;
        s->n_spare--;
    } else {
        x = MEM_NEW(struct exchange);
    }
    arena = x->arena;
    *x = (struct exchange){.server = s, .connection = c, .arena = arena, .refs = 1};
    x->next = s->live;
    if (x->next)
        x->next->prev = x;
    s->live = x;
    s->n_live++;
    pthread_mutex_unlock(&s->lock);

    info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->peer = info ? info->socket_context : NULL;
    x->started_us = clock_mono_us();
    x->uri_raw = (struct str){uri, uri ? strlen(uri) : 0};
    if (uri)
        x->uri = arena_str(&x->arena, (struct str){uri, strnlen(uri, TARGET_MAX + 1)});
    return x;
}

void exchange_stream_drop(struct exchange *x)
{
    if (!x->answer.stream || x->stream_taken)
        return;
    x->stream_taken = true;
    if (x->answer.kind == ANSWER_SSE)
        x->server->o.hooks.sse.drop(x->answer.stream);
    else if (x->answer.kind == ANSWER_WS)
        x->server->o.hooks.ws.drop(x->answer.stream);
}

void exchange_drop(struct exchange *x)
{
    struct http_server *s = x->server;

    exchange_stream_drop(x);
    body_free(x);
    arena_reset(&x->arena);
    pthread_mutex_lock(&s->lock);
    if (x->prev)
        x->prev->next = x->next;
    else
        s->live = x->next;
    if (x->next)
        x->next->prev = x->prev;
    s->n_live--;
    if (s->n_spare < SPARE_MAX) {
        x->next = s->spare;
        s->spare = x;
        s->n_spare++;
        x = NULL;
    }
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (x) {
        arena_finish(&x->arena);
        mem_free(x);
    }
}

void exchange_unref(struct exchange *x)
{
    if (atomic_fetch_sub(&x->refs, 1) == 1)
        exchange_drop(x);
}

void exchange_end_later(struct exchange *x)
{
    struct http_server *s = x->server;

    x->ended = atomic_load(&s->ended);
    while (!atomic_compare_exchange_weak(&s->ended, &x->ended, x))
        continue;
}

void exchanges_ended(struct http_server *s)
{
    struct exchange *x = atomic_exchange(&s->ended, NULL);

    while (x) {
        struct exchange *next = x->ended;

        exchange_unref(x);
        x = next;
    }
}

struct ctx io_ctx_begin(struct exchange *x)
{
    return (struct ctx){
        .arena = x->arena,
        .ports = &system_ports,
        .now = system_ports.now_ms(),
        .request_id = x->request_id,
        .ip = x->ip,
        .user_agent = x->user_agent,
    };
}

void io_ctx_end(struct exchange *x, struct ctx *ctx)
{
    x->arena = ctx->arena;
}

static void refuse(struct exchange *x, enum err e, const char *why)
{
    if (x->refused)
        return;
    x->refused = e;
    x->refused_why = why;
    if (e == ERR_TOO_LARGE || e == ERR_URI_TOO_LONG)
        http_metrics_add(x->server->o.metrics, COUNTER_TOO_LARGE, 1);
    if (e == ERR_BUSY)
        http_metrics_add(x->server->o.metrics, COUNTER_BUSY, 1);
}

static void method_read(struct exchange *x, const char *method)
{
    static const char *const names[HTTP_METHODS] = {
        [HTTP_GET] = "GET",     [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",
        [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
    };

    x->in.method = HTTP_METHODS;
    x->in.head = strcmp(method, "HEAD") == 0;
    x->is_options = strcmp(method, "OPTIONS") == 0;
    for (int m = 0; m < HTTP_METHODS; m++)
        if (strcmp(x->in.head ? "GET" : method, names[m]) == 0)
            x->in.method = (enum http_method)m;
    x->method_known = x->in.method != HTTP_METHODS || x->is_options;
}

static void match(struct exchange *x)
{
    struct ctx ctx = io_ctx_begin(x);

    x->in.match = routes_match(&ctx, x->server->o.routes, x->in.method, x->target.path);
    io_ctx_end(x, &ctx);
    for (size_t i = 0; i < COUNT(x->in.match.params); i++)
        x->in.source.params[i] = x->in.match.params[i];
    x->in.path = x->target.path;
    x->in.source.query = x->target.query;
}

/* What of the body can be refused before a byte of it is read. */
static void body_prepare(struct exchange *x, const struct route *route)
{
    bool form = route->consumes && strcmp(route->consumes, "multipart/form-data") == 0;
    struct str boundary;

    x->body_max = route->body_max ? route->body_max : BODY_MAX;
    if (form)
        x->body_max += FORM_EXTRA; /* boundaries and part headers */
    if (x->guard.length > x->body_max) {
        refuse(x, ERR_TOO_LARGE, "the body is larger than this address takes");
    } else if (route->need != PERM_PUBLIC && !x->in.authorization.len && !x->in.cookie.len) {
        refuse(x, ERR_UNAUTHENTICATED, "sign in before sending a body");
    } else if (form && !multipart_boundary(x->in.source.content_type, &boundary)) {
        refuse(x, ERR_UNSUPPORTED_MEDIA, "send multipart/form-data with a boundary");
    } else if (form) {
        x->form = multipart_create(boundary, &(struct multipart_limits){
                                                 .total = (size_t)x->body_max - FORM_EXTRA,
                                             });
    } else {
        x->body = (struct buf){.max = (size_t)x->body_max, .secret = true};
    }
}

static void target_check(struct exchange *x)
{
    const char *why;

    if (x->is_options && str_is(x->uri, "*")) {
        x->target.path = x->uri;
        return;
    }
    if (x->uri.len > TARGET_MAX) {
        refuse(x, ERR_URI_TOO_LONG, "the address is longer than 8 KiB");
        return;
    }
    why = target_read(&x->arena, x->uri, &x->target);
    if (why)
        refuse(x, ERR_BAD_REQUEST, why);
    else
        match(x);
}

/* No route answers here, and no file does. */
static enum MHD_Result send_no_route(struct exchange *x)
{
    const char *why = "nothing answers at this address";

    if (x->in.match.found_path)
        return send_problem(x, ERR_METHOD_NOT_ALLOWED, "this address takes other methods");
    return send_problem(x, x->method_known ? ERR_NOT_FOUND : ERR_METHOD_NOT_ALLOWED, why);
}

static enum MHD_Result send_file_or_404(struct exchange *x)
{
    const struct asset *a = NULL;

    if (x->in.method == HTTP_GET && !x->in.match.found_path)
        a = static_find(x->server->o.assets, x->target.path, x->headers.accept);
    return a ? send_asset(x, a) : send_no_route(x);
}

/*
 * The headers are there. What is refused already is answered at once only when its body is very
 * large or waits for our word; else the body is thrown away first: many clients do not look for an
 * answer before they have sent all, and would find the connection reset.
 */
static enum MHD_Result step_headers(struct exchange *x, const char *method, const char *version)
{
    const char *why = exchange_headers_read(x, method, version);

    method_read(x, method);
    if (why) {
        http_metrics_add(x->server->o.metrics, COUNTER_FRAMING, 1);
        return send_problem(x, ERR_BAD_REQUEST, why);
    }
    target_check(x);
    if (x->refused)
        return send_problem(x, x->refused, x->refused_why);
    if (!guard_has_body(&x->guard))
        return MHD_YES;
    if (x->in.match.route)
        body_prepare(x, x->in.match.route);
    else
        x->discard = true;
    if (x->refused && (x->guard.length > WASTE_MAX || x->headers.expect.len))
        return send_problem(x, x->refused, x->refused_why);
    peer_body(x->peer);
    return MHD_YES;
}

static bool body_charge(struct exchange *x, size_t n)
{
    struct http_server *s = x->server;
    int64_t max = s->o.body_bytes_max > 0 ? s->o.body_bytes_max : BODY_BYTES_MAX;

    x->charged += n;
    http_metrics_gauge(s->o.metrics, GAUGE_BODY_BYTES, (int64_t)n);
    return atomic_fetch_add(&s->body_bytes, (long long)n) + (long long)n <= max;
}

/* False: too much was thrown away already; the connection is to be closed. */
static bool step_body(struct exchange *x, const char *data, size_t n)
{
    enum err e;

    peer_body_grew(x->peer, n);
    x->body_len += n;
    if (!x->discard && x->body_len > (size_t)x->body_max)
        refuse(x, ERR_TOO_LARGE, "the body is larger than this address takes");
    if (x->refused || x->discard) {
        body_free(x);
        return x->body_len <= (size_t)x->body_max + WASTE_MAX;
    }
    /* Uploads that fill the memory keep nobody from sending what is small. */
    if (!body_charge(x, n) && x->body_len > BODY_MAX) {
        refuse(x, ERR_BUSY, "too many uploads at once");
        return true;
    }
    if (x->form) {
        e = multipart_feed(x->form, data, n);
        if (e)
            refuse(x, e, multipart_why(x->form));
        return true;
    }
    buf_add(&x->body, data, n);
    if (x->body.failed)
        refuse(x, ERR_BUSY, "out of memory for the body");
    return true;
}

/* Nothing is begun for a client who was told that the server stops. */
static void work(struct ctx *ctx, void *arg)
{
    struct exchange *x = arg;
    struct arena own = ctx->arena;
    int running = EXCHANGE_RUNNING;

    if (atomic_load(&x->state) != EXCHANGE_RUNNING) {
        http_metrics_gauge(x->server->o.metrics, GAUGE_RUNNING, -1);
        exchange_unref(x);
        return;
    }
    /* What the answer is made of lives in the exchange's arena, until it is sent. */
    ctx->arena = x->arena;
    ctx->request_id = x->request_id;
    ctx->ip = x->ip;
    ctx->user_agent = x->user_agent;
    http_handle(ctx, &x->server->o, &x->in, &x->answer);
    x->arena = ctx->arena;
    ctx->arena = own;
    ctx_reset(ctx);
    http_metrics_gauge(x->server->o.metrics, GAUGE_RUNNING, -1);
    if (atomic_compare_exchange_strong(&x->state, &running, EXCHANGE_DONE))
        MHD_resume_connection(x->connection);
    exchange_unref(x);
}

static enum MHD_Result step_work(struct exchange *x)
{
    struct http_server *s = x->server;
    bool costly = route_hashes(x->in.match.route, x->in.source.body);
    int running = EXCHANGE_RUNNING;

    peer_wait(x->peer);
    pthread_mutex_lock(&s->lock);
    if (s->closed) {
        pthread_mutex_unlock(&s->lock);
        return send_problem(x, ERR_BUSY, "the server stops");
    }
    atomic_store(&x->state, EXCHANGE_RUNNING);
    MHD_suspend_connection(x->connection);
    pthread_mutex_unlock(&s->lock);

    atomic_fetch_add(&x->refs, 1);
    http_metrics_gauge(s->o.metrics, GAUGE_RUNNING, 1);
    if (costly ? pool_submit_costly(s->o.pool, work, x) : pool_submit(s->o.pool, work, x))
        return MHD_YES;
    http_metrics_gauge(s->o.metrics, GAUGE_RUNNING, -1);
    if (atomic_compare_exchange_strong(&x->state, &running, EXCHANGE_FULL))
        MHD_resume_connection(x->connection);
    exchange_unref(x);
    return MHD_YES;
}

static enum MHD_Result step_quick(struct exchange *x)
{
    struct ctx ctx = io_ctx_begin(x);

    x->in.cookie = x->in.authorization = (struct str){"", 0};
    http_handle(&ctx, &x->server->o, &x->in, &x->answer);
    io_ctx_end(x, &ctx);
    return send_answer(x);
}

static enum MHD_Result send_worked(struct exchange *x)
{
    switch (x->answer.kind) {
    case ANSWER_BODY:
        return send_answer(x);
    case ANSWER_SSE:
        return stream_send(x);
    case ANSWER_WS:
        return socket_send(x);
    }
    return MHD_NO;
}

/* All of the body has come. */
static enum MHD_Result step_whole(struct exchange *x)
{
    const struct route *route = x->in.match.route;
    const char *why;

    if (!x->refused && x->form && multipart_end(x->form))
        refuse(x, ERR_BAD_REQUEST, multipart_why(x->form));
    if (x->refused)
        return send_problem(x, x->refused, x->refused_why);
    if (x->is_options)
        return send_options(x);
    if (!route)
        return send_file_or_404(x);
    if (route->kind == ROUTE_WS) {
        why = socket_handshake_check(x);
        if (why)
            return send_problem(x, ERR_UPGRADE_REQUIRED, why);
    }
    x->in.source.has_body = guard_has_body(&x->guard);
    x->in.source.body = buf_view(&x->body);
    x->in.source.form = x->form ? multipart_parts(x->form) : NULL;
    return route->quick ? step_quick(x) : step_work(x);
}

enum MHD_Result exchange_step(struct exchange *x, const char *method, const char *version,
                              const char *data, size_t *size)
{
    if (!x->begun) {
        x->begun = true;
        return step_headers(x, method, version);
    }
    if (*size) {
        size_t n = *size;

        *size = 0;
        return step_body(x, data, n) ? MHD_YES : MHD_NO;
    }
    switch ((enum exchange_state)atomic_load(&x->state)) {
    case EXCHANGE_READING:
        return step_whole(x);
    case EXCHANGE_RUNNING:
        return MHD_YES;
    case EXCHANGE_DONE:
        return send_worked(x);
    case EXCHANGE_ABANDONED:
        return send_abandoned(x);
    case EXCHANGE_FULL:
        refuse(x, ERR_BUSY, "too many requests are waiting");
        return send_problem(x, ERR_BUSY, x->refused_why);
    }
    return MHD_NO;
}

void exchanges_abandon(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->closed = true;
    for (struct exchange *x = s->live; x; x = x->next) {
        int running = EXCHANGE_RUNNING;

        if (atomic_compare_exchange_strong(&x->state, &running, EXCHANGE_ABANDONED))
            MHD_resume_connection(x->connection);
    }
    pthread_mutex_unlock(&s->lock);
}
