/* SPDX-License-Identifier: MIT */
/* Programmes, modules and rooms over HTTP. */
#include "structure/structure_api.h"

#include "structure/structure.h"

/* Members that several of the tables below have. */
#define CODE(type_)                                                                                \
    FIELD(type_, code, "Short name, taken once", .required = true, .format = "name", .min = 1,     \
          .max = 40, .example = "\"INF-101\"")
#define NAME(type_)                                                                                \
    FIELD(type_, name, "Full name", .required = true, .format = "name", .min = 1, .max = 200,      \
          .example = "\"Informatique générale\"")
#define HOURS(type_)                                                                               \
    FIELD(type_, hours, "Planned hours, null when unknown", .min = 1, .max = 10000, .example = "48")
#define CAPACITY(type_)                                                                            \
    FIELD(type_, capacity, "Places, null when unknown", .min = 1, .max = 100000, .example = "32")
#define PLACE(type_)                                                                               \
    FIELD(type_, network, "Addresses of its network: CIDR, commas between; null: unknown",         \
          .min = 1, .max = 800, .example = "\"10.0.4.0/24, 2001:db8:4::/48\""),                    \
        FIELD(type_, latitude, "Degrees north; with longitude and radius_m, or null", .min = -90,  \
              .max = 90, .example = "33.5899"),                                                    \
        FIELD(type_, longitude, "Degrees east", .min = -180, .max = 180, .example = "-7.6039"),    \
        FIELD(type_, radius_m, "Metres around that point that count as here", .min = 10,           \
              .max = 5000, .example = "80")
#define CHANGE(member_, doc_, ...)                                                                 \
    FIELD(struct structure_change, member_, doc_, .no_null = true, __VA_ARGS__)
#define CHANGE_ID                                                                                  \
    FIELD(struct structure_change, id, "Its number", .in = IN_PATH, .required = true, .min = 1,    \
          .example = "7")
#define CHANGE_TEXTS                                                                               \
    CHANGE(code, "Short name, taken once", .format = "name", .min = 1, .max = 40,                  \
           .example = "\"INF-102\""),                                                              \
        CHANGE(name, "Full name", .format = "name", .min = 1, .max = 200,                          \
               .example = "\"Réseaux\"")
#define CHANGE_ARCHIVED                                                                            \
    CHANGE(archived, "true takes it out of use, false brings it back", .example = "true")

/* what comes out */

#define OUT_ID(what_)                                                                              \
    FIELD(struct structure_item, id, "Number of the " what_, .min = 1, .example = "7")
#define OUT_TEXTS CODE(struct structure_item), NAME(struct structure_item)
#define OUT_STATE                                                                                  \
    FIELD(struct structure_item, archived, "Out of use: kept for what refers to it",               \
          .example = "false"),                                                                     \
        FIELD(struct structure_item, version, "Counts the changes; the ETag", .min = 1,            \
              .example = "1")

static const struct field programme_fields[] = {OUT_ID("programme"), OUT_TEXTS, OUT_STATE};
static const struct schema programme_schema =
    SCHEMA_NAMED("programme", structure_item, programme_fields);

static const struct field module_fields[] = {
    OUT_ID("module"),
    FIELD(struct structure_item, programme_id, "The programme it belongs to", .min = 1,
          .example = "3"),
    OUT_TEXTS,
    HOURS(struct structure_item),
    OUT_STATE,
};
static const struct schema module_schema = SCHEMA_NAMED("module", structure_item, module_fields);

static const struct field room_fields[] = {
    OUT_ID("room"), OUT_TEXTS, CAPACITY(struct structure_item), PLACE(struct structure_item),
    OUT_STATE,
};
static const struct schema room_schema = SCHEMA_NAMED("room", structure_item, room_fields);

static const struct field programme_page_fields[] = PAGE_OUT(programme_schema);
static const struct schema programme_page =
    SCHEMA_NAMED("programme_page", page, programme_page_fields);
static const struct field module_page_fields[] = PAGE_OUT(module_schema);
static const struct schema module_page = SCHEMA_NAMED("module_page", page, module_page_fields);
static const struct field room_page_fields[] = PAGE_OUT(room_schema);
static const struct schema room_page = SCHEMA_NAMED("room_page", page, room_page_fields);

/* what comes in */

static const struct field list_fields[] = {PAGE_FIELDS_BY_NAME(struct structure_filter)};
static const struct schema list_in = SCHEMA_NAMED("structure_list", structure_filter, list_fields);

static const struct field module_list_fields[] = {
    PAGE_FIELDS_BY_NAME(struct structure_filter),
    FIELD(struct structure_filter, programme_id, "Only modules of this programme", .in = IN_QUERY,
          .min = 1, .example = "3"),
};
static const struct schema module_list_in =
    SCHEMA_NAMED("module_list", structure_filter, module_list_fields);

static const struct field programme_new_fields[] = {
    CODE(struct structure_new),
    NAME(struct structure_new),
};
static const struct schema programme_new =
    SCHEMA_NAMED("programme_new", structure_new, programme_new_fields);

static const struct field module_new_fields[] = {
    FIELD(struct structure_new, programme_id, "The programme it belongs to", .required = true,
          .min = 1, .example = "3"),
    CODE(struct structure_new),
    NAME(struct structure_new),
    HOURS(struct structure_new),
};
static const struct schema module_new =
    SCHEMA_NAMED("module_new", structure_new, module_new_fields);

static const struct field room_new_fields[] = {
    CODE(struct structure_new),
    NAME(struct structure_new),
    CAPACITY(struct structure_new),
    PLACE(struct structure_new),
};
static const struct schema room_new = SCHEMA_NAMED("room_new", structure_new, room_new_fields);

