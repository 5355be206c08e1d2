/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of reasons: private to the feature. */
#include "justifications/reasons.h"

must_check enum err reasons_store_page(struct ctx *ctx, const struct page_query *q,
                                       struct page *ret);
must_check enum err reasons_store_get(struct ctx *ctx, int64_t id, struct absence_reason *ret);
must_check enum err reasons_store_insert(struct ctx *ctx, const struct absence_reason *r,
                                         struct absence_reason *ret);
/* ERR_NOT_FOUND: it has another version by now. */
must_check enum err reasons_store_update(struct ctx *ctx, const struct absence_reason *r,
                                         struct absence_reason *ret);
