/* SPDX-License-Identifier: MIT */
/* The ledger of consent: who may say yes, whose no wins, and what a no destroys. */
#include "enrolment/consent.h"

#include "db/tx.h"
#include "enrolment/consent_store.h"
#include "enrolment/erasure.h"
#include "students/students.h"

#define F(...) FIELD(struct consent, __VA_ARGS__)
static const struct field consent_fields[] = {
    F(state,
      "Whether face recognition is allowed; `assented`: a minor no longer refuses, the guardian's "
      "consent is missing",
      .required = true, .one_of = ONE_OF("none", "given", "withdrawn", "refused", "assented")),
    F(given_by, "Who said it", .required = true, .one_of = ONE_OF("student", "guardian", "school")),
    F(given_by_name, "Name of the guardian", .required = true),
    F(text_version, "Version of the text shown", .required = true),
    F(locale, "Language of the text", .required = true),
    F(given_at, "When", .required = true, .format = "date-time"),
    F(withdrawn_at, "When it was withdrawn or refused", .required = true, .format = "date-time"),
    F(blocked, "The student said no: nobody else can give consent", .required = true,
      .example = "false"),
};
#undef F
const struct schema consent_schema = SCHEMA(consent, consent_fields);

#define F(...) FIELD(struct consent_entry, __VA_ARGS__)
static const struct field entry_fields[] = {
    F(id, "Number of the row", .required = true, .example = "12"),
    F(state, "What was said", .required = true,
      .one_of = ONE_OF("given", "withdrawn", "refused", "assented")),
    F(given_by, "Who said it", .required = true, .one_of = ONE_OF("student", "guardian", "school")),
    F(given_by_name, "Name of the guardian", .required = true),
    F(text_version, "Version of the text shown; empty for a no", .required = true),
    F(text_hash, "Its SHA-256; null for a text that is not one of the program's", .required = true),
    F(locale, "Language of the text; empty for a no", .required = true),
    F(channel, "How it came", .required = true, .one_of = ONE_OF("web", "paper", "import")),
    F(of_age, "What was said about being 18, when the birth date was unknown", .required = true),
    F(at, "When", .required = true, .format = "date-time"),
    F(by_account_id, "Account that entered it; 0: the program", .required = true, .example = "3"),
};
#undef F
const struct schema consent_entry_schema = SCHEMA(consent_entry, entry_fields);

static struct opt_str text(struct str s)
{
    return (struct opt_str){.set = true, .v = s};
}

static bool is_no(struct str state)
{
    return str_is(state, "refused") || str_is(state, "withdrawn");
}

static void tell_consent(const struct consent_row *row, bool blocked, struct consent *ret)
{
    *ret = (struct consent){
        .state = row->state,
        .given_by = text(row->given_by),
        .given_by_name = row->given_by_name,
        .text_version = text(row->text_version),
        .locale = text(row->locale),
        .blocked = blocked,
    };
    if (is_no(row->state))
        ret->withdrawn_at = (struct opt_i64){.set = true, .v = row->at};
    else
        ret->given_at = (struct opt_i64){.set = true, .v = row->at};
}

/* The student's own last word was no. */
static enum err fetch_blocked(struct ctx *ctx, int64_t student_id, bool *ret)
{
    struct consent_row own = {0};
    enum err e = consent_fetch_own(ctx, student_id, &own);

    if (e && e != ERR_NOT_FOUND)
        return e;
    *ret = !e && is_no(own.state);
    return ERR_OK;
}

enum err consent_get(struct ctx *ctx, int64_t student_id, struct consent *ret)
{
    struct student student = {0};
    struct consent_row row = {0};
    bool blocked = false;
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : consent_fetch(ctx, student_id, &row);
    if (e == ERR_NOT_FOUND && student.id) {
        *ret = (struct consent){.state = STR("none")};
        return ERR_OK;
    }
    e = e ? e : fetch_blocked(ctx, student_id, &blocked);
    if (!e)
        tell_consent(&row, blocked, ret);
    return e;
}

/* By the birth date; without one, as was said, which then must have been. */
static enum err find_minor(struct ctx *ctx, const struct student *s, const struct consent_new *in,
                           bool *ret)
{
    if (s->birth_date.set && !s->birth_date.null) {
        *ret = student_is_minor(ctx, s->birth_date.v, ctx->now);
        return ERR_OK;
    }
    if (!str_is(in->given_by, "guardian") && !in->of_age.set)
        return fail_field(ctx, "/of_age", "required", "true, false",
                          "the birth date is unknown: say whether the student is 18 or older");
    *ret = in->of_age.set && !in->of_age.v;
    return ERR_OK;
}

/* Fills channel and text; the student's own page shows one of our texts. */
static enum err settle_text(struct ctx *ctx, const struct consent_new *in, struct consent_row *row)
{
    struct consent_text known = {0};
    bool own = ctx->actor.role == ROLE_STUDENT;

    row->channel = own ? STR("web") : in->channel.set ? in->channel.v : STR("paper");
    if (own && in->channel.set && !str_is(in->channel.v, "web"))
        return fail_field(ctx, "/channel", "one_of", "web", "is web for what students say");
    if (!own && str_is(row->channel, "web"))
        return fail_field(ctx, "/channel", "one_of", "paper, import",
                          "is web for what students say by themselves");
    if (!consent_text_get(ctx, in->text_version, in->locale, &known)) {
        row->text_hash = text(known.hash);
        return ERR_OK;
    }
    fault_clear(ctx);
    if (!own)
        return ERR_OK;
    return fail_field(ctx, "/text_version", "one_of", "2026-11", "is no text of this program");
}

