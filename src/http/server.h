/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The HTTP server: libmicrohttpd behind a framing guard, a slow-header reaper, per-address limits
 * and a bounded pool of workers. Everything it needs from the rest of the product comes in as
 * callbacks, wired in app/.
 */
#include <sys/types.h>

#include "base/buf.h"
#include "base/pool.h"

#include "http/route.h"

struct asset_table;
struct http_metrics;
struct http_server;
struct limiter;

/*
 * A running answer of text/event-stream, made by a ROUTE_SSE handler (req.stream). realtime/sse.h
 * has functions of these types; they are joined in app/.
 */
struct http_stream_ops {
    /* Called once, before the first read. `wake` may then be called from any thread until `drop`
     * has returned. */
    void (*attach)(void *stream, void (*wake)(void *user), void *user);
    /* Up to `max` bytes into `at`; 0: nothing now, `wake` will come; -1: the end. Never blocks. */
    ssize_t (*read)(void *stream, char *at, size_t max);
    void (*drop)(void *stream);
};

/* A WebSocket, made by a ROUTE_WS handler. After `take` the socket is realtime's. */
struct http_socket_ops {
    /*
     * `fd` is non-blocking; `early` are bytes that already came. `close(user)` must be called once,
     * from any thread, when all is done with the descriptor.
     */
    void (*take)(void *stream, int fd, struct str early, void (*close)(void *user), void *user);
    /* For a socket that never came to be. */
    void (*drop)(void *stream);
};

/* Remembers answers to POSTs by Idempotency-Key. */
struct http_idempotency {
    /*
     * ERR_OK and *status 0: this request owns the key now; else answer with *status and *body.
     * ERR_IDEMPOTENCY_MISMATCH: other request under the same key. ERR_IDEMPOTENCY_BUSY:
     * it still runs, or its answer is lost.
     */
    enum err (*begin)(struct ctx *ctx, struct str key, const char *route_id, struct str fingerprint,
                      int *status, struct str *body);
    /* Keeps the answer; called with status 0 when the request failed in a way worth trying again
     * (5xx, 429): the key is given back. */
    void (*finish)(struct ctx *ctx, struct str key, const char *route_id, int status,
                   struct str body);
};

struct http_hooks {
    /*
     * Fills ctx->actor from the bearer token or the cookie. ERR_OK with ROLE_NONE when neither is
     * there; ERR_UNAUTHENTICATED for an expired or forged one. *by_cookie: CSRF must be checked.
     */
    enum err (*authenticate)(struct ctx *ctx, struct str authorization, struct str cookie,
                             bool *by_cookie);
    struct http_idempotency idempotency;
    /* Whether a handler that failed is to run again: its work was rolled back and may succeed now.
     * `attempt` counts from 1. NULL: never. */
    bool (*again)(struct ctx *ctx, int attempt);
    /* Adds what is checked by /readyz: writes a JSON object, true when all is well. */
    bool (*ready)(struct ctx *ctx, struct buf *ret);
    /* Adds OpenMetrics lines of the other modules. */
    void (*metrics)(struct ctx *ctx, struct buf *ret);
    struct http_stream_ops sse;
    struct http_socket_ops ws;
    /* Stopping: closes all WebSockets; returns when their `close` functions have been called. */
    void (*end_sockets)(void *user);
    void *user;
};

struct http_options {
    const char *address; /* "127.0.0.1", "::", … */
    int64_t port;        /* 0: any free port; see http_server_port */
    size_t io_threads;
    size_t connections, connections_per_address;
    int64_t header_timeout_ms; /* whole header section, 5000 */
    int64_t idle_timeout_s;
    int64_t min_body_rate;           /* bytes a second after the first 5 s */
    const char *tls_cert, *tls_key;  /* PEM files; NULL: plain HTTP */
    const char *const *cors_origins; /* NULL-terminated; empty: closed */
    const char *public_url;          /* for Origin checks; NULL: from Host */
    int64_t rate_per_minute;         /* general limit per caller */
    struct limiter *limiter;         /* limiter_create() of http/limit.h; NULL: no limits */
    bool strict_errors; /* tests: an error that a route does not declare stops the program */
    /* All bodies in memory together; 0: 256 MiB. One of at most 64 KiB is taken in any case. */
    int64_t body_bytes_max;
    const char *const *trusted_proxies; /* addresses whose X-Forwarded-For/-Proto are believed */
    const struct routes *routes;
    struct str openapi;               /* the document for /openapi.json; may be empty */
    const struct asset_table *assets; /* NULL: no web app inside */
    struct http_metrics *metrics;     /* see http/metrics.h */
    struct http_hooks hooks;
    struct pool *pool;
};

/* /healthz, /readyz, /metrics, /openapi.json: belongs into `routes`. */
extern const struct route_table http_system_api;

/* ERR_INTERNAL with the reason in ctx's fault (port in use, bad certificate). */
must_check enum err http_server_start(struct ctx *ctx, const struct http_options *o,
                                      struct http_server **ret);
int64_t http_server_port(const struct http_server *s);
/*
 * Stops taking connections, lets running requests finish (at most `grace_ms`), ends streams.
 * Workers may still hold requests: end the pool and the sockets, then destroy the server. Takes
 * NULL.
 */
void http_server_stop(struct http_server *s, int64_t grace_ms);
/* After http_server_stop, when no worker and no socket is left. Takes NULL. */
void http_server_destroy(struct http_server *s);
