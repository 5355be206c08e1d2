/* SPDX-License-Identifier: MIT */
/* Reports in half-days. */
#include "reports/halves.h"

#include <stdlib.h>

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

/* A student of the report, by number, and which of the report's rows it is. */
struct place {
    int64_t student_id, marks;
    size_t row;
};

static int by_student(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return (x->student_id > y->student_id) - (x->student_id < y->student_id);
}

static struct place *places_of(struct ctx *ctx, const struct report_group *g)
{
    const struct report_student *s = g->students.at;
    struct place *p = ARENA_NEW_N(&ctx->arena, struct place, g->students.n);

    for (size_t i = 0; i < g->students.n; i++)
        p[i] = (struct place){s[i].student_id, s[i].tally.sessions, i};
    if (g->students.n)
        qsort(p, g->students.n, sizeof(*p), by_student);
    return p;
}

/* How many of the first places have `at_once` marks together; at least one. */
static size_t part_of(const struct place *p, size_t n, int64_t at_once)
{
    int64_t marks = p[0].marks;
    size_t k = 1;

    while (k < n && marks + p[k].marks <= at_once)
        marks += p[k++].marks;
    return k;
}

/* Into ret[row]. The marks are in memory of their own, which is given back. */
static enum err count_part(struct ctx *ctx, const struct report_bounds *b, const struct place *p,
                           size_t n, struct presence_tally *ret)
{
    struct ctx part = *ctx;
    struct list marks = {0};
    enum err e;

    part.arena = (struct arena){0};
    e = reports_fetch_marks(&part, b, p[0].student_id, p[n - 1].student_id, &marks);
    for (size_t i = 0; !e && i < n; i++)
        ret[p[i].row] = tally_of(&part, marks_of(&marks, p[i].student_id));
    ctx->statements = part.statements;
    arena_finish(&part.arena);
    return e;
}

static enum err count_all(struct ctx *ctx, const struct report_group *g, int64_t at_once,
                          struct presence_tally *ret)
{
    struct report_bounds b = {g->group_id, g->from, g->to};
    const struct place *p = places_of(ctx, g);
    size_t left = g->students.n;
    enum err e = ERR_OK;

    while (!e && left) {
        size_t n = part_of(p, left, at_once);

        e = count_part(ctx, &b, p, n, ret);
        p += n;
        left -= n;
    }
    return e;
}

enum err report_halves_of_report(struct ctx *ctx, const struct report_group *g, int64_t at_once,
                                 struct report_group_halves *ret)
{
    size_t n = g->students.n;
    struct presence_tally *t = ARENA_NEW_N(&ctx->arena, struct presence_tally, n);
    struct report_student_halves *out = ARENA_NEW_N(&ctx->arena, struct report_student_halves, n);
    struct report_halves *total = ARENA_NEW(&ctx->arena, struct report_halves);
    const struct report_student *s = g->students.at;
    struct presence_tally all = {0};
    enum err e = count_all(ctx, g, at_once, t);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++) {
        struct report_halves h = halves_of(&t[i]);

        out[i] = (struct report_student_halves){
            .student_id = s[i].student_id,
            .student_number = s[i].student_number,
            .student_name = s[i].student_name,
            .half_days = h.half_days,
            .absent = h.absent,
            .excused = h.excused,
            .rate = h.rate,
        };
        presence_add(&all, &t[i]);
    }
    *total = halves_of(&all);
    *ret = (struct report_group_halves){
        .group_id = g->group_id,
        .code = g->code,
        .name = g->name,
        .from = g->from,
        .to = g->to,
        .students = {out, n},
        .total = {total},
    };
    return ERR_OK;
}

enum err report_halves_of_group(struct ctx *ctx, const struct report_span *in,
                                struct report_group_halves *ret)
{
    struct report_group g = {0};
    enum err e = report_of_group(ctx, in, &g);

    return e ? e : report_halves_of_report(ctx, &g, REPORT_MARKS_AT_ONCE, ret);
}
