/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Punches: what readers at doors say, "this card, then, in or out", also hours later. Each is kept
 * once as it came and becomes a check-in of the session that its student had then in the reader's
 * room. What fits no session yet waits and is tried again for 30 days.
 */
#include "base/ctx.h"
#include "base/page.h"

enum {
    PUNCHES_MAX = 500,               /* in one request */
    PUNCH_AHEAD_MS = 5 * 60 * 1000,  /* a reader's clock may be so much ahead */
    PUNCH_GRACE_MS = 30 * 60 * 1000, /* leaving is punched so long after the end */
    PUNCH_DAYS = 30,
};

struct punch_said {
    struct str identifier; /* a student number */
    struct str at;
    struct str direction; /* in out unknown */
    int64_t at_ms;        /* `at`, of any year */
};

struct punch_result {
    struct opt_i64 punch_id;   /* absent: refused, not kept */
    struct str identifier, at; /* as they were sent */
    struct str outcome;        /* of PUNCH_OUTCOMES */
    bool repeated;             /* it was here before; the outcome is that of then */
    bool early;                /* before the device was registered */
    struct opt_i64 session_id;
    struct opt_str field, allowed; /* of a refused one: a JSON pointer, and the times that are taken
                                    */
};

/*
 * counted already kept locked   as the register took it (attendance/intake.h)
 * unknown_person no_session not_open   waits
 * in_future too_old             refused
 */
#define PUNCH_OUTCOMES                                                                             \
    ONE_OF("counted", "already", "kept", "locked", "unknown_person", "no_session", "not_open",     \
           "in_future", "too_old")

struct punches_in {
    struct list punches; /* struct punch_said */
};
struct punches_answer {
    int64_t taken, waiting, refused, repeated; /* together: all */
    struct list results;                       /* struct punch_result, in the order sent */
};

/*
 * The calling device's punches, as they came, all in one transaction: a batch that was cut off
 * is sent again. ERR_FORBIDDEN: the device is no reader. ERR_INVALID: one has no time at all.
 * ERR_SESSION_NOT_OPEN: a session was cancelled at that moment; send again.
 */
must_check enum err punches_take(struct ctx *ctx, const struct punches_in *in,
                                 struct punches_answer *ret);

struct punch {
    int64_t id;
    int64_t device_id;
    struct str device_name, identifier;
    int64_t punched_at, received_at;
    struct str direction, outcome;
    bool early;
    struct opt_i64 student_id, session_id;
};
extern const struct schema punch_schema;

struct punch_filter {
    struct page_query page;
    struct opt_str outcome;
    struct opt_i64 device_id, student_id, session_id;
    struct opt_i64 from, to; /* of the reader's time, `to` not included */
};
/* ret->items are struct punch, the last received first. ERR_INVALID: the cursor. */
must_check enum err punches_list(struct ctx *ctx, const struct punch_filter *f, struct page *ret);

/* A periodic job: tries again what waits and now has a student and a session; forgets what waited
 * for 30 days in vain. */
must_check enum err punches_tend(struct ctx *ctx);
