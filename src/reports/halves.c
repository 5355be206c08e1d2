/* SPDX-License-Identifier: MIT */
/* Reports in half-days. */
#include "reports/halves.h"

#include "base/settings.h"

#include "presence/half_days.h"

#define HALVES                                                                                     \
    F(half_days, "Half-days with a mark", .required = true, .example = "84"),                      \
        F(absent, "Of them with an absence that nothing justifies", .required = true,              \
          .example = "3"),                                                                         \
        F(excused, "Of them with an excused absence and no other: do not count", .required = true, \
          .example = "2"),                                                                         \
        F(rate, "Share of the half-days that count, 0 to 1", .required = true,                     \
          .example = "0.9634")

#define F(...) FIELD(struct report_halves, __VA_ARGS__)
static const struct field halves_fields[] = {HALVES};
#undef F
const struct schema report_halves_schema = SCHEMA(report_halves, halves_fields);

#define F(...) FIELD(struct report_student_halves, __VA_ARGS__)
static const struct field student_fields[] = {
    F(student_id, "Student", .required = true, .example = "31"),
    F(student_number, "Student number", .required = true, .example = "\"S-0031\""),
    F(student_name, "Name", .required = true, .example = "\"Lina Haddad\""),
    HALVES,
};
#undef F
static const struct schema student_schema = SCHEMA(report_student_halves, student_fields);

#define F(...) FIELD(struct report_group_halves, __VA_ARGS__)
static const struct field group_fields[] = {
    F(group_id, "Group", .required = true, .example = "2"),
    F(code, "Its short name", .required = true, .example = "\"INF-1A\""),
    F(name, "Its name", .required = true, .example = "\"Informatique 1A\""),
    F(from, "Sessions starting at or after this", .required = true, .format = "date-time",
      .example = "\"2026-09-07T00:00:00Z\""),
    F(to, "and before this", .required = true, .format = "date-time",
      .example = "\"2026-12-20T00:00:00Z\""),
    F(students, "Who was in the group in that time, by name", .required = true,
      .items = &student_schema, .max = REPORT_STUDENTS_MAX),
    F(total, "Their half-days together", .required = true, .items = &report_halves_schema),
};
#undef F
const struct schema report_group_halves_schema = SCHEMA(report_group_halves, group_fields);

static struct report_halves halves_of(const struct presence_tally *t)
{
    return (struct report_halves){
        .half_days = t->sessions,
        .absent = t->absent,
        .excused = t->excused,
        .rate = presence_rate(t),
    };
}

static int64_t half_of(const struct ctx *ctx, int64_t at)
{
    return half_day_of(ctx_school_zone(ctx), ctx->services->settings->afternoon_min, at);
}

struct report_halves report_halves_of_lessons(struct ctx *ctx, const struct list *lessons)
{
    const struct report_lesson *l = lessons->at;
    struct half_mark *m = ARENA_NEW_N(&ctx->arena, struct half_mark, lessons->n);
    struct presence_tally t;
    size_t n = 0;

    for (size_t i = 0; i < lessons->n; i++)
        if (l[i].tally.sessions)
            m[n++] = (struct half_mark){half_of(ctx, l[i].starts_at), l[i].tally.absent > 0,
                                        l[i].tally.excused > 0};
    t = half_days_tally(m, n);
    return halves_of(&t);
}

/* The marks of one student follow each other; where those of `id` are. */
static struct list marks_of(const struct list *marks, int64_t id)
{
    const struct report_mark *at = marks->at;
    size_t from = 0;
    size_t end = marks->n;
    size_t n = 0;

    while (from < end) {
        size_t middle = from + (end - from) / 2;

        if (at[middle].student_id < id)
            from = middle + 1;
        else
            end = middle;
    }
    while (from + n < marks->n && at[from + n].student_id == id)
        n++;
    return (struct list){(struct report_mark *)marks->at + from, n};
}

static struct presence_tally tally_of(struct ctx *ctx, struct list marks)
{
    const struct report_mark *at = marks.at;
    struct half_mark *m = ARENA_NEW_N(&ctx->arena, struct half_mark, marks.n);

    for (size_t i = 0; i < marks.n; i++)
        m[i] = (struct half_mark){half_of(ctx, at[i].starts_at), at[i].absent, at[i].excused};
    return half_days_tally(m, marks.n);
}

enum err report_halves_of_report(struct ctx *ctx, const struct report_group *g,
                                 struct report_group_halves *ret)
{
    struct report_halves *total = ARENA_NEW(&ctx->arena, struct report_halves);
    struct report_student_halves *out;
    const struct report_student *s;
    struct presence_tally all = {0};
    struct list marks = {0};
    enum err e =
        reports_fetch_marks(ctx, &(struct report_bounds){g->group_id, g->from, g->to}, &marks);

    if (!e && marks.n > REPORT_MARKS_MAX)
        e = fail(ctx, ERR_TOO_LARGE, "too many marks at once: ask for a shorter time");
    if (e)
        return e;
    s = g->students.at;
    out = ARENA_NEW_N(&ctx->arena, struct report_student_halves, g->students.n);
    for (size_t i = 0; i < g->students.n; i++) {
        struct presence_tally t = tally_of(ctx, marks_of(&marks, s[i].student_id));
        struct report_halves h = halves_of(&t);

        out[i] = (struct report_student_halves){s[i].student_id,
                                                s[i].student_number,
                                                s[i].student_name,
                                                h.half_days,
                                                h.absent,
                                                h.excused,
                                                h.rate};
        all.sessions += t.sessions;
        all.present += t.present;
        all.absent += t.absent;
        all.excused += t.excused;
        all.weight += t.weight;
    }
    *total = halves_of(&all);
    *ret = (struct report_group_halves){
        g->group_id, g->code, g->name, g->from, g->to, {out, g->students.n}, {total},
    };
    return ERR_OK;
}

enum err report_halves_of_group(struct ctx *ctx, const struct report_span *in,
                                struct report_group_halves *ret)
{
    struct report_group g = {0};
    enum err e = report_of_group(ctx, in, &g);

    return e ? e : report_halves_of_report(ctx, &g, ret);
}
