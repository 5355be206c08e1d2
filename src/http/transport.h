/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the parts of the transport share; nobody else includes this. An exchange is one request with
 * its answer. It belongs to libmicrohttpd's I/O thread, but for the time its state is RUNNING: then
 * the connection is suspended and a worker owns it.
 */
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"

#include "http/guard.h"
#include "http/handle.h"
#include "http/metrics.h"
#include "http/multipart.h"
#include "http/reaper.h"
#include "http/static.h"
#include "http/target.h"

enum exchange_state {
    EXCHANGE_READING,
    EXCHANGE_RUNNING,   /* suspended, a worker has it */
    EXCHANGE_DONE,      /* the answer is ready */
    EXCHANGE_ABANDONED, /* the server stops: the worker's answer will be thrown away */
    EXCHANGE_FULL,      /* the queue did not take it */
};

/* Request headers, kept by the names in exchange_headers.c. */
struct exchange_headers {
    struct str accept, accept_encoding, connection, content_type, cookie, authorization, origin,
        host, if_match, if_none_match, idempotency_key, csrf_token, fetch_site, last_event_id,
        request_id, user_agent, upgrade, ws_key, ws_version, cors_method, forwarded_for,
        forwarded_proto, expect;
};

struct stream;

struct exchange {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct exchange *prev, *next; /* all live ones, by the server's lock */
    struct exchange *ended;       /* see exchange_end_later */
    atomic_int refs;
    atomic_int state;

    struct arena arena;
    struct str uri_raw; /* where libmicrohttpd has it, and writes into it later */
    struct str uri;     /* copy, cut at TARGET_MAX + 1 */
    struct guard guard;
    const char *header_end; /* of the header last read, in libmicrohttpd's memory */
    struct target target;
    struct exchange_headers headers;
    struct str request_id, ip, user_agent;
    int64_t started_us;

    bool begun;      /* the headers were looked at */
    bool is_options; /* OPTIONS has no row in the tables */
    bool method_known;
    bool discard;     /* nobody wants the body */
    enum err refused; /* the body is thrown away, then this is the answer */
    const char *refused_why;
    int64_t body_max;
    size_t body_len; /* bytes that came, also those thrown away */
    size_t charged;  /* of the server's memory for bodies */
    struct buf body;
    struct multipart *form;

    struct http_request in;
    struct http_answer answer;
    bool stream_taken; /* answer.stream has a new owner */
    bool upgraded;     /* the connection is a WebSocket now */
};

struct http_server {
    struct http_options o;
    struct MHD_Daemon *daemon;
    struct reaper *reaper;
    struct http_metrics *own_metrics; /* when the options brought none */
    struct arena arena;               /* lives as long as the server */
    int listener;
    int64_t port;
    bool secure;
    struct str csp; /* of HTML pages */
    uint64_t id_prefix;
    atomic_ullong id_next;
    atomic_llong body_bytes;
    atomic_bool stopping; /* answers close their connection, streams end */
    _Atomic(struct exchange *) ended;

    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    bool closed; /* no more work for the pool */
    struct exchange *live, *spare;
    size_t n_live, n_spare;
    struct stream *streams;
};

/* exchange.c: from the request line to the answer. */
struct exchange *exchange_begin(struct http_server *s, struct MHD_Connection *c, const char *uri);
enum MHD_Result exchange_step(struct exchange *x, const char *method, const char *version,
                              const char *data, size_t *size);
void exchange_unref(struct exchange *x);
/* Gives it back whoever holds it: when nobody can any more. */
void exchange_drop(struct exchange *x);
/*
 * The end of one that became a WebSocket: libmicrohttpd then holds a lock of its own, under which
 * ours must not be taken. exchanges_ended gives them back, from another thread.
 */
void exchange_end_later(struct exchange *x);
void exchanges_ended(struct http_server *s);
/* Gives back what a handler left for a stream that will not be. */
void exchange_stream_drop(struct exchange *x);
/* Stops waiting for workers: what still runs is answered 503. */
void exchanges_abandon(struct http_server *s);

/* exchange_headers.c: the guard, and what of the headers is kept. NULL or what is wrong. */
const char *exchange_headers_read(struct exchange *x, const char *method, const char *version);

/* A ctx for work on the I/O thread: its arena is the exchange's; give it back by io_ctx_end. */
struct ctx io_ctx_begin(struct exchange *x);
void io_ctx_end(struct exchange *x, struct ctx *ctx);

/* send.c: answers as libmicrohttpd's responses, with the headers every answer has. */
enum MHD_Result send_answer(struct exchange *x);
enum MHD_Result send_problem(struct exchange *x, enum err e, const char *why);
/* While a worker still uses the exchange: touches nothing of it. */
enum MHD_Result send_abandoned(const struct exchange *x);
enum MHD_Result send_options(struct exchange *x);
enum MHD_Result send_asset(struct exchange *x, const struct asset *a);
/* Adds those headers to a response made elsewhere. */
void send_common_headers(struct exchange *x, struct MHD_Response *r, bool html);

/* stream.c: event streams and WebSockets. */
enum MHD_Result stream_send(struct exchange *x);
enum MHD_Result socket_send(struct exchange *x);
/* NULL when the request is a sound WebSocket handshake; else what is missing. */
const char *socket_handshake_check(const struct exchange *x);
void streams_tick(void *server);
