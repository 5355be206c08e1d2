/* SPDX-License-Identifier: MIT */
/* Asks the rules about students whose records changed, and keeps their alerts up to date. */
#include <time.h>

#include "base/clock.h"
#include "base/settings.h"
#include "base/zone.h"

#include "alerts/alerts.h"
#include "alerts/alerts_parts.h"
#include "alerts/alerts_store.h"
#include "db/tx.h"

enum {
    DAY_MS = 24 * 3600 * 1000,
    EVENTS_AT_ONCE = 2000, /* few: the writer is given back in between */
    STUDENTS_AT_ONCE = 4,
    PAUSE_MS = 2,   /* in between, for who checks in meanwhile */
    RUN_MS = 10000, /* then the rest waits for the next tick */
};

struct student_alerts {
    int64_t student_id, from;
    struct alert_finding found[ALERT_FINDINGS_MAX];
    size_t n;
    struct list alerts; /* struct alert, the newest first */
};

static struct str subject_of(struct ctx *ctx, const struct alert_finding *f)
{
    return f->weekday ? arena_printf(&ctx->arena, "%lld", (long long)f->weekday) : STR("");
}

static bool is_about(struct ctx *ctx, const struct alert *a, const struct alert_finding *f)
{
    return str_is(a->kind, alert_kind_name(f->kind)) && str_eq(a->subject, subject_of(ctx, f));
}

/* Lessons of the term with local days, and what the rules find in them. */
static enum err ask_rules(struct ctx *ctx, struct student_alerts *s)
{
    struct str zone = ctx->services->settings->time_zone;
    struct list rows = {0};
    const struct lesson_row *r;
    struct alert_lesson *at;
    enum err e = alerts_fetch_lessons(ctx, s->student_id, s->from, &rows);

    if (e)
        return e;
    r = rows.at;
    at = ARENA_NEW_N(&ctx->arena, struct alert_lesson, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        struct local_time t = {0};

        (void)zone_local(zone, r[i].starts_at, &t);
        at[i] = (struct alert_lesson){
            .starts_at = r[i].starts_at,
            .day = (r[i].starts_at + (int64_t)t.offset_s * 1000) / DAY_MS,
            .status = presence_status_of(r[i].status),
            .weight = r[i].weight,
        };
    }
    s->n = alert_find(at, rows.n, ctx->now, ctx->services->settings->alert_min_sessions, s->found);
    return ERR_OK;
}

static void take_figures(struct alert *a, const struct alert_finding *f)
{
    a->counted = f->counted;
    a->absences = f->absences;
    a->share = f->share;
    a->since_at = f->since_at;
    a->latest_at = f->latest_at;
}

/*
 * What a person closed is not opened again for the same: the ladder must have been climbed higher,
 * a row must have begun after the last one, a pattern must go on after the closing.
 */
static bool says_more(const struct alert *closed, const struct alert_finding *f)
{
    if (closed->recovered)
        return true;
    switch (f->kind) {
    case ALERT_LADDER:
        return f->level > alert_level_of(closed->level);
    case ALERT_CONSECUTIVE:
        return f->since_at > closed->latest_at;
    case ALERT_WEEKDAY:
    case ALERT_FIRST_LESSON:
    case ALERT_KINDS:
        break;
    }
    return f->latest_at > closed->closed_at.v;
}

static enum err open_one(struct ctx *ctx, const struct student_alerts *s,
                         const struct alert_finding *f)
{
    struct teacher_row teacher = {0};
    struct alert a = {
        .student_id = s->student_id,
        .kind = str_of(alert_kind_name(f->kind)),
        .level = str_of(alert_level_name(f->level)),
        .subject = subject_of(ctx, f),
        .weekday = f->weekday,
        .state = STR("open"),
    };
    enum err e = alerts_fetch_teacher(ctx, s->student_id, s->from, &teacher);

    if (e && e != ERR_NOT_FOUND)
        return e;
    take_figures(&a, f);
    a.trainer_id = (struct opt_i64){.set = !e, .v = teacher.trainer_id};
    a.owner_id = (struct opt_i64){.set = !e, .v = teacher.user_id};
    e = alerts_insert(ctx, &a, &a.id);
    e = e ? e : alerts_insert_step(ctx, &a, 0, "opened", STR(""));
    return e ? e : alert_tell(ctx, "alert.opened", &a);
}

