/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of presence policies; inside presence/. */
#include "base/schema.h"

#include "presence/policy.h"

struct policy_row {
    struct str kind, ways;
    struct opt_i64 open_before_min, late_after_min, absent_after_min;
    bool check_out;
    int64_t min_minutes, version;
};

/* The kind's row, else that of 'any'. ERR_NOT_FOUND. */
must_check enum err policy_row_find(struct ctx *ctx, struct str kind, struct policy_row *ret);
