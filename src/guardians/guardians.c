/* SPDX-License-Identifier: MIT */
/* The rules of guardians: who may be tied to whom, and what is asked of a minor's. */
#include "guardians/guardians.h"

#include "base/settings.h"

#include "db/tx.h"
#include "guardians/guardians_store.h"
#include "realtime/hub.h"
#include "students/students.h"
#include "users/users.h"

#define F(...) FIELD(struct guardian, __VA_ARGS__)
static const struct field guardian_fields[] = {
    F(id, "Number of the tie", .min = 1, .example = "4"),
    F(guardian_id, "Number of the guardian's account", .min = 1, .example = "61"),
    F(student_id, "Number of the student", .min = 1, .example = "31"),
    F(name, "Full name", .max = 200, .example = "\"Samira Brahimi\""),
    F(email, "Signs in with it", .format = "email", .max = 254,
      .example = "\"s.brahimi@mail.example\""),
    F(relation, "What the guardian is to the student",
      .one_of = ONE_OF("mother", "father", "guardian", "other"), .example = "\"mother\""),
    F(may_sign, "May sign justifications and consent", .example = "true"),
    F(active, "The account may sign in", .example = "true"),
    F(created_at, "Since when", .format = "date-time", .example = "\"2026-09-01T08:00:00.000Z\""),
};
#undef F
const struct schema guardian_schema = SCHEMA(guardian, guardian_fields);

enum err guardian_list(struct ctx *ctx, const struct guardian_filter *filter, struct page *ret)
{
    struct student s;
    enum err e = student_get(ctx, filter->student_id, &s);

    return e ? e : guardians_store_page(ctx, filter, ret);
}

/* An account that is there: it must be one, and nothing may be said about it anew. */
static enum err check_account(struct ctx *ctx, const struct guardian_new *in, const struct user *u)
{
    enum err e = ERR_OK;

    if (role_of(u->role) != ROLE_GUARDIAN)
        e = fail_field(ctx, "/email", "taken", "", "is of an account that is no guardian's");
    else if (u->archived)
        e = fail_field(ctx, "/email", "archived", "", "is of an account that is archived");
    if (in->name.set)
        e = fail_field(ctx, "/name", "fixed", "", "the account is there: leave its name out");
    if (in->password.set)
        e = fail_field(ctx, "/password", "fixed", "", "the account is there: leave it out");
    return e;
}

static enum err check_new_account(struct ctx *ctx, const struct guardian_new *in,
                                  const struct user_new *account, struct user_hash *ret)
{
    enum err e = ERR_OK;

    if (!in->name.set)
        e = fail_field(ctx, "/name", "required", "", "is required for a new account");
    if (!in->password.set)
        e = fail_field(ctx, "/password", "required", "", "is required for a new account");
    return e ? e : user_check_new(ctx, account, ret);
}

struct tying {
    struct guardian tie; /* guardian_id 0: a new account */
    struct user_new account;
    struct user_hash hash;
    struct guardian *ret;
};

static enum err check_counts(struct ctx *ctx, const struct guardian *tie)
{
    int64_t of_student = 0, of_account = 0;
    enum err e =
        guardians_store_count(ctx, tie->student_id, tie->guardian_id, &of_student, &of_account);

    if (e)
        return e;
    if (of_student >= GUARDIANS_MAX)
        e = fail_field(ctx, "student_id", "max", "8", "has 8 guardians already");
    if (of_account >= WARDS_MAX)
        e = fail_field(ctx, "/email", "max", "8", "is a guardian of 8 students already");
    return e;
}

/* Runs after the commit: open streams go by the students they began with. */
static void end_streams(struct ctx *ctx, void *arg)
{
    const int64_t *account_id = arg;

    if (ctx->services && ctx->services->hub)
        hub_end_account(ctx->services->hub, *account_id);
}

static void streams_end(struct ctx *ctx, int64_t account_id)
{
    int64_t *at = ARENA_NEW(&ctx->arena, int64_t);

    *at = account_id;
    db_after_commit(ctx, end_streams, at);
}

