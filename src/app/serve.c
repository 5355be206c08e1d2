/* SPDX-License-Identifier: MIT */
/* The server's life: wire the parts, wait for a signal, stop without losing a request. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pool.h"

#include "app/app.h"
#include "app/jobs.h"
#include "app/routes.h"
#include "auth/auth.h"
#include "db/db.h"
#include "devices/devices.h"
#include "http/limit.h"
#include "http/metrics.h"
#include "http/openapi.h"
#include "http/server.h"
#include "http/web_assets.h"
#include "idempotency/idempotency.h"
#include "liveness/runs.h"
#include "realtime/sse.h"
#include "realtime/ws.h"
#include "system/system.h"

enum { LIMIT_BUCKETS = 16384, DOCUMENT_MAX = 8 << 20, JOBS_WAITING_MAX = 64 };
enum { HASHING_WAIT_S = 8 };

struct serving {
    struct app *app;
    struct pool *pool;
    struct pool *jobs; /* one thread: who asks does not wait for it */
    struct http_server *server;
    struct http_metrics *metrics;
    struct limiter *limiter;
    struct ws_server *sockets;
    struct buf openapi;
};

static const char *or_null(struct str s)
{
    return s.len ? s.at : NULL;
}

static const char *const *c_list(struct ctx *ctx, struct strs list)
{
    const char **out = ARENA_NEW_N(&ctx->arena, const char *, list.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < list.n; i++)
        if (list.at[i].len)
            out[n++] = arena_cstr(&ctx->arena, list.at[i]);
    return out;
}

/* What the modules count, beside the server's own figures. */
static void write_metrics(struct ctx *ctx, struct buf *ret)
{
    struct ws_figures f = ws_figures(ctx->services->sockets);

    buf_printf(ret,
               "# HELP smartpresence_camera_streams Open camera streams.\n"
               "# TYPE smartpresence_camera_streams gauge\n"
               "smartpresence_camera_streams %lld\n"
               "# HELP smartpresence_frames Frames taken, replaced by newer ones, and too old to "
               "look at.\n"
               "# TYPE smartpresence_frames counter\n"
               "smartpresence_frames_total{fate=\"seen\"} %lld\n"
               "smartpresence_frames_total{fate=\"replaced\"} %lld\n"
               "smartpresence_frames_total{fate=\"late\"} %lld\n",
               (long long)f.open, (long long)f.messages, (long long)f.replaced, (long long)f.late);
}

static struct http_options http_options(struct ctx *ctx, struct serving *s)
{
    const struct settings *set = &s->app->options.settings;

    return (struct http_options){
        .address = set->http_address.at,
        .port = set->http_port,
        .io_threads = (size_t)set->io_threads,
        .connections = (size_t)set->connections_max,
        .connections_per_address = (size_t)set->connections_per_address,
        .header_timeout_ms = 5000,
        .idle_timeout_s = 60,
        .min_body_rate = 1024,
        .tls_cert = or_null(set->tls_cert),
        .tls_key = or_null(set->tls_key),
        .cors_origins = c_list(ctx, set->cors_origins),
        .trusted_proxies = c_list(ctx, set->trusted_proxies),
        .public_url = or_null(set->public_url),
        .rate_per_minute = set->rate_per_minute,
        .limiter = s->limiter,
        .strict_errors = set->strict_errors,
        .routes = &app_routes,
        .openapi = buf_view(&s->openapi),
        .assets = &web_assets,
        .metrics = s->metrics,
        .hooks =
            {
                .authenticate = device_authenticate,
                .again = db_may_retry,
                .idempotency = {.begin = idempotency_begin, .finish = idempotency_finish},
                .ready = system_ready,
                .metrics = write_metrics,
                .sse = {.attach = sse_attach, .read = sse_read, .drop = sse_drop},
                .ws = {.take = ws_take, .drop = ws_drop},
                .end_sockets = ws_close_all,
                .user = s->sockets,
            },
        .pool = s->pool,
    };
}

/* SIGTERM and SIGINT are taken here, not in the threads that are started later. */
static void block_signals(sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGTERM);
    sigaddset(ret, SIGINT);
    pthread_sigmask(SIG_BLOCK, ret, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* A file that may not grow is answered like a full disk. */
    signal(SIGXFSZ, SIG_IGN);
}

