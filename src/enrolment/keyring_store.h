/* SPDX-License-Identifier: MIT */
#pragma once
/* Master keys and what they wrapped, in SQL: private to enrolment/. */
#include "base/ctx.h"
#include "base/schema.h"

struct wrapped_row {
    int64_t student_id;
    struct str master_key_id, wrapped;
};

/*
 * Counts one more key that `master` wraps and holds its row until the commit, so that a rotation
 * that begins meanwhile waits and finds the new key. *ret_good false: it is retired.
 */
must_check enum err keyring_claim(struct ctx *ctx, struct str master, bool *ret_good);
/* From now on `master` wraps nothing; waits for whoever holds it. */
must_check enum err keyring_retire(struct ctx *ctx, struct str master);
/* Makes `master` known, and usable again. */
must_check enum err keyring_use(struct ctx *ctx, struct str master);
/* Up to `limit` keys that another master than `master` wrapped, of students after `after`. */
must_check enum err keyring_fetch(struct ctx *ctx, struct str master, int64_t after, int64_t limit,
                                  struct list *ret);
/* Nothing when the row is no longer as `row` says. */
must_check enum err keyring_rewrap(struct ctx *ctx, const struct wrapped_row *row,
                                   struct str master, struct str wrapped);
/* How many students' keys were wrapped by none of these masters (at most 4). */
must_check enum err keyring_count_foreign(struct ctx *ctx, struct strs masters, int64_t *ret);
/* All of them. */
must_check enum err keyring_count(struct ctx *ctx, int64_t *ret);
