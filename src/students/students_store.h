/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of students/: private to the feature. */
#include "students/students.h"

/* Whoever asks. ERR_NOT_FOUND */
must_check enum err students_store_get(struct ctx *ctx, int64_t id, struct student *ret);
/* What the caller may see. ERR_NOT_FOUND */
must_check enum err students_store_get_for(struct ctx *ctx, int64_t id, struct student *ret);
/* Those that the caller may see, by name; `like`: a pattern of str_search(). ERR_INVALID: the
 * cursor. */
must_check enum err students_store_page(struct ctx *ctx, const struct student_filter *filter,
                                        struct opt_str like, struct page *ret);
/* ERR_CONFLICT */
must_check enum err students_store_insert(struct ctx *ctx, const struct student *s,
                                          int64_t *ret_id);
/* The row with s's id and row_version. ERR_NOT_FOUND: no longer that version. ERR_CONFLICT */
must_check enum err students_store_update(struct ctx *ctx, const struct student *s);
/* Counts the version that clients see. */
must_check enum err students_store_touch(struct ctx *ctx, int64_t id);
