/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of forgetting: private to privacy/. */
#include "base/ctx.h"
#include "base/schema.h"

struct retention_run_row {
    int64_t at, deleted;
    struct str error;
};

/* When the oldest row of the verification log is, and how many are older than `before`. */
must_check enum err retention_log(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                  int64_t *ret_due);
/* Remembers since when archived students are gone, and forgets it of those who came back. */
must_check enum err retention_notice(struct ctx *ctx);
/* Students with face data who left before `before`, at most `limit`: by archiving, or since their
 * last membership ended. */
must_check enum err retention_left(struct ctx *ctx, int64_t before, int64_t limit,
                                   struct i64s *ret);
/* When the oldest template was made. */
must_check enum err retention_oldest_template(struct ctx *ctx, struct opt_i64 *ret);
must_check enum err retention_note(struct ctx *ctx, const char *job, int64_t deleted,
                                   struct opt_i64 oldest, const char *error);
/* ERR_NOT_FOUND: it never ran. */
must_check enum err retention_last(struct ctx *ctx, const char *job, struct retention_run_row *ret);
