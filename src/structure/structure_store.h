/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of structure/: private to the feature. */
#include "structure/structure.h"

/* ERR_NOT_FOUND */
must_check enum err structure_store_get(struct ctx *ctx, enum structure_kind kind, int64_t id,
                                        struct structure_item *ret);
/* Whether two of a kind say the same. */
bool structure_store_same(const struct structure_item *a, const struct structure_item *b);
must_check enum err structure_store_page(struct ctx *ctx, enum structure_kind kind,
                                         const struct structure_filter *filter, struct opt_str like,
                                         struct page *ret);
/* ERR_CONFLICT */
must_check enum err structure_store_insert(struct ctx *ctx, enum structure_kind kind,
                                           const struct structure_item *item,
                                           struct structure_item *ret);
/* The row with item's id and version. ERR_NOT_FOUND: no longer that version. ERR_CONFLICT */
must_check enum err structure_store_update(struct ctx *ctx, enum structure_kind kind,
                                           const struct structure_item *item,
                                           struct structure_item *ret);
