/* SPDX-License-Identifier: MIT */
/* The rules of sessions: what may be planned, and how one state leads to the next. */
#include "sessions/sessions.h"

#include <string.h>

#include "base/settings.h"

#include "db/tx.h"
#include "events/events.h"
#include "groups/groups.h"
#include "sessions/sessions_store.h"
#include "structure/structure.h"
#include "trainers/trainers.h"

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
    F(kind, "Kind", .required = true, .one_of = ONE_OF("course", "lab", "workshop", "exam")),
    F(mode, "Mode", .required = true, .one_of = ONE_OF("in_person", "remote", "hybrid")),
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
    F(version, "Grows with each change", .required = true),
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

enum err session_list(struct ctx *ctx, const struct session_filter *filter, struct page *ret)
{
    return session_fetch_page(ctx, filter, ret);
}

/* All that can be wrong with a session as a whole, told together. */
static enum err check(struct ctx *ctx, const struct session *s)
{
    enum err all[5] = {ERR_OK};

    all[0] = structure_check_usable(ctx, STRUCTURE_MODULE, s->module_id, "/module_id");
    all[1] = trainer_check_usable(ctx, s->trainer_id, "/trainer_id");
    if (s->room_id.set && !s->room_id.null)
        all[2] = structure_check_usable(ctx, STRUCTURE_ROOM, s->room_id.v, "/room_id");
    if (s->ends_at <= s->starts_at)
        all[3] = fail_field(ctx, "/ends_at", "min", "", "must be after the start");
    else if (s->ends_at - s->starts_at > 24 * 3600 * 1000)
        all[3] = fail_field(ctx, "/ends_at", "max", "", "must be within 24 hours of the start");
    if (s->absent_after_min <= s->late_after_min)
        all[4] =
            fail_field(ctx, "/absent_after_min", "min", "", "must be more than late_after_min");
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i])
            return all[i];
    return ERR_OK;
}

static enum err check_groups(struct ctx *ctx, struct i64s groups)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < groups.n; i++) {
        const char *pointer = arena_printf(&ctx->arena, "/group_ids/%zu", i).at;
        enum err ei = group_check_usable(ctx, groups.at[i], pointer);

        if (ei && ei != ERR_INVALID)
            return ei;
        e = e ? e : ei;
    }
    return e;
}

static int64_t or_default(struct opt_i64 v, int64_t fallback)
{
    return v.set && !v.null ? v.v : fallback;
}

static enum err add(struct ctx *ctx, const struct session *s, struct i64s groups, int64_t *ret_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_insert(ctx, s, ret_id);
    e = e ? e : session_store_groups(ctx, *ret_id, groups);
    e = e ? e : session_tell(ctx, *ret_id);
    return e ? e : tx_commit(&tx);
}

enum err session_create(struct ctx *ctx, const struct session_new *in, struct session *ret)
{
    const struct settings *set = ctx->services->settings;
    struct session s = {
        .module_id = in->module_id,
        .trainer_id = in->trainer_id,
        .room_id = in->room_id,
        .starts_at = in->starts_at,
        .ends_at = in->ends_at,
        .time_zone = in->time_zone.set ? in->time_zone.v : set->time_zone,
        .kind = in->kind,
        .mode = in->mode,
        .open_before_min = or_default(in->open_before_min, set->open_before_min),
        .late_after_min = or_default(in->late_after_min, set->late_after_min),
        .absent_after_min = or_default(in->absent_after_min, set->absent_after_min),
        .ways = STR("any"),
    };
    int64_t id = 0;
    enum err groups = check_groups(ctx, in->group_ids);
    enum err e = check(ctx, &s);

    e = e ? e : groups;
    e = e ? e : add(ctx, &s, in->group_ids, &id);
    return e ? e : session_fetch(ctx, id, ret);
}

static void take_i64(int64_t *at, struct opt_i64 v)
{
    if (v.set && !v.null)
        *at = v.v;
}

static void take_str(struct str *at, struct opt_str v)
{
    if (v.set && !v.null)
        *at = v.v;
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
    take_str(&s->time_zone, in->time_zone);
    take_str(&s->kind, in->kind);
    take_str(&s->mode, in->mode);
    if (in->room_id.set)
        s->room_id = in->room_id;
}

static enum err store(struct ctx *ctx, const struct session *s, struct i64s groups)
{
    cleanup(tx_finish) struct tx tx = {0};
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_store(ctx, s, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the session was changed by somebody else");
    if (!e && groups.n)
        e = session_store_groups(ctx, s->id, groups);
    e = e ? e : session_tell(ctx, s->id);
    return e ? e : tx_commit(&tx);
}

enum err session_update(struct ctx *ctx, struct opt_i64 version, const struct session_change *in,
                        struct session *ret)
{
    struct session s = {0};
    enum err groups;
    enum err e = session_fetch(ctx, in->session_id, &s);

    if (e)
        return e;
    if (version.set && version.v != s.version)
        return fail(ctx, ERR_VERSION_MISMATCH, "the session is at version %lld",
                    (long long)s.version);
    if (!session_is(&s, "scheduled"))
        return fail(ctx, ERR_SESSION_STATE,
                    "only a scheduled session can be changed; this one is %s", s.state.at);
    apply(&s, in);
    groups = check_groups(ctx, in->group_ids);
    e = check(ctx, &s);
    e = e ? e : groups;
    e = e ? e : store(ctx, &s, in->group_ids);
    return e ? e : session_fetch(ctx, in->session_id, ret);
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
    e = e ? e : check_move(ctx, &s, move, reason);
    e = e ? e
          : session_store_state(ctx, id, arena_cstr(&ctx->arena, s.state), moves[move].to,
                                str_trim(reason), &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_SESSION_STATE, "somebody else moved the session on meanwhile");
    e = e ? e : session_tell(ctx, id);
    e = e ? e : session_fetch(ctx, id, &s);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = s;
    return e;
}

enum err session_hold(struct ctx *ctx, const struct session *session, const char *const *states)
{
    enum err e = session_lock(ctx, session->id, states[0], states[1] ? states[1] : states[0]);

    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", session->state.at);
    return e;
}

enum err session_tell(struct ctx *ctx, int64_t id)
{
    struct session_event ev = {0};
    struct actor who = ctx->actor;
    struct session s = {0};
    enum err e;

    /* Told as everybody concerned sees it, whoever caused it. */
    ctx->actor.role = ROLE_ADMIN;
    e = session_fetch(ctx, id, &s);
    ctx->actor = who;
    if (e)
        return e;
    ev.session.at = &s;
    return event_emit(ctx, "session.changed", &session_event_schema, &ev,
                      (struct audience){.trainer_id = s.trainer_id});
}
