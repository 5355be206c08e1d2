/* SPDX-License-Identifier: MIT */
/* The rules of signing in. */
#include "auth/auth.h"

#include "base/fold.h"
#include "base/settings.h"
#include "base/zone.h"

#include "auth/auth_store.h"
#include "auth/password.h"
#include "auth/token.h"
#include "db/tx.h"

/* Ramadan makes four stretches of a year; five years and the ends. */
enum { CLOCK_SPANS_MAX = 24 };
static const int64_t year_ms = 366LL * 24 * 3600 * 1000;
static const int64_t last_ms = 253402300799000; /* 9999-12-31T23:59:59Z */

#define F(...) FIELD(struct clock_span, __VA_ARGS__)
static const struct field clock_span_fields[] = {
    F(from, "Its first moment", .required = true, .format = "date-time",
      .example = "\"2026-03-22T02:00:00Z\""),
    F(to, "The first moment after it", .required = true, .format = "date-time",
      .example = "\"2027-02-07T02:00:00Z\""),
    F(offset_s, "Seconds that clocks are ahead of UTC", .required = true, .example = "3600"),
};
#undef F
const struct schema clock_span_schema = SCHEMA(clock_span, clock_span_fields);

#define F(...) FIELD(struct me, __VA_ARGS__)
static const struct field me_fields[] = {
    F(id, "Account", .required = true, .example = "1"),
    F(email, "E-mail", .required = true, .format = "email", .example = "\"admin@school.example\""),
    F(name, "Name", .required = true, .example = "\"Ada Martin\""),
    F(role, "Role", .required = true, .one_of = ONE_OF("admin", "trainer", "student", "guardian")),
    F(locale, "Language of the interface", .required = true, .one_of = ONE_OF("en", "fr", "ar")),
    F(time_zone, "IANA time zone", .required = true, .example = "\"Africa/Casablanca\""),
    F(trainer_id, "The account's trainer, if it is one", .required = true),
    F(student_id, "The account's student, if it is one", .required = true),
    F(permissions, "What the role may do", .required = true),
    F(face_recognition, "Whether the school uses it", .required = true,
      .one_of = ONE_OF("off", "verify", "roster")),
    F(school_name, "Name of the school", .required = true),
    F(school_zone, "IANA time zone of the school", .required = true,
      .example = "\"Africa/Casablanca\""),
    F(school_clocks,
      "How far the school's clocks are ahead of UTC, from about two years ago to three years "
      "ahead, "
      "one stretch after the other: to be preferred to what a program knows of the zone itself",
      .required = true, .items = &clock_span_schema, .max = CLOCK_SPANS_MAX),
    F(version, "Grows with each change", .required = true),
};
#undef F
const struct schema me_schema = SCHEMA(me, me_fields);

#define F(...) FIELD(struct login, __VA_ARGS__)
static const struct field login_fields[] = {
    F(id, "Login", .required = true),
    F(created_at, "Signed in", .required = true, .format = "date-time"),
    F(last_used_at, "Last renewed", .required = true, .format = "date-time"),
    F(ip, "Address it was last used from", .required = true),
    F(user_agent, "Program it was last used with", .required = true),
    F(current, "The one this request came with", .required = true),
};
#undef F
const struct schema login_schema = SCHEMA(login, login_fields);

/* Failures that cost nothing, then 1, 2, 4 … seconds up to 15 minutes; forgotten after an hour. */
enum { FREE_BY_ACCOUNT = 4, FREE_BY_ADDRESS = 30, DELAY_MAX_S = 900, FORGET_MS = 3600 * 1000 };
/* An ended login is kept for a while: its tokens, used again, must still be known as stolen. */
static const int64_t keep_ms = (int64_t)7 * 24 * 3600 * 1000;

static struct str subject_of(struct ctx *ctx, const char *kind, struct str what)
{
    return arena_printf(&ctx->arena, "%s:%s", kind, token_hash(ctx, what).at);
}

