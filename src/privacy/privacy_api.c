/* SPDX-License-Identifier: MIT */
/* Certificates of deletion over HTTP, and the key that signs them. */
#include "privacy/privacy_api.h"

#include "base/settings.h"

#include "enrolment/certificate.h"
#include "enrolment/signing.h"
#include "privacy/retention.h"

struct privacy_student {
    int64_t student_id;
};
static const struct field student_fields[] = {
    FIELD(struct privacy_student, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
};
static const struct schema privacy_student = SCHEMA(privacy_student, student_fields);

struct certificates {
    struct list items;
};
static const struct field certificates_fields[] = {
    FIELD(struct certificates, items, "The newest first", .required = true,
          .items = &certificate_info_schema),
};
static const struct schema certificates_schema =
    SCHEMA_NAMED("certificate_list", certificates, certificates_fields);

struct certificate_ref {
    struct str certificate_id;
};
static const struct field certificate_fields[] = {
    FIELD(struct certificate_ref, certificate_id, "Number of the certificate", .in = IN_PATH,
          .min = 1, .max = 64, .example = "\"8a0c54cc7f0b4e0e9d1f6a1b2c3d4e5f\""),
};
static const struct schema certificate_ref = SCHEMA(certificate_ref, certificate_fields);

static enum err list(struct req *req)
{
    const struct privacy_student *in = req->in;
    struct certificates *out = req->out;

    return certificate_list(req->ctx, in->student_id, &out->items);
}

static enum err get(struct req *req)
{
    const struct certificate_ref *in = req->in;
    enum err e = certificate_get(req->ctx, in->certificate_id, &req->reply->raw);

    if (e)
        return e;
    req->reply->raw_type = "application/json";
    reply_header(req, "Content-Disposition",
                 arena_printf(&req->ctx->arena, "attachment; filename=\"deletion-%.8s.json\"",
                              in->certificate_id.at));
    return ERR_OK;
}

static enum err retention(struct req *req)
{
    return retention_get(req->ctx, req->out);
}

static enum err signing_key(struct req *req)
{
    return signing_read(req->ctx, req->ctx->services->settings->signing_keys_file.at, req->out);
}

static const struct route routes[] = {
    {
        .id = "certificate_list",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/certificates",
        .handler = list,
        .in = &privacy_student,
        .out = &certificates_schema,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "List the certificates of deletion of a student",
    },
    {
        .id = "certificate_get",
        .method = HTTP_GET,
        .path = "/api/v1/certificates/{certificate_id}",
        .handler = get,
        .in = &certificate_ref,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .produces = "application/json",
        .summary = "Download a certificate of deletion",
        .description = "The signed document, byte for byte: `smartpresence certificate verify "
                       "FILE` checks it offline.",
    },
    {
        .id = "privacy_signing_key",
        .method = HTTP_GET,
        .path = "/api/v1/privacy/signing-key",
        .handler = signing_key,
        .out = &signing_public_schema,
        .need = PERM_PUBLIC,
        .status = 200,
        .summary = "Read the public key that signs certificates",
    },
    {
        .id = "privacy_retention",
        .method = HTTP_GET,
        .path = "/api/v1/privacy/retention",
        .handler = retention,
        .out = &retention_report_schema,
        .need = PERM_PRIVACY_READ,
        .status = 200,
        .summary = "Read what is forgotten when, and what the jobs last did",
    },
};

const struct route_table privacy_api =
    ROUTE_TABLE("privacy", "Certificates, retention and what is known about one person", routes);
