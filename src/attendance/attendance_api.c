/* SPDX-License-Identifier: MIT */
/* The register over HTTP: reading, marking by hand and by face, closing. */
#include "attendance/attendance_api.h"

#include "attendance/attendance.h"
#include "attendance/ledger.h"
#include "attendance/recognise.h"

#define STATUSES ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote")

enum { PHOTO_MAX = 8 << 20, BULK_MAX = 1000 };

static const struct field session_fields[] = {
    FIELD(struct attendance_mark, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
};
static const struct schema session_ref =
    SCHEMA_NAMED("attendance_session", attendance_mark, session_fields);

static const struct field student_fields[] = {
    FIELD(struct attendance_mark, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    FIELD(struct attendance_mark, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
};
static const struct schema student_ref =
    SCHEMA_NAMED("attendance_student", attendance_mark, student_fields);

#define F(...) FIELD(struct attendance_mark, __VA_ARGS__)
static const struct field mark_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    F(status, "The status to set", .required = true, .one_of = STATUSES, .example = "\"present\""),
    F(code, "A status code of that category; its default when absent", .max = 8, .no_null = true,
      .example = "\"P\""),
    F(note, "Why, for a correction", .max = 500, .example = "\"came with a doctor's note\""),
};
#undef F
static const struct schema mark_in = SCHEMA_NAMED("attendance_mark", attendance_mark, mark_fields);

#define F(...) FIELD(struct attendance_bulk, __VA_ARGS__)
static const struct field bulk_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(status, "The status to set", .required = true, .one_of = STATUSES, .example = "\"present\""),
    F(code, "A status code of that category; its default when absent", .max = 8, .no_null = true,
      .example = "\"P\""),
    F(note, "Why", .max = 500, .example = "\"outing\""),
    F(student_ids, "These students", .max = BULK_MAX, .example = "[7, 8]"),
    F(all_but, "Everybody expected but these; [] for all", .max = BULK_MAX, .example = "[9]"),
    F(only_unmarked, "Leave alone who is marked already", .example = "false"),
};
#undef F
static const struct schema bulk_in = SCHEMA(attendance_bulk, bulk_fields);

struct reopen_in {
    int64_t session_id;
    struct str reason;
};
static const struct field reopen_fields[] = {
    FIELD(struct reopen_in, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    FIELD(struct reopen_in, reason, "Why", .required = true, .min = 1, .max = 500,
          .example = "\"Two students were marked by mistake\""),
};
static const struct schema reopen_in = SCHEMA_NAMED("register_reopen", reopen_in, reopen_fields);

struct history_in {
    struct page_query page;
    int64_t session_id;
};
static const struct field history_fields[] = {
    PAGE_FIELDS(struct history_in),
    FIELD(struct history_in, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
};
static const struct schema history_in = SCHEMA_NAMED("session_history", history_in, history_fields);
static const struct field history_page_fields[] = PAGE_OUT(session_step_schema);
static const struct schema history_page =
    SCHEMA_NAMED("session_step_page", page, history_page_fields);

struct verify_in {
    int64_t session_id;
};
static const struct field verify_fields[] = {
    FIELD(struct verify_in, session_id, "Session", .in = IN_QUERY, .required = true, .min = 1,
          .example = "12"),
};
static const struct schema verify_in =
    SCHEMA_NAMED("ledger_verification", verify_in, verify_fields);

struct face_in {
    int64_t session_id;
    struct file photo;
    bool single;
};
#define F(...) FIELD(struct face_in, __VA_ARGS__)
static const struct field face_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(photo, "JPEG, PNG or WebP, at most 8 MiB and 40 megapixels", .required = true,
      .format = "binary", .min = 1, .max = PHOTO_MAX),
    F(single, "Exactly one face is expected, and it must match", .example = "false"),
};
#undef F
static const struct schema face_in = SCHEMA_NAMED("attendance_face", face_in, face_fields);

struct entries_out {
    struct list items;
};
static const struct field entries_fields[] = {
    FIELD(struct entries_out, items, "Events, oldest first", .required = true,
          .items = &attendance_entry_schema),
};
static const struct schema entries_out =
    SCHEMA_NAMED("attendance_entries", entries_out, entries_fields);

static const struct field days_fields[] = PAGE_OUT(attendance_day_schema);
static const struct schema days_out = SCHEMA_NAMED("attendance_days", page, days_fields);

#define SPAN                                                                                       \
    FIELD(struct attendance_span, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"), \
        FIELD(struct attendance_span, from, "Sessions starting at or after this time",             \
              .in = IN_QUERY, .format = "date-time", .example = "\"2026-01-01T00:00:00Z\""),       \
        FIELD(struct attendance_span, to, "Sessions starting before this time", .in = IN_QUERY,    \
              .format = "date-time", .example = "\"2026-07-01T00:00:00Z\"")

static const struct field span_fields[] = {
    PAGE_FIELDS(struct attendance_span),
    SPAN,
    FIELD(struct attendance_span, status, "Only with this status", .in = IN_QUERY,
          .one_of = ONE_OF("unmarked", "present", "late", "partial", "left_early", "excused",
                           "absent", "remote"),
          .example = "\"absent\""),
    FIELD(struct attendance_span, module_id, "Only of this module", .in = IN_QUERY, .min = 1,
          .example = "2"),
};
static const struct schema span_in = SCHEMA_NAMED("attendance_span", attendance_span, span_fields);
static const struct field sum_fields[] = {SPAN};
static const struct schema sum_in = SCHEMA_NAMED("attendance_sum", attendance_span, sum_fields);

static enum err get_register(struct req *req)
{
    const struct attendance_mark *in = req->in;

    return attendance_register_get(req->ctx, in->session_id, req->out);
}

static enum err set(struct req *req)
{
    return attendance_set(req->ctx, req->in, req->if_match, req->out);
}

static enum err undo(struct req *req)
{
    const struct attendance_mark *in = req->in;

    return attendance_undo(req->ctx, in->session_id, in->student_id, req->out);
}

static enum err events(struct req *req)
{
    const struct attendance_mark *in = req->in;
    struct entries_out *out = req->out;

    return attendance_events(req->ctx, in->session_id, in->student_id, &out->items);
}

static enum err move(struct req *req, int64_t session_id, enum session_move how, struct str reason)
{
    struct session *out = req->out;
    enum err e = attendance_move(req->ctx, session_id, how, reason, out);

    if (!e)
        req->reply->version = out->version;
    return e;
}

static enum err open_register(struct req *req)
{
    const struct attendance_mark *in = req->in;

    return move(req, in->session_id, SESSION_OPEN, (struct str){"", 0});
}

static enum err close_register(struct req *req)
{
    const struct attendance_mark *in = req->in;

    return move(req, in->session_id, SESSION_CLOSE, (struct str){"", 0});
}

static enum err confirm(struct req *req)
{
    const struct attendance_mark *in = req->in;

    return move(req, in->session_id, SESSION_CONFIRM, (struct str){"", 0});
}

static enum err reopen(struct req *req)
{
    const struct reopen_in *in = req->in;

    return move(req, in->session_id, SESSION_REOPEN, in->reason);
}

static enum err set_many(struct req *req)
{
    return attendance_set_many(req->ctx, req->in, req->out);
}

static enum err history(struct req *req)
{
    const struct history_in *in = req->in;

    return attendance_history(req->ctx, in->session_id, &in->page, req->out);
}

static enum err verify(struct req *req)
{
    const struct verify_in *in = req->in;

    const struct ledger_wish wish = {.session_id = in->session_id};

    return ledger_verify(req->ctx, &wish, req->out);
}

static enum err face(struct req *req)
{
    const struct face_in *in = req->in;

    return attendance_recognise(req->ctx, in->session_id, in->photo.data, in->single, req->out);
}

static enum err days(struct req *req)
{
    return attendance_of_student(req->ctx, req->in, req->out);
}

static enum err summary(struct req *req)
{
    return attendance_sum(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "register_get",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/register",
        .handler = get_register,
        .in = &session_ref,
        .out = &attendance_register_schema,
        .need = PERM_ATTENDANCE_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read the register of a session",
        .description = "Every expected student, marked or not; a student sees the own record only.",
    },
    {
        .id = "session_open",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/open",
        .handler = open_register,
        .in = &session_ref,
        .out = &session_schema,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE),
        .summary = "Open the register",
        .description = "Possible from `opens_at` on.",
    },
    {
        .id = "register_close",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/close",
        .handler = close_register,
        .in = &session_ref,
        .out = &session_schema,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE),
        .summary = "Close the register and mark the rest absent",
    },
    {
        .id = "session_confirm",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/confirm",
        .handler = confirm,
        .in = &session_ref,
        .out = &session_schema,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE),
        .summary = "Confirm the closed register, which locks it",
    },
    {
        .id = "session_reopen",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/reopen",
        .handler = reopen,
        .in = &reopen_in,
        .out = &session_schema,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE),
        .summary = "Reopen a closed or confirmed register",
        .description = "What came into a confirmed register meanwhile counts from then on.",
    },
    {
        .id = "attendance_bulk",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/attendance/bulk",
        .handler = set_many,
        .in = &bulk_in,
        .out = &attendance_bulk_answer_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN),
        .summary = "Mark many students by hand at once",
        .description =
            "Either those of `student_ids` or everybody expected but those of `all_but`. "
            "One transaction; asked twice it changes once.",
    },
    {
        .id = "session_history",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/history",
        .handler = history,
        .in = &history_in,
        .out = &history_page,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "Read what happened to a session's register, the latest first",
        .description = "Opened, closed, confirmed, reopened, and once there is something in it: "
                       "cancelled, restored, rescheduled. From the ledger.",
    },
    {
        .id = "ledger_verification",
        .method = HTTP_GET,
        .path = "/api/v1/ledger/verification",
        .handler = verify,
        .in = &verify_in,
        .out = &ledger_report_schema,
        .need = PERM_SYSTEM_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Check the ledger of a session",
        .description = "Computes every hash anew and names the first link that does not hold; then "
                       "derives every record anew and names the first that does not follow from "
                       "the events. For all sessions: `smartpresence ledger verify`.",
    },
    {
        .id = "attendance_set",
        .method = HTTP_PUT,
        .path = "/api/v1/sessions/{session_id}/attendance/{student_id}",
        .handler = set,
        .in = &mark_in,
        .out = &attendance_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_VERSION_MISMATCH),
        .versioned = true,
        .last_wins = true,
        .summary = "Mark a student by hand, or correct a mark",
        .description = "Both values, who and why stay in the events. Possible while the register "
                       "is open or closed, not once it is confirmed.",
    },
    {
        .id = "attendance_undo",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/attendance/{student_id}/undo",
        .handler = undo,
        .in = &student_ref,
        .out = &attendance_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN),
        .summary = "Take the last change of a mark back",
    },
    {
        .id = "attendance_events",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/attendance/{student_id}/events",
        .handler = events,
        .in = &student_ref,
        .out = &entries_out,
        .need = PERM_ATTENDANCE_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read everything that happened to a mark",
        .description = "All of them: a mark changes a few times at most.",
    },
    {
        .id = "attendance_mark_face",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/attendance/face",
        .handler = face,
        .in = &face_in,
        .out = &recognised_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_BIOMETRICS_OFF,
                         ERR_MODELS_UNAVAILABLE, ERR_CONSENT_REQUIRED, ERR_IMAGE_INVALID,
                         ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA, ERR_FACE_NONE, ERR_FACE_MANY,
                         ERR_FACE_QUALITY, ERR_FACE_UNKNOWN, ERR_FACE_AMBIGUOUS),
        .summary = "Mark the students whose faces are in a photo",
        .description = "Only the session's own enrolled students are searched. A student who is "
                       "marked already stays as marked. Without `single` a picture without a "
                       "face, and a session in which nobody consented, are outcomes.",
        .body_max = PHOTO_MAX + (64 << 10),
        .consumes = "multipart/form-data",
    },
    {
        .id = "student_attendance",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/attendance",
        .handler = days,
        .in = &span_in,
        .out = &days_out,
        .need = PERM_ATTENDANCE_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "List a student's sessions with their status, latest first",
        .description = "A trainer sees the own sessions only.",
    },
    {
        .id = "student_attendance_summary",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/attendance/summary",
        .handler = summary,
        .in = &sum_in,
        .out = &attendance_summary_schema,
        .need = PERM_ATTENDANCE_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Count a student's attendance",
        .description = "A trainer's count is of the own sessions only.",
    },
};

const struct route_table attendance_api =
    ROUTE_TABLE("attendance", "The register and its marks", routes);