static enum err check_delay(struct ctx *ctx, struct str subject)
{
    struct delay_row d = {0};
    enum err e = auth_store_delay(ctx, subject, &d);

    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    if (e || d.blocked_until <= ctx->now)
        return e;
    ctx->fault.retry_after_s = (d.blocked_until - ctx->now + 999) / 1000;
    return fail(ctx, ERR_TOO_MANY_REQUESTS, "too many wrong passwords; try again in %lld s",
                (long long)ctx->fault.retry_after_s);
}

static enum err count_failure(struct ctx *ctx, struct str subject, int64_t free_failures)
{
    int64_t failures = 0;
    int64_t power;
    int64_t delay_s;
    enum err e = auth_store_delay_count(ctx, subject, ctx->now - FORGET_MS, &failures);

    if (e || failures <= free_failures)
        return e;
    power = failures - free_failures - 1;
    delay_s = power > 9 ? DELAY_MAX_S : (int64_t)1 << power;
    delay_s = delay_s > DELAY_MAX_S ? DELAY_MAX_S : delay_s;
    return auth_store_delay_block(ctx, subject, ctx->now + delay_s * 1000);
}

/* A new pair of tokens in the login's family. */
static enum err issue(struct ctx *ctx, int64_t account_id, int64_t login_id, struct tokens *ret)
{
    const struct settings *s = ctx->services->settings;
    struct str refresh = token_opaque(ctx);
    struct token_claims c = {
        .sub = account_id,
        .lid = login_id,
        .iat = ctx->now / 1000,
        .exp = ctx->now / 1000 + s->access_token_min * 60,
    };
    enum err e = auth_store_refresh_insert(ctx, login_id, token_hash(ctx, refresh));

    if (e)
        return e;
    *ret = (struct tokens){
        .access = token_sign(ctx, ctx->services->auth_keys, &c),
        .refresh = refresh,
        .expires_in = s->access_token_min * 60,
        .account_id = account_id,
    };
    return ERR_OK;
}

/* Of many tries at once, those counted meanwhile are not told whether they were right. */
static enum err check_password(struct ctx *ctx, struct str password, struct str hash,
                               struct str by_account)
{
    enum err e = auth_password_verify(ctx, password, hash);
    enum err delayed = ERR_OK;

    if (e == ERR_OK || e == ERR_BAD_CREDENTIALS)
        delayed = check_delay(ctx, by_account);
    return delayed ? delayed : e;
}

struct signing_in {
    const struct account_row *account;
    struct str by_account;
    struct tokens *ret;
};

/* The account is held by the password that was checked: hashing takes long, and who changes the
 * password meanwhile ends the logins that there are by then. */
static enum err sign_in(struct ctx *ctx, void *arg)
{
    const struct signing_in *s = arg;
    int64_t days = ctx->services->settings->refresh_token_days;
    int64_t n = 0;
    int64_t login_id = 0;
    enum err e = auth_store_hold(ctx, s->account, &n);

    if (!e && n == 0)
        return ERR_BAD_CREDENTIALS;
    e = e ? e : auth_store_delay_clear(ctx, s->by_account);
    e = e ? e
          : auth_store_login_insert(ctx, s->account->id, ctx->now + days * 86400 * 1000, &login_id);
    return e ? e : issue(ctx, s->account->id, login_id, s->ret);
}

enum err auth_login(struct ctx *ctx, struct str email, struct str password, struct tokens *ret)
{
    struct str norm = str_fold(&ctx->arena, email);
    struct str by_account = subject_of(ctx, "account", norm);
    struct str by_address = subject_of(ctx, "address", ctx_network(ctx));
    struct account_row a = {0};
    struct signing_in in = {.account = &a, .by_account = by_account, .ret = ret};
    enum err e = check_delay(ctx, by_account);

    e = e ? e : check_delay(ctx, by_address);
    if (e)
        return e;
    e = auth_store_account_by_email(ctx, norm, &a);
    if (e && e != ERR_NOT_FOUND)
        return e;
    if (!a.active || a.archived)
        a.password_hash = (struct str){"", 0};
    e = check_password(ctx, password, a.password_hash, by_account);
    if (e == ERR_BAD_CREDENTIALS) {
        enum err counted = count_failure(ctx, by_account, FREE_BY_ACCOUNT);

        counted = counted ? counted : count_failure(ctx, by_address, FREE_BY_ADDRESS);
        return counted ? counted : e;
    }
    return e ? e : db_transact(ctx, sign_in, &in);
}

