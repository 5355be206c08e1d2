/* SPDX-License-Identifier: MIT */
/* Figures of attendance: which sessions, and their rates. */
#include "reports/reports.h"

#include <stdlib.h>

#include "base/settings.h"
#include "base/zone.h"

#include "reports/halves.h"
#include "students/students.h"

enum { DAY_MS = 24 * 3600 * 1000, WEEKS_MAX = REPORT_DAYS_MAX / 7 + 2 };

#define LEVELS ONE_OF("fine", "warning", "critical", "failing")
#define RATE(t)                                                                                    \
    F(rate, "Share of the sessions that count, 0 to 1", .required = true, .example = "0.95")
#define LEVEL                                                                                      \
    F(level, "By the share of absence: from 15, 20 and 25 %", .required = true, .one_of = LEVELS,  \
      .example = "\"fine\"")
#define SPAN_OUT                                                                                   \
    F(from, "Sessions starting at or after this", .required = true, .format = "date-time",         \
      .example = "\"2026-09-07T00:00:00Z\""),                                                      \
        F(to, "and before this", .required = true, .format = "date-time",                          \
          .example = "\"2026-12-20T00:00:00Z\"")

#define F(...) FIELD(struct report_total, __VA_ARGS__)
static const struct field total_fields[] = {REPORT_TALLY(struct report_total), RATE(), LEVEL};
#undef F
const struct schema report_total_schema = SCHEMA(report_total, total_fields);

#define F(...) FIELD(struct report_student, __VA_ARGS__)
static const struct field student_fields[] = {
    F(student_id, "Student", .required = true, .example = "31"),
    F(student_number, "Student number", .required = true, .example = "\"S-0031\""),
    F(student_name, "Name", .required = true, .example = "\"Lina Haddad\""),
    REPORT_TALLY(struct report_student),
    RATE(),
    LEVEL,
};
#undef F
const struct schema report_student_schema = SCHEMA(report_student, student_fields);

#define F(...) FIELD(struct report_group, __VA_ARGS__)
static const struct field group_fields[] = {
    F(group_id, "Group", .required = true, .example = "2"),
    F(code, "Its short name", .required = true, .example = "\"INF-1A\""),
    F(name, "Its name", .required = true, .example = "\"Informatique 1A\""),
    SPAN_OUT,
    F(students, "Who was in the group in that time, by name", .required = true,
      .items = &report_student_schema, .max = REPORT_STUDENTS_MAX),
    F(total, "All together", .required = true, .items = &report_total_schema),
};
#undef F
const struct schema report_group_schema = SCHEMA(report_group, group_fields);

#define F(...) FIELD(struct report_module, __VA_ARGS__)
static const struct field module_fields[] = {
    F(module_id, "Module", .required = true, .example = "4"),
    F(code, "Its code", .required = true, .example = "\"ALGO\""),
    F(name, "Its name", .required = true, .example = "\"Algorithms\""),
    REPORT_TALLY(struct report_module),
    RATE(),
    LEVEL,
};
#undef F
const struct schema report_module_schema = SCHEMA(report_module, module_fields);

#define F(...) FIELD(struct report_week, __VA_ARGS__)
static const struct field week_fields[] = {
    F(week, "Its Monday, in the school's zone", .required = true, .format = "date",
      .example = "\"2026-09-07\""),
    REPORT_TALLY(struct report_week),
    RATE(),
};
#undef F
const struct schema report_week_schema = SCHEMA(report_week, week_fields);

#define F(...) FIELD(struct report_method, __VA_ARGS__)
static const struct field method_fields[] = {
    F(method, "How it was marked", .required = true, .example = "\"kiosk\""),
    F(sessions, "How often", .required = true, .example = "31"),
};
#undef F
const struct schema report_method_schema = SCHEMA(report_method, method_fields);

#define F(...) FIELD(struct report_one, __VA_ARGS__)
static const struct field one_fields[] = {
    F(student_id, "Student", .required = true, .example = "31"),
    F(student_number, "Student number", .required = true, .example = "\"S-0031\""),
    F(student_name, "Name", .required = true, .example = "\"Lina Haddad\""),
    SPAN_OUT,
    F(total, "All sessions together", .required = true, .items = &report_total_schema),
    F(halves, "In half-days, as French registers count", .required = true,
      .items = &report_halves_schema),
    F(modules, "By module", .required = true, .items = &report_module_schema, .max = 500),
    F(weeks, "By week, the oldest first; weeks without a mark are not in it", .required = true,
      .items = &report_week_schema, .max = 120),
    F(methods, "By the way of marking, the most frequent first", .required = true,
      .items = &report_method_schema, .max = 20),
};
#undef F
const struct schema report_one_schema = SCHEMA(report_one, one_fields);

