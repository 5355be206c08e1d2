/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Exchanging the master key while the server runs: the new key is put before the old one in the
 * file, the old one wraps nothing more, all keys of students, papers, offline clients and class
 * photos are wrapped again in batches, then the old key goes. A rotation that was cut off goes on
 * where it stopped.
 */
#include "base/ctx.h"
#include "base/schema.h"

struct vault;

struct rotation {
    int64_t batch;    /* keys in one transaction */
    int64_t pause_ms; /* between batches */
    int64_t wrapped;  /* out: how many students' keys were wrapped again */
    int64_t others;   /* out: and of other things */
};

struct rotation_kind {
    struct str kind; /* students, documents, offline_clients, class_photos */
    int64_t keys, current, waiting;
    int64_t lost; /* opens with no key that is here */
};

struct rotation_status {
    struct str key; /* names, as in `master_key` */
    struct strs old_keys;
    struct list kinds; /* struct rotation_kind */
};
extern const struct schema rotation_status_schema;

/* Of the key file. ERR_BUSY: another one runs. ERR_INVALID: no key, or a key opens with neither
 *; then the old key stays. */
must_check enum err rotation_of_file(struct ctx *ctx, const char *path, struct rotation *r);
/* Wraps all by the first key of `v`, which also holds the old one: for keys that are not in our
 * file, with the server stopped. */
must_check enum err rotation_run(struct ctx *ctx, const struct vault *v, struct rotation *r);
/* What is wrapped by which key: `waiting` above 0 says that a rotation was cut off. `v` NULL: no
 * key is here, everything is lost. */
must_check enum err rotation_status(struct ctx *ctx, const struct vault *v,
                                    struct rotation_status *ret);
