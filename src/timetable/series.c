/* SPDX-License-Identifier: MIT */
/* The rules of series: planned, and changed in one, following or all. */
#include "base/settings.h"
#include "base/zone.h"

#include "db/tx.h"
#include "sessions/fields.h"
#include "sessions/plan.h"
#include "structure/structure.h"
#include "timetable/series_parts.h"

#define F(...) FIELD(struct series_exception, __VA_ARGS__)
static const struct field exception_fields[] = {
    F(day, "Day on which it does not take place", .required = true, .format = "date"),
    F(reason, "Why", .required = true),
};
#undef F
const struct schema series_exception_schema = SCHEMA(series_exception, exception_fields);

#define F(...) FIELD(struct series_shift, __VA_ARGS__)
static const struct field shift_fields[] = {
    F(day, "Day on which clocks change", .required = true, .format = "date"),
    F(what, "The time does not exist, or exists twice", .required = true,
      .one_of = ONE_OF("gap", "overlap")),
    F(starts_at, "What was taken: later by the gap, or the first of the two", .required = true,
      .format = "date-time"),
};
#undef F
static const struct schema shift_schema = SCHEMA(series_shift, shift_fields);

#define F(...) FIELD(struct series_warning, __VA_ARGS__)
static const struct field warning_fields[] = {
    F(code, "What kind", .required = true, .one_of = ONE_OF("room_capacity", "clash")),
    F(detail, "In English, for people", .required = true),
};
#undef F
static const struct schema warning_schema = SCHEMA(series_warning, warning_fields);

#define F(...) FIELD(struct series, __VA_ARGS__)
static const struct field series_fields[] = {
    F(id, "Number of the series", .required = true, .example = "5"),
    F(module_id, "Module taught", .required = true),
    F(module_code, "Its short name", .required = true, .example = "\"NET-1\""),
    F(module_name, "Its name", .required = true, .example = "\"Networks\""),
    F(trainer_id, "Trainer who gives it", .required = true),
    F(trainer_name, "Trainer's name", .required = true),
    F(room_id, "Room", .required = true),
    F(room_name, "Room's name", .required = true),
    F(group_ids, "Groups", .required = true, .example = "[3]"),
    F(group_names, "Their names", .required = true, .example = "[\"Networks 1A\"]"),
    KIND_FIELDS(struct series),
    F(time_zone, "IANA zone of its times", .required = true, .example = "\"Africa/Casablanca\""),
    F(first_day, "First day", .required = true, .format = "date", .example = "\"2026-09-07\""),
    F(last_day, "Last day", .required = true, .format = "date", .example = "\"2027-01-29\""),
    F(weekday_bits, "Days of the week as bits", .hidden = true),
    F(weekdays, "Days of the week: mo tu we th fr sa su", .required = true,
      .example = "[\"mo\", \"th\"]"),
    F(every_weeks, "Every so many weeks", .required = true, .example = "1"),
    F(starts_min, "Start in minutes after local midnight", .required = true, .example = "540"),
    F(duration_min, "Minutes that it lasts", .required = true, .example = "90"),
    F(skip_holidays, "Holidays are left out", .required = true),
    F(ended, "It was ended as a whole", .required = true),
    F(sessions, "Sessions that it has, cancelled ones too", .required = true),
    F(cancelled, "How many of them are cancelled", .required = true),
    F(exceptions, "Days that are left out; empty in lists of series", .required = true,
      .items = &series_exception_schema),
    F(shifted, "Days whose time does not exist or exists twice; in answers to changes",
      .required = true, .items = &shift_schema),
    F(warnings, "What to know of it; in answers to changes", .required = true,
      .items = &warning_schema),
    F(version, "Grows with each change", .required = true),
};
#undef F
const struct schema series_schema = SCHEMA(series, series_fields);

enum err series_get_for(struct ctx *ctx, int64_t id, struct series *ret)
{
    return series_store_get(ctx, id, ret);
}

enum err series_list(struct ctx *ctx, const struct series_filter *filter, struct page *ret)
{
    return series_store_page(ctx, filter, ret);
}

static enum err check_days(struct ctx *ctx, const struct series *s)
{
    int64_t first = 0;
    int64_t last = 0;

