/* SPDX-License-Identifier: MIT */
/* The rules of holidays: which days, and what becomes of the sessions on them. */
#include "timetable/holidays.h"

#include "base/zone.h"

#include "db/tx.h"
#include "sessions/plan.h"
#include "timetable/holidays_store.h"
#include "timetable/tell.h"

enum { DAYS_MAX = 366, LISTED_MAX = 200 };
static const int64_t day_ms = 86400000;

#define F(...) FIELD(struct holiday_session, __VA_ARGS__)
static const struct field session_fields[] = {
    F(id, "Session", .required = true),
    F(starts_at, "Start", .required = true, .format = "date-time"),
    F(time_zone, "Its zone", .required = true),
    F(module_name, "Module", .required = true),
};
#undef F
const struct schema holiday_session_schema = SCHEMA(holiday_session, session_fields);

#define F(...) FIELD(struct holiday, __VA_ARGS__)
static const struct field holiday_fields[] = {
    F(id, "Number of the holiday", .required = true, .example = "3"),
    F(name, "Its name", .required = true, .example = "\"Winter break\""),
    F(from_day, "First day", .required = true, .format = "date", .example = "\"2026-12-21\""),
    F(to_day, "The day after the last", .required = true, .format = "date",
      .example = "\"2027-01-04\""),
    F(uid, "Of the imported calendar's entry", .required = true),
    F(version, "Grows with each change", .required = true),
    F(sessions, "Scheduled sessions on its days (the first 200); in answers to changes",
      .required = true, .items = &holiday_session_schema),
    F(cancelled, "How many of them were cancelled by this request", .required = true),
};
#undef F
const struct schema holiday_schema = SCHEMA(holiday, holiday_fields);

enum err holiday_list(struct ctx *ctx, const struct holiday_filter *filter, struct page *ret)
{
    return holidays_store_page(ctx, filter, ret);
}

enum err holidays_between(struct ctx *ctx, struct str from, struct str to, struct list *ret)
{
    return holidays_store_between(ctx, from, to, ret);
}

static enum err check(struct ctx *ctx, struct str name, struct str from, struct str to)
{
    int64_t first = 0;
    int64_t after = 0;
    enum err e = ERR_OK;

    if (!str_trim(name).len)
        e = fail_field(ctx, "/name", "required", "", "must not be blank");
    if (!day_number(from, &first) || first < 0 || str_before(STR("9998-12-31"), from))
        e = fail_field(ctx, "/from_day", "format", "1970-01-01..9998-12-31", "is no such day");
    else if (!day_number(to, &after))
        e = fail_field(ctx, "/to_day", "format", "", "is no such day");
    else if (after <= first)
        e = fail_field(ctx, "/to_day", "min", "", "must be after from_day: it is the day after");
    else if (after - first > DAYS_MAX)
        e = fail_field(ctx, "/to_day", "max", "", "must be within %d days", DAYS_MAX);
    return e;
}

/* Whether it begins on one of the days where it takes place. */
static bool is_on(struct ctx *ctx, const struct holiday_session *s, const struct holiday *h)
{
    struct local_time t;
    struct str day;

    if (!zone_local(s->time_zone, s->starts_at, &t))
        return false;
    day = arena_printf(&ctx->arena, "%04d-%02d-%02d", (int)t.year, t.month, t.day);
    return !str_before(day, h->from_day) && str_before(day, h->to_day);
}

static enum err find_sessions(struct ctx *ctx, struct holiday *h)
{
    struct list rows;
    struct holiday_session *at;
    int64_t first = 0;
    int64_t after = 0;
    size_t n = 0;
    enum err e;

    (void)day_number(h->from_day, &first);
    (void)day_number(h->to_day, &after);
    e = holidays_store_sessions(ctx, (first - 1) * day_ms, (after + 1) * day_ms, &rows);
    if (e)
        return e;
    at = rows.at;
    for (size_t i = 0; i < rows.n; i++)
        if (is_on(ctx, &at[i], h))
            at[n++] = at[i];
    h->sessions = (struct list){at, n};
    return ERR_OK;
}

static enum err cancel_sessions(struct ctx *ctx, struct holiday *h)
{
    const struct holiday_session *at = h->sessions.at;
    struct timetable_people people = {0};
    struct timetable_event ev = {
        .change = STR("cancelled"),
        .name = h->name,
        .first_day = h->from_day,
        .reason = {.set = true, .v = h->name},
    };

    for (size_t i = 0; i < h->sessions.n; i++) {
        struct session s;
        bool dropped = false;
        enum err e = session_drop(ctx, at[i].id, h->name, &dropped);

        if (!e && dropped)
            e = session_get_any(ctx, at[i].id, &s);
        if (e)
            return e;
        if (dropped) {
            timetable_add(ctx, &people, &s);
            h->cancelled++;
        }
    }
    ev.sessions = h->cancelled;
    return h->cancelled ? timetable_tell(ctx, &ev, &people, at[0].starts_at) : ERR_OK;
}

/* Reads it again, with the sessions on its days. */
static enum err answer(struct ctx *ctx, int64_t id, bool cancel, struct holiday *ret)
{
    enum err e = holidays_store_get(ctx, id, ret);

    e = e ? e : find_sessions(ctx, ret);
    if (!e && cancel)
        e = cancel_sessions(ctx, ret);
    if (ret->sessions.n > LISTED_MAX)
        ret->sessions.n = LISTED_MAX;
    return e;
}

enum err holiday_put(struct ctx *ctx, const struct holiday_new *in, struct holiday *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct holiday_new h = *in;
    int64_t id = 0;
    enum err e = check(ctx, in->name, in->from_day, in->to_day);

    h.name = str_trim(in->name);
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : holidays_store_put(ctx, &h, &id);
    e = e ? e : answer(ctx, id, in->cancel_sessions, ret);
    return e ? e : tx_commit(&tx);
}

static void take(struct str *at, struct opt_str v)
{
    if (v.set && !v.null)
        *at = str_trim(v.v);
}

static enum err get_at(struct ctx *ctx, int64_t id, struct opt_i64 version, struct holiday *ret)
{
    enum err e = holidays_store_get(ctx, id, ret);

    if (!e && version.set && version.v != ret->version)
        return fail(ctx, ERR_VERSION_MISMATCH, "the holiday is at version %lld",
                    (long long)ret->version);
    return e;
}

enum err holiday_update(struct ctx *ctx, struct opt_i64 version, const struct holiday_change *in,
                        struct holiday *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct holiday was = {0};
    struct holiday h;
    int64_t n = 1;
    enum err e = get_at(ctx, in->holiday_id, version, &was);

    if (e)
        return e;
    h = was;
    take(&h.name, in->name);
    take(&h.from_day, in->from_day);
    take(&h.to_day, in->to_day);
    e = check(ctx, h.name, h.from_day, h.to_day);
    e = e ? e : tx_begin(ctx, &tx);
    if (!e && !schema_same(&holiday_schema, &was, &h))
        e = holidays_store_change(ctx, &h, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the holiday was changed by somebody else");
    e = e ? e : answer(ctx, h.id, in->cancel_sessions, ret);
    return e ? e : tx_commit(&tx);
}

enum err holiday_delete(struct ctx *ctx, struct opt_i64 version, int64_t id)
{
    struct holiday h = {0};
    int64_t n = 0;
    enum err e = get_at(ctx, id, version, &h);

    e = e ? e : holidays_store_delete(ctx, id, h.version, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the holiday was changed by somebody else");
    return e;
}
