/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of cleaning: private to privacy/. */
#include "base/ctx.h"
#include "base/schema.h"

must_check enum err cleaning_store_ask(struct ctx *ctx);
must_check enum err cleaning_store_due(struct ctx *ctx, struct opt_i64 *ret_oldest,
                                       int64_t *ret_due);
/* Who asked, at most 500; who asks meanwhile is answered by another cleaning. */
must_check enum err cleaning_store_asked(struct ctx *ctx, struct i64s *ret);
must_check enum err cleaning_store_answered(struct ctx *ctx, int64_t id);
/* Whether tables are to be written anew: not where what is deleted is overwritten. */
bool cleaning_store_rewrites(const struct ctx *ctx);
/* Bytes of a table on PostgreSQL, with its indexes. */
must_check enum err cleaning_store_size(struct ctx *ctx, const char *table, int64_t *ret);
/* One of a step's texts. ERR_BUSY */
must_check enum err cleaning_store_script(struct ctx *ctx, const char *sql);
/* After the tables: the write-ahead log of SQLite, old statistics of PostgreSQL. ERR_BUSY */
must_check enum err cleaning_store_finish(struct ctx *ctx);
