/* SPDX-License-Identifier: MIT */
/*
 * A server with the real transport, a table of echo routes and pretended users, for tests that need
 * no database: `echo_server [name=value…]`. Prints its port, stops at SIGTERM.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#include "echo_routes.h"
#include "http/server.h"
#include "http/static.h"
#include "realtime/hub.h"
#include "realtime/sse.h"
#include "realtime/ws.h"

static const struct route_table *const tables[] = {&http_system_api, &echo_api, NULL};
static const struct routes all = {tables};
static const char *const origins[] = {"https://friend.example", NULL};
static const char *const proxies[] = {"127.0.0.1", NULL};

#define PLAIN(text_, etag_)                                                                        \
    {                                                                                              \
        [ENCODING_PLAIN] = { text_, sizeof(text_) - 1, etag_ }                                     \
    }
static const struct asset files[] = {
    {"/assets/app-1.js", "text/javascript; charset=utf-8", true, PLAIN("let a;", "\"js\"")},
    {"/docs/index.html", "text/html; charset=utf-8", false, PLAIN("<p>docs", "\"docs\"")},
    {"/index.html",
     "text/html; charset=utf-8",
     false,
     {{"<p>app", 6, "\"plain\""}, {"gzipped", 7, "\"gz\""}, {"brotlied", 8, "\"br\""}}},
};
static const struct asset_table assets = {files, COUNT(files), "'sha256-abc='", ""};

/* "Bearer trainer" is a trainer. */
static enum err authenticate(struct ctx *ctx, struct str authorization, struct str cookie,
                             bool *by_cookie)
{
    struct str role = authorization;

    (void)cookie;
    *by_cookie = false;
    if (!authorization.len)
        return ERR_OK;
    (void)str_cut(&role, ' ');
    ctx->actor = (struct actor){.role = role_of(role), .user_id = 1, .trainer_id = 1};
    return ctx->actor.role == ROLE_NONE ? fail(ctx, ERR_UNAUTHENTICATED, "no such user") : ERR_OK;
}

static void worker_start(struct ctx *ctx, void *user)
{
    ctx->services = user;
}

static int64_t number(int argc, char **argv, const char *name, int64_t fallback)
{
    for (int i = 1; i < argc; i++) {
        struct str value = str_of(argv[i]);
        struct str key = str_cut(&value, '=');
        int64_t n;

        if (str_is(key, name) && str_to_i64(value, &n))
            return n;
    }
    return fallback;
}

static const char *text(int argc, char **argv, const char *name)
{
    size_t len = strlen(name);

    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], name, len) == 0 && argv[i][len] == '=')
            return argv[i] + len + 1;
    return NULL;
}

static struct http_options options(int argc, char **argv, struct services *services,
                                   struct pool *pool)
{
    const char *address = text(argc, argv, "address");

    return (struct http_options){
        .address = address ? address : "127.0.0.1",
        .port = number(argc, argv, "port", 0),
        .io_threads = (size_t)number(argc, argv, "io", 2),
        .connections = 1000,
        .connections_per_address = (size_t)number(argc, argv, "per_address", 256),
        .header_timeout_ms = number(argc, argv, "header_ms", 5000),
        .idle_timeout_s = number(argc, argv, "idle_s", 30),
        .min_body_rate = number(argc, argv, "body_rate", 1000),
        .body_bytes_max = number(argc, argv, "body_bytes", 0),
        .tls_cert = text(argc, argv, "cert"),
        .tls_key = text(argc, argv, "key"),
        .cors_origins = origins,
        .trusted_proxies = number(argc, argv, "proxy", 0) ? proxies : NULL,
        .routes = &all,
        .openapi = STR("{\"openapi\":\"3.1.0\"}"),
        .assets = &assets,
        .hooks =
            {
                .authenticate = authenticate,
                .sse = {sse_attach, sse_read, sse_drop},
                .ws = {ws_take, ws_drop},
                .end_sockets = ws_close_all,
                .user = services->sockets,
            },
        .pool = pool,
    };
}

int main(int argc, char **argv)
{
    struct services services = {.hub = hub_create(0)};
    struct ctx ctx = {.ports = &system_ports};
    struct http_options o;
    struct http_server *server;
    struct pool *pool;
    sigset_t signals;
    int got;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    log_setup(number(argc, argv, "log", 0) ? LOG_INFO : LOG_ERROR, LOG_LOGFMT);
    ctx_reset(&ctx);
    pool = pool_create(&(struct pool_options){
        .workers = (size_t)number(argc, argv, "workers", 2),
        .queue_cap = (size_t)number(argc, argv, "queue", 256),
        .start = worker_start,
        .user = &services,
    });
    services.sockets = ws_create(&(struct ws_options){
        .pool = pool,
        .ping_ms = number(argc, argv, "ping_ms", 0),
        .sockets_per_user = 4,
    });
    o = options(argc, argv, &services, pool);
    if (http_server_start(&ctx, &o, &server) != ERR_OK) {
        fprintf(stderr, "%.*s\n", (int)ctx.fault.detail.len, ctx.fault.detail.at);
        return 1;
    }
    printf("%lld\n", (long long)http_server_port(server));
    (void)fflush(stdout);
    (void)sigwait(&signals, &got);
    http_server_stop(server, number(argc, argv, "grace_ms", 5000));
    pool_destroy(pool);
    ws_destroy(services.sockets);
    http_server_destroy(server);
    hub_destroy(services.hub);
    arena_finish(&ctx.arena);
    return 0;
}
