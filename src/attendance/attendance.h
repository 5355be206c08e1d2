/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Attendance: who was present, and how we know. Raw events are append-only; the one record per
 * student and session follows from them. Marking twice is not twice; a correction keeps both
 * values, who made it and why; undo takes back the last event and is an event itself.
 */
#include "base/ctx.h"
#include "base/page.h"
#include "base/words.h"

#include "presence/presence.h"
#include "sessions/sessions.h"
#include "sessions/watch.h"

struct attendance {
    struct opt_i64 id; /* null: never marked */
    int64_t session_id;
    int64_t student_id;
    struct str student_number, student_name;
    struct str status;      /* presence_status_name */
    struct opt_str code;    /* the school's letter; null: unmarked */
    struct opt_str derived; /* what the rules alone say; `status` is a person's or an excuse's */
    struct str reason;      /* presence_reason_name of `status` */
    struct obj why;         /* struct words */
    struct opt_str method;
    struct opt_i64 marked_at, minutes_late;
    struct opt_i64 in_at, out_at, minutes_present;
    struct opt_f64 similarity, margin, threshold;
    struct opt_i64 marked_by;
    struct opt_str marked_by_name, note;
    bool enrolled;
    int64_t version;
    int64_t weight;               /* thousandths; not shown */
    struct opt_i64 last_event_id; /* the event that decided; not shown */
};
extern const struct schema attendance_schema;

struct attendance_register {
    struct obj session;
    struct list records; /* struct attendance, by name */
};
extern const struct schema attendance_register_schema;

/* Notes that the server writes itself; they are shown in all languages. */
#define ATTENDANCE_NOT_THE_PERSON "not the person"
#define ATTENDANCE_DISPUTED       "disputed, and accepted"

struct attendance_entry {
    int64_t id;
    struct opt_i64 seq; /* place in the session's ledger */
    struct opt_str uid;
    int64_t at, occurred_at;
    struct str kind, method, direction;
    struct strs facts; /* fence subnet live offline */
    int64_t fact_bits; /* not shown */
    struct str status_before, status_after;
    struct opt_str said, code;
    struct opt_f64 similarity, margin, threshold, quality, liveness;
    struct opt_i64 device_id;
    struct opt_i64 by_user_id;
    struct opt_str by_name, note;
    struct obj note_words; /* struct words; NULL: a person wrote the note */
    struct opt_i64 undoes;
    bool undone;
};
extern const struct schema attendance_entry_schema;

/* What happened to the register as a whole. */
struct session_step {
    int64_t id;
    struct opt_i64 seq; /* place in the session's ledger */
    int64_t at;
    struct str kind; /* opened closed reopened confirmed cancelled restored rescheduled */
    struct str state_before, state_after;
    struct opt_i64 by_user_id;
    struct opt_str by_name, reason;
    struct opt_i64 starts_at, ends_at; /* of rescheduled: the new times */
};
extern const struct schema session_step_schema;

struct attendance_day {
    int64_t id; /* session */
    int64_t starts_at, ends_at;
    struct str module_name, time_zone, session_state;
    struct str status;
    struct opt_str code, method;
    struct opt_i64 marked_at, minutes_late, minutes_present;
};
extern const struct schema attendance_day_schema;

struct attendance_summary {
    int64_t sessions, present, late, partial, left_early, remote, absent, excused;
    int64_t weight; /* thousandths, of those that count */
    double rate;    /* presence_rate() */
};
extern const struct schema attendance_summary_schema;

/* What the session asks of a check-in. */
must_check enum err presence_rule_of(struct ctx *ctx, const struct session *s,
                                     struct presence_rule *ret);

/* Every expected student and every record; a student sees the own one only, a guardian those of
 * the wards. ERR_NOT_FOUND. */
must_check enum err attendance_register_get(struct ctx *ctx, int64_t session_id,
                                            struct attendance_register *ret);

