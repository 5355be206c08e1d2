/* SPDX-License-Identifier: MIT */
/* Which sessions a series has, and making them so. */
#include "timetable/series_plan.h"

#include "base/zone.h"

#include "sessions/plan.h"
#include "timetable/holidays.h"

/* One day of the series, while it is planned. */
struct day_plan {
    struct str day;
    struct session_slot slot;
    enum zone_fit fit;
    const struct occurrence *now; /* the session that it has; NULL: to be made */
    bool left_out;                /* for a clash */
};

bool series_weekday_bits(struct strs names, int64_t *ret)
{
    static const char *const known[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};

    *ret = 0;
    for (size_t i = 0; i < names.n; i++) {
        size_t k = 0;

        while (k < COUNT(known) && !str_is(names.at[i], known[k]))
            k++;
        if (k == COUNT(known))
            return false;
        *ret |= (int64_t)1 << k;
    }
    return *ret != 0;
}

/* Weeks begin on Mondays; 1970-01-01 was a Thursday. */
static int64_t week_of(int64_t day)
{
    int64_t d = day + 3;

    return d / 7 - (d % 7 < 0);
}

bool series_is_week(const struct series *s, int64_t day)
{
    int64_t first = 0;

    return day_number(s->first_day, &first) &&
           (week_of(day) - week_of(first)) % s->every_weeks == 0;
}

struct i64s series_days(struct ctx *ctx, const struct series *s, int64_t from)
{
    struct i64s out = {ARENA_NEW_N(&ctx->arena, int64_t, SERIES_DAYS_MAX + 1), 0};
    int64_t first = 0;
    int64_t last = 0;

    if (!day_number(s->first_day, &first) || !day_number(s->last_day, &last))
        return out;
    for (int64_t d = from > first ? from : first; d <= last && out.n <= SERIES_DAYS_MAX; d++)
        if ((s->weekday_bits & ((int64_t)1 << (day_weekday(d) - 1))) && series_is_week(s, d))
            out.at[out.n++] = d;
    return out;
}

static const struct occurrence *session_of(const struct series_planning *p, struct str day)
{
    for (size_t i = 0; i < p->now.n; i++) {
        const struct occurrence *o = (const struct occurrence *)p->now.at + i;

        if (str_eq(o->series_day, day))
            return o;
    }
    return NULL;
}

static bool is_free(const struct occurrence *o)
{
    return str_is(o->state, "scheduled") && !o->detached;
}

static bool is_excepted(const struct series *s, struct str day)
{
    for (size_t i = 0; i < s->exceptions.n; i++)
        if (str_eq(((const struct series_exception *)s->exceptions.at)[i].day, day))
            return true;
    return false;
}

static const struct holiday *holiday_on(const struct list *holidays, struct str day)
{
    for (size_t i = 0; i < holidays->n; i++) {
        const struct holiday *h = (const struct holiday *)holidays->at + i;

        if (!str_before(day, h->from_day) && str_before(day, h->to_day))
            return h;
    }
    return NULL;
}

/* Whether the day is to have a session that may be made or changed. */
static enum err take_day(struct ctx *ctx, struct series_planning *p, const struct list *holidays,
                         struct day_plan *d, bool *ret)
{
    const struct series *s = p->series;
    const struct holiday *h;

    *ret = false;
    d->now = session_of(p, d->day);
    if (is_excepted(s, d->day) || (d->now && !is_free(d->now)) ||
        !zone_utc_day(s->time_zone, d->day, s->starts_min, &d->slot.starts_at, &d->fit))
        return ERR_OK;
    d->slot.ends_at = d->slot.starts_at + s->duration_min * 60000;
    d->slot.day = d->day;
    if (!d->now && d->slot.starts_at < p->not_before)
        return ERR_OK;
    h = s->skip_holidays && !d->now ? holiday_on(holidays, d->day) : NULL;
    if (h)
        return series_store_except(ctx, s->id, d->day, h->name);
    *ret = true;
    return ERR_OK;
}

static enum err choose_days(struct ctx *ctx, struct series_planning *p, struct list *ret)
{
    int64_t from = 0;
    int64_t last = 0;
    struct i64s days;
    struct list holidays;
    struct day_plan *at;
    size_t n = 0;
    enum err e;

