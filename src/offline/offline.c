/* SPDX-License-Identifier: MIT */
/* Clients: registered by whoever will send, revoked by the same or an administrator. */
#include "offline/offline.h"

#include <sodium.h>

#include "base/fold.h"
#include "base/mem.h"

#include "db/tx.h"
#include "devices/devices.h"
#include "offline/offline_store.h"
#include "offline/owner.h"

#define F(...) FIELD(struct offline_client, __VA_ARGS__)
static const struct field client_fields[] = {
    F(id, "Number of the client", .required = true, .min = 1, .example = "4"),
    F(name, "What it is called", .required = true, .example = "\"Tablet of the bus trip\""),
    F(account_id, "The account that it sends for; null: a device", .required = true),
    F(device_id, "The device that it sends for; null: an account", .required = true),
    F(created_at, "When it was registered", .required = true, .format = "date-time"),
    F(last_seen_at, "When it last sent something", .required = true, .format = "date-time"),
    F(revoked_at, "When it was revoked", .required = true, .format = "date-time"),
};
#undef F
const struct schema offline_client_schema = SCHEMA(offline_client, client_fields);

#define F(...) FIELD(struct offline_made, __VA_ARGS__)
static const struct field made_fields[] = {
    F(id, "Number of the client", .required = true, .min = 1, .example = "4"),
    F(client, "The client", .required = true, .items = &offline_client_schema),
    F(key, "32 bytes as base64url to sign with; not shown again", .required = true, .secret = true,
      .example = "\"4nq0Yg0Jf3z3vYl1mGQd0cEo9a9YlQ2mX3d5o8rJtUk\""),
};
#undef F
const struct schema offline_made_schema = SCHEMA(offline_made, made_fields);

struct offline_owner offline_owner_of(const struct ctx *ctx)
{
    if (ctx->actor.device_id)
        return (struct offline_owner){.device_id = ctx->actor.device_id};
    return (struct offline_owner){.account_id = ctx->actor.user_id};
}

/* An administrator looks after everybody's. */
static struct offline_owner those_seen(const struct ctx *ctx)
{
    return ctx->actor.role == ROLE_ADMIN ? (struct offline_owner){0} : offline_owner_of(ctx);
}

enum err offline_list(struct ctx *ctx, const struct offline_filter *in, struct page *ret)
{
    return offline_store_page(ctx, &in->page, those_seen(ctx), ret);
}

static struct str new_handle(struct ctx *ctx)
{
    enum { BYTES = 16 };
    unsigned char raw[BYTES];
    char *text = arena_alloc(&ctx->arena, 2 * BYTES + 1);

    ctx->ports->random(raw, BYTES);
    sodium_bin2hex(text, 2 * BYTES + 1, raw, BYTES);
    return str_of(text);
}

static struct str key_text(struct ctx *ctx, const unsigned char key[OFFLINE_KEY_BYTES])
{
    enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING, SIZE = 44 };
    char *text = arena_alloc(&ctx->arena, SIZE);

    return str_of(sodium_bin2base64(text, SIZE, key, OFFLINE_KEY_BYTES, VARIANT));
}

/* Inside a transaction. */
static enum err insert(struct ctx *ctx, struct str name, const unsigned char *key, int64_t *ret_id)
{
    struct offline_owner owner = offline_owner_of(ctx);
    struct str handle = new_handle(ctx);
    struct sealed_key sealed = {0};
    int64_t n = 0;
    enum err e = sealing_keep(ctx, handle, key, &sealed);

    e = e ? e : offline_store_count(ctx, owner, &n);
    if (!e && n >= OFFLINE_CLIENTS)
        return fail(ctx, ERR_CONFLICT, "there are %d already: revoke one first", OFFLINE_CLIENTS);
    return e ? e : offline_store_insert(ctx, owner, name, handle, &sealed, ret_id);
}

enum err offline_register(struct ctx *ctx, struct str name, struct offline_made *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct offline_client *client = ARENA_NEW(&ctx->arena, struct offline_client);
    unsigned char key[VAULT_KEY_BYTES];
    int64_t id = 0;
    enum err e;

    if (str_fold(&ctx->arena, name).len == 0)
        return fail_field(ctx, "/name", "blank", "", "must not be blank");
    /* What a device sends counts as seen by a kiosk's camera. */
    e = ctx->actor.device_id ? device_must_be(ctx, "kiosk") : ERR_OK;
    if (e)
        return e;
    ctx->ports->random(key, sizeof(key));
    e = tx_begin(ctx, &tx);
    e = e ? e : insert(ctx, name, key, &id);
    e = e ? e : offline_store_get(ctx, id, client);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = (struct offline_made){.id = id, .client = {client}, .key = key_text(ctx, key)};
    secret_wipe(key, sizeof(key));
    return e;
}

enum err offline_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest, int64_t *ret_due)
{
    return offline_store_due(ctx, before - OFFLINE_MARGIN_MS, ret_oldest, ret_due);
}

enum err offline_forget(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    return offline_store_forget(ctx, before - OFFLINE_MARGIN_MS, ret_n);
}

enum err offline_revoke(struct ctx *ctx, int64_t id)
{
    int64_t n = 0;
    enum err e = offline_store_revoke(ctx, id, those_seen(ctx), &n);

    if (!e && n == 0)
        return fail(ctx, ERR_NOT_FOUND, "there is no such client, or it was revoked before");
    return e;
}
