/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Closes connections that are too slow: headers that trickle in, bodies below the least rate,
 * answers nobody reads. libmicrohttpd's own timeout starts again with every byte. One thread looks
 * at all connections four times a second; the functions here may be called from any thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_metrics;
struct reaper;
struct peer; /* one connection */

struct reaper_options {
    int64_t header_ms;            /* for a whole header section */
    int64_t idle_ms;              /* between two requests */
    int64_t min_body_rate;        /* bytes a second, after the first 5 s */
    int64_t send_idle_ms;         /* grace for an answer, besides its size at the least rate */
    struct http_metrics *metrics; /* counts what was closed; may be NULL */
    /* Called from the reaper's thread at every look. */
    void (*tick)(void *user);
    void *user;
};

struct reaper *reaper_create(const struct reaper_options *o);
/* Ends the thread. Takes NULL. Connections must be gone. */
void reaper_destroy(struct reaper *r);

/* A connection began: it now owes a request's headers. `fd` is only ever shut down, not closed. */
struct peer *reaper_add(struct reaper *r, int fd);
/* Before its descriptor is closed. Takes NULL. */
void reaper_remove(struct reaper *r, struct peer *p);

/* The peer's turn: a body follows, of which nothing has come yet. */
void peer_body(struct peer *p);
void peer_body_grew(struct peer *p, size_t bytes);
/* Our turn: no deadline. */
void peer_wait(struct peer *p);
/* An answer of so many bytes is on its way. */
void peer_send(struct peer *p, size_t bytes);
/* Nothing is owed before the next request begins. */
void peer_idle(struct peer *p);