    (void)day_number(p->from, &from);
    (void)day_number(p->series->last_day, &last);
    e = holidays_between(ctx, p->from, date_of_day(&ctx->arena, last + 1), &holidays);
    days = series_days(ctx, p->series, from);
    at = ARENA_NEW_N(&ctx->arena, struct day_plan, days.n + 1);
    for (size_t i = 0; !e && i < days.n; i++) {
        bool taken = false;

        at[n] = (struct day_plan){.day = date_of_day(&ctx->arena, days.at[i])};
        e = take_day(ctx, p, &holidays, &at[n], &taken);
        n += taken;
    }
    *ret = (struct list){at, n};
    return e;
}

static void warn(struct ctx *ctx, struct series *s, const char *code, struct str detail)
{
    struct series_warning *more =
        ARENA_NEW_N(&ctx->arena, struct series_warning, s->warnings.n + 1);
    const struct series_warning *old = s->warnings.at;

    for (size_t i = 0; i < s->warnings.n; i++)
        more[i] = old[i];
    more[s->warnings.n] = (struct series_warning){str_of(code), detail};
    s->warnings = (struct list){more, s->warnings.n + 1};
}

/* A clash refuses all, is told, or leaves its day out: as the caller wants it. */
static enum err settle_clashes(struct ctx *ctx, struct series_planning *p,
                               const struct session_claim *claim, const struct list *clashes,
                               struct day_plan *days)
{
    enum { WARNED_MAX = 50 };

    if (clashes->n && !p->skip_clashing && !p->allow_clash)
        return session_clash_fail(ctx, claim, clashes);
    for (size_t i = 0; i < clashes->n; i++) {
        const struct session_clash *c = (const struct session_clash *)clashes->at + i;
        struct day_plan *d = &days[c->slot];
        struct str what = arena_printf(&ctx->arena, "clash with session %lld on %.*s",
                                       (long long)c->session_id, (int)d->day.len, d->day.at);
        enum err e = ERR_OK;

        if (p->skip_clashing && !d->left_out) {
            d->left_out = true;
            e = series_store_except(ctx, p->series->id, d->day, what);
        }
        if (e)
            return e;
        if (p->series->warnings.n < WARNED_MAX)
            warn(ctx, p->series, "clash", what);
    }
    return ERR_OK;
}

/* Who stands in for the trainer of the series goes on to. */
static bool keeps_substitute(const struct series *s, const struct occurrence *o)
{
    return o->planned_trainer_id.set && o->planned_trainer_id.v == s->trainer_id;
}

static enum err look_at_substitute(struct ctx *ctx, struct series_planning *p, struct i64s except,
                                   struct day_plan *d)
{
    struct session_claim claim = {
        .trainer_id = d->now->trainer_id,
        .slots = &d->slot,
        .n = 1,
        .except = except,
    };
    struct list clashes;
    enum err e = session_clashes(ctx, &claim, &clashes);

    return e ? e : settle_clashes(ctx, p, &claim, &clashes, d);
}

static enum err look_for_clashes(struct ctx *ctx, struct series_planning *p,
                                 const struct list *days)
{
    struct day_plan *at = days->at;
    struct session_slot *slots = ARENA_NEW_N(&ctx->arena, struct session_slot, days->n + 1);
    struct session_claim claim = {
        .trainer_id = p->series->trainer_id,
        .room_id = p->series->room_id,
        .group_ids = p->series->group_ids,
        .slots = slots,
        .n = days->n,
        .except = {ARENA_NEW_N(&ctx->arena, int64_t, p->now.n + 1), 0},
    };
    struct list clashes;
    enum err e;

    for (size_t i = 0; i < days->n; i++)
        slots[i] = at[i].slot;
    for (size_t i = 0; i < p->now.n; i++) {
        const struct occurrence *o = (const struct occurrence *)p->now.at + i;

        if (is_free(o))
            claim.except.at[claim.except.n++] = o->id;
    }
    e = session_clashes(ctx, &claim, &clashes);
    e = e ? e : settle_clashes(ctx, p, &claim, &clashes, at);
    for (size_t i = 0; !e && i < days->n; i++)
        if (at[i].now && !at[i].left_out && keeps_substitute(p->series, at[i].now))
            e = look_at_substitute(ctx, p, claim.except, &at[i]);
    return e;
}

/* A long day that begins again before its last time has ended: on the day with 23 hours of a
 * series that takes 24, say. */
