/* SPDX-License-Identifier: MIT */
/*
 * Start and stop. The I/O threads are libmicrohttpd's: they only move bytes; handlers run in the
 * pool while their connection is suspended.
 */
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"

#include "http/transport.h"

enum { BACKLOG = 1024, PEM_MAX = 256 << 10, DRAIN_MS = 1000 };
/* Of one request's headers; cleared after each, so that more would cost time. */
enum { CONNECTION_BYTES = 16 << 10 };

static const char tls_priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-AES-128-CBC:"
    "-AES-256-CBC:%SERVER_PRECEDENCE";

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    return exchange_begin(cls, c, uri);
}

static enum MHD_Result on_step(void *cls, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **con_cls)
{
    (void)cls;
    (void)c;
    (void)url;
    return *con_cls ? exchange_step(*con_cls, method, version, data, size) : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *con_cls;

    (void)cls;
    (void)c;
    (void)code;
    if (!x)
        return;
    *con_cls = NULL;
    peer_idle(x->peer);
    if (x->upgraded)
        exchange_end_later(x);
    else
        exchange_unref(x);
}

/* From the reaper's thread, four times a second. */
static void on_tick(void *cls)
{
    streams_tick(cls);
    exchanges_ended(cls);
}

static void on_connection(void *cls, struct MHD_Connection *c, void **socket_cls,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = cls;
    const union MHD_ConnectionInfo *info;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_cls = reaper_add(s->reaper, info->connect_fd);
        http_metrics_gauge(s->o.metrics, GAUGE_CONNECTIONS, 1);
    } else {
        reaper_remove(s->reaper, *socket_cls);
        *socket_cls = NULL;
        http_metrics_gauge(s->o.metrics, GAUGE_CONNECTIONS, -1);
    }
}

/* Addresses are decoded once, by target.c; libmicrohttpd shall leave them as they came. */
static size_t no_unescape(void *cls, struct MHD_Connection *c, char *text)
{
    (void)cls;
    (void)c;
    return strlen(text);
}

static void on_log(void *cls, const char *fmt, va_list ap)
{
    (void)cls;
    (void)fmt;
    (void)ap;
}

static enum err socket_bind(struct ctx *ctx, struct http_server *s, const struct addrinfo *a)
{
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
    int on = 1, off = 0;

    if (fd < 0)
        return fail(ctx, ERR_INTERNAL, "socket: %s", strerror(errno));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (a->ai_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        s->listener = fd;
        return ERR_OK;
    }
    (void)fail(ctx, ERR_INTERNAL, "cannot listen on %s port %lld: %s", s->o.address,
               (long long)s->o.port, strerror(errno));
    close(fd);
    return ERR_INTERNAL;
}

static enum err listener_open(struct ctx *ctx, struct http_server *s)
{
    struct addrinfo hints = {
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
    };
    struct addrinfo *found;
    struct sockaddr_in6 name = {0};
    socklen_t len = sizeof(name);
    struct str port = arena_printf(&ctx->arena, "%lld", (long long)s->o.port);
    enum err e;

    if (s->o.port < 0 || s->o.port > 65535 ||
        getaddrinfo(s->o.address, port.at, &hints, &found) != 0)
        return fail(ctx, ERR_INTERNAL, "%s is no address to listen on", s->o.address);
    e = socket_bind(ctx, s, found);
    freeaddrinfo(found);
    if (e)
        return e;
    if (getsockname(s->listener, (struct sockaddr *)&name, &len) != 0)
        return fail(ctx, ERR_INTERNAL, "getsockname: %s", strerror(errno));
    /* The port lies at the same place for both families. */
    s->port = ntohs(name.sin6_port);
    return ERR_OK;
}

static enum err pem_read(struct ctx *ctx, struct http_server *s, const char *path, const char **ret)
{
    struct buf b = BUF(PEM_MAX);
    enum err e = fs_read(ctx, path, PEM_MAX, &b);

    if (!e)
        *ret = arena_cstr(&s->arena, buf_view(&b));
    if (b.at)
        secret_wipe(b.at, b.len);
    buf_finish(&b);
    return e;
}

static struct http_server *server_new(const struct http_options *o)
{
    struct http_server *s = MEM_NEW(struct http_server);
    pthread_condattr_t attr;

