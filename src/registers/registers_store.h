/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of registers: private to the feature. */
#include "registers/registers.h"

/* Of the caller's sessions: struct register_due by start. ERR_INVALID: the cursor. */
must_check enum err registers_fetch_due(struct ctx *ctx, const struct register_due_filter *filter,
                                        struct page *ret);

/* A session somebody is to be told about. */
struct untold_row {
    int64_t session_id, trainer_id, starts_at, ends_at;
    struct str module_name, state;
};
/* Not closed, ended within (after, before], and `who` was not told: at most 500, oldest first. */
must_check enum err registers_fetch_untold(struct ctx *ctx, const char *who, int64_t after,
                                           int64_t before, struct list *ret);
/* ERR_NOT_FOUND: was told meanwhile. */
must_check enum err registers_store_told(struct ctx *ctx, int64_t session_id, const char *who);

/* Writes it down; *ret_id is its number. */
must_check enum err registers_insert_hand_over(struct ctx *ctx, const struct hand_over *h,
                                               int64_t *ret_id);
/* ERR_NOT_FOUND */
must_check enum err registers_fetch_hand_over(struct ctx *ctx, int64_t id, struct hand_over *ret);
/* Of a session: struct hand_over, the oldest first. ERR_INVALID: the cursor. */
must_check enum err registers_fetch_hand_overs(struct ctx *ctx, int64_t session_id,
                                               const struct page_query *query, struct page *ret);
