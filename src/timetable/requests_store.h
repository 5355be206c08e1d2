/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of session requests: private to the feature. Who may see one is part of each WHERE. */
#include "timetable/requests.h"

/* With its groups. ERR_NOT_FOUND also for who may not see it. */
must_check enum err requests_store_get(struct ctx *ctx, int64_t id, struct request *ret);
/* struct request with their groups, by when they were made. ERR_INVALID: the cursor. */
must_check enum err requests_store_page(struct ctx *ctx, const struct request_filter *filter,
                                        struct page *ret);
/* With its groups. */
must_check enum err requests_store_insert(struct ctx *ctx, const struct request *r,
                                          int64_t *ret_id);
/* How many of the trainer's wait for an answer. */
must_check enum err requests_store_pending(struct ctx *ctx, int64_t trainer_id, int64_t *ret);
/* While it is pending and at r->version: *ret_n is 0 otherwise. */
must_check enum err requests_store_change(struct ctx *ctx, const struct request *r, int64_t *ret_n);
/* From pending to `state`: *ret_n is 0 when somebody else decided. */
must_check enum err requests_store_decide(struct ctx *ctx, int64_t id, const char *state,
                                          struct opt_str answer, int64_t *ret_n);
/* Writes down which session it became. */
must_check enum err requests_store_made(struct ctx *ctx, int64_t id, int64_t session_id);
