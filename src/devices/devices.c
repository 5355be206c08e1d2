/* SPDX-License-Identifier: MIT */
/* The rules of devices: what they are called, what they know, who they are. */
#include "devices/devices.h"

#include "base/cidr.h"
#include "base/fold.h"
#include "base/log.h"

#include "auth/auth.h"
#include "auth/token.h"
#include "db/tx.h"
#include "devices/devices_store.h"
#include "structure/structure.h"

#define F(...) FIELD(struct device, __VA_ARGS__)
static const struct field device_fields[] = {
    F(id, "Number of the device", .required = true),
    F(kind, "What it is", .required = true, .one_of = ONE_OF("kiosk", "reader")),
    F(name, "Name", .required = true, .example = "\"Tablet at the door of lab 2\""),
    F(name_norm, "Search form", .hidden = true),
    F(room_id, "The room that it is for", .required = true),
    F(room_since, "Since when it stands there", .required = true, .format = "date-time"),
    F(room_name, "Name of the room", .required = true),
    F(network, "Addresses it may call from, as CIDR; null: all", .required = true,
      .example = "\"10.0.4.0/24\""),
    F(signed_in, "Whether a browser is signed in as it", .required = true),
    F(last_seen_at, "When it was last heard of", .required = true, .format = "date-time"),
    F(revoked_at, "When it was revoked", .required = true, .format = "date-time"),
    F(created_at, "When it was registered", .required = true, .format = "date-time"),
    F(version, "Grows with each change", .required = true),
};
#undef F
const struct schema device_schema = SCHEMA(device, device_fields);

static const char prefix[] = "spd_";

static struct str new_token(struct ctx *ctx)
{
    return arena_printf(&ctx->arena, "%s%s", prefix, token_opaque(ctx).at);
}

enum err device_list(struct ctx *ctx, const struct device_filter *filter, struct page *ret)
{
    return devices_store_page(ctx, &filter->page, str_search(&ctx->arena, filter->page.q), ret);
}

enum err device_get(struct ctx *ctx, int64_t id, struct device *ret)
{
    return devices_store_get(ctx, id, ret);
}

static enum err check(struct ctx *ctx, struct str norm, int64_t room_id, struct opt_str network)
{
    enum err e = ERR_OK;
    enum err room = structure_check_usable(ctx, STRUCTURE_ROOM, room_id, "/room_id");

    if (!norm.len)
        e = fail_field(ctx, "/name", "blank", "", "must not be blank");
    if (network.set && !network.null && !cidr_is_valid(ctx, network.v))
        e = fail_field(ctx, "/network", "format", "10.0.4.0/24, 2001:db8::/48 or one address",
                       "is not a range of addresses");
    return e ? e : room;
}

static enum err made(struct ctx *ctx, int64_t id, struct str token, struct device_made *ret)
{
    struct device *d = ARENA_NEW(&ctx->arena, struct device);
    enum err e = devices_store_get(ctx, id, d);

    if (!e)
        *ret = (struct device_made){.id = id, .device = {d}, .token = token};
    return e;
}

enum err device_create(struct ctx *ctx, const struct device_new *in, struct device_made *ret)
{
    struct str norm = str_fold(&ctx->arena, in->name);
    struct str token = new_token(ctx);
    int64_t id = 0;
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = check(ctx, norm, in->room_id, in->network);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : devices_store_insert(ctx, in, norm, token_hash(ctx, token), &id);
    e = e ? e : devices_store_stand(ctx, id, in->room_id, ctx->now);
    e = e ? e : made(ctx, id, token, ret);
    e = e ? e : tx_commit(&tx);
    if (!e)
        log_info(ctx, "device.created", LI("device", id));
    return e;
}

static enum err fetch_living(struct ctx *ctx, int64_t id, struct device *ret)
{
    enum err e = devices_store_get(ctx, id, ret);

    if (!e && ret->revoked_at.set)
        e = fail(ctx, ERR_NOT_FOUND, "the device is revoked");
    return e;
}

static void apply(const struct ctx *ctx, const struct device_change *in, struct device *d)
{
    if (in->name.set)
        d->name = in->name.v;
    if (in->room_id.set && in->room_id.v != d->room_id)
        d->room_since = ctx->now;
    if (in->room_id.set)
        d->room_id = in->room_id.v;
    if (in->room_since.set)
        d->room_since = in->room_since.v;
    if (in->network.set)
        d->network = in->network.null ? (struct opt_str){0} : in->network;
}

static enum err check_change(struct ctx *ctx, const struct device_change *in,
                             const struct device *d)
{
    enum err e = check(ctx, d->name_norm, d->room_id, d->network);

    if (in->room_since.set && d->room_since > ctx->now)
        e = fail_field(ctx, "/room_since", "max", "", "must not be in the future");
    return e;
}

