/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of trainers/: private to the feature. */
#include "trainers/trainers.h"

/* Whoever asks. ERR_NOT_FOUND */
must_check enum err trainers_store_get(struct ctx *ctx, int64_t id, struct trainer *ret);
/* What the caller may see. ERR_NOT_FOUND */
must_check enum err trainers_store_get_for(struct ctx *ctx, int64_t id, struct trainer *ret);
must_check enum err trainers_store_page(struct ctx *ctx, const struct page_query *q,
                                        struct opt_str like, struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err trainers_store_of_account(struct ctx *ctx, int64_t user_id, int64_t *ret_id);
/* The row with t's id and row_version. ERR_NOT_FOUND: no longer that version. */
must_check enum err trainers_store_update(struct ctx *ctx, const struct trainer *t);
