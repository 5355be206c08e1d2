/* SPDX-License-Identifier: MIT */
/* Alerts as people deal with them: reading, giving to somebody, closing. */
#include "alerts/alerts.h"

#include "alerts/alerts_parts.h"
#include "alerts/alerts_store.h"
#include "alerts/alerts_words.h"
#include "db/tx.h"
#include "events/events.h"

#define KINDS  ONE_OF("ladder", "consecutive", "weekday", "first_lesson")
#define LEVELS ONE_OF("notice", "warning", "critical", "failing")
#define STATES ONE_OF("open", "in_progress", "closed")

#define F(...) FIELD(struct alert, __VA_ARGS__)
#define ALERT_FIELDS                                                                               \
    F(id, "Number of the alert", .required = true, .min = 1, .example = "5"),                      \
        F(student_id, "Student", .required = true, .example = "31"),                               \
        F(student_number, "Student number", .required = true, .example = "\"S-0031\""),            \
        F(student_name, "Name", .required = true, .example = "\"Lina Haddad\""),                   \
        F(kind, "Which rule", .required = true, .one_of = KINDS, .example = "\"ladder\""),         \
        F(level, "How grave", .required = true, .one_of = LEVELS, .example = "\"critical\""),      \
        F(subject, "Tells alerts of one kind apart", .hidden = true),                              \
        F(counted, "Sessions that count; of first_lesson: days", .required = true,                 \
          .example = "57"),                                                                        \
        F(absences, "Of them missed", .required = true, .example = "12"),                          \
        F(share, "Share of absence, 0 to 1", .required = true, .example = "0.2105"),               \
        F(weekday, "1 Monday to 7 Sunday; 0: not of one weekday", .required = true,                \
          .example = "0"),                                                                         \
        F(since_at, "Start of the first session it rests on", .required = true,                    \
          .format = "date-time", .example = "\"2026-09-14T08:00:00Z\""),                           \
        F(latest_at, "Start of the last one", .required = true, .format = "date-time",             \
          .example = "\"2026-11-20T08:00:00Z\""),                                                  \
        F(state, "What is being done", .required = true, .one_of = STATES, .example = "\"open\""), \
        F(owner_id, "Account of who deals with it; null: nobody", .example = "3"),                 \
        F(owner_name, "Name of who deals with it", .example = "\"Karim Tazi\""),                   \
        F(trainer_id, "Who has most sessions with the student", .hidden = true),                   \
        F(opened_at, "When it was opened", .required = true, .format = "date-time",                \
          .example = "\"2026-11-20T10:00:00Z\""),                                                  \
        F(updated_at, "When level, owner or state changed last", .required = true,                 \
          .format = "date-time", .example = "\"2026-11-21T10:00:00Z\""),                           \
        F(closed_at, "When it was closed; null: it is not", .format = "date-time",                 \
          .example = "null"),                                                                      \
        F(recovered, "Closed because the figures recovered", .required = true,                     \
          .example = "false"),                                                                     \
        F(why_en, "The reason in English", .required = true,                                       \
          .example = "\"Absence of 21.1 % of the sessions that count: 12 of 57 missed.\""),        \
        F(why_fr, "The reason in French", .required = true,                                        \
          .example = "\"Absence de 21,1 % des séances qui comptent : 12 manquées sur 57.\""),      \
        F(why_ar, "The reason in Arabic", .required = true,                                        \
          .example = "\"نسبة الغياب 21.1 % من الحصص المحتسبة: 12 من أصل 57.\""),                   \
        F(version, "Counts the changes; the ETag", .required = true, .min = 1, .example = "1")

static const struct field alert_fields[] = {ALERT_FIELDS};
#undef F
const struct schema alert_schema = SCHEMA(alert, alert_fields);

#define F(...) FIELD(struct alert_step, __VA_ARGS__)
static const struct field step_fields[] = {
    F(id, "Number of the step", .required = true, .example = "9"),
    F(at, "When", .required = true, .format = "date-time", .example = "\"2026-11-20T10:00:00Z\""),
    F(by_user_id, "Whose doing; null: the rules'", .example = "null"),
    F(by_name, "Name of who did it", .example = "null"),
    F(change, "What happened", .required = true,
      .one_of = ONE_OF("opened", "rose", "fell", "recovered", "started", "returned", "assigned",
                       "closed", "noted"),
      .example = "\"rose\""),
    F(level, "The level after it", .required = true, .one_of = LEVELS, .example = "\"critical\""),
    F(owner_id, "The owner after it", .example = "null"),
    F(owner_name, "Name of the owner", .example = "null"),
    F(counted, "Sessions that counted at that time", .required = true, .example = "57"),
    F(absences, "Of them missed", .required = true, .example = "12"),
    F(message, "What was said", .required = true, .example = "\"\""),
};
#undef F
const struct schema alert_step_schema = SCHEMA(alert_step, step_fields);

#define F(...) FIELD(struct alert, __VA_ARGS__)
static const struct field detail_fields[] = {
    ALERT_FIELDS,
    F(history, "Its steps, the oldest first", .required = true, .items = &alert_step_schema,
      .max = 1000),
};
#undef F
const struct schema alert_detail_schema = SCHEMA_NAMED("alert_detail", alert, detail_fields);

