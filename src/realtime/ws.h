/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * WebSockets (RFC 6455, by libwslay): one thread moves the frames of all of them, messages are
 * handled in the worker pool. A socket has one message in hand at a time; of those that come
 * meanwhile only the newest is kept. The functions with void * fit the socket hooks of http/.
 */
#include "base/buf.h"
#include "base/pool.h"

struct ws_server;
struct ws;

struct ws_options {
    struct pool *pool;
    size_t sockets;          /* all; 0: 256 */
    size_t sockets_per_user; /* 0: 8 */
    size_t message_max;      /* bytes; 0: 1 MiB */
    int64_t ping_ms;         /* 0: 20,000; a peer silent for twice as long is gone */
};

struct ws_message {
    bool binary;
    struct str data;
    int64_t received_ms; /* monotonic: when it was complete */
    int64_t replaced;    /* messages of this socket that newer ones replaced so far */
    bool *end;           /* set to true: the reply is the last word, then the socket is closed */
};

struct ws_handler {
    /* On a worker, ctx->actor being who opened the socket. What is in `reply` is sent as text. */
    void (*message)(struct ctx *ctx, void *user, const struct ws_message *in, struct buf *reply);
    /* The last call: `user` is not needed any more. May be NULL. */
    void (*drop)(void *user);
    void *user;
};

struct ws_figures {
    int64_t open, messages, replaced, late;
};

struct ws_server *ws_create(const struct ws_options *o);
/* After the pool has ended. Takes NULL. */
void ws_destroy(struct ws_server *s);
/* Says good-bye (1001) to all, waits at most a second for their answer, and takes no more. */
void ws_close_all(void *ws_server);
/* A handler found a message too old to be worth looking at. */
void ws_count_late(struct ws_server *s);
struct ws_figures ws_figures(struct ws_server *s);

/*
 * For req.stream. Takes over h->user when it succeeds.
 *
 * ERR_BUSY               too many sockets
 * ERR_TOO_MANY_REQUESTS  too many of this user
 */
must_check enum err ws_open(struct ctx *ctx, struct ws_server *s, const struct ws_handler *h,
                            struct ws **ret);
void ws_take(void *ws, int fd, struct str early, void (*close)(void *user), void *user);
/* Takes NULL. */
void ws_drop(void *ws);
