/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sessions: a module taught to groups by a trainer at a time and place. States go
 * `scheduled → open → closed → confirmed`, or `cancelled`; a confirmed register is locked and
 * reopening needs a reason. An admin sees all sessions, a trainer the own ones, a student those of
 * the groups that he or she belongs to on the session's day, a guardian those of the student. Whom
 * a substitute stands in for still sees the session, but does not run it.
 *
 * Two sessions clash when they overlap and have the trainer, the room or a group in common. Rows of
 * trainer, room and groups are locked before looking, so that two requests at once cannot both win.
 */
#include "base/ctx.h"
#include "base/page.h"

struct session {
    int64_t id;
    int64_t module_id;
    struct str module_code, module_name;
    struct i64s group_ids;
    struct strs group_names;
    int64_t trainer_id;
    struct str trainer_name;
    struct opt_i64 room_id;
    struct opt_str room_name;
    int64_t starts_at, ends_at;
    struct str time_zone;
    struct str kind, mode, state;
    int64_t opens_at; /* check-in opens */
    int64_t open_before_min, late_after_min, absent_after_min;
    struct str ways; /* what counts as a check-in: presence/ways.h */
    bool check_out;  /* leaving is checked too */
    int64_t min_minutes;
    int64_t expected, present, late, partial, left_early, remote, absent, excused, unmarked;
    struct opt_str cancel_reason, reopen_reason;
    struct opt_i64 series_id;
    struct opt_str series_day;         /* of the series that it is, also after it was moved */
    bool detached;                     /* changed by itself: changes of the series leave it alone */
    struct opt_i64 planned_trainer_id; /* whom a substitute stands in for */
    struct opt_str planned_trainer_name;
    int64_t sequence;     /* how often calendars must take it anew */
    int64_t updated_at;   /* 0: before this was kept */
    struct list warnings; /* of struct session_warning; only in answers to changes */
    int64_t version;
    int64_t row_group_id; /* of a row on its way from the database */
    struct str row_group_name;
};
extern const struct schema session_schema;

/* What an admin should know of a plan that was taken all the same. */
struct session_warning {
    struct str code; /* room_capacity, trainer_clash, room_clash, group_clash */
    struct str detail;
};

struct session_filter {
    struct page_query page;
    struct opt_i64 from, to; /* overlapping [from, to) */
    struct opt_str state;
    struct opt_i64 group_id, trainer_id, module_id, room_id, series_id;
};

/* `ways`, `check_out`, `min_minutes` and the windows: those of the school's policy when absent. */
struct session_new {
    int64_t module_id, trainer_id;
    struct i64s group_ids;
    struct opt_i64 room_id;
    int64_t starts_at, ends_at;
    struct opt_str time_zone;
    struct str kind, mode;
    struct opt_i64 open_before_min, late_after_min, absent_after_min, min_minutes;
    struct opt_str ways;
    struct opt_bool check_out;
    bool allow_clash; /* plan it all the same; the clashes become warnings */
};

struct session_change {
    int64_t session_id;
    struct opt_i64 module_id, trainer_id, room_id;
    struct i64s group_ids; /* empty: unchanged */
    struct opt_i64 starts_at, ends_at;
    struct opt_str time_zone, kind, mode, ways;
    struct opt_i64 open_before_min, late_after_min, absent_after_min, min_minutes;
    struct opt_bool check_out;
    bool allow_clash;
};

/* ERR_NOT_FOUND also when the caller may not see it. */
must_check enum err session_get_for(struct ctx *ctx, int64_t id, struct session *ret);
/* The same without what its register and its members are counted for, and without its groups: for
 * those who need the session, not its figures. */
must_check enum err session_find_for(struct ctx *ctx, int64_t id, struct session *ret);
/* ret->items are struct session, by start. ERR_INVALID: the cursor. */
must_check enum err session_list(struct ctx *ctx, const struct session_filter *filter,
                                 struct page *ret);
/* ERR_INVALID: unusable module, trainer, group, room, zone, ways; an end that is not after the
 * start. ERR_TIMETABLE_CLASH with a field error for each clash. */
must_check enum err session_create(struct ctx *ctx, const struct session_new *in,
                                   struct session *ret);
/* Only a scheduled session changes: ERR_SESSION_STATE. ERR_NOT_FOUND, ERR_VERSION_MISMATCH,
 * ERR_INVALID and ERR_TIMETABLE_CLASH as above. One of a series is detached from it. Who is
 * concerned is told of a new time, room or trainer (event session.rescheduled). */
must_check enum err session_update(struct ctx *ctx, struct opt_i64 version,
                                   const struct session_change *in, struct session *ret);

enum session_move { SESSION_OPEN, SESSION_CLOSE, SESSION_CONFIRM, SESSION_REOPEN, SESSION_CANCEL };

/*
 * Moves the session on, for those who may see it, and tells live clients. Opening is possible from
 * `opens_at` on. `reason` is needed to reopen and to cancel. Closing does not touch the register:
 * attendance_close() does both.
 * ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_INVALID.
 */
must_check enum err session_move(struct ctx *ctx, int64_t id, enum session_move move,
                                 struct str reason, struct session *ret);

/*
 * Inside a transaction: holds the session so that it cannot be closed meanwhile. `states` names
 * those that are fine. ERR_SESSION_NOT_OPEN when it is in another.
 */
must_check enum err session_hold(struct ctx *ctx, const struct session *session,
                                 const char *const *states);
/* Tells live clients that its state or counts changed. */
must_check enum err session_tell(struct ctx *ctx, int64_t id);
struct event_new; /* of events/events.h */
/* The same, and before it the event that changed them. */
must_check enum err session_tell_after(struct ctx *ctx, int64_t id, const struct event_new *before);

/*
 * Hands the session to another trainer; whom it was planned with stays known and is the trainer
 * again when it comes back. Scheduled, open or closed: else ERR_SESSION_STATE. ERR_NOT_FOUND,
 * ERR_INVALID: an unusable trainer. Rights and clashes are the caller's business.
 */
must_check enum err session_set_trainer(struct ctx *ctx, int64_t id, int64_t trainer_id);

struct session_substitute {
    int64_t session_id, trainer_id;
    struct str reason;
    bool allow_clash;
};
/* A substitute for a scheduled or open session; both trainers are told (session.substituted).
 * ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_INVALID, ERR_TIMETABLE_CLASH. */
must_check enum err session_substitute(struct ctx *ctx, const struct session_substitute *in,
                                       struct session *ret);
/* The planned trainer gives it again. ERR_NOT_FOUND also when there is no substitute. */
must_check enum err session_substitute_end(struct ctx *ctx, int64_t id, struct session *ret);

/* A trainer runs only sessions that are the own ones now: ERR_FORBIDDEN for whom a substitute
 * stands in for. Everybody else is another rule's business. */
must_check enum err session_check_runs(struct ctx *ctx, const struct session *s);

bool session_is(const struct session *s, const char *state);
