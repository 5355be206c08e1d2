/* SPDX-License-Identifier: MIT */
/* Weekly series over HTTP. */
#include "timetable/series_api.h"

#include "sessions/fields.h"
#include "timetable/series.h"

#define SCOPES ONE_OF("this", "following", "all")

static const struct field page_fields[] = PAGE_OUT(series_schema);
static const struct schema series_page = SCHEMA_NAMED("series_page", page, page_fields);

#define SKIP_DOC  "Leave days out on which trainer, room or group are taken"
#define CLASH_DOC "Plan it although trainer, room or group are taken; told as warnings"

#define F(...) FIELD(struct series_filter, __VA_ARGS__)
static const struct field filter_fields[] = {
    PAGE_FIELDS(struct series_filter),
    PAGE_FIELD(struct series_filter, sort, "Order of the list",
               .one_of = ONE_OF("first_day", "-first_day"), .fallback = "-first_day",
               .example = "\"first_day\""),
    F(group_id, "With this group", .in = IN_QUERY, .min = 1, .example = "3"),
    F(trainer_id, "Given by this trainer", .in = IN_QUERY, .min = 1, .example = "2"),
    F(module_id, "Of this module", .in = IN_QUERY, .min = 1, .example = "4"),
    F(room_id, "In this room", .in = IN_QUERY, .min = 1, .example = "1"),
};
#undef F
static const struct schema filter_in = SCHEMA_NAMED("series_list", series_filter, filter_fields);

#define F(...) FIELD(struct series_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(module_id, "Module taught", .required = true, .min = 1, .example = "4"),
    F(trainer_id, "Trainer who gives it", .required = true, .min = 1, .example = "2"),
    F(group_ids, "Groups", .required = true, .min = 1, .max = 20, .example = "[3]"),
    F(room_id, "Room", .min = 1, .example = "1"),
    KIND_FIELDS_NEW(struct series_new),
    F(time_zone, "IANA zone of its times; the school's when absent", .max = 64,
      .format = "time-zone", .example = "\"Africa/Casablanca\""),
    F(first_day, "First day", .required = true, .format = "date", .example = "\"2026-09-07\""),
    F(last_day, "Last day, within 366 days", .required = true, .format = "date",
      .example = "\"2027-01-29\""),
    F(weekdays, "Days of the week: mo tu we th fr sa su", .required = true, .min = 1, .max = 7,
      .example = "[\"mo\", \"th\"]"),
    F(every_weeks, "Every so many weeks, from the first day's week", .min = 1, .max = 12,
      .example = "1"),
    F(starts_min, "Start in minutes after local midnight", .required = true, .max = 1439,
      .example = "540"),
    F(duration_min, "Minutes that it lasts", .required = true, .min = 1, .max = 1440,
      .example = "90"),
    F(skip_holidays, "Leave holidays out; true when absent", .no_null = true, .example = "true"),
    F(skip_clashing, SKIP_DOC, .example = "false"),
    F(allow_clash, CLASH_DOC, .example = "false"),
};
#undef F
static const struct schema series_new = SCHEMA(series_new, new_fields);

#define F(...) FIELD(struct series_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(series_id, "Series", .in = IN_PATH, .min = 1, .example = "5"),
    F(scope, "Which sessions", .required = true, .one_of = SCOPES, .example = "\"following\""),
    F(day, "Day of the session, for `this` and `following`", .format = "date", .no_null = true,
      .example = "\"2026-10-05\""),
    F(module_id, "Module taught", .min = 1, .no_null = true, .example = "4"),
    F(trainer_id, "Trainer who gives it", .min = 1, .no_null = true, .example = "2"),
    F(group_ids, "Groups", .min = 1, .max = 20, .example = "[3]"),
    F(room_id, "Room; null for none", .min = 1, .example = "1"),
    KIND_FIELDS_CHANGE(struct series_change),
    F(time_zone, "IANA zone of its times", .max = 64, .format = "time-zone", .no_null = true,
      .example = "\"Africa/Casablanca\""),
    F(last_day, "Last day; not for `this`", .format = "date", .no_null = true,
      .example = "\"2027-01-29\""),
    F(weekdays, "Days of the week; not for `this`", .min = 1, .max = 7, .example = "[\"tu\"]"),
    F(every_weeks, "Every so many weeks; not for `this`", .min = 1, .max = 12, .no_null = true,
      .example = "1"),
    F(starts_min, "Start in minutes after local midnight", .max = 1439, .no_null = true,
      .example = "600"),
    F(duration_min, "Minutes that it lasts", .min = 1, .max = 1440, .no_null = true,
      .example = "90"),
    F(skip_holidays, "Leave holidays out; not for `this`", .no_null = true, .example = "true"),
    F(skip_clashing, SKIP_DOC, .example = "false"),
    F(allow_clash, CLASH_DOC, .example = "false"),
};
#undef F
static const struct schema series_change = SCHEMA(series_change, change_fields);

