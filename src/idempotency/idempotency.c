/* SPDX-License-Identifier: MIT */
/*
 * One key per caller. The work's own transaction says in the key's row that it was committed: a
 * crash between the commit and the answer cannot let the work be done twice. A run that committed
 * nothing and never ended is taken over. Answers may hold secrets that are shown once, so
 * all of them are sealed by the master key, bound to caller, key, route and status (ADR 25).
 */
#include "idempotency/idempotency.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#include "db/tx.h"
#include "enrolment/vault.h"
#include "idempotency/idempotency_store.h"

enum { KEEP_MS = 24 * 3600 * 1000, STALE_MS = 30 * 1000 };
enum { WRAPPED = 24 + VAULT_KEY_BYTES + 16 }; /* nonce, key, tag */

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

static enum err answer_is_lost(struct ctx *ctx)
{
    return fail(ctx, ERR_IDEMPOTENCY_BUSY,
                "the first request with this key was carried out, but its answer is not known "
                "yet, or was lost; read what it changed");
}

static struct str context_of(struct ctx *ctx, const struct idem_claim *c, struct str route_id,
                             int status)
{
    return arena_printf(&ctx->arena, "answer:%.*s:%.*s:%.*s:%d", (int)c->owner.len, c->owner.at,
                        (int)c->key.len, c->key.at, (int)route_id.len, route_id.at, status);
}

/* Under a random key, which the master key wraps: the wrapped key, then the answer. */
static struct str seal(struct ctx *ctx, struct str context, struct str plain)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct str master, wrapped, sealed;
    char *both;

    ctx->ports->random(key, sizeof(key));
    wrapped = vault_wrap_for(ctx, ctx->services->vault, context, key, &master);
    assert(wrapped.len == WRAPPED);
    sealed = vault_seal(ctx, key, plain, context);
    secret_wipe(key, sizeof(key));
    both = arena_alloc(&ctx->arena, WRAPPED + sealed.len);
    memcpy(both, wrapped.at, WRAPPED);
    memcpy(both + WRAPPED, sealed.at, sealed.len);
    return (struct str){both, WRAPPED + sealed.len};
}

static enum err unseal(struct ctx *ctx, struct str context, struct str both, struct str *ret)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct str wrapped = {both.at, both.len < WRAPPED ? both.len : WRAPPED};
    struct str sealed = {both.at + wrapped.len, both.len - wrapped.len};
    enum err e = vault_unwrap_for(ctx, ctx->services->vault, context, wrapped, key);

    if (e)
        return e;
    e = vault_unseal(ctx, key, sealed, context, ret);
    secret_wipe(key, sizeof(key));
    return e;
}

/* Rows of before answers were sealed are as they were. What another master key sealed is lost. */
static enum err open_answer(struct ctx *ctx, const struct idem_claim *claim, struct idem_row *row)
{
    struct fault before = ctx->fault;
    struct str context = context_of(ctx, claim, row->route_id, (int)row->status);

    if (row->sealed.len == 0 || !unseal(ctx, context, row->sealed, &row->body))
        return ERR_OK;
    ctx->fault = before;
    return answer_is_lost(ctx);
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
        return answer_is_lost(ctx);
    if (ret->status != IDEM_RUNNING)
        return open_answer(ctx, claim, ret);
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

void idempotency_finish(struct ctx *ctx, struct str key, const char *route_id, int status,
                        struct str body)
{
    /* As idempotency_begin has it: the time of a request is one moment. */
    const struct idem_claim claim = {.owner = owner_of(ctx), .key = key, .at = ctx->now};
    struct str sealed = {0};
    enum err e;

    db_before_commit(ctx, NULL, NULL);
    if (status)
        sealed = seal(ctx, context_of(ctx, &claim, str_of(route_id), status), body);
    e = status ? idem_store_answer(ctx, &claim, status, sealed) : idem_store_drop(ctx, &claim);
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
