/* SPDX-License-Identifier: MIT */
#pragma once
/* Master keys and what they wrapped, in SQL: private to enrolment/. */
#include "base/ctx.h"
#include "base/schema.h"

/* What a master key wraps: a student's key, that of one paper (`justification_document`), that of a
 * client that signs what it wrote down without network (`offline_client`), or that of the crops of
 * a class photo that waits for a person (`class_photo`). */
enum keyring_kind {
    KEYRING_STUDENTS,
    KEYRING_DOCUMENTS,
    KEYRING_OFFLINE,
    KEYRING_CLASS_PHOTOS,
    KEYRING_KINDS
};

struct wrapped_row {
    int64_t id;         /* the student, the document, the client, the class photo */
    int64_t owner;      /* what vault_wrap binds the key to; 0: bound to `context` */
    struct str context; /* what sealing_wrap binds the key to */
    struct str master_key_id, wrapped;
};

/* How the keys of one kind are wrapped; what is neither `current` nor `waiting` opens with no key
 * of the ring. */
struct keyring_count {
    struct str kind; /* students, documents, offline_clients, class_photos */
    int64_t keys;
    int64_t current; /* by the first key */
    int64_t waiting; /* by another key of the ring: a rotation is to wrap them again */
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
/* One struct keyring_count for each kind, in its order; `masters`: at most 4, the first wraps. */
must_check enum err keyring_counts(struct ctx *ctx, struct strs masters, struct list *ret);
