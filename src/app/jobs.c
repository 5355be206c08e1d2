/* SPDX-License-Identifier: MIT */
/* The table of periodic jobs. Each is short, safe to run twice, and asks what is due. */
#include "app/jobs.h"

#include <malloc.h>

#include "base/log.h"
#include "base/pool.h"

#include "alerts/alerts.h"
#include "auth/auth.h"
#include "check_in/check_in.h"
#include "enrolment/apart.h"
#include "enrolment/enrolment.h"
#include "events/events.h"
#include "idempotency/idempotency.h"
#include "imports/imports.h"
#include "justifications/documents.h"
#include "justifications/justifications.h"
#include "liveness/liveness.h"
#include "privacy/retention.h"
#include "punches/punches.h"
#include "registers/registers.h"
#include "signals/signals.h"

enum { TEN_MINUTES = 600, HOUR = 3600 };

struct job {
    const char *name;
    int64_t every_s;
    enum err (*run)(struct ctx *ctx);
};

static const struct job jobs[] = {
    {"retention_often", TEN_MINUTES, retention_often},
    {"trim_events", TEN_MINUTES, events_trim},
    {"trim_idempotency", TEN_MINUTES, idempotency_trim},
    {"trim_liveness", TEN_MINUTES, live_session_trim},
    {"trim_logins", TEN_MINUTES, auth_trim},
    {"retention", HOUR, retention_tick},
    {"refresh_keys", JOBS_TICK_S, enrolment_refresh_keys},
    {"find_look_alikes", 6 * HOUR, apart_find_all},
    {"enrolment_remind", HOUR, enrolment_remind},
    {"imports_tend", JOBS_TICK_S, imports_tend},
    {"alerts", JOBS_TICK_S, alerts_tick},
    {"justifications_tend", JOBS_TICK_S, justifications_tend},
    {"documents_sweep", HOUR, documents_sweep},
    {"punches_tend", JOBS_TICK_S, punches_tend},
    {"trim_check_ins", HOUR, check_in_trim},
    {"tell_registers", JOBS_TICK_S, register_tell},
    {"find_signals", JOBS_TICK_S, signals_find},
};

/* These also run right after the start. */
static const struct job start_jobs[] = {
    {"enrolment_remind", 0, enrolment_remind},
    {"imports_resume", 0, imports_resume},
    {"punches_tend", 0, punches_tend},
    {"trim_check_ins", 0, check_in_trim},
    {"justifications_tend", 0, justifications_tend},
    {"documents_sweep", 0, documents_sweep},
    {"tell_registers", 0, register_tell},
    {"find_signals", 0, signals_find},
    {"alerts", 0, alerts_tick},
    {"retention_often", 0, retention_often},
};

/* Only the thread that waits for the stop signal ticks. */
static int64_t ticks;

static void run(struct ctx *ctx, void *arg)
{
    const struct job *job = arg;
    enum err e = job->run(ctx);

    if (e)
        log_warn(ctx, "job.failed", LC("job", job->name), LC("error", err_info(e)->slug));
}

static void submit(struct pool *pool, const struct job *job)
{
    if (!pool_submit(pool, run, (void *)(uintptr_t)job))
        log_warn(NULL, "job.skipped", LC("job", job->name));
}

void jobs_start(struct pool *pool)
{
    for (size_t i = 0; i < COUNT(start_jobs); i++)
        submit(pool, &start_jobs[i]);
}

void jobs_tick(struct pool *pool)
{
    ticks++;
    /* What a large import or search took goes back to the system. */
    malloc_trim(0);
    for (size_t i = 0; i < COUNT(jobs); i++)
        if (ticks % (jobs[i].every_s / JOBS_TICK_S) == 0)
            submit(pool, &jobs[i]);
}
