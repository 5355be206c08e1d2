/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Weekly series of sessions. The pattern is in local time: a lesson at 9 stays at 9 when clocks
 * change. All sessions are made at once, so that each can be moved, cancelled and marked by itself;
 * one that was changed by itself is `detached`, and changes of the series leave it alone, as they
 * leave alone what was opened, closed, confirmed or cancelled.
 */
#include "base/ctx.h"
#include "base/page.h"

enum { SERIES_DAYS_MAX = 366 };

struct series {
    int64_t id;
    int64_t module_id;
    struct str module_code, module_name;
    int64_t trainer_id;
    struct str trainer_name;
    struct opt_i64 room_id;
    struct opt_str room_name;
    struct i64s group_ids;
    struct strs group_names;
    struct str kind, mode, time_zone;
    struct str first_day, last_day; /* both included */
    int64_t weekday_bits;           /* 1 = Monday … 64 = Sunday */
    struct strs weekdays;           /* "mo" … "su" */
    int64_t every_weeks;
    int64_t starts_min;   /* minutes after local midnight */
    int64_t duration_min; /* minutes that pass, also over a change of clocks */
    bool skip_holidays;
    bool ended;
    int64_t sessions, cancelled; /* that it has, and how many of them are cancelled */
    struct list exceptions;      /* of struct series_exception; not in lists of series */
    struct list shifted;         /* of struct series_shift; only in answers to changes */
    struct list warnings;        /* of struct series_warning; only in answers to changes */
    int64_t version;
};
extern const struct schema series_schema;

/* A day on which it does not take place. */
struct series_exception {
    struct str day, reason;
};

/* A day on which its time does not exist, or exists twice. */
struct series_shift {
    struct str day;
    struct str what; /* "gap": later by as much as clocks were put forward; "overlap": the first */
    int64_t starts_at;
};

struct series_warning {
    struct str code; /* room_capacity, clash */
    struct str detail;
};

struct series_new {
    int64_t module_id, trainer_id;
    struct i64s group_ids;
    struct opt_i64 room_id;
    struct str kind, mode;
    struct opt_str time_zone;
    struct str first_day, last_day;
    struct strs weekdays;
    struct opt_i64 every_weeks;
    int64_t starts_min, duration_min;
    struct opt_bool skip_holidays; /* true when absent */
    bool skip_clashing;            /* leave out days that clash, instead of refusing */
    bool allow_clash;
};

struct series_change {
    int64_t series_id;
    struct str scope;   /* this, following, all */
    struct opt_str day; /* for this and following */
    struct opt_i64 module_id, trainer_id, room_id, starts_min, duration_min, every_weeks;
    struct i64s group_ids;
    struct strs weekdays;
    struct opt_str kind, mode, time_zone, last_day;
    struct opt_bool skip_holidays;
    bool skip_clashing, allow_clash;
};

struct series_end {
    int64_t series_id;
    struct str scope;
    struct opt_str day;
    struct str reason;
};

struct series_exception_new {
    int64_t series_id;
    struct str day, reason;
};

struct series_filter {
    struct page_query page;
    struct opt_i64 group_id, trainer_id, module_id, room_id;
};

/* A trainer sees the own ones. ERR_NOT_FOUND */
must_check enum err series_get_for(struct ctx *ctx, int64_t id, struct series *ret);
/* ret->items are struct series, without exceptions, by first day. ERR_INVALID: the cursor. */
must_check enum err series_list(struct ctx *ctx, const struct series_filter *filter,
                                struct page *ret);
/* ERR_INVALID; ERR_TIMETABLE_CLASH with a field error for each clash and its day. */
must_check enum err series_create(struct ctx *ctx, const struct series_new *in, struct series *ret);
/*
 * `this` changes the session of `day` and detaches it; `following` ends the series the day before
 * and begins a new one, which is the answer; `all` changes every session that may be changed.
 * Sessions of days that are none any more are cancelled. ERR_NOT_FOUND, ERR_VERSION_MISMATCH,
 * ERR_SESSION_STATE (`this`), and as above.
 */
must_check enum err series_update(struct ctx *ctx, struct opt_i64 version,
                                  const struct series_change *in, struct series *ret);
/* Cancels the scheduled sessions of the scope, detached ones too. Errors as above. */
must_check enum err series_cancel(struct ctx *ctx, struct opt_i64 version,
                                  const struct series_end *in, struct series *ret);
/* Leaves a day out; its session is cancelled. ERR_SESSION_STATE when that was opened already. */
must_check enum err series_except(struct ctx *ctx, const struct series_exception_new *in,
                                  struct series *ret);
/* Gives the day back: its session is planned again. ERR_NOT_FOUND, ERR_TIMETABLE_CLASH. */
must_check enum err series_include(struct ctx *ctx, int64_t id, struct str day, struct series *ret);