enum err device_update(struct ctx *ctx, struct opt_i64 version, const struct device_change *in,
                       struct device *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct device was = {0};
    struct device d;
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : fetch_living(ctx, in->device_id, &was);
    if (e)
        return e;
    d = was;
    if (version.set && version.v != d.version)
        return fail(ctx, ERR_VERSION_MISMATCH, "the device is at version %lld",
                    (long long)d.version);
    apply(ctx, in, &d);
    if (schema_same(&device_schema, &was, &d)) {
        *ret = was;
        return ERR_OK;
    }
    d.name_norm = str_fold(&ctx->arena, d.name);
    e = check_change(ctx, in, &d);
    e = e ? e : devices_store_update(ctx, &d, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "somebody else changed the device");
    if (!e && (d.room_id != was.room_id || d.room_since != was.room_since))
        e = devices_store_stand(ctx, d.id, d.room_id, d.room_since);
    e = e ? e : devices_store_get(ctx, d.id, ret);
    return e ? e : tx_commit(&tx);
}

enum err device_rotate(struct ctx *ctx, int64_t id, struct device_made *ret)
{
    struct str token = new_token(ctx);
    int64_t n = 0;
    enum err e = devices_store_set_token(ctx, id, token_hash(ctx, token), &n);

    if (!e && n == 0)
        e = ERR_NOT_FOUND;
    e = e ? e : made(ctx, id, token, ret);
    if (!e)
        log_info(ctx, "device.rotated", LI("device", id));
    return e;
}

enum err device_revoke(struct ctx *ctx, int64_t id)
{
    int64_t n = 0;
    enum err e = devices_store_revoke(ctx, id, &n);

    if (!e && n == 0)
        e = ERR_NOT_FOUND;
    if (!e)
        log_info(ctx, "device.revoked", LI("device", id));
    return e;
}

/* The device becomes ctx->actor, when it calls from where it may. */
static enum err act_as(struct ctx *ctx, const struct device_row *row)
{
    if (row->network.set && !cidr_has(ctx, row->network.v, ctx->ip))
        return fail(ctx, ERR_UNAUTHENTICATED, "the device may not call from this address");
    ctx->actor = (struct actor){
        .role = ROLE_KIOSK,
        .device_id = row->id,
        .login_id = row->epoch,
        .room_id = row->room_id,
    };
    return ERR_OK;
}

static enum err known(struct ctx *ctx, enum err e)
{
    return e == ERR_NOT_FOUND ? fail(ctx, ERR_UNAUTHENTICATED, "the device is not known") : e;
}

enum err device_login(struct ctx *ctx, struct str token, struct device *ret, struct str *ret_secret)
{
    struct device_row row = {0};
    struct str secret = token_opaque(ctx);
    enum err e = known(ctx, devices_store_by_token(ctx, token_hash(ctx, token), &row));

    if (!e && !str_is(row.kind, "kiosk"))
        e = fail(ctx, ERR_UNAUTHENTICATED, "a reader has no screen to sign in");
    e = e ? e : act_as(ctx, &row);
    e = e ? e : devices_store_sign_in(ctx, row.id, token_hash(ctx, secret));
    e = e ? e : devices_store_get(ctx, row.id, ret);
    if (!e)
        *ret_secret = secret;
    return e;
}

/* The bearer token when it is a device's; empty otherwise. */
static struct str device_token(struct str authorization)
{
    struct str rest = authorization;

    if (!str_eq_nocase(str_cut(&rest, ' '), STR("Bearer")))
        return (struct str){"", 0};
    rest = str_trim(rest);
    return str_starts(rest, prefix) ? rest : (struct str){"", 0};
}

enum err device_authenticate(struct ctx *ctx, struct str authorization, struct str cookie,
                             bool *by_cookie)
{
    struct str token = device_token(authorization);
    struct str secret =
        authorization.len ? (struct str){"", 0} : cookie_value(cookie, DEVICE_COOKIE);
    struct device_row row = {0};
    enum err e;

    /* What is answered at once has no services, and is nobody's. */
    if (!ctx->services || (!token.len && !secret.len))
        return auth_authenticate(ctx, authorization, cookie, by_cookie);
    *by_cookie = !token.len;
    if (token.len)
        e = devices_store_by_token(ctx, token_hash(ctx, token), &row);
    else
        e = devices_store_by_cookie(ctx, token_hash(ctx, secret), &row);
    e = known(ctx, e);
    return e ? e : act_as(ctx, &row);
}

enum err device_recheck(struct ctx *ctx)
{
    struct device_row row = {0};
    enum err e = known(ctx, devices_store_by_id(ctx, ctx->actor.device_id, &row));

    if (!e && row.epoch != ctx->actor.login_id)
        e = fail(ctx, ERR_UNAUTHENTICATED, "the device was signed in anew");
    return e ? e : act_as(ctx, &row);
}

enum err device_touch(struct ctx *ctx)
{
    return devices_store_touch(ctx, ctx->actor.device_id);
}

enum err device_must_be(struct ctx *ctx, const char *kind)
{
    struct device_row row = {0};
    enum err e = known(ctx, devices_store_by_id(ctx, ctx->actor.device_id, &row));

    if (!e && !str_is(row.kind, kind))
        e = fail(ctx, ERR_FORBIDDEN, "this is for devices of the kind %s", kind);
    return e;
}