static void wait_for_stop(const sigset_t *signals, struct pool *pool)
{
    struct timespec tick = {.tv_sec = JOBS_TICK_S};

    for (;;) {
        if (sigtimedwait(signals, NULL, &tick) >= 0)
            return;
        if (errno == EAGAIN)
            jobs_tick(pool);
    }
}

static enum err write_port(struct ctx *ctx, const char *file, int64_t port)
{
    struct str text = arena_printf(&ctx->arena, "%lld\n", (long long)port);

    return file ? fs_write(ctx, file, text, 0644) : ERR_OK;
}

/* All but one, which goes on with everything else while passwords are hashed. */
static size_t hashing_workers(const struct settings *set)
{
    int64_t most = set->workers > 1 ? set->workers - 1 : 1;

    return (size_t)(set->password_hashers < most ? set->password_hashers : most);
}

/* Nobody waits much longer than HASHING_WAIT_S: a hash takes 40 ms. */
static size_t hashing_waits(const struct settings *set)
{
    int64_t most = (int64_t)hashing_workers(set) * HASHING_WAIT_S * 1000 / 40;

    return (size_t)(set->queue_max < most ? set->queue_max : most);
}

static enum err start(struct ctx *ctx, struct serving *s)
{
    const struct settings *set = &s->app->options.settings;
    struct pool_options po = {
        .workers = (size_t)set->workers,
        .queue_cap = (size_t)set->queue_max,
        .costly_workers = hashing_workers(set),
        .costly_cap = hashing_waits(set),
        .start = app_worker_start,
        .finish = app_worker_finish,
        .user = s->app,
    };
    struct pool_options jo = {
        .workers = 1,
        .queue_cap = JOBS_WAITING_MAX,
        .start = app_worker_start,
        .finish = app_worker_finish,
        .user = s->app,
    };
    const char *unsound = routes_check(ctx, &app_routes);
    struct http_options o;

    if (unsound)
        return fail(ctx, ERR_INTERNAL, "%s", unsound);
    openapi_write(ctx, &app_routes, &s->openapi);
    s->metrics = http_metrics_create(&app_routes);
    s->limiter = limiter_create(LIMIT_BUCKETS);
    s->pool = pool_create(&po);
    s->jobs = pool_create(&jo);
    s->sockets = ws_create(&(struct ws_options){.pool = s->pool});
    s->app->services.sockets = s->sockets;
    s->app->services.pool = s->pool;
    s->app->services.live_runs = live_runs_create();
    o = http_options(ctx, s);
    return http_server_start(ctx, &o, &s->server);
}

static void stop(struct serving *s)
{
    if (s->app->services.hub)
        hub_close(s->app->services.hub);
    if (s->server)
        http_server_stop(s->server, s->app->options.settings.stop_grace_ms);
    pool_destroy(s->jobs);
    pool_destroy(s->pool);
    ws_destroy(s->sockets);
    live_runs_destroy(s->app->services.live_runs);
    s->app->services.live_runs = NULL;
    http_server_destroy(s->server);
    limiter_destroy(s->limiter);
    http_metrics_destroy(s->metrics);
    buf_finish(&s->openapi);
}

enum err app_serve(struct ctx *ctx, struct app *app, const char *port_file)
{
    struct serving s = {.app = app, .openapi = BUF(DOCUMENT_MAX)};
    enum app_parts parts = APP_DB | APP_KEYS | APP_HUB;
    sigset_t signals;
    enum err e;

    block_signals(&signals);
    if (app->options.settings.migrate_on_start)
        parts |= APP_SCHEMA;
    if (!str_is(app->options.settings.face_recognition, "off"))
        parts |= APP_MODELS;
    e = app_open(ctx, app, parts);
    e = e ? e : idempotency_recover(ctx);
    e = e ? e : start(ctx, &s);
    e = e ? e : write_port(ctx, port_file, http_server_port(s.server));
    if (!e) {
        log_info(ctx, "server.ready", LI("port", http_server_port(s.server)),
                 LC("version", SP_VERSION));
        jobs_start(s.jobs);
        wait_for_stop(&signals, s.jobs);
        log_info(ctx, "server.stopping");
    }
    stop(&s);
    return e;
}
