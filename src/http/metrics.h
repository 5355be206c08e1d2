/* SPDX-License-Identifier: MIT */
#pragma once
/* Counters of the HTTP server, written as OpenMetrics text for /metrics. Safe from any thread. */
#include "base/buf.h"

#include "http/route.h"

struct http_metrics;

enum http_counter {
    COUNTER_FRAMING,   /* requests refused by the framing guard */
    COUNTER_REAPED,    /* connections closed for being too slow */
    COUNTER_BUSY,      /* 503 because the queue or the body memory was full */
    COUNTER_TOO_LARGE, /* 413 and 414 */
    HTTP_COUNTERS
};

enum http_gauge { GAUGE_CONNECTIONS, GAUGE_RUNNING, GAUGE_STREAMS, GAUGE_BODY_BYTES, HTTP_GAUGES };

struct http_metrics *http_metrics_create(const struct routes *routes);
/* Takes NULL. */
void http_metrics_destroy(struct http_metrics *m);

/* An answer was sent; route NULL: a file of the web app or an unknown address. */
void http_metrics_answer(struct http_metrics *m, const struct route *route, int status, int64_t us);
void http_metrics_add(struct http_metrics *m, enum http_counter c, int64_t n);
void http_metrics_gauge(struct http_metrics *m, enum http_gauge g, int64_t change);
int64_t http_metrics_value(struct http_metrics *m, enum http_gauge g);
/* All of it but the closing "# EOF". `queued`: jobs waiting in the pool. */
void http_metrics_write(struct http_metrics *m, size_t queued, struct buf *ret);
