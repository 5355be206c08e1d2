/* SPDX-License-Identifier: MIT */
/* The rules of accounts. Slow hashing happens before a transaction, never inside. */
#include "users/users.h"

#include "base/fold.h"
#include "base/settings.h"

#include "auth/auth.h"
#include "auth/password.h"
#include "db/tx.h"
#include "users/users_store.h"

#define F(...) FIELD(struct user, __VA_ARGS__)
static const struct field user_fields[] = {
    F(id, "Number of the account", .min = 1, .example = "12"),
    F(email, "Signs in with it", .format = "email", .max = 254,
      .example = "\"amina.haddad@ecole.example\""),
    F(name, "Full name", .max = 200, .example = "\"Amina Haddad\""),
    F(name_norm, "Search form of the name", .hidden = true),
    F(role, "What the account may do", .one_of = ONE_OF("admin", "trainer", "student", "guardian"),
      .example = "\"trainer\""),
    F(locale, "Language of the pages", .one_of = ONE_OF("en", "fr", "ar"), .example = "\"fr\""),
    F(time_zone, "IANA time zone", .format = "time-zone", .max = 64,
      .example = "\"Africa/Algiers\""),
    F(active, "May sign in", .example = "true"),
    F(archived, "Out of use: kept for what refers to it", .example = "false"),
    F(created_at, "When it was made", .format = "date-time",
      .example = "\"2026-09-01T08:00:00.000Z\""),
    F(version, "Counts the changes; the ETag", .min = 1, .example = "1"),
};
#undef F
const struct schema user_schema = SCHEMA(user, user_fields);

static enum err no_user(struct ctx *ctx)
{
    return fail(ctx, ERR_NOT_FOUND, "there is no such account");
}

static enum err email_is_taken(struct ctx *ctx)
{
    (void)fail(ctx, ERR_CONFLICT, "another account has this e-mail");
    (void)fail_field(ctx, "/email", "taken", "", "another account has this e-mail");
    return ERR_CONFLICT;
}

static enum err changed_meanwhile(struct ctx *ctx)
{
    return fail(ctx, ERR_VERSION_MISMATCH, "this account was changed meanwhile: read it again");
}

enum err user_get(struct ctx *ctx, int64_t id, struct user *ret)
{
    enum err e = users_store_get(ctx, id, ret);

    return e == ERR_NOT_FOUND ? no_user(ctx) : e;
}

enum err user_find(struct ctx *ctx, struct str email, struct user *ret)
{
    enum err e = users_store_find(ctx, str_fold(&ctx->arena, email), ret);

    return e == ERR_NOT_FOUND ? no_user(ctx) : e;
}

enum err user_list(struct ctx *ctx, const struct user_filter *filter, struct page *ret)
{
    return users_store_page(ctx, filter, str_search(&ctx->arena, filter->page.q), ret);
}

static enum err settle_name(struct ctx *ctx, struct user *u)
{
    u->name_norm = str_fold(&ctx->arena, u->name);
    if (u->name_norm.len == 0)
        return fail_field(ctx, "/name", "blank", "", "must not be blank");
    return ERR_OK;
}

static enum err hash_password(struct ctx *ctx, struct str password, struct user_hash *ret)
{
    struct user_hash hash = {.hash.set = true};
    enum err e = auth_password_hash(ctx, password, &hash.hash.v);

    if (!e)
        *ret = hash;
    return e;
}

enum err user_check_new(struct ctx *ctx, const struct user_new *in, struct user_hash *ret)
{
    struct user u = {.name = in->name};
    enum err e = settle_name(ctx, &u);
    enum err ep = auth_password_check(ctx, "/password", in->password, in->email, in->name);

    e = e ? e : ep;
    return e ? e : hash_password(ctx, in->password, ret);
}

enum err user_add(struct ctx *ctx, const struct user_new *in, const struct user_hash *hash,
                  int64_t *ret_id)
{
    struct user u = {
        .email = in->email,
        .name = in->name,
        .role = in->role,
        .locale = in->locale.set ? in->locale.v : STR("en"),
        .time_zone = in->time_zone.set ? in->time_zone.v : ctx_school_zone(ctx),
    };
    int64_t id;
    enum err e = settle_name(ctx, &u);

    if (e)
        return e;
    e = users_store_insert(ctx, &u, hash->hash.v, &id);
    if (e == ERR_CONFLICT)
        return email_is_taken(ctx);
    if (!e && role_of(u.role) == ROLE_TRAINER)
        e = users_store_trainer(ctx, id, false);
    if (!e)
        *ret_id = id;
    return e;
}

struct creation {
    const struct user_new *in;
    struct user_hash hash;
    struct user *ret;
};

static enum err create_in_tx(struct ctx *ctx, void *arg)
{
    struct creation *c = arg;
    int64_t id;
    enum err e = user_add(ctx, c->in, &c->hash, &id);

    return e ? e : users_store_get(ctx, id, c->ret);
}

enum err user_create(struct ctx *ctx, const struct user_new *in, struct user *ret)
{
    struct creation c = {.in = in, .ret = ret};
    enum err e = ERR_OK;
    enum err ec;

