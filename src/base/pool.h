/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * N worker threads, each with its own ctx, and one bounded queue in front of them. Handlers may
 * block; whoever submits never does.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

struct pool;

struct pool_options {
    size_t workers;
    size_t queue_cap;
    /* Called in the worker's thread before its first and after its last job. */
    void (*start)(struct ctx *ctx, void *user);
    void (*finish)(struct ctx *ctx, void *user);
    void *user;
};

typedef void pool_fn(struct ctx *ctx, void *arg);

struct pool *pool_create(const struct pool_options *options);
/* False when the queue is full or the pool is stopping: nothing was taken. */
bool pool_submit(struct pool *p, pool_fn *fn, void *arg);
size_t pool_waiting(struct pool *p);
/* Runs what is queued, then ends the threads. Takes NULL. */
void pool_destroy(struct pool *p);
