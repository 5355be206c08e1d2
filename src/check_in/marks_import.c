/* SPDX-License-Identifier: MIT */
/* Looking at every line, then all of them through the register's own doors in one transaction. */
#include "check_in/marks_import.h"

#include <stdlib.h>

#include "base/log.h"

#include "attendance/intake.h"
#include "check_in/marks_line.h"
#include "db/tx.h"
#include "presence/codes.h"

#define F(...) FIELD(struct marks_error, __VA_ARGS__)
static const struct field error_fields[] = {
    F(line, "Line of the file, from 1", .required = true),
    F(column, "student_number, status, at or note; empty: the whole line", .required = true),
    F(code, "What is wrong", .required = true,
      .one_of = ONE_OF("required", "unknown_student", "duplicate", "status", "time", "columns",
                       "quote", "max_length")),
    F(detail, "The same in English", .required = true),
    F(value, "What stands there", .required = true),
};
#undef F
static const struct schema error_schema = SCHEMA(marks_error, error_fields);

#define F(...) FIELD(struct marks_report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(dry_run, "Whether it was only looked at", .required = true),
    F(applied, "Whether the good lines are in the register now", .required = true),
    F(lines, "Lines with something in them, the header aside", .required = true),
    F(good, "Of them without an error", .required = true),
    F(bad, "Of them with errors", .required = true),
    F(changes, "Records that the good lines change, or changed", .required = true),
    F(errors, "By line; of more than 1,000 the first", .required = true, .items = &error_schema,
      .max = MARKS_ERRORS_MAX),
};
#undef F
const struct schema marks_report_schema = SCHEMA(marks_report, report_fields);

/* A student of the session, and the line that names him or her. */
struct pupil {
    const struct attendance *record;
    int64_t line; /* 0: none yet */
};

struct work {
    struct session session;
    struct attendance_register register_;
    struct pupil *pupils; /* by number */
    size_t n_pupils;
    struct marks_line *lines; /* the good ones */
    const struct attendance **records;
    size_t n;
    int64_t changed;
};

static int by_number(const void *a, const void *b)
{
    struct str x = ((const struct pupil *)a)->record->student_number;
    struct str y = ((const struct pupil *)b)->record->student_number;

    return str_before(x, y) ? -1 : str_before(y, x);
}

static void list_pupils(struct ctx *ctx, struct work *w)
{
    const struct attendance *at = w->register_.records.at;

    w->n_pupils = w->register_.records.n;
    w->pupils = ARENA_NEW_N(&ctx->arena, struct pupil, w->n_pupils + 1);
    for (size_t i = 0; i < w->n_pupils; i++)
        w->pupils[i].record = &at[i];
    qsort(w->pupils, w->n_pupils, sizeof(*w->pupils), by_number);
}

static struct pupil *pupil_of(const struct work *w, struct str number)
{
    struct attendance record = {.student_number = number};
    struct pupil key = {.record = &record};

    return bsearch(&key, w->pupils, w->n_pupils, sizeof(key), by_number);
}

/* Whose line it is, and that there is no other. */
static struct pupil *claim(struct marks_reader *r, const struct work *w,
                           const struct marks_line *line)
{
    struct pupil *p = pupil_of(w, line->number);

    if (p && !p->line) {
        p->line = line->line;
        return p;
    }
    marks_blame(r, line->line,
                (struct marks_error){
                    .column = STR("student_number"),
                    .code = p ? STR("duplicate") : STR("unknown_student"),
                    .detail = p ? arena_printf(&r->ctx->arena, "is in line %lld already",
                                               (long long)p->line)
                                : STR("is not of this session"),
                    .value = line->number,
                });
    return NULL;
}

/* Whether the line says something that the record does not. */
static bool differs(const struct marks_line *line, const struct attendance *record)
{
    if (line->status == PRESENCE_UNMARKED)
        return !record->in_at.set || record->in_at.v != line->at;
    return !str_is(record->status, presence_status_name(line->status)) ||
           (line->code.len && record->code.set && !str_eq(record->code.v, line->code));
}

static enum err read_lines(struct marks_reader *r, struct work *w)
{
    struct marks_report *report = r->report;
    struct marks_line line;
    struct pupil *p;
    bool good;

    w->lines = ARENA_NEW_N(&r->ctx->arena, struct marks_line, w->n_pupils + 1);
    w->records = ARENA_NEW_N(&r->ctx->arena, const struct attendance *, w->n_pupils + 1);
    while (marks_next(r, &line, &good)) {
        if (++report->lines > MARKS_LINES_MAX)
            return fail_field(r->ctx, "list", "too_many_lines", "10000", "has more than %d lines",
                              MARKS_LINES_MAX);
        p = good ? claim(r, w, &line) : NULL;
        if (!p) {
            report->bad++;
            continue;
        }
        report->good++;
        report->changes += differs(&line, p->record);
        w->records[w->n] = p->record;
        w->lines[w->n++] = line;
    }
    if (!report->lines)
        return fail_field(r->ctx, "list", "empty", "", "has no line but the header");
    return ERR_OK;
}

