/* SPDX-License-Identifier: MIT */
/* Relaxed atomics: each figure is right by itself, and nothing is decided by them. */
#include "http/metrics.h"

#include <stdatomic.h>

#include "base/mem.h"

enum { CLASSES = 6 };

/* Upper bounds in microseconds. */
static const int64_t bounds[] = {1000,   2500,   5000,   10000,   25000,   50000,
                                 100000, 250000, 500000, 1000000, 2500000, 10000000};

struct http_metrics {
    const struct routes *routes;
    size_t n;                         /* routes in all tables */
    atomic_llong (*answers)[CLASSES]; /* by place of the route in the tables; the last: no route */
    atomic_llong buckets[COUNT(bounds) + 1];
    atomic_llong sum_us;
    atomic_llong counters[HTTP_COUNTERS];
    atomic_llong gauges[HTTP_GAUGES];
};

struct figure {
    const char *name, *help;
};

static const struct figure counters[HTTP_COUNTERS] = {
    [COUNTER_FRAMING] = {"http_rejected_framing", "Requests refused by the framing guard."},
    [COUNTER_REAPED] = {"http_connections_reaped", "Connections closed for being too slow."},
    [COUNTER_BUSY] = {"http_busy", "Requests answered 503 because the server was full."},
    [COUNTER_TOO_LARGE] = {"http_too_large", "Requests refused for their size."},
};

static const struct figure gauges[HTTP_GAUGES] = {
    [GAUGE_CONNECTIONS] = {"http_connections", "Open connections."},
    [GAUGE_RUNNING] = {"http_requests_running", "Requests being worked on or waiting."},
    [GAUGE_STREAMS] = {"http_event_streams", "Open event streams."},
    [GAUGE_BODY_BYTES] = {"http_body_bytes", "Memory held by request bodies."},
};

struct http_metrics *http_metrics_create(const struct routes *routes)
{
    struct http_metrics *m = MEM_NEW(struct http_metrics);

    m->routes = routes;
    for (size_t t = 0; routes->tables[t]; t++)
        m->n += routes->tables[t]->n;
    m->answers = mem_array(m->n + 1, sizeof(*m->answers));
    return m;
}

void http_metrics_destroy(struct http_metrics *m)
{
    if (!m)
        return;
    mem_free(m->answers);
    mem_free(m);
}

static size_t place(const struct http_metrics *m, const struct route *route)
{
    size_t before = 0;

    for (size_t t = 0; route && m->routes->tables[t]; t++) {
        const struct route_table *table = m->routes->tables[t];

        if ((uintptr_t)route >= (uintptr_t)table->at &&
            (uintptr_t)route < (uintptr_t)(table->at + table->n))
            return before + (size_t)(route - table->at);
        before += table->n;
    }
    return m->n;
}

static void add(atomic_llong *at, int64_t n)
{
    atomic_fetch_add_explicit(at, n, memory_order_relaxed);
}

static long long get(atomic_llong *at)
{
    return atomic_load_explicit(at, memory_order_relaxed);
}

void http_metrics_answer(struct http_metrics *m, const struct route *route, int status, int64_t us)
{
    size_t b = 0;
    int class = status / 100;

    if (!m || class < 1 || class >= CLASSES)
        return;
    while (b < COUNT(bounds) && us > bounds[b])
        b++;
    add(&m->answers[place(m, route)][class], 1);
    add(&m->buckets[b], 1);
    add(&m->sum_us, us);
}

void http_metrics_add(struct http_metrics *m, enum http_counter c, int64_t n)
{
    if (m)
        add(&m->counters[c], n);
}

void http_metrics_gauge(struct http_metrics *m, enum http_gauge g, int64_t change)
{
    if (m)
        add(&m->gauges[g], change);
}

int64_t http_metrics_value(struct http_metrics *m, enum http_gauge g)
{
    return m ? get(&m->gauges[g]) : 0;
}

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void answers_of(struct buf *b, atomic_llong *classes, const char *id)
{
    for (int c = 1; c < CLASSES; c++)
        if (get(&classes[c]))
            buf_printf(b, "http_requests_total{route=\"%s\",status=\"%dxx\"} %lld\n", id, c,
                       get(&classes[c]));
}

static void answers_write(struct http_metrics *m, struct buf *b)
{
    size_t i = 0;

    head(b, "http_requests", "counter", "Answers by route and class of status.");
    for (size_t t = 0; m->routes->tables[t]; t++)
        for (size_t r = 0; r < m->routes->tables[t]->n; r++)
            answers_of(b, m->answers[i++], m->routes->tables[t]->at[r].id);
    answers_of(b, m->answers[m->n], "none");
}

static void durations_write(struct http_metrics *m, struct buf *b)
{
    long long n = 0;

    head(b, "http_request_duration_seconds", "histogram", "From the request line to the answer.");
    for (size_t i = 0; i < COUNT(bounds); i++) {
        n += get(&m->buckets[i]);
        buf_printf(b, "http_request_duration_seconds_bucket{le=\"%g\"} %lld\n",
                   (double)bounds[i] / 1e6, n);
    }
    n += get(&m->buckets[COUNT(bounds)]);
    buf_printf(b, "http_request_duration_seconds_bucket{le=\"+Inf\"} %lld\n", n);
    buf_printf(b, "http_request_duration_seconds_sum %g\n", (double)get(&m->sum_us) / 1e6);
    buf_printf(b, "http_request_duration_seconds_count %lld\n", n);
}

void http_metrics_write(struct http_metrics *m, size_t queued, struct buf *ret)
{
    answers_write(m, ret);
    durations_write(m, ret);
    for (int c = 0; c < HTTP_COUNTERS; c++) {
        head(ret, counters[c].name, "counter", counters[c].help);
        buf_printf(ret, "%s_total %lld\n", counters[c].name, get(&m->counters[c]));
    }
    for (int g = 0; g < HTTP_GAUGES; g++) {
        head(ret, gauges[g].name, "gauge", gauges[g].help);
        buf_printf(ret, "%s %lld\n", gauges[g].name, get(&m->gauges[g]));
    }
    head(ret, "http_queue_depth", "gauge", "Requests waiting for a worker.");
    buf_printf(ret, "http_queue_depth %zu\n", queued);
}
