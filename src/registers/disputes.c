/* SPDX-License-Identifier: MIT */
/* The rules of disputes: one open at a time, in time, decided once. */
#include "registers/disputes.h"

#include "base/fold.h"
#include "base/settings.h"

#include "attendance/attendance.h"
#include "db/tx.h"
#include "events/events.h"
#include "registers/disputes_store.h"

enum { DAY_MS = 24 * 3600 * 1000 };

#define STATUSES                                                                                   \
    ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote", "unmarked")

#define F(...) FIELD(struct dispute, __VA_ARGS__)
static const struct field dispute_fields[] = {
    F(id, "Number of the dispute", .required = true, .example = "3"),
    F(session_id, "Session", .required = true, .example = "12"),
    F(module_name, "Its module", .required = true, .example = "\"Networks\""),
    F(starts_at, "Its start", .required = true, .format = "date-time"),
    F(time_zone, "Its zone", .required = true),
    F(session_state, "State of its register; a confirmed one must be reopened to accept",
      .required = true, .one_of = ONE_OF("scheduled", "open", "closed", "confirmed", "cancelled")),
    F(student_id, "Student who disputes the own mark", .required = true),
    F(student_number, "Student number", .required = true),
    F(student_name, "Student's name", .required = true),
    F(trainer_id, "Trainer of the session", .required = true),
    F(trainer_name, "Trainer's name", .required = true),
    F(claimed, "What the mark should be, by the student", .required = true,
      .one_of = ONE_OF("present", "late", "partial", "left_early", "excused", "remote")),
    F(status_then, "What it was when it was disputed", .required = true, .one_of = STATUSES),
    F(status_now, "What it is now", .required = true, .one_of = STATUSES),
    F(derived_now, "What the rules alone say; null: nobody said otherwise", .required = true,
      .one_of = STATUSES),
    F(message, "Why it is wrong, in the student's words", .required = true,
      .example = "\"I sat in the last row.\""),
    F(state, "What became of it", .required = true,
      .one_of = ONE_OF("open", "accepted", "rejected", "withdrawn")),
    F(answer, "The answer", .required = true),
    F(decided_status, "The status that was set when it was accepted", .required = true,
      .one_of = STATUSES),
    F(decided_by, "Account that decided", .required = true),
    F(decided_by_name, "Its name", .required = true),
    F(decided_at, "When", .required = true, .format = "date-time"),
    F(created_at, "When it was disputed", .required = true, .format = "date-time"),
    F(version, "Grows with each change", .required = true),
};
#undef F
const struct schema dispute_schema = SCHEMA(dispute, dispute_fields);

struct dispute_event {
    struct obj dispute;
};
static const struct field event_fields[] = {
    FIELD(struct dispute_event, dispute, "The dispute as it is now", .items = &dispute_schema),
};
static const struct schema event_schema = SCHEMA(dispute_event, event_fields);

static enum err tell(struct ctx *ctx, const char *name, struct dispute *d)
{
    struct dispute_event ev = {{d}};

    return event_emit(ctx, name, &event_schema, &ev,
                      (struct audience){.trainer_id = d->trainer_id, .student_id = d->student_id});
}

enum err dispute_list(struct ctx *ctx, const struct dispute_filter *filter, struct page *ret)
{
    return disputes_fetch_page(ctx, filter, ret);
}

enum err dispute_get(struct ctx *ctx, int64_t id, struct dispute *ret)
{
    return disputes_fetch(ctx, id, ret);
}

/* The caller's own mark, and whether it can be disputed now. */
static enum err find_mark(struct ctx *ctx, const struct dispute_new *in, struct str *ret_status)
{
    int64_t days = ctx->services->settings->dispute_days;
    struct attendance_register r = {0};
    enum err e = attendance_register_get(ctx, in->session_id, &r);

    if (e)
        return e;
    const struct session *s = r.session.at;
    if (session_is(s, "scheduled") || session_is(s, "cancelled"))
        return fail(ctx, ERR_SESSION_STATE, "the session is %s", s->state.at);
    if (ctx->now > s->ends_at + days * DAY_MS)
        return fail(ctx, ERR_SESSION_STATE, "a mark is disputed within %lld days of the session",
                    (long long)days);
    const struct attendance *mark = r.records.at;
    if (!r.records.n || str_is(mark->status, "unmarked"))
        return fail(ctx, ERR_SESSION_STATE, "nothing is marked yet");
    if (str_eq(mark->status, in->claimed))
        return fail_field(ctx, "/claimed", "one_of", "", "is what the mark says already");
    *ret_status = mark->status;
    return ERR_OK;
}

