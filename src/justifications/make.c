/* SPDX-License-Identifier: MIT */
/* Making a justification: whose it is, which time it means, and who has to sign. */
#include "base/settings.h"
#include "base/zone.h"

#include "db/tx.h"
#include "guardians/guardians.h"
#include "justifications/justifications_store.h"
#include "justifications/parts.h"
#include "justifications/reasons.h"
#include "students/students.h"

static const int64_t day_ms = 24LL * 3600 * 1000;

static enum err student_of(struct ctx *ctx, const struct justification_new *in, struct student *ret)
{
    int64_t id = in->student_id.set ? in->student_id.v : ctx->actor.student_id;
    struct student seen;
    enum err e;

    if (!id)
        return fail_field(ctx, "/student_id", "required", "", "is required");
    e = student_get_for(ctx, id, &seen);
    /* As the school knows the student, whatever the caller may see of it. */
    e = e ? e : student_get(ctx, id, ret);
    e = e ? e : student_check_usable(ctx, id, "/student_id");
    return e;
}

static enum err one_kind(struct ctx *ctx, const struct justification_new *in)
{
    int kinds = (in->from.set || in->to.set) + (in->starts_at.set || in->ends_at.set) +
                (in->session_ids.n > 0);

    if (kinds == 1)
        return ERR_OK;
    return fail_field(ctx, "/from", kinds ? "one_of" : "required",
                      "from and to, or starts_at and ends_at, or session_ids",
                      kinds ? "say the time in one way, not in several" : "say the time");
}

/* The whole days `from`..`to` as the school's clocks have them. */
static enum err span_of_days(struct ctx *ctx, const struct justification_new *in,
                             struct justification *j)
{
    struct str zone = ctx->services->settings->time_zone;
    struct str to = in->to.set ? in->to.v : in->from.v;
    int64_t last = 0;

    if (!in->from.set)
        return fail_field(ctx, "/from", "required", "", "is required with to");
    if (!zone_utc_day(zone, in->from.v, 0, &j->starts_at, NULL))
        return fail_field(ctx, "/from", "max", "", "is too far away");
    if (!day_number(to, &last) ||
        !zone_utc_day(zone, date_of_day(&ctx->arena, last + 1), 0, &j->ends_at, NULL))
        return fail_field(ctx, "/to", "max", "", "is too far away");
    if (j->ends_at <= j->starts_at)
        return fail_field(ctx, "/to", "min", "", "must not be before from");
    return ERR_OK;
}

static bool same_day(struct ctx *ctx, int64_t a, int64_t b)
{
    struct str zone = ctx->services->settings->time_zone;
    struct local_time x, y;

    return zone_local(zone, a, &x) && zone_local(zone, b, &y) && x.year == y.year &&
           x.month == y.month && x.day == y.day;
}

static enum err span_of_times(struct ctx *ctx, const struct justification_new *in,
                              struct justification *j)
{
    enum err e = ERR_OK;

    if (!in->starts_at.set)
        e = fail_field(ctx, "/starts_at", "required", "", "is required with ends_at");
    if (!in->ends_at.set)
        e = fail_field(ctx, "/ends_at", "required", "", "is required with starts_at");
    if (!e && in->ends_at.v <= in->starts_at.v)
        e = fail_field(ctx, "/ends_at", "min", "", "must be after starts_at");
    if (e)
        return e;
    j->starts_at = in->starts_at.v;
    j->ends_at = in->ends_at.v;
    j->partial = same_day(ctx, j->starts_at, j->ends_at - 1);
    return ERR_OK;
}

static enum err wrong_session(struct ctx *ctx, size_t i, const char *code, const char *what)
{
    return fail_field(ctx, arena_printf(&ctx->arena, "/session_ids/%zu", i).at, code, "", "%s",
                      what);
}

static enum err span_of_sessions(struct ctx *ctx, const struct i64s *ids, struct justification *j)
{
    enum err bad = ERR_OK;

    for (size_t i = 0; i < ids->n; i++) {
        int64_t from = 0, to = 0;
        enum err e = justifications_store_session(ctx, j->student_id, ids->at[i], &from, &to);

        for (size_t k = 0; !e && k < i; k++)
            if (ids->at[k] == ids->at[i])
                bad = wrong_session(ctx, i, "unique", "is there twice");
        if (e == ERR_NOT_FOUND)
            bad = wrong_session(ctx, i, "not_found", "is no session of the student");
        else if (e)
            return e;
        if (!i || from < j->starts_at)
            j->starts_at = from;
        if (!i || to > j->ends_at)
            j->ends_at = to;
    }
    return bad;
}

