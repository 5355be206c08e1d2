/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of duplicate cases: private to the feature. */
#include "enrolment/duplicates.h"

/* Makes the case or, when the pair has one in this direction, updates it; *ret_new: it is new. */
must_check enum err duplicate_store_open(struct ctx *ctx, int64_t student_id,
                                         const struct look_alike *like, int64_t *ret_id,
                                         bool *ret_new);
/* The numbers of those whom a person found to be somebody else than the student. */
must_check enum err duplicate_store_different(struct ctx *ctx, int64_t student_id,
                                              struct i64s *ret);
must_check enum err duplicate_store_page(struct ctx *ctx, const struct duplicate_filter *filter,
                                         struct page *ret);
must_check enum err duplicate_store_get(struct ctx *ctx, int64_t id, struct duplicate_case *ret);
must_check enum err duplicate_store_judge(struct ctx *ctx, int64_t id, struct str state,
                                          struct opt_str note);
/* Makes the two a pair that recognition keeps apart with more care. */
must_check enum err duplicate_store_keep_apart(struct ctx *ctx, int64_t one, int64_t other,
                                               double similarity);
