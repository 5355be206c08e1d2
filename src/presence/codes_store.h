/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of status codes; inside presence/. */
#include "presence/codes.h"

must_check enum err codes_fetch(struct ctx *ctx, struct list *ret);
/* `asked` when not empty, else the default of the category. ERR_NOT_FOUND. */
must_check enum err codes_find(struct ctx *ctx, struct str category, struct str asked,
                               struct status_code *ret);
must_check enum err codes_page(struct ctx *ctx, const struct page_query *q, struct page *ret);
must_check enum err codes_get(struct ctx *ctx, int64_t id, struct status_code *ret);
/* Position 0: after all others. ERR_CONFLICT. */
must_check enum err codes_insert(struct ctx *ctx, const struct status_code *code, int64_t *ret_id);
/* All but code and category. ERR_CONFLICT; *ret_n is 0 when it is at another version. */
must_check enum err codes_update(struct ctx *ctx, const struct status_code *code, int64_t *ret_n);
must_check enum err codes_delete(struct ctx *ctx, int64_t id);
/* No code of the category is its default any more. */
must_check enum err codes_drop_default(struct ctx *ctx, struct str category);
/* Writes the default's code into records that only name the category, so that they keep it. */
must_check enum err codes_pin(struct ctx *ctx, struct str category);
/* Brings the weights of records to what their codes say; `code` empty: of all. */
must_check enum err codes_reweigh(struct ctx *ctx, struct str code);
/* Codes that records, events or reasons of absence have. */
must_check enum err codes_used(struct ctx *ctx, struct strs *ret);
/* Whether a reason of absence that is in use gives it. */
must_check enum err codes_of_reason(struct ctx *ctx, struct str code, bool *ret);
