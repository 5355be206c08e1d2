/* SPDX-License-Identifier: MIT */
#pragma once
/* One answer per Idempotency-Key: around the hook that stores them. */
#include "http/handle.h"

/* A key that this request owns until replay_end. */
struct replay {
    bool owned;
    struct str key;
};

/*
 * Takes the request's key, if it has one. *replayed: `answer` was filled with what was said the
 * first time.
 *
 * ERR_BAD_REQUEST           the key is too long or not visible ASCII
 * ERR_IDEMPOTENCY_MISMATCH  other request under the same key
 * ERR_IDEMPOTENCY_BUSY      the first one still runs
 */
must_check enum err replay_begin(struct ctx *ctx, const struct http_options *o,
                                 const struct http_request *in, struct replay *ret, bool *replayed,
                                 struct http_answer *answer);
/* Keeps the answer, or gives the key back when trying again makes sense. */
void replay_end(struct ctx *ctx, const struct http_options *o, const struct replay *idem,
                const struct http_answer *answer);