struct alert_event {
    int64_t alert_id, student_id;
    struct str kind, level, state;
};
#define F(...) FIELD(struct alert_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(alert_id, "The alert"), F(student_id, "Student"), F(kind, "Which rule"),
    F(level, "How grave"),    F(state, "State"),
};
#undef F
static const struct schema event_schema = SCHEMA(alert_event, event_fields);

enum err alert_tell(struct ctx *ctx, const char *name, const struct alert *a)
{
    const struct alert_event ev = {a->id, a->student_id, a->kind, a->level, a->state};

    return event_emit(ctx, name, &event_schema, &ev,
                      (struct audience){.trainer_id = a->trainer_id.v, .user_id = a->owner_id.v});
}

static enum err no_alert(struct ctx *ctx)
{
    return fail(ctx, ERR_NOT_FOUND, "there is no such alert");
}

enum err alert_list(struct ctx *ctx, const struct alert_filter *f, struct page *ret)
{
    enum err e = alerts_fetch_page(ctx, f, ret);
    struct alert *a = ret->items.at;

    for (size_t i = 0; !e && i < ret->items.n; i++)
        alert_words(ctx, &a[i]);
    return e;
}

static enum err show(struct ctx *ctx, enum err e, struct alert *ret)
{
    struct list history = {0};

    e = e ? e : alerts_fetch_steps(ctx, ret->id, &history);
    if (e)
        return e == ERR_NOT_FOUND ? no_alert(ctx) : e;
    alert_words(ctx, ret);
    ret->history = history;
    return ERR_OK;
}

enum err alert_get(struct ctx *ctx, int64_t id, struct alert *ret)
{
    return show(ctx, alerts_fetch(ctx, id, ret), ret);
}

static bool is_set(struct opt_str s)
{
    return s.set && !s.null && str_trim(s.v).len > 0;
}

static enum err check(struct ctx *ctx, const struct alert_change *in, const struct alert *a)
{
    enum err e = ERR_OK;

    if (str_is(a->state, "closed"))
        return fail_field(ctx, "/state", "fixed", "", "a closed alert stays closed");
    if (in->state.set && str_is(in->state.v, "closed") && !is_set(in->message))
        return fail_field(ctx, "/message", "required", "", "closing needs a message");
    if (in->owner_id.set && !in->owner_id.null)
        e = alerts_check_owner(ctx, in->owner_id.v, a->student_id);
    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, "/owner_id", "not_found", "",
                          "is neither an administrator nor a trainer of the student");
    return e;
}

static bool changes_owner(const struct alert_change *in, const struct alert *now)
{
    bool owned = now->owner_id.set && !now->owner_id.null;

    if (!in->owner_id.set)
        return false;
    return owned == in->owner_id.null || (owned && now->owner_id.v != in->owner_id.v);
}

/* What the change is called in the history; the gravest of several. */
static const char *name_of(const struct alert_change *in, const struct alert *before)
{
    if (in->state.set && !str_eq(in->state.v, before->state))
        return str_is(in->state.v, "closed") ? "closed"
               : str_is(in->state.v, "open") ? "returned"
                                             : "started";
    return changes_owner(in, before) ? "assigned" : "noted";
}

static bool changes_nothing(const struct alert_change *in, const struct alert *now)
{
    return !changes_owner(in, now) && !is_set(in->message) &&
           (!in->state.set || str_eq(in->state.v, now->state));
}

struct edit {
    struct opt_i64 version;
    const struct alert_change *in;
};

static enum err edit_in_tx(struct ctx *ctx, void *arg)
{
    const struct edit *edit = arg;
    const struct alert_change *in = edit->in;
    struct alert a;
    const char *change;
    enum err e = alerts_fetch(ctx, in->alert_id, &a);

    if (e)
        return e == ERR_NOT_FOUND ? no_alert(ctx) : e;
    if (edit->version.set && edit->version.v != a.version)
        return fail(ctx, ERR_VERSION_MISMATCH, "this alert was changed meanwhile: read it again");
    if (changes_nothing(in, &a))
        return ERR_OK;
    e = check(ctx, in, &a);
    if (e)
        return e;
    change = name_of(in, &a);
    if (in->owner_id.set)
        a.owner_id = (struct opt_i64){.set = !in->owner_id.null, .v = in->owner_id.v};
    if (in->state.set)
        a.state = in->state.v;
    a.closed_at = (struct opt_i64){.set = str_is(a.state, "closed"), .v = ctx->now};
    e = alerts_store(ctx, &a);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_VERSION_MISMATCH, "this alert was changed meanwhile: read it again");
    e = e ? e : alerts_insert_step(ctx, &a, ctx->actor.user_id, change, in->message.v);
    return e ? e : alert_tell(ctx, "alert.changed", &a);
}

enum err alert_update(struct ctx *ctx, struct opt_i64 version, const struct alert_change *in,
                      struct alert *ret)
{
    struct edit edit = {version, in};
    enum err e = db_transact(ctx, edit_in_tx, &edit);

    /* Who gave it away may not see it any more, but did it. */
    return e ? e : show(ctx, alerts_fetch_any(ctx, in->alert_id, ret), ret);
}
