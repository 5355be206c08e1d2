/* SPDX-License-Identifier: MIT */
/* The rules of days that a series does not take place: cancelled, left out, given back. */
#include "base/zone.h"

#include "db/tx.h"
#include "sessions/plan.h"
#include "timetable/series_parts.h"

static enum err drop_all(struct ctx *ctx, struct series_planning *p, struct str reason, bool one)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < p->now.n; i++) {
        const struct occurrence *o = (const struct occurrence *)p->now.at + i;
        struct session s;
        bool dropped = false;

        if (one && !str_eq(o->series_day, p->from))
            break;
        e = session_drop(ctx, o->id, reason, &dropped);
        if (!e && dropped) {
            p->changed++;
            e = session_get_any(ctx, o->id, &s);
        }
        if (!e && dropped)
            timetable_add(ctx, &p->people, &s);
    }
    return e;
}

/* Ends the pattern before the day, or as a whole. */
static void end_before(struct ctx *ctx, struct series *s, struct str day)
{
    int64_t n = 0;

    (void)day_number(day, &n);
    if (!series_has_before(ctx, s, day))
        s->ended = true;
    else if (!str_before(s->last_day, day))
        s->last_day = date_of_day(&ctx->arena, n - 1);
}

/* Cancels what is scheduled; of a single session it is said when it was not. */
static enum err cancel_from(struct ctx *ctx, struct series_planning *p, struct str reason, bool one)
{
    struct occurrence o = {0};
    enum err e = one ? series_session_on(ctx, p->series->id, p->from, &o) : ERR_OK;

    e = e ? e : series_store_occurrences(ctx, p->series->id, p->from, &p->now);
    e = e ? e : drop_all(ctx, p, reason, one);
    if (!e && one && !p->changed)
        return fail(ctx, ERR_SESSION_STATE, "the session of that day is %s", o.state.at);
    return e;
}

static enum err check_reason(struct ctx *ctx, struct str reason, const char *pointer)
{
    return str_trim(reason).len ? ERR_OK
                                : fail_field(ctx, pointer, "required", "", "must not be blank");
}

enum err series_cancel(struct ctx *ctx, struct opt_i64 version, const struct series_end *in,
                       struct series *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    bool one = str_is(in->scope, "this");
    bool all = str_is(in->scope, "all");
    struct opt_str why = {.set = true, .v = str_trim(in->reason)};
    struct series s = {0};
    struct series_planning p = {.series = &s};
    enum err e = all ? ERR_OK : series_check_day(ctx, in->day);

    e = e ? e : check_reason(ctx, in->reason, "reason");
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : series_hold(ctx, in->series_id, version, &s);
    if (e)
        return e;
    p.from = all || str_before(in->day.v, s.first_day) ? s.first_day : in->day.v;
    e = cancel_from(ctx, &p, why.v, one);
    if (!one)
        end_before(ctx, &s, p.from);
    e = e ? e : series_store_change(ctx, &s);
    e = e ? e : series_finish(ctx, &p, "cancelled", why, ret);
    return e ? e : tx_commit(&tx);
}

/* What was opened already cannot be left out any more. */
static enum err check_dropped(struct ctx *ctx, const struct series_planning *p)
{
    const struct occurrence *o = p->now.at;

    if (p->changed || !p->now.n || !str_eq(o->series_day, p->from) || str_is(o->state, "cancelled"))
        return ERR_OK;
    return fail(ctx, ERR_SESSION_STATE, "the session of that day is %s", o->state.at);
}

enum err series_except(struct ctx *ctx, const struct series_exception_new *in, struct series *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct opt_str why = {.set = true, .v = str_trim(in->reason)};
    struct series s = {0};
    struct series_planning p = {.series = &s, .from = in->day};
    enum err e = check_reason(ctx, in->reason, "/reason");

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : series_hold(ctx, in->series_id, (struct opt_i64){0}, &s);
    if (e)
        return e;
    if (str_before(in->day, s.first_day) || str_before(s.last_day, in->day))
        return fail_field(ctx, "/day", "max", "", "must lie between first_day and last_day");
    e = series_store_occurrences(ctx, s.id, in->day, &p.now);
    e = e ? e : drop_all(ctx, &p, why.v, true);
    e = e ? e : check_dropped(ctx, &p);
    e = e ? e : series_store_except(ctx, s.id, in->day, why.v);
    e = e ? e : series_store_touch(ctx, s.id);
    e = e ? e : series_finish(ctx, &p, "cancelled", why, ret);
    return e ? e : tx_commit(&tx);
}

/* A session that was changed by itself comes back as it was: if it still can. */
static enum err check_back(struct ctx *ctx, int64_t id, struct str day)
{
    struct session s = {0};
    struct session_slot slot = {.day = day};
    struct session_claim claim = {.slots = &slot, .n = 1, .except = {&id, 1}};
    struct list clashes = {0};
    enum err e = session_get_any(ctx, id, &s);

    e = e ? e : session_check(ctx, &s);
    slot.starts_at = s.starts_at;
    slot.ends_at = s.ends_at;
    claim.trainer_id = s.trainer_id;
    claim.room_id = s.room_id;
    claim.group_ids = s.group_ids;
    e = e ? e : session_clashes(ctx, &claim, &clashes);
    return !e && clashes.n ? session_clash_fail(ctx, &claim, &clashes) : e;
}

static bool is_pattern_day(struct ctx *ctx, const struct series *s, struct str day)
{
    struct i64s days;
    int64_t d = 0;

    if (!day_number(day, &d))
        return false;
    days = series_days(ctx, s, d);
    return days.n && days.at[0] == d;
}

/* The session of the day is scheduled again, when it had one and the day is still the series'. */
static enum err take_back(struct ctx *ctx, struct series *s, struct str day, bool *ret)
{
    struct occurrence o = {0};
    enum err e = series_session_on(ctx, s->id, day, &o);

    if (e == ERR_NOT_FOUND) { /* it never had one */
        fault_clear(ctx);
        return series_check(ctx, s);
    }
    if (!e && !o.detached && !is_pattern_day(ctx, s, day))
        return ERR_OK;
    e = e ? e : session_take_back(ctx, o.id, ret);
    return e ? e : *ret && o.detached ? check_back(ctx, o.id, day) : series_check(ctx, s);
}

enum err series_include(struct ctx *ctx, int64_t id, struct str day, struct series *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct series s = {0};
    struct series one;
    struct series_planning p = {.series = &one, .from = day};
    bool back = false;
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : series_hold(ctx, id, (struct opt_i64){0}, &s);
    e = e ? e : series_check_runs(ctx, &s);
    e = e ? e : series_store_include(ctx, id, day, &n);
    if (!e && n == 0)
        return fail(ctx, ERR_NOT_FOUND, "the series is not left out on that day");
    if (e)
        return e;
    e = take_back(ctx, &s, day, &back);
    /* Only this day is looked at, its holidays are not. */
    one = s;
    one.last_day = day;
    one.skip_holidays = false;
    one.exceptions = (struct list){0};
    e = e ? e : series_store_occurrences(ctx, id, day, &p.now);
    while (p.now.n > 1)
        p.now.n--;
    if (p.now.n && !str_eq(((const struct occurrence *)p.now.at)->series_day, day))
        p.now.n = 0;
    e = e ? e : series_carry_out(ctx, &p);
    p.changed += back;
    e = e ? e : series_store_touch(ctx, id);
    e = e ? e : series_finish(ctx, &p, "planned", (struct opt_str){0}, ret);
    return e ? e : tx_commit(&tx);
}
