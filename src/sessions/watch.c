/* SPDX-License-Identifier: MIT */
/* The one place where the watch is looked up: command-line tools and tests may have none. */
#include "sessions/watch.h"

static const struct session_watch *watch_of(const struct ctx *ctx)
{
    return ctx->services ? ctx->services->session_watch : NULL;
}

enum err session_turned(struct ctx *ctx, int64_t session_id, bool cancelled,
                        struct str state_before, struct str reason)
{
    const struct session_watch *w = watch_of(ctx);

    return w ? w->turned(ctx, session_id, cancelled, state_before, reason) : ERR_OK;
}

enum err session_replanned(struct ctx *ctx, const struct session *s)
{
    const struct session_watch *w = watch_of(ctx);

    return w ? w->replanned(ctx, s) : ERR_OK;
}
