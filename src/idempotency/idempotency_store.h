/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of idempotency/: private to the feature. */
#include "base/ctx.h"

struct idem_row {
    struct str route_id, fingerprint, body;
    int64_t status, created_at;
};

/* ERR_CONFLICT when the key is taken. */
must_check enum err idem_store_take(struct ctx *ctx, struct str owner, struct str key,
                                    const struct idem_row *row);
must_check enum err idem_store_get(struct ctx *ctx, struct str owner, struct str key,
                                   struct idem_row *ret);
must_check enum err idem_store_answer(struct ctx *ctx, struct str owner, struct str key, int status,
                                      struct str body);
must_check enum err idem_store_drop(struct ctx *ctx, struct str owner, struct str key);
must_check enum err idem_store_trim(struct ctx *ctx, int64_t before);
