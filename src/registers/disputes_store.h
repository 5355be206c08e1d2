/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of disputes: private to the feature. */
#include "registers/disputes.h"

/* Those that the caller may see: struct dispute, the oldest first. ERR_INVALID: the cursor. */
must_check enum err disputes_fetch_page(struct ctx *ctx, const struct dispute_filter *filter,
                                        struct page *ret);
/* ERR_NOT_FOUND also when the caller may not see it. */
must_check enum err disputes_fetch(struct ctx *ctx, int64_t id, struct dispute *ret);
/* ERR_CONFLICT: an open one is there. */
must_check enum err disputes_insert(struct ctx *ctx, const struct dispute *d, int64_t *ret_id);
/* From open to d->state, with its answer; *ret_n is 0 when it was not open any more. */
must_check enum err disputes_settle(struct ctx *ctx, const struct dispute *d, int64_t *ret_n);
