/* SPDX-License-Identifier: MIT */
/*
 * The loop thread owns every socket's frames; a job in the pool owns its message and reply. They
 * meet in the server's lists, under its lock, and an eventfd wakes the loop.
 */
#include "realtime/ws.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

#include "realtime/ws_frames.h"

enum { SOCKETS = 256, PER_USER = 8, MESSAGE_MAX = 1 << 20, PING_MS = 20000 };
enum { TICK_MS = 100, GOODBYE_MS = 1000, EVENTS = 64, REPLY_MAX = 4 << 20, WASTE_PIECES = 4 };

/* One message with its reply. */
struct ws_job {
    struct ws_job *next;
    struct ws *ws;
    bool binary, end;
    int64_t received_ms, replaced;
    struct buf in, reply;
};

struct ws {
    struct ws_server *server;
    struct ws *prev, *next; /* the loop's list */
    struct ws *arriving;    /* by the server's lock */
    atomic_int refs;        /* the loop's (or the handler's before) and the job's */
    struct ws_handler handler;
    struct actor actor;
    char ip[64];
    char request_id[80];

    /* The loop's. */
    int fd;
    void (*close)(void *user);
    void *close_user;
    struct str early; /* in memory of its own until the loop has it */
    struct ws_frames *frames;
    struct ws_job *in_hand; /* with a worker */
    struct ws_job *newest;  /* waits for it */
    int64_t replaced;
    int64_t heard_ms, pinged_ms;
    int64_t leave_ms; /* not 0: all was said; what still comes is thrown away until then */
    bool writing;
};

struct ws_server {
    struct ws_options o;
    pthread_t thread;
    int epoll, wake;
    struct ws *first;   /* the loop's */
    int64_t goodbye_ms; /* the loop's: when the last ones are cut off; 0: not closing */
    atomic_llong messages, replaced, late;

    pthread_mutex_t lock; /* guards everything below */
    struct ws **users;    /* open ones, for the limits */
    size_t n;
    struct ws *arrived;
    struct ws_job *done;
    bool closing, ended;
};

static void wake(struct ws_server *s)
{
    uint64_t one = 1;

    while (write(s->wake, &one, sizeof(one)) < 0 && errno == EINTR)
        continue;
}

static void job_free(struct ws_job *j)
{
    if (!j)
        return;
    buf_finish(&j->in);
    buf_finish(&j->reply);
    mem_free(j);
}

static void ws_unref(struct ws *w)
{
    struct ws_server *s = w->server;

    if (atomic_fetch_sub(&w->refs, 1) != 1)
        return;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n; i++)
        if (s->users[i] == w) {
            s->users[i] = s->users[--s->n];
            break;
        }
    pthread_mutex_unlock(&s->lock);
    if (w->handler.drop)
        w->handler.drop(w->handler.user);
    mem_free(w);
}

static void text_copy(char *to, size_t cap, struct str from)
{
    size_t n = from.len < cap - 1 ? from.len : cap - 1;

    if (n)
        memcpy(to, from.at, n);
    to[n] = '\0';
}

enum err ws_open(struct ctx *ctx, struct ws_server *s, const struct ws_handler *h, struct ws **ret)
{
    struct ws *w;
    size_t same = 0;
    enum err e = ERR_OK;

    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n; i++)
        if (s->users[i]->actor.user_id == ctx->actor.user_id &&
            s->users[i]->actor.device_id == ctx->actor.device_id)
            same++;
    if (s->n == s->o.sockets || s->closing)
        e = ERR_BUSY;
    else if (same == s->o.sockets_per_user)
        e = ERR_TOO_MANY_REQUESTS;
    if (e) {
        pthread_mutex_unlock(&s->lock);
        return fail(ctx, e, "too many WebSockets are open");
    }
    w = MEM_NEW(struct ws);
    w->server = s;
    w->handler = *h;
    w->actor = ctx->actor;
    w->fd = -1;
    text_copy(w->ip, sizeof(w->ip), ctx->ip);
    text_copy(w->request_id, sizeof(w->request_id), ctx->request_id);
    atomic_init(&w->refs, 1);
    s->users[s->n++] = w;
    pthread_mutex_unlock(&s->lock);
    *ret = w;
    return ERR_OK;
}

void ws_drop(void *ws)
{
    if (ws)
        ws_unref(ws);
}

void ws_take(void *ws, int fd, struct str early, void (*close)(void *user), void *user)
{
    struct ws *w = ws;
    struct ws_server *s = w->server;
    bool ended;

    w->fd = fd;
    w->close = close;
    w->close_user = user;
    if (early.len) {
        char *copy = mem_alloc(early.len);

        memcpy(copy, early.at, early.len);
        w->early = (struct str){copy, early.len};
    }
    pthread_mutex_lock(&s->lock);
    ended = s->ended;
    if (!ended) {
        w->arriving = s->arrived;
        s->arrived = w;
    }
    pthread_mutex_unlock(&s->lock);
    if (!ended) {
        wake(s);
        return;
    }
    close(user);
    ws_unref(w);
}