static enum err follow(struct ctx *ctx, struct alert *a, const struct alert_finding *f)
{
    enum alert_level before = alert_level_of(a->level);
    bool same = a->counted == f->counted && a->absences == f->absences &&
                a->since_at == f->since_at && a->latest_at == f->latest_at;
    enum err e;

    take_figures(a, f);
    if (before == f->level)
        return same ? ERR_OK : alerts_store_figures(ctx, a);
    a->level = str_of(alert_level_name(f->level));
    e = alerts_store(ctx, a);
    e = e ? e : alerts_insert_step(ctx, a, 0, f->level > before ? "rose" : "fell", STR(""));
    return e ? e : alert_tell(ctx, "alert.changed", a);
}

static enum err recover(struct ctx *ctx, struct alert *a)
{
    enum err e;

    a->state = STR("closed");
    a->closed_at = (struct opt_i64){.set = true, .v = ctx->now};
    a->recovered = true;
    e = alerts_store(ctx, a);
    e = e ? e : alerts_insert_step(ctx, a, 0, "recovered", STR(""));
    return e ? e : alert_tell(ctx, "alert.changed", a);
}

static enum err deal_with(struct ctx *ctx, const struct student_alerts *s,
                          const struct alert_finding *f)
{
    struct alert *a = s->alerts.at;

    for (size_t i = 0; i < s->alerts.n; i++) {
        if (!is_about(ctx, &a[i], f))
            continue;
        /* The newest first: an alert that is not closed, or what was closed last. */
        if (!str_is(a[i].state, "closed"))
            return follow(ctx, &a[i], f);
        return says_more(&a[i], f) ? open_one(ctx, s, f) : ERR_OK;
    }
    return open_one(ctx, s, f);
}

/* The ladder only: a pattern that stopped is for a person to judge. */
static enum err recover_ladder(struct ctx *ctx, const struct student_alerts *s)
{
    struct alert *a = s->alerts.at;

    if (s->n > 0 && s->found[0].kind == ALERT_LADDER)
        return ERR_OK;
    for (size_t i = 0; i < s->alerts.n; i++)
        if (str_is(a[i].kind, "ladder") && !str_is(a[i].state, "closed"))
            return recover(ctx, &a[i]);
    return ERR_OK;
}

static enum err evaluate(struct ctx *ctx, int64_t student_id)
{
    struct student_alerts s = {
        .student_id = student_id,
        .from = ctx->now - ctx->services->settings->term_days * DAY_MS,
    };
    enum err e = alerts_drop_due(ctx, student_id);

    e = e ? e : ask_rules(ctx, &s);
    e = e ? e : alerts_fetch_of(ctx, student_id, s.from, &s.alerts);
    for (size_t i = 0; !e && i < s.n; i++)
        e = deal_with(ctx, &s, &s.found[i]);
    return e ? e : recover_ladder(ctx, &s);
}

static enum err batch_in_tx(struct ctx *ctx, void *arg)
{
    bool *more = arg;
    struct list due = {0};
    enum err e = alerts_fetch_due(ctx, STUDENTS_AT_ONCE, &due);
    const struct id_row *r = due.at;

    for (size_t i = 0; !e && i < due.n; i++)
        e = evaluate(ctx, r[i].id);
    *more = due.n == STUDENTS_AT_ONCE;
    return e;
}

static enum err mark_in_tx(struct ctx *ctx, void *arg)
{
    return alerts_move_mark(ctx, arg);
}

static void pause_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

/* One short transaction after the other, until there is no more to do or the time is over. */
enum err alerts_tick(struct ctx *ctx)
{
    int64_t until = clock_mono_ms() + RUN_MS;
    struct mark_step step = {.at_most = EVENTS_AT_ONCE, .first = true};
    bool more = true;
    enum err e = db_transact(ctx, mark_in_tx, &step);

    step.first = false;
    while (!e && step.more && clock_mono_ms() < until) {
        pause_a_little();
        e = db_transact(ctx, mark_in_tx, &step);
    }
    while (!e && more && clock_mono_ms() < until) {
        e = db_transact(ctx, batch_in_tx, &more);
        pause_a_little();
    }
    return e;
}

enum err alerts_refresh(struct ctx *ctx)
{
    enum err e = ctx->actor.role == ROLE_ADMIN ? alerts_all_due(ctx) : ERR_OK;

    return e ? e : alerts_tick(ctx);
}
