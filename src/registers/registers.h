/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Registers: which were not taken, and who is told; and registers that one trainer hands over to
 * another.
 */
#include "base/ctx.h"
#include "base/page.h"

#include "sessions/sessions.h"

enum {
    REGISTER_LATE_MIN = 30,   /* after the start a register that is not open is missing */
    REGISTER_TELL_MIN = 10,   /* after the end the trainer is told */
    REGISTER_TELL_HOURS = 24, /* after the end the admins are */
    REGISTER_TELL_DAYS = 7,   /* nobody is told of what is older */
};

struct register_due {
    int64_t id; /* session */
    struct str module_code, module_name;
    struct strs group_names;
    int64_t trainer_id;
    struct str trainer_name;
    struct opt_str room_name;
    int64_t starts_at, ends_at;
    struct str time_zone, kind, state;
    struct str missing; /* opening: it was never opened; closing: it was never closed */
    int64_t expected, marked;
    int64_t minutes_overdue;
};
extern const struct schema register_due_schema;

struct register_due_filter {
    struct page_query page;
    struct opt_i64 from, to; /* start of the session, [from, to) */
    struct opt_i64 trainer_id;
};

/*
 * Sessions without a register: that ended and were neither closed nor cancelled, and that began
 * REGISTER_LATE_MIN ago and were not opened. Oldest first; a trainer's own only.
 * ret->items are struct register_due. ERR_INVALID: the cursor.
 */
must_check enum err register_not_taken(struct ctx *ctx, const struct register_due_filter *filter,
                                       struct page *ret);
/* The periodic job: tells the trainer REGISTER_TELL_MIN after the end, and the admins
 * REGISTER_TELL_HOURS after it, each once per session. */
must_check enum err register_tell(struct ctx *ctx);

struct hand_over {
    int64_t id, session_id;
    int64_t from_trainer_id, to_trainer_id;
    struct str from_trainer_name, to_trainer_name;
    struct str reason;
    int64_t by_user_id;
    struct str by_name;
    int64_t at;
};
extern const struct schema hand_over_schema;

struct hand_over_new {
    int64_t session_id, trainer_id;
    struct str reason;
};

/*
 * Gives a session that is scheduled or open to another trainer, who may then mark; the former one
 * may not any more. By the session's trainer or an admin. Both are told.
 * ERR_NOT_FOUND, ERR_FORBIDDEN: not any more the caller's; ERR_SESSION_STATE, ERR_INVALID: no such
 * trainer, or the same
 */
must_check enum err register_hand_over(struct ctx *ctx, const struct hand_over_new *in,
                                       struct hand_over *ret);
/* ret->items are struct hand_over, oldest first. ERR_NOT_FOUND: the session. */
must_check enum err register_hand_overs(struct ctx *ctx, int64_t session_id,
                                        const struct page_query *page, struct page *ret);