    s->o = *o;
    s->listener = -1;
    s->secure = o->tls_cert != NULL;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (!o->metrics)
        s->o.metrics = s->own_metrics = http_metrics_create(o->routes);
    s->csp = static_csp(&s->arena, o->assets);
    system_ports.random(&s->id_prefix, sizeof(s->id_prefix));
    s->reaper = reaper_create(&(struct reaper_options){
        .header_ms = o->header_timeout_ms ? o->header_timeout_ms : 5000,
        .idle_ms = (o->idle_timeout_s ? o->idle_timeout_s : 30) * 1000,
        .send_idle_ms = 30000,
        .min_body_rate = o->min_body_rate,
        .metrics = s->o.metrics,
        .tick = on_tick,
        .user = s,
    });
    return s;
}

static void server_free(struct http_server *s)
{
    while (s->spare) {
        struct exchange *x = s->spare;

        s->spare = x->next;
        arena_finish(&x->arena);
        mem_free(x);
    }
    if (s->listener >= 0)
        close(s->listener);
    http_metrics_destroy(s->own_metrics);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    arena_finish(&s->arena);
    mem_free(s);
}

static enum err daemon_start(struct ctx *ctx, struct http_server *s)
{
    const struct http_options *o = &s->o;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_ALLOW_UPGRADE | MHD_USE_ERROR_LOG;
    const char *cert = NULL, *key = NULL;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL}};
    unsigned threads = o->io_threads > 1 ? (unsigned)o->io_threads : 2;
    union {
        const char *in;
        void *out;
    } at;

    if (s->secure) {
        enum err e = pem_read(ctx, s, o->tls_cert, &cert);

        if (!e)
            e = pem_read(ctx, s, o->tls_key ? o->tls_key : o->tls_cert, &key);
        if (e)
            return e;
        flags |= MHD_USE_TLS;
        at.in = cert;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, at.out};
        at.in = key;
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, at.out};
        at.in = tls_priorities;
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, at.out};
    }
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_step, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, s->listener, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, s, MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        s, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(o->idle_timeout_s ? o->idle_timeout_s : 30),
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(o->connections ? o->connections : 2000),
        MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)(o->connections_per_address ? o->connections_per_address : 1024),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT,
        0, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (!s->daemon)
        return fail(ctx, ERR_INTERNAL,
                    s->secure ? "the server did not start: is the TLS certificate with its key "
                                "sound PEM?"
                              : "the server did not start");
    s->listener = -1; /* the daemon's now */
    return ERR_OK;
}

enum err http_server_start(struct ctx *ctx, const struct http_options *o, struct http_server **ret)
{
    struct http_server *s = server_new(o);
    enum err e = listener_open(ctx, s);

    if (!e)
        e = daemon_start(ctx, s);
    if (e) {
        reaper_destroy(s->reaper);
        server_free(s);
        return e;
    }
    *ret = s;
    return ERR_OK;
}

int64_t http_server_port(const struct http_server *s)
{
    return s->port;
}

/* True when no exchange is left before the time is over. */
static bool wait_idle(struct http_server *s, int64_t ms)
{
    struct timespec until;
    bool idle;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_mutex_lock(&s->lock);
    while (s->n_live && pthread_cond_timedwait(&s->changed, &s->lock, &until) != ETIMEDOUT)
        continue;
    idle = s->n_live == 0;
    pthread_mutex_unlock(&s->lock);
    return idle;
}

/*
 * Closes the listening socket and leaves in its place a descriptor from which nothing ever comes;
 * the daemon closes that. MHD_quiesce_daemon would have its threads race for taking the socket out
 * of their epoll sets, and the library ends the process when one comes second.
 */
static void refuse_connections(struct http_server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_LISTEN_FD);
    int nothing = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (nothing < 0)
        return; /* then MHD_stop_daemon does it, after the grace */
    if (info && info->listen_fd >= 0)
        (void)dup3(nothing, info->listen_fd, O_CLOEXEC);
    close(nothing);
}

void http_server_stop(struct http_server *s, int64_t grace_ms)
{
    if (!s)
        return;
    refuse_connections(s);
    atomic_store(&s->stopping, true);
    streams_tick(s);
    if (s->o.hooks.end_sockets)
        s->o.hooks.end_sockets(s->o.hooks.user);
    if (!wait_idle(s, grace_ms)) {
        exchanges_abandon(s);
        (void)wait_idle(s, DRAIN_MS);
    }
    pthread_mutex_lock(&s->lock);
    s->closed = true;
    pthread_mutex_unlock(&s->lock);
    exchanges_abandon(s);
    MHD_stop_daemon(s->daemon);
    reaper_destroy(s->reaper);
}

void http_server_destroy(struct http_server *s)
{
    if (!s)
        return;
    exchanges_ended(s);
    /* Nobody is left who could give these back. */
    while (s->live)
        exchange_drop(s->live);
    server_free(s);
}
