/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * For timetable/, which plans many sessions at once: the parts of planning one, each to be called
 * inside a transaction. Clashes are looked for in one statement for all of them.
 */
#include "sessions/sessions.h"

/* A stretch of time that is to be taken. */
struct session_slot {
    int64_t starts_at, ends_at;
    struct str day; /* of a series, for the words of a clash; may be empty */
};

/* Who and what is to be taken, and when. Sessions in `except` are not in the way. */
struct session_claim {
    int64_t trainer_id;
    struct opt_i64 room_id;
    struct i64s group_ids;
    const struct session_slot *slots;
    size_t n;
    struct i64s except;
};

enum clash_with { CLASH_TRAINER, CLASH_ROOM, CLASH_GROUP };

struct session_clash {
    enum clash_with with;
    size_t slot;      /* number of the slot */
    int64_t group_id; /* for CLASH_GROUP */
    int64_t session_id;
    int64_t starts_at, ends_at; /* of the other session */
    struct str module_name;
};

/* Locks trainer, room and groups until the commit, and says which other sessions that are not
 * cancelled are in the way: ret->at are struct session_clash, by slot. */
must_check enum err session_clashes(struct ctx *ctx, const struct session_claim *claim,
                                    struct list *ret);
/* ERR_TIMETABLE_CLASH with a field error (at most 100) for each. */
enum err session_clash_fail(struct ctx *ctx, const struct session_claim *claim,
                            const struct list *clashes);

/* Fills windows, ways, check_out and min_minutes by the school's policy for s->kind. */
must_check enum err session_defaults(struct ctx *ctx, struct session *s);
/* Everything that can be wrong with it as a whole, told together; s->group_ids too. */
must_check enum err session_check(struct ctx *ctx, struct session *s);
/* Adds it, with s->group_ids, series_id and series_day. Nobody is told. */
must_check enum err session_plan(struct ctx *ctx, const struct session *s, int64_t *ret_id);
/* Writes it, with s->group_ids, while it is scheduled and at s->version; detached as s->detached
 * says. ERR_VERSION_MISMATCH otherwise. Nobody is told. */
must_check enum err session_replan(struct ctx *ctx, const struct session *s);
/* From `scheduled` to `cancelled`, or back. *ret: whether it was in that state. Nobody is told. */
must_check enum err session_drop(struct ctx *ctx, int64_t id, struct str reason, bool *ret);
must_check enum err session_take_back(struct ctx *ctx, int64_t id, bool *ret);
/* Like session_get_for, whoever asks: for what is told to others. */
must_check enum err session_get_any(struct ctx *ctx, int64_t id, struct session *ret);
/* Ids of students, not archived, who belong to one of the groups at that time. */
must_check enum err session_students(struct ctx *ctx, struct i64s groups, int64_t at,
                                     struct i64s *ret);
/* Sorts the numbers and keeps each once. */
void session_once_each(struct i64s *ids);
