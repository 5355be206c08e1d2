/* SPDX-License-Identifier: MIT */
/* Session requests over HTTP. */
#include "timetable/requests_api.h"

#include "sessions/fields.h"
#include "timetable/requests.h"

#define STATES ONE_OF("pending", "approved", "rejected", "withdrawn")

static const struct field page_fields[] = PAGE_OUT(request_schema);
static const struct schema request_page = SCHEMA_NAMED("session_request_page", page, page_fields);

#define F(...) FIELD(struct request_filter, __VA_ARGS__)
static const struct field filter_fields[] = {
    PAGE_FIELDS(struct request_filter),
    PAGE_FIELD(struct request_filter, sort, "Order of the list",
               .one_of = ONE_OF("created_at", "-created_at"), .fallback = "-created_at",
               .example = "\"-created_at\""),
    F(state, "In this state", .in = IN_QUERY, .one_of = STATES, .example = "\"pending\""),
    F(trainer_id, "Of this trainer", .in = IN_QUERY, .min = 1, .example = "2"),
};
#undef F
static const struct schema filter_in =
    SCHEMA_NAMED("session_request_list", request_filter, filter_fields);

#define F(...) FIELD(struct request_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(module_id, "Module", .required = true, .min = 1, .example = "4"),
    F(group_ids, "Groups", .required = true, .min = 1, .max = 20, .example = "[3]"),
    F(room_id, "Room", .min = 1, .example = "1"),
    TIME_FIELDS_NEW(struct request_new),
    F(message, "A word to who decides", .max = 500, .example = "\"To catch up on routing\""),
    KIND_FIELDS_NEW(struct request_new),
};
#undef F
static const struct schema request_new =
    SCHEMA_NAMED("session_request_new", request_new, new_fields);

#define F(...) FIELD(struct request_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(request_id, "Request", .in = IN_PATH, .min = 1, .example = "7"),
    F(module_id, "Module", .min = 1, .no_null = true, .example = "4"),
    F(group_ids, "Groups", .min = 1, .max = 20, .example = "[3]"),
    F(room_id, "Room; null for none", .min = 1, .example = "1"),
    TIME_FIELDS_CHANGE(struct request_change),
    F(message, "A word to who decides", .max = 500, .no_null = true,
      .example = "\"To catch up on routing\""),
    KIND_FIELDS_CHANGE(struct request_change),
    F(withdraw, "Take the request back", .example = "false"),
};
#undef F
static const struct schema request_change =
    SCHEMA_NAMED("session_request_change", request_change, change_fields);

struct request_ref {
    int64_t request_id;
};
static const struct field ref_fields[] = {
    FIELD(struct request_ref, request_id, "Request", .in = IN_PATH, .min = 1, .example = "7"),
};
static const struct schema request_ref =
    SCHEMA_NAMED("session_request_ref", request_ref, ref_fields);

#define SEEN                                                                                       \
    "The version that is decided on: 412 when the trainer has changed it since; absent: as it is " \
    "now"

static const struct field answer_fields[] = {
    FIELD(struct request_answer, request_id, "Request", .in = IN_PATH, .min = 1, .example = "7"),
    FIELD(struct request_answer, version, SEEN, .no_null = true, .min = 1, .example = "1"),
    FIELD(struct request_answer, allow_clash, "Plan it although trainer, room or group are taken",
          .example = "false"),
};
static const struct schema request_answer =
    SCHEMA_NAMED("session_request_answer", request_answer, answer_fields);

static const struct field refusal_fields[] = {
    FIELD(struct request_refusal, request_id, "Request", .in = IN_PATH, .min = 1, .example = "7"),
    FIELD(struct request_refusal, version, SEEN, .no_null = true, .min = 1, .example = "1"),
    FIELD(struct request_refusal, reason, "Why, for the trainer", .required = true, .min = 1,
          .max = 500, .example = "\"The lab is closed that week\""),
};
static const struct schema request_refusal =
    SCHEMA_NAMED("session_request_refusal", request_refusal, refusal_fields);

static enum err list(struct req *req)
{
    return request_list(req->ctx, req->in, req->out);
}

static enum err tell_version(struct req *req, enum err e)
{
    const struct request *out = req->out;

    if (!e)
        req->reply->version = out->version;
    return e;
}

static enum err create(struct req *req)
{
    return tell_version(req, request_create(req->ctx, req->in, req->out));
}

static enum err get(struct req *req)
{
    const struct request_ref *in = req->in;

    return tell_version(req, request_get_for(req->ctx, in->request_id, req->out));
}

static enum err change(struct req *req)
{
    return tell_version(req, request_update(req->ctx, req->if_match, req->in, req->out));
}

static enum err approve(struct req *req)
{
    return tell_version(req, request_approve(req->ctx, req->in, req->out));
}

static enum err reject(struct req *req)
{
    return tell_version(req, request_reject(req->ctx, req->in, req->out));
}

static const struct route routes[] = {
    {
        .id = "session_request_list",
        .method = HTTP_GET,
        .path = "/api/v1/session-requests",
        .handler = list,
        .in = &filter_in,
        .out = &request_page,
        .need = PERM_REQUESTS_READ,
        .status = 200,
        .summary = "List session requests, the newest first",
        .description = "A trainer sees the own ones.",
    },
    {
        .id = "session_request_create",
        .method = HTTP_POST,
        .path = "/api/v1/session-requests",
        .handler = create,
        .in = &request_new,
        .out = &request_schema,
        .need = PERM_REQUESTS_MAKE,
        .status = 201,
        .errors = ERRORS(ERR_TOO_MANY_REQUESTS),
        .summary = "Ask for a session",
    },
    {
        .id = "session_request_get",
        .method = HTTP_GET,
        .path = "/api/v1/session-requests/{request_id}",
        .handler = get,
        .in = &request_ref,
        .out = &request_schema,
        .need = PERM_REQUESTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a session request",
        .versioned = true,
    },
    {
        .id = "session_request_change",
        .method = HTTP_PATCH,
        .path = "/api/v1/session-requests/{request_id}",
        .handler = change,
        .in = &request_change,
        .out = &request_schema,
        .need = PERM_REQUESTS_MAKE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Change or withdraw a pending request",
        .versioned = true,
    },
    {
        .id = "session_request_approve",
        .method = HTTP_POST,
        .path = "/api/v1/session-requests/{request_id}/approve",
        .handler = approve,
        .in = &request_answer,
        .out = &request_schema,
        .need = PERM_REQUESTS_DECIDE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH, ERR_TIMETABLE_CLASH),
        .summary = "Approve a request: the session is planned",
    },
    {
        .id = "session_request_reject",
        .method = HTTP_POST,
        .path = "/api/v1/session-requests/{request_id}/reject",
        .handler = reject,
        .in = &request_refusal,
        .out = &request_schema,
        .need = PERM_REQUESTS_DECIDE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Reject a request, with a reason",
    },
};

const struct route_table session_requests_api =
    ROUTE_TABLE("session-requests", "What trainers ask for and admins decide", routes);
