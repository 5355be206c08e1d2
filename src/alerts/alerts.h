/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Alerts: what the rules (alerts/rules.h) find in a student's absences, with an owner and a
 * history. Opened once while it is not closed; its figures follow, and each change of level is a
 * step. An admin sees all, a trainer those of students in the own sessions and those given to him
 * or her.
 */
#include "base/ctx.h"
#include "base/page.h"

struct alert {
    int64_t id;
    int64_t student_id;
    struct str student_number, student_name;
    struct str kind, level, subject;
    int64_t counted, absences;
    double share;
    int64_t weekday;
    int64_t since_at, latest_at;
    struct str state;
    struct opt_i64 owner_id;
    struct opt_str owner_name;
    struct opt_i64 trainer_id; /* who has most sessions with the student: is told */
    int64_t opened_at, updated_at;
    struct opt_i64 closed_at;
    bool recovered; /* closed by the rules */
    struct str why_en, why_fr, why_ar;
    int64_t version;
    struct list history; /* struct alert_step, the oldest first: of one alert only */
};
/* Without and with the history. */
extern const struct schema alert_schema, alert_detail_schema;

struct alert_step {
    int64_t id;
    int64_t at;
    struct opt_i64 by_user_id;
    struct opt_str by_name;
    struct str change, level;
    struct opt_i64 owner_id;
    struct opt_str owner_name;
    int64_t counted, absences;
    struct str message;
};
extern const struct schema alert_step_schema;

struct alert_filter {
    struct page_query page;
    struct opt_str state, kind, level;
    struct opt_i64 owner_id, student_id, group_id;
};

struct alert_change {
    int64_t alert_id;
    struct opt_i64 owner_id; /* null: nobody */
    struct opt_str state, message;
};

/* ret->items are struct alert, the newest first. ERR_INVALID: the cursor. */
must_check enum err alert_list(struct ctx *ctx, const struct alert_filter *f, struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err alert_get(struct ctx *ctx, int64_t id, struct alert *ret);
/*
 * Gives it to somebody, takes it up, closes it (with a message), or notes something.
 * ERR_NOT_FOUND, ERR_VERSION_MISMATCH. ERR_INVALID: an owner who is neither an active admin nor a
 * trainer of the student; a closed alert, which stays closed; closing without a message.
 */
must_check enum err alert_update(struct ctx *ctx, struct opt_i64 version,
                                 const struct alert_change *in, struct alert *ret);
/* The job: asks the rules about everybody whose records changed since. */
must_check enum err alerts_tick(struct ctx *ctx);
/* Asks them now; for an admin about everybody. What takes longer than ten seconds is left to the
 * job. */
must_check enum err alerts_refresh(struct ctx *ctx);
