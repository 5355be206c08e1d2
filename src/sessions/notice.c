/* SPDX-License-Identifier: MIT */
/* Telling everybody concerned: short events, one a person, since an event is for one of each kind.
 */
#include "sessions/notice.h"

#include "events/events.h"
#include "sessions/plan.h"

struct session_notice {
    int64_t session_id;
    struct str module_name;
    struct strs group_names;
    int64_t starts_at, ends_at;
    struct str time_zone;
    struct opt_str room_name;
    struct str trainer_name, state;
    struct opt_i64 was_starts_at, was_ends_at;
    struct opt_str reason;
};

#define F(...) FIELD(struct session_notice, __VA_ARGS__)
static const struct field notice_fields[] = {
    F(session_id, "Session"),
    F(module_name, "Module"),
    F(group_names, "Groups"),
    F(starts_at, "Start", .format = "date-time"),
    F(ends_at, "End", .format = "date-time"),
    F(time_zone, "Zone"),
    F(room_name, "Room"),
    F(trainer_name, "Who gives it"),
    F(state, "State"),
    F(was_starts_at, "Start before the change", .format = "date-time"),
    F(was_ends_at, "End before the change", .format = "date-time"),
    F(reason, "Why"),
};
#undef F
static const struct schema notice_schema = SCHEMA(session_notice, notice_fields);

static enum err tell_trainers(struct ctx *ctx, const char *name, const struct session *now,
                              const struct session *before, const struct session_notice *n)
{
    int64_t trainers[3] = {
        now->trainer_id,
        now->planned_trainer_id.set ? now->planned_trainer_id.v : 0,
        before ? before->trainer_id : 0,
    };
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < COUNT(trainers); i++) {
        bool told = trainers[i] == 0;

        for (size_t k = 0; k < i; k++)
            told = told || trainers[k] == trainers[i];
        if (!told)
            e = event_emit(ctx, name, &notice_schema, n,
                           (struct audience){.trainer_id = trainers[i]});
    }
    return e;
}

enum err session_notice(struct ctx *ctx, const char *name, const struct session *now,
                        const struct session *before, struct str reason)
{
    struct session_notice n = {
        .session_id = now->id,
        .module_name = now->module_name,
        .group_names = now->group_names,
        .starts_at = now->starts_at,
        .ends_at = now->ends_at,
        .time_zone = now->time_zone,
        .room_name = now->room_name,
        .trainer_name = now->trainer_name,
        .state = now->state,
        .was_starts_at = {.set = before, .v = before ? before->starts_at : 0},
        .was_ends_at = {.set = before, .v = before ? before->ends_at : 0},
        .reason = {.set = reason.len > 0, .v = reason},
    };
    struct i64s students;
    enum err e = session_students(ctx, now->group_ids, now->starts_at, &students);

    e = e ? e : tell_trainers(ctx, name, now, before, &n);
    for (size_t i = 0; !e && i < students.n; i++)
        e = event_emit(ctx, name, &notice_schema, &n,
                       (struct audience){.student_id = students.at[i]});
    return e;
}
