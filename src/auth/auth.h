/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Who is calling: signing in and out, refresh-token families, the caller behind a request.
 * A login is one refresh-token family: one browser or one client.
 */
#include "base/ctx.h"
#include "base/schema.h"

/*
 * A stretch of time in which the school's clocks are as far ahead of UTC: from <= t < to. What a
 * browser knows of zones may be years older, or newer, than what this machine does.
 */
struct clock_span {
    int64_t from, to;
    int64_t offset_s; /* east of UTC */
};
extern const struct schema clock_span_schema;

struct me {
    int64_t id;
    struct str email;
    struct str name;
    struct str role;
    struct str locale;
    struct str time_zone;
    struct opt_i64 trainer_id;
    struct opt_i64 student_id;
    struct strs permissions; /* filled by the API: names of http's permissions */
    struct str face_recognition;
    struct str school_name;
    struct str school_zone;
    struct list school_clocks; /* struct clock_span */
    int64_t version;
};
extern const struct schema me_schema;

struct login {
    int64_t id;
    int64_t created_at;
    int64_t last_used_at;
    struct str ip;
    struct str user_agent;
    bool current;
};
extern const struct schema login_schema;

/* What a successful sign-in or refresh hands out. */
struct tokens {
    struct str access;
    struct str refresh;
    int64_t expires_in; /* seconds the access token lives */
    int64_t account_id;
};

/*
 * ERR_BAD_CREDENTIALS   wrong password, unknown, inactive or archived account: all the same
 * ERR_TOO_MANY_REQUESTS the account or the address must wait; ctx's fault says how long
 * ERR_BUSY              too many passwords are being checked
 */
must_check enum err auth_login(struct ctx *ctx, struct str email, struct str password,
                               struct tokens *ret);

/*
 * Changes a refresh token for a new pair. ERR_UNAUTHENTICATED: unknown, expired, revoked, or used
 * before; the last of these revokes the whole family, since one of its two holders is a thief.
 */
must_check enum err auth_refresh(struct ctx *ctx, struct str refresh, struct tokens *ret);

/* Ends the caller's own login; fine when it has ended already. */
must_check enum err auth_logout(struct ctx *ctx);
/* Ends every login of the caller. */
must_check enum err auth_logout_everywhere(struct ctx *ctx);
/* Ends every login of an account: its password, role or state changed. */
must_check enum err auth_revoke_all(struct ctx *ctx, int64_t account_id);

/* The caller's living logins, newest first: a list of struct login. */
must_check enum err auth_logins(struct ctx *ctx, struct list *ret);
/* ERR_NOT_FOUND when it is not a living login of the caller. */
must_check enum err auth_login_end(struct ctx *ctx, int64_t login_id);

/* ERR_INVALID, with a field error, when `current` is wrong or the new one is weak; ERR_BUSY. Ends
 * every other login. */
must_check enum err auth_change_password(struct ctx *ctx, struct str current, struct str password);

must_check enum err auth_me(struct ctx *ctx, struct me *ret);

struct me_change {
    struct opt_str name;
    struct opt_str locale;
    struct opt_str time_zone;
};
/* `version`, when set, is the one that the caller saw. ERR_VERSION_MISMATCH. */
must_check enum err auth_me_change(struct ctx *ctx, struct opt_i64 version,
                                   const struct me_change *in, struct me *ret);

/*
 * Fills ctx->actor from the bearer token, else from the cookie. ERR_OK with ROLE_NONE when neither
 * is there; ERR_UNAUTHENTICATED when one is there and no good.
 */
must_check enum err auth_authenticate(struct ctx *ctx, struct str authorization, struct str cookie,
                                      bool *by_cookie);

/* For a connection that stays open: looks at the actor's login again. ERR_UNAUTHENTICATED when it
 * has ended or the account may no longer sign in. */
must_check enum err auth_recheck(struct ctx *ctx);

/* Forgets delays, refresh tokens and logins that ended long ago. */
must_check enum err auth_trim(struct ctx *ctx);

struct auth_keys;
struct token_claims;
/*
 * What the bearer token claims, else the cookie's; `ret` stays as it is when neither is there.
 * ERR_UNAUTHENTICATED when one is there and no good. The login behind it may have ended.
 */
must_check enum err auth_claims(struct ctx *ctx, const struct auth_keys *keys,
                                struct str authorization, struct str cookie,
                                struct token_claims *ret);

/* The value of a cookie; empty when absent. */
struct str cookie_value(struct str header, const char *name);
