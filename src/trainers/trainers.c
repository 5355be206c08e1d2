/* SPDX-License-Identifier: MIT */
/* The rules of trainers: mostly those of their accounts. */
#include "trainers/trainers.h"

#include "base/fold.h"

#include "db/tx.h"
#include "trainers/trainers_store.h"
#include "users/users.h"

#define F(...) FIELD(struct trainer, __VA_ARGS__)
static const struct field trainer_fields[] = {
    F(id, "Number of the trainer", .min = 1, .example = "4"),
    F(user_id, "Number of the account", .min = 1, .example = "12"),
    F(name, "Full name", .max = 200, .example = "\"Amina Haddad\""),
    F(name_norm, "Search form of the name", .hidden = true),
    F(email, "Signs in with it", .format = "email", .max = 254,
      .example = "\"amina.haddad@ecole.example\""),
    F(specialities, "What they teach, in words", .max = 500, .example = "\"réseaux, systèmes\""),
    F(archived, "Out of use: kept for the sessions they gave", .example = "false"),
    F(row_version, "Version of the trainer row alone", .hidden = true),
    F(version, "Counts the changes, the account's too; the ETag", .min = 1, .example = "2"),
};
#undef F
const struct schema trainer_schema = SCHEMA(trainer, trainer_fields);

static enum err no_trainer(struct ctx *ctx)
{
    return fail(ctx, ERR_NOT_FOUND, "there is no such trainer");
}

static enum err changed_meanwhile(struct ctx *ctx)
{
    return fail(ctx, ERR_VERSION_MISMATCH, "this trainer was changed meanwhile: read it again");
}

enum err trainer_get_for(struct ctx *ctx, int64_t id, struct trainer *ret)
{
    enum err e = trainers_store_get_for(ctx, id, ret);

    return e == ERR_NOT_FOUND ? no_trainer(ctx) : e;
}

enum err trainer_list(struct ctx *ctx, const struct trainer_filter *filter, struct page *ret)
{
    struct opt_str like = str_search(&ctx->arena, filter->page.q);

    return trainers_store_page(ctx, &filter->page, like, ret);
}

enum err trainer_check_usable(struct ctx *ctx, int64_t id, const char *pointer)
{
    struct trainer t;
    enum err e = trainers_store_get(ctx, id, &t);

    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, pointer, "not_found", "", "there is no such trainer");
    if (!e && t.archived)
        return fail_field(ctx, pointer, "archived", "", "this trainer is archived");
    return e;
}

struct creation {
    const struct trainer_new *in;
    struct user_new account;
    struct user_hash hash;
    struct trainer *ret;
};

static enum err create_in_tx(struct ctx *ctx, void *arg)
{
    struct creation *c = arg;
    struct trainer t;
    int64_t user_id, id;
    enum err e = user_add(ctx, &c->account, &c->hash, &user_id);

    if (!e)
        e = trainers_store_of_account(ctx, user_id, &id);
    if (!e)
        e = trainers_store_get(ctx, id, &t);
    if (!e && c->in->specialities.set) {
        t.specialities = c->in->specialities.v;
        e = trainers_store_update(ctx, &t);
    }
    return e ? e : trainers_store_get(ctx, id, c->ret);
}

enum err trainer_create(struct ctx *ctx, const struct trainer_new *in, struct trainer *ret)
{
    struct creation c = {
        .in = in,
        .ret = ret,
        .account =
            {
                .email = in->email,
                .name = in->name,
                .role = str_of(role_name(ROLE_TRAINER)),
                .locale = in->locale,
                .time_zone = in->time_zone,
                .password = in->password,
            },
    };
    enum err e = user_check_new(ctx, &c.account, &c.hash);

    return e ? e : db_transact(ctx, create_in_tx, &c);
}

struct alteration {
    struct opt_i64 version;
    const struct trainer_change *in;
    struct user_change account;
    struct user_hash hash;
    struct trainer *ret;
};

static bool touches_account(const struct trainer_change *in)
{
    return in->email.set || in->name.set || in->password.set || in->archived.set;
}

static bool differs(struct opt_str in, struct str now)
{
    return in.set && !str_eq(in.v, now);
}

static bool changes_nothing(const struct alteration *a, const struct trainer *now)
{
    const struct trainer_change *in = a->in;

    return !a->hash.hash.set && !differs(in->email, now->email) && !differs(in->name, now->name) &&
           !differs(in->specialities, now->specialities) &&
           (!in->archived.set || in->archived.v == now->archived);
}

static enum err update_in_tx(struct ctx *ctx, void *arg)
{
    struct alteration *a = arg;
    int64_t id = a->in->trainer_id;
    struct trainer t;
    enum err e = trainers_store_get(ctx, id, &t);

    if (e)
        return e == ERR_NOT_FOUND ? no_trainer(ctx) : e;
    if (a->version.set && a->version.v != t.version)
        return changed_meanwhile(ctx);
    if (changes_nothing(a, &t)) {
        *a->ret = t;
        return ERR_OK;
    }
    if (a->in->specialities.set)
        t.specialities = a->in->specialities.v;
    /* Also when only the account changes: of two who read the same version one must lose. */
    e = trainers_store_update(ctx, &t);
    if (e == ERR_NOT_FOUND)
        return changed_meanwhile(ctx);
    if (!e && touches_account(a->in))
        e = user_apply(ctx, (struct opt_i64){0}, &a->account, &a->hash);
    return e ? e : trainers_store_get(ctx, id, a->ret);
}

enum err trainer_update(struct ctx *ctx, struct opt_i64 version, const struct trainer_change *in,
                        struct trainer *ret)
{
    struct alteration a = {.version = version, .in = in, .ret = ret};
    struct trainer t;
    enum err e = trainers_store_get(ctx, in->trainer_id, &t);

    if (e)
        return e == ERR_NOT_FOUND ? no_trainer(ctx) : e;
    a.account = (struct user_change){
        .user_id = t.user_id,
        .email = in->email,
        .name = in->name,
        .archived = in->archived,
        .password = in->password,
    };
    e = user_check_change(ctx, &a.account, &a.hash);
    return e ? e : db_transact(ctx, update_in_tx, &a);
}
