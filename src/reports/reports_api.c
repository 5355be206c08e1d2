/* SPDX-License-Identifier: MIT */
/* Reports over HTTP, as JSON and as CSV. */
#include "reports/reports_api.h"

#include "reports/reports.h"

#define SPAN                                                                                       \
    F(from, "Sessions starting at or after this time; `term_days` before `to` when absent",        \
      .in = IN_QUERY, .format = "date-time", .example = "\"2026-09-07T00:00:00Z\""),               \
        F(to, "Sessions starting before this time; now when absent", .in = IN_QUERY,               \
          .format = "date-time", .example = "\"2026-12-20T00:00:00Z\"")
#define BOM                                                                                        \
    F(bom, "Begin with the mark by which spreadsheets know UTF-8", .in = IN_QUERY,                 \
      .fallback = "false", .example = "true")
#define ID(name_, doc_, example_)                                                                  \
    {                                                                                              \
        .name = name_, .doc = doc_, .offset = offsetof(struct report_span, id), .type = FIELD_I64, \
        .in = IN_PATH, .required = true, .min = 1, .example = example_                             \
    }

#define F(...) FIELD(struct report_span, __VA_ARGS__)
static const struct field group_fields[] = {ID("group_id", "Group", "2"), SPAN};
static const struct field student_fields[] = {ID("student_id", "Student", "31"), SPAN};
static const struct field group_csv_fields[] = {ID("group_id", "Group", "2"), SPAN, BOM};
static const struct field register_csv_fields[] = {ID("session_id", "Session", "12"), BOM};
#undef F
static const struct schema group_in = SCHEMA_NAMED("report_of_group", report_span, group_fields);
static const struct schema student_in =
    SCHEMA_NAMED("report_of_student", report_span, student_fields);
static const struct schema group_csv_in =
    SCHEMA_NAMED("report_of_group_csv", report_span, group_csv_fields);
static const struct schema register_csv_in =
    SCHEMA_NAMED("report_of_register_csv", report_span, register_csv_fields);

#define F(...) FIELD(struct report_day_query, __VA_ARGS__)
static const struct field day_fields[] = {
    F(day, "In the school's zone; today when absent", .in = IN_QUERY, .format = "date", .max = 10,
      .example = "\"2026-11-23\""),
    F(limit, "Sessions in one answer", .in = IN_QUERY, .min = 1, .max = REPORT_SESSIONS_MAX,
      .fallback = "3000", .example = "200"),
    F(cursor, "The next_cursor of the part before", .in = IN_QUERY, .max = 2000,
      .example = "\"cmVwb3J0\""),
};
#undef F
static const struct schema day_in = SCHEMA(report_day_query, day_fields);

static enum err group(struct req *req)
{
    return report_of_group(req->ctx, req->in, req->out);
}

static enum err group_halves(struct req *req)
{
    return report_halves_of_group(req->ctx, req->in, req->out);
}

static enum err student(struct req *req)
{
    return report_of_student(req->ctx, req->in, req->out);
}

static enum err day(struct req *req)
{
    return report_of_day(req->ctx, req->in, req->out);
}

static enum err as_csv(struct req *req, enum err e, const char *what)
{
    const struct report_span *in = req->in;

    if (e)
        return e;
    req->reply->raw_type = "text/csv; charset=utf-8";
    reply_header(req, "Content-Disposition",
                 arena_printf(&req->ctx->arena, "attachment; filename=\"%s-%lld.csv\"", what,
                              (long long)in->id));
    return ERR_OK;
}

static enum err group_csv(struct req *req)
{
    return as_csv(req, report_group_csv(req->ctx, req->in, &req->reply->raw), "group");
}

static enum err register_csv(struct req *req)
{
    return as_csv(req, report_register_csv(req->ctx, req->in, &req->reply->raw), "register");
}

static const struct route routes[] = {
    {
        .id = "report_group",
        .method = HTTP_GET,
        .path = "/api/v1/reports/groups/{group_id}",
        .handler = group,
        .in = &group_in,
        .out = &report_group_schema,
        .need = PERM_REPORTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "Count the attendance of a group's students",
        .description = "Each student who was in the group in that time, and all together. A "
                       "trainer's figures are of the own sessions only.",
    },
    {
        .id = "report_group_halves",
        .method = HTTP_GET,
        .path = "/api/v1/reports/groups/{group_id}/half-days",
        .handler = group_halves,
        .in = &group_in,
        .out = &report_group_halves_schema,
        .need = PERM_REPORTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "Count the half-days of a group's students",
        .description = "As French registers count absences: a half-day with an unjustified absence "
                       "in one of its sessions is absent. The day's second half begins at the "
                       "option `afternoon_min`.",
    },
    {
        .id = "report_student",
        .method = HTTP_GET,
        .path = "/api/v1/reports/students/{student_id}",
        .handler = student,
        .in = &student_in,
        .out = &report_one_schema,
        .need = PERM_REPORTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "Count a student's attendance by module, week and way",
        .description = "A trainer's figures are of the own sessions only.",
    },
    {
        .id = "report_day",
        .method = HTTP_GET,
        .path = "/api/v1/reports/day",
        .handler = day,
        .in = &day_in,
        .out = &report_day_schema,
        .need = PERM_REPORTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "See all sessions of a day with their counts",
        .description = "The whole school at a glance; a trainer gets the own sessions.",
    },
    {
        .id = "report_group_csv",
        .method = HTTP_GET,
        .path = "/api/v1/reports/groups/{group_id}/csv",
        .handler = group_csv,
        .in = &group_csv_in,
        .need = PERM_REPORTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_TOO_LARGE),
        .produces = "text/csv",
        .summary = "Download a group's report as CSV",
        .description = "RFC 4180. A text that a spreadsheet would take for a formula has an "
                       "apostrophe before it. The last line is the group's.",
    },
    {
        .id = "report_register_csv",
        .method = HTTP_GET,
        .path = "/api/v1/reports/registers/{session_id}/csv",
        .handler = register_csv,
        .in = &register_csv_in,
        .need = PERM_REPORTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_TOO_LARGE),
        .produces = "text/csv",
        .summary = "Download a register as CSV",
        .description = "Every expected student, marked or not.",
    },
};

const struct route_table reports_api =
    ROUTE_TABLE("reports", "Figures of attendance, as JSON and CSV", routes);
