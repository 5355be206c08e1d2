/* SPDX-License-Identifier: MIT */
/* The rules of sessions: what may be planned, and how one state leads to the next. */
#include "sessions/sessions.h"

#include <string.h>

#include "base/settings.h"

#include "db/tx.h"
#include "events/events.h"
#include "presence/ways.h"
#include "sessions/fields.h"
#include "sessions/notice.h"
#include "sessions/plan.h"
#include "sessions/plan_store.h"
#include "sessions/sessions_store.h"
#include "sessions/watch.h"

static const struct field warning_fields[] = {
    FIELD(struct session_warning, code, "What kind", .required = true,
          .one_of = ONE_OF("room_capacity", "trainer_clash", "room_clash", "group_clash")),
    FIELD(struct session_warning, detail, "In English, for people", .required = true),
};
static const struct schema warning_schema = SCHEMA(session_warning, warning_fields);

#define F(...) FIELD(struct session, __VA_ARGS__)
static const struct field session_fields[] = {
    F(id, "Number of the session", .required = true, .example = "12"),
    F(module_id, "Module taught", .required = true),
    F(module_code, "Its short name", .required = true, .example = "\"NET-1\""),
    F(module_name, "Its name", .required = true, .example = "\"Networks\""),
    F(group_ids, "Groups expected", .required = true, .example = "[3]"),
    F(group_names, "Their names", .required = true, .example = "[\"Networks 1A\"]"),
    F(trainer_id, "Trainer who gives it", .required = true),
    F(trainer_name, "Trainer's name", .required = true),
    F(room_id, "Room, null when remote or open", .required = true),
    F(room_name, "Room's name", .required = true),
    F(starts_at, "Start", .required = true, .format = "date-time",
      .example = "\"2026-02-03T09:00:00.000Z\""),
    F(ends_at, "End", .required = true, .format = "date-time",
      .example = "\"2026-02-03T11:00:00.000Z\""),
    F(time_zone, "IANA zone in which it takes place", .required = true,
      .example = "\"Africa/Casablanca\""),
    KIND_FIELDS(struct session),
    F(state, "State", .required = true,
      .one_of = ONE_OF("scheduled", "open", "closed", "confirmed", "cancelled")),
    F(opens_at, "Check-in opens", .required = true, .format = "date-time"),
    F(open_before_min, "Minutes before the start at which it opens", .required = true),
    F(late_after_min, "Late after so many minutes", .required = true),
    F(absent_after_min, "Absent after so many minutes", .required = true),
    F(ways, "What counts as a check-in: ways and conditions", .required = true,
      .example = "\"kiosk|qr+subnet\""),
    F(check_out, "Leaving is checked too", .required = true),
    F(min_minutes, "Minutes to be there to count as present; 0: no such rule", .required = true),
    F(expected, "Students expected", .required = true),
    F(present, "Marked present", .required = true),
    F(late, "Marked late", .required = true),
    F(partial, "Marked partly present", .required = true),
    F(left_early, "Marked as gone early", .required = true),
    F(remote, "Marked present remotely", .required = true),
    F(absent, "Marked absent", .required = true),
    F(excused, "Marked excused", .required = true),
    F(unmarked, "Not marked yet", .required = true),
    F(cancel_reason, "Why it was cancelled", .required = true),
    F(reopen_reason, "Why it was last reopened", .required = true),
    F(series_id, "Weekly series that it is of", .required = true),
    F(series_day, "Day of the series that it is, also after it was moved", .required = true,
      .format = "date"),
    F(detached, "Changed by itself: changes of the series leave it alone", .required = true),
    F(planned_trainer_id, "Whom a substitute stands in for", .required = true),
    F(planned_trainer_name, "Their name", .required = true),
    F(sequence, "How often calendars must take it anew", .required = true),
    F(updated_at, "Last change", .required = true, .format = "date-time"),
    F(warnings, "What to know of a plan that was taken all the same; in answers to changes",
      .required = true, .items = &warning_schema),
    F(version, "Grows with each change", .required = true),
    F(row_group_id, "One of its groups", .hidden = true),
    F(row_group_name, "Its name", .hidden = true),
};
#undef F
const struct schema session_schema = SCHEMA(session, session_fields);

struct session_event {
    struct obj session;
};
static const struct field session_event_fields[] = {
    FIELD(struct session_event, session, "The session as it is now", .items = &session_schema),
};
static const struct schema session_event_schema = SCHEMA(session_event, session_event_fields);

bool session_is(const struct session *s, const char *state)
{
    return str_is(s->state, state);
}

enum err session_get_for(struct ctx *ctx, int64_t id, struct session *ret)
{
    return session_fetch(ctx, id, ret);
}

enum err session_find_for(struct ctx *ctx, int64_t id, struct session *ret)
{
    return session_find(ctx, id, ret);
}

enum err session_list(struct ctx *ctx, const struct session_filter *filter, struct page *ret)
{
    return session_fetch_page(ctx, filter, ret);
}

