/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of the enrolment history: private to the feature. */
#include "enrolment/history.h"

/* Made before these times, for students born after `young` ("YYYY-MM-DD") the second. */
struct age_cut {
    int64_t made_before, made_before_minor;
    struct str young;
};

must_check enum err history_store_insert(struct ctx *ctx, const struct enrolment_past *row);
/* An empty model: of every model. */
must_check enum err history_store_end(struct ctx *ctx, int64_t student_id, struct str model,
                                      const char *why);
must_check enum err history_store_list(struct ctx *ctx, int64_t student_id, struct list *ret);
must_check enum err history_store_aged(struct ctx *ctx, const struct age_cut *cut,
                                       const struct page_query *q, struct page *ret);
/* Those of whom nobody was told yet, at most 200: a list of struct enrolment_aged. */
must_check enum err history_store_untold(struct ctx *ctx, const struct age_cut *cut,
                                         struct list *ret);
must_check enum err history_store_told(struct ctx *ctx, int64_t id);