#define F(...) FIELD(struct report_session, __VA_ARGS__)
static const struct field session_fields[] = {
    F(id, "Session", .required = true, .example = "12"),
    F(starts_at, "Start", .required = true, .format = "date-time",
      .example = "\"2026-11-23T08:00:00Z\""),
    F(ends_at, "End", .required = true, .format = "date-time",
      .example = "\"2026-11-23T10:00:00Z\""),
    F(module_code, "Module", .required = true, .example = "\"ALGO\""),
    F(module_name, "Its name", .required = true, .example = "\"Algorithms\""),
    F(trainer_name, "Trainer", .required = true, .example = "\"Karim Tazi\""),
    F(room_name, "Room; null: none", .example = "\"Room 12\""),
    F(state, "State of the register", .required = true,
      .one_of = ONE_OF("scheduled", "open", "closed", "confirmed"), .example = "\"closed\""),
    F(group_names, "Groups", .required = true, .max = 100, .example = "[\"Informatique 1A\"]"),
    F(expected, "Students of its groups", .required = true, .example = "27"),
    F(unmarked, "Of them without a mark", .required = true, .example = "0"),
    REPORT_TALLY(struct report_session),
    RATE(),
};
#undef F
const struct schema report_session_schema = SCHEMA(report_session, session_fields);

#define F(...) FIELD(struct report_day, __VA_ARGS__)
static const struct field day_fields[] = {
    F(day, "In the school's zone", .required = true, .format = "date", .example = "\"2026-11-23\""),
    F(total, "The sessions below together", .required = true, .items = &report_total_schema),
    F(items, "Sessions by start, cancelled ones left out", .required = true,
      .items = &report_session_schema, .max = REPORT_SESSIONS_MAX),
    F(next_cursor, "Give it as `cursor` for the rest; null: that was all", .example = "null"),
};
#undef F
const struct schema report_day_schema = SCHEMA(report_day, day_fields);

static struct str level_of(const struct presence_tally *t)
{
    return str_of(absence_level(absence_rate(t)));
}

static void judge_total(struct report_total *t)
{
    t->rate = presence_rate(&t->tally);
    t->level = level_of(&t->tally);
}

static enum err bounds_of(struct ctx *ctx, const struct report_span *in, struct report_bounds *ret)
{
    int64_t term = ctx->services->settings->term_days * DAY_MS;

    ret->id = in->id;
    ret->to = in->to.set ? in->to.v : ctx->now;
    ret->from = in->from.set ? in->from.v : ret->to - term;
    if (ret->from >= ret->to)
        return fail_field(ctx, "to", "min", "", "must be after from");
    if (ret->to - ret->from > (int64_t)REPORT_DAYS_MAX * DAY_MS)
        return fail_field(ctx, "from", "max", "800 days", "the time is too long");
    return ERR_OK;
}

enum err report_of_group(struct ctx *ctx, const struct report_span *in, struct report_group *ret)
{
    struct report_total *total = ARENA_NEW(&ctx->arena, struct report_total);
    struct report_bounds b;
    struct report_student *s;
    enum err e = bounds_of(ctx, in, &b);

    e = e ? e : reports_fetch_group(ctx, in->id, ret);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "there is no such group");
    e = e ? e : reports_fetch_students(ctx, &b, &ret->students);
    if (e)
        return e;
    s = ret->students.at;
    for (size_t i = 0; i < ret->students.n; i++) {
        s[i].rate = presence_rate(&s[i].tally);
        s[i].level = level_of(&s[i].tally);
        presence_add(&total->tally, &s[i].tally);
    }
    judge_total(total);
    ret->total.at = total;
    ret->from = b.from;
    ret->to = b.to;
    return ERR_OK;
}

/* The Monday of the week, where the school is, as the number of the day. */
static int64_t monday_of(struct ctx *ctx, int64_t at)
{
    struct local_time t = {.year = 1970, .month = 1, .day = 1, .weekday = 4};
    int64_t day = 0;

    (void)zone_local(ctx->services->settings->time_zone, at, &t);
    (void)day_number(
        arena_printf(&ctx->arena, "%04d-%02d-%02d", (int)t.year, (int)t.month, (int)t.day), &day);
    return day - (t.weekday - 1);
}

/* One place for each week of the time asked for; those without a mark are left out at the end. Only
 * at the ends of the calendar, which has no local times there, a week may be none of them. */
static void into_weeks(struct ctx *ctx, const struct report_bounds *b, const struct list *lessons,
                       struct list *ret)
{
    const struct report_lesson *l = lessons->at;
    int64_t first = monday_of(ctx, b->from);
    struct report_week *w = ARENA_NEW_N(&ctx->arena, struct report_week, WEEKS_MAX);
    size_t n = 0;

    for (size_t i = 0; i < lessons->n; i++) {
        int64_t k = (monday_of(ctx, l[i].starts_at) - first) / 7;

        if (k >= 0 && k < WEEKS_MAX)
            presence_add(&w[k].tally, &l[i].tally);
    }
    for (size_t i = 0; i < WEEKS_MAX; i++) {
        if (w[i].tally.sessions == 0)
            continue;
        w[n] = w[i];
        w[n].week = date_of_day(&ctx->arena, first + 7 * (int64_t)i);
        w[n].rate = presence_rate(&w[n].tally);
        n++;
    }
    *ret = (struct list){w, n};
}

