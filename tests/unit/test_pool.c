/* SPDX-License-Identifier: MIT */
/* Worker threads: a full queue refuses, nothing queued is lost, each worker owns its ctx. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/mem.h"
#include "base/pool.h"

#include "check.h"

enum { MANY = 2000 };

/* Jobs that wait for a word. */
struct gate {
    sem_t entered, open;
};

static void wait_at_gate(struct ctx *ctx, void *arg)
{
    struct gate *g = arg;

    (void)ctx;
    sem_post(&g->entered);
    while (sem_wait(&g->open))
        continue;
}

static void gate_init(struct gate *g)
{
    sem_init(&g->entered, 0, 0);
    sem_init(&g->open, 0, 0);
}

static void gate_finish(struct gate *g)
{
    sem_destroy(&g->entered);
    sem_destroy(&g->open);
}

static void count(struct ctx *ctx, void *arg)
{
    (void)ctx;
    atomic_fetch_add((atomic_int *)arg, 1);
}

static void a_full_queue_refuses(void **state)
{
    static const size_t caps[] = {1, 2, 7};

    (void)state;
    for (size_t i = 0; i < COUNT(caps); i++) {
        struct pool *p = pool_create(&(struct pool_options){.workers = 1, .queue_cap = caps[i]});
        atomic_int done = 0;
        struct gate g;

        gate_init(&g);
        assert_true(pool_submit(p, wait_at_gate, &g));
        while (sem_wait(&g.entered))
            continue;
        /* The one worker is busy: exactly the queue's size is taken. */
        for (size_t k = 0; k < caps[i]; k++) {
            assert_int_equal(pool_waiting(p), k);
            assert_true(pool_submit(p, count, &done));
        }
        assert_false(pool_submit(p, count, &done));
        assert_int_equal(pool_waiting(p), caps[i]);
        assert_int_equal(done, 0);
        sem_post(&g.open);
        pool_destroy(p);
        assert_int_equal(done, caps[i]);
        gate_finish(&g);
    }
}

static void what_is_queued_runs_before_the_end(void **state)
{
    struct pool *p = pool_create(&(struct pool_options){.workers = 3, .queue_cap = MANY});
    atomic_int done = 0;
    struct gate g;

    (void)state;
    gate_init(&g);
    for (int i = 0; i < 3; i++)
        assert_true(pool_submit(p, wait_at_gate, &g));
    for (int i = 0; i < 3; i++)
        while (sem_wait(&g.entered))
            continue;
    for (int i = 0; i < MANY; i++)
        assert_true(pool_submit(p, count, &done));
    for (int i = 0; i < 3; i++)
        sem_post(&g.open);
    pool_destroy(p);
    assert_int_equal(done, MANY);
    gate_finish(&g);
    pool_destroy(NULL);
}

/* Order is first come, first served. */
struct log {
    int at[MANY];
    int n;
};
struct entry {
    struct log *log;
    int i;
};

static void write_down(struct ctx *ctx, void *arg)
{
    struct entry *e = arg;

    (void)ctx;
    e->log->at[e->log->n++] = e->i;
}