/* What is in the way becomes an error, or what the caller accepted a warning. */
static enum err look_for_clashes(struct ctx *ctx, const struct session *s, bool allowed,
                                 struct list *ret)
{
    struct session_slot slot = {.starts_at = s->starts_at, .ends_at = s->ends_at};
    int64_t self = s->id;
    struct session_claim claim = {
        .trainer_id = s->trainer_id,
        .room_id = s->room_id,
        .group_ids = s->group_ids,
        .slots = &slot,
        .n = 1,
        .except = {&self, 1},
    };
    enum err e = session_clashes(ctx, &claim, ret);

    return e || !ret->n || allowed ? e : session_clash_fail(ctx, &claim, ret);
}

/* Fills ret->warnings: the clashes that were allowed, a room that is too small. */
static enum err warn(struct ctx *ctx, const struct list *clashes, struct session *ret)
{
    static const char *const codes[] = {"trainer_clash", "room_clash", "group_clash"};
    struct session_warning *at = ARENA_NEW_N(&ctx->arena, struct session_warning, clashes->n + 1);
    int64_t capacity = 0;
    size_t n = 0;
    enum err e = ERR_OK;

    for (size_t i = 0; i < clashes->n; i++) {
        const struct session_clash *c = (const struct session_clash *)clashes->at + i;

        at[n++] = (struct session_warning){
            str_of(codes[c->with]),
            arena_printf(&ctx->arena, "session %lld is at that time", (long long)c->session_id)};
    }
    if (ret->room_id.set && !ret->room_id.null)
        e = plan_room_capacity(ctx, ret->room_id.v, &capacity);
    if (!e && capacity && ret->expected > capacity)
        at[n++] = (struct session_warning){
            STR("room_capacity"),
            arena_printf(&ctx->arena, "%lld students are expected, the room holds %lld",
                         (long long)ret->expected, (long long)capacity)};
    ret->warnings = (struct list){at, n};
    return e;
}

static void take_rules(struct session *s, const struct session_new *in)
{
    take_i64(&s->open_before_min, in->open_before_min);
    take_i64(&s->late_after_min, in->late_after_min);
    take_i64(&s->absent_after_min, in->absent_after_min);
    take_i64(&s->min_minutes, in->min_minutes);
    take_str(&s->ways, in->ways);
    take_bool(&s->check_out, in->check_out);
}

enum err session_create(struct ctx *ctx, const struct session_new *in, struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {
        .module_id = in->module_id,
        .trainer_id = in->trainer_id,
        .group_ids = in->group_ids,
        .room_id = in->room_id,
        .starts_at = in->starts_at,
        .ends_at = in->ends_at,
        .time_zone = in->time_zone.set ? in->time_zone.v : ctx->services->settings->time_zone,
        .kind = in->kind,
        .mode = in->mode,
    };
    struct list clashes = {0};
    int64_t id = 0;
    enum err e = session_defaults(ctx, &s);

    take_rules(&s, in);
    e = e ? e : session_check(ctx, &s);
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : look_for_clashes(ctx, &s, in->allow_clash, &clashes);
    e = e ? e : session_plan(ctx, &s, &id);
    e = e ? e : session_tell(ctx, id);
    e = e ? e : session_get_any(ctx, id, ret);
    e = e ? e : warn(ctx, &clashes, ret);
    return e ? e : tx_commit(&tx);
}

static void apply(struct session *s, const struct session_change *in)
{
    take_i64(&s->module_id, in->module_id);
    take_i64(&s->trainer_id, in->trainer_id);
    take_i64(&s->starts_at, in->starts_at);
    take_i64(&s->ends_at, in->ends_at);
    take_i64(&s->open_before_min, in->open_before_min);
    take_i64(&s->late_after_min, in->late_after_min);
    take_i64(&s->absent_after_min, in->absent_after_min);
    take_i64(&s->min_minutes, in->min_minutes);
    take_str(&s->ways, in->ways);
    take_bool(&s->check_out, in->check_out);
    if (in->group_ids.n)
        s->group_ids = in->group_ids;
    if (in->trainer_id.set && !in->trainer_id.null)
        s->planned_trainer_id = (struct opt_i64){0};
    take_str(&s->time_zone, in->time_zone);
    take_str(&s->kind, in->kind);
    take_str(&s->mode, in->mode);
    if (in->room_id.set)
        s->room_id = in->room_id;
}

/* Ways said in another form ask for the same: no change. What is no form is refused later. */
static void keep_ways(struct ctx *ctx, const struct session *before, struct session *s)
{
    const struct fault fault = ctx->fault;
    struct presence_ways was, now;

    if (!str_eq(s->ways, before->ways) && !ways_parse(ctx, before->ways, "/ways", &was) &&
        !ways_parse(ctx, s->ways, "/ways", &now) && ways_same(&was, &now))
        s->ways = before->ways;
    ctx->fault = fault;
}

static bool is_moved(const struct session *a, const struct session *b)
{
    return a->starts_at != b->starts_at || a->ends_at != b->ends_at ||
           a->trainer_id != b->trainer_id || a->room_id.set != b->room_id.set ||
           a->room_id.v != b->room_id.v || !str_eq(a->time_zone, b->time_zone);
}

