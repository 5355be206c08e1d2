/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of attendance/: private to the feature. */
#include "attendance/attendance.h"

struct record_row {
    int64_t id, version; /* 0: never stored */
    struct str status;
    struct opt_str code, derived, reason, method, note;
    int64_t weight;
    struct opt_i64 in_at, out_at, minutes_late, minutes_present;
    struct opt_i64 marked_at, marked_by, last_event_id;
    struct opt_f64 similarity, margin, threshold;
    struct opt_str marked_by_name; /* set by attendance_store() */
};

/* Records and expected students of a session, by name; student_id 0: all. A guardian gets only the
 * wards. */
must_check enum err attendance_fetch(struct ctx *ctx, const struct session *s, int64_t student_id,
                                     struct list *ret);
/* Makes or changes the student's record; sets r->id, r->version and
 * r->marked_by_name. */
must_check enum err attendance_store(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                     struct record_row *r);
/* A record as it is in the table. */
struct kept_record {
    int64_t id, version, student_id;
    struct str status;
    struct opt_str code, derived, reason, method, note;
    int64_t weight;
    struct opt_i64 in_at, out_at, minutes_late, minutes_present;
    struct opt_i64 marked_at, marked_by, last_event_id;
    struct opt_f64 similarity, margin, threshold;
};
/* Those of a session, a list of struct kept_record by student. */
must_check enum err records_fetch(struct ctx *ctx, int64_t session_id, struct list *ret);
struct record_row kept_row(const struct kept_record *r);
must_check enum err attendance_fetch_entries(struct ctx *ctx, int64_t session_id,
                                             int64_t student_id, struct list *ret);
must_check enum err attendance_fetch_history(struct ctx *ctx, int64_t session_id,
                                             const struct page_query *q, struct page *ret);
must_check enum err attendance_fetch_days(struct ctx *ctx, const struct attendance_span *in,
                                          struct page *ret);
/* `rate` is left to the caller. */
must_check enum err attendance_fetch_summary(struct ctx *ctx, const struct attendance_span *in,
                                             struct attendance_summary *ret);
