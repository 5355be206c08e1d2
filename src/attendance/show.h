/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to attendance/: records as people see them. */
#include "attendance/attendance.h"

/* attendance_fetch() with reasons and sentences. */
must_check enum err attendance_show(struct ctx *ctx, const struct session *s, int64_t student_id,
                                    struct list *ret);
/* The same by a rule that the caller has. */
must_check enum err attendance_show_by(struct ctx *ctx, const struct session *s,
                                       const struct presence_rule *rule, int64_t student_id,
                                       struct list *ret);
/* ERR_NOT_FOUND: the student is not of this session. */
must_check enum err attendance_show_one(struct ctx *ctx, const struct session *s,
                                        int64_t student_id, struct attendance *ret);
/* Fills `reason` (of records from before reasons were kept) and `why`, in each language. */
void attendance_explain(struct ctx *ctx, const struct presence_rule *rule, struct attendance *r);
/* The register's row of a student; NULL: not of this session. */
struct attendance *attendance_row_of(const struct list *rows, int64_t student_id);
/* Live clients hear of the record. */
must_check enum err attendance_tell(struct ctx *ctx, const char *name, const struct session *s,
                                    struct attendance *record);
/* The same, and then of the session's counts: for the last record that changed. */
must_check enum err attendance_tell_last(struct ctx *ctx, const char *name, const struct session *s,
                                         struct attendance *record);