    if (role_of(in->role) == ROLE_STUDENT)
        e = fail_field(ctx, "/role", "fixed", "admin, trainer",
                       "a student's account is made with the student");
    ec = user_check_new(ctx, in, &c.hash);
    if (e || ec)
        return e ? e : ec;
    return db_transact(ctx, create_in_tx, &c);
}

enum err user_check_change(struct ctx *ctx, const struct user_change *in, struct user_hash *ret)
{
    struct user u;
    enum err e = user_get(ctx, in->user_id, &u);

    if (e)
        return e;
    if (in->email.set)
        u.email = in->email.v;
    if (in->name.set)
        u.name = in->name.v;
    *ret = (struct user_hash){0};
    if (!in->password.set)
        return ERR_OK;
    e = auth_password_check(ctx, "/password", in->password.v, u.email, u.name);
    return e ? e : hash_password(ctx, in->password.v, ret);
}

static bool can_sign_in(const struct user *u)
{
    return u->active && !u->archived;
}

static bool is_acting_admin(const struct user *u)
{
    return role_of(u->role) == ROLE_ADMIN && can_sign_in(u);
}

/* Such an account hangs together with students: only staff change into each other. */
static bool role_is_fixed(enum role r)
{
    return r == ROLE_STUDENT || r == ROLE_GUARDIAN;
}

static enum err check_role(struct ctx *ctx, const struct user *before, const struct user *after)
{
    if (str_eq(before->role, after->role))
        return ERR_OK;
    if (role_is_fixed(role_of(before->role)) || role_is_fixed(role_of(after->role)))
        return fail_field(ctx, "/role", "fixed",
                          role_is_fixed(role_of(before->role))
                              ? arena_cstr(&ctx->arena, before->role)
                              : "admin, trainer",
                          "a student's or guardian's account stays one, and no other becomes one");
    return ERR_OK;
}

static enum err check_admins(struct ctx *ctx, const struct user *before, const struct user *after)
{
    int64_t others;
    enum err e;

    if (!is_acting_admin(before) || is_acting_admin(after))
        return ERR_OK;
    e = users_store_other_admins(ctx, after->id, &others);
    if (e)
        return e;
    if (others == 0)
        return fail(ctx, ERR_IN_USE, "this is the last active administrator of the school");
    return ERR_OK;
}

static void overlay(const struct user_change *in, struct user *u)
{
    if (in->email.set)
        u->email = in->email.v;
    if (in->name.set)
        u->name = in->name.v;
    if (in->role.set)
        u->role = in->role.v;
    if (in->locale.set)
        u->locale = in->locale.v;
    if (in->time_zone.set)
        u->time_zone = in->time_zone.v;
    if (in->active.set)
        u->active = in->active.v;
    if (in->archived.set)
        u->archived = in->archived.v;
}

/* A trainer's row follows the account; who stops being one keeps an archived row. */
static enum err follow_trainer(struct ctx *ctx, const struct user *before, const struct user *after)
{
    bool was = role_of(before->role) == ROLE_TRAINER;
    bool is = role_of(after->role) == ROLE_TRAINER;

    if (!was && !is)
        return ERR_OK;
    return users_store_trainer(ctx, after->id, !is || after->archived);
}

static enum err write_change(struct ctx *ctx, const struct user *before, const struct user *after,
                             const struct user_hash *hash)
{
    bool shut = can_sign_in(before) && !can_sign_in(after);
    enum err e = users_store_update(ctx, after, hash->hash);

    if (e == ERR_NOT_FOUND)
        return changed_meanwhile(ctx);
    if (e == ERR_CONFLICT)
        return email_is_taken(ctx);
    if (!e)
        e = follow_trainer(ctx, before, after);
    if (!e && (hash->hash.set || shut || !str_eq(before->role, after->role)))
        e = auth_revoke_all(ctx, after->id);
    return e;
}

enum err user_apply(struct ctx *ctx, struct opt_i64 version, const struct user_change *in,
                    const struct user_hash *hash)
{
    struct user before, after;
    enum err e = user_get(ctx, in->user_id, &before);

    if (e)
        return e;
    if (version.set && version.v != before.version)
        return changed_meanwhile(ctx);
    after = before;
    overlay(in, &after);
    if (schema_same(&user_schema, &before, &after) && !hash->hash.set)
        return ERR_OK;
    e = settle_name(ctx, &after);
    if (!e)
        e = check_role(ctx, &before, &after);
    if (!e)
        e = check_admins(ctx, &before, &after);
    return e ? e : write_change(ctx, &before, &after, hash);
}

struct alteration {
    struct opt_i64 version;
    const struct user_change *in;
    struct user_hash hash;
    struct user *ret;
};

static enum err update_in_tx(struct ctx *ctx, void *arg)
{
    struct alteration *a = arg;
    enum err e = user_apply(ctx, a->version, a->in, &a->hash);

    return e ? e : users_store_get(ctx, a->in->user_id, a->ret);
}

enum err user_update(struct ctx *ctx, struct opt_i64 version, const struct user_change *in,
                     struct user *ret)
{
    struct alteration a = {.version = version, .in = in, .ret = ret};
    enum err e = user_check_change(ctx, in, &a.hash);

    return e ? e : db_transact(ctx, update_in_tx, &a);
}
