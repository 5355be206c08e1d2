/* SPDX-License-Identifier: MIT */
/* Punches over HTTP: readers send them, administrators look at them. */
#include "punches/punches_api.h"

#include "punches/punches.h"

#define F(...) FIELD(struct punch_said, __VA_ARGS__)
static const struct field said_fields[] = {
    F(identifier, "Student number", .required = true, .min = 1, .max = 40,
      .example = "\"S-2024-017\""),
    F(at, "When, by the reader's clock", .required = true, .format = "date-time", .max = 40,
      .example = "\"2026-09-14T08:28:31Z\""),
    F(direction, "In, out, or unknown", .required = true, .one_of = ONE_OF("in", "out", "unknown"),
      .example = "\"unknown\""),
};
#undef F
static const struct schema said_schema = SCHEMA_NAMED("punch_said", punch_said, said_fields);

static const struct field in_fields[] = {
    FIELD(struct punches_in, punches, "In any order", .required = true, .items = &said_schema,
          .min = 1, .max = PUNCHES_MAX,
          .example = "[{\"identifier\": \"S-2024-017\", \"at\": \"2026-09-14T08:28:31Z\","
                     " \"direction\": \"unknown\"}]"),
};
static const struct schema in_schema = SCHEMA(punches_in, in_fields);

#define F(...) FIELD(struct punch_result, __VA_ARGS__)
static const struct field result_fields[] = {
    F(punch_id, "Number that it is kept under; null: refused", .required = true),
    F(identifier, "As it was sent, as one line", .required = true),
    F(at, "As it was sent", .required = true, .format = "date-time"),
    F(outcome, "What became of it", .required = true, .one_of = PUNCH_OUTCOMES),
    F(repeated, "It was here before: the outcome is that of then", .required = true),
    F(early, "It is of a time before the device was registered", .required = true),
    F(session_id, "Session that it is of; null: none yet", .required = true),
    F(field, "Of a refused one: the member that is wrong, as a JSON pointer", .required = true,
      .example = "null"),
    F(allowed, "Of a refused one: the times that are taken, as an ISO 8601 interval",
      .required = true, .example = "null"),
};
#undef F
static const struct schema result_schema = SCHEMA(punch_result, result_fields);

#define F(...) FIELD(struct punches_answer, __VA_ARGS__)
static const struct field answer_fields[] = {
    F(taken, "Went to a register", .required = true),
    F(waiting, "Have no person or no open session yet; they are tried again", .required = true),
    F(refused, "Of the future, or too old", .required = true),
    F(repeated, "Were here before", .required = true),
    F(results, "One for each, in the order sent", .required = true, .items = &result_schema,
      .max = PUNCHES_MAX),
};
#undef F
static const struct schema answer_schema = SCHEMA(punches_answer, answer_fields);

static const struct field list_fields[] = {
    PAGE_FIELDS(struct punch_filter),
    FIELD(struct punch_filter, outcome, "Only with this outcome", .in = IN_QUERY,
          .one_of = PUNCH_OUTCOMES, .example = "\"unknown_person\""),
    FIELD(struct punch_filter, device_id, "Only of this reader", .in = IN_QUERY, .min = 1,
          .example = "2"),
    FIELD(struct punch_filter, student_id, "Only of this student", .in = IN_QUERY, .min = 1,
          .example = "7"),
    FIELD(struct punch_filter, session_id, "Only for this session", .in = IN_QUERY, .min = 1,
          .example = "12"),
    FIELD(struct punch_filter, from, "Only punched from then on", .in = IN_QUERY,
          .format = "date-time"),
    FIELD(struct punch_filter, to, "Only punched before", .in = IN_QUERY, .format = "date-time"),
};
static const struct schema list_in = SCHEMA(punch_filter, list_fields);
static const struct field page_fields[] = PAGE_OUT(punch_schema);
static const struct schema page_out = SCHEMA_NAMED("punch_page", page, page_fields);

static enum err take(struct req *req)
{
    return punches_take(req->ctx, req->in, req->out);
}

static enum err list(struct req *req)
{
    return punches_list(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "punch_send",
        .method = HTTP_POST,
        .path = "/api/v1/punches",
        .handler = take,
        .in = &in_schema,
        .out = &answer_schema,
        .need = PERM_PUNCH,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_SESSION_NOT_OPEN),
        .summary = "Send what a reader at a door has read",
        .description = "Each punch counts once for its device, identifier and time, so a batch "
                       "may be sent again. It becomes a check-in of the session that the student "
                       "has in the reader's room at that time, of several the one that began "
                       "last. What has no person or no open session is kept and tried again.",
        .body_max = 128 << 10,
    },
    {
        .id = "punch_list",
        .method = HTTP_GET,
        .path = "/api/v1/punches",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_PUNCHES_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List punches, the last received first",
        .description = "What no session took within 30 days is forgotten.",
    },
};

const struct route_table punches_api = ROUTE_TABLE("punches", "Readers at doors", routes);
