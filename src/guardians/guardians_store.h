/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of guardians/: private to the feature. */
#include "guardians/guardians.h"

extern const struct schema guardian_schema;

must_check enum err guardians_store_get(struct ctx *ctx, int64_t student_id, int64_t account_id,
                                        struct guardian *ret);
must_check enum err guardians_store_page(struct ctx *ctx, const struct guardian_filter *filter,
                                         struct page *ret);
/* Holds both rows until the commit, so that ties of either are counted one after another. */
must_check enum err guardians_store_hold(struct ctx *ctx, int64_t student_id, int64_t account_id);
must_check enum err guardians_store_count(struct ctx *ctx, int64_t student_id, int64_t account_id,
                                          int64_t *ret_of_student, int64_t *ret_of_account);
must_check enum err guardians_store_insert(struct ctx *ctx, const struct guardian *g);
/* Into the past ones, out of the present ones. *ret_n is 0 when there was no such tie. */
must_check enum err guardians_store_end(struct ctx *ctx, int64_t student_id, int64_t account_id,
                                        int64_t *ret_n);
must_check enum err guardians_store_may_sign(struct ctx *ctx, int64_t student_id, int64_t *ret_n);
must_check enum err guardians_store_accounts(struct ctx *ctx, int64_t student_id, struct list *ret);
