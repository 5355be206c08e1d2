/* SPDX-License-Identifier: MIT */
/* A ring of jobs under one lock; workers wait on one condition. */
#include "base/pool.h"

#include <pthread.h>

#include "base/mem.h"

struct job {
    pool_fn *fn;
    void *arg;
};

struct pool {
    struct pool_options o;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t more;
    struct job *ring;
    size_t head, waiting;
    bool stopping;
    pthread_t *threads;
};

static bool take(struct pool *p, struct job *ret)
{
    bool got = false;

    pthread_mutex_lock(&p->lock);
    while (!p->waiting && !p->stopping)
        pthread_cond_wait(&p->more, &p->lock);
    if (p->waiting) {
        *ret = p->ring[p->head];
        p->head = (p->head + 1) % p->o.queue_cap;
        p->waiting--;
        got = true;
    }
    pthread_mutex_unlock(&p->lock);
    return got;
}

static void *work(void *arg)
{
    struct pool *p = arg;
    struct ctx ctx = {.ports = &system_ports};
    struct job job;

    ctx_reset(&ctx);
    if (p->o.start)
        p->o.start(&ctx, p->o.user);
    while (take(p, &job)) {
        ctx_reset(&ctx);
        job.fn(&ctx, job.arg);
    }
    ctx_reset(&ctx);
    if (p->o.finish)
        p->o.finish(&ctx, p->o.user);
    arena_finish(&ctx.arena);
    return NULL;
}

struct pool *pool_create(const struct pool_options *options)
{
    struct pool *p = MEM_NEW(struct pool);

    p->o = *options;
    p->ring = mem_array(p->o.queue_cap, sizeof(*p->ring));
    p->threads = mem_array(p->o.workers, sizeof(*p->threads));
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    for (size_t i = 0; i < p->o.workers; i++)
        pthread_create(&p->threads[i], NULL, work, p);
    return p;
}

bool pool_submit(struct pool *p, pool_fn *fn, void *arg)
{
    bool taken;

    pthread_mutex_lock(&p->lock);
    taken = p->waiting < p->o.queue_cap && !p->stopping;
    if (taken) {
        p->ring[(p->head + p->waiting) % p->o.queue_cap] = (struct job){fn, arg};
        p->waiting++;
    }
    pthread_mutex_unlock(&p->lock);
    /* Unlocked: the worker that wakes up finds the lock free. */
    if (taken)
        pthread_cond_signal(&p->more);
    return taken;
}

size_t pool_waiting(struct pool *p)
{
    size_t n;

    pthread_mutex_lock(&p->lock);
    n = p->waiting;
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
    mem_free(p->ring);
    mem_free(p);
}
