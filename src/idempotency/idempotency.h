/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Answers to POSTs, kept for a day under the caller's Idempotency-Key, so that a client that did
 * not hear the answer can ask again; sealed, since some hold a secret that is shown once. The forms
 * are those of http's hooks (http/server.h). ctx's services have the master key.
 */
#include "base/ctx.h"

/*
 * ERR_OK, *status 0: this request owns the key; else the answer is *status and *body.
 * ERR_IDEMPOTENCY_MISMATCH: another request under this key. ERR_IDEMPOTENCY_BUSY: still running, or
 * carried out and the answer is lost: by a crash, or with the master key that had sealed it.
 */
must_check enum err idempotency_begin(struct ctx *ctx, struct str key, const char *route_id,
                                      struct str fingerprint, int *status, struct str *body);
/* Keeps the answer; status 0 gives the key back, unless something was committed under it. Nothing
 * when the run was taken over. */
void idempotency_finish(struct ctx *ctx, struct str key, const char *route_id, int status,
                        struct str body);
/* At start, where nobody else serves this database: what a crash left running is given back. */
must_check enum err idempotency_recover(struct ctx *ctx);
/* Forgets answers older than a day. */
must_check enum err idempotency_trim(struct ctx *ctx);
