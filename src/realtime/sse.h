/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A subscriber's events as text/event-stream. A handler opens one, adds what was missed (from the
 * event log, after opening: so nothing falls between), and leaves it in req.stream. The functions
 * with void * fit the stream hooks of http/, joined in app/.
 */
#include <sys/types.h>

#include "realtime/hub.h"

struct sse;

/* Subscribes at once. `after`: the last number the client has; 0: from now on. */
struct sse *sse_open(struct hub *h, const struct actor *a, int64_t after);
/* A missed event, in order. Those the client has, and those it may not see, are left out. */
void sse_backlog(struct sse *s, const struct event *e);
/* The client missed more than can be told: it is to load everything anew ("reset" event). */
void sse_reset(struct sse *s, int64_t last_id);

void sse_attach(void *sse, void (*wake)(void *user), void *user);
/* Bytes, 0 for nothing now, -1 at the end, which comes after 15 minutes too. A comment is sent when
 * 15 s passed without an event. */
ssize_t sse_read(void *sse, char *at, size_t max);
/* Takes NULL. */
void sse_drop(void *sse);