static enum err check_reach(struct ctx *ctx, const struct justification *j, const char *first,
                            const char *last)
{
    if (j->starts_at < ctx->now - JUSTIFICATION_BACK_DAYS * day_ms)
        return fail_field(ctx, first, "min", "", "is more than %d days ago",
                          JUSTIFICATION_BACK_DAYS);
    if (j->ends_at > ctx->now + (JUSTIFICATION_DAYS_MAX + 1) * day_ms)
        return fail_field(ctx, last, "max", "", "is more than %d days from now",
                          JUSTIFICATION_DAYS_MAX);
    if (j->ends_at - j->starts_at > (JUSTIFICATION_DAYS_MAX + 1) * day_ms)
        return fail_field(ctx, last, "max", "", "makes it longer than %d days",
                          JUSTIFICATION_DAYS_MAX);
    return ERR_OK;
}

static enum err read_time(struct ctx *ctx, const struct justification_new *in,
                          struct justification *j)
{
    enum err e = one_kind(ctx, in);

    if (e)
        return e;
    j->scope = in->session_ids.n ? STR("sessions") : STR("span");
    if (in->session_ids.n) {
        e = span_of_sessions(ctx, &in->session_ids, j);
        return e ? e : check_reach(ctx, j, "/session_ids", "/session_ids");
    }
    if (in->from.set || in->to.set) {
        e = span_of_days(ctx, in, j);
        return e ? e : check_reach(ctx, j, "/from", "/to");
    }
    e = span_of_times(ctx, in, j);
    return e ? e : check_reach(ctx, j, "/starts_at", "/ends_at");
}

/* A minor's needs a guardian's signature; a guardian's own one is signed. */
static enum err first_state(struct ctx *ctx, const struct student *s, struct justification *j)
{
    bool may_sign = false;
    int64_t signers = 0;
    enum err e = ERR_OK;

    j->state = STR("pending");
    if (ctx->actor.role == ROLE_ADMIN)
        return ERR_OK;
    if (ctx->actor.role == ROLE_GUARDIAN)
        e = guardian_may_sign(ctx, s->id, &may_sign);
    if (e || may_sign) {
        j->signed_by = (struct opt_i64){.set = may_sign, .v = ctx->actor.user_id};
        j->signed_at = (struct opt_i64){.set = may_sign, .v = ctx->now};
        return e;
    }
    if (!guardian_required(ctx, s, ctx->now))
        return ERR_OK;
    e = justifications_store_signers(ctx, s->id, &signers);
    if (signers)
        j->state = STR("awaiting_guardian");
    j->guardian_missing = !signers;
    return e;
}

static enum err check_number(struct ctx *ctx, int64_t student_id)
{
    int64_t n = 0;
    enum err e = ERR_OK;

    if (ctx->actor.role == ROLE_ADMIN)
        return ERR_OK;
    e = justifications_store_undecided(ctx, student_id, &n);
    if (!e && n >= JUSTIFICATIONS_OPEN_MAX)
        e = fail(ctx, ERR_CONFLICT, "%d justifications of this student are undecided, at most %d",
                 JUSTIFICATIONS_OPEN_MAX, JUSTIFICATIONS_OPEN_MAX);
    return e;
}

static enum err keep(struct ctx *ctx, const struct justification *j, const struct i64s *sessions,
                     int64_t *ret_id)
{
    int64_t other = 0;
    enum err e = justifications_store_insert(ctx, j, ret_id);

    for (size_t i = 0; !e && i < sessions->n; i++)
        e = justifications_store_add_session(ctx, *ret_id, sessions->at[i]);
    e = e ? e : justifications_store_overlap(ctx, j->student_id, *ret_id, &other);
    if (!e && other)
        return fail(ctx, ERR_CONFLICT,
                    "justification %lld of this student covers some of this time already",
                    (long long)other);
    return e;
}

enum err justification_create(struct ctx *ctx, const struct justification_new *in,
                              struct justification *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {.reason_id = in->reason_id};
    struct absence_reason reason;
    struct student student = {0};
    int64_t id = 0;
    enum err e = student_of(ctx, in, &student), er;

    if (e)
        return e;
    j.student_id = student.id;
    j.message.v = in->message.set ? in->message.v : STR("");
    e = read_time(ctx, in, &j);
    er = reason_check_usable(ctx, in->reason_id, "/reason_id", &reason);
    e = e ? e : er;
    e = e ? e : first_state(ctx, &student, &j);
    if (e)
        return e;
    j.late = zone_days_later(ctx_school_zone(ctx), j.ends_at,
                             ctx->services->settings->justify_days) < ctx->now;
    e = tx_begin(ctx, &tx);
    e = e ? e : justifications_store_hold_student(ctx, j.student_id);
    e = e ? e : check_number(ctx, j.student_id);
    e = e ? e : keep(ctx, &j, &in->session_ids, &id);
    e = e ? e
          : justification_note(ctx, id, j.signed_by.set ? "signed" : "made",
                               arena_cstr(&ctx->arena, j.state), j.message.v);
    e = e ? e : justification_tell(ctx, id);
    e = e ? e : justification_get(ctx, id, ret);
    return e ? e : tx_commit(&tx);
}
