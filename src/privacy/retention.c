/* SPDX-License-Identifier: MIT */
/* The jobs that forget: a table of what, how long, and how. */
#include "privacy/retention.h"

#include "base/log.h"
#include "base/settings.h"

#include "class_photo/class_photo.h"
#include "db/tx.h"
#include "enrolment/erasure.h"
#include "justifications/documents.h"
#include "offline/offline.h"
#include "privacy/cleaning.h"
#include "privacy/retention_store.h"
#include "recognition/decision.h"
#include "signals/signals.h"
#include "students/students.h"

enum { HOUR_MS = 3600 * 1000, STUDENTS_AT_ONCE = 500 };

#define F(...) FIELD(struct retention_job, __VA_ARGS__)
static const struct field job_fields[] = {
    F(job, "What is forgotten", .required = true,
      .one_of = ONE_OF("verification_log", "templates_after_leaving", "class_photo_crops",
                       "documents", "signals", "offline_events", "forgotten_rows")),
    F(keep, "How long it is kept", .required = true, .example = "90"),
    F(unit, "Unit of that", .required = true, .one_of = ONE_OF("days", "hours")),
    F(due, "How many would be deleted now", .required = true, .example = "0"),
    F(oldest_at, "The oldest that is there", .required = true, .format = "date-time"),
    F(last_at, "When the job last ran", .required = true, .format = "date-time"),
    F(last_deleted, "How many it deleted", .required = true, .example = "12"),
    F(last_error, "What went wrong; empty when nothing did", .required = true, .example = "\"\""),
    F(next_at, "When it runs again", .required = true, .format = "date-time"),
};
#undef F
static const struct schema job_schema = SCHEMA(retention_job, job_fields);

#define F(...) FIELD(struct retention_report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(face_recognition, "What faces are used for here", .required = true,
      .one_of = ONE_OF("off", "verify", "roster")),
    F(jobs, "What is forgotten when", .required = true, .items = &job_schema),
};
#undef F
const struct schema retention_report_schema = SCHEMA(retention_report, report_fields);

struct kind {
    const char *job, *unit;
    int64_t unit_ms;
    int64_t (*keep)(const struct settings *s);
    /* What is due before a moment, and the oldest that is there. */
    enum err (*look)(struct ctx *ctx, int64_t before, struct retention_job *ret);
    enum err (*forget)(struct ctx *ctx, int64_t before, int64_t *ret_n);
};

static int64_t keep_log(const struct settings *s)
{
    return s->keep_verification_days;
}

static enum err look_log(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    return retention_log(ctx, before, &ret->oldest_at, &ret->due);
}

static int64_t keep_templates(const struct settings *s)
{
    return s->keep_templates_days;
}

static enum err look_templates(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    struct i64s left = {0};
    enum err e = retention_left(ctx, before, STUDENTS_AT_ONCE, &left);

    ret->due = (int64_t)left.n;
    return e ? e : retention_oldest_template(ctx, &ret->oldest_at);
}

static enum err erase_one(struct ctx *ctx, int64_t student_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct erasure what = {.student_id = student_id, .reason = "retention"};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : erasure_run(ctx, &what, NULL);
    return e ? e : tx_commit(&tx);
}

static enum err forget_templates(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    struct i64s left = {0};
    enum err e = retention_notice(ctx);

    e = e ? e : retention_left(ctx, before, STUDENTS_AT_ONCE, &left);
    for (size_t i = 0; !e && i < left.n; i++) {
        e = erase_one(ctx, left.at[i]);
        *ret_n += !e;
    }
    return e;
}

static int64_t keep_documents(const struct settings *s)
{
    return s->keep_documents_days;
}

static enum err look_documents(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    return documents_due(ctx, before, &ret->oldest_at, &ret->due);
}

static int64_t keep_crops(const struct settings *s)
{
    return s->crops_hours;
}

/* Each class photo says when it ends: what was set when it was taken counts. */
static enum err look_crops(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    (void)before;
    return class_photo_due(ctx, ctx->now, &ret->oldest_at, &ret->due);
}

static enum err forget_crops(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    (void)before;
    return class_photo_trim(ctx, ctx->now, ret_n);
}

static int64_t keep_signals(const struct settings *s)
{
    return s->keep_signals_days;
}

static enum err look_signals(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    return signals_due(ctx, before, &ret->oldest_at, &ret->due);
}

static int64_t keep_offline(const struct settings *s)
{
    return s->keep_offline_days;
}

static enum err look_offline(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    return offline_due(ctx, before, &ret->oldest_at, &ret->due);
}

