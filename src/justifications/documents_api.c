/* SPDX-License-Identifier: MIT */
/* Papers over HTTP: sent as a form, given back as a download that no browser opens by itself. */
#include "justifications/documents_api.h"

#include "justifications/documents.h"

#define ID_FIELD(type_)                                                                            \
    FIELD(type_, justification_id, "Number of the justification", .in = IN_PATH, .min = 1,         \
          .example = "12")

struct document_new {
    int64_t justification_id;
    struct file file;
};
static const struct field new_fields[] = {
    ID_FIELD(struct document_new),
    FIELD(struct document_new, file, "A PDF, JPEG or PNG, at most 10 MiB", .required = true,
          .format = "binary", .min = 1, .max = DOCUMENT_MAX),
};
static const struct schema new_in = SCHEMA(document_new, new_fields);

struct document_ref {
    int64_t justification_id, document_id;
};
static const struct field ref_fields[] = {
    ID_FIELD(struct document_ref),
    FIELD(struct document_ref, document_id, "Number of the paper", .in = IN_PATH, .min = 1,
          .example = "4"),
};
static const struct schema ref_in = SCHEMA(document_ref, ref_fields);

static enum err add(struct req *req)
{
    const struct document_new *in = req->in;

    return document_add(req->ctx, in->justification_id, &in->file, req->out);
}

static enum err get(struct req *req)
{
    const struct document_ref *in = req->in;
    struct justification_document paper = {0};
    enum err e =
        document_read(req->ctx, in->justification_id, in->document_id, &paper, &req->reply->raw);

    if (e)
        return e;
    req->reply->raw_type = "application/octet-stream"; /* whatever it is: to be saved, not shown */
    reply_header(req, "Content-Disposition", document_disposition(req->ctx, paper.name));
    reply_header(req, "Content-Security-Policy", STR("sandbox"));
    return ERR_OK;
}

static enum err remove_one(struct req *req)
{
    const struct document_ref *in = req->in;

    return document_delete(req->ctx, in->justification_id, in->document_id);
}

#define PATH "/api/v1/justifications/{justification_id}/documents"

static const struct route routes[] = {
    {
        .id = "document_add",
        .method = HTTP_POST,
        .path = PATH,
        .handler = add,
        .in = &new_in,
        .out = &justification_document_schema,
        .need = PERM_JUSTIFICATIONS_MAKE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH,
                         ERR_DOCUMENT_INVALID, ERR_STORAGE_FULL, ERR_BUSY),
        .summary = "Add a paper",
        .description = "At most 5, and of a family 60 within 30 days. What it is, is told by its "
                       "content: pictures are decoded whole; "
                       "a PDF may not run, carry or send anything. It is sealed and kept "
                       "`keep_documents_days` after the decision.",
        .body_max = DOCUMENT_MAX + (64 << 10),
        .consumes = "multipart/form-data",
        .per_minute = 120,
    },
    {
        .id = "document_get",
        .method = HTTP_GET,
        .path = PATH "/{document_id}",
        .handler = get,
        .in = &ref_in,
        .need = PERM_JUSTIFICATIONS_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .produces = "application/octet-stream",
        .summary = "Download a paper",
        .description = "For who made the justification, the student, guardians who may sign, and "
                       "administrators.",
    },
    {
        .id = "document_delete",
        .method = HTTP_DELETE,
        .path = PATH "/{document_id}",
        .handler = remove_one,
        .in = &ref_in,
        .need = PERM_JUSTIFICATIONS_MAKE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Delete a paper while nothing is decided",
    },
};
const struct route_table documents_api =
    ROUTE_TABLE("documents", "Papers of justifications", routes);