static enum err look_at_itself(struct ctx *ctx, struct series_planning *p, const struct list *days)
{
    struct day_plan *last = NULL;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < days->n; i++) {
        struct day_plan *d = (struct day_plan *)days->at + i;
        struct str what;

        if (d->left_out)
            continue;
        if (!last || d->slot.starts_at >= last->slot.ends_at) {
            last = d;
            continue;
        }
        what = arena_printf(&ctx->arena, "on %.*s it begins before that of %.*s has ended",
                            (int)d->day.len, d->day.at, (int)last->day.len, last->day.at);
        if (!p->skip_clashing && !p->allow_clash)
            return fail_field(ctx, "/duration_min", "overlap", "", "%s", what.at);
        d->left_out = p->skip_clashing;
        if (d->left_out)
            e = series_store_except(ctx, p->series->id, d->day, what);
        else
            last = d;
        warn(ctx, p->series, "clash", what);
    }
    return e;
}

static void shape(struct session *s, const struct series *from, const struct day_plan *d)
{
    s->module_id = from->module_id;
    if (!s->planned_trainer_id.set || s->planned_trainer_id.v != from->trainer_id) {
        s->trainer_id = from->trainer_id;
        s->planned_trainer_id = (struct opt_i64){0};
    }
    s->room_id = from->room_id;
    s->group_ids = from->group_ids;
    s->mode = from->mode;
    s->time_zone = from->time_zone;
    s->starts_at = d->slot.starts_at;
    s->ends_at = d->slot.ends_at;
    s->series_id = (struct opt_i64){.set = true, .v = from->id};
    s->series_day = (struct opt_str){.set = true, .v = d->day};
}

static enum err change_one(struct ctx *ctx, struct series_planning *p, const struct day_plan *d)
{
    struct session before;
    struct session s;
    enum err e = session_get_any(ctx, d->now->id, &before);

    if (e)
        return e;
    s = before;
    shape(&s, p->series, d);
    if (!str_eq(s.kind, p->series->kind)) {
        s.kind = p->series->kind;
        e = session_defaults(ctx, &s);
    }
    if (e || schema_same(&session_schema, &s, &before))
        return e;
    p->changed++;
    timetable_add(ctx, &p->people, &before);
    return session_replan(ctx, &s);
}

static enum err carry_out_days(struct ctx *ctx, struct series_planning *p, const struct list *days)
{
    struct session fresh = {.kind = p->series->kind};
    enum err e = session_defaults(ctx, &fresh);

    for (size_t i = 0; !e && i < days->n; i++) {
        const struct day_plan *d = (const struct day_plan *)days->at + i;
        int64_t id;

        if (d->left_out)
            continue;
        if (d->now) {
            e = change_one(ctx, p, d);
            continue;
        }
        shape(&fresh, p->series, d);
        e = session_plan(ctx, &fresh, &id);
        p->changed++;
    }
    return e;
}

static bool is_wanted(const struct list *days, const struct occurrence *o)
{
    for (size_t i = 0; i < days->n; i++) {
        const struct day_plan *d = (const struct day_plan *)days->at + i;

        if (d->now == o && !d->left_out)
            return true;
    }
    return false;
}

/* Those whose day is none of the series any more. */
static enum err drop_rest(struct ctx *ctx, struct series_planning *p, const struct list *days)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < p->now.n; i++) {
        const struct occurrence *o = (const struct occurrence *)p->now.at + i;
        bool dropped = false;

        if (!is_free(o) || o->starts_at < p->not_before || is_wanted(days, o))
            continue;
        e = session_drop(ctx, o->id, p->drop_reason, &dropped);
        p->changed += dropped;
    }
    return e;
}

static void note_shifts(struct ctx *ctx, struct series *s, const struct list *days)
{
    struct series_shift *at = ARENA_NEW_N(&ctx->arena, struct series_shift, days->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < days->n; i++) {
        const struct day_plan *d = (const struct day_plan *)days->at + i;

        if (d->fit != ZONE_ONE && !d->left_out)
            at[n++] = (struct series_shift){
                d->day, d->fit == ZONE_GAP ? STR("gap") : STR("overlap"), d->slot.starts_at};
    }
    s->shifted = (struct list){at, n};
}

enum err series_carry_out(struct ctx *ctx, struct series_planning *p)
{
    struct list days;
    enum err e = choose_days(ctx, p, &days);

    e = e ? e : look_for_clashes(ctx, p, &days);
    e = e ? e : look_at_itself(ctx, p, &days);
    e = e ? e : carry_out_days(ctx, p, &days);
    e = e ? e : drop_rest(ctx, p, &days);
    if (!e)
        note_shifts(ctx, p->series, &days);
    return e;
}
