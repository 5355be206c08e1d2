/* SPDX-License-Identifier: MIT */
/* Consent over HTTP: what is said, by whom, and the ledger of it. */
#include "enrolment/consent_api.h"

#include "enrolment/consent.h"

struct consent_ref {
    int64_t student_id;
};
static const struct field ref_fields[] = {
    FIELD(struct consent_ref, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
};
static const struct schema consent_ref = SCHEMA(consent_ref, ref_fields);

#define F(...) FIELD(struct consent_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    F(given_by, "Who gives it; a minor needs the guardian", .required = true,
      .one_of = ONE_OF("student", "guardian"), .example = "\"student\""),
    F(given_by_name, "Name of the guardian", .format = "name", .min = 1, .max = 200,
      .example = "\"Nadia Alaoui\""),
    F(text_version, "Version of the text that was shown", .required = true, .min = 1, .max = 40,
      .example = "\"2026-11\""),
    F(locale, "Language of the text", .required = true, .one_of = ONE_OF("en", "fr", "ar"),
      .example = "\"fr\""),
    F(channel, "How it came; `web` for students, else `paper` unless said", .no_null = true,
      .one_of = ONE_OF("web", "paper", "import"), .example = "\"paper\""),
    F(of_age, "Whether the student is 18 or older: asked when the birth date is unknown",
      .no_null = true, .example = "true"),
};
#undef F
static const struct schema consent_new = SCHEMA(consent_new, new_fields);

#define F(...) FIELD(struct consent_end, __VA_ARGS__)
static const struct field end_fields[] = {
    F(student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    F(by, "Who takes it back; the school when an admin does not say", .in = IN_QUERY,
      .one_of = ONE_OF("student", "guardian", "school"), .example = "\"guardian\""),
};
static const struct field refusal_fields[] = {
    F(student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    F(by, "Who says no; the student unless said", .no_null = true,
      .one_of = ONE_OF("student", "guardian"), .example = "\"student\""),
};
#undef F
static const struct schema consent_end = SCHEMA(consent_end, end_fields);
static const struct schema consent_refusal =
    SCHEMA_NAMED("consent_refusal", consent_end, refusal_fields);

struct ledger {
    struct list items;
};
static const struct field ledger_fields[] = {
    FIELD(struct ledger, items, "What was said, the newest first", .required = true,
          .items = &consent_entry_schema),
};
static const struct schema ledger_schema = SCHEMA_NAMED("consent_ledger", ledger, ledger_fields);

struct text_in {
    struct str version, locale;
};
#define F(...) FIELD(struct text_in, __VA_ARGS__)
static const struct field text_fields[] = {
    F(version, "Version; the newest when absent", .in = IN_QUERY, .max = 40, .fallback = "",
      .example = "\"2026-11\""),
    F(locale, "Language", .in = IN_QUERY, .one_of = ONE_OF("en", "fr", "ar"), .fallback = "en",
      .example = "\"fr\""),
};
#undef F
static const struct schema text_in = SCHEMA_NAMED("consent_text_in", text_in, text_fields);

static enum err get(struct req *req)
{
    const struct consent_ref *in = req->in;

    return consent_get(req->ctx, in->student_id, req->out);
}

static enum err give(struct req *req)
{
    return consent_give(req->ctx, req->in, req->out);
}

static enum err withdraw(struct req *req)
{
    return consent_withdraw(req->ctx, req->in);
}

static enum err refuse(struct req *req)
{
    return consent_refuse(req->ctx, req->in, req->out);
}

static enum err ledger(struct req *req)
{
    const struct consent_ref *in = req->in;
    struct ledger *out = req->out;

    return consent_ledger(req->ctx, in->student_id, &out->items);
}

static enum err text(struct req *req)
{
    const struct text_in *in = req->in;

    return consent_text_get(req->ctx, in->version, in->locale, req->out);
}

static const struct route routes[] = {
    {
        .id = "consent_get",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/consent",
        .handler = get,
        .in = &consent_ref,
        .out = &consent_schema,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read the consent to face recognition",
        .description = "For the student and administrators: who has said no is nobody else's "
                       "business.",
    },
    {
        .id = "consent_give",
        .method = HTTP_PUT,
        .path = "/api/v1/students/{student_id}/consent",
        .handler = give,
        .in = &consent_new,
        .out = &consent_schema,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONSENT_REQUIRED),
        .summary = "Record consent to face recognition",
        .description = "A student gives the own consent; an admin records one given on paper, "
                       "which a guardian's always is. After a student's own no, 409 for everybody "
                       "but the student.",
    },
    {
        .id = "consent_withdraw",
        .method = HTTP_DELETE,
        .path = "/api/v1/students/{student_id}/consent",
        .handler = withdraw,
        .in = &consent_end,
        .need = PERM_CONSENT_GIVE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Withdraw consent and destroy the face templates",
        .description = "Templates and key are destroyed in the same transaction, and a signed "
                       "certificate of it is kept for the student.",
    },
    {
        .id = "consent_refuse",
        .method = HTTP_POST,
        .path = "/api/v1/students/{student_id}/consent/refusal",
        .handler = refuse,
        .in = &consent_refusal,
        .out = &consent_schema,
        .need = PERM_CONSENT_GIVE,
        .status = 201,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Record that face recognition is refused",
        .description = "Whether or not there was consent. What is enrolled is destroyed. A "
                       "student's no can be taken back by the student only.",
    },
    {
        .id = "consent_ledger",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/consent/ledger",
        .handler = ledger,
        .in = &consent_ref,
        .out = &ledger_schema,
        .need = PERM_CONSENT_GIVE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read all that was said about consent",
        .description = "The newest first; 1000 at most.",
    },
    {
        .id = "consent_text",
        .method = HTTP_GET,
        .path = "/api/v1/privacy/consent-text",
        .handler = text,
        .in = &text_in,
        .out = &consent_text_schema,
        .need = PERM_SELF,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read the text that people agree to",
    },
};

const struct route_table consent_api =
    ROUTE_TABLE("consent", "Consent to face recognition", routes);
