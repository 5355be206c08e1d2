/* SPDX-License-Identifier: MIT */
/* Devices over HTTP, for administrators. */
#include "devices/devices_api.h"

#include "devices/devices.h"

static const struct field page_fields[] = PAGE_OUT(device_schema);
static const struct schema device_page = SCHEMA_NAMED("device_page", page, page_fields);

static const struct field list_fields[] = {PAGE_FIELDS_BY_NAME(struct device_filter)};
static const struct schema list_in = SCHEMA_NAMED("device_list", device_filter, list_fields);

#define F(...) FIELD(struct device_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(kind, "A kiosk has a camera and a screen; a reader sends punches", .required = true,
      .one_of = ONE_OF("kiosk", "reader"), .example = "\"kiosk\""),
    F(name, "What it is called", .required = true, .format = "name", .min = 1, .max = 100,
      .example = "\"Tablet at the door of lab 2\""),
    F(room_id, "The room that it is for", .required = true, .min = 1, .example = "3"),
    F(network, "Addresses it may call from, as CIDR; null: all", .max = 50,
      .example = "\"10.0.4.0/24\""),
};
#undef F
static const struct schema device_new = SCHEMA(device_new, new_fields);

#define F(...) FIELD(struct device_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(device_id, "Number of the device", .in = IN_PATH, .required = true, .min = 1, .example = "2"),
    F(name, "What it is called", .no_null = true, .format = "name", .min = 1, .max = 100,
      .example = "\"Tablet at the window\""),
    F(room_id, "The room that it is for", .no_null = true, .min = 1, .example = "4"),
    F(room_since,
      "Since when it stands there; absent with another room: since now. A time of the past "
      "corrects "
      "where it stood: punches that wait are looked at anew",
      .no_null = true, .format = "date-time"),
    F(network, "Addresses it may call from, as CIDR; null: all", .max = 50, .example = "null"),
};
#undef F
static const struct schema device_change = SCHEMA(device_change, change_fields);

struct device_in {
    int64_t device_id;
};
static const struct field one_fields[] = {
    FIELD(struct device_in, device_id, "Number of the device", .in = IN_PATH, .required = true,
          .min = 1, .example = "2"),
};
static const struct schema one_in = SCHEMA(device_in, one_fields);

#define F(...) FIELD(struct device_made, __VA_ARGS__)
static const struct field made_fields[] = {
    F(id, "Number of the device", .required = true),
    F(device, "The device", .required = true, .items = &device_schema),
    F(token, "What it signs in with; it is not shown again", .required = true, .secret = true),
};
#undef F
static const struct schema made_out = SCHEMA(device_made, made_fields);

static enum err list(struct req *req)
{
    return device_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return device_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct device_in *in = req->in;

    return device_get(req->ctx, in->device_id, req->out);
}

static enum err change(struct req *req)
{
    return device_update(req->ctx, req->if_match, req->in, req->out);
}

static enum err revoke(struct req *req)
{
    const struct device_in *in = req->in;

    return device_revoke(req->ctx, in->device_id);
}

static enum err rotate(struct req *req)
{
    const struct device_in *in = req->in;

    return device_rotate(req->ctx, in->device_id, req->out);
}

static const struct route routes[] = {
    {
        .id = "device_list",
        .method = HTTP_GET,
        .path = "/api/v1/devices",
        .handler = list,
        .in = &list_in,
        .out = &device_page,
        .need = PERM_DEVICES_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List registered devices",
        .description = "Sorted by name; `archived` lists the revoked ones.",
    },
    {
        .id = "device_create",
        .method = HTTP_POST,
        .path = "/api/v1/devices",
        .handler = create,
        .in = &device_new,
        .out = &made_out,
        .need = PERM_DEVICES_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID),
        .summary = "Register a device",
        .description = "The token in the answer is not shown again; only its hash is kept.",
        .cookies = true, /* an answer with a secret is not kept for a repeated key */
    },
    {
        .id = "device_get",
        .method = HTTP_GET,
        .path = "/api/v1/devices/{device_id}",
        .handler = get,
        .in = &one_in,
        .out = &device_schema,
        .need = PERM_DEVICES_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a device",
    },
    {
        .id = "device_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/devices/{device_id}",
        .handler = change,
        .in = &device_change,
        .out = &device_schema,
        .need = PERM_DEVICES_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH),
        .summary = "Rename a device, move it to another room, limit its addresses",
    },
    {
        .id = "device_revoke",
        .method = HTTP_DELETE,
        .path = "/api/v1/devices/{device_id}",
        .handler = revoke,
        .in = &one_in,
        .need = PERM_DEVICES_MANAGE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Revoke a device",
        .description = "It is signed out within a frame and cannot come back; its marks stay.",
    },
    {
        .id = "device_rotate",
        .method = HTTP_POST,
        .path = "/api/v1/devices/{device_id}/rotate",
        .handler = rotate,
        .in = &one_in,
        .out = &made_out,
        .need = PERM_DEVICES_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Give a device a new token",
        .description = "The old token, and what was open with it, end at once.",
        .cookies = true,
    },
};
const struct route_table devices_api =
    ROUTE_TABLE("devices", "Kiosks and readers of the school", routes);