    if (!day_number(s->first_day, &first) || first < 0 ||
        str_before(STR("9998-12-31"), s->first_day))
        return fail_field(ctx, "/first_day", "format", "1970-01-01..9998-12-31", "is no such day");
    if (!day_number(s->last_day, &last))
        return fail_field(ctx, "/last_day", "format", "", "is no such day");
    if (last < first)
        return fail_field(ctx, "/last_day", "min", "", "must not be before the first day");
    if (str_before(STR("9999-12-28"), s->last_day)) /* its end is in no year of five digits */
        return fail_field(ctx, "/last_day", "max", "9999-12-28", "must not be after 9999-12-28");
    if (last - first > SERIES_DAYS_MAX)
        return fail_field(ctx, "/last_day", "max", "", "must be within %d days of the first",
                          SERIES_DAYS_MAX);
    return ERR_OK;
}

enum err series_check(struct ctx *ctx, struct series *s)
{
    struct session one = {
        .module_id = s->module_id,
        .trainer_id = s->trainer_id,
        .group_ids = s->group_ids,
        .room_id = s->room_id,
        .ends_at = s->duration_min * 60000,
        .kind = s->kind,
    };
    enum err days = check_days(ctx, s);
    enum err weekdays = ERR_OK;
    enum err e;

    if (!series_weekday_bits(s->weekdays, &s->weekday_bits))
        weekdays = fail_field(ctx, "/weekdays", "one_of", "mo tu we th fr sa su",
                              "must be days of the week");
    e = session_defaults(ctx, &one);
    one.min_minutes = 0;
    e = e ? e : session_check(ctx, &one);
    e = e ? e : days;
    e = e ? e : weekdays;
    if (!e && !series_days(ctx, s, 0).n)
        e = fail_field(ctx, "/weekdays", "empty", "", "no such day lies between first and last");
    return e;
}

static enum err warn_of_room(struct ctx *ctx, struct series *s)
{
    struct series_warning *at = ARENA_NEW_N(&ctx->arena, struct series_warning, s->warnings.n + 1);
    const struct series_warning *old = s->warnings.at;
    struct structure_item room;
    struct i64s students;
    int64_t first = 0;
    enum err e;

    if (!s->room_id.set || s->room_id.null)
        return ERR_OK;
    (void)zone_utc_day(s->time_zone, s->first_day, s->starts_min, &first, NULL);
    e = structure_get(ctx, STRUCTURE_ROOM, s->room_id.v, &room);
    e = e ? e : session_students(ctx, s->group_ids, first, &students);
    if (e || !room.capacity.set || (int64_t)students.n <= room.capacity.v)
        return e;
    for (size_t i = 0; i < s->warnings.n; i++)
        at[i] = old[i];
    at[s->warnings.n] = (struct series_warning){
        STR("room_capacity"),
        arena_printf(&ctx->arena, "%zu students are expected, the room holds %lld", students.n,
                     (long long)room.capacity.v)};
    s->warnings = (struct list){at, s->warnings.n + 1};
    return ERR_OK;
}

enum err series_finish(struct ctx *ctx, struct series_planning *p, const char *change,
                       struct opt_str reason, struct series *ret)
{
    struct series *s = p->series;
    struct timetable_event ev = {
        .change = str_of(change),
        .series_id = {.set = true, .v = s->id},
        .sessions = p->changed,
        .first_day = p->from,
        .reason = reason,
    };
    int64_t first = 0;
    enum err e;

    timetable_add_trainer(ctx, &p->people, s->trainer_id);
    timetable_add_groups(ctx, &p->people, s->group_ids);
    (void)zone_utc_day(s->time_zone, p->from, s->starts_min, &first, NULL);
    e = warn_of_room(ctx, s);
    e = e ? e : series_store_get(ctx, s->id, ret);
    if (e)
        return e;
    ret->shifted = s->shifted;
    ret->warnings = s->warnings;
    ev.name = ret->module_name;
    return p->changed ? timetable_tell(ctx, &ev, &p->people, first) : ERR_OK;
}

