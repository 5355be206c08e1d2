/* SPDX-License-Identifier: MIT */
/* Corrections of marks by a face over HTTP. */
#include "attendance/corrections_api.h"

#include "attendance/corrections.h"

#define F(...) FIELD(struct attendance_denial, __VA_ARGS__)
static const struct field denial_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(student_id, "Student who was named", .in = IN_PATH, .min = 1, .example = "7"),
    F(actual_student_id, "Who it was, if the school knows", .min = 1, .no_null = true,
      .example = "9"),
};
#undef F
static const struct schema denial_in =
    SCHEMA_NAMED("attendance_denial", attendance_denial, denial_fields);

static enum err not_me(struct req *req)
{
    return attendance_not_me(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "attendance_not_me",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/attendance/{student_id}/not-me",
        .handler = not_me,
        .in = &denial_in,
        .out = &attendance_schema,
        .need = PERM_ATTENDANCE_DENY,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN),
        .summary = "Say that a mark by a face was the wrong person's",
        .description = "Takes the mark back and asks more of that face from then on. A student "
                       "speaks of the own mark only. Said twice it counts once.",
    },
};

const struct route_table corrections_api =
    ROUTE_TABLE("corrections", "Corrections of marks by a face", routes);
