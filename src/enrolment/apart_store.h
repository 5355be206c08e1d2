/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of pairs to keep apart: private to the feature. */
#include "enrolment/apart.h"

struct apart_row {
    int64_t a_student_id, b_student_id; /* b 0: not known */
    struct str reason;
    int64_t times;
    bool second_factor;
};

must_check enum err apart_fetch(struct ctx *ctx, struct list *ret);
/* struct apart_pair, without what they ask. */
must_check enum err apart_fetch_page(struct ctx *ctx, const struct page_query *q, struct page *ret);
must_check enum err apart_fetch_pair(struct ctx *ctx, int64_t id, struct apart_pair *ret);
must_check enum err apart_update(struct ctx *ctx, const struct apart_change *in);
/* Adds a look-alike pair, a < b, or renews it; only when they share a group or it is there. */
must_check enum err apart_put_alike(struct ctx *ctx, int64_t a, int64_t b, double similarity);
/* Forgets look-alike pairs (of one student; 0: all) that were not renewed at ctx->now. */
must_check enum err apart_drop_alike(struct ctx *ctx, int64_t student_id);
/* *ret_new: the mark was not corrected before. */
must_check enum err apart_insert_correction(struct ctx *ctx, const struct apart_correction *c,
                                            bool *ret_new);
/* One more correction of the pair, a < b, or of a alone (b 0). The caller holds student a. */
must_check enum err apart_count_correction(struct ctx *ctx, int64_t a, int64_t b);
must_check enum err apart_fetch_threshold(struct ctx *ctx, double *ret);
must_check enum err apart_store_threshold(struct ctx *ctx, double threshold);
must_check enum err apart_fetch_sizes(struct ctx *ctx, struct str model, struct list *ret);
struct apart_size {
    int64_t persons;
};