/* Rows of who was forgotten are gone at once, but not out of the files. */
static int64_t keep_nothing(const struct settings *s)
{
    (void)s;
    return 0;
}

static enum err look_cleaning(struct ctx *ctx, int64_t before, struct retention_job *ret)
{
    (void)before;
    return cleaning_due(ctx, &ret->oldest_at, &ret->due);
}

static enum err clean_forgotten(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    (void)before;
    return cleaning_run(ctx, ret_n);
}

/* Uploads of photos have a job of their own, which deletes files. */
static const struct kind kinds[] = {
    {"verification_log", "days", 24 * (int64_t)HOUR_MS, keep_log, look_log, decision_trim},
    {"templates_after_leaving", "days", 24 * (int64_t)HOUR_MS, keep_templates, look_templates,
     forget_templates},
    {"class_photo_crops", "hours", HOUR_MS, keep_crops, look_crops, forget_crops},
    {"documents", "days", 24 * (int64_t)HOUR_MS, keep_documents, look_documents, documents_forget},
    {"signals", "days", 24 * (int64_t)HOUR_MS, keep_signals, look_signals, signals_forget},
    {"offline_events", "days", 24 * (int64_t)HOUR_MS, keep_offline, look_offline, offline_forget},
    {"forgotten_rows", "hours", HOUR_MS, keep_nothing, look_cleaning, clean_forgotten},
};

static int64_t before_of(const struct ctx *ctx, const struct kind *k)
{
    return ctx->now - k->keep(ctx->services->settings) * k->unit_ms;
}

static enum err describe(struct ctx *ctx, const struct kind *k, struct retention_job *ret)
{
    struct retention_run_row last = {0};
    struct retention_job out = {
        .job = str_of(k->job),
        .keep = k->keep(ctx->services->settings),
        .unit = str_of(k->unit),
        .last_error = STR(""),
    };
    const struct fault before = ctx->fault;
    enum err looked = k->look(ctx, before_of(ctx, k), &out);
    enum err e;

    ctx->fault = before;
    e = retention_last(ctx, k->job, &last);
    if (!e) {
        out.last_at = (struct opt_i64){.set = true, .v = last.at};
        out.last_deleted = (struct opt_i64){.set = true, .v = last.deleted};
        out.next_at = (struct opt_i64){.set = true, .v = last.at + HOUR_MS};
        out.last_error = last.error;
    }
    if (e && e != ERR_NOT_FOUND)
        return e;
    /* What cannot be looked at is part of the report. */
    if (looked)
        out.last_error = str_of(err_info(looked)->slug);
    *ret = out;
    return ERR_OK;
}

enum err retention_get(struct ctx *ctx, struct retention_report *ret)
{
    struct retention_job *jobs = ARENA_NEW_N(&ctx->arena, struct retention_job, COUNT(kinds));
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < COUNT(kinds); i++)
        e = describe(ctx, &kinds[i], &jobs[i]);
    if (!e)
        *ret = (struct retention_report){ctx->services->settings->face_recognition,
                                         {jobs, COUNT(kinds)}};
    return e;
}

/* `quiet`: a run that found nothing to do is not kept. */
static enum err run_kind(struct ctx *ctx, const struct kind *k, bool quiet)
{
    const struct fault before = ctx->fault;
    struct retention_job now = {0};
    int64_t n = 0;
    enum err e = k->forget(ctx, before_of(ctx, k), &n);
    const char *error = e ? err_info(e)->slug : "";

    if (e)
        log_error(ctx, "retention.failed", LC("job", k->job), LC("error", error));
    else if (n)
        log_info(ctx, "retention.deleted", LC("job", k->job), LI("n", n));
    if (quiet && !e && !n)
        return ERR_OK;
    if (k->look(ctx, before_of(ctx, k), &now))
        now.oldest_at = (struct opt_i64){0};
    ctx->fault = before;
    return retention_note(ctx, k->job, n, now.oldest_at, error);
}

enum err retention_run(struct ctx *ctx, bool dry, struct retention_report *ret)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !dry && !e && i < COUNT(kinds); i++)
        e = run_kind(ctx, &kinds[i], false);
    return e ? e : retention_get(ctx, ret);
}

enum err retention_often(struct ctx *ctx)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < COUNT(kinds); i++)
        if (kinds[i].forget == forget_crops || kinds[i].forget == clean_forgotten)
            e = run_kind(ctx, &kinds[i], true);
    return e;
}

enum err retention_tick(struct ctx *ctx)
{
    struct retention_report report;
    enum err e = retention_run(ctx, false, &report);

    return e ? e : erasure_clean(ctx);
}
