/* SPDX-License-Identifier: MIT */
/* Certificates of deletion over HTTP, and the key that signs them. */
#include "privacy/privacy_api.h"

#include "base/settings.h"

#include "enrolment/certificate.h"
#include "enrolment/signing.h"
#include "privacy/forget.h"
#include "privacy/person.h"
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

struct export_page {
    int64_t student_id;
    struct str locale;
};
static const struct field export_fields[] = {
    FIELD(struct export_page, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    FIELD(struct export_page, locale, "Language of the page", .in = IN_QUERY,
          .one_of = ONE_OF("en", "fr", "ar"), .fallback = "en", .example = "\"fr\""),
};
static const struct schema export_page = SCHEMA(export_page, export_fields);

struct account_ref {
    int64_t user_id;
};
static const struct field account_fields[] = {
    FIELD(struct account_ref, user_id, "Account", .in = IN_PATH, .min = 1, .example = "7"),
};
static const struct schema account_ref = SCHEMA(account_ref, account_fields);

struct account_export {
    int64_t user_id;
    struct str locale;
};
static const struct field account_export_fields[] = {
    FIELD(struct account_export, user_id, "Account", .in = IN_PATH, .min = 1, .example = "7"),
    FIELD(struct account_export, locale, "Language of the page", .in = IN_QUERY,
          .one_of = ONE_OF("en", "fr", "ar"), .fallback = "en", .example = "\"fr\""),
};
static const struct schema account_export = SCHEMA(account_export, account_export_fields);

static void download(struct req *req, const char *what, int64_t id, const char *ending)
{
    reply_header(req, "Content-Disposition",
                 arena_printf(&req->ctx->arena, "attachment; filename=\"%s-%lld.%s\"", what,
                              (long long)id, ending));
}

static enum err export_json(struct req *req)
{
    const struct privacy_student *in = req->in;
    enum err e = person_json(req->ctx, in->student_id, &req->reply->raw);

    req->reply->raw_type = e ? NULL : "application/json";
    download(req, "student", in->student_id, "json");
    return e;
}

static enum err export_html(struct req *req)
{
    const struct export_page *in = req->in;
    enum err e = person_page(req->ctx, in->student_id, in->locale, &req->reply->raw);

    req->reply->raw_type = e ? NULL : "text/html; charset=utf-8";
    download(req, "student", in->student_id, "html");
    return e;
}

static enum err account_export_json(struct req *req)
{
    const struct account_ref *in = req->in;
    enum err e = account_json(req->ctx, in->user_id, &req->reply->raw);

    req->reply->raw_type = e ? NULL : "application/json";
    download(req, "account", in->user_id, "json");
    return e;
}

static enum err account_export_html(struct req *req)
{
    const struct account_export *in = req->in;
    enum err e = account_page(req->ctx, in->user_id, in->locale, &req->reply->raw);

    req->reply->raw_type = e ? NULL : "text/html; charset=utf-8";
    download(req, "account", in->user_id, "html");
    return e;
}

struct forget_student_in {
    int64_t student_id;
    struct str student_number;
};
static const struct field forget_student_fields[] = {
    FIELD(struct forget_student_in, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    FIELD(struct forget_student_in, student_number, "The student's number, so that it is meant",
          .required = true, .format = "name", .min = 1, .max = 64, .example = "\"S-2024-017\""),
};
static const struct schema forget_student_in = SCHEMA(forget_student_in, forget_student_fields);

struct forget_account_in {
    int64_t user_id;
    struct str email;
};
static const struct field forget_account_fields[] = {
    FIELD(struct forget_account_in, user_id, "Account", .in = IN_PATH, .min = 1, .example = "7"),
    FIELD(struct forget_account_in, email, "The account's e-mail, so that it is meant",
          .required = true, .min = 1, .max = 254, .example = "\"ada@school.example\""),
};
static const struct schema forget_account_in = SCHEMA(forget_account_in, forget_account_fields);

static enum err student_forget(struct req *req)
{
    const struct forget_student_in *in = req->in;

    return forget_student(req->ctx, in->student_id, in->student_number, req->out);
}

static enum err account_forget(struct req *req)
{
    const struct forget_account_in *in = req->in;

    return forget_account(req->ctx, in->user_id, in->email, req->out);
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
        .description = "The newest first; 1000 at most.",
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
        .id = "privacy_export",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/export",
        .handler = export_json,
        .in = &privacy_student,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_TOO_LARGE),
        .produces = "application/json",
        .summary = "Export everything about one student",
        .description = "For the student and administrators. Face templates without their contents. "
                       "`tables` says which table is in which part, `left_out` which are not.",
        .per_minute = 30,
    },
    {
        .id = "privacy_export_page",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/export.html",
        .handler = export_html,
        .in = &export_page,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_TOO_LARGE),
        .produces = "text/html",
        .summary = "The same as a page to read and print",
        .per_minute = 30,
    },
    {
        .id = "privacy_account_export",
        .method = HTTP_GET,
        .path = "/api/v1/users/{user_id}/export",
        .handler = account_export_json,
        .in = &account_ref,
        .need = PERM_SELF,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_TOO_LARGE),
        .produces = "application/json",
        .summary = "Export everything about one account",
        .description = "For the person and administrators: what a trainer, guardian or "
                       "administrator is known by and did. Of other people it holds numbers, not "
                       "names; what is known about a student is in the student's export.",
        .per_minute = 10,
    },
    {
        .id = "privacy_account_export_page",
        .method = HTTP_GET,
        .path = "/api/v1/users/{user_id}/export.html",
        .handler = account_export_html,
        .in = &account_export,
        .need = PERM_SELF,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_TOO_LARGE),
        .produces = "text/html",
        .summary = "The same as a page to read and print",
        .per_minute = 10,
    },
    {
        .id = "privacy_forget_student",
        .method = HTTP_POST,
        .path = "/api/v1/students/{student_id}/forget",
        .handler = student_forget,
        .in = &forget_student_in,
        .out = &forget_report_schema,
        .need = PERM_PRIVACY_FORGET,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_IN_USE, ERR_INVALID),
        .summary = "Forget an archived student for good",
        .description = "Name, number, birth date, account, words and papers go, face data with a "
                       "certificate; the register stays, by number. It cannot be undone. Asked "
                       "again it is answered again, whatever number is said, without a second "
                       "certificate.",
        .per_minute = 60,
    },
    {
        .id = "privacy_forget_account",
        .method = HTTP_POST,
        .path = "/api/v1/users/{user_id}/forget",
        .handler = account_forget,
        .in = &forget_account_in,
        .out = &forget_report_schema,
        .need = PERM_PRIVACY_FORGET,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_IN_USE, ERR_INVALID),
        .summary = "Forget the archived account of a trainer, guardian or administrator for good",
        .description =
            "Name, e-mail, password, logins and calendars go; what the person did in the "
            "register stays, by number. It cannot be undone. Asked again it is answered again, "
            "whatever e-mail is said.",
        .per_minute = 60,
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
