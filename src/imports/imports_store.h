/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of imports: private to the feature. */
#include "imports/imports.h"

must_check enum err import_store_insert(struct ctx *ctx, struct str source, struct str state,
                                        int64_t total, int64_t *ret_id);
/* `row->result` set: it is finished already. */
must_check enum err import_store_insert_row(struct ctx *ctx, int64_t import_id,
                                            const struct import_row *row, struct json files);
must_check enum err import_store_get(struct ctx *ctx, int64_t id, struct import *ret);
must_check enum err import_store_page(struct ctx *ctx, const struct page_query *q,
                                      struct page *ret);
must_check enum err import_store_rows(struct ctx *ctx, const struct import_rows_query *q,
                                      struct page *ret);
/* From one of two states into another; `ended` sets the time. ERR_NOT_FOUND: not in these. */
must_check enum err import_store_move(struct ctx *ctx, int64_t id, const char *from[2],
                                      const char *to, bool ended);
/* Before a run: rows that a look found good are to be done again. */
must_check enum err import_store_restart(struct ctx *ctx, int64_t id);

/* Takes the oldest import that is at work and that nobody else holds, until `until`.
 * ERR_NOT_FOUND: there is none. */
must_check enum err import_store_claim(struct ctx *ctx, int64_t until, int64_t *ret_id);
must_check enum err import_store_release(struct ctx *ctx, int64_t id);
/* All claims are void: at start. */
must_check enum err import_store_release_all(struct ctx *ctx);
/* The next row that is not looked at (checking) or not finished (running); counts a try.
 * ERR_NOT_FOUND: none is left. */
must_check enum err import_store_next(struct ctx *ctx, int64_t import_id, bool running,
                                      struct import_row *ret, int64_t *ret_tries);
/* ERR_NOT_FOUND: somebody else has done it, or the import is not at work any more. */
must_check enum err import_store_row_done(struct ctx *ctx, int64_t row_id, bool running,
                                          struct str result, struct str detail);
/* Whether progress was last told before `before`; then it is told now. */
must_check enum err import_store_tell(struct ctx *ctx, int64_t id, int64_t before, bool *ret);

/* Numbers of imports that nobody ran since `before`, and of all that still need their file. */
must_check enum err import_store_stale(struct ctx *ctx, int64_t before, struct i64s *ret);
must_check enum err import_store_needing_file(struct ctx *ctx, struct i64s *ret);
/* Forgets what ended before that time. */
must_check enum err import_store_forget(struct ctx *ctx, int64_t before);
/* 0: no student has the number. */
must_check enum err import_store_student(struct ctx *ctx, struct str number, int64_t *ret);
