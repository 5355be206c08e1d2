/* SPDX-License-Identifier: MIT */
/* Sessions over HTTP: the timetable and the moves from state to state. */
#include "sessions/sessions_api.h"

#include "sessions/fields.h"
#include "sessions/sessions.h"

#define CLASH_DOC                                                                                  \
    "Plan it although trainer, room or group are taken; the clashes are told as warnings"
#define STATES ONE_OF("scheduled", "open", "closed", "confirmed", "cancelled")

static const struct field page_fields[] = PAGE_OUT(session_schema);
static const struct schema session_page = SCHEMA_NAMED("session_page", page, page_fields);

#define F(...) FIELD(struct session_filter, __VA_ARGS__)
static const struct field filter_fields[] = {
    PAGE_FIELDS(struct session_filter),
    PAGE_FIELD(struct session_filter, sort, "Order of the list",
               .one_of = ONE_OF("starts_at", "-starts_at"), .fallback = "starts_at",
               .example = "\"starts_at\""),
    F(from, "Ending after this time", .in = IN_QUERY, .format = "date-time",
      .example = "\"2026-02-03T00:00:00Z\""),
    F(to, "Starting before this time", .in = IN_QUERY, .format = "date-time",
      .example = "\"2026-02-04T00:00:00Z\""),
    F(state, "In this state", .in = IN_QUERY, .one_of = STATES, .example = "\"open\""),
    F(group_id, "With this group", .in = IN_QUERY, .min = 1, .example = "3"),
    F(trainer_id, "Given by this trainer", .in = IN_QUERY, .min = 1, .example = "2"),
    F(module_id, "Of this module", .in = IN_QUERY, .min = 1, .example = "4"),
    F(room_id, "In this room", .in = IN_QUERY, .min = 1, .example = "1"),
    F(series_id, "Of this weekly series", .in = IN_QUERY, .min = 1, .example = "5"),
};
#undef F
static const struct schema filter_in = SCHEMA_NAMED("session_list", session_filter, filter_fields);

#define F(...) FIELD(struct session_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(module_id, "Module taught", .required = true, .min = 1, .example = "4"),
    F(trainer_id, "Trainer who gives it", .required = true, .min = 1, .example = "2"),
    F(group_ids, "Groups expected", .required = true, .min = 1, .max = 20, .example = "[3]"),
    F(room_id, "Room", .min = 1, .example = "1"),
    TIME_FIELDS_NEW(struct session_new),
    KIND_FIELDS_NEW(struct session_new),
    F(open_before_min, "Check-in opens so many minutes before the start", .max = 720,
      .example = "15"),
    F(late_after_min, "Late after so many minutes", .max = 720, .example = "10"),
    F(absent_after_min, "Absent after so many minutes", .min = 1, .max = 720, .example = "30"),
    F(ways, "What counts as a check-in; the school's policy when absent", .min = 1, .max = 200,
      .example = "\"kiosk|qr+subnet\""),
    F(check_out, "Leaving is checked too", .example = "false"),
    F(min_minutes, "Minutes to be there to count as present; 0: no such rule", .max = 1440,
      .example = "0"),
    F(allow_clash, CLASH_DOC, .example = "false"),
};
#undef F
static const struct schema session_new = SCHEMA(session_new, new_fields);

#define F(...) FIELD(struct session_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(module_id, "Module taught", .min = 1, .no_null = true, .example = "4"),
    F(trainer_id, "Trainer who gives it", .min = 1, .no_null = true, .example = "2"),
    F(group_ids, "Groups expected", .min = 1, .max = 20, .example = "[3]"),
    F(room_id, "Room; null for none", .min = 1, .example = "1"),
    TIME_FIELDS_CHANGE(struct session_change),
    KIND_FIELDS_CHANGE(struct session_change),
    F(open_before_min, "Check-in opens so many minutes before the start", .max = 720,
      .no_null = true, .example = "15"),
    F(late_after_min, "Late after so many minutes", .max = 720, .no_null = true, .example = "10"),
    F(absent_after_min, "Absent after so many minutes", .min = 1, .max = 720, .no_null = true,
      .example = "30"),
    F(ways, "What counts as a check-in", .min = 1, .max = 200, .no_null = true,
      .example = "\"any\""),
    F(check_out, "Leaving is checked too", .no_null = true, .example = "false"),
    F(min_minutes, "Minutes to be there to count as present", .max = 1440, .no_null = true,
      .example = "0"),
    F(allow_clash, CLASH_DOC, .example = "false"),
};
#undef F
static const struct schema session_change = SCHEMA(session_change, change_fields);

