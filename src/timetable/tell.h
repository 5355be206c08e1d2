/* SPDX-License-Identifier: MIT */
#pragma once
/* Telling people of many changes at once: one event a person, not one a session. */
#include "sessions/sessions.h"

/* Whom a change concerns; gathered session by session, each told once. */
struct timetable_people {
    struct i64s trainers, groups;
};
/* Adds the session's trainer, whom a substitute stands in for, and its groups; a trainer; groups.
 * Each is kept once, in ctx's arena. */
void timetable_add(struct ctx *ctx, struct timetable_people *p, const struct session *s);
void timetable_add_trainer(struct ctx *ctx, struct timetable_people *p, int64_t trainer_id);
void timetable_add_groups(struct ctx *ctx, struct timetable_people *p, struct i64s groups);

struct timetable_event {
    struct str change; /* planned, changed, cancelled */
    struct opt_i64 series_id;
    struct str name; /* of the module, or the holiday */
    int64_t sessions;
    struct str first_day;
    struct opt_str reason;
};
/* Event timetable.changed for the trainers and the students who are in the groups at `at`. */
must_check enum err timetable_tell(struct ctx *ctx, const struct timetable_event *ev,
                                   struct timetable_people *people, int64_t at);
