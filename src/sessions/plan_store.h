/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of planning: private to the feature. */
#include "sessions/plan.h"

/* A session that takes what is claimed. */
struct taken_row {
    int64_t id, what, group_id, starts_at, ends_at;
    struct str module_name;
};

/* Locks the rows until the commit; `groups` must rise. */
must_check enum err plan_lock(struct ctx *ctx, struct i64s groups, int64_t trainer_id,
                              struct opt_i64 room_id);
/* All that overlap [from, to): struct taken_row by start. */
must_check enum err plan_taken(struct ctx *ctx, const struct session_claim *claim,
                               struct i64s groups, int64_t from, int64_t to, struct list *ret);
/* Who belongs to the group at that time and is not archived: struct id_row, in no order. */
must_check enum err plan_students(struct ctx *ctx, int64_t group_id, int64_t at, struct list *ret);
struct id_row {
    int64_t id;
};
/* *ret_n is 0 when it is in none of the states, or not at the version (0: whichever). */
must_check enum err plan_set_trainer(struct ctx *ctx, int64_t id, int64_t version,
                                     int64_t trainer_id, bool closed, int64_t *ret_n);
/* The planned trainer gives it again; *ret_n is 0 when there is no substitute, or another version.
 */
must_check enum err plan_end_substitute(struct ctx *ctx, int64_t id, int64_t version,
                                        int64_t *ret_n);
/* From cancelled to scheduled; *ret_n is 0 when it was not cancelled. */
must_check enum err plan_take_back(struct ctx *ctx, int64_t id, int64_t *ret_n);
/* 0: not known. */
must_check enum err plan_room_capacity(struct ctx *ctx, int64_t room_id, int64_t *ret);