struct session_ref {
    int64_t session_id;
};
static const struct field ref_fields[] = {
    FIELD(struct session_ref, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
};
static const struct schema session_ref = SCHEMA(session_ref, ref_fields);

struct session_reason {
    int64_t session_id;
    struct str reason;
};
static const struct field reason_fields[] = {
    FIELD(struct session_reason, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    FIELD(struct session_reason, reason, "Why", .required = true, .min = 1, .max = 500,
          .example = "\"Two students were marked by mistake\""),
};
static const struct schema session_reason = SCHEMA(session_reason, reason_fields);

#define F(...) FIELD(struct session_substitute, __VA_ARGS__)
static const struct field substitute_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(trainer_id, "Who gives it instead", .required = true, .min = 1, .example = "2"),
    F(reason, "Why, for those concerned", .required = true, .min = 1, .max = 500,
      .example = "\"Illness\""),
    F(allow_clash, CLASH_DOC, .example = "false"),
};
#undef F
static const struct schema session_substitute_in = SCHEMA(session_substitute, substitute_fields);

static enum err tell_version(struct req *req, enum err e)
{
    const struct session *out = req->out;

    if (!e)
        req->reply->version = out->version;
    return e;
}

static enum err list(struct req *req)
{
    return session_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return tell_version(req, session_create(req->ctx, req->in, req->out));
}

static enum err get(struct req *req)
{
    const struct session_ref *in = req->in;

    return tell_version(req, session_get_for(req->ctx, in->session_id, req->out));
}

static enum err change(struct req *req)
{
    return tell_version(req, session_update(req->ctx, req->if_match, req->in, req->out));
}

static enum err move_because(struct req *req, enum session_move how)
{
    const struct session_reason *in = req->in;

    return tell_version(req, session_move(req->ctx, in->session_id, how, in->reason, req->out));
}

static enum err cancel(struct req *req)
{
    return move_because(req, SESSION_CANCEL);
}

static enum err substitute(struct req *req)
{
    return tell_version(req, session_substitute(req->ctx, req->in, req->out));
}

static enum err substitute_end(struct req *req)
{
    const struct session_ref *in = req->in;

    return tell_version(req, session_substitute_end(req->ctx, in->session_id, req->out));
}

static const struct route routes[] = {
    {
        .id = "session_list",
        .method = HTTP_GET,
        .path = "/api/v1/sessions",
        .handler = list,
        .in = &filter_in,
        .out = &session_page,
        .need = PERM_SESSIONS_READ,
        .status = 200,
        .summary = "List sessions by start",
        .description = "A trainer sees the own sessions, a student those of the own groups.",
    },
    {
        .id = "session_create",
        .method = HTTP_POST,
        .path = "/api/v1/sessions",
        .handler = create,
        .in = &session_new,
        .out = &session_schema,
        .need = PERM_SESSIONS_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_TIMETABLE_CLASH),
        .summary = "Plan a session",
        .description = "Refused when trainer, room or a group are taken at that time: each clash "
                       "is an error of `/trainer_id`, `/room_id` or `/group_ids/N` with the code "
                       "`clash` and \"session NUMBER, START/END: MODULE\".",
    },
    {
        .id = "session_get",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}",
        .handler = get,
        .in = &session_ref,
        .out = &session_schema,
        .need = PERM_SESSIONS_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a session",
        .versioned = true,
    },
    {
        .id = "session_change",
        .method = HTTP_PATCH,
        .path = "/api/v1/sessions/{session_id}",
        .handler = change,
        .in = &session_change,
        .out = &session_schema,
        .need = PERM_SESSIONS_MANAGE,
        .status = 200,
        .errors =
            ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_VERSION_MISMATCH, ERR_TIMETABLE_CLASH),
        .summary = "Change a scheduled session",
        .description = "One of a series is detached from it. Who is concerned is told of a new "
                       "time, room or trainer.",
        .versioned = true,
    },
    {
        .id = "session_cancel",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/cancel",
        .handler = cancel,
        .in = &session_reason,
        .out = &session_schema,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE),
        .summary = "Cancel a session",
        .description = "Trainers, students and their guardians are told.",
    },
    {
        .id = "session_substitute",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/substitute",
        .handler = substitute,
        .in = &session_substitute_in,
        .out = &session_schema,
        .need = PERM_SESSIONS_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_TIMETABLE_CLASH),
        .summary = "Let another trainer give it",
        .description = "The planned trainer stays known and still sees the session.",
    },
    {
        .id = "session_substitute_end",
        .method = HTTP_DELETE,
        .path = "/api/v1/sessions/{session_id}/substitute",
        .handler = substitute_end,
        .in = &session_ref,
        .out = &session_schema,
        .need = PERM_SESSIONS_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_TIMETABLE_CLASH),
        .summary = "Give it back to the planned trainer",
    },
};

const struct route_table sessions_api =
    ROUTE_TABLE("sessions", "The timetable and the states of a session", routes);
