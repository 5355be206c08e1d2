/* SPDX-License-Identifier: MIT */
/*
 * One key per caller. The work's own transaction says in the key's row that it was committed: a
 * crash between the commit and the answer cannot let the work be done twice. A run that committed
 * nothing and never ended is taken over.
 */
#include "idempotency/idempotency.h"

#include "base/log.h"

#include "db/tx.h"
#include "idempotency/idempotency_store.h"

enum { KEEP_MS = 24 * 3600 * 1000, STALE_MS = 30 * 1000 };

static struct str owner_of(struct ctx *ctx)
{
    if (ctx->actor.user_id)
        return arena_printf(&ctx->arena, "account:%lld", (long long)ctx->actor.user_id);
    return arena_printf(&ctx->arena, "address:%s", arena_cstr(&ctx->arena, ctx->ip));
}

static enum err still_runs(struct ctx *ctx)
{
    return fail(ctx, ERR_IDEMPOTENCY_BUSY, "the first request with this key still runs");
}

/* Just before the work commits; a run that was taken over meanwhile commits nothing. */
static enum err note_committed(struct ctx *ctx, void *arg)
{
    int64_t n = 0;
    enum err e = idem_store_committed(ctx, arg, &n);

    return e || n ? e : still_runs(ctx);
}

static void own(struct ctx *ctx, struct idem_claim claim)
{
    struct idem_claim *kept = ARENA_NEW(&ctx->arena, struct idem_claim);

    *kept = claim;
    db_before_commit(ctx, note_committed, kept);
}

/* The key is known: its answer is given again, or why there is none. */
static enum err look(struct ctx *ctx, const struct idem_claim *claim, const struct idem_row *row,
                     struct idem_row *ret)
{
    enum err e = idem_store_get(ctx, claim->owner, claim->key, ret);
    int64_t n = 0;

    if (e)
        return e == ERR_NOT_FOUND ? still_runs(ctx) : e;
    if (!str_eq(ret->route_id, row->route_id) || !str_eq(ret->fingerprint, row->fingerprint))
        return fail(ctx, ERR_IDEMPOTENCY_MISMATCH,
                    "this Idempotency-Key was used for a different request");
    if (ret->status == IDEM_COMMITTED)
        return fail(ctx, ERR_IDEMPOTENCY_BUSY,
                    "the first request with this key was carried out, but its answer is not known "
                    "yet, or was lost; read what it changed");
    if (ret->status != IDEM_RUNNING)
        return ERR_OK;
    if (ctx->now - ret->created_at < STALE_MS)
        return still_runs(ctx);
    e = idem_store_take_over(ctx, claim, ret->created_at, &n);
    return e || n ? e : still_runs(ctx);
}

enum err idempotency_begin(struct ctx *ctx, struct str key, const char *route_id,
                           struct str fingerprint, int *status, struct str *body)
{
    struct idem_row row = {
        .route_id = str_of(route_id), .fingerprint = fingerprint, .created_at = ctx->now};
    struct idem_claim claim = {.owner = owner_of(ctx), .key = key, .at = ctx->now};
    struct idem_row old = {0};
    enum err e = idem_store_take(ctx, claim.owner, key, &row);

    *status = 0;
    if (e == ERR_CONFLICT)
        e = look(ctx, &claim, &row, &old);
    if (e)
        return e;
    if (old.status == IDEM_RUNNING) {
        own(ctx, claim);
        return ERR_OK;
    }
    *status = (int)old.status;
    *body = old.body;
    return ERR_OK;
}

void idempotency_finish(struct ctx *ctx, struct str key, int status, struct str body)
{
    enum err e;

    db_before_commit(ctx, NULL, NULL);
    e = status ? idem_store_answer(ctx, owner_of(ctx), key, status, body)
               : idem_store_drop(ctx, owner_of(ctx), key);
    if (e)
        log_warn(ctx, "idempotency.not_kept", LC("error", err_info(e)->slug));
}

enum err idempotency_trim(struct ctx *ctx)
{
    return idem_store_trim(ctx, ctx->now - KEEP_MS);
}

enum err idempotency_recover(struct ctx *ctx)
{
    return idem_store_recover(ctx);
}
