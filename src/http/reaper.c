/* SPDX-License-Identifier: MIT */
/*
 * The list's lock is held while a descriptor is shut down, so it cannot have been closed and given
 * to somebody else meanwhile. What a peer owes is in atomics: the I/O threads never wait for this.
 */
#include "http/reaper.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

#include "http/metrics.h"

enum { LOOK_MS = 250, BODY_GRACE_MS = 5000 };
enum phase { PHASE_HEADERS, PHASE_BODY, PHASE_WAIT, PHASE_SEND, PHASE_IDLE };

struct peer {
    struct peer *prev, *next;
    int fd;
    atomic_int phase;
    atomic_llong since; /* when the phase began */
    atomic_llong bytes; /* of the body that came, or of the answer to go */
    /* The reaper's own: bytes received when the idle phase was first seen. */
    int64_t idle_since, idle_bytes;
    bool reaped;
};

struct reaper {
    struct reaper_options o;
    pthread_t thread;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t stop;
    bool stopping;
    struct peer *first;
};

/* All bytes that ever came on this connection, -1 when the system does not say. */
static int64_t bytes_received(int fd)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return -1;
    return (int64_t)info.tcpi_bytes_received;
}

/* A request may begin long after the one before; then its headers owe the same haste. */
static bool idle_is_late(struct reaper *r, struct peer *p, int64_t since, int64_t now)
{
    int64_t received = bytes_received(p->fd);

    if (p->idle_since != since) {
        p->idle_since = since;
        p->idle_bytes = received;
    } else if (received != p->idle_bytes) {
        long long expected = since;

        p->idle_bytes = received;
        /* Only if no request was completed meanwhile. */
        if (atomic_compare_exchange_strong(&p->since, &expected, now)) {
            int idle = PHASE_IDLE;

            atomic_compare_exchange_strong(&p->phase, &idle, PHASE_HEADERS);
        }
    }
    return now - since > r->o.idle_ms + r->o.header_ms;
}

static bool peer_is_late(struct reaper *r, struct peer *p, int64_t now)
{
    int64_t since = atomic_load(&p->since);
    int64_t bytes = atomic_load(&p->bytes);
    int64_t ms = now - since;
    int64_t rate = r->o.min_body_rate > 0 ? r->o.min_body_rate : 1;

    switch ((enum phase)atomic_load(&p->phase)) {
    case PHASE_HEADERS:
        return ms > r->o.header_ms;
    case PHASE_BODY:
        return ms > BODY_GRACE_MS && bytes < (ms - BODY_GRACE_MS) / 1000 * rate;
    case PHASE_WAIT:
        return false;
    case PHASE_SEND:
        return ms > r->o.send_idle_ms + bytes / rate * 1000;
    case PHASE_IDLE:
        return idle_is_late(r, p, since, now);
    }
    return false;
}

static void look(struct reaper *r)
{
    int64_t now = clock_mono_ms();

    for (struct peer *p = r->first; p; p = p->next) {
        if (p->reaped || !peer_is_late(r, p, now))
            continue;
        p->reaped = true;
        http_metrics_add(r->o.metrics, COUNTER_REAPED, 1);
        (void)shutdown(p->fd, SHUT_RDWR);
    }
}

static void *run(void *arg)
{
    struct reaper *r = arg;
    struct timespec until;

    pthread_mutex_lock(&r->lock);
    while (!r->stopping) {
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        (void)pthread_cond_timedwait(&r->stop, &r->lock, &until);
        look(r);
        pthread_mutex_unlock(&r->lock);
        if (r->o.tick)
            r->o.tick(r->o.user);
        pthread_mutex_lock(&r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

struct reaper *reaper_create(const struct reaper_options *o)
{
    struct reaper *r = MEM_NEW(struct reaper);
    pthread_condattr_t attr;

    r->o = *o;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->stop, &attr);
    pthread_condattr_destroy(&attr);
    pthread_create(&r->thread, NULL, run, r);
    return r;
}

void reaper_destroy(struct reaper *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->stop);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    while (r->first)
        reaper_remove(r, r->first);
    pthread_cond_destroy(&r->stop);
    pthread_mutex_destroy(&r->lock);
    mem_free(r);
}

static void peer_turn(struct peer *p, enum phase phase, size_t bytes)
{
    if (!p)
        return;
    atomic_store(&p->bytes, (long long)bytes);
    atomic_store(&p->since, clock_mono_ms());
    atomic_store(&p->phase, phase);
}

struct peer *reaper_add(struct reaper *r, int fd)
{
    struct peer *p = MEM_NEW(struct peer);

    p->fd = fd;
    peer_turn(p, PHASE_HEADERS, 0);
    pthread_mutex_lock(&r->lock);
    p->next = r->first;
    if (p->next)
        p->next->prev = p;
    r->first = p;
    pthread_mutex_unlock(&r->lock);
    return p;
}

void reaper_remove(struct reaper *r, struct peer *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&r->lock);
    if (p->prev)
        p->prev->next = p->next;
    else
        r->first = p->next;
    if (p->next)
        p->next->prev = p->prev;
    pthread_mutex_unlock(&r->lock);
    mem_free(p);
}

void peer_body(struct peer *p)
{
    peer_turn(p, PHASE_BODY, 0);
}

void peer_body_grew(struct peer *p, size_t bytes)
{
    if (p)
        atomic_fetch_add(&p->bytes, (long long)bytes);
}

void peer_wait(struct peer *p)
{
    peer_turn(p, PHASE_WAIT, 0);
}

void peer_send(struct peer *p, size_t bytes)
{
    peer_turn(p, PHASE_SEND, bytes);
}

void peer_idle(struct peer *p)
{
    peer_turn(p, PHASE_IDLE, 0);
}
