/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Disputes: a student says that the own mark is wrong, who runs the session or an admin answers.
 * The queue is answered oldest first. Accepting corrects the mark like any correction by hand: what
 * the rules said stays beside it.
 */
#include "base/ctx.h"
#include "base/page.h"

struct dispute {
    int64_t id;
    int64_t session_id;
    struct str module_name;
    int64_t starts_at;
    struct str time_zone, session_state;
    int64_t student_id;
    struct str student_number, student_name;
    int64_t trainer_id;
    struct str trainer_name;
    struct str claimed;     /* what it should be */
    struct str status_then; /* what the mark was when it was disputed */
    struct str status_now;
    struct opt_str derived_now; /* what the rules alone say; null: the same */
    struct str message;
    struct str state; /* open accepted rejected withdrawn */
    struct opt_str answer, decided_status;
    struct opt_i64 decided_by;
    struct opt_str decided_by_name;
    struct opt_i64 decided_at;
    int64_t created_at;
    int64_t version;
};
extern const struct schema dispute_schema;

struct dispute_filter {
    struct page_query page;
    struct opt_str state;
    struct opt_i64 session_id, student_id;
};

struct dispute_new {
    int64_t session_id;
    struct str claimed, message;
};

struct dispute_decision {
    int64_t dispute_id;
    struct opt_str status;  /* of accepting: another status than the one that was claimed */
    struct opt_str message; /* of rejecting: needed */
};

/* ret->items are struct dispute, oldest first: the own ones of a student, those of the students a
 * guardian answers for, those of a trainer's sessions, or all. ERR_INVALID: the cursor. */
must_check enum err dispute_list(struct ctx *ctx, const struct dispute_filter *filter,
                                 struct page *ret);
/* ERR_NOT_FOUND: also of who may not see it. */
must_check enum err dispute_get(struct ctx *ctx, int64_t id, struct dispute *ret);

/*
 * A student disputes the own mark, within `dispute_days` after the session; a confirmed register's
 * too. Tells the trainer.
 * ERR_NOT_FOUND     not a session of the caller
 * ERR_SESSION_STATE no register was taken, nothing is marked yet, or it is too late
 * ERR_INVALID       the mark says already what is claimed
 * ERR_CONFLICT      an open dispute is there
 */
must_check enum err dispute_open(struct ctx *ctx, const struct dispute_new *in,
                                 struct dispute *ret);

/*
 * Decides an open dispute, for who runs the session or an admin; of two at once one wins. Accepting
 * corrects the mark in the same transaction (attendance_set), with the answer as its note.
 * ERR_NOT_FOUND
 * ERR_CONFLICT      it was decided or withdrawn
 * ERR_SESSION_STATE the register is confirmed: it must be reopened first
 * ERR_SESSION_NOT_OPEN as attendance_set
 */
must_check enum err dispute_accept(struct ctx *ctx, const struct dispute_decision *in,
                                   struct dispute *ret);
/* ERR_NOT_FOUND, ERR_CONFLICT. */
must_check enum err dispute_reject(struct ctx *ctx, const struct dispute_decision *in,
                                   struct dispute *ret);
/* By its student, while it is open. ERR_NOT_FOUND, ERR_CONFLICT. */
must_check enum err dispute_withdraw(struct ctx *ctx, int64_t id);
