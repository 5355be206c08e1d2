/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Signals: what a person should look at, since it may be a cheat and may be nothing. A signal
 * changes no mark. Each is a fact about events, found by a job after they were written; finding it
 * again changes its facts, not its number. docs/registers.md says what each means.
 */
#include "base/ctx.h"
#include "base/page.h"
#include "base/words.h"

enum signal_kind {
    SIGNAL_SHARED_DEVICE,     /* one device checked several students in */
    SIGNAL_IMPOSSIBLE_TRAVEL, /* one student in two places too soon, or in two sessions at once */
    SIGNAL_DUPLICATE,         /* one student twice within minutes, by different ways */
    SIGNAL_LIVENESS_FAILURES, /* several failed liveness checks in a row */
    SIGNAL_FOREIGN_NETWORK,   /* a code or PIN from outside the room's network */
    SIGNAL_CLOCK_SKEW,        /* a client's clock is wrong */
    SIGNAL_KINDS
};
const char *signal_kind_name(enum signal_kind k);

enum {
    SIGNAL_TWICE_MIN = 5,     /* one student twice */
    SIGNAL_SKEW_MIN = 5,      /* a clock may be wrong by so much */
    SIGNAL_FAILURES = 3,      /* liveness checks failed in a row */
    SIGNAL_SPEED_KMH = 150,   /* nobody travels faster between two rooms */
    SIGNAL_DISTANCE_M = 500,  /* rooms nearer than that are one place */
    SIGNAL_TRAVEL_HOURS = 12, /* check-ins that are compared */
};

/* The numbers of a signal; which are set depends on its kind. Kept as JSON, no names. */
struct signal_facts {
    struct i64s students, sessions, events;
    struct strs methods;
    struct opt_str client; /* the first characters of the device's mark */
    struct opt_i64 first_at, last_at;
    struct opt_i64 minutes, skew_s, failed;
    struct opt_f64 km, kmh;
};

struct signal {
    int64_t id;
    struct str kind;
    struct opt_i64 session_id;
    struct opt_str module_name;
    struct opt_i64 starts_at;
    struct opt_str time_zone;
    struct opt_i64 trainer_id, student_id;
    struct opt_str student_name;
    struct str facts_text; /* as stored */
    struct obj facts;      /* struct signal_facts */
    struct obj why;        /* struct words */
    int64_t times;         /* events that it rests on */
    struct str state;      /* open harmless confirmed */
    struct opt_str message;
    struct opt_i64 reviewed_by;
    struct opt_str reviewed_by_name;
    struct opt_i64 reviewed_at;
    int64_t created_at, updated_at;
    int64_t version;
};
extern const struct schema signal_schema, signal_facts_schema;

struct signal_filter {
    struct page_query page;
    struct opt_str kind, state;
    struct opt_i64 session_id, student_id;
};

/* ret->items are struct signal, oldest first; a trainer's own sessions' only. ERR_INVALID. */
must_check enum err signal_list(struct ctx *ctx, const struct signal_filter *filter,
                                struct page *ret);

struct signal_verdict {
    int64_t signal_id;
    struct str outcome; /* harmless confirmed */
    struct opt_str message;
};
/* A person's judgement, once: of two at the same time one wins. No mark changes.
 * ERR_NOT_FOUND: also of who may not see it. ERR_CONFLICT: it was judged. */
must_check enum err signal_review(struct ctx *ctx, const struct signal_verdict *in,
                                  struct signal *ret);

/*
 * The periodic job: looks through the events since the last time, keeps what it finds and tells
 * the session's trainer and the admins of what is new. The last two minutes are looked at again,
 * because transactions end in another order than their events are numbered. The first time it
 * begins a day back.
 */
must_check enum err signals_find(struct ctx *ctx);

/*
 * Suspicions do not stay for ever: when the oldest was last news, how many were judged, or were
 * last news when nobody judged them, before `before`; and forgetting those. No mark changes.
 */
must_check enum err signals_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                int64_t *ret_due);
must_check enum err signals_forget(struct ctx *ctx, int64_t before, int64_t *ret_n);

/* The sentences of a signal, from its facts; in ctx's arena. */
void signal_word(struct ctx *ctx, enum signal_kind kind, const struct signal_facts *facts,
                 struct words *ret);