enum err auth_refresh(struct ctx *ctx, struct str refresh, struct tokens *ret)
{
    struct refresh_row r = {0};
    int64_t n = 0;
    enum err e = auth_store_refresh(ctx, token_hash(ctx, refresh), &r);

    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_UNAUTHENTICATED, "the refresh token is not known");
    if (e)
        return e;
    if ((r.revoked_at.set && !r.revoked_at.null) || r.expires_at <= ctx->now || !r.active ||
        r.archived)
        return fail(ctx, ERR_UNAUTHENTICATED, "the login has ended");
    e = auth_store_refresh_use(ctx, &r, &n);
    if (e)
        return e;
    if (n == 0) {
        e = auth_store_login_end(ctx, r.account_id, r.login_id, 0, &n);
        return e ? e
                 : fail(ctx, ERR_UNAUTHENTICATED,
                        "the refresh token was used before; the login is ended to be safe");
    }
    return issue(ctx, r.account_id, r.login_id, ret);
}

enum err auth_logout(struct ctx *ctx)
{
    int64_t n;

    return auth_store_login_end(ctx, ctx->actor.user_id, ctx->actor.login_id, 0, &n);
}

enum err auth_logout_everywhere(struct ctx *ctx)
{
    return auth_revoke_all(ctx, ctx->actor.user_id);
}

enum err auth_revoke_all(struct ctx *ctx, int64_t account_id)
{
    int64_t n;

    return auth_store_login_end(ctx, account_id, 0, 0, &n);
}

enum err auth_logins(struct ctx *ctx, struct list *ret)
{
    return auth_store_logins(ctx, ret);
}

enum err auth_login_end(struct ctx *ctx, int64_t login_id)
{
    int64_t n = 0;
    /* The statement takes 0 for every login. */
    enum err e = login_id > 0 ? auth_store_login_end(ctx, ctx->actor.user_id, login_id, 0, &n)
                              : ERR_NOT_FOUND;

    return e ? e : n ? ERR_OK : ERR_NOT_FOUND;
}

struct changing {
    const struct account_row *account;
    struct str hash;
};

static enum err wrong_password(struct ctx *ctx)
{
    return fail_field(ctx, "/current_password", "wrong", "", "is not the current password");
}

/* Who was given another password meanwhile keeps that one. */
static enum err change(struct ctx *ctx, void *arg)
{
    const struct changing *c = arg;
    int64_t n = 0;
    enum err e = auth_store_set_password(ctx, c->account, c->hash, &n);

    if (!e && n == 0)
        return wrong_password(ctx);
    return e ? e : auth_store_login_end(ctx, c->account->id, 0, ctx->actor.login_id, &n);
}

enum err auth_change_password(struct ctx *ctx, struct str current, struct str password)
{
    /* Who found an open session must not guess on; the owner's sign-in is not slowed by it. */
    struct str subject =
        subject_of(ctx, "change", arena_printf(&ctx->arena, "%lld", (long long)ctx->actor.user_id));
    struct account_row a = {0};
    struct changing c = {.account = &a};
    enum err e = check_delay(ctx, subject);

    e = e ? e : auth_store_account(ctx, ctx->actor.user_id, &a);
    e = e ? e : check_password(ctx, current, a.password_hash, subject);
    if (e == ERR_BAD_CREDENTIALS) {
        e = count_failure(ctx, subject, FREE_BY_ACCOUNT);
        return e ? e : wrong_password(ctx);
    }
    e = e ? e : auth_store_delay_clear(ctx, subject);
    e = e ? e : auth_password_check(ctx, "/new_password", password, a.email, a.name);
    e = e ? e : auth_password_hash(ctx, password, &c.hash);
    return e ? e : db_transact(ctx, change, &c);
}

/* The stretches that touch the years around now, each whole, so that the answer stays the same. */
static struct list school_clocks(struct ctx *ctx)
{
    int64_t to = ctx->now + 3 * year_ms;
    struct clock_span *all = ARENA_NEW_N(&ctx->arena, struct clock_span, CLOCK_SPANS_MAX);
    struct zone_span s = {.to = ctx->now - 2 * year_ms};
    size_t n = 0;

