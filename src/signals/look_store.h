/* SPDX-License-Identifier: MIT */
#pragma once
/* What the search for signals reads: events after a number, and what stands around them. */
#include "signals/signals.h"

/* Events to look at: numbers in (after, to]. */
struct signal_span {
    int64_t after, to;
};
/* The next span of at most 20,000 numbers; `ret_settled`: from where to look next time, the newest
 * number whose event is two minutes old. */
must_check enum err look_fetch_span(struct ctx *ctx, struct signal_span *ret, int64_t *ret_settled);
/* The next search begins after this event. */
must_check enum err look_store_progress(struct ctx *ctx, int64_t event_id);

/* A case that events of the span point at; what is not of its kind is 0 or empty. */
struct look_case {
    int64_t session_id, student_id, other_session_id;
    struct str client;
    struct str ways; /* of the session */
    int64_t event_id, other_event_id, at, other_at;
    bool overlapping; /* the two sessions overlap in time */
    struct opt_f64 latitude, longitude, other_latitude, other_longitude;
    int64_t failed;
};

/* One event of a case. */
struct look_event {
    int64_t id, session_id, student_id, device_id, occurred_at;
    struct str method, direction, client;
    struct opt_i64 client_at;
};

/* Lists of struct look_case. */
must_check enum err look_shared(struct ctx *ctx, struct signal_span s, struct list *ret);
must_check enum err look_travel(struct ctx *ctx, struct signal_span s, struct list *ret);
must_check enum err look_twice(struct ctx *ctx, struct signal_span s, struct list *ret);
must_check enum err look_foreign(struct ctx *ctx, struct signal_span s, struct list *ret);
must_check enum err look_skewed(struct ctx *ctx, struct signal_span s, struct list *ret);
/* Not of a span: students whose last liveness checks failed, since a day. */
must_check enum err look_failed(struct ctx *ctx, struct list *ret);

/* Lists of struct look_event, by time; at most 200. */
must_check enum err look_events_of_client(struct ctx *ctx, const struct look_case *c,
                                          struct list *ret);
must_check enum err look_events_of_student(struct ctx *ctx, const struct look_case *c,
                                           struct list *ret);
must_check enum err look_events_skewed(struct ctx *ctx, const struct look_case *c,
                                       struct list *ret);