enum err series_create(struct ctx *ctx, const struct series_new *in, struct series *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct series s = {
        .module_id = in->module_id,
        .trainer_id = in->trainer_id,
        .room_id = in->room_id,
        .group_ids = in->group_ids,
        .kind = in->kind,
        .mode = in->mode,
        .time_zone = in->time_zone.set ? in->time_zone.v : ctx->services->settings->time_zone,
        .first_day = in->first_day,
        .last_day = in->last_day,
        .weekdays = in->weekdays,
        .every_weeks = in->every_weeks.set ? in->every_weeks.v : 1,
        .starts_min = in->starts_min,
        .duration_min = in->duration_min,
        .skip_holidays = !in->skip_holidays.set || in->skip_holidays.v,
    };
    struct series_planning p = {
        .series = &s,
        .from = in->first_day,
        .skip_clashing = in->skip_clashing,
        .allow_clash = in->allow_clash,
    };
    enum err e = series_check(ctx, &s);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : series_store_insert(ctx, &s, &s.id);
    e = e ? e : series_carry_out(ctx, &p);
    e = e ? e : series_finish(ctx, &p, "planned", (struct opt_str){0}, ret);
    return e ? e : tx_commit(&tx);
}

static void apply(struct series *s, const struct series_change *in)
{
    take_i64(&s->module_id, in->module_id);
    take_i64(&s->trainer_id, in->trainer_id);
    take_i64(&s->starts_min, in->starts_min);
    take_i64(&s->duration_min, in->duration_min);
    take_i64(&s->every_weeks, in->every_weeks);
    take_str(&s->kind, in->kind);
    take_str(&s->mode, in->mode);
    take_str(&s->time_zone, in->time_zone);
    take_str(&s->last_day, in->last_day);
    if (in->room_id.set)
        s->room_id = in->room_id;
    if (in->group_ids.n)
        s->group_ids = in->group_ids;
    if (in->weekdays.n)
        s->weekdays = in->weekdays;
    take_bool(&s->skip_holidays, in->skip_holidays);
}

enum err series_hold(struct ctx *ctx, int64_t id, struct opt_i64 version, struct series *ret)
{
    int64_t n = 0;
    enum err e = series_store_get(ctx, id, ret);

    e = e ? e : series_store_lock(ctx, id, version, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the series is at version %lld",
                 (long long)ret->version);
    return e ? e : series_store_get(ctx, id, ret);
}

enum err series_check_runs(struct ctx *ctx, const struct series *s)
{
    return s->ended ? fail(ctx, ERR_SESSION_STATE, "the series was cancelled as a whole") : ERR_OK;
}

enum err series_check_day(struct ctx *ctx, struct opt_str day)
{
    int64_t n;

    if (!day.set || day.null || !day_number(day.v, &n))
        return fail_field(ctx, "/day", "required", "", "is needed for this scope");
    return ERR_OK;
}

enum err series_session_on(struct ctx *ctx, int64_t id, struct str day, struct occurrence *ret)
{
    struct list now;
    enum err e = series_store_occurrences(ctx, id, day, &now);

    if (e)
        return e;
    if (!now.n || !str_eq(((const struct occurrence *)now.at)->series_day, day))
        return fail(ctx, ERR_NOT_FOUND, "the series has no session on %.*s", (int)day.len, day.at);
    *ret = *(const struct occurrence *)now.at;
    return ERR_OK;
}

/* The start that the session of a day gets: its own local day and, unless told otherwise, time. */
static int64_t new_start(const struct series_change *in, const struct session *before)
{
    struct str zone = before->time_zone;
    int64_t at = before->starts_at;
    struct local_time t;

    take_str(&zone, in->time_zone);
    if ((!in->starts_min.set && str_eq(zone, before->time_zone)) ||
        !zone_local(before->time_zone, at, &t))
        return at;
    if (in->starts_min.set) {
        t.minute = (int16_t)in->starts_min.v;
        t.second = 0;
    }
    (void)zone_utc(zone, &t, &at, NULL);
    return at;
}

static enum err change_this(struct ctx *ctx, const struct series_change *in, struct series *s)
{
    struct session_change c = {
        .module_id = in->module_id,
        .trainer_id = in->trainer_id,
        .room_id = in->room_id,
        .group_ids = in->group_ids,
        .kind = in->kind,
        .mode = in->mode,
        .time_zone = in->time_zone,
        .allow_clash = in->allow_clash,
    };
    struct session after;
    struct session before;
    struct occurrence o = {0};
    enum err e;