struct item_in {
    int64_t id;
};
static const struct field item_fields[] = {
    FIELD(struct item_in, id, "Its number", .in = IN_PATH, .required = true, .min = 1,
          .example = "7"),
};
static const struct schema item_in = SCHEMA_NAMED("structure_item_in", item_in, item_fields);

static const struct field programme_change_fields[] = {CHANGE_ID, CHANGE_TEXTS, CHANGE_ARCHIVED};
static const struct schema programme_change =
    SCHEMA_NAMED("programme_change", structure_change, programme_change_fields);

static const struct field module_change_fields[] = {
    CHANGE_ID,       CHANGE(programme_id, "The programme it belongs to", .min = 1, .example = "3"),
    CHANGE_TEXTS,    HOURS(struct structure_change),
    CHANGE_ARCHIVED,
};
static const struct schema module_change =
    SCHEMA_NAMED("module_change", structure_change, module_change_fields);

static const struct field room_change_fields[] = {
    CHANGE_ID,
    CHANGE_TEXTS,
    CAPACITY(struct structure_change),
    PLACE(struct structure_change),
    CHANGE_ARCHIVED,
};
static const struct schema room_change =
    SCHEMA_NAMED("room_change", structure_change, room_change_fields);

/* handlers: one of each, and the kind that a route stands for */

static enum structure_kind kind_of(const struct req *req)
{
    if (req->route->out == &programme_schema || req->route->out == &programme_page)
        return STRUCTURE_PROGRAMME;
    if (req->route->out == &module_schema || req->route->out == &module_page)
        return STRUCTURE_MODULE;
    return STRUCTURE_ROOM;
}

/* Where a room is helps whom checks in from elsewhere: students are not told. */
static void hide_place(const struct req *req, struct structure_item *at, size_t n)
{
    for (size_t i = 0; req->ctx->actor.role == ROLE_STUDENT && i < n; i++) {
        at[i].network = (struct opt_str){0};
        at[i].latitude = at[i].longitude = (struct opt_f64){0};
        at[i].radius_m = (struct opt_i64){0};
    }
}

static enum err item_list(struct req *req)
{
    struct page *out = req->out;
    enum err e = structure_list(req->ctx, kind_of(req), req->in, out);

    if (!e)
        hide_place(req, out->items.at, out->items.n);
    return e;
}

static enum err item_create(struct req *req)
{
    return structure_create(req->ctx, kind_of(req), req->in, req->out);
}

static enum err item_get(struct req *req)
{
    const struct item_in *in = req->in;
    enum err e = structure_get(req->ctx, kind_of(req), in->id, req->out);

    if (!e)
        hide_place(req, req->out, 1);
    return e;
}

static enum err item_change(struct req *req)
{
    return structure_update(req->ctx, kind_of(req), req->if_match, req->in, req->out);
}

/* routes */

#define ROUTES(id_, path_, list_in_, page_, new_, change_, out_)                                   \
    {                                                                                              \
        .id = id_ "_list",                                                                         \
        .method = HTTP_GET,                                                                        \
        .path = "/api/v1/" path_,                                                                  \
        .handler = item_list,                                                                      \
        .in = &(list_in_),                                                                         \
        .out = &(page_),                                                                           \
        .need = PERM_STRUCTURE_READ,                                                               \
        .status = 200,                                                                             \
        .errors = ERRORS(ERR_INVALID),                                                             \
        .summary = "List " id_ "s",                                                                \
        .description = "Sorted by name; `q` looks into name and code.",                            \
    },                                                                                             \
        {                                                                                          \
            .id = id_ "_create",                                                                   \
            .method = HTTP_POST,                                                                   \
            .path = "/api/v1/" path_,                                                              \
            .handler = item_create,                                                                \
            .in = &(new_),                                                                         \
            .out = &(out_),                                                                        \
            .need = PERM_STRUCTURE_MANAGE,                                                         \
            .status = 201,                                                                         \
            .errors = ERRORS(ERR_INVALID, ERR_CONFLICT),                                           \
            .versioned = true,                                                                     \
            .summary = "Add a " id_,                                                               \
            .description = "The code must not be taken.",                                          \
        },                                                                                         \
        {                                                                                          \
            .id = id_ "_get",                                                                      \
            .method = HTTP_GET,                                                                    \
            .path = "/api/v1/" path_ "/{id}",                                                      \
            .handler = item_get,                                                                   \
            .in = &item_in,                                                                        \
            .out = &(out_),                                                                        \
            .need = PERM_STRUCTURE_READ,                                                           \
            .status = 200,                                                                         \
            .errors = ERRORS(ERR_NOT_FOUND),                                                       \
            .versioned = true,                                                                     \
            .summary = "Read a " id_,                                                              \
            .description = "Archived ones are found as well.",                                     \
        },                                                                                         \
    {                                                                                              \
        .id = id_ "_update", .method = HTTP_PATCH, .path = "/api/v1/" path_ "/{id}",               \
        .handler = item_change, .in = &(change_), .out = &(out_), .need = PERM_STRUCTURE_MANAGE,   \
        .status = 200, .versioned = true, .summary = "Change or archive a " id_,                   \
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT),          \
        .description =                                                                             \
            "Only the members that are there change. Nothing is ever deleted: "                    \
            "`archived` takes it out of use.",                                                     \
    }

static const struct route routes[] = {
    ROUTES("programme", "programmes", list_in, programme_page, programme_new, programme_change,
           programme_schema),
    ROUTES("module", "modules", module_list_in, module_page, module_new, module_change,
           module_schema),
    ROUTES("room", "rooms", list_in, room_page, room_new, room_change, room_schema),
};
const struct route_table structure_api =
    ROUTE_TABLE("structure", "Programmes, their modules, and rooms", routes);
