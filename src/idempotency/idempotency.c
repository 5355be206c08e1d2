/* SPDX-License-Identifier: MIT */
/* One key per caller; a run that never finished is taken over after two minutes. */
#include "idempotency/idempotency.h"

#include "base/log.h"

#include "idempotency/idempotency_store.h"

enum { KEEP_MS = 24 * 3600 * 1000, STALE_MS = 120 * 1000 };

static struct str owner_of(struct ctx *ctx)
{
    if (ctx->actor.user_id)
        return arena_printf(&ctx->arena, "account:%lld", (long long)ctx->actor.user_id);
    return arena_printf(&ctx->arena, "address:%s", arena_cstr(&ctx->arena, ctx->ip));
}

enum err idempotency_begin(struct ctx *ctx, struct str key, const char *route_id,
                           struct str fingerprint, int *status, struct str *body)
{
    struct idem_row row = {
        .route_id = str_of(route_id), .fingerprint = fingerprint, .created_at = ctx->now};
    struct idem_row old = {0};
    enum err e = idem_store_take(ctx, owner_of(ctx), key, &row);

    *status = 0;
    if (e != ERR_CONFLICT)
        return e;
    e = idem_store_get(ctx, owner_of(ctx), key, &old);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_IDEMPOTENCY_BUSY : e;
    if (!str_eq(old.route_id, row.route_id) || !str_eq(old.fingerprint, fingerprint))
        return fail(ctx, ERR_IDEMPOTENCY_MISMATCH,
                    "this Idempotency-Key was used for a different request");
    if (old.status == 0 && ctx->now - old.created_at < STALE_MS)
        return fail(ctx, ERR_IDEMPOTENCY_BUSY, "the first request with this key still runs");
    if (old.status == 0) {
        e = idem_store_drop(ctx, owner_of(ctx), key);
        return e ? e : idem_store_take(ctx, owner_of(ctx), key, &row);
    }
    *status = (int)old.status;
    *body = old.body;
    return ERR_OK;
}

void idempotency_finish(struct ctx *ctx, struct str key, int status, struct str body)
{
    enum err e = status ? idem_store_answer(ctx, owner_of(ctx), key, status, body)
                        : idem_store_drop(ctx, owner_of(ctx), key);

    if (e)
        log_warn(ctx, "idempotency.not_kept", LC("error", err_info(e)->slug));
}

enum err idempotency_trim(struct ctx *ctx)
{
    return idem_store_trim(ctx, ctx->now - KEEP_MS);
}