    if (in->weekdays.n || in->last_day.set || in->every_weeks.set || in->skip_holidays.set)
        return fail_field(ctx, "/scope", "one_of", "following all",
                          "one session has no pattern to change");
    e = series_session_on(ctx, s->id, in->day.v, &o);
    e = e ? e : session_get_any(ctx, o.id, &before);
    if (e)
        return e;
    c.session_id = o.id;
    c.starts_at = (struct opt_i64){.set = true, .v = new_start(in, &before)};
    c.ends_at = (struct opt_i64){.set = true,
                                 .v = c.starts_at.v + (in->duration_min.set
                                                           ? in->duration_min.v * 60000
                                                           : before.ends_at - before.starts_at)};
    e = session_update(ctx, (struct opt_i64){0}, &c, &after);
    if (!e && after.version != before.version)
        e = series_store_touch(ctx, s->id);
    return e ? e : series_store_get(ctx, s->id, s);
}

/* The first day on which a new series begins that goes on in the old one's weeks. */
static struct str in_step(struct ctx *ctx, const struct series *s, struct str day)
{
    int64_t d = 0;

    (void)day_number(day, &d);
    while (!series_is_week(s, d))
        d += 8 - day_weekday(d); /* next Monday */
    return date_of_day(&ctx->arena, d);
}

bool series_has_before(struct ctx *ctx, const struct series *s, struct str day)
{
    struct i64s days = series_days(ctx, s, 0);
    int64_t d = 0;

    return day_number(day, &d) && days.n && days.at[0] < d;
}

/* Ends the series before the day and begins a new one; s becomes that one. */
static enum err split(struct ctx *ctx, const struct series_change *in, struct series *s)
{
    struct series old = *s;
    int64_t day = 0;
    enum err e;

    (void)day_number(in->day.v, &day);
    if (!str_before(old.last_day, in->day.v))
        old.last_day = date_of_day(&ctx->arena, day - 1);
    s->first_day = in->every_weeks.set ? in->day.v : in_step(ctx, s, in->day.v);
    apply(s, in);
    e = series_check(ctx, s);
    e = e ? e : series_store_change(ctx, &old);
    e = e ? e : series_store_insert(ctx, s, &s->id);
    return e ? e : series_store_hand_over(ctx, old.id, s->id, in->day.v);
}

/* The series that p->series is, from a day on or as a whole. */
static enum err change_many(struct ctx *ctx, struct series_planning *p,
                            const struct series_change *in, struct series *ret)
{
    const struct series was = *p->series;
    struct series *s = p->series;
    enum err e;

    apply(s, in);
    if (schema_same(&series_schema, &was, s)) {
        *ret = was;
        return ERR_OK;
    }
    if (str_is(in->scope, "all") || !series_has_before(ctx, &was, in->day.v)) {
        p->from = s->first_day;
        e = series_check(ctx, s);
        e = e ? e : series_store_change(ctx, s);
    } else {
        p->from = in->day.v;
        *s = was;
        e = split(ctx, in, s);
    }
    e = e ? e : series_store_occurrences(ctx, s->id, p->from, &p->now);
    e = e ? e : series_carry_out(ctx, p);
    return e ? e : series_finish(ctx, p, "changed", (struct opt_str){0}, ret);
}

enum err series_update(struct ctx *ctx, struct opt_i64 version, const struct series_change *in,
                       struct series *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct series s = {0};
    struct series_planning p = {
        .series = &s,
        .not_before = ctx->now,
        .skip_clashing = in->skip_clashing,
        .allow_clash = in->allow_clash,
        .drop_reason = STR("The series was changed"),
    };
    enum err e = str_is(in->scope, "all") ? ERR_OK : series_check_day(ctx, in->day);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : series_hold(ctx, in->series_id, version, &s);
    e = e ? e : series_check_runs(ctx, &s);
    if (e)
        return e;
    timetable_add_groups(ctx, &p.people, s.group_ids);
    timetable_add_trainer(ctx, &p.people, s.trainer_id);
    if (str_is(in->scope, "this")) {
        e = change_this(ctx, in, &s);
        *ret = s;
    } else {
        e = change_many(ctx, &p, in, ret);
    }
    return e ? e : tx_commit(&tx);
}
