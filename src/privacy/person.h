/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Everything about one person in one document, as JSON or as a page to read and print. What belongs
 * in it is one table in person_store.c; a test fails when a table of the database knows students
 * and is neither there nor left out with a reason.
 */
#include "base/ctx.h"
#include "base/schema.h"

/* The JSON text, and the page in the language (en, fr, ar), of a student whom the caller may see;
 * a part has at most its newest 10,000 rows. ERR_NOT_FOUND */
must_check enum err person_json(struct ctx *ctx, int64_t student_id, struct str *ret);
must_check enum err person_page(struct ctx *ctx, int64_t student_id, struct str locale,
                                struct str *ret);