/* In the pool. */
static void work(struct ctx *ctx, void *arg)
{
    struct ws_job *j = arg;
    struct ws *w = j->ws;
    struct ws_server *s = w->server;
    struct ws_message in = {
        .binary = j->binary,
        .data = buf_view(&j->in),
        .received_ms = j->received_ms,
        .replaced = j->replaced,
        .end = &j->end,
    };
    bool ended;

    ctx->actor = w->actor;
    ctx->ip = str_of(w->ip);
    ctx->request_id = str_of(w->request_id);
    w->handler.message(ctx, w->handler.user, &in, &j->reply);
    ctx_reset(ctx);
    pthread_mutex_lock(&s->lock);
    ended = s->ended;
    if (!ended) {
        j->next = s->done;
        s->done = j;
        wake(s); /* locked: the loop cannot have ended */
    }
    pthread_mutex_unlock(&s->lock);
    if (ended) {
        job_free(j);
        ws_unref(w);
    }
}

static void submit(struct ws *w)
{
    struct ws_job *j = w->newest;

    if (!j || w->in_hand || !w->frames)
        return;
    atomic_fetch_add(&w->refs, 1);
    w->in_hand = j;
    w->newest = NULL;
    j->replaced = w->replaced;
    if (pool_submit(w->server->o.pool, work, j))
        return;
    /* The pool is full: tried again at the next tick, or replaced until then. */
    w->in_hand = NULL;
    w->newest = j;
    atomic_fetch_sub(&w->refs, 1);
}

static void on_message(void *user, bool binary, struct str data)
{
    struct ws *w = user;
    struct ws_job *j = MEM_NEW(struct ws_job);

    atomic_fetch_add(&w->server->messages, 1);
    j->ws = w;
    j->binary = binary;
    j->received_ms = clock_mono_ms();
    j->in = BUF(w->server->o.message_max + 1);
    j->reply = BUF(REPLY_MAX);
    buf_add(&j->in, data.at, data.len);
    if (w->newest) {
        atomic_fetch_add(&w->server->replaced, 1);
        w->replaced++;
        job_free(w->newest);
    }
    w->newest = j;
    submit(w);
}

static void on_alive(void *user)
{
    struct ws *w = user;

    w->heard_ms = clock_mono_ms();
}

/* The loop is done with it; a job may still hold it. */
static void ws_end(struct ws_server *s, struct ws *w)
{
    (void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, w->fd, NULL);
    ws_frames_destroy(w->frames);
    w->frames = NULL;
    job_free(w->newest);
    w->newest = NULL;
    if (w->prev)
        w->prev->next = w->next;
    else
        s->first = w->next;
    if (w->next)
        w->next->prev = w->prev;
    w->close(w->close_user);
    ws_unref(w);
}

/* Waits for the peer's end: closing over unread bytes would destroy what was just sent to it. */
static void ws_leave(struct ws_server *s, struct ws *w)
{
    char waste[16 << 10];
    bool more = true;
    bool gone = false;

    if (!w->leave_ms) {
        w->leave_ms = clock_mono_ms() + GOODBYE_MS;
        (void)shutdown(w->fd, SHUT_WR);
    }
    /* A few pieces at a time: who goes on sending must not keep the loop from the others. */
    for (int i = 0; more && i < WASTE_PIECES; i++) {
        ssize_t n = recv(w->fd, waste, sizeof(waste), 0);

        gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
        more = n > 0;
    }
    if (gone || clock_mono_ms() >= w->leave_ms)
        ws_end(s, w);
}

static void pump(struct ws_server *s, struct ws *w)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = w};
    bool writing;

    if (w->leave_ms || !ws_frames_pump(w->frames)) {
        ws_leave(s, w);
        return;
    }
    writing = ws_frames_want_write(w->frames);
    if (writing == w->writing)
        return;
    w->writing = writing;
    if (writing)
        e.events |= EPOLLOUT;
    (void)epoll_ctl(s->epoll, EPOLL_CTL_MOD, w->fd, &e);
}

static void welcome(struct ws_server *s, struct ws *w)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = w};
    struct ws_frames_ops ops = {.message = on_message, .alive = on_alive, .user = w};

    w->frames = ws_frames_create(w->fd, w->early, s->o.message_max, &ops);
    if (w->early.len) {
        union {
            const char *in;
            void *out;
        } at = {.in = w->early.at};

        mem_free(at.out);
        w->early = (struct str){0};
    }
    w->heard_ms = w->pinged_ms = clock_mono_ms();
    w->next = s->first;
    if (w->next)
        w->next->prev = w;
    s->first = w;
    if (!w->frames || epoll_ctl(s->epoll, EPOLL_CTL_ADD, w->fd, &e) != 0) {
        ws_end(s, w);
        return;
    }
    if (s->goodbye_ms)
        ws_frames_close(w->frames, WS_GOING_AWAY);
    pump(s, w);
}

