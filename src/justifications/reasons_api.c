/* SPDX-License-Identifier: MIT */
/* Reasons over HTTP: everybody reads them, administrators change them. */
#include "justifications/reasons_api.h"

#include "justifications/reasons.h"

struct reasons_query {
    struct page_query page;
};
static const struct field list_fields[] = {
    PAGE_FIELDS(struct reasons_query),
    PAGE_FIELD(struct reasons_query, archived, "Only those out of use instead of only the others",
               .fallback = "false", .example = "false"),
};
static const struct schema list_in = SCHEMA(reasons_query, list_fields);
static const struct field page_fields[] = PAGE_OUT(absence_reason_schema);
static const struct schema page_out = SCHEMA_NAMED("absence_reason_page", page, page_fields);

#define F(...) FIELD(struct absence_reason_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(code, "Short name for programs", .required = true, .format = "name", .min = 1, .max = 40,
      .example = "\"strike\""),
    F(label_en, "In English", .required = true, .format = "name", .min = 1, .max = 100,
      .example = "\"Strike\""),
    F(label_fr, "In French", .required = true, .format = "name", .min = 1, .max = 100,
      .example = "\"Grève\""),
    F(label_ar, "In Arabic", .required = true, .format = "name", .min = 1, .max = 100,
      .example = "\"إضراب\""),
    F(needs_document, "Whether it is to be proved by a paper; false when absent",
      .example = "false"),
    F(status_code, "What the register shows, a code of the category excused; its default when null",
      .max = 8, .example = "null"),
    F(position, "Place in lists; 0 when absent", .min = 0, .max = 100000, .example = "8"),
};
#undef F
static const struct schema new_in = SCHEMA(absence_reason_new, new_fields);

#define F(...) FIELD(struct absence_reason_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(reason_id, "Number of the reason", .in = IN_PATH, .min = 1, .example = "3"),
    F(code, "Short name for programs", .no_null = true, .format = "name", .min = 1, .max = 40,
      .example = "\"family\""),
    F(label_en, "In English", .no_null = true, .format = "name", .min = 1, .max = 100,
      .example = "\"Family\""),
    F(label_fr, "In French", .no_null = true, .format = "name", .min = 1, .max = 100,
      .example = "\"Famille\""),
    F(label_ar, "In Arabic", .no_null = true, .format = "name", .min = 1, .max = 100,
      .example = "\"عائلة\""),
    F(needs_document, "Whether it is to be proved by a paper", .no_null = true, .example = "true"),
    F(status_code, "A code of the category excused; null: its default", .max = 8,
      .example = "null"),
    F(position, "Place in lists", .no_null = true, .min = 0, .max = 100000, .example = "2"),
    F(archived, "Whether it is out of use", .no_null = true, .example = "false"),
};
#undef F
static const struct schema change_in = SCHEMA(absence_reason_change, change_fields);

struct reason_ref {
    int64_t reason_id;
};
static const struct field ref_fields[] = {
    FIELD(struct reason_ref, reason_id, "Number of the reason", .in = IN_PATH, .min = 1,
          .example = "3"),
};
static const struct schema ref_in = SCHEMA(reason_ref, ref_fields);

static enum err list(struct req *req)
{
    const struct reasons_query *in = req->in;

    return reason_list(req->ctx, &in->page, req->out);
}

static enum err get(struct req *req)
{
    const struct reason_ref *in = req->in;

    return reason_get(req->ctx, in->reason_id, req->out);
}

static enum err create(struct req *req)
{
    return reason_create(req->ctx, req->in, req->out);
}

static enum err change(struct req *req)
{
    return reason_update(req->ctx, req->if_match.v, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "reason_list",
        .method = HTTP_GET,
        .path = "/api/v1/absence-reasons",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_JUSTIFICATIONS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List the reasons for absences",
    },
    {
        .id = "reason_create",
        .method = HTTP_POST,
        .path = "/api/v1/absence-reasons",
        .handler = create,
        .in = &new_in,
        .out = &absence_reason_schema,
        .need = PERM_JUSTIFICATIONS_DECIDE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT),
        .summary = "Add a reason for absences",
    },
    {
        .id = "reason_get",
        .method = HTTP_GET,
        .path = "/api/v1/absence-reasons/{reason_id}",
        .handler = get,
        .in = &ref_in,
        .out = &absence_reason_schema,
        .need = PERM_JUSTIFICATIONS_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a reason for absences",
    },
    {
        .id = "reason_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/absence-reasons/{reason_id}",
        .handler = change,
        .in = &change_in,
        .out = &absence_reason_schema,
        .need = PERM_JUSTIFICATIONS_DECIDE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Change a reason, or put it out of use",
        .description = "What was justified before keeps the code that it shows.",
    },
};
const struct route_table reasons_api =
    ROUTE_TABLE("absence-reasons", "Why somebody is away, in the school's words", routes);