static enum err tie_in_tx(struct ctx *ctx, void *arg)
{
    struct tying *t = arg;
    struct guardian tie = t->tie;
    struct guardian there;
    enum err e = ERR_OK;

    if (!tie.guardian_id)
        e = user_add(ctx, &t->account, &t->hash, &tie.guardian_id);
    e = e ? e : guardians_store_hold(ctx, tie.student_id, tie.guardian_id);
    if (e)
        return e;
    e = guardians_store_get(ctx, tie.student_id, tie.guardian_id, &there);
    if (!e) {
        (void)fail(ctx, ERR_CONFLICT, "this is a guardian of the student already");
        (void)fail_field(ctx, "/email", "taken", "", "is a guardian of the student already");
        return ERR_CONFLICT;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    e = check_counts(ctx, &tie);
    e = e ? e : guardians_store_insert(ctx, &tie);
    if (!e)
        streams_end(ctx, tie.guardian_id);
    return e ? e : guardians_store_get(ctx, tie.student_id, tie.guardian_id, t->ret);
}

enum err guardian_add(struct ctx *ctx, const struct guardian_new *in, struct guardian *ret)
{
    struct tying t = {
        .tie = {.student_id = in->student_id,
                .relation = in->relation,
                .may_sign = !in->may_sign.set || in->may_sign.v},
        .account = {.email = in->email,
                    .name = in->name.v,
                    .role = str_of(role_name(ROLE_GUARDIAN)),
                    .locale = in->locale,
                    .time_zone = in->time_zone,
                    .password = in->password.v},
        .ret = ret,
    };
    struct student s;
    struct user u;
    enum err e = student_get(ctx, in->student_id, &s);

    if (e)
        return e;
    if (s.archived)
        return fail_field(ctx, "student_id", "archived", "", "this student is archived");
    e = user_find(ctx, in->email, &u);
    if (e == ERR_NOT_FOUND) {
        e = check_new_account(ctx, in, &t.account, &t.hash);
    } else if (!e) {
        e = check_account(ctx, in, &u);
        t.tie.guardian_id = u.id;
    }
    return e ? e : db_transact(ctx, tie_in_tx, &t);
}

struct parting {
    int64_t student_id, guardian_id;
};

static enum err part_in_tx(struct ctx *ctx, void *arg)
{
    const struct parting *p = arg;
    int64_t n = 0;
    enum err e = guardians_store_end(ctx, p->student_id, p->guardian_id, &n);

    if (!e && n == 0)
        return fail(ctx, ERR_NOT_FOUND, "this is no guardian of the student");
    if (!e)
        streams_end(ctx, p->guardian_id);
    return e;
}

enum err guardian_remove(struct ctx *ctx, int64_t student_id, int64_t guardian_id)
{
    struct parting p = {student_id, guardian_id};

    return db_transact(ctx, part_in_tx, &p);
}

enum err guardian_wards(struct ctx *ctx, const struct page_query *query, struct page *ret)
{
    struct student_filter filter = {.page = *query};

    if (ctx->actor.role != ROLE_GUARDIAN) {
        *ret = (struct page){0};
        return ERR_OK;
    }
    return student_list(ctx, &filter, ret);
}

enum err guardian_may_sign(struct ctx *ctx, int64_t student_id, bool *ret)
{
    int64_t n = 0;
    enum err e = guardians_store_may_sign(ctx, student_id, &n);

    if (!e)
        *ret = n > 0;
    return e;
}

bool guardian_required(struct ctx *ctx, const struct student *student, int64_t at)
{
    return student->birth_date.set && !student->birth_date.null &&
           student_is_minor(ctx, student->birth_date.v, at);
}

enum err guardian_accounts(struct ctx *ctx, int64_t student_id, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = guardians_store_accounts(ctx, student_id, &rows);

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct guardian *)rows.at)[i].guardian_id;
    return ERR_OK;
}
