/* SPDX-License-Identifier: MIT */
/* Holidays over HTTP. */
#include "timetable/holidays_api.h"

#include "timetable/holidays.h"

static const struct field page_fields[] = PAGE_OUT(holiday_schema);
static const struct schema holiday_page = SCHEMA_NAMED("holiday_page", page, page_fields);

#define CANCEL_DOC "Cancel the scheduled sessions on its days; everybody concerned is told"

#define F(...) FIELD(struct holiday_filter, __VA_ARGS__)
static const struct field filter_fields[] = {
    PAGE_FIELDS(struct holiday_filter),
    PAGE_FIELD(struct holiday_filter, sort, "Order of the list",
               .one_of = ONE_OF("from_day", "-from_day"), .fallback = "from_day",
               .example = "\"from_day\""),
    F(from, "With days from this one on", .in = IN_QUERY, .format = "date",
      .example = "\"2026-09-01\""),
    F(to, "With days before this one", .in = IN_QUERY, .format = "date",
      .example = "\"2027-07-01\""),
};
#undef F
static const struct schema filter_in = SCHEMA_NAMED("holiday_list", holiday_filter, filter_fields);

#define F(...) FIELD(struct holiday_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(name, "Its name", .required = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Winter break\""),
    F(from_day, "First day", .required = true, .format = "date", .example = "\"2026-12-21\""),
    F(to_day, "The day after the last", .required = true, .format = "date",
      .example = "\"2027-01-04\""),
    F(uid, "Changes the holiday that has it already", .format = "name", .min = 1, .max = 300,
      .example = "\"winter-2026@school.example\""),
    F(cancel_sessions, CANCEL_DOC, .example = "false"),
};
#undef F
static const struct schema holiday_new = SCHEMA(holiday_new, new_fields);

#define F(...) FIELD(struct holiday_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(holiday_id, "Holiday", .in = IN_PATH, .min = 1, .example = "3"),
    F(name, "Its name", .format = "name", .min = 1, .max = 200, .no_null = true,
      .example = "\"Winter break\""),
    F(from_day, "First day", .format = "date", .no_null = true, .example = "\"2026-12-21\""),
    F(to_day, "The day after the last", .format = "date", .no_null = true,
      .example = "\"2027-01-04\""),
    F(cancel_sessions, CANCEL_DOC, .example = "false"),
};
#undef F
static const struct schema holiday_change = SCHEMA(holiday_change, change_fields);

struct holiday_ref {
    int64_t holiday_id;
};
static const struct field ref_fields[] = {
    FIELD(struct holiday_ref, holiday_id, "Holiday", .in = IN_PATH, .min = 1, .example = "3"),
};
static const struct schema holiday_ref = SCHEMA(holiday_ref, ref_fields);

static enum err list(struct req *req)
{
    return holiday_list(req->ctx, req->in, req->out);
}

static enum err tell_version(struct req *req, enum err e)
{
    const struct holiday *out = req->out;

    if (!e)
        req->reply->version = out->version;
    return e;
}

static enum err create(struct req *req)
{
    return tell_version(req, holiday_put(req->ctx, req->in, req->out));
}

static enum err change(struct req *req)
{
    return tell_version(req, holiday_update(req->ctx, req->if_match, req->in, req->out));
}

static enum err delete (struct req *req) {
    const struct holiday_ref *in = req->in;

    return holiday_delete(req->ctx, req->if_match, in->holiday_id);
}

static const struct route routes[] = {
    {
        .id = "holiday_list",
        .method = HTTP_GET,
        .path = "/api/v1/holidays",
        .handler = list,
        .in = &filter_in,
        .out = &holiday_page,
        .need = PERM_SESSIONS_READ,
        .status = 200,
        .summary = "List holidays by day",
    },
    {
        .id = "holiday_create",
        .method = HTTP_POST,
        .path = "/api/v1/holidays",
        .handler = create,
        .in = &holiday_new,
        .out = &holiday_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 201,
        .summary = "Add a holiday",
        .description = "Series that are planned later leave its days out. The answer lists the "
                       "sessions that are scheduled on them.",
    },
    {
        .id = "holiday_change",
        .method = HTTP_PATCH,
        .path = "/api/v1/holidays/{holiday_id}",
        .handler = change,
        .in = &holiday_change,
        .out = &holiday_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_VERSION_MISMATCH),
        .summary = "Change a holiday",
        .versioned = true,
    },
    {
        .id = "holiday_delete",
        .method = HTTP_DELETE,
        .path = "/api/v1/holidays/{holiday_id}",
        .handler = delete,
        .in = &holiday_ref,
        .need = PERM_SERIES_MANAGE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_VERSION_MISMATCH),
        .summary = "Remove a holiday",
        .description = "Sessions that were left out for it stay left out.",
        .versioned = true,
    },
};

const struct route_table holidays_api =
    ROUTE_TABLE("holidays", "Days on which series do not take place", routes);
