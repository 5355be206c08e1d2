/* SPDX-License-Identifier: MIT */
/*
 * One lock for all: publishing is a walk over the subscribers with a pointer put into each ring.
 * An event is copied once and counted.
 */
#include "realtime/hub.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"

enum { QUEUE = 256 };

struct shared_event {
    atomic_int refs;
    struct event event;
    char text[];
};

struct hub_sub {
    struct hub *hub;
    struct hub_sub *prev, *next;
    struct actor actor;
    void (*wake)(void *user);
    void *user;
    struct shared_event **ring;
    size_t head, n;
    bool ended;
};

struct hub {
    pthread_mutex_t lock; /* guards everything below, and the subscribers */
    size_t queue;
    struct hub_sub *first;
    size_t n;
    bool closed;
};

const struct event *event_of(const struct shared_event *e)
{
    return &e->event;
}

void event_unref(struct shared_event *e)
{
    if (e && atomic_fetch_sub(&e->refs, 1) == 1)
        mem_free(e);
}

static struct shared_event *event_share(const struct event *e)
{
    struct shared_event *s = mem_alloc(sizeof(*s) + e->name.len + e->data.len);

    atomic_init(&s->refs, 1);
    s->event = *e;
    if (e->name.len)
        memcpy(s->text, e->name.at, e->name.len);
    if (e->data.len)
        memcpy(s->text + e->name.len, e->data.at, e->data.len);
    s->event.name.at = s->text;
    s->event.data.at = s->text + e->name.len;
    return s;
}

struct hub *hub_create(size_t queue)
{
    struct hub *h = MEM_NEW(struct hub);

    pthread_mutex_init(&h->lock, NULL);
    h->queue = queue ? queue : QUEUE;
    return h;
}

void hub_destroy(struct hub *h)
{
    if (!h)
        return;
    pthread_mutex_destroy(&h->lock);
    mem_free(h);
}

bool event_is_for(const struct event *e, const struct actor *a)
{
    const struct audience *to = &e->audience;

    switch (a->role) {
    case ROLE_ADMIN:
        return true;
    case ROLE_TRAINER:
        if (to->trainer_id && to->trainer_id == a->trainer_id)
            return true;
        break;
    case ROLE_STUDENT:
        if (to->student_id && to->student_id == a->student_id)
            return true;
        break;
    case ROLE_GUARDIAN:
        if (to->student_id && actor_has_ward(a, to->student_id))
            return true;
        break;
    case ROLE_NONE:
    case ROLE_KIOSK:
    case ROLE_COUNT:
        return false;
    }
    return to->user_id && to->user_id == a->user_id;
}

static void queue_empty(struct hub_sub *s)
{
    for (; s->n; s->n--) {
        event_unref(s->ring[s->head]);
        s->head = (s->head + 1) % s->hub->queue;
    }
}

static void sub_end(struct hub_sub *s)
{
    s->ended = true;
    queue_empty(s);
}

static void sub_give(struct hub_sub *s, struct shared_event *e)
{
    if (s->ended || !event_is_for(&e->event, &s->actor))
        return;
    if (s->n == s->hub->queue) {
        sub_end(s);
    } else {
        atomic_fetch_add(&e->refs, 1);
        s->ring[(s->head + s->n) % s->hub->queue] = e;
        s->n++;
    }
    s->wake(s->user);
}

void hub_publish(struct hub *h, const struct event *e)
{
    struct shared_event *shared = event_share(e);

    pthread_mutex_lock(&h->lock);
    for (struct hub_sub *s = h->first; s; s = s->next)
        sub_give(s, shared);
    pthread_mutex_unlock(&h->lock);
    event_unref(shared);
}

void hub_close(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->closed = true;
    for (struct hub_sub *s = h->first; s; s = s->next) {
        sub_end(s);
        s->wake(s->user);
    }
    pthread_mutex_unlock(&h->lock);
}

void hub_end_account(struct hub *h, int64_t user_id)
{
    pthread_mutex_lock(&h->lock);
    for (struct hub_sub *s = h->first; s; s = s->next) {
        if (s->actor.user_id != user_id || s->ended)
            continue;
        sub_end(s);
        s->wake(s->user);
    }
    pthread_mutex_unlock(&h->lock);
}

size_t hub_subscribers(struct hub *h)
{
    size_t n;

    pthread_mutex_lock(&h->lock);
    n = h->n;
    pthread_mutex_unlock(&h->lock);
    return n;
}

struct hub_sub *hub_subscribe(struct hub *h, const struct actor *a, void (*wake)(void *user),
                              void *user)
{
    struct hub_sub *s = MEM_NEW(struct hub_sub);

    s->hub = h;
    s->actor = *a;
    s->wake = wake;
    s->user = user;
    s->ring = mem_array(h->queue, sizeof(struct shared_event *));
    pthread_mutex_lock(&h->lock);
    s->ended = h->closed;
    s->next = h->first;
    if (s->next)
        s->next->prev = s;
    h->first = s;
    h->n++;
    pthread_mutex_unlock(&h->lock);
    return s;
}

void hub_unsubscribe(struct hub_sub *s)
{
    struct hub *h;

    if (!s)
        return;
    h = s->hub;
    pthread_mutex_lock(&h->lock);
    queue_empty(s);
    if (s->prev)
        s->prev->next = s->next;
    else
        h->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    h->n--;
    pthread_mutex_unlock(&h->lock);
    mem_free(s->ring);
    mem_free(s);
}

enum hub_read hub_next(struct hub_sub *s, struct shared_event **ret)
{
    struct hub *h = s->hub;
    enum hub_read got = HUB_NOTHING;

    pthread_mutex_lock(&h->lock);
    if (s->ended) {
        got = HUB_END;
    } else if (s->n) {
        *ret = s->ring[s->head];
        s->head = (s->head + 1) % h->queue;
        s->n--;
        got = HUB_EVENT;
    }
    pthread_mutex_unlock(&h->lock);
    return got;
}

bool hub_waiting(struct hub_sub *s)
{
    bool waiting;

    pthread_mutex_lock(&s->hub->lock);
    waiting = s->n > 0 || s->ended;
    pthread_mutex_unlock(&s->hub->lock);
    return waiting;
}