static enum err check_message(struct ctx *ctx, struct str message)
{
    if (str_fold(&ctx->arena, message).len == 0)
        return fail_field(ctx, "/message", "blank", "", "must not be blank");
    return ERR_OK;
}

enum err dispute_open(struct ctx *ctx, const struct dispute_new *in, struct dispute *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct dispute d = {
        .session_id = in->session_id,
        .student_id = ctx->actor.student_id,
        .claimed = in->claimed,
        .message = in->message,
    };
    int64_t id = 0;
    enum err e = check_message(ctx, in->message);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : find_mark(ctx, in, &d.status_then);
    e = e ? e : disputes_insert(ctx, &d, &id);
    if (e == ERR_CONFLICT)
        return fail(ctx, e, "this mark is disputed already: wait for the answer or withdraw it");
    e = e ? e : disputes_fetch(ctx, id, &d);
    e = e ? e : tell(ctx, "dispute.opened", &d);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = d;
    return e;
}

/* Writes the decision if it is still open, and gives back what is now there. */
static enum err settle(struct ctx *ctx, struct dispute *d)
{
    int64_t n = 0;
    enum err e = disputes_settle(ctx, d, &n);

    if (!e && !n)
        return fail(ctx, ERR_CONFLICT, "the dispute was decided or withdrawn meanwhile");
    return e;
}

static enum err take_answer(struct ctx *ctx, int64_t id, const char *state, struct opt_str message,
                            struct dispute *ret)
{
    enum err e = disputes_fetch(ctx, id, ret);

    if (!e && !str_is(ret->state, "open"))
        return fail(ctx, ERR_CONFLICT, "the dispute was %s", ret->state.at);
    ret->state = str_of(state);
    ret->answer = message;
    return e;
}

static enum err correct(struct ctx *ctx, const struct dispute *d)
{
    const struct attendance_mark mark = {
        .session_id = d->session_id,
        .student_id = d->student_id,
        .status = d->decided_status.v,
        .note = {.set = true, .v = d->answer.set ? d->answer.v : STR(ATTENDANCE_DISPUTED)},
    };
    struct attendance out;

    if (str_is(d->session_state, "confirmed"))
        return fail(ctx, ERR_SESSION_STATE,
                    "the register is confirmed: reopen it to change the mark");
    return attendance_set(ctx, &mark, (struct opt_i64){0}, &out);
}

static enum err conclude(struct ctx *ctx, struct tx *tx, int64_t id, struct dispute *ret)
{
    struct dispute d = {0};
    enum err e = disputes_fetch(ctx, id, &d);

    e = e ? e : tell(ctx, "dispute.decided", &d);
    e = e ? e : tx_commit(tx);
    if (!e)
        *ret = d;
    return e;
}

enum err dispute_accept(struct ctx *ctx, const struct dispute_decision *in, struct dispute *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct dispute d = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : take_answer(ctx, in->dispute_id, "accepted", in->message, &d);
    d.decided_status =
        (struct opt_str){.set = true, .v = in->status.set ? in->status.v : d.claimed};
    e = e ? e : settle(ctx, &d);
    e = e ? e : correct(ctx, &d);
    return e ? e : conclude(ctx, &tx, in->dispute_id, ret);
}

enum err dispute_reject(struct ctx *ctx, const struct dispute_decision *in, struct dispute *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct dispute d = {0};
    enum err e = check_message(ctx, in->message.v);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : take_answer(ctx, in->dispute_id, "rejected", in->message, &d);
    e = e ? e : settle(ctx, &d);
    return e ? e : conclude(ctx, &tx, in->dispute_id, ret);
}

enum err dispute_withdraw(struct ctx *ctx, int64_t id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct dispute d = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : take_answer(ctx, id, "withdrawn", (struct opt_str){0}, &d);
    e = e ? e : settle(ctx, &d);
    return e ? e : conclude(ctx, &tx, id, &d);
}
