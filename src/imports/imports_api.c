/* SPDX-License-Identifier: MIT */
/* Imports over HTTP. */
#include "imports/imports_api.h"

#include "imports/imports.h"

#define F(...) FIELD(struct import_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(archive,
      "A ZIP of at most 64 MiB and 5,000 photos, all at its top, each at most 8 MiB; without a "
      "list they are named by student number: 1234.jpg, 1234_2.jpg",
      .required = true, .format = "binary", .min = 1, .max = IMPORT_ARCHIVE_MAX),
    F(list, "CSV in UTF-8 with the columns student_number, file and, if you like, source",
      .format = "binary", .min = 1, .max = IMPORT_LIST_MAX),
    F(source, "How the photos were taken; `photos` when absent",
      .one_of = ONE_OF("photos", "id_photo"), .example = "\"id_photo\""),
    F(dry_run, "true (when absent): look at each row first; false: enrol at once",
      .example = "true"),
};
#undef F
static const struct schema new_in = SCHEMA(import_new, new_fields);

struct import_ref {
    int64_t import_id;
};
static const struct field ref_fields[] = {
    FIELD(struct import_ref, import_id, "Number of the import", .in = IN_PATH, .min = 1,
          .example = "3"),
};
static const struct schema ref_in = SCHEMA(import_ref, ref_fields);

struct imports_query {
    struct page_query page;
};
static const struct field list_fields[] = {PAGE_FIELDS(struct imports_query)};
static const struct schema list_in = SCHEMA(imports_query, list_fields);
static const struct field page_fields[] = PAGE_OUT(import_schema);
static const struct schema page_out = SCHEMA_NAMED("import_page", page, page_fields);

static const struct field rows_fields[] = {
    PAGE_FIELDS(struct import_rows_query),
    FIELD(struct import_rows_query, import_id, "Number of the import", .in = IN_PATH, .min = 1,
          .example = "3"),
    FIELD(struct import_rows_query, result, "Only rows with this result", .in = IN_QUERY, .max = 40,
          .example = "\"flaws\""),
};
static const struct schema rows_in = SCHEMA(import_rows_query, rows_fields);
static const struct field rows_page_fields[] = PAGE_OUT(import_row_schema);
static const struct schema rows_out = SCHEMA_NAMED("import_row_page", page, rows_page_fields);

static enum err create(struct req *req)
{
    return import_create(req->ctx, req->in, req->out);
}

static enum err list(struct req *req)
{
    const struct imports_query *in = req->in;

    return import_list(req->ctx, &in->page, req->out);
}

static enum err get(struct req *req)
{
    const struct import_ref *in = req->in;

    return import_get(req->ctx, in->import_id, req->out);
}

static enum err rows(struct req *req)
{
    return import_rows(req->ctx, req->in, req->out);
}

static enum err run(struct req *req)
{
    const struct import_ref *in = req->in;

    return import_run(req->ctx, in->import_id, req->out);
}

static enum err cancel(struct req *req)
{
    const struct import_ref *in = req->in;

    return import_cancel(req->ctx, in->import_id, req->out);
}

static const struct route routes[] = {
    {
        .id = "import_create",
        .method = HTTP_POST,
        .path = "/api/v1/imports/photos",
        .handler = create,
        .in = &new_in,
        .out = &import_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_STORAGE_FULL),
        .summary = "Send photos of many students in a ZIP",
        .description = "Answers at once; the rows are looked at behind it. Follow the event "
                       "`import.progress`. The photos are deleted at the end, and when nobody runs "
                       "them within `import_keep_hours`.",
        .body_max = IMPORT_ARCHIVE_MAX + IMPORT_LIST_MAX + (64 << 10),
        .consumes = "multipart/form-data",
    },
    {
        .id = "import_list",
        .method = HTTP_GET,
        .path = "/api/v1/imports",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List imports of photos, the newest first",
        .description = "Reports are kept for 30 days.",
    },
    {
        .id = "import_get",
        .method = HTTP_GET,
        .path = "/api/v1/imports/{import_id}",
        .handler = get,
        .in = &ref_in,
        .out = &import_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read how far an import is",
    },
    {
        .id = "import_rows",
        .method = HTTP_GET,
        .path = "/api/v1/imports/{import_id}/rows",
        .handler = rows,
        .in = &rows_in,
        .out = &rows_out,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_INVALID),
        .summary = "Read what became of each student of an import",
    },
    {
        .id = "import_run",
        .method = HTTP_POST,
        .path = "/api/v1/imports/{import_id}/run",
        .handler = run,
        .in = &ref_in,
        .out = &import_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE),
        .summary = "Enrol the students of an import that was checked",
    },
    {
        .id = "import_cancel",
        .method = HTTP_POST,
        .path = "/api/v1/imports/{import_id}/cancel",
        .handler = cancel,
        .in = &ref_in,
        .out = &import_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Stop an import and delete its photos",
        .description = "Who is enrolled by it already stays enrolled.",
    },
};

const struct route_table imports_api =
    ROUTE_TABLE("imports", "Photos of many students at once", routes);
