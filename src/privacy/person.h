/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Everything about one person in one document, as JSON or as a page to read and print: of a
 * student, or of an account (trainers, guardians, administrators). What belongs in it is a table in
 * person_store.c and one in account_store.c; a test fails when a table of the database points at
 * people and is in neither, nor left out with a reason.
 */
#include "base/ctx.h"
#include "base/schema.h"

/* The JSON text, and the page in the language (en, fr, ar), of a student whom the caller may see;
 * a part has at most its newest 10,000 rows. ERR_NOT_FOUND */
must_check enum err person_json(struct ctx *ctx, int64_t student_id, struct str *ret);
must_check enum err person_page(struct ctx *ctx, int64_t student_id, struct str locale,
                                struct str *ret);

/* The same of an account: the caller's own, or any for an admin. ERR_NOT_FOUND */
must_check enum err account_json(struct ctx *ctx, int64_t user_id, struct str *ret);
must_check enum err account_page(struct ctx *ctx, int64_t user_id, struct str locale,
                                 struct str *ret);
