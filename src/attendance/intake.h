/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The one door for check-ins, whichever way they came: each becomes a raw event in the session's
 * ledger, and the record is derived anew from all events of the student (presence/presence.h). The
 * caller has checked who may do it and found the session; the door checks that the student is of
 * the session and that its register takes check-ins.
 */
#include "attendance/attendance.h"
#include "presence/presence.h"

struct check_in {
    int64_t student_id;
    enum presence_way way;
    enum presence_direction direction;
    uint32_t facts;           /* enum presence_fact */
    int64_t occurred_at;      /* 0: now */
    struct opt_i64 client_at; /* the client's own clock, when it sent one */
    struct str uid;    /* the client's id of the event, 1..64 of [A-Za-z0-9_.:-]; empty: made */
    struct str client; /* what it came from, for the review of signals: a browser's or client's
                          mark, hashed by the caller; empty: not known */
    const struct attendance_evidence *evidence; /* of a face; NULL otherwise */
    int64_t device_id;                          /* 0: none */
    struct opt_str note;
    bool belated;        /* of the past (offline, punches, import): also into a closed register */
    struct str status;   /* not empty: a person's word said then, not a check: what it says */
    struct opt_str code; /* of a word; the caller has looked that it is of that status */
};

enum intake {
    INTAKE_COUNTED,  /* the record changed, or says the same by a better reason */
    INTAKE_ALREADY,  /* was marked before; nothing was written when nothing new was said */
    INTAKE_KEPT,     /* written down, but the rules do not count it: see reason and why */
    INTAKE_REPLAYED, /* this uid was here before: nothing was written */
    INTAKE_LOCKED,   /* the register is confirmed: written down, the record stands */
    INTAKE_CONFLICT, /* this uid was here before and said something else: nothing was written */
};
const char *intake_name(enum intake i); /* "counted" "already" … */

struct check_in_result {
    enum intake intake;
    bool was_marked;          /* before this call, other than by the closing */
    struct attendance record; /* as it is now, with `why` */
    struct str uid;           /* of the event */
};

/*
 * All or none, in one transaction that may be part of a larger one; live clients are told of each
 * changed mark, and once of the counts. `ret` has n places.
 * ERR_SESSION_NOT_OPEN: scheduled or cancelled; closed and not belated. ERR_NOT_FOUND: a student is
 * not of this session.
 */
must_check enum err attendance_check_in(struct ctx *ctx, const struct session *s,
                                        const struct check_in *all, size_t n,
                                        struct check_in_result *ret);
/* What the register says of who has checked in before: nothing is written. `ret` is as after a
 * check-in that changed nothing, its uid empty. ERR_NOT_FOUND: the student is not of this session.
 */
must_check enum err attendance_checked_in(struct ctx *ctx, const struct session *s,
                                          int64_t student_id, struct check_in_result *ret);

/*
 * An approved justification covers these records (or, with `take_back`, does not any more): an
 * event in each ledger, records derived anew; confirmed registers too. `code`: the status code to
 * show; empty: the default of excused. Part of the caller's transaction.
 */
struct excuse {
    int64_t justification_id, session_id, student_id;
    int64_t covers_from, covers_to; /* 0, 0: the whole session */
    struct str code;
    bool take_back;
};
must_check enum err attendance_excuse(struct ctx *ctx, const struct excuse *all, size_t n);
