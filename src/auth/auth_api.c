/* SPDX-License-Identifier: MIT */
/* Signing in and out, the caller's own profile and logins. */
#include "auth/auth_api.h"

#include "base/settings.h"

#include "auth/auth.h"
#include "auth/token.h"

struct login_in {
    struct str email;
    struct str password;
    struct str transport;
};

#define F(...) FIELD(struct login_in, __VA_ARGS__)
static const struct field login_in_fields[] = {
    F(email, "E-mail of the account", .required = true, .min = 3, .max = 254, .format = "email",
      .example = "\"trainer@school.example\""),
    F(password, "Its password", .required = true, .min = 1, .max = 200, .format = "password",
      .secret = true, .example = "\"correct horse battery\""),
    F(transport, "Where the tokens go: HttpOnly cookies (the default), or the answer's body",
      .one_of = ONE_OF("cookie", "bearer"), .example = "\"cookie\""),
};
#undef F
static const struct schema login_in = SCHEMA(login_in, login_in_fields);

struct tokens_out {
    struct obj user;
    struct opt_str access_token;
    struct opt_str refresh_token;
    int64_t expires_in;
};

#define F(...) FIELD(struct tokens_out, __VA_ARGS__)
static const struct field tokens_out_fields[] = {
    F(user, "Who signed in", .required = true, .items = &me_schema),
    F(access_token, "JWT for `Authorization: Bearer`; null when sent as a cookie",
      .required = true),
    F(refresh_token, "Opaque, used once; null when sent as a cookie", .required = true),
    F(expires_in, "Seconds the access token lives", .required = true, .example = "900"),
};
#undef F
static const struct schema tokens_out = SCHEMA(tokens_out, tokens_out_fields);

struct refresh_in {
    struct opt_str refresh_token;
};
#define F(...) FIELD(struct refresh_in, __VA_ARGS__)
static const struct field refresh_in_fields[] = {
    F(refresh_token, "The token; absent when it comes as a cookie", .max = 200, .secret = true),
};
#undef F
static const struct schema refresh_in = SCHEMA(refresh_in, refresh_in_fields);

struct login_ref {
    int64_t login_id;
};
#define F(...) FIELD(struct login_ref, __VA_ARGS__)
static const struct field login_ref_fields[] = {
    F(login_id, "Login", .in = IN_PATH, .min = 1),
};
#undef F
static const struct schema login_ref = SCHEMA(login_ref, login_ref_fields);

struct logins_out {
    struct list items;
};
#define F(...) FIELD(struct logins_out, __VA_ARGS__)
static const struct field logins_out_fields[] = {
    F(items, "Living logins, newest first", .required = true, .items = &login_schema),
};
#undef F
static const struct schema logins_out = SCHEMA(logins_out, logins_out_fields);

struct password_in {
    struct str current_password;
    struct str new_password;
};
#define F(...) FIELD(struct password_in, __VA_ARGS__)
static const struct field password_in_fields[] = {
    F(current_password, "The password now", .required = true, .min = 1, .max = 200,
      .format = "password", .secret = true),
    F(new_password, "The new one, 10 to 200 characters", .required = true, .max = 200,
      .format = "password", .secret = true),
};
#undef F
static const struct schema password_in = SCHEMA(password_in, password_in_fields);

#define F(...) FIELD(struct me_change, __VA_ARGS__)
static const struct field me_change_fields[] = {
    F(name, "Name", .format = "name", .min = 1, .max = 200),
    F(locale, "Language of the interface", .one_of = ONE_OF("en", "fr", "ar")),
    F(time_zone, "IANA time zone", .min = 1, .max = 64, .format = "time-zone"),
};
#undef F
static const struct schema me_change_in = SCHEMA_NAMED("me_change", me_change, me_change_fields);

static void add_cookie(struct req *req, const char *name, struct str value, const char *attributes,
                       int64_t max_age_s)
{
    const struct settings *s = req->ctx->services->settings;
    bool secure = s->tls_cert.len || str_starts(s->public_url, "https:");

    reply_header(req, "Set-Cookie",
                 arena_printf(&req->ctx->arena, "%s=%s; Max-Age=%lld; SameSite=Strict; %s%s", name,
                              arena_cstr(&req->ctx->arena, value), (long long)max_age_s, attributes,
                              secure ? "; Secure" : ""));
}

static void add_cookies(struct req *req, const struct tokens *t)
{
    int64_t days = req->ctx->services->settings->refresh_token_days;

    add_cookie(req, "sp_access", t->access, "Path=/; HttpOnly", t->expires_in);
    add_cookie(req, "sp_refresh", t->refresh, "Path=/api/v1/auth; HttpOnly", days * 86400);
    /* Readable by our own page only: it comes back in X-CSRF-Token. */
    add_cookie(req, "sp_csrf", token_opaque(req->ctx), "Path=/", days * 86400);
}

static void drop_cookies(struct req *req)
{
    struct str none = {"", 0};

    add_cookie(req, "sp_access", none, "Path=/; HttpOnly", 0);
    add_cookie(req, "sp_refresh", none, "Path=/api/v1/auth; HttpOnly", 0);
    add_cookie(req, "sp_csrf", none, "Path=/", 0);
}

static void fill_permissions(struct ctx *ctx, struct me *me)
{
    enum role r = role_of(me->role);

    me->permissions.at = ARENA_NEW_N(&ctx->arena, struct str, PERM_COUNT);
    for (enum perm p = PERM_PUBLIC + 1; p < PERM_COUNT; p++)
        if (perm_allows(p, r))
            me->permissions.at[me->permissions.n++] = str_of(perm_name(p));
}

