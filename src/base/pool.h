/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * N worker threads, each with its own ctx, and bounded queues in front of them: one for most work,
 * and one for work that is costly and comes in bursts, of which few run at once so that the other
 * workers go on with the first queue. Handlers may block; whoever submits never does.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

struct pool;

struct pool_options {
    size_t workers;
    size_t queue_cap;
    /* How many costly jobs run at once, and how many wait; 0: the pool takes none. */
    size_t costly_workers;
    size_t costly_cap;
    /* Called in the worker's thread before its first and after its last job. */
    void (*start)(struct ctx *ctx, void *user);
    void (*finish)(struct ctx *ctx, void *user);
    void *user;
};

typedef void pool_fn(struct ctx *ctx, void *arg);

struct pool *pool_create(const struct pool_options *options);
/* False when the queue is full or the pool is stopping: nothing was taken. */
bool pool_submit(struct pool *p, pool_fn *fn, void *arg);
/* The same, for the queue of costly jobs. Where jobs of both kinds wait, they take turns. */
bool pool_submit_costly(struct pool *p, pool_fn *fn, void *arg);
/* How many wait in both queues. */
size_t pool_waiting(struct pool *p);
/* Runs what is queued, then ends the threads. Takes NULL. */
void pool_destroy(struct pool *p);
