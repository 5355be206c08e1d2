/* SPDX-License-Identifier: MIT */
/*
 * The search in SQL. Each statement gives the few cases that the new events point at, so that what
 * a quiet school costs is one pass over its new events.
 */
#include "signals/look_store.h"

#include "db/db.h"

enum { SPAN = 20000, SETTLE_MS = 2 * 60 * 1000, DAY_MS = 24 * 3600 * 1000 };

struct span_row {
    int64_t progress, newest, settled;
};
#define F(...) FIELD(struct span_row, __VA_ARGS__)
static const struct field span_fields[] = {
    F(progress, "Looked at up to here"),
    F(newest, "Newest event"),
    F(settled, "Newest that is old enough"),
};
#undef F
static const struct schema span_schema = SCHEMA(span_row, span_fields);

enum err look_fetch_span(struct ctx *ctx, struct signal_span *ret, int64_t *ret_settled)
{
    struct span_row row = {0};
    int64_t progress = 0;
    enum err e =
        db_i64(ctx, "SELECT event_id FROM signal_progress WHERE id = 1", ARGS(), &progress);

    if (e == ERR_NOT_FOUND)
        e = db_i64(ctx, "SELECT coalesce(max(id), 0) FROM attendance_event WHERE at < $1",
                   ARGS(A(ctx->now - DAY_MS)), &progress);
    e = e ? e
          : db_one(ctx, &span_schema, &row,
                   "SELECT CAST($1 AS BIGINT) AS progress,"
                   " coalesce((SELECT max(id) FROM attendance_event), 0) AS newest,"
                   " coalesce((SELECT max(id) FROM attendance_event WHERE id > $1 AND id <= $2"
                   " AND at <= $3), $1) AS settled",
                   ARGS(A(progress), A(progress + SPAN), A(ctx->now - SETTLE_MS)));
    if (e)
        return e;
    *ret = (struct signal_span){progress, row.newest};
    if (ret->to > progress + SPAN) {
        ret->to = progress + SPAN;
        /* So many more are there that none of these can still be on its way. */
        row.settled = ret->to;
    }
    *ret_settled = row.settled;
    return ERR_OK;
}

enum err look_store_progress(struct ctx *ctx, int64_t event_id)
{
    return db_exec(ctx,
                   "INSERT INTO signal_progress (id, event_id) VALUES (1, $1)"
                   " ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id",
                   ARGS(A(event_id)));
}

#define F(...) FIELD(struct look_case, __VA_ARGS__)
static const struct field case_fields[] = {
    F(session_id, "Session"),
    F(student_id, "Student"),
    F(other_session_id, "The other session"),
    F(client, "Mark of the client"),
    F(ways, "What the session asks for"),
    F(event_id, "Event"),
    F(other_event_id, "The other event"),
    F(at, "When"),
    F(other_at, "When the other"),
    F(overlapping, "The sessions overlap"),
    F(latitude, "Latitude"),
    F(longitude, "Longitude"),
    F(other_latitude, "Of the other room"),
    F(other_longitude, "Of the other room"),
    F(failed, "Failures in a row"),
};
#undef F
static const struct schema case_schema = SCHEMA(look_case, case_fields);

/* A student's own check-in, of the span. */
#define CHECKS_OF_SPAN " e.id > $1 AND e.id <= $2 AND e.kind = 'check' AND e.student_id IS NOT NULL"
/* Ways that a student goes through with a device of his or her own. */
#define OWN_DEVICE(e_) e_ ".method IN ('self', 'qr', 'pin')"

enum err look_shared(struct ctx *ctx, struct signal_span s, struct list *ret)
{
    return db_list(ctx, &case_schema, ret,
                   "SELECT DISTINCT e.session_id, e.client FROM attendance_event e"
                   " WHERE" CHECKS_OF_SPAN " AND e.client <> '' AND " OWN_DEVICE("e")
                   " AND EXISTS (SELECT 1 FROM attendance_event o"
                   " WHERE o.session_id = e.session_id AND o.client = e.client"
                   " AND o.student_id <> e.student_id AND o.kind = 'check' AND " OWN_DEVICE("o")
                   ") ORDER BY e.session_id, e.client",
                   ARGS(A(s.after), A(s.to)));
}

enum err look_travel(struct ctx *ctx, struct signal_span s, struct list *ret)
{
    return db_list(ctx, &case_schema, ret,
                   "SELECT e.student_id, e.session_id, o.session_id AS other_session_id,"
                   " e.id AS event_id, o.id AS other_event_id, e.occurred_at AS at,"
                   " o.occurred_at AS other_at,"
                   " CASE WHEN s.starts_at < p.ends_at AND p.starts_at < s.ends_at THEN 1 ELSE 0"
                   " END AS overlapping, r.latitude, r.longitude,"
                   " q.latitude AS other_latitude, q.longitude AS other_longitude"
                   " FROM attendance_event e JOIN attendance_event o"
                   " ON o.student_id = e.student_id AND o.session_id <> e.session_id"
                   " AND o.kind = 'check' AND o.occurred_at > e.occurred_at - $3"
                   " AND o.occurred_at < e.occurred_at + $3"
                   " JOIN session s ON s.id = e.session_id JOIN session p ON p.id = o.session_id"
                   " LEFT JOIN room r ON r.id = s.room_id LEFT JOIN room q ON q.id = p.room_id"
                   " WHERE" CHECKS_OF_SPAN
                   " AND ((s.starts_at < p.ends_at AND p.starts_at < s.ends_at)"
                   " OR (r.latitude IS NOT NULL AND q.latitude IS NOT NULL"
                   " AND s.room_id <> p.room_id)) ORDER BY e.id, o.id LIMIT 20000",
                   ARGS(A(s.after), A(s.to), A((int64_t)SIGNAL_TRAVEL_HOURS * 3600 * 1000)));
}