static enum err hand_out(struct req *req, const struct tokens *t, bool in_body)
{
    struct tokens_out *out = req->out;
    struct me *me = ARENA_NEW(&req->ctx->arena, struct me);
    enum err e;

    req->ctx->actor.user_id = t->account_id;
    e = auth_me(req->ctx, me);
    if (e)
        return e;
    fill_permissions(req->ctx, me);
    out->user.at = me;
    out->expires_in = t->expires_in;
    out->access_token = (struct opt_str){.set = in_body, .v = t->access};
    out->refresh_token = (struct opt_str){.set = in_body, .v = t->refresh};
    if (!in_body)
        add_cookies(req, t);
    return ERR_OK;
}

static enum err login(struct req *req)
{
    const struct login_in *in = req->in;
    struct tokens t;
    enum err e = auth_login(req->ctx, in->email, in->password, &t);

    return e ? e : hand_out(req, &t, str_is(in->transport, "bearer"));
}

static enum err refresh(struct req *req)
{
    const struct refresh_in *in = req->in;
    bool in_body = in->refresh_token.set && !in->refresh_token.null;
    struct str token = in_body ? in->refresh_token.v : cookie_value(req->cookie, "sp_refresh");
    struct tokens t;
    enum err e = auth_refresh(req->ctx, token, &t);

    return e ? e : hand_out(req, &t, in_body);
}

static enum err logout(struct req *req)
{
    drop_cookies(req);
    return auth_logout(req->ctx);
}

static enum err logout_everywhere(struct req *req)
{
    drop_cookies(req);
    return auth_logout_everywhere(req->ctx);
}

static enum err logins(struct req *req)
{
    struct logins_out *out = req->out;

    return auth_logins(req->ctx, &out->items);
}

static enum err login_end(struct req *req)
{
    const struct login_ref *in = req->in;

    return auth_login_end(req->ctx, in->login_id);
}

static enum err change_password(struct req *req)
{
    const struct password_in *in = req->in;

    return auth_change_password(req->ctx, in->current_password, in->new_password);
}

static enum err me_get(struct req *req)
{
    enum err e = auth_me(req->ctx, req->out);

    if (!e)
        fill_permissions(req->ctx, req->out);
    return e;
}

static enum err me_change(struct req *req)
{
    enum err e = auth_me_change(req->ctx, req->if_match, req->in, req->out);

    if (!e)
        fill_permissions(req->ctx, req->out);
    return e;
}

static const struct route routes[] = {
    {
        .id = "auth_login",
        .method = HTTP_POST,
        .path = "/api/v1/auth/login",
        .handler = login,
        .in = &login_in,
        .out = &tokens_out,
        .need = PERM_PUBLIC,
        .status = 200,
        .errors = ERRORS(ERR_BAD_CREDENTIALS, ERR_TOO_MANY_REQUESTS),
        .summary = "Sign in",
        .description = "A wrong password and an unknown e-mail answer alike. Failures slow down "
                       "further tries of the same account and of the same address.",
        .cookies = true,
        .no_csrf = true,
    },
    {
        .id = "auth_refresh",
        .method = HTTP_POST,
        .path = "/api/v1/auth/refresh",
        .handler = refresh,
        .in = &refresh_in,
        .out = &tokens_out,
        .need = PERM_PUBLIC,
        .status = 200,
        .errors = ERRORS(ERR_UNAUTHENTICATED),
        .summary = "Change the refresh token for new tokens",
        .description = "A refresh token works once. Using it again ends the whole login.",
        .cookies = true,
        .no_csrf = true,
    },
    {
        .id = "auth_logout",
        .method = HTTP_POST,
        .path = "/api/v1/auth/logout",
        .handler = logout,
        .need = PERM_SELF,
        .status = 204,
        .summary = "End this login",
        .cookies = true,
    },
    {
        .id = "auth_logout_everywhere",
        .method = HTTP_POST,
        .path = "/api/v1/auth/logout-everywhere",
        .handler = logout_everywhere,
        .need = PERM_SELF,
        .status = 204,
        .summary = "End all own logins",
        .cookies = true,
    },
    {
        .id = "auth_logins",
        .method = HTTP_GET,
        .path = "/api/v1/auth/logins",
        .handler = logins,
        .out = &logins_out,
        .need = PERM_SELF,
        .status = 200,
        .summary = "List own logins",
        .description = "Those that still live, the one used last first; 100 at most.",
    },
    {
        .id = "auth_login_end",
        .method = HTTP_DELETE,
        .path = "/api/v1/auth/logins/{login_id}",
        .handler = login_end,
        .in = &login_ref,
        .need = PERM_SELF,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "End one of the own logins",
    },
    {
        .id = "auth_change_password",
        .method = HTTP_POST,
        .path = "/api/v1/auth/password",
        .handler = change_password,
        .in = &password_in,
        .need = PERM_SELF,
        .status = 204,
        .errors = ERRORS(ERR_INVALID),
        .summary = "Change the own password",
        .description = "Ends every other login of the account.",
        .cookies = true,
    },
    {
        .id = "me_get",
        .method = HTTP_GET,
        .path = "/api/v1/me",
        .handler = me_get,
        .out = &me_schema,
        .need = PERM_SELF,
        .status = 200,
        .summary = "Who am I, and what may I do",
    },
    {
        .id = "me_change",
        .method = HTTP_PATCH,
        .path = "/api/v1/me",
        .handler = me_change,
        .in = &me_change_in,
        .out = &me_schema,
        .need = PERM_SELF,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_VERSION_MISMATCH),
        .versioned = true,
        .last_wins = true,
        .summary = "Change the own name, language or time zone",
        .description = "What is not sent stays as it is.",
    },
};

const struct route_table auth_api = ROUTE_TABLE("auth", "Signing in and the own profile", routes);
