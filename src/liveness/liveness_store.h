/* SPDX-License-Identifier: MIT */
#pragma once
/* Liveness sessions in SQL. */
#include "liveness/liveness.h"

struct live_row {
    int64_t id, student_id;
    struct opt_i64 session_id;
    struct str purpose, policy;
    struct strs challenges;
    struct str nonce_hash, state;
    struct opt_str result, outcome;
    int64_t created_at, expires_at;
    struct opt_i64 finished_at;
};

/* `challenges`: a JSON array's text. ERR_CONFLICT: the student has a pending one. */
must_check enum err live_store_insert(struct ctx *ctx, const struct live_row *row,
                                      struct str challenges, int64_t *ret_id);
/* Ends the student's pending one, as `result` says. */
must_check enum err live_store_supersede(struct ctx *ctx, int64_t student_id, struct str result);
/* ERR_NOT_FOUND: none, or another student's. */
must_check enum err live_store_get(struct ctx *ctx, int64_t id, int64_t student_id,
                                   struct live_row *ret);
struct live_ending {
    int64_t id;
    struct str state, result;
    struct opt_str outcome;
};
/* ERR_NOT_FOUND: it is not pending any more. */
must_check enum err live_store_finish(struct ctx *ctx, const struct live_ending *end);
/* How many the student began since then, and when the first of them. */
must_check enum err live_store_recent(struct ctx *ctx, int64_t student_id, int64_t since,
                                      int64_t *ret_n, int64_t *ret_first);
/* Counts a check-in that failed or passed. */
must_check enum err live_store_count(struct ctx *ctx, int64_t student_id, bool failed);
must_check enum err live_store_expire(struct ctx *ctx, int64_t before, struct str result);
must_check enum err live_store_forget(struct ctx *ctx, int64_t before);
