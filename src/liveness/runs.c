/* SPDX-License-Identifier: MIT */
/* One lock over the table; nobody computes while holding it. */
#include "liveness/runs.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"

enum { WAYS = 8 };

struct seat {
    struct live_run run;
    bool used, taken;
    bool dropped; /* to be forgotten when it is given back */
};

/* A frame that was sent: the first bytes of its digest, and by which session. */
struct sent {
    uint64_t digest;
    int64_t id;
};

struct live_runs {
    pthread_mutex_t lock; /* guards everything below, but not what a taken run points to */
    struct seat at[LIVE_RUNS];
    struct sent *sent; /* sets of WAYS places, by digest */
    size_t next;       /* place within a set that is replaced next */
};

struct live_runs *live_runs_create(void)
{
    struct live_runs *r = MEM_NEW(struct live_runs);

    pthread_mutex_init(&r->lock, NULL);
    r->sent = mem_array(LIVE_DIGESTS, sizeof(struct sent));
    return r;
}

static void forget(struct seat *p)
{
    liveness_destroy(p->run.engine);
    steady_destroy(p->run.steady);
    secret_wipe(p, sizeof(*p));
}

void live_runs_destroy(struct live_runs *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < LIVE_RUNS; i++)
        if (r->at[i].used)
            forget(&r->at[i]);
    pthread_mutex_destroy(&r->lock);
    mem_free(r->sent);
    mem_free(r);
}

static void drop(struct seat *p)
{
    if (p->taken)
        p->dropped = true;
    else
        forget(p);
}

enum err live_runs_add(struct ctx *ctx, struct live_runs *r, const struct live_run *run)
{
    struct seat *room = NULL;

    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < LIVE_RUNS; i++) {
        struct seat *p = &r->at[i];

        if (p->used &&
            (p->run.student_id == run->student_id || p->run.expires_ms <= run->created_ms))
            drop(p);
        if (!p->used)
            room = p;
    }
    if (room)
        *room = (struct seat){.run = *run, .used = true};
    pthread_mutex_unlock(&r->lock);
    return room ? ERR_OK : fail(ctx, ERR_BUSY, "too many check-ins by face at once; try again");
}

enum err live_runs_take(struct ctx *ctx, struct live_runs *r, int64_t id, int64_t student_id,
                        struct live_run **ret)
{
    enum err e = ERR_NOT_FOUND;

    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < LIVE_RUNS; i++) {
        struct seat *p = &r->at[i];

        if (!p->used || p->dropped || p->run.id != id || p->run.student_id != student_id)
            continue;
        e = p->taken ? ERR_BUSY : ERR_OK;
        if (!e) {
            p->taken = true;
            *ret = &p->run;
        }
        break;
    }
    pthread_mutex_unlock(&r->lock);
    if (e == ERR_BUSY)
        return fail(ctx, e, "frames of this session are being looked at; wait for the answer");
    return e;
}

void live_runs_give(struct live_runs *r, struct live_run *run, bool ended)
{
    if (!run)
        return;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < LIVE_RUNS; i++) {
        struct seat *p = &r->at[i];

        if (&p->run != run)
            continue;
        p->taken = false;
        if (ended || p->dropped)
            forget(p);
        break;
    }
    pthread_mutex_unlock(&r->lock);
}

bool live_runs_seen(struct live_runs *r, int64_t id, const uint8_t digest[LIVE_DIGEST])
{
    struct sent *set;
    uint64_t key;
    bool foreign = false;
    bool known = false;

    memcpy(&key, digest, sizeof(key));
    set = &r->sent[key % (LIVE_DIGESTS / WAYS) * WAYS];
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].id && set[i].digest == key) {
            known = true;
            foreign = foreign || set[i].id != id;
        }
    if (!known)
        set[r->next++ % WAYS] = (struct sent){key, id};
    pthread_mutex_unlock(&r->lock);
    return foreign;
}
