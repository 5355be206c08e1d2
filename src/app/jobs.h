/* SPDX-License-Identifier: MIT */
#pragma once
/* Work that comes back by itself: what, how often, and the thread that asks for it. */
#include "base/ctx.h"

struct pool;

enum { JOBS_TICK_S = 60 };

/* Runs, on a worker, every job that is due. Called each JOBS_TICK_S seconds; a job whose turn comes
 * while the queue is full waits for its next turn. A failure is logged and harms no other job. */
void jobs_tick(struct pool *pool);
/* The few jobs that also run once right after the start. */
void jobs_start(struct pool *pool);
