/* SPDX-License-Identifier: MIT */
/* One entry by libical: its days, those of its rule, and what it is called. */
#include <libical/ical.h>
#include <pthread.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "base/zone.h"

#include "calendar/ics_parts.h"

enum {
    WALK_MAX = 50000, /* days of a rule that are looked at, those before the window too */
    HEAD_MAX = 10,    /* "#2026-03-29" less one */
};

/* libical keeps its error state and its buffers in places that threads share. */
static pthread_mutex_t libical = PTHREAD_MUTEX_INITIALIZER;

struct event {
    struct ics_out *out;
    icalcomponent *at;
    struct ics_found found; /* of the entry itself: name, days of the first time */
    struct str uid;
    icaltimetype start;
    struct i64s excluded; /* days */
};

static bool day_of_ical(icaltimetype t, int64_t *ret)
{
    if (icaltime_is_null_time(t) || t.year < 1970 || t.year > 9998 || t.month < 1 || t.month > 12 ||
        t.day < 1 || t.day > civil_month_days(t.year, t.month))
        return false;
    *ret = civil_days(t.year, t.month, t.day);
    return true;
}

/* As libical unescaped it: line ends and other controls become spaces. NULL reads as empty. */
static struct str text_of(struct ctx *ctx, const char *text)
{
    struct str s = arena_str(&ctx->arena, str_trim(str_of(text)));
    char *at = (char *)arena_alloc(&ctx->arena, s.len + 1);

    for (size_t i = 0; i < s.len; i++)
        at[i] = (unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7F ? ' ' : s.at[i];
    return str_trim((struct str){at, s.len});
}

static const char *check_name(struct event *ev)
{
    struct ics_entry *entry = &ev->found.entry;

    ev->uid = text_of(ev->out->ctx, icalcomponent_get_uid(ev->at));
    entry->name = text_of(ev->out->ctx, icalcomponent_get_summary(ev->at));
    if (!ev->uid.len)
        return "no_uid";
    if (ev->uid.len > ICS_UID_MAX) {
        ev->uid.len = 0;
        return "uid_too_long";
    }
    entry->uid = ev->uid;
    if (!str_is_utf8(ev->uid) || !str_is_utf8(entry->name)) {
        entry->uid = entry->name = ev->uid = (struct str){"", 0};
        return "unreadable";
    }
    entry->name = text_to_name(&ev->out->ctx->arena, entry->name);
    if (!entry->name.len)
        return "no_name";
    if (str_points(entry->name) > ICS_NAME_MAX) {
        entry->name.len = 0;
        return "name_too_long";
    }
    return NULL;
}

static icaltimetype time_of(icalcomponent *at, icalproperty_kind kind)
{
    icalproperty *p = icalcomponent_get_first_property(at, kind);
    icalvalue *v = p ? icalproperty_get_value(p) : NULL;

    if (!v)
        return icaltime_null_time();
    return icalvalue_isa(v) == ICAL_DATE_VALUE       ? icalvalue_get_date(v)
           : icalvalue_isa(v) == ICAL_DATETIME_VALUE ? icalvalue_get_datetime(v)
                                                     : icaltime_null_time();
}

/* The length in days, by DTEND or DURATION; a day when neither is there. */
static bool length_of(const struct event *ev, int64_t first, int64_t *ret)
{
    icalproperty *duration = icalcomponent_get_first_property(ev->at, ICAL_DURATION_PROPERTY);
    int64_t last = first + 1;

    if (icalcomponent_get_first_property(ev->at, ICAL_DTEND_PROPERTY)) {
        icaltimetype end = time_of(ev->at, ICAL_DTEND_PROPERTY);

        if (!end.is_date || !day_of_ical(end, &last))
            return false;
        /* Some programs write the same day twice for one day. */
        if (last == first)
            last++;
    } else if (duration) {
        struct icaldurationtype d = icalproperty_get_duration(duration);

        if (d.is_neg || d.hours || d.minutes || d.seconds || d.weeks > 1000 || d.days > 10000)
            return false;
        last = first + (int64_t)d.weeks * 7 + (int64_t)d.days;
    }
    *ret = last - first;
    return *ret > 0;
}

static const char *check_days(struct event *ev)
{
    struct ics_days *days = &ev->found.entry.days;
    int64_t first = 0, length = 0;

    ev->start = time_of(ev->at, ICAL_DTSTART_PROPERTY);
    if (icaltime_is_null_time(ev->start))
        return "no_start";
    if (!ev->start.is_date)
        return "not_all_day";
    if (!day_of_ical(ev->start, &first))
        return "out_of_window";
    if (!length_of(ev, first, &length))
        return "bad_end";
    if (length > ICS_SPAN_MAX)
        return "span_too_long";
    *days = (struct ics_days){first, first + length};
    return NULL;
}

static const char *check_status(const struct event *ev)
{
    return icalcomponent_get_status(ev->at) == ICAL_STATUS_CANCELLED ? "cancelled" : NULL;
}

static struct str uid_of_day(const struct event *ev, int64_t day)
{
    struct arena *a = &ev->out->ctx->arena;

