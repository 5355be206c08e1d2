/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Forgetting: what is kept for a set time and then deleted, each kind by a job of its own whose
 * runs are kept. Consent and certificates stay: they prove what was done.
 */
#include "base/ctx.h"
#include "base/schema.h"

/* One kind of data: how long it is kept, and what its job last did. */
struct retention_job {
    struct str job;
    int64_t keep;
    struct str unit; /* "days" or "hours" */
    int64_t due;     /* what would be deleted now */
    struct opt_i64 oldest_at, last_at, last_deleted, next_at;
    struct str last_error; /* empty: it went well */
};

struct retention_report {
    struct str face_recognition; /* the school's switch */
    struct list jobs;            /* struct retention_job */
};
extern const struct schema retention_report_schema;

must_check enum err retention_get(struct ctx *ctx, struct retention_report *ret);
/* Runs all jobs; one that fails is noted and harms no other. `dry`: only counts what is due. */
must_check enum err retention_run(struct ctx *ctx, bool dry, struct retention_report *ret);
/* Cut-out faces, and old rows of who was forgotten, for a job that runs more often: its runs are
 * kept when there was something. */
must_check enum err retention_often(struct ctx *ctx);
/* For the table of periodic jobs. */
must_check enum err retention_tick(struct ctx *ctx);
