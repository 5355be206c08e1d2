/* SPDX-License-Identifier: MIT */
/* Planning sessions: checks, defaults, substitutes, and the parts that series are made of. */
#include "sessions/plan.h"

#include <stdlib.h>

#include "db/tx.h"
#include "groups/groups.h"
#include "presence/policy.h"
#include "presence/ways.h"
#include "sessions/group_links.h"
#include "sessions/notice.h"
#include "sessions/plan_store.h"
#include "sessions/sessions_store.h"
#include "sessions/watch.h"
#include "structure/structure.h"
#include "trainers/trainers.h"

enum { DAY_MS = 24 * 3600 * 1000 };

enum err session_defaults(struct ctx *ctx, struct session *s)
{
    struct presence_policy policy = {0};
    enum err e = presence_policy_for(ctx, s->kind, &policy);

    if (e)
        return e;
    s->ways = policy.ways;
    s->open_before_min = policy.open_before_min;
    s->late_after_min = policy.late_after_min;
    s->absent_after_min = policy.absent_after_min;
    s->check_out = policy.check_out;
    s->min_minutes = policy.min_minutes;
    return ERR_OK;
}

static enum err check_times(struct ctx *ctx, const struct session *s)
{
    enum err e = ERR_OK;

    if (s->ends_at <= s->starts_at)
        e = fail_field(ctx, "/ends_at", "min", "", "must be after the start");
    else if (s->ends_at - s->starts_at > DAY_MS)
        e = fail_field(ctx, "/ends_at", "max", "", "must be within 24 hours of the start");
    else if (s->min_minutes > (s->ends_at - s->starts_at) / 60000)
        e = fail_field(ctx, "/min_minutes", "max", "", "must not be longer than the session");
    if (s->absent_after_min <= s->late_after_min)
        e = fail_field(ctx, "/absent_after_min", "min", "", "must be more than late_after_min");
    return e;
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

enum err session_check(struct ctx *ctx, struct session *s)
{
    struct presence_ways ways;
    enum err all[6] = {ERR_OK};

    all[0] = structure_check_usable(ctx, STRUCTURE_MODULE, s->module_id, "/module_id");
    all[1] = trainer_check_usable(ctx, s->trainer_id, "/trainer_id");
    if (s->room_id.set && !s->room_id.null)
        all[2] = structure_check_usable(ctx, STRUCTURE_ROOM, s->room_id.v, "/room_id");
    all[3] = check_times(ctx, s);
    all[4] = check_groups(ctx, s->group_ids);
    all[5] = ways_parse(ctx, s->ways, "/ways", &ways);
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i])
            return all[i];
    s->ways = ways_text(ctx, &ways);
    return ERR_OK;
}

enum err session_plan(struct ctx *ctx, const struct session *s, int64_t *ret_id)
{
    enum err e = session_insert(ctx, s, ret_id);

    return e ? e : group_links_write(ctx, LINK_SESSION, *ret_id, s->group_ids);
}

enum err session_replan(struct ctx *ctx, const struct session *s)
{
    int64_t n = 0;
    enum err e = session_replanned(ctx, s);

    e = e ? e : session_store(ctx, s, &n);
    if (!e && n == 0)
        return fail(ctx, ERR_VERSION_MISMATCH, "a session was changed by somebody else");
    return e ? e : group_links_write(ctx, LINK_SESSION, s->id, s->group_ids);
}

enum err session_drop(struct ctx *ctx, int64_t id, struct str reason, bool *ret)
{
    int64_t n = 0;
    enum err e = session_store_state(ctx, id, "scheduled", "cancelled", reason, &n);

    *ret = n > 0;
    return e || !*ret ? e : session_turned(ctx, id, true, STR("scheduled"), reason);
}

enum err session_take_back(struct ctx *ctx, int64_t id, bool *ret)
{
    int64_t n = 0;
    enum err e = plan_take_back(ctx, id, &n);

    *ret = n > 0;
    return e || !*ret ? e : session_turned(ctx, id, false, STR("cancelled"), STR(""));
}

enum err session_get_any(struct ctx *ctx, int64_t id, struct session *ret)
{
    struct actor who = ctx->actor;
    enum err e;

    ctx->actor.role = ROLE_ADMIN;
    e = session_fetch(ctx, id, ret);
    ctx->actor = who;
    return e;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void session_once_each(struct i64s *ids)
{
    size_t n = 0;

    if (ids->n)
        qsort(ids->at, ids->n, sizeof(*ids->at), by_number);
    for (size_t i = 0; i < ids->n; i++)
        if (!n || ids->at[n - 1] != ids->at[i])
            ids->at[n++] = ids->at[i];
    ids->n = n;
}

enum err session_students(struct ctx *ctx, struct i64s groups, int64_t at, struct i64s *ret)
{
    struct i64s out = {0};

