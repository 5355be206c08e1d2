/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of attendance/: private to the feature. */
#include "attendance/attendance.h"

/* A student's record, as it is in the table. */
struct record_row {
    int64_t id, version; /* 0: never stored */
    int64_t student_id;
    struct str status;
    struct opt_str code, derived, reason, method, note;
    int64_t weight;
    struct opt_i64 in_at, out_at, minutes_late, minutes_present;
    struct opt_i64 marked_at, marked_by, last_event_id;
    struct opt_f64 similarity, margin, threshold;
    struct opt_str marked_by_name; /* not in the table: set by attendance_store() */
};

/* Records and expected students of a session, by name; student_id 0: all. A guardian gets only the
 * wards. */
must_check enum err attendance_fetch(struct ctx *ctx, const struct session *s, int64_t student_id,
                                     struct list *ret);
/* Makes or changes the record of r->student_id; sets r->id, r->version and r->marked_by_name. */
must_check enum err attendance_store(struct ctx *ctx, int64_t session_id, struct record_row *r);
/* All records of a session: struct record_row by student. */
must_check enum err records_fetch(struct ctx *ctx, int64_t session_id, struct list *ret);
/* The events of a student: struct attendance_entry, the oldest first. */
must_check enum err attendance_fetch_entries(struct ctx *ctx, int64_t session_id,
                                             int64_t student_id, struct list *ret);
/* The events of the register as a whole: struct session_step, the newest first. */
must_check enum err attendance_fetch_history(struct ctx *ctx, int64_t session_id,
                                             const struct page_query *q, struct page *ret);
/* Sessions of a student, marked or not: struct attendance_day, the newest first. A trainer sees the
 * own ones only. */
must_check enum err attendance_fetch_days(struct ctx *ctx, const struct attendance_span *in,
                                          struct page *ret);
/* Over the same sessions; `rate` is left to the caller. */
must_check enum err attendance_fetch_summary(struct ctx *ctx, const struct attendance_span *in,
                                             struct attendance_summary *ret);
