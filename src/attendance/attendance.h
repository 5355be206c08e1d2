/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Attendance: who was present, and how we know. Raw events are append-only; the one record per
 * student and session follows from them. Marking twice is not twice; a correction keeps both
 * values, who made it and why; undo takes back the last event and is an event itself.
 */
#include "base/ctx.h"
#include "base/page.h"

#include "sessions/sessions.h"

struct attendance {
    struct opt_i64 id; /* null: never marked */
    int64_t session_id;
    int64_t student_id;
    struct str student_number, student_name;
    struct str status; /* present late absent excused unmarked */
    struct opt_str method;
    struct opt_i64 marked_at, minutes_late;
    struct opt_f64 similarity, margin, threshold;
    struct opt_i64 marked_by;
    struct opt_str marked_by_name, note;
    bool enrolled;
    int64_t version;
};
extern const struct schema attendance_schema;

struct attendance_register {
    struct obj session;
    struct list records; /* struct attendance, by name */
};
extern const struct schema attendance_register_schema;

struct attendance_entry {
    int64_t id;
    int64_t at;
    struct str kind, method;
    struct str status_before, status_after;
    struct opt_f64 similarity, margin, threshold, quality, liveness;
    struct opt_i64 device_id;
    struct opt_i64 by_user_id;
    struct opt_str by_name, note;
    struct opt_i64 undoes;
    bool undone;
};
extern const struct schema attendance_entry_schema;

struct attendance_day {
    int64_t id; /* session */
    int64_t starts_at, ends_at;
    struct str module_name, time_zone, session_state;
    struct str status;
    struct opt_str method;
    struct opt_i64 marked_at, minutes_late;
};
extern const struct schema attendance_day_schema;

struct attendance_summary {
    int64_t sessions, present, late, absent, excused;
    double rate; /* of the sessions that count; 1 when there are none */
};
extern const struct schema attendance_summary_schema;

/* What a check-in at this time is by the session's rules: present, late, or absent. */
const char *attendance_rule(const struct session *s, int64_t now, int64_t *minutes_late);
/* (present + late·w) / (sessions that count); w = 1, excused sessions do not count. */
double attendance_rate(int64_t present, int64_t late, int64_t absent);

/* Every expected student and every record; a student sees the own one only. ERR_NOT_FOUND. */
must_check enum err attendance_register_get(struct ctx *ctx, int64_t session_id,
                                            struct attendance_register *ret);

struct attendance_mark {
    int64_t session_id, student_id;
    struct str status;
    struct opt_str note;
};
/* Marks or corrects by hand; `version`, when set, is the record's that the caller saw.
 * ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN (not open or closed), ERR_VERSION_MISMATCH. */
must_check enum err attendance_set(struct ctx *ctx, const struct attendance_mark *in,
                                   struct opt_i64 version, struct attendance *ret);
/* Takes the last event back. ERR_NOT_FOUND: there is none, or only the closing of a register that
 * is still closed; ERR_SESSION_NOT_OPEN. */
must_check enum err attendance_undo(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                    struct attendance *ret);
/* A list of struct attendance_entry, oldest first. */
must_check enum err attendance_events(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                      struct list *ret);
/* Closes the register and marks the rest absent, in one transaction. ERR_NOT_FOUND,
 * ERR_SESSION_STATE. */
must_check enum err attendance_close(struct ctx *ctx, int64_t session_id, struct session *ret);

/* What a mark by face rests on; kept in the event. */
struct attendance_evidence {
    const char *way; /* the record's method: face kiosk self class_photo */
    double similarity, margin, threshold;
    const char *model;
    struct opt_f64 quality;  /* length of the raw embedding */
    struct opt_f64 liveness; /* passive, 0..1 */
    int64_t device_id;       /* 0: no registered device */
};
/*
 * Marks by a recognised face, within a session that was checked. *already is true when the student
 * had been marked before: the record then stays as it is.
 * ERR_SESSION_NOT_OPEN, ERR_NOT_FOUND (not of this session).
 */
must_check enum err attendance_mark_face(struct ctx *ctx, const struct session *s,
                                         int64_t student_id,
                                         const struct attendance_evidence *evidence,
                                         struct attendance *ret, bool *already);

/* One student of several who are marked at once. */
struct attendance_seen {
    int64_t student_id;
    const struct attendance_evidence *evidence; /* NULL: by hand */
    struct str status;                          /* set: the record's, after all */
    bool already;                               /* set: it was marked before and stays as it is */
};
/*
 * Marks students who were seen, all or none, within a session that was checked; the transaction may
 * be part of a larger one. Live clients are told of each new mark, and once of the counts.
 * ERR_SESSION_NOT_OPEN, ERR_NOT_FOUND (not of this session).
 */
must_check enum err attendance_mark_seen(struct ctx *ctx, const struct session *s,
                                         struct attendance_seen *all, size_t n);

struct attendance_span {
    struct page_query page;
    int64_t student_id;
    struct opt_i64 from, to;
};
/* A student's sessions with their status, latest first; a trainer's own only. ERR_NOT_FOUND. */
must_check enum err attendance_of_student(struct ctx *ctx, const struct attendance_span *in,
                                          struct page *ret);
must_check enum err attendance_sum(struct ctx *ctx, const struct attendance_span *in,
                                   struct attendance_summary *ret);