static enum err store(struct ctx *ctx, const struct session *before, const struct session *s,
                      bool allow_clash, struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct list clashes = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : look_for_clashes(ctx, s, allow_clash, &clashes);
    e = e ? e : session_replan(ctx, s);
    e = e ? e : session_tell(ctx, s->id);
    e = e ? e : session_get_any(ctx, s->id, ret);
    if (!e && is_moved(before, ret))
        e = session_notice(ctx, "session.rescheduled", ret, before, (struct str){"", 0});
    e = e ? e : warn(ctx, &clashes, ret);
    return e ? e : tx_commit(&tx);
}

enum err session_update(struct ctx *ctx, struct opt_i64 version, const struct session_change *in,
                        struct session *ret)
{
    struct session before = {0};
    struct session s;
    enum err e = session_fetch(ctx, in->session_id, &before);

    if (e)
        return e;
    if (version.set && version.v != before.version)
        return fail(ctx, ERR_VERSION_MISMATCH, "the session is at version %lld",
                    (long long)before.version);
    if (!session_is(&before, "scheduled"))
        return fail(ctx, ERR_SESSION_STATE,
                    "only a scheduled session can be changed; this one is %s", before.state.at);
    s = before;
    apply(&s, in);
    keep_ways(ctx, &before, &s);
    if (schema_same(&session_schema, &before, &s)) {
        *ret = before;
        return ERR_OK;
    }
    s.detached = s.series_id.set;
    e = session_check(ctx, &s);
    return e ? e : store(ctx, &before, &s, in->allow_clash, ret);
}

/* What each move asks for. The second state it may come from may be NULL. */
static const struct {
    const char *from, *also_from, *to;
    bool needs_reason;
} moves[] = {
    [SESSION_OPEN] = {"scheduled", NULL, "open", false},
    [SESSION_CLOSE] = {"open", NULL, "closed", false},
    [SESSION_CONFIRM] = {"closed", NULL, "confirmed", false},
    [SESSION_REOPEN] = {"closed", "confirmed", "open", true},
    [SESSION_CANCEL] = {"scheduled", "open", "cancelled", true},
};

static enum err check_move(struct ctx *ctx, const struct session *s, enum session_move move,
                           struct str reason)
{
    if (!session_is(s, moves[move].from) &&
        !(moves[move].also_from && session_is(s, moves[move].also_from)))
        return fail(ctx, ERR_SESSION_STATE, "the session is %s; it can only become %s from %s%s%s",
                    s->state.at, moves[move].to, moves[move].from,
                    moves[move].also_from ? " or " : "",
                    moves[move].also_from ? moves[move].also_from : "");
    if (moves[move].needs_reason && !str_trim(reason).len)
        return fail_field(ctx, "/reason", "required", "", "is required");
    if (move == SESSION_OPEN && ctx->now < s->opens_at)
        return fail(ctx, ERR_SESSION_STATE, "the register opens at %s",
                    time_format(&ctx->arena, s->opens_at).at);
    return ERR_OK;
}

enum err session_move(struct ctx *ctx, int64_t id, enum session_move move, struct str reason,
                      struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s = {0};
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_fetch(ctx, id, &s);
    e = e ? e : session_check_runs(ctx, &s);
    e = e ? e : check_move(ctx, &s, move, reason);
    e = e ? e
          : session_store_state(ctx, id, arena_cstr(&ctx->arena, s.state), moves[move].to,
                                str_trim(reason), &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_SESSION_STATE, "somebody else moved the session on meanwhile");
    if (!e && move == SESSION_CANCEL)
        e = session_turned(ctx, id, true, s.state, str_trim(reason));
    e = e ? e : session_tell(ctx, id);
    e = e ? e : session_fetch(ctx, id, &s);
    if (!e && move == SESSION_CANCEL)
        e = session_notice(ctx, "session.cancelled", &s, NULL, str_trim(reason));
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = s;
    return e;
}

enum err session_hold(struct ctx *ctx, const struct session *session, const char *const *states)
{
    enum err e = session_check_runs(ctx, session);

    e = e ? e : session_lock(ctx, session->id, states[0], states[1] ? states[1] : states[0]);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", session->state.at);
    return e;
}

enum err session_tell_after(struct ctx *ctx, int64_t id, const struct event_new *before)
{
    struct session_event ev = {0};
    struct session s = {0};
    struct event_new changed = {"session.changed", &session_event_schema, &ev, {0}};
    enum err e = session_get_any(ctx, id, &s); /* as everybody concerned sees it */

    if (e)
        return e;
    ev.session.at = &s;
    changed.audience.trainer_id = s.trainer_id;
    if (before)
        return event_emit_both(ctx, before, &changed);
    return event_emit(ctx, changed.name, changed.schema, &ev, changed.audience);
}

enum err session_tell(struct ctx *ctx, int64_t id)
{
    return session_tell_after(ctx, id, NULL);
}