    while (n < CLOCK_SPANS_MAX && s.to < to && zone_span_at(ctx_school_zone(ctx), s.to, &s))
        all[n++] = (struct clock_span){
            .from = s.from < 0 ? 0 : s.from,
            .to = s.to > last_ms ? last_ms : s.to,
            .offset_s = s.offset_s,
        };
    return (struct list){all, n};
}

enum err auth_me(struct ctx *ctx, struct me *ret)
{
    enum err e = auth_store_me(ctx, ctx->actor.user_id, ret);

    if (e)
        return e;
    ret->face_recognition = ctx->services->settings->face_recognition;
    ret->school_name = ctx->services->settings->school_name;
    ret->school_zone = ctx->services->settings->time_zone;
    ret->school_clocks = school_clocks(ctx);
    return ERR_OK;
}

static bool differs(struct opt_str in, struct str now)
{
    return in.set && !in.null && !str_eq(in.v, now);
}

static bool changes(const struct me *now, const struct me_change *in)
{
    return differs(in->name, now->name) || differs(in->locale, now->locale) ||
           differs(in->time_zone, now->time_zone);
}

enum err auth_me_change(struct ctx *ctx, struct opt_i64 version, const struct me_change *in,
                        struct me *ret)
{
    int64_t n = 0;
    enum err e = auth_me(ctx, ret);

    if (!e && (!version.set || version.v == ret->version) && !changes(ret, in))
        return ERR_OK;
    e = e ? e : auth_store_me_change(ctx, version, in, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the account was changed by somebody else");
    return e ? e : auth_me(ctx, ret);
}

struct str cookie_value(struct str header, const char *name)
{
    while (header.len) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&value, '=');

        if (str_is(key, name))
            return value;
    }
    return (struct str){"", 0};
}

enum err auth_claims(struct ctx *ctx, const struct auth_keys *keys, struct str authorization,
                     struct str cookie, struct token_claims *ret)
{
    struct str token = authorization;

    if (!authorization.len) {
        token = cookie_value(cookie, "sp_access");
        if (!token.len)
            return ERR_OK;
    } else if (!str_eq_nocase(str_cut(&token, ' '), STR("Bearer"))) {
        return fail(ctx, ERR_UNAUTHENTICATED, "only the Bearer scheme is known");
    }
    return token_verify(ctx, keys, str_trim(token), ret);
}

static enum err take_wards(struct ctx *ctx)
{
    struct actor *a = &ctx->actor;
    struct i64s wards = {0};
    enum err e = auth_store_wards(ctx, a->user_id, &wards);

    for (size_t i = 0; !e && i < wards.n; i++)
        a->wards[a->n_wards++] = wards.at[i];
    return e;
}

/* The living login of a living account becomes ctx->actor. */
static enum err act_as(struct ctx *ctx, int64_t account_id, int64_t login_id)
{
    struct caller_row row = {0};
    enum err e = auth_store_caller(ctx, account_id, login_id, &row);

    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_UNAUTHENTICATED, "the login has ended");
    if (e)
        return e;
    ctx->actor = (struct actor){
        .role = role_of(row.role),
        .user_id = row.account_id,
        .login_id = row.login_id,
        .trainer_id = row.trainer_id.v,
        .student_id = row.student_id.v,
    };
    return ctx->actor.role == ROLE_GUARDIAN ? take_wards(ctx) : ERR_OK;
}

enum err auth_authenticate(struct ctx *ctx, struct str authorization, struct str cookie,
                           bool *by_cookie)
{
    struct token_claims c = {0};
    enum err e = ERR_OK;

    *by_cookie = authorization.len == 0;
    /* What is answered at once has no services, and is nobody's. */
    if (ctx->services)
        e = auth_claims(ctx, ctx->services->auth_keys, authorization, cookie, &c);
    return e || !c.sub ? e : act_as(ctx, c.sub, c.lid);
}

enum err auth_recheck(struct ctx *ctx)
{
    return act_as(ctx, ctx->actor.user_id, ctx->actor.login_id);
}

enum err auth_trim(struct ctx *ctx)
{
    return auth_store_trim(ctx, ctx->now - keep_ms);
}
