/* SPDX-License-Identifier: MIT */
/*
 * Text waiting to be sent lies in `out`; it is refilled from the queue when it has gone. An event
 * that is both in the backlog and in the queue is sent once. Two events may be published in another
 * order than their numbers: none is lost for that, but the client's last number never goes back.
 */
#include "realtime/sse.h"

#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum { HEARTBEAT_MS = 15000, RETRY_MS = 3000, BACKLOG_MAX = 4 << 20 };
/* A stream keeps the rights it was opened with: it ends as an access token does, and the client,
 * which comes back by itself, is looked at again. */
enum { LIFETIME_MS = 15 * 60 * 1000 };

struct sse {
    struct hub_sub *sub;
    struct actor actor;
    struct buf out;
    size_t sent; /* of `out` */
    int64_t last_id;
    int64_t *told; /* numbers of the backlog, growing */
    size_t n_told, cap_told;
    int64_t opened_ms, wrote_ms;
    pthread_mutex_t lock; /* guards the two below; taken with the hub locked */
    void (*wake)(void *user);
    void *user;
};

static void on_event(void *user)
{
    struct sse *s = user;

    pthread_mutex_lock(&s->lock);
    if (s->wake)
        s->wake(s->user);
    pthread_mutex_unlock(&s->lock);
}

struct sse *sse_open(struct hub *h, const struct actor *a, int64_t after)
{
    struct sse *s = MEM_NEW(struct sse);

    pthread_mutex_init(&s->lock, NULL);
    s->actor = *a;
    s->last_id = after;
    s->opened_ms = clock_mono_ms();
    s->out = BUF(BACKLOG_MAX);
    buf_printf(&s->out, "retry: %d\n\n", RETRY_MS);
    s->sub = hub_subscribe(h, a, on_event, s);
    return s;
}

/* Data is one line of JSON; a line break in it would end the field. */
static void data_write(struct buf *b, struct str data)
{
    struct str rest = data;

    do {
        buf_puts(b, "data: ");
        buf_str(b, str_cut(&rest, '\n'));
        buf_putc(b, '\n');
    } while (rest.len);
}

static void event_write(struct sse *s, const struct event *e)
{
    if (e->id > s->last_id) {
        buf_printf(&s->out, "id: %lld\n", (long long)e->id);
        s->last_id = e->id;
    }
    buf_puts(&s->out, "event: ");
    buf_str(&s->out, e->name);
    buf_putc(&s->out, '\n');
    data_write(&s->out, e->data);
    buf_putc(&s->out, '\n');
}

void sse_backlog(struct sse *s, const struct event *e)
{
    if (e->id <= s->last_id || !event_is_for(e, &s->actor))
        return;
    if (s->n_told == s->cap_told) {
        s->cap_told = s->cap_told ? s->cap_told * 2 : 64;
        s->told = mem_resize(s->told, s->cap_told, sizeof(*s->told));
    }
    s->told[s->n_told++] = e->id;
    event_write(s, e);
}

static bool was_told(const struct sse *s, int64_t id)
{
    size_t low = 0, high = s->n_told;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (s->told[mid] == id)
            return true;
        if (s->told[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

void sse_reset(struct sse *s, int64_t last_id)
{
    buf_printf(&s->out, "id: %lld\nevent: reset\ndata: {}\n\n", (long long)last_id);
    s->last_id = last_id;
}

void sse_attach(void *sse, void (*wake)(void *user), void *user)
{
    struct sse *s = sse;

    pthread_mutex_lock(&s->lock);
    s->wake = wake;
    s->user = user;
    pthread_mutex_unlock(&s->lock);
}

/* False: the subscription is over. */
static bool refill(struct sse *s)
{
    struct shared_event *e;
    enum hub_read got = hub_next(s->sub, &e);

    s->out.len = s->sent = 0;
    if (got == HUB_EVENT) {
        if (!was_told(s, event_of(e)->id))
            event_write(s, event_of(e));
        event_unref(e);
    }
    if (!s->out.len && got == HUB_NOTHING && clock_mono_ms() - s->wrote_ms >= HEARTBEAT_MS)
        buf_puts(&s->out, ": still here\n\n");
    if (got == HUB_NOTHING && clock_mono_ms() - s->opened_ms >= LIFETIME_MS)
        return false;
    return got != HUB_END && !s->out.failed;
}

ssize_t sse_read(void *sse, char *at, size_t max)
{
    struct sse *s = sse;
    size_t n;
    bool more = true;

    if (s->out.failed)
        return -1;
    while (s->sent == s->out.len && more) {
        if (!refill(s))
            return -1;
        /* An event that was left out leaves nothing to send, but others may wait behind it. */
        more = s->out.len == 0 && hub_waiting(s->sub);
    }
    n = s->out.len - s->sent;
    if (n > max)
        n = max;
    if (n) {
        memcpy(at, s->out.at + s->sent, n);
        s->sent += n;
        s->wrote_ms = clock_mono_ms();
    }
    return (ssize_t)n;
}

void sse_drop(void *sse)
{
    struct sse *s = sse;

    if (!s)
        return;
    hub_unsubscribe(s->sub);
    buf_finish(&s->out);
    mem_free(s->told);
    pthread_mutex_destroy(&s->lock);
    mem_free(s);
}
