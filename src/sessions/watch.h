/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Who keeps something about sessions hears what happens to one, within the same transaction; an
 * error rolls it back. sessions/ does not know who that is: it is wired in app/ (the ledger).
 */
#include "sessions/sessions.h"

struct session_watch {
    /* It was cancelled, or is scheduled again after that. */
    enum err (*turned)(struct ctx *ctx, int64_t session_id, bool cancelled, struct str state_before,
                       struct str reason);
    /* It is about to be written as `s`; the row is still as it was. */
    enum err (*replanned)(struct ctx *ctx, const struct session *s);
};

/* Calls ctx->services->session_watch, if there is one. */
must_check enum err session_turned(struct ctx *ctx, int64_t session_id, bool cancelled,
                                   struct str state_before, struct str reason);
must_check enum err session_replanned(struct ctx *ctx, const struct session *s);
