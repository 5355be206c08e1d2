/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Session requests: a trainer asks for a session, an admin approves, which makes it, or rejects
 * with a reason. Only the trainer who asked and admins see a request.
 */
#include "base/ctx.h"
#include "base/page.h"

struct request {
    int64_t id;
    int64_t trainer_id;
    struct str trainer_name;
    int64_t module_id;
    struct str module_code, module_name;
    struct opt_i64 room_id;
    struct opt_str room_name;
    struct i64s group_ids;
    struct strs group_names;
    int64_t starts_at, ends_at;
    struct str time_zone, kind, mode, message;
    struct str state;      /* pending, approved, rejected, withdrawn */
    struct opt_str answer; /* why it was rejected */
    struct opt_i64 session_id;
    struct opt_i64 decided_at;
    int64_t created_at;
    int64_t version;
};
extern const struct schema request_schema;

struct request_new {
    int64_t module_id;
    struct i64s group_ids;
    struct opt_i64 room_id;
    int64_t starts_at, ends_at;
    struct opt_str time_zone, message;
    struct str kind, mode;
};

struct request_change {
    int64_t request_id;
    struct opt_i64 module_id, room_id, starts_at, ends_at;
    struct i64s group_ids;
    struct opt_str time_zone, message, kind, mode;
    bool withdraw;
};

/* `version`: what the decision is about; a request that was changed since is not decided. */
struct request_answer {
    int64_t request_id;
    struct opt_i64 version;
    bool allow_clash;
};

struct request_refusal {
    int64_t request_id;
    struct opt_i64 version;
    struct str reason;
};

struct request_filter {
    struct page_query page;
    struct opt_str state;
    struct opt_i64 trainer_id;
};

/* ERR_NOT_FOUND also for who may not see it. */
must_check enum err request_get_for(struct ctx *ctx, int64_t id, struct request *ret);
/* ret->items are struct request, the newest first. */
must_check enum err request_list(struct ctx *ctx, const struct request_filter *filter,
                                 struct page *ret);
/* ERR_INVALID: as for a session. At most 50 pending of one trainer: ERR_TOO_MANY_REQUESTS. */
must_check enum err request_create(struct ctx *ctx, const struct request_new *in,
                                   struct request *ret);
/* By who asked, while it is pending: ERR_CONFLICT otherwise. ERR_NOT_FOUND,
 * ERR_VERSION_MISMATCH, ERR_INVALID. */
must_check enum err request_update(struct ctx *ctx, struct opt_i64 version,
                                   const struct request_change *in, struct request *ret);
/* Makes the session in the same transaction. ERR_CONFLICT: it is not pending any more.
 * ERR_NOT_FOUND, ERR_INVALID, ERR_TIMETABLE_CLASH, ERR_VERSION_MISMATCH. */
must_check enum err request_approve(struct ctx *ctx, const struct request_answer *in,
                                    struct request *ret);
/* Ends it with a reason for the trainer. ERR_CONFLICT: it is not pending any more. ERR_NOT_FOUND,
 * ERR_INVALID: a blank reason, ERR_VERSION_MISMATCH. */
must_check enum err request_reject(struct ctx *ctx, const struct request_refusal *in,
                                   struct request *ret);
