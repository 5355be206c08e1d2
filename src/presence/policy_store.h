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
/* That very row. ERR_NOT_FOUND. */
must_check enum err policy_row_get(struct ctx *ctx, struct str kind, struct policy_row *ret);
/* ERR_CONFLICT: there is one. */
must_check enum err policy_row_insert(struct ctx *ctx, const struct policy_row *row);
/* *ret_n is 0 when it is at another version. */
must_check enum err policy_row_update(struct ctx *ctx, const struct policy_row *row,
                                      int64_t *ret_n);
must_check enum err policy_row_delete(struct ctx *ctx, struct str kind, int64_t *ret_n);
/* Scheduled sessions of the kind take it over; of 'any': of all kinds without a row. One whose
 * register was opened before (cancelled, and scheduled again) keeps what its marks rest on. */
must_check enum err policy_apply(struct ctx *ctx, const struct presence_policy *p, int64_t *ret_n);
