/* SPDX-License-Identifier: MIT */
/* Reports as CSV, for spreadsheets. */
#include <inttypes.h>

#include "base/buf.h"
#include "base/csv.h"

#include "attendance/attendance.h"
#include "reports/halves.h"
#include "reports/reports.h"

enum { CSV_MAX = 16 << 20 };

static void csv_text(struct buf *b, bool first, struct str text)
{
    if (!first)
        buf_putc(b, ',');
    csv_write(b, text);
}

static void csv_i64(struct buf *b, int64_t v)
{
    buf_printf(b, ",%" PRId64, v);
}

/* A share of one as percent with one digit: 0.8333 is 83.3. */
static void csv_percent(struct buf *b, double share)
{
    buf_printf(b, ",%.1f", 100 * share);
}

static void csv_end(struct buf *b)
{
    buf_puts(b, "\r\n");
}

/* The mark U+FEFF. */
static void csv_bom(struct buf *b)
{
    buf_puts(b, "\xEF\xBB\xBF");
}

static void head(struct buf *b, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_text(b, i == 0, str_of(names[i]));
    csv_end(b);
}

static void tally(struct buf *b, const struct presence_tally *t)
{
    csv_i64(b, t->sessions);
    csv_i64(b, t->present);
    csv_i64(b, t->late);
    csv_i64(b, t->partial);
    csv_i64(b, t->left_early);
    csv_i64(b, t->remote);
    csv_i64(b, t->absent);
    csv_i64(b, t->excused);
    csv_percent(b, presence_rate(t));
    csv_text(b, false, str_of(absence_level(absence_rate(t))));
}

static void halves_end(struct buf *b, int64_t half_days, int64_t absent, int64_t excused)
{
    csv_i64(b, half_days);
    csv_i64(b, absent);
    csv_i64(b, excused);
    csv_end(b);
}

/* Moves what was written into the arena. */
static enum err done(struct ctx *ctx, struct buf *b, struct str *ret)
{
    if (b->failed)
        return fail(ctx, ERR_TOO_LARGE, "the report is too large for one file");
    *ret = arena_str(&ctx->arena, buf_view(b));
    return ERR_OK;
}

enum err report_group_csv(struct ctx *ctx, const struct report_span *in, struct str *ret)
{
    static const char *const names[] = {
        "student_number", "student_name", "sessions",  "present",          "late",
        "partial",        "left_early",   "remote",    "absent",           "excused",
        "rate_percent",   "level",        "half_days", "half_days_absent", "half_days_excused"};
    cleanup(buf_finish) struct buf b = BUF(CSV_MAX);
    struct report_group g = {0};
    struct report_group_halves halves = {0};
    const struct report_halves *sum;
    const struct report_student_halves *h;
    const struct report_student *s;
    const struct report_total *total;
    enum err e = report_of_group(ctx, in, &g);

    e = e ? e : report_halves_of_report(ctx, &g, REPORT_MARKS_AT_ONCE, &halves);
    if (e)
        return e;
    if (in->bom)
        csv_bom(&b);
    head(&b, names, COUNT(names));
    s = g.students.at;
    h = halves.students.at; /* the same students */
    for (size_t i = 0; i < g.students.n; i++) {
        csv_text(&b, true, s[i].student_number);
        csv_text(&b, false, s[i].student_name);
        tally(&b, &s[i].tally);
        halves_end(&b, h[i].half_days, h[i].absent, h[i].excused);
    }
    total = g.total.at;
    csv_text(&b, true, STR(""));
    csv_text(&b, false, g.name);
    tally(&b, &total->tally);
    sum = halves.total.at;
    halves_end(&b, sum->half_days, sum->absent, sum->excused);
    return done(ctx, &b, ret);
}

enum err report_register_csv(struct ctx *ctx, const struct report_span *in, struct str *ret)
{
    static const char *const names[] = {"student_number", "student_name", "status", "minutes_late",
                                        "method",         "marked_at",    "note"};
    cleanup(buf_finish) struct buf b = BUF(CSV_MAX);
    struct attendance_register r = {0};
    const struct attendance *a;
    enum err e = attendance_register_get(ctx, in->id, &r);

    if (e)
        return e;
    if (in->bom)
        csv_bom(&b);
    head(&b, names, COUNT(names));
    a = r.records.at;
    for (size_t i = 0; i < r.records.n; i++) {
        csv_text(&b, true, a[i].student_number);
        csv_text(&b, false, a[i].student_name);
        csv_text(&b, false, a[i].status);
        if (a[i].minutes_late.set)
            csv_i64(&b, a[i].minutes_late.v);
        else
            csv_text(&b, false, STR(""));
        csv_text(&b, false, a[i].method.v);
        csv_text(&b, false,
                 a[i].marked_at.set ? time_format(&ctx->arena, a[i].marked_at.v) : STR(""));
        csv_text(&b, false, a[i].note.v);
        csv_end(&b);
    }
    return done(ctx, &b, ret);
}