struct attendance_mark {
    int64_t session_id, student_id;
    struct str status;
    struct opt_str code; /* of the status's category; null: its default */
    struct opt_str note;
};
/* Marks or corrects by hand; `version`, when set, is the record's that the caller saw.
 * ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN (not open or closed), ERR_VERSION_MISMATCH, ERR_INVALID (the
 * code). */
must_check enum err attendance_set(struct ctx *ctx, const struct attendance_mark *in,
                                   struct opt_i64 version, struct attendance *ret);

/* Marks many by hand at once, all in one transaction: those of `student_ids`, or everybody
 * expected but those of `all_but`; of the two lists one is absent (at is NULL). */
struct attendance_bulk {
    int64_t session_id;
    struct str status;
    struct opt_str code, note;
    struct i64s student_ids;
    struct i64s all_but;
    bool only_unmarked;
};
struct attendance_bulk_item {
    int64_t student_id;
    struct str outcome; /* changed same kept (only_unmarked) unknown (not of this session) */
    struct obj record;  /* struct attendance as it is now; NULL: unknown */
};
struct attendance_bulk_answer {
    struct list items; /* struct attendance_bulk_item */
    int64_t changed;
};
extern const struct schema attendance_bulk_answer_schema;
/* ERR_NOT_FOUND (the session), ERR_SESSION_NOT_OPEN, ERR_INVALID: also one of `all_but` who is not
 * of the session. Asked twice it changes once. */
must_check enum err attendance_set_many(struct ctx *ctx, const struct attendance_bulk *in,
                                        struct attendance_bulk_answer *ret);

/* Takes back the newest event that the record rests on. ERR_NOT_FOUND: there is none, or only the
 * closing of a register that is still closed, or an excuse; ERR_SESSION_NOT_OPEN. */
must_check enum err attendance_undo(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                    struct attendance *ret);
/* A list of struct attendance_entry, oldest first. */
must_check enum err attendance_events(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                      struct list *ret);
/* A page of struct session_step, latest first. ERR_NOT_FOUND, ERR_INVALID (the cursor). */
must_check enum err attendance_history(struct ctx *ctx, int64_t session_id,
                                       const struct page_query *q, struct page *ret);
/* Closes the register and marks the rest absent, in one transaction. ERR_NOT_FOUND,
 * ERR_SESSION_STATE. */
must_check enum err attendance_close(struct ctx *ctx, int64_t session_id, struct session *ret);
/*
 * Opens, closes, confirms, reopens or cancels: session_move() with an event in the ledger (when
 * cancelled, only in one that has begun) and the records that follow. A confirmed register is
 * locked; what came into it meanwhile counts once it is opened again. ERR_NOT_FOUND,
 * ERR_SESSION_STATE, ERR_INVALID (`reason`).
 */
must_check enum err attendance_move(struct ctx *ctx, int64_t session_id, enum session_move move,
                                    struct str reason, struct session *ret);

/* What a mark by face rests on; kept in the event. */
struct attendance_evidence {
    const char *way; /* the record's method: face kiosk self class_photo */
    double similarity, margin, threshold;
    const char *model;
    struct opt_f64 quality;  /* length of the raw embedding */
    struct opt_f64 liveness; /* passive, 0..1 */
    int64_t device_id;       /* 0: no registered device */
    uint32_t facts;          /* enum presence_fact */
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

/* Once the ledger of a session has begun, it also has that the session was cancelled, is scheduled
 * again, is at another time; records are derived anew by the new times. */
extern const struct session_watch attendance_watch;

struct attendance_span {
    struct page_query page;
    int64_t student_id;
    struct opt_i64 from, to;
    struct opt_i64 module_id; /* of the list */
    struct opt_str status;
};
/* A student's sessions with their status, latest first; a trainer's own only. ERR_NOT_FOUND. */
must_check enum err attendance_of_student(struct ctx *ctx, const struct attendance_span *in,
                                          struct page *ret);
/* Counts and rate over the same sessions; `page` says nothing here. ERR_NOT_FOUND. */
must_check enum err attendance_sum(struct ctx *ctx, const struct attendance_span *in,
                                   struct attendance_summary *ret);
