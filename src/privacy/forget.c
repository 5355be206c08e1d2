/* SPDX-License-Identifier: MIT */
/* Forgetting a person: who may be forgotten, the steps in one transaction, and the report. */
#include "privacy/forget.h"

#include "base/log.h"
#include "base/text.h"

#include "db/tx.h"
#include "enrolment/erasure.h"
#include "privacy/cleaning.h"
#include "privacy/forget_store.h"
#include "students/students.h"
#include "users/users.h"

#define F(...) FIELD(struct forget_done, __VA_ARGS__)
static const struct field done_fields[] = {
    F(table, "Table", .required = true, .example = "\"dispute\""),
    F(done, "What became of its rows", .required = true,
      .one_of = ONE_OF("deleted", "emptied", "kept")),
    F(rows, "How many", .required = true, .example = "2"),
    F(why, "Why they are kept; empty when they are not", .required = true, .example = "\"\""),
};
#undef F
static const struct schema done_schema = SCHEMA(forget_done, done_fields);

#define F(...) FIELD(struct forget_report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(id, "Student or account", .required = true, .example = "31"),
    F(name, "What is shown in place of the name from now on", .required = true,
      .example = "\"#31\""),
    F(tables, "What became of each table that knew the person", .required = true,
      .items = &done_schema),
};
#undef F
const struct schema forget_report_schema = SCHEMA(forget_report, report_fields);

struct steps {
    const struct forget_step *at;
    size_t n;
};

static enum err run_steps(struct ctx *ctx, struct steps steps, struct forget_report *ret)
{
    struct forget_done *done = ARENA_NEW_N(&ctx->arena, struct forget_done, steps.n);
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < steps.n; i++) {
        const struct forget_step *s = &steps.at[i];

        done[i] = (struct forget_done){
            .table = str_of(s->table),
            .done = str_of(!s->sql      ? "kept"
                           : s->deletes ? "deleted"
                                        : "emptied"),
            .why = str_of(s->why ? s->why : ""),
        };
        if (s->sql)
            e = forget_run(ctx, s, ret->id, &done[i].rows);
    }
    ret->tables = (struct list){done, steps.n};
    return e;
}

static enum err not_archived(struct ctx *ctx)
{
    return fail(ctx, ERR_IN_USE, "only who is archived can be forgotten");
}

static enum err taken(struct ctx *ctx, enum err e)
{
    return e == ERR_CONFLICT
               ? fail(ctx, ERR_INVALID, "somebody else has what is to be put in the name's place")
               : e;
}

/* A number from before numbers had one form is said in that form, too. */
static struct str as_name(struct ctx *ctx, struct str number)
{
    (void)text_name(&ctx->arena, number, &number);
    return number;
}

/* Done before: there is no number left that could be said again, and no second proof is due. */
static enum err student_was_forgotten(struct ctx *ctx, const struct student *s, bool *ret)
{
    struct str number = arena_printf(&ctx->arena, "forgotten-%lld", (long long)s->id);
    int64_t proofs = 0;
    enum err e = ERR_OK;

    if (str_eq(s->student_number, number))
        e = forget_proofs(ctx, s->id, &proofs);
    *ret = proofs > 0;
    return e;
}

static bool account_was_forgotten(struct ctx *ctx, const struct user *u)
{
    return str_eq(u->email, arena_printf(&ctx->arena, "forgotten-%lld@invalid", (long long)u->id));
}

enum err forget_student(struct ctx *ctx, int64_t student_id, struct str student_number,
                        struct forget_report *ret)
{
    const struct steps steps = {forget_student_steps, n_forget_student_steps};
    struct erasure what = {
        .student_id = student_id, .reason = "forgotten", .always = true, .clean = true};
    cleanup(tx_finish) struct tx tx = {0};
    struct student s = {0};
    bool before = false;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : student_get_for(ctx, student_id, &s);
    if (e)
        return e;
    if (!s.archived)
        return not_archived(ctx);
    e = student_was_forgotten(ctx, &s, &before);
    if (e)
        return e;
    what.always = !before;
    if (!before && !str_eq(as_name(ctx, s.student_number), student_number))
        return fail_field(ctx, "student_number", "mismatch", "",
                          "this is not the student's number");
    *ret = (struct forget_report){
        .id = student_id,
        .name = arena_printf(&ctx->arena, "#%lld", (long long)student_id),
    };
    e = erasure_run(ctx, &what, NULL);
    e = e ? e : taken(ctx, run_steps(ctx, steps, ret));
    e = e ? e : cleaning_ask(ctx);
    e = e ? e : tx_commit(&tx);
    if (!e)
        log_info(ctx, "privacy.forgotten", LI("student", student_id));
    return e;
}

enum err forget_account(struct ctx *ctx, int64_t user_id, struct str email,
                        struct forget_report *ret)
{
    const struct steps steps = {forget_account_steps, n_forget_account_steps};
    cleanup(tx_finish) struct tx tx = {0};
    struct user u = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : forget_hold_account(ctx, user_id);
    e = e ? e : user_get(ctx, user_id, &u);
    if (e)
        return e;
    if (str_is(u.role, "student"))
        return fail(ctx, ERR_IN_USE, "this is the account of a student: forget the student");
    if (!u.archived)
        return not_archived(ctx);
    if (!account_was_forgotten(ctx, &u) && !str_eq(u.email, email))
        return fail_field(ctx, "email", "mismatch", "", "this is not the account's e-mail");
    *ret = (struct forget_report){
        .id = user_id,
        .name = arena_printf(&ctx->arena, "@%lld", (long long)user_id),
    };
    e = taken(ctx, run_steps(ctx, steps, ret));
    e = e ? e : cleaning_ask(ctx);
    if (!e)
        erasure_tidy(ctx);
    e = e ? e : tx_commit(&tx);
    if (!e)
        log_info(ctx, "privacy.forgotten", LI("account", user_id));
    return e;
}