/* The lessons of a module follow each other. */
static void into_modules(struct ctx *ctx, const struct list *lessons, struct list *ret)
{
    const struct report_lesson *l = lessons->at;
    struct report_module *m = ARENA_NEW_N(&ctx->arena, struct report_module, lessons->n);
    size_t n = 0;

    for (size_t i = 0; i < lessons->n; i++) {
        if (n == 0 || m[n - 1].module_id != l[i].module_id)
            m[n++] = (struct report_module){
                .module_id = l[i].module_id, .code = l[i].code, .name = l[i].name};
        presence_add(&m[n - 1].tally, &l[i].tally);
    }
    for (size_t i = 0; i < n; i++) {
        m[i].rate = presence_rate(&m[i].tally);
        m[i].level = level_of(&m[i].tally);
    }
    *ret = (struct list){m, n};
}

static int more_often_first(const void *a, const void *b)
{
    const struct report_method *x = a, *y = b;

    if (x->sessions != y->sessions)
        return x->sessions < y->sessions ? 1 : -1;
    return str_before(x->method, y->method) ? -1 : str_before(y->method, x->method);
}

static void into_methods(struct ctx *ctx, const struct list *lessons, struct list *ret)
{
    const struct report_lesson *l = lessons->at;
    struct report_method *m = ARENA_NEW_N(&ctx->arena, struct report_method, lessons->n);
    size_t n = 0;

    for (size_t i = 0; i < lessons->n; i++) {
        size_t k = 0;

        if (!l[i].method.set || l[i].tally.sessions == 0)
            continue;
        while (k < n && !str_eq(m[k].method, l[i].method.v))
            k++;
        if (k == n)
            m[n++].method = l[i].method.v;
        m[k].sessions += l[i].tally.sessions;
    }
    if (n)
        qsort(m, n, sizeof(*m), more_often_first);
    *ret = (struct list){m, n};
}

enum err report_of_student(struct ctx *ctx, const struct report_span *in, struct report_one *ret)
{
    struct report_total *total = ARENA_NEW(&ctx->arena, struct report_total);
    struct report_halves *halves = ARENA_NEW(&ctx->arena, struct report_halves);
    struct report_bounds b;
    const struct report_lesson *l;
    struct student who;
    struct list lessons = {0};
    enum err e = bounds_of(ctx, in, &b);

    e = e ? e : student_get_for(ctx, in->id, &who);
    e = e ? e : reports_fetch_lessons(ctx, &b, &lessons);
    if (e)
        return e;
    l = lessons.at;
    for (size_t i = 0; i < lessons.n; i++)
        presence_add(&total->tally, &l[i].tally);
    judge_total(total);
    *halves = report_halves_of_lessons(ctx, &lessons);
    ret->halves.at = halves;
    into_modules(ctx, &lessons, &ret->modules);
    into_weeks(ctx, &b, &lessons, &ret->weeks);
    into_methods(ctx, &lessons, &ret->methods);
    ret->total.at = total;
    ret->student_id = who.id;
    ret->student_number = who.student_number;
    ret->student_name = who.name;
    ret->from = b.from;
    ret->to = b.to;
    return ERR_OK;
}

static enum err day_bounds(struct ctx *ctx, struct opt_str asked, struct report_bounds *ret,
                           struct str *ret_day)
{
    struct str zone = ctx->services->settings->time_zone;
    struct local_time t = {0};
    int64_t n = 0;
    bool known = true;

    *ret_day = asked.v;
    if (!asked.set) {
        known = zone_local(zone, ctx->now, &t);
        *ret_day =
            arena_printf(&ctx->arena, "%04d-%02d-%02d", (int)t.year, (int)t.month, (int)t.day);
    }
    known = known && day_number(*ret_day, &n) &&
            zone_utc_day(zone, *ret_day, 0, &ret->from, NULL) &&
            zone_utc_day(zone, date_of_day(&ctx->arena, n + 1), 0, &ret->to, NULL);
    return known ? ERR_OK : fail_field(ctx, "day", "format", "2026-11-23", "is no day");
}

enum err report_of_day(struct ctx *ctx, const struct report_day_query *in, struct report_day *ret)
{
    struct report_total *total = ARENA_NEW(&ctx->arena, struct report_total);
    struct report_bounds b = {0};
    struct report_session *s;
    enum err e = day_bounds(ctx, in->day, &b, &ret->day);

    e = e ? e : reports_fetch_day(ctx, &b, in, ret);
    if (e)
        return e;
    s = ret->items.at;
    for (size_t i = 0; i < ret->items.n; i++) {
        s[i].rate = presence_rate(&s[i].tally);
        s[i].unmarked =
            s[i].expected > s[i].tally.sessions ? s[i].expected - s[i].tally.sessions : 0;
        presence_add(&total->tally, &s[i].tally);
    }
    judge_total(total);
    ret->total.at = total;
    return ERR_OK;
}
