/* SPDX-License-Identifier: MIT */
/* Offline clients and their batches over HTTP. */
#include "offline/offline_api.h"

#include "offline/offline.h"

static const struct field page_fields[] = PAGE_OUT(offline_client_schema);
static const struct schema client_page = SCHEMA_NAMED("offline_client_page", page, page_fields);

static const struct field list_fields[] = {
    PAGE_FIELDS(struct offline_filter),
    PAGE_FIELD(struct offline_filter, archived, "Only revoked ones instead of only the others",
               .fallback = "false", .example = "false"),
};
static const struct schema list_in =
    SCHEMA_NAMED("offline_client_list", offline_filter, list_fields);

struct register_in {
    struct str name;
};
static const struct field register_fields[] = {
    FIELD(struct register_in, name, "What it is called", .required = true, .format = "name",
          .min = 1, .max = 100, .example = "\"Tablet of the bus trip\""),
};
static const struct schema register_in =
    SCHEMA_NAMED("offline_client_new", register_in, register_fields);

struct client_in {
    int64_t client_id;
};
static const struct field one_fields[] = {
    FIELD(struct client_in, client_id, "Number of the client", .in = IN_PATH, .required = true,
          .min = 1, .example = "4"),
};
static const struct schema one_in = SCHEMA_NAMED("offline_client_in", client_in, one_fields);

#define F(...) FIELD(struct offline_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(uid, "The client's id of the event", .required = true, .min = 1, .max = OFFLINE_UID,
      .example = "\"a1\""),
    F(session_id, "Session", .required = true, .min = 1, .example = "7"),
    F(student_id, "Student", .required = true, .min = 1, .example = "12"),
    F(way, "How the student was seen; kiosk: devices only", .required = true,
      .one_of = ONE_OF("face", "kiosk", "qr", "pin", "manual"), .example = "\"manual\""),
    F(direction, "Where the student went; in when absent", .one_of = ONE_OF("in", "out", "unknown"),
      .example = "\"in\""),
    F(at, "When, by the client's clock; outside of 1970 to 9999 the outcome is `clock`",
      .required = true, .format = "date-time", .max = 40, .example = "\"2026-02-03T09:02:11Z\""),
    F(status, "The mark that was set by hand; null: seen, no mark",
      .one_of = ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote"),
      .example = "\"late\""),
    F(code, "Status code of the mark; the default when absent", .max = 8, .example = "\"L\""),
    F(note, "Why", .max = 500, .example = "null"),
};
#undef F
static const struct schema event_schema =
    SCHEMA_NAMED("offline_event_in", offline_event, event_fields);

#define F(...) FIELD(struct offline_batch, __VA_ARGS__)
static const struct field batch_fields[] = {
    F(client_id, "Client that sends", .required = true, .min = 1, .example = "4"),
    F(sent_at, "The client's clock as it sends", .required = true, .format = "date-time", .max = 40,
      .example = "\"2026-02-03T11:40:00Z\""),
    F(events, "What happened, at most 500", .required = true, .items = &event_schema, .min = 1,
      .max = OFFLINE_EVENTS),
    F(signature, "HMAC-SHA-256 by the client's key, as base64url: docs/offline.md",
      .required = true, .min = 43, .max = 43,
      .example = "\"m0p8JxPzC9q4nS8hB2L1yH7uQwKfVtXo5eRdGiZaN3E\""),
};
#undef F
static const struct schema batch_in = SCHEMA(offline_batch, batch_fields);

static enum err list(struct req *req)
{
    return offline_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    const struct register_in *in = req->in;

    return offline_register(req->ctx, in->name, req->out);
}

static enum err revoke(struct req *req)
{
    const struct client_in *in = req->in;

    return offline_revoke(req->ctx, in->client_id);
}

static enum err take(struct req *req)
{
    return offline_take(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "offline_client_list",
        .method = HTTP_GET,
        .path = "/api/v1/offline/clients",
        .handler = list,
        .in = &list_in,
        .out = &client_page,
        .need = PERM_OFFLINE_SEND,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List the clients that send what they wrote down without network",
        .description = "One's own; an administrator sees all.",
    },
    {
        .id = "offline_client_create",
        .method = HTTP_POST,
        .path = "/api/v1/offline/clients",
        .handler = create,
        .in = &register_in,
        .out = &offline_made_schema,
        .need = PERM_OFFLINE_SEND,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT),
        .summary = "Register a client that will send batches",
        .description = "It sends for whoever registers it. The key is not shown again; it is kept "
                       "sealed. At most 20 clients each.",
        .cookies = true, /* an answer with a secret is not kept for a repeated key */
    },
    {
        .id = "offline_client_revoke",
        .method = HTTP_DELETE,
        .path = "/api/v1/offline/clients/{client_id}",
        .handler = revoke,
        .in = &one_in,
        .need = PERM_OFFLINE_SEND,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Revoke a client",
        .description = "Its key is destroyed; what it sent stays.",
    },
    {
        .id = "offline_batch",
        .method = HTTP_POST,
        .path = "/api/v1/offline/batches",
        .handler = take,
        .in = &batch_in,
        .out = &offline_answer_schema,
        .need = PERM_OFFLINE_SEND,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .body_max = 1 << 20,
        .per_minute = 60,
        .summary = "Send what was written down without network",
        .description = "Signed. Times are repaired by the difference of the clocks; each event "
                       "counts once, however often it is sent, and is answered the same.",
    },
};
const struct route_table offline_api =
    ROUTE_TABLE("offline", "Check-ins that were written down without network", routes);