enum err look_twice(struct ctx *ctx, struct signal_span s, struct list *ret)
{
    return db_list(ctx, &case_schema, ret,
                   "SELECT DISTINCT e.session_id, e.student_id, s.ways FROM attendance_event e"
                   " JOIN session s ON s.id = e.session_id"
                   " JOIN attendance_event o ON o.session_id = e.session_id"
                   " AND o.student_id = e.student_id AND o.id <> e.id AND o.kind = 'check'"
                   " AND o.occurred_at >= e.occurred_at - $3"
                   " AND o.occurred_at <= e.occurred_at + $3"
                   " WHERE" CHECKS_OF_SPAN
                   " AND (o.method <> e.method OR o.device_id <> e.device_id"
                   " OR (o.client <> '' AND e.client <> '' AND o.client <> e.client))"
                   " ORDER BY e.session_id, e.student_id",
                   ARGS(A(s.after), A(s.to), A((int64_t)SIGNAL_TWICE_MIN * 60 * 1000)));
}

enum err look_foreign(struct ctx *ctx, struct signal_span s, struct list *ret)
{
    /* 2: FACT_SUBNET of presence/ways.h. Who may be elsewhere is not asked to be here. */
    return db_list(ctx, &case_schema, ret,
                   "SELECT e.session_id, e.student_id, max(e.id) AS event_id,"
                   " max(e.occurred_at) AS at FROM attendance_event e"
                   " JOIN session s ON s.id = e.session_id JOIN room r ON r.id = s.room_id"
                   " WHERE" CHECKS_OF_SPAN
                   " AND e.method IN ('qr', 'pin') AND (e.facts & 2) = 0"
                   " AND s.mode = 'in_person' AND r.network <> ''"
                   " GROUP BY e.session_id, e.student_id ORDER BY e.session_id, e.student_id",
                   ARGS(A(s.after), A(s.to)));
}

enum err look_skewed(struct ctx *ctx, struct signal_span s, struct list *ret)
{
    return db_list(ctx, &case_schema, ret,
                   "SELECT DISTINCT e.session_id, coalesce(e.client, '') AS client"
                   " FROM attendance_event e WHERE e.id > $1 AND e.id <= $2"
                   " AND e.client_at IS NOT NULL AND abs(e.occurred_at - e.client_at) > $3"
                   " ORDER BY e.session_id, 2",
                   ARGS(A(s.after), A(s.to), A((int64_t)SIGNAL_SKEW_MIN * 60 * 1000)));
}

enum err look_failed(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &case_schema, ret,
                   "SELECT f.student_id, f.in_a_row AS failed, f.last_at AS at,"
                   " coalesce((SELECT l.session_id FROM liveness_session l"
                   " WHERE l.student_id = f.student_id AND l.session_id IS NOT NULL"
                   " ORDER BY l.id DESC LIMIT 1), 0) AS session_id"
                   " FROM liveness_failure f WHERE f.in_a_row >= $1 AND f.last_at > $2"
                   " ORDER BY f.student_id",
                   ARGS(A((int64_t)SIGNAL_FAILURES), A(ctx->now - DAY_MS)));
}

#define F(...) FIELD(struct look_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(id, "Event"),
    F(session_id, "Session"),
    F(student_id, "Student"),
    F(device_id, "Device"),
    F(occurred_at, "When"),
    F(method, "How"),
    F(direction, "In or out"),
    F(client, "Client"),
    F(client_at, "By the client's clock"),
};
#undef F
static const struct schema event_schema = SCHEMA(look_event, event_fields);

#define SELECT_EVENT                                                                               \
    "SELECT e.id, e.session_id, e.student_id, e.device_id, e.occurred_at, e.method, e.direction,"  \
    " e.client, e.client_at FROM attendance_event e WHERE e.session_id = $1"
#define IN_TIME " ORDER BY e.occurred_at, e.id LIMIT 200"

enum err look_events_of_client(struct ctx *ctx, const struct look_case *c, struct list *ret)
{
    return db_list(ctx, &event_schema, ret,
                   SELECT_EVENT
                   " AND e.client = $2 AND e.kind = 'check'"
                   " AND e.student_id IS NOT NULL AND " OWN_DEVICE("e") IN_TIME,
                   ARGS(A(c->session_id), A(c->client)));
}

enum err look_events_of_student(struct ctx *ctx, const struct look_case *c, struct list *ret)
{
    return db_list(ctx, &event_schema, ret,
                   SELECT_EVENT " AND e.student_id = $2 AND e.kind = 'check'" IN_TIME,
                   ARGS(A(c->session_id), A(c->student_id)));
}

enum err look_events_skewed(struct ctx *ctx, const struct look_case *c, struct list *ret)
{
    return db_list(ctx, &event_schema, ret,
                   SELECT_EVENT
                   " AND coalesce(e.client, '') = $2 AND e.client_at IS NOT NULL"
                   " AND abs(e.occurred_at - e.client_at) > $3" IN_TIME,
                   ARGS(A(c->session_id), A(c->client), A((int64_t)SIGNAL_SKEW_MIN * 60 * 1000)));
}
