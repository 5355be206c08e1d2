/* SPDX-License-Identifier: MIT */
#pragma once
/* Master keys and what they wrapped, in SQL: private to enrolment/. */
#include "base/ctx.h"
#include "base/schema.h"

/* What a master key wraps: a student's key, that of one paper (`justification_document`), or that
 * of a client that signs what it wrote down without network (`offline_client`). */
enum keyring_kind { KEYRING_STUDENTS, KEYRING_DOCUMENTS, KEYRING_OFFLINE, KEYRING_KINDS };

struct wrapped_row {
    int64_t id;         /* the student, the document, the client */
    struct str context; /* what the key is bound to; not of a student */
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
struct keyring_range {
    enum keyring_kind kind;
    int64_t after, limit;
};
/* Keys that another master than `master` wrapped, by id. */
must_check enum err keyring_fetch(struct ctx *ctx, struct str master,
                                  const struct keyring_range *range, struct list *ret);
/* Nothing when the row is no longer as `row` says. */
must_check enum err keyring_rewrap(struct ctx *ctx, enum keyring_kind kind,
                                   const struct wrapped_row *row, struct str master,
                                   struct str wrapped);
/* How many keys were wrapped by none of these masters (at most 4). */
must_check enum err keyring_count_foreign(struct ctx *ctx, struct strs masters, int64_t *ret);
/* All of them. */
must_check enum err keyring_count(struct ctx *ctx, int64_t *ret);
