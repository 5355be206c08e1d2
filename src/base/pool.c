/* SPDX-License-Identifier: MIT */
/* Two rings of jobs under one lock; workers wait on one condition. */
#include "base/pool.h"

#include <pthread.h>

#include "base/mem.h"

struct job {
    pool_fn *fn;
    void *arg;
};

struct queue {
    struct job *ring;
    size_t cap, head, waiting;
};

struct pool {
    struct pool_options o;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t more;
    struct queue usual, costly;
    size_t costly_running;
    bool costly_was_last;
    bool stopping;
    pthread_t *threads;
};

static void put(struct queue *q, struct job job)
{
    q->ring[(q->head + q->waiting) % q->cap] = job;
    q->waiting++;
}

static struct job get(struct queue *q)
{
    struct job job = q->ring[q->head];

    q->head = (q->head + 1) % q->cap;
    q->waiting--;
    return job;
}

/* The queue to take the next job from; NULL: nothing that may run now. */
static struct queue *next_queue(struct pool *p)
{
    bool costly = p->costly.waiting && p->costly_running < p->o.costly_workers;

    if (p->usual.waiting && (!costly || p->costly_was_last))
        return &p->usual;
    return costly ? &p->costly : NULL;
}

/* The next job; `*costly` says of which kind the last one was, and then of which this one is. */
static bool take(struct pool *p, struct job *ret, bool *costly)
{
    struct queue *q;

    pthread_mutex_lock(&p->lock);
    p->costly_running -= *costly;
    for (q = next_queue(p); !q && !p->stopping; q = next_queue(p))
        pthread_cond_wait(&p->more, &p->lock);
    *costly = q == &p->costly;
    p->costly_running += *costly;
    p->costly_was_last = *costly;
    *ret = q ? get(q) : (struct job){0};
    /* What had to wait for its turn was announced when nobody could take it. */
    if (next_queue(p))
        pthread_cond_signal(&p->more);
    pthread_mutex_unlock(&p->lock);
    return q != NULL;
}

static void *work(void *arg)
{
    struct pool *p = arg;
    struct ctx ctx = {.ports = &system_ports};
    struct job job;
    bool costly = false;

    ctx_reset(&ctx);
    if (p->o.start)
        p->o.start(&ctx, p->o.user);
    while (take(p, &job, &costly)) {
        ctx_reset(&ctx);
        job.fn(&ctx, job.arg);
    }
    ctx_reset(&ctx);
    if (p->o.finish)
        p->o.finish(&ctx, p->o.user);
    arena_finish(&ctx.arena);
    return NULL;
}

static struct queue queue_of(size_t cap)
{
    return (struct queue){.ring = cap ? mem_array(cap, sizeof(struct job)) : NULL, .cap = cap};
}

struct pool *pool_create(const struct pool_options *options)
{
    struct pool *p = MEM_NEW(struct pool);

    p->o = *options;
    p->usual = queue_of(p->o.queue_cap);
    p->costly = queue_of(p->o.costly_workers ? p->o.costly_cap : 0);
    p->threads = mem_array(p->o.workers, sizeof(*p->threads));
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    for (size_t i = 0; i < p->o.workers; i++)
        pthread_create(&p->threads[i], NULL, work, p);
    return p;
}

static bool submit(struct pool *p, struct queue *q, struct job job)
{
    bool taken;

    pthread_mutex_lock(&p->lock);
    taken = q->waiting < q->cap && !p->stopping;
    if (taken)
        put(q, job);
    pthread_mutex_unlock(&p->lock);
    /* Unlocked: the worker that wakes up finds the lock free. */
    if (taken)
        pthread_cond_signal(&p->more);
    return taken;
}

bool pool_submit(struct pool *p, pool_fn *fn, void *arg)
{
    return submit(p, &p->usual, (struct job){fn, arg});
}

bool pool_submit_costly(struct pool *p, pool_fn *fn, void *arg)
{
    return submit(p, &p->costly, (struct job){fn, arg});
}

size_t pool_waiting(struct pool *p)
{
    size_t n;

    pthread_mutex_lock(&p->lock);
    n = p->usual.waiting + p->costly.waiting;
    pthread_mutex_unlock(&p->lock);
    return n;
}

void pool_destroy(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->more);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->o.workers; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->more);
    pthread_mutex_destroy(&p->lock);
    mem_free(p->threads);
    mem_free(p->usual.ring);
    mem_free(p->costly.ring);
    mem_free(p);
}