/* A minor's own yes takes back the own no and no more. */
static enum err check_giver(struct ctx *ctx, const struct consent_new *in, bool minor, bool blocked,
                            struct consent_row *row)
{
    bool guardian = str_is(in->given_by, "guardian");

    if (minor && !guardian && !blocked)
        return fail_field(ctx, "/given_by", "one_of", "guardian",
                          "must be the guardian of a student under 18");
    if (guardian && ctx->actor.role == ROLE_STUDENT)
        return fail_field(ctx, "/given_by", "one_of", "student",
                          "must be recorded by the school when a guardian gives it");
    if (guardian && !(in->given_by_name.set && in->given_by_name.v.len))
        return fail_field(ctx, "/given_by_name", "required", "", "is required for a guardian");
    row->state = minor && !guardian ? STR("assented") : STR("given");
    return ERR_OK;
}

/* After a student's no: the student's yes, by the own account of who has one. */
static enum err check_no(struct ctx *ctx, const struct student *s, const struct consent_new *in,
                         bool blocked)
{
    bool own = ctx->actor.role == ROLE_STUDENT && ctx->actor.student_id == s->id;

    if (!blocked || own || (str_is(in->given_by, "student") && !s->user_id.set))
        return ERR_OK;
    return fail(ctx, ERR_CONSENT_REQUIRED,
                "the student has refused: only the student can give consent again%s",
                s->user_id.set ? ", signed in" : "");
}

static enum err record(struct ctx *ctx, const struct student *s, const struct consent_new *in,
                       struct consent_row *row)
{
    cleanup(tx_finish) struct tx tx = {0};
    bool minor = false, blocked = false;
    enum err e = tx_begin(ctx, &tx);

    /* Holds the student: two who speak at once come one after the other. */
    e = e ? e : student_touch(ctx, s->id);
    e = e ? e : fetch_blocked(ctx, s->id, &blocked);
    e = e ? e : find_minor(ctx, s, in, &minor);
    e = e ? e : check_giver(ctx, in, minor, blocked, row);
    e = e ? e : check_no(ctx, s, in, blocked);
    e = e ? e : consent_insert(ctx, s->id, row, &row->id);
    return e ? e : tx_commit(&tx);
}

enum err consent_give(struct ctx *ctx, const struct consent_new *in, struct consent *ret)
{
    struct student student = {0};
    struct consent_row row = {
        .given_by = in->given_by,
        .given_by_name = in->given_by_name,
        .text_version = in->text_version,
        .locale = in->locale,
        .of_age = in->of_age,
        .at = ctx->now,
    };
    enum err e = student_get_for(ctx, in->student_id, &student);

    e = e ? e : settle_text(ctx, in, &row);
    e = e ? e : record(ctx, &student, in, &row);
    if (!e)
        tell_consent(&row, false, ret);
    return e;
}

/* Who says no: a student for the student; the school by default for the school. */
static enum err find_voice(struct ctx *ctx, const struct consent_end *in, const char *otherwise,
                           struct str *ret)
{
    bool own = ctx->actor.role == ROLE_STUDENT;

    if (own && in->by.set && !str_is(in->by.v, "student"))
        return fail_field(ctx, "by", "one_of", "student", "a student speaks for the student");
    *ret = own ? STR("student") : in->by.set ? in->by.v : str_of(otherwise);
    return ERR_OK;
}

/* One transaction: the row, and the end of what there is. */
static enum err say_no(struct ctx *ctx, int64_t student_id, struct consent_row *row,
                       const char *reason)
{
    struct erasure what = {.student_id = student_id, .reason = reason, .always = true};
    struct consent_row old = {0};
    enum err e = student_touch(ctx, student_id);

    e = e ? e : consent_fetch(ctx, student_id, &old);
    if (e == ERR_NOT_FOUND && str_is(row->state, "refused"))
        e = ERR_OK;
    if (e == ERR_NOT_FOUND ||
        (!e && str_is(row->state, "withdrawn") && !str_is(old.state, "given")))
        return fail(ctx, ERR_NOT_FOUND, "no consent is in force");
    what.always = str_is(old.state, "given");
    row->channel = ctx->actor.role == ROLE_STUDENT ? STR("web") : STR("paper");
    row->text_version = row->locale = STR("");
    row->at = ctx->now;
    e = e ? e : consent_insert(ctx, student_id, row, &row->id);
    what.consent_id = row->id;
    return e ? e : erasure_run(ctx, &what, NULL);
}

enum err consent_withdraw(struct ctx *ctx, const struct consent_end *in)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct student student = {0};
    struct consent_row row = {.state = STR("withdrawn")};
    enum err e = student_get_for(ctx, in->student_id, &student);

    e = e ? e : find_voice(ctx, in, "school", &row.given_by);
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : say_no(ctx, in->student_id, &row, "consent_withdrawn");
    return e ? e : tx_commit(&tx);
}

enum err consent_refuse(struct ctx *ctx, const struct consent_end *in, struct consent *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct student student = {0};
    struct consent_row row = {.state = STR("refused")};
    bool blocked = false;
    enum err e = student_get_for(ctx, in->student_id, &student);

    e = e ? e : find_voice(ctx, in, "student", &row.given_by);
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : say_no(ctx, in->student_id, &row, "consent_refused");
    e = e ? e : fetch_blocked(ctx, in->student_id, &blocked);
    e = e ? e : tx_commit(&tx);
    if (!e)
        tell_consent(&row, blocked, ret);
    return e;
}

enum err consent_ledger(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    struct student student = {0};
    enum err e = student_get_for(ctx, student_id, &student);

    return e ? e : consent_fetch_all(ctx, student_id, ret);
}
