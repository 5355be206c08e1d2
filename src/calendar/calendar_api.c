/* SPDX-License-Identifier: MIT */
/* Calendars over HTTP: those that come in as holidays, those that go out by secret address. */
#include "calendar/calendar_api.h"

#include "calendar/calendar.h"
#include "calendar/holidays_import.h"
#include "calendar/ics.h"

#define F(...) FIELD(struct holiday_import, __VA_ARGS__)
static const struct field import_fields[] = {
    F(calendar, "iCalendar in UTF-8, at most 1 MiB", .required = true, .format = "binary", .min = 1,
      .max = ICS_MAX),
    F(dry_run, "true: only tell what would be done; false when absent", .example = "true"),
};
#undef F
static const struct schema import_in = SCHEMA(holiday_import, import_fields);

#define F(...) FIELD(struct calendar_feed_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(subject, "Whose sessions", .required = true,
      .one_of = ONE_OF("student", "trainer", "group", "room"), .example = "\"student\""),
    F(subject_id, "Number of the student, trainer, group or room", .required = true, .min = 1,
      .example = "31"),
};
#undef F
static const struct schema new_in = SCHEMA(calendar_feed_new, new_fields);

static const struct field page_fields[] = PAGE_OUT(calendar_feed_schema);
static const struct schema feed_page = SCHEMA_NAMED("calendar_feed_page", page, page_fields);

struct feed_list {
    struct page_query page;
};
static const struct field list_fields[] = {PAGE_FIELDS(struct feed_list)};
static const struct schema list_in = SCHEMA_NAMED("calendar_feed_list", feed_list, list_fields);

struct feed_in {
    int64_t feed_id;
};
static const struct field one_fields[] = {
    FIELD(struct feed_in, feed_id, "Number of the feed", .in = IN_PATH, .required = true, .min = 1,
          .example = "5"),
};
static const struct schema one_in = SCHEMA_NAMED("calendar_feed_in", feed_in, one_fields);

struct file_in {
    struct str file;
};
static const struct field file_fields[] = {
    FIELD(struct file_in, file, "The secret, and `.ics`", .in = IN_PATH, .required = true,
          .max = 100, .example = "\"hPq3vJt0mY1xZ6nC8bLw4uRd7eKs2fGa5iTo9yXzQvM.ics\""),
};
static const struct schema file_in = SCHEMA_NAMED("calendar_file_in", file_in, file_fields);

static enum err import(struct req *req)
{
    return holidays_import(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return calendar_feed_create(req->ctx, req->in, req->out);
}

static enum err list(struct req *req)
{
    const struct feed_list *in = req->in;

    return calendar_feed_list(req->ctx, &in->page, req->out);
}

static enum err revoke(struct req *req)
{
    const struct feed_in *in = req->in;

    return calendar_feed_revoke(req->ctx, in->feed_id);
}

static enum err read(struct req *req)
{
    const struct file_in *in = req->in;
    struct calendar_text text = {0};
    enum err e = calendar_feed_read(req->ctx, in->file, &text);

    if (e)
        return e;
    req->reply->raw = text.ics;
    req->reply->raw_type = "text/calendar; charset=utf-8";
    req->reply->version = text.version;
    reply_header(req, "Cache-Control", STR("private, max-age=300"));
    reply_header(req, "Content-Disposition", STR("inline; filename=\"sessions.ics\""));
    return ERR_OK;
}

static const struct route routes[] = {
    {
        .id = "holiday_import",
        .method = HTTP_POST,
        .path = "/api/v1/holidays/import",
        .handler = import,
        .in = &import_in,
        .out = &holiday_import_report_schema,
        .need = PERM_SERIES_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_CALENDAR_INVALID),
        .summary = "Import holidays from a calendar",
        .description = "Entries of whole days become holidays, repeating ones day by day, from a "
                       "year ago to five years ahead; an entry with a known UID changes its "
                       "holiday. Everything is written or nothing; each entry is told. Sessions "
                       "that exist stay: see `sessions`.",
        .body_max = ICS_MAX + (64 << 10),
        .consumes = "multipart/form-data",
    },
    {
        .id = "calendar_feed_create",
        .method = HTTP_POST,
        .path = "/api/v1/calendar-feeds",
        .handler = create,
        .in = &new_in,
        .out = &calendar_feed_made_schema,
        .need = PERM_CALENDARS_SHARE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID),
        .summary = "Make a calendar address",
        .description = "For calendar programs, which cannot sign in: whoever has the address reads "
                       "the sessions. It is shown once. Students have one for themselves, "
                       "guardians for their students, trainers for themselves and the groups they "
                       "teach, admins for everything; at most 20 each.",
    },
    {
        .id = "calendar_feed_list",
        .method = HTTP_GET,
        .path = "/api/v1/calendar-feeds",
        .handler = list,
        .in = &list_in,
        .out = &feed_page,
        .need = PERM_CALENDARS_SHARE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List one's own calendar addresses",
        .description = "Without the addresses themselves; oldest first.",
    },
    {
        .id = "calendar_feed_revoke",
        .method = HTTP_DELETE,
        .path = "/api/v1/calendar-feeds/{feed_id}",
        .handler = revoke,
        .in = &one_in,
        .need = PERM_CALENDARS_SHARE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Take a calendar address back",
        .description = "Nobody reads it from then on.",
    },
    {
        .id = "calendar_feed_read",
        .method = HTTP_GET,
        .path = "/calendar/{file}",
        .handler = read,
        .in = &file_in,
        .need = PERM_PUBLIC,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a calendar by its secret address",
        .description = "iCalendar (RFC 5545): sessions from 30 days ago to 180 days ahead, at most "
                       "2,000; cancelled ones are told as such. An address that is unknown, taken "
                       "back, or whose owner may no longer see the sessions is not found.",
        .produces = "text/calendar",
        .versioned = true,
        .per_minute = 60,
    },
};
const struct route_table calendar_api =
    ROUTE_TABLE("calendar", "Calendars in and out: holidays, secret addresses", routes);