#define F(...) FIELD(struct series_end, __VA_ARGS__)
static const struct field end_fields[] = {
    F(series_id, "Series", .in = IN_PATH, .min = 1, .example = "5"),
    F(scope, "Which sessions", .in = IN_QUERY, .required = true, .one_of = SCOPES,
      .example = "\"following\""),
    F(day, "Day of the session, for `this` and `following`", .in = IN_QUERY, .format = "date",
      .example = "\"2026-12-07\""),
    F(reason, "Why, for those concerned", .in = IN_QUERY, .required = true, .min = 1, .max = 500,
      .example = "\"The module is complete\""),
};
#undef F
static const struct schema series_end = SCHEMA(series_end, end_fields);

struct series_ref {
    int64_t series_id;
    struct str day;
};
static const struct field ref_fields[] = {
    FIELD(struct series_ref, series_id, "Series", .in = IN_PATH, .min = 1, .example = "5"),
    FIELD(struct series_ref, day, "Day that was left out", .in = IN_PATH, .format = "date",
          .example = "\"2026-10-12\""),
};
static const struct schema series_ref = {
    .name = "series_ref", .size = sizeof(struct series_ref), .fields = ref_fields, .n = 1};
static const struct schema exception_ref =
    SCHEMA_NAMED("series_exception_ref", series_ref, ref_fields);

#define F(...) FIELD(struct series_exception_new, __VA_ARGS__)
static const struct field exception_fields[] = {
    F(series_id, "Series", .in = IN_PATH, .min = 1, .example = "5"),
    F(day, "Day to leave out", .required = true, .format = "date", .example = "\"2026-10-12\""),
    F(reason, "Why, for those concerned", .required = true, .min = 1, .max = 500,
      .example = "\"Open day of the school\""),
};
#undef F
static const struct schema exception_new = SCHEMA(series_exception_new, exception_fields);

static enum err list(struct req *req)
{
    return series_list(req->ctx, req->in, req->out);
}

static enum err tell_version(struct req *req, enum err e)
{
    const struct series *out = req->out;

    if (!e)
        req->reply->version = out->version;
    return e;
}

static enum err create(struct req *req)
{
    return tell_version(req, series_create(req->ctx, req->in, req->out));
}

static enum err get(struct req *req)
{
    const struct series_ref *in = req->in;

    return tell_version(req, series_get_for(req->ctx, in->series_id, req->out));
}

static enum err change(struct req *req)
{
    return tell_version(req, series_update(req->ctx, req->if_match, req->in, req->out));
}

static enum err end(struct req *req)
{
    return tell_version(req, series_cancel(req->ctx, req->if_match, req->in, req->out));
}

static enum err except(struct req *req)
{
    return tell_version(req, series_except(req->ctx, req->in, req->out));
}

static enum err include(struct req *req)
{
    const struct series_ref *in = req->in;

    return tell_version(req, series_include(req->ctx, in->series_id, in->day, req->out));
}

static const struct route routes[] = {
    {
        .id = "series_list",
        .method = HTTP_GET,
        .path = "/api/v1/series",
        .handler = list,
        .in = &filter_in,
        .out = &series_page,
        .need = PERM_SERIES_READ,
        .status = 200,
        .summary = "List weekly series by their first day",
        .description = "A trainer sees the own ones.",
    },
    {
        .id = "series_create",
        .method = HTTP_POST,
        .path = "/api/v1/series",
        .handler = create,
        .in = &series_new,
        .out = &series_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_TIMETABLE_CLASH),
        .summary = "Plan a weekly series with all its sessions",
        .description = "Times are local and stay so when clocks change. A day that clashes refuses "
                       "all of it: each clash is a field error that begins with its day.",
    },
    {
        .id = "series_get",
        .method = HTTP_GET,
        .path = "/api/v1/series/{series_id}",
        .handler = get,
        .in = &series_ref,
        .out = &series_schema,
        .need = PERM_SERIES_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a series",
        .versioned = true,
    },
    {
        .id = "series_change",
        .method = HTTP_PATCH,
        .path = "/api/v1/series/{series_id}",
        .handler = change,
        .in = &series_change,
        .out = &series_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 200,
        .errors =
            ERRORS(ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_SESSION_STATE, ERR_TIMETABLE_CLASH),
        .summary = "Change one session, this and the following, or all",
        .description = "`this` detaches the session. `following` ends the series the day before "
                       "and answers with the new one. Sessions that were opened, and detached "
                       "ones, are never touched; a series that was cancelled as a whole stays so.",
        .versioned = true,
    },
    {
        .id = "series_cancel",
        .method = HTTP_DELETE,
        .path = "/api/v1/series/{series_id}",
        .handler = end,
        .in = &series_end,
        .out = &series_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_SESSION_STATE),
        .summary = "Cancel one session, this and the following, or all",
        .versioned = true,
    },
    {
        .id = "series_except",
        .method = HTTP_POST,
        .path = "/api/v1/series/{series_id}/exceptions",
        .handler = except,
        .in = &exception_new,
        .out = &series_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE),
        .summary = "Leave a day out of a series",
    },
    {
        .id = "series_include",
        .method = HTTP_DELETE,
        .path = "/api/v1/series/{series_id}/exceptions/{day}",
        .handler = include,
        .in = &exception_ref,
        .out = &series_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_TIMETABLE_CLASH),
        .summary = "Give a series a day back",
    },
};

const struct route_table series_api =
    ROUTE_TABLE("series", "Weekly series: patterns, exceptions, changes of one or many", routes);