    return arena_printf(a, "%.*s#%.*s", (int)ev->uid.len, ev->uid.at, HEAD_MAX,
                        date_of_day(a, day).at);
}

static bool in_window(const struct event *ev, struct ics_days d)
{
    return d.from < ev->out->window.to && d.to > ev->out->window.from;
}

static bool is_excluded(const struct event *ev, int64_t day)
{
    for (size_t i = 0; i < ev->excluded.n; i++)
        if (ev->excluded.at[i] == day)
            return true;
    return false;
}

/* The days of all properties of a kind. */
static struct i64s collect(const struct event *ev, icalproperty_kind kind)
{
    size_t max = (size_t)icalcomponent_count_properties(ev->at, kind);
    struct i64s days = {ARENA_NEW_N(&ev->out->ctx->arena, int64_t, max), 0};
    icalproperty *p = icalcomponent_get_first_property(ev->at, kind);

    for (; p && days.n < max; p = icalcomponent_get_next_property(ev->at, kind)) {
        icaltimetype t = kind == ICAL_EXDATE_PROPERTY ? icalproperty_get_exdate(p)
                                                      : icalproperty_get_rdate(p).time;

        days.n += day_of_ical(t, &days.at[days.n]);
    }
    return days;
}

static enum err add_day(const struct event *ev, int64_t day)
{
    struct ics_found f = ev->found;
    int64_t length = f.entry.days.to - f.entry.days.from;

    f.entry.days = (struct ics_days){day, day + length};
    if (!in_window(ev, f.entry.days) || is_excluded(ev, day))
        return ERR_OK;
    f.entry.uid = uid_of_day(ev, day);
    return ics_add(ev->out, &f);
}

/* Rules that go by the second or need another calendar can be walked for ever. */
static bool rule_is_sane(const struct icalrecurrencetype *r)
{
    switch ((int)r->freq) {
    case ICAL_DAILY_RECURRENCE:
    case ICAL_WEEKLY_RECURRENCE:
    case ICAL_MONTHLY_RECURRENCE:
    case ICAL_YEARLY_RECURRENCE:
        return !r->rscale && r->by_second[0] == ICAL_RECURRENCE_ARRAY_MAX &&
               r->by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX &&
               r->by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX;
    default:
        return false;
    }
}

static enum err bad_rule(struct event *ev)
{
    ev->found.entry.problem = "bad_rule";
    return ics_add(ev->out, &ev->found);
}

static enum err walk(struct event *ev, struct icalrecurrencetype rule)
{
    icalrecur_iterator *at = icalrecur_iterator_new(rule, ev->start);
    enum err e = ERR_OK;

    if (!at)
        return bad_rule(ev);
    for (int i = 0; !e && i < WALK_MAX; i++) {
        icaltimetype t = icalrecur_iterator_next(at);
        int64_t day;

        if (!day_of_ical(t, &day) || day >= ev->out->window.to)
            break;
        e = add_day(ev, day);
        if (!e && i % 64 == 0)
            e = ics_check_time(ev->out);
    }
    icalrecur_iterator_free(at);
    return e;
}

static enum err add_rule(struct event *ev, icalproperty *rule)
{
    struct icalrecurrencetype r = icalproperty_get_rrule(rule);

    if (!rule_is_sane(&r) || icalcomponent_count_properties(ev->at, ICAL_RRULE_PROPERTY) > 1)
        return bad_rule(ev);
    return walk(ev, r);
}

static enum err add_days(struct event *ev)
{
    icalproperty *rule = icalcomponent_get_first_property(ev->at, ICAL_RRULE_PROPERTY);
    struct i64s more = collect(ev, ICAL_RDATE_PROPERTY);
    enum err e;

    if (!rule && !more.n) {
        if (!in_window(ev, ev->found.entry.days))
            ev->found.entry.problem = "out_of_window";
        return ics_add(ev->out, &ev->found);
    }
    ev->excluded = collect(ev, ICAL_EXDATE_PROPERTY);
    e = rule ? add_rule(ev, rule) : add_day(ev, ev->found.entry.days.from);
    for (size_t i = 0; !e && i < more.n; i++)
        e = add_day(ev, more.at[i]);
    return e;
}

static enum err read_event(struct event *ev)
{
    icaltimetype stands_for = time_of(ev->at, ICAL_RECURRENCEID_PROPERTY);
    const char *problem = check_name(ev);
    int64_t day;

    if (!problem && day_of_ical(stands_for, &day)) {
        ev->found.overrides = true;
        ev->found.entry.uid = uid_of_day(ev, day);
    }
    problem = problem ? problem : check_status(ev);
    problem = problem ? problem : check_days(ev);
    if (problem) {
        ev->found.entry.problem = problem;
        return ics_add(ev->out, &ev->found);
    }
    if (!ev->found.overrides)
        return add_days(ev);
    if (!in_window(ev, ev->found.entry.days))
        ev->found.entry.problem = "out_of_window";
    return ics_add(ev->out, &ev->found);
}

enum err ics_event(struct ics_out *out, struct str text)
{
    struct event ev = {.out = out};
    enum err e;

    pthread_mutex_lock(&libical);
    icalerror_set_errors_are_fatal(false);
    ev.at = icalparser_parse_string(arena_cstr(&out->ctx->arena, text));
    if (ev.at && icalcomponent_isa(ev.at) == ICAL_VEVENT_COMPONENT) {
        e = read_event(&ev);
    } else {
        ev.found.entry.problem = "unreadable";
        e = ics_add(out, &ev.found);
    }
    if (ev.at)
        icalcomponent_free(ev.at);
    icalmemory_free_ring();
    pthread_mutex_unlock(&libical);
    return e;
}
