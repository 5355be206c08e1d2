/* SPDX-License-Identifier: MIT */
/* Faces change: of minors sooner. Whoever manages enrolments is reminded once per set. */
#include "enrolment/history.h"

#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/history_store.h"
#include "events/events.h"

enum { MINOR_YEARS = 16 };
/* 365.25 days / 12. */
static const int64_t month_ms = 2629800000;

#define F(...) FIELD(struct enrolment_past, __VA_ARGS__)
static const struct field past_fields[] = {
    F(id, "Number of the row", .required = true),
    F(student_id, "Student", .hidden = true),
    F(at, "When", .required = true, .format = "date-time"),
    F(by_user_id, "Whose account did it; null for a command", .required = true),
    F(by_name, "The name of that account", .required = true),
    F(source, "How the photos were taken", .required = true,
      .one_of = ONE_OF("webcam", "id_photo", "photos")),
    F(assurance, "`standard`: 3 good photos or more; `low`: fewer, or an ID photo",
      .required = true, .one_of = ONE_OF("low", "standard")),
    F(model, "The model of the templates", .required = true),
    F(templates, "How many templates were stored", .required = true, .example = "3"),
    F(ended_at, "When they were destroyed; null: they are in use", .required = true,
      .format = "date-time"),
    F(ended_why, "Why", .required = true,
      .one_of = ONE_OF("replaced", "erased", "consent_withdrawn")),
};
#undef F
const struct schema enrolment_past_schema = SCHEMA(enrolment_past, past_fields);

#define F(...) FIELD(struct enrolment_aged, __VA_ARGS__)
static const struct field aged_fields[] = {
    F(id, "Number of the enrolment in the history", .required = true),
    F(student_id, "Student", .required = true),
    F(student_number, "The school's own number", .required = true),
    F(student_name, "Full name", .required = true),
    F(assurance, "How sure the enrolment is", .required = true,
      .one_of = ONE_OF("low", "standard")),
    F(at, "When the templates were made", .required = true, .format = "date-time"),
    F(due_at, "Since when they are to be renewed", .required = true, .format = "date-time"),
};
#undef F
const struct schema enrolment_aged_schema = SCHEMA(enrolment_aged, aged_fields);

struct ageing_event {
    int64_t student_id, due_at;
};
static const struct field event_fields[] = {
    FIELD(struct ageing_event, student_id, "Student"),
    FIELD(struct ageing_event, due_at, "Since when", .format = "date-time"),
};
static const struct schema event_schema = SCHEMA(ageing_event, event_fields);

/* Today so many years ago, as text that sorts like dates. */
static struct str years_ago(struct ctx *ctx, int64_t years)
{
    struct str rest = time_format(&ctx->arena, ctx->now);
    int64_t year = 0;

    (void)str_to_i64(str_cut(&rest, '-'), &year);
    return arena_printf(&ctx->arena, "%04lld-%.5s", (long long)(year - years), rest.at);
}

static int64_t months_of(const struct ctx *ctx, bool minor)
{
    const struct settings *s = ctx->services->settings;

    return (minor ? s->template_months_minor : s->template_months) * month_ms;
}

int64_t history_due_at(struct ctx *ctx, int64_t made_at, struct opt_str birth_date)
{
    bool minor =
        birth_date.set && !birth_date.null && str_before(years_ago(ctx, MINOR_YEARS), birth_date.v);

    return made_at + months_of(ctx, minor);
}

enum err history_begin(struct ctx *ctx, const struct enrolment_past *row)
{
    enum err e = history_store_end(ctx, row->student_id, row->model, "replaced");

    return e ? e : history_store_insert(ctx, row);
}

enum err history_end(struct ctx *ctx, int64_t student_id, const char *why)
{
    return history_store_end(ctx, student_id, STR(""), why);
}

enum err history_list(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    return history_store_list(ctx, student_id, ret);
}

static struct age_cut cut_now(struct ctx *ctx)
{
    return (struct age_cut){
        .made_before = ctx->now - months_of(ctx, false),
        .made_before_minor = ctx->now - months_of(ctx, true),
        .young = years_ago(ctx, MINOR_YEARS),
    };
}

static void set_due(struct ctx *ctx, struct list *rows)
{
    struct enrolment_aged *row = rows->at;

    for (size_t i = 0; i < rows->n; i++)
        row[i].due_at = history_due_at(ctx, row[i].at, row[i].birth_date);
}

enum err enrolment_ageing(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    struct age_cut cut = cut_now(ctx);
    enum err e = history_store_aged(ctx, &cut, q, ret);

    if (!e)
        set_due(ctx, &ret->items);
    return e;
}

enum err enrolment_remind(struct ctx *ctx)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct age_cut cut = cut_now(ctx);
    struct list rows = {0};
    const struct enrolment_aged *row;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : history_store_untold(ctx, &cut, &rows);
    if (e)
        return e;
    set_due(ctx, &rows);
    row = rows.at;
    for (size_t i = 0; !e && i < rows.n; i++) {
        struct ageing_event ev = {row[i].student_id, row[i].due_at};

        e = event_emit(ctx, "enrolment.ageing", &event_schema, &ev, (struct audience){0});
        e = e ? e : history_store_told(ctx, row[i].id);
    }
    return e ? e : tx_commit(&tx);
}
