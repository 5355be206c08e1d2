/* SPDX-License-Identifier: MIT */
/* Lists of marks over HTTP. */
#include "check_in/marks_import_api.h"

#include "check_in/marks_import.h"

#define F(...) FIELD(struct marks_wish, __VA_ARGS__)
static const struct field wish_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(list,
      "CSV in UTF-8, comma or semicolon, with a header: student_number and status or at, and note. "
      "A status is the school's letter or label or present, late, …; a time is 08:28 in the "
      "session's zone, 2026-09-14 08:28, or RFC 3339",
      .required = true, .format = "binary", .min = 1, .max = MARKS_BYTES_MAX),
    F(dry_run, "true (when absent): only look at it; false: apply it", .example = "true"),
    F(partial, "true: apply the good lines although others are bad", .example = "false"),
};
#undef F
static const struct schema wish_in = SCHEMA(marks_wish, wish_fields);

static enum err import(struct req *req)
{
    return marks_import(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "attendance_import",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/attendance/import",
        .handler = import,
        .in = &wish_in,
        .out = &marks_report_schema,
        .need = PERM_MARKS_IMPORT,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_VERSION_MISMATCH),
        .summary = "Fill a register from a list",
        .description = "Nothing is applied unless every line is good, or `partial` says so; then "
                       "all of it at once. A list that is sent twice changes once. `applied` says "
                       "whether it is in the register; errors name their lines.",
        .body_max = MARKS_BYTES_MAX + (64 << 10),
        .consumes = "multipart/form-data",
    },
};

const struct route_table marks_import_api =
    ROUTE_TABLE("check-in", "Rotating codes, PINs, and lists of marks", routes);