/* The times, as check-ins; the lines' records are then those after it. */
static enum err check_in_all(struct ctx *ctx, struct work *w)
{
    struct check_in *in = ARENA_NEW_N(&ctx->arena, struct check_in, w->n + 1);
    struct check_in_result *out = ARENA_NEW_N(&ctx->arena, struct check_in_result, w->n + 1);
    size_t *row = ARENA_NEW_N(&ctx->arena, size_t, w->n + 1);
    size_t n = 0;
    enum err e;

    for (size_t i = 0; i < w->n; i++) {
        const struct marks_line *line = &w->lines[i];
        int64_t student_id = w->records[i]->student_id;

        if (!line->at)
            continue;
        row[n] = i;
        in[n++] = (struct check_in){
            .student_id = student_id,
            .way = WAY_IMPORT,
            .occurred_at = line->at,
            .uid = arena_printf(&ctx->arena, "import:%lld:%lld:%lld", (long long)w->session.id,
                                (long long)student_id, (long long)line->at),
            .note = line->note,
            .belated = true,
        };
    }
    e = n ? attendance_check_in(ctx, &w->session, in, n, out) : ERR_OK;
    for (size_t i = 0; !e && i < n; i++) {
        w->changed += out[i].intake == INTAKE_COUNTED;
        w->records[row[i]] = &out[i].record;
    }
    return e;
}

/* The words of whoever sent the list, where the register says something else. */
static enum err say_all(struct ctx *ctx, struct work *w)
{
    struct attendance after = {0};
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < w->n; i++) {
        const struct marks_line *line = &w->lines[i];
        struct attendance_mark mark = {
            .session_id = w->session.id,
            .student_id = w->records[i]->student_id,
            .status = str_of(presence_status_name(line->status)),
            .code = {.set = line->code.len > 0, .v = line->code},
            .note = line->note,
        };

        if (line->status == PRESENCE_UNMARKED || !differs(line, w->records[i]))
            continue;
        e = attendance_set(ctx, &mark, (struct opt_i64){0}, &after);
        w->changed += !line->at;
    }
    return e;
}

static enum err apply(struct ctx *ctx, void *arg)
{
    struct work *w = arg;
    enum err e = ERR_OK;

    /* A second run, after PostgreSQL asked for it, begins from the same lines. */
    w->changed = 0;
    e = check_in_all(ctx, w);
    return e ? e : say_all(ctx, w);
}

static enum err check_session(struct ctx *ctx, const struct marks_wish *in, struct work *w)
{
    enum err e = attendance_register_get(ctx, in->session_id, &w->register_);

    if (e)
        return e;
    w->session = *(const struct session *)w->register_.session.at;
    e = session_check_runs(ctx, &w->session);
    if (e)
        return e;
    if (!session_is(&w->session, "open") && !session_is(&w->session, "closed"))
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", w->session.state.at);
    return ERR_OK;
}

static enum err look(struct ctx *ctx, const struct marks_wish *in, struct work *w,
                     struct marks_report *report)
{
    struct marks_reader r = {
        .ctx = ctx,
        .zone = w->session.time_zone,
        .starts_at = w->session.starts_at,
        .report = report,
    };
    enum err e = codes_all(ctx, &r.codes);

    if (!e && !csv_open(ctx, in->list.data, &r.csv))
        e = fail_field(ctx, "list", "encoding", "UTF-8", "is not UTF-8");
    e = e ? e : marks_header(&r);
    if (e)
        return e;
    list_pupils(ctx, w);
    return read_lines(&r, w);
}

enum err marks_import(struct ctx *ctx, const struct marks_wish *in, struct marks_report *ret)
{
    struct work *w = ARENA_NEW(&ctx->arena, struct work);
    bool partial = in->partial.set && in->partial.v;
    enum err e = check_session(ctx, in, w);

    *ret = (struct marks_report){.dry_run = !in->dry_run.set || in->dry_run.v};
    e = e ? e : look(ctx, in, w, ret);
    if (e || ret->dry_run || (ret->bad && !partial))
        return e;
    e = db_transact(ctx, apply, w);
    if (e)
        return e;
    ret->applied = true;
    ret->changes = w->changed;
    log_info(ctx, "marks.imported", LI("session", in->session_id), LI("lines", ret->good),
             LI("bad", ret->bad), LI("changed", ret->changes));
    return ERR_OK;
}