static void one_worker_keeps_the_order(void **state)
{
    struct pool *p = pool_create(&(struct pool_options){.workers = 1, .queue_cap = 5});
    struct entry *entries = mem_array(MANY, sizeof(*entries));
    struct log *log = MEM_NEW(struct log);

    (void)state;
    for (int i = 0; i < MANY; i++) {
        entries[i] = (struct entry){log, i};
        while (!pool_submit(p, write_down, &entries[i]))
            (void)sched_yield();
    }
    pool_destroy(p);
    assert_int_equal(log->n, MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(log->at[i], i);
    mem_free(entries);
    mem_free(log);
}

/* Costly jobs never hold more than their share of the workers, and have room of their own. */
static void costly_jobs_leave_a_worker_free(void **state)
{
    struct pool *p = pool_create(
        &(struct pool_options){.workers = 3, .queue_cap = 1, .costly_workers = 2, .costly_cap = 4});
    atomic_int done = 0;
    atomic_int costly_done = 0;
    struct gate g;

    (void)state;
    gate_init(&g);
    for (int i = 0; i < 2; i++)
        assert_true(pool_submit_costly(p, wait_at_gate, &g));
    for (int i = 0; i < 2; i++)
        while (sem_wait(&g.entered))
            continue;
    for (int i = 0; i < 4; i++)
        assert_true(pool_submit_costly(p, count, &costly_done));
    assert_false(pool_submit_costly(p, count, &costly_done));
    assert_int_equal(pool_waiting(p), 4);
    for (int i = 0; i < MANY; i++) {
        while (!pool_submit(p, count, &done))
            (void)sched_yield();
    }
    while (atomic_load(&done) < MANY)
        (void)sched_yield();
    assert_int_equal(costly_done, 0);
    assert_int_equal(pool_waiting(p), 4);
    for (int i = 0; i < 2; i++)
        sem_post(&g.open);
    /* The queue of costly jobs goes on by itself, without anything else coming in. */
    while (atomic_load(&costly_done) < 4)
        (void)sched_yield();
    pool_destroy(p);
    gate_finish(&g);
}

static void one_worker_takes_turns(void **state)
{
    struct pool *p = pool_create(
        &(struct pool_options){.workers = 1, .queue_cap = 4, .costly_workers = 1, .costly_cap = 4});
    static const int order[] = {10, 0, 11, 1, 12, 2, 13, 3};
    struct entry entries[COUNT(order)];
    struct log *log = MEM_NEW(struct log);
    struct gate g;

    (void)state;
    gate_init(&g);
    assert_true(pool_submit(p, wait_at_gate, &g));
    while (sem_wait(&g.entered))
        continue;
    for (int i = 0; i < 4; i++) {
        entries[i] = (struct entry){log, i};
        entries[4 + i] = (struct entry){log, 10 + i};
        assert_true(pool_submit(p, write_down, &entries[i]));
        assert_true(pool_submit_costly(p, write_down, &entries[4 + i]));
    }
    sem_post(&g.open);
    pool_destroy(p);
    assert_int_equal(log->n, COUNT(order));
    for (size_t i = 0; i < COUNT(order); i++)
        assert_int_equal(log->at[i], order[i]);
    gate_finish(&g);
    mem_free(log);
}

static void who_has_no_room_for_costly_jobs_takes_none(void **state)
{
    struct pool *p = pool_create(&(struct pool_options){.workers = 1, .queue_cap = 1});
    atomic_int done = 0;

    (void)state;
    assert_false(pool_submit_costly(p, count, &done));
    pool_destroy(p);
    assert_int_equal(done, 0);
}

/* What start gives a worker, its jobs find again, and no other worker has. */
struct team {
    atomic_int started, finished, strangers, wrong_memory;
    struct db *marks[4];
};

static void team_start(struct ctx *ctx, void *user)
{
    struct team *t = user;
    int i = atomic_fetch_add(&t->started, 1);

    ctx->db = (struct db *)mem_alloc(sizeof(pthread_t));
    *(pthread_t *)(void *)ctx->db = pthread_self();
    t->marks[i] = ctx->db;
}

static void team_finish(struct ctx *ctx, void *user)
{
    struct team *t = user;

    mem_free(ctx->db);
    atomic_fetch_add(&t->finished, 1);
}

static void team_job(struct ctx *ctx, void *arg)
{
    struct team *t = arg;
    char *scratch = arena_alloc(&ctx->arena, 3000);

    if (!ctx->db || !pthread_equal(*(pthread_t *)(void *)ctx->db, pthread_self()))
        atomic_fetch_add(&t->strangers, 1);
    /* The fault and the actor of the job before are gone; memory is zeroed. */
    if (scratch[2999] || ctx->actor.user_id || ctx->fault.err || !ctx->now)
        atomic_fetch_add(&t->wrong_memory, 1);
    scratch[2999] = 1;
    ctx->actor.user_id = 7;
    (void)fail(ctx, ERR_INTERNAL, "left behind");
}

static void each_worker_has_its_own_ctx(void **state)
{
    struct team team = {0};
    struct pool *p = pool_create(&(struct pool_options){
        .workers = 4, .queue_cap = 64, .start = team_start, .finish = team_finish, .user = &team});

    (void)state;
    for (int i = 0; i < MANY; i++)
        while (!pool_submit(p, team_job, &team))
            (void)sched_yield();
    /* One that starts after another has ended might get its memory. */
    while (atomic_load(&team.started) < 4)
        (void)sched_yield();
    pool_destroy(p);
    assert_int_equal(team.started, 4);
    assert_int_equal(team.finished, 4);
    assert_int_equal(team.strangers, 0);
    assert_int_equal(team.wrong_memory, 0);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < i; k++)
            assert_ptr_not_equal(team.marks[i], team.marks[k]);
}

/* Many threads submit at once: what was taken runs, once. */
struct crowd {
    struct pool *pool;
    atomic_int taken, refused, done;
};

static void *submit_many(void *arg)
{
    struct crowd *c = arg;

    for (int i = 0; i < MANY; i++)
        if (pool_submit(c->pool, count, &c->done))
            atomic_fetch_add(&c->taken, 1);
        else
            atomic_fetch_add(&c->refused, 1);
    return NULL;
}

static void a_crowd_loses_nothing(void **state)
{
    struct crowd c = {.pool = pool_create(&(struct pool_options){.workers = 2, .queue_cap = 16})};
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, submit_many, &c), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    pool_destroy(c.pool);
    assert_int_equal(c.taken + c.refused, 4 * MANY);
    assert_int_equal(c.done, c.taken);
    assert_true(c.taken > 0);
}

/* A job may submit more, until the pool is stopping. */
enum { ROOM = 1 << 20 };

struct chain {
    struct pool *pool;
    struct gate gate;
    atomic_int done;
    int taken;
    size_t waiting; /* when it was refused */
};

static void submit_till_refused(struct ctx *ctx, void *arg)
{
    struct chain *c = arg;

    wait_at_gate(ctx, &c->gate);
    while (pool_submit(c->pool, count, &c->done)) {
        c->taken++;
        (void)sched_yield();
    }
    c->waiting = pool_waiting(c->pool);
}

static void nothing_is_taken_while_stopping(void **state)
{
    struct chain c = {.pool = pool_create(&(struct pool_options){.workers = 1, .queue_cap = ROOM})};

    (void)state;
    gate_init(&c.gate);
    assert_true(pool_submit(c.pool, submit_till_refused, &c));
    while (sem_wait(&c.gate.entered))
        continue;
    sem_post(&c.gate.open);
    pool_destroy(c.pool);
    /* Refused with room left, and what was taken before has run. */
    assert_true(c.waiting < ROOM);
    assert_int_equal(c.done, c.taken);
    gate_finish(&c.gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_queue_refuses),
        cmocka_unit_test(what_is_queued_runs_before_the_end),
        cmocka_unit_test(one_worker_keeps_the_order),
        cmocka_unit_test(costly_jobs_leave_a_worker_free),
        cmocka_unit_test(one_worker_takes_turns),
        cmocka_unit_test(who_has_no_room_for_costly_jobs_takes_none),
        cmocka_unit_test(each_worker_has_its_own_ctx),
        cmocka_unit_test(a_crowd_loses_nothing),
        cmocka_unit_test(nothing_is_taken_while_stopping),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
