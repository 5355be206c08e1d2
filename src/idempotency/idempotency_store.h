/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of idempotency/: private to the feature. */
#include "base/ctx.h"

struct idem_row {
    struct str route_id, fingerprint;
    struct str sealed; /* the answer; empty in a row of before answers were sealed */
    struct str body;   /* the answer of such a row */
    int64_t status, created_at;
};

/* Instead of the answer's status: not answered yet, and nothing, or something, committed. */
enum { IDEM_RUNNING, IDEM_COMMITTED };

/* A run's right to a key: `at` is created_at of its row. */
struct idem_claim {
    struct str owner, key;
    int64_t at;
};

/* ERR_CONFLICT when the key is taken. */
must_check enum err idem_store_take(struct ctx *ctx, struct str owner, struct str key,
                                    const struct idem_row *row);
must_check enum err idem_store_get(struct ctx *ctx, struct str owner, struct str key,
                                   struct idem_row *ret);
/* `n`: 0 when the row is no longer the one of created_at `then`. */
must_check enum err idem_store_take_over(struct ctx *ctx, const struct idem_claim *claim,
                                         int64_t then, int64_t *n);
/* `n`: 0 when the claim was taken over. */
must_check enum err idem_store_committed(struct ctx *ctx, const struct idem_claim *claim,
                                         int64_t *n);
/* Nothing when the claim was taken over. */
must_check enum err idem_store_answer(struct ctx *ctx, const struct idem_claim *claim, int status,
                                      struct str sealed);
/* Only while nothing was committed, and by whose claim it is. */
must_check enum err idem_store_drop(struct ctx *ctx, const struct idem_claim *claim);
/* Drops all that run; on PostgreSQL, where others may serve too, none. */
must_check enum err idem_store_recover(struct ctx *ctx);
must_check enum err idem_store_trim(struct ctx *ctx, int64_t before);
