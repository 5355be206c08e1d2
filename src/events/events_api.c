/* SPDX-License-Identifier: MIT */
/* Live events over HTTP (text/event-stream). */
#include "events/events_api.h"

#include "events/events.h"
#include "realtime/sse.h"

enum { BACKLOG_MAX = 1000 };

static enum err add_missed(struct req *req, struct sse *s)
{
    struct list missed = {0};
    int64_t first = 0;
    int64_t last = 0;
    enum err e = events_span(req->ctx, &first, &last);

    e = e ? e : events_after(req->ctx, req->last_event_id, &missed);
    if (e)
        return e;
    /* More than is sent at once, no longer kept, or a number that was never given out. */
    if (missed.n == BACKLOG_MAX || req->last_event_id + 1 < first || req->last_event_id > last) {
        sse_reset(s, last);
        return ERR_OK;
    }
    for (size_t i = 0; i < missed.n; i++)
        sse_backlog(s, (const struct event *)missed.at + i);
    return ERR_OK;
}

static enum err stream(struct req *req)
{
    struct sse *s = sse_open(req->ctx->services->hub, &req->ctx->actor, req->last_event_id);
    enum err e = req->last_event_id ? add_missed(req, s) : ERR_OK;

    if (e)
        sse_drop(s);
    else
        req->stream = s;
    return e;
}

static const struct route routes[] = {
    {
        .id = "events_stream",
        .method = HTTP_GET,
        .kind = ROUTE_SSE,
        .path = "/api/v1/events",
        .handler = stream,
        .need = PERM_EVENTS_READ,
        .status = 200,
        .summary = "Follow what happens, live",
        .description = "Events: `attendance.marked`, `attendance.changed`, `session.changed`, "
                       "`session.rescheduled`, `session.cancelled`, `session.substituted`, "
                       "`timetable.changed`, `session_request.changed`, "
                       "`enrolment.changed`, `enrolment.ageing`, `duplicate.changed`, "
                       "`dispute.opened`, `dispute.decided`, `register.not_taken`, "
                       "`register.handed_over`, `signal.found`, "
                       "`import.progress`, `justification.changed`, `alert.opened`, "
                       "`alert.changed`; only those that the caller may "
                       "see. Resumes after "
                       "`Last-Event-ID`; `reset` says that too much was missed to be told.",
    },
};

const struct route_table events_api = ROUTE_TABLE("events", "Live events", routes);
