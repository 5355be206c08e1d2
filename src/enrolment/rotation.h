/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Exchanging the master key while the server runs: the new key is put before the old one in the
 * file, the old one wraps nothing more, all keys of students and papers are wrapped again in
 * batches, then the old key goes. A rotation that was cut off goes on where it stopped.
 */
#include "base/ctx.h"

struct vault;

struct rotation {
    int64_t batch;    /* keys in one transaction */
    int64_t pause_ms; /* between batches */
    int64_t wrapped;  /* out: how many were wrapped again */
};

/* Of the key file. ERR_BUSY: another one runs. ERR_INVALID: no key, or a key opens with neither
 *; then the old key stays. */
must_check enum err rotation_of_file(struct ctx *ctx, const char *path, struct rotation *r);
/* Wraps all by the first key of `v`, which also holds the old one: for keys that are not in our
 * file, with the server stopped. */
must_check enum err rotation_run(struct ctx *ctx, const struct vault *v, struct rotation *r);
