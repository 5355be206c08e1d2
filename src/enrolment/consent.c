/* SPDX-License-Identifier: MIT */
/* The ledger of consent: its newest row is the state. */
#include "db/tx.h"
#include "enrolment/enrolment.h"
#include "enrolment/enrolment_store.h"
#include "enrolment/templates.h"
#include "students/students.h"

#define F(...) FIELD(struct consent, __VA_ARGS__)
static const struct field consent_fields[] = {
    F(state, "Whether face recognition is allowed", .required = true,
      .one_of = ONE_OF("none", "given", "withdrawn")),
    F(given_by, "Who gave it", .required = true, .one_of = ONE_OF("student", "guardian")),
    F(given_by_name, "Name of the guardian", .required = true),
    F(text_version, "Version of the text shown", .required = true),
    F(locale, "Language of the text", .required = true),
    F(given_at, "When", .required = true, .format = "date-time"),
    F(withdrawn_at, "When it was withdrawn", .required = true, .format = "date-time"),
};
#undef F
const struct schema consent_schema = SCHEMA(consent, consent_fields);

static struct opt_str text(struct str s)
{
    return (struct opt_str){.set = true, .v = s};
}

static void tell_consent(const struct consent_row *row, struct consent *ret)
{
    *ret = (struct consent){
        .state = row->state,
        .given_by = text(row->given_by),
        .given_by_name = row->given_by_name,
        .text_version = text(row->text_version),
        .locale = text(row->locale),
    };
    if (str_is(row->state, "given"))
        ret->given_at = (struct opt_i64){.set = true, .v = row->at};
    else
        ret->withdrawn_at = (struct opt_i64){.set = true, .v = row->at};
}

enum err consent_get(struct ctx *ctx, int64_t student_id, struct consent *ret)
{
    struct student student = {0};
    struct consent_row row = {0};
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : consent_fetch(ctx, student_id, &row);
    if (e == ERR_NOT_FOUND && student.id) {
        *ret = (struct consent){.state = STR("none")};
        return ERR_OK;
    }
    if (!e)
        tell_consent(&row, ret);
    return e;
}

/* Under 18 on this day, by the birth date; an unknown one reads as of age. */
static bool is_minor(const struct ctx *ctx, const struct student *s)
{
    struct str rest = s->birth_date.v;
    struct arena a = {0};
    struct str today = time_format(&a, ctx->now);
    struct str now_rest = today;
    int64_t born = 0;
    int64_t year = 0;
    bool minor;

    if (!s->birth_date.set || s->birth_date.null || !str_to_i64(str_cut(&rest, '-'), &born) ||
        !str_to_i64(str_cut(&now_rest, '-'), &year)) {
        arena_finish(&a);
        return false;
    }
    /* "MM-DD" compares as text. */
    now_rest.len = 5;
    minor = year - born < 18 || (year - born == 18 && str_before(now_rest, rest));
    arena_finish(&a);
    return minor;
}

static enum err record(struct ctx *ctx, int64_t student_id, const struct consent_row *row)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : consent_insert(ctx, student_id, row);
    return e ? e : tx_commit(&tx);
}

enum err consent_give(struct ctx *ctx, const struct consent_new *in, struct consent *ret)
{
    struct student student = {0};
    struct consent_row row = {
        .state = STR("given"),
        .given_by = in->given_by,
        .given_by_name = in->given_by_name,
        .text_version = in->text_version,
        .locale = in->locale,
        .at = ctx->now,
    };
    enum err e = student_get_for(ctx, in->student_id, &student);

    if (e)
        return e;
    if (is_minor(ctx, &student) && !str_is(in->given_by, "guardian"))
        return fail_field(ctx, "/given_by", "one_of", "guardian",
                          "must be the guardian of a student under 18");
    if (str_is(in->given_by, "guardian") && ctx->actor.role == ROLE_STUDENT)
        return fail_field(ctx, "/given_by", "one_of", "student",
                          "must be recorded by the school when a guardian gives it");
    if (str_is(in->given_by, "guardian") && !(in->given_by_name.set && in->given_by_name.v.len))
        return fail_field(ctx, "/given_by_name", "required", "", "is required for a guardian");
    e = record(ctx, in->student_id, &row);
    if (!e)
        tell_consent(&row, ret);
    return e;
}

enum err consent_withdraw(struct ctx *ctx, int64_t student_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct student student = {0};
    struct consent_row row = {0};
    int64_t n = 0;
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : tx_begin(ctx, &tx);
    /* Holds the student: who enrols at this moment comes before, and is erased, or sees it. */
    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : consent_fetch(ctx, student_id, &row);
    if (!e && !str_is(row.state, "given"))
        e = fail(ctx, ERR_NOT_FOUND, "no consent is in force");
    row.state = STR("withdrawn");
    e = e ? e : consent_insert(ctx, student_id, &row);
    e = e ? e : enrolment_destroy(ctx, student_id, &n);
    return e ? e : tx_commit(&tx);
}