static void job_finish(struct ws_server *s, struct ws_job *j)
{
    struct ws *w = j->ws;

    w->in_hand = NULL;
    if (w->frames && !w->leave_ms) {
        struct str reply = buf_view(&j->reply);

        if (reply.len)
            ws_frames_text(w->frames, reply);
        if (j->end) {
            /* A close overtakes what is still to be sent. */
            (void)ws_frames_pump(w->frames);
            ws_frames_close(w->frames, WS_POLICY);
        } else {
            submit(w);
        }
        pump(s, w);
    }
    job_free(j);
    ws_unref(w);
}

/* What other threads left. True: the server is to close. */
static bool collect(struct ws_server *s)
{
    struct ws *arrived;
    struct ws_job *done;
    bool closing;

    pthread_mutex_lock(&s->lock);
    arrived = s->arrived;
    s->arrived = NULL;
    done = s->done;
    s->done = NULL;
    closing = s->closing;
    pthread_mutex_unlock(&s->lock);
    while (arrived) {
        struct ws *w = arrived;

        arrived = w->arriving;
        welcome(s, w);
    }
    while (done) {
        struct ws_job *j = done;

        done = j->next;
        job_finish(s, j);
    }
    return closing;
}

static void tick(struct ws_server *s, int64_t now)
{
    for (struct ws *w = s->first, *next; w; w = next) {
        next = w->next;
        if (!w->leave_ms)
            submit(w);
        if (now - w->heard_ms > 2 * s->o.ping_ms) {
            ws_end(s, w);
            continue;
        }
        if (!w->leave_ms && now - w->heard_ms >= s->o.ping_ms &&
            now - w->pinged_ms >= s->o.ping_ms) {
            w->pinged_ms = now;
            ws_frames_ping(w->frames);
        }
        pump(s, w);
    }
}

static void goodbye(struct ws_server *s)
{
    s->goodbye_ms = clock_mono_ms() + GOODBYE_MS;
    for (struct ws *w = s->first, *next; w; w = next) {
        next = w->next;
        if (!w->leave_ms)
            ws_frames_close(w->frames, WS_GOING_AWAY);
        pump(s, w);
    }
}

/* True when nothing is left, under the lock: whoever comes later finds `ended`. */
static bool try_end(struct ws_server *s)
{
    bool late = clock_mono_ms() >= s->goodbye_ms;

    while (late && s->first)
        ws_end(s, s->first);
    if (s->first)
        return false;
    pthread_mutex_lock(&s->lock);
    s->ended = !s->arrived && !s->done;
    pthread_mutex_unlock(&s->lock);
    return s->ended;
}

static void *run(void *arg)
{
    struct ws_server *s = arg;
    struct epoll_event events[EVENTS];
    int64_t ticked = clock_mono_ms();

    for (;;) {
        int n = epoll_wait(s->epoll, events, EVENTS, TICK_MS);
        int64_t now = clock_mono_ms();

        for (int i = 0; i < n; i++) {
            uint64_t count;

            if (events[i].data.ptr)
                pump(s, events[i].data.ptr);
            else if (read(s->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
                return NULL;
        }
        /* After the events: a socket that ended is in none of them any more. */
        if (collect(s) && !s->goodbye_ms)
            goodbye(s);
        if (now - ticked >= TICK_MS) {
            ticked = now;
            tick(s, now);
        }
        if (s->goodbye_ms && try_end(s))
            return NULL;
    }
}

struct ws_server *ws_create(const struct ws_options *o)
{
    struct ws_server *s = MEM_NEW(struct ws_server);
    struct epoll_event e = {.events = EPOLLIN};

    s->o = *o;
    if (!s->o.sockets)
        s->o.sockets = SOCKETS;
    if (!s->o.sockets_per_user)
        s->o.sockets_per_user = PER_USER;
    if (!s->o.message_max)
        s->o.message_max = MESSAGE_MAX;
    if (!s->o.ping_ms)
        s->o.ping_ms = PING_MS;
    s->users = mem_array(s->o.sockets, sizeof(struct ws *));
    pthread_mutex_init(&s->lock, NULL);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    (void)epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->wake, &e);
    pthread_create(&s->thread, NULL, run, s);
    return s;
}

void ws_close_all(void *ws_server)
{
    struct ws_server *s = ws_server;
    bool first;

    pthread_mutex_lock(&s->lock);
    first = !s->closing;
    s->closing = true;
    pthread_mutex_unlock(&s->lock);
    if (!first)
        return;
    wake(s);
    pthread_join(s->thread, NULL);
}

void ws_destroy(struct ws_server *s)
{
    if (!s)
        return;
    ws_close_all(s);
    close(s->epoll);
    close(s->wake);
    pthread_mutex_destroy(&s->lock);
    mem_free(s->users);
    mem_free(s);
}

void ws_count_late(struct ws_server *s)
{
    atomic_fetch_add(&s->late, 1);
}

struct ws_figures ws_figures(struct ws_server *s)
{
    struct ws_figures f = {
        .messages = atomic_load(&s->messages),
        .replaced = atomic_load(&s->replaced),
        .late = atomic_load(&s->late),
    };

    pthread_mutex_lock(&s->lock);
    f.open = (int64_t)s->n;
    pthread_mutex_unlock(&s->lock);
    return f;
}
