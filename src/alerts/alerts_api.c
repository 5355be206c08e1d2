/* SPDX-License-Identifier: MIT */
/* Alerts over HTTP. */
#include "alerts/alerts_api.h"

#include "alerts/alerts.h"

static const struct field page_fields[] = PAGE_OUT(alert_schema);
static const struct schema page_out = SCHEMA_NAMED("alert_page", page, page_fields);

#define F(...) FIELD(struct alert_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS(struct alert_filter),
    F(state, "Only of this state", .in = IN_QUERY,
      .one_of = ONE_OF("open", "in_progress", "closed"), .example = "\"open\""),
    F(kind, "Only by this rule", .in = IN_QUERY,
      .one_of = ONE_OF("ladder", "consecutive", "weekday", "first_lesson"),
      .example = "\"ladder\""),
    F(level, "Only of this level", .in = IN_QUERY,
      .one_of = ONE_OF("notice", "warning", "critical", "failing"), .example = "\"failing\""),
    F(owner_id, "Only of this owner", .in = IN_QUERY, .min = 1, .example = "3"),
    F(student_id, "Only of this student", .in = IN_QUERY, .min = 1, .example = "31"),
    F(group_id, "Only of students who are in this group now", .in = IN_QUERY, .min = 1,
      .example = "2"),
};
#undef F
static const struct schema list_in = SCHEMA_NAMED("alert_list", alert_filter, list_fields);

struct alert_ref {
    int64_t alert_id;
};
static const struct field ref_fields[] = {
    FIELD(struct alert_ref, alert_id, "Alert", .in = IN_PATH, .min = 1, .example = "5"),
};
static const struct schema alert_ref = SCHEMA(alert_ref, ref_fields);

#define F(...) FIELD(struct alert_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(alert_id, "Alert", .in = IN_PATH, .required = true, .min = 1, .example = "5"),
    F(owner_id, "Account of an administrator or of a trainer of the student; null: nobody",
      .min = 1, .example = "3"),
    F(state, "open, in_progress, or closed for good", .no_null = true,
      .one_of = ONE_OF("open", "in_progress", "closed"), .example = "\"in_progress\""),
    F(message, "Goes into the history; needed for closing", .no_null = true, .max = 1000,
      .example = "\"Talked with the parents.\""),
};
#undef F
static const struct schema change_in = SCHEMA(alert_change, change_fields);

static enum err list(struct req *req)
{
    return alert_list(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct alert_ref *in = req->in;

    return alert_get(req->ctx, in->alert_id, req->out);
}

static enum err change(struct req *req)
{
    return alert_update(req->ctx, req->if_match, req->in, req->out);
}

static enum err refresh(struct req *req)
{
    return alerts_refresh(req->ctx);
}

static const struct route routes[] = {
    {
        .id = "alert_list",
        .method = HTTP_GET,
        .path = "/api/v1/alerts",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_ALERTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List alerts about absences, the newest first",
        .description = "A trainer gets those of students in the own sessions, and those that he "
                       "or she owns.",
    },
    {
        .id = "alert_get",
        .method = HTTP_GET,
        .path = "/api/v1/alerts/{alert_id}",
        .handler = get,
        .in = &alert_ref,
        .out = &alert_detail_schema,
        .need = PERM_ALERTS_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read an alert with its history",
    },
    {
        .id = "alert_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/alerts/{alert_id}",
        .handler = change,
        .in = &change_in,
        .out = &alert_detail_schema,
        .need = PERM_ALERTS_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH),
        .summary = "Give an alert to somebody, take it up, or close it",
        .description = "Each change is a step of its history. A closed alert stays closed; when "
                       "the absences go on, another one is opened.",
    },
    {
        .id = "alert_refresh",
        .method = HTTP_POST,
        .path = "/api/v1/alerts/refresh",
        .handler = refresh,
        .need = PERM_ALERTS_MANAGE,
        .status = 204,
        .per_minute = 60,
        .summary = "Ask the rules now",
        .description = "The server asks every minute about whose records changed; so does this, "
                       "and for an administrator about everybody. What takes longer than ten "
                       "seconds goes on after the answer.",
    },
};

const struct route_table alerts_api =
    ROUTE_TABLE("alerts", "Absences that ask for attention", routes);
