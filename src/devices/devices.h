/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Devices that act for the school without a person, each bound to one room: kiosks, which show who
 * came, and readers, which send punches. A device has a token that is shown once and kept as a
 * hash; a kiosk's browser changes it for a cookie of its own, so that the token is not in it.
 * Signing in elsewhere, rotating and revoking end what was open.
 */
#include "base/ctx.h"
#include "base/page.h"

struct device {
    int64_t id;
    struct str kind, name, name_norm;
    int64_t room_id, room_since; /* where it stands, and since when */
    struct str room_name;
    struct opt_str network; /* CIDR that it must call from */
    bool signed_in;
    struct opt_i64 last_seen_at, revoked_at;
    int64_t created_at, version;
};
extern const struct schema device_schema;

struct device_new {
    struct str kind, name;
    int64_t room_id;
    struct opt_str network;
};
struct device_change {
    int64_t device_id;
    struct opt_str name, network;
    struct opt_i64 room_id, room_since; /* absent with a room: since now */
};
struct device_filter {
    struct page_query page; /* archived: the revoked ones */
};

/* A device with its token, which is not told again. */
struct device_made {
    int64_t id;
    struct obj device;
    struct str token;
};

/* ret->items are struct device, by name. ERR_INVALID: the cursor. */
must_check enum err device_list(struct ctx *ctx, const struct device_filter *filter,
                                struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err device_get(struct ctx *ctx, int64_t id, struct device *ret);
/* ERR_INVALID: a blank name, an unusable room, a network that is none. */
must_check enum err device_create(struct ctx *ctx, const struct device_new *in,
                                  struct device_made *ret);
/* Changes what is set; a null network allows every address. `room_since` says since when it stands
 * there: what was known of its rooms from then on is replaced. ERR_NOT_FOUND (or revoked),
 * ERR_VERSION_MISMATCH, ERR_INVALID as above, and for a `room_since` in the future. */
must_check enum err device_update(struct ctx *ctx, struct opt_i64 version,
                                  const struct device_change *in, struct device *ret);
/* A new token; the old one and what was open with it end. ERR_NOT_FOUND (or revoked). */
must_check enum err device_rotate(struct ctx *ctx, int64_t id, struct device_made *ret);
/* Ends the device for good; its marks stay. ERR_NOT_FOUND (or revoked before). */
must_check enum err device_revoke(struct ctx *ctx, int64_t id);

/* Changes the token for the secret of a cookie; whoever was signed in with it before is out.
 * ERR_UNAUTHENTICATED: unknown or revoked, or from an address that is not allowed. */
must_check enum err device_login(struct ctx *ctx, struct str token, struct device *ret,
                                 struct str *ret_secret);
/* The cookie with that secret. */
#define DEVICE_COOKIE "sp_device"

/*
 * For http's hook: fills ctx->actor from a device's token or cookie, else asks auth_authenticate.
 * A device is nobody's account: role kiosk, no user.
 */
must_check enum err device_authenticate(struct ctx *ctx, struct str authorization,
                                        struct str cookie, bool *by_cookie);
/* For a connection that stays open. ERR_UNAUTHENTICATED: revoked, rotated, signed in elsewhere, or
 * no longer from an allowed address. */
must_check enum err device_recheck(struct ctx *ctx);
/* Notes that it is alive. */
must_check enum err device_touch(struct ctx *ctx);
/* For what only kiosks or only readers may do: "kiosk", "reader". ERR_FORBIDDEN. */
must_check enum err device_must_be(struct ctx *ctx, const char *kind);
