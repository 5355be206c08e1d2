/* SPDX-License-Identifier: MIT */
#pragma once
/* "That was not me": a mark by a face that was the wrong person's. */
#include "attendance/attendance.h"
#include "attendance/attendance_store.h"
#include "attendance/ledger.h"

struct attendance_denial {
    int64_t session_id, student_id;
    struct opt_i64 actual_student_id; /* who it was; not for students to say */
};
/*
 * Takes the mark back, if it was made by a face, with all else that a face said of the student:
 * unmarked while the register is open, absent once it is closed. From then on recognition asks more
 * of the student's face (enrolment/apart.h). Said twice it counts once. A student speaks of the own
 * mark only.
 *
 * ERR_NOT_FOUND (also: there is no mark by a face), ERR_SESSION_NOT_OPEN, ERR_INVALID (who it was)
 */
must_check enum err attendance_not_me(struct ctx *ctx, const struct attendance_denial *in,
                                      struct attendance *ret);

/* Private to attendance/: a person changes the record to `status`, or takes the event back. If a
 * face had marked and the person says otherwise, the pair is made stricter. */
must_check enum err attendance_corrected(struct ctx *ctx, const struct record_row *before,
                                         int64_t student_id, struct str status);
must_check enum err attendance_taken_back(struct ctx *ctx, const struct ledger_link *event);
