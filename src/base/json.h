/* SPDX-License-Identifier: MIT */
#pragma once
/* JSON in and out by schema. In: strict (RFC 8259, no duplicates, depth ≤ 32); out: streaming. */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/schema.h"

/*
 * Fills the IN_BODY fields of `ret` (a struct of `s`, zeroed by the caller) from a JSON object.
 * Every wrong, missing or unknown member is added to ctx's fault.
 *
 * ERR_BAD_REQUEST  not JSON: says where
 * ERR_INVALID      field errors were added
 */
must_check enum err json_bind(struct ctx *ctx, const struct schema *s, struct str text, void *ret);

/*
 * Fills one field from text (path, query, form, environment), with the same checks and errors.
 * Lists take comma-separated values.
 */
must_check enum err field_bind_text(struct ctx *ctx, const struct field *f, struct str text,
                                    void *ret);

/* What a field takes, in words: "course, lab", "a whole number", "a day as 2026-09-14". */
const char *field_allowed(struct ctx *ctx, const struct field *f);
/* Range, length, one_of and format of a value that is already in its struct. */
must_check enum err field_check(struct ctx *ctx, const struct field *f, const char *pointer,
                                const void *ret);

void json_write(struct buf *b, const struct schema *s, const void *at);
void json_write_field(struct buf *b, const struct field *f, const void *at);
/* A quoted, escaped string. */
void json_put_str(struct buf *b, struct str s);
void json_put_f64(struct buf *b, double v);
