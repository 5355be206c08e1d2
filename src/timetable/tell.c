/* SPDX-License-Identifier: MIT */
/* Telling people of many changes at once. */
#include "timetable/tell.h"

#include "events/events.h"
#include "sessions/plan.h"

#define F(...) FIELD(struct timetable_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(change, "What happened", .one_of = ONE_OF("planned", "changed", "cancelled")),
    F(series_id, "Series"),
    F(name, "Module or holiday"),
    F(sessions, "How many sessions"),
    F(first_day, "The first of their days"),
    F(reason, "Why"),
};
#undef F
static const struct schema event_schema = SCHEMA(timetable_event, event_fields);

static void append(struct ctx *ctx, struct i64s *to, struct i64s more)
{
    int64_t *at = ARENA_NEW_N(&ctx->arena, int64_t, to->n + more.n + 1);

    for (size_t i = 0; i < to->n; i++)
        at[i] = to->at[i];
    for (size_t i = 0; i < more.n; i++)
        at[to->n + i] = more.at[i];
    *to = (struct i64s){at, to->n + more.n};
    session_once_each(to);
}

void timetable_add_trainer(struct ctx *ctx, struct timetable_people *p, int64_t trainer_id)
{
    append(ctx, &p->trainers, (struct i64s){&trainer_id, 1});
}

void timetable_add_groups(struct ctx *ctx, struct timetable_people *p, struct i64s groups)
{
    append(ctx, &p->groups, groups);
}

void timetable_add(struct ctx *ctx, struct timetable_people *p, const struct session *s)
{
    timetable_add_trainer(ctx, p, s->trainer_id);
    if (s->planned_trainer_id.set)
        timetable_add_trainer(ctx, p, s->planned_trainer_id.v);
    timetable_add_groups(ctx, p, s->group_ids);
}

enum err timetable_tell(struct ctx *ctx, const struct timetable_event *ev,
                        struct timetable_people *people, int64_t at)
{
    struct i64s students;
    enum err e = session_students(ctx, people->groups, at, &students);

    for (size_t i = 0; !e && i < people->trainers.n; i++)
        e = event_emit(ctx, "timetable.changed", &event_schema, ev,
                       (struct audience){.trainer_id = people->trainers.at[i]});
    for (size_t i = 0; !e && i < students.n; i++)
        e = event_emit(ctx, "timetable.changed", &event_schema, ev,
                       (struct audience){.student_id = students.at[i]});
    return e;
}
