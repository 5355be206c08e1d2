/* SPDX-License-Identifier: MIT */
#pragma once
/* How the system is: for readiness, for the admin's page. */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/schema.h"

struct system_status {
    struct str status; /* ready, degraded (faces are not available), unavailable */
    struct str version;
    struct str database, database_problem;
    struct str face_recognition, models_problem, eyes_problem;
    struct list models;                    /* struct face_model_info */
    int64_t enrolled, enrolled_with_model; /* students; after a change of models the second grows */
    int64_t uptime_s;
};
extern const struct schema system_schema;

void system_look(struct ctx *ctx, struct system_status *ret);
/* The same, and how many students are enrolled; not for /readyz, which is asked often. */
void system_look_closely(struct ctx *ctx, struct system_status *ret);
/* For /readyz: the status without what is nobody's business; true while requests can be served. */
bool system_ready(struct ctx *ctx, struct buf *ret);