    for (size_t g = 0; g < groups.n; g++) {
        struct list rows;
        int64_t *more;
        enum err e = plan_students(ctx, groups.at[g], at, &rows);

        if (e)
            return e;
        more = ARENA_NEW_N(&ctx->arena, int64_t, out.n + rows.n + 1);
        for (size_t i = 0; i < out.n; i++)
            more[i] = out.at[i];
        out.at = more;
        for (size_t i = 0; i < rows.n; i++)
            out.at[out.n++] = ((const struct id_row *)rows.at)[i].id;
    }
    session_once_each(&out);
    *ret = out;
    return ERR_OK;
}

/* Only one of the two can be said when nothing was written. */
static enum err kept(struct ctx *ctx, const struct session *s, bool closed)
{
    if (session_is(s, "scheduled") || session_is(s, "open") || (closed && session_is(s, "closed")))
        return fail(ctx, ERR_SESSION_STATE, "the session was changed meanwhile: try again");
    return fail(ctx, ERR_SESSION_STATE, "a session in this state keeps its trainer");
}

/* `free_then`: the trainer was looked at at the times that `s` tells; they must be those still. */
static enum err set_trainer(struct ctx *ctx, const struct session *s, int64_t trainer_id,
                            bool free_then)
{
    int64_t n = 0;
    enum err e = trainer_check_usable(ctx, trainer_id, "/trainer_id");

    e = e ? e
          : plan_set_trainer(ctx, s->id, free_then ? s->version : 0, trainer_id, !free_then, &n);
    return !e && n == 0 ? kept(ctx, s, !free_then) : e;
}

enum err session_set_trainer(struct ctx *ctx, int64_t id, int64_t trainer_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_fetch(ctx, id, &s);
    e = e ? e : set_trainer(ctx, &s, trainer_id, false);
    e = e ? e : session_tell(ctx, id);
    return e ? e : tx_commit(&tx);
}

/* Whether the trainer has something else at that time. */
static enum err check_free(struct ctx *ctx, const struct session *s, int64_t trainer_id)
{
    struct session_slot slot = {.starts_at = s->starts_at, .ends_at = s->ends_at};
    int64_t self = s->id;
    struct session_claim claim = {
        .trainer_id = trainer_id, .slots = &slot, .n = 1, .except = {&self, 1}};
    struct list clashes;
    enum err e = session_clashes(ctx, &claim, &clashes);

    if (!e && clashes.n)
        return session_clash_fail(ctx, &claim, &clashes);
    return e;
}

static enum err tell_substitute(struct ctx *ctx, const struct session *before, struct str reason)
{
    struct session now;
    enum err e = session_tell(ctx, before->id);

    e = e ? e : session_get_any(ctx, before->id, &now);
    return e ? e : session_notice(ctx, "session.substituted", &now, before, reason);
}

enum err session_substitute(struct ctx *ctx, const struct session_substitute *in,
                            struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s;
    enum err e = ERR_OK;

    if (!str_trim(in->reason).len)
        return fail_field(ctx, "/reason", "required", "", "must not be blank");
    e = tx_begin(ctx, &tx);
    e = e ? e : session_fetch(ctx, in->session_id, &s);
    if (e)
        return e;
    if (s.trainer_id == in->trainer_id)
        return fail_field(ctx, "/trainer_id", "same", "", "is the trainer already");
    if (!in->allow_clash)
        e = check_free(ctx, &s, in->trainer_id);
    e = e ? e : set_trainer(ctx, &s, in->trainer_id, true);
    e = e ? e : tell_substitute(ctx, &s, str_trim(in->reason));
    e = e ? e : session_fetch(ctx, s.id, ret);
    return e ? e : tx_commit(&tx);
}

enum err session_substitute_end(struct ctx *ctx, int64_t id, struct session *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s;
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : session_fetch(ctx, id, &s);
    if (e)
        return e;
    if (!s.planned_trainer_id.set)
        return fail(ctx, ERR_NOT_FOUND, "nobody stands in for the trainer");
    e = trainer_check_usable(ctx, s.planned_trainer_id.v, "/trainer_id");
    e = e ? e : check_free(ctx, &s, s.planned_trainer_id.v);
    e = e ? e : plan_end_substitute(ctx, id, s.version, &n);
    if (!e && n == 0)
        e = kept(ctx, &s, false);
    e = e ? e : tell_substitute(ctx, &s, (struct str){"", 0});
    e = e ? e : session_fetch(ctx, id, ret);
    return e ? e : tx_commit(&tx);
}

enum err session_check_runs(struct ctx *ctx, const struct session *s)
{
    if (ctx->actor.role == ROLE_TRAINER && ctx->actor.trainer_id != s->trainer_id)
        return fail(ctx, ERR_FORBIDDEN, "a substitute gives this session");
    return ERR_OK;
}
