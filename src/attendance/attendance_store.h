/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of attendance/: private to the feature. */
#include "attendance/attendance.h"

struct record_row {
    int64_t id, version;
    struct str status;
    struct opt_str method, note;
    struct opt_i64 marked_at, minutes_late, marked_by, last_event_id;
    struct opt_f64 similarity, margin, threshold;
};

struct entry_row {
    int64_t id, session_id, student_id, at;
    struct str kind, method, status_before, status_after;
    struct opt_i64 minutes_late, by_account_id, undoes, device_id;
    struct opt_f64 similarity, margin, threshold, quality, liveness;
    struct opt_str model, note;
};

/* Records and expected students of a session, by name; student_id 0: all. */
must_check enum err attendance_fetch(struct ctx *ctx, const struct session *s, int64_t student_id,
                                     struct list *ret);
/* Inside a transaction: the student's record, made when missing, locked until commit.
 * ERR_NOT_FOUND: the student is not of this session. */
must_check enum err attendance_lock(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                    struct record_row *ret);
must_check enum err attendance_store(struct ctx *ctx, const struct record_row *r);
must_check enum err attendance_append(struct ctx *ctx, const struct entry_row *e, int64_t *ret_id);
/* The newest event of the record that is no undo and was not undone; `before`: older than that. */
must_check enum err attendance_last_entry(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                          int64_t before, struct entry_row *ret);
must_check enum err attendance_fetch_entries(struct ctx *ctx, int64_t session_id,
                                             int64_t student_id, struct list *ret);
/* Ids of the expected students that are not marked: a list of struct unmarked_row. */
struct unmarked_row {
    int64_t student_id;
};
must_check enum err attendance_fetch_unmarked(struct ctx *ctx, int64_t session_id,
                                              struct list *ret);
must_check enum err attendance_fetch_days(struct ctx *ctx, const struct attendance_span *in,
                                          struct page *ret);
must_check enum err attendance_fetch_summary(struct ctx *ctx, const struct attendance_span *in,
                                             struct attendance_summary *ret);
