/* SPDX-License-Identifier: MIT */
/* Certificates of deletion: written, signed, kept and judged. */
#include "enrolment/certificate.h"

#include <sodium.h>

#include "base/json.h"
#include "base/settings.h"

#include "enrolment/certificate_store.h"
#include "enrolment/signing.h"
#include "students/students.h"

enum { DOCUMENT_MAX = 16 << 10 };

/* Members in the order of their names: that is the document's form. */
struct destroyed {
    struct str key_fingerprint;
    int64_t log_rows;
    struct strs models;
    int64_t pairs, templates;
};
#define F(...) FIELD(struct destroyed, __VA_ARGS__)
static const struct field destroyed_fields[] = {
    F(key_fingerprint, "Names the destroyed key; empty: there was none", .required = true),
    F(log_rows, "Rows of the verification log that no longer name the student", .required = true),
    F(models, "Models of the templates", .required = true),
    F(pairs, "Pairs of look-alikes and corrections that were deleted", .required = true),
    F(templates, "Destroyed templates", .required = true),
};
#undef F
static const struct schema destroyed_schema = SCHEMA(destroyed, destroyed_fields);

struct pseudonym {
    int64_t id;
    struct str number_hash, salt;
};
#define F(...) FIELD(struct pseudonym, __VA_ARGS__)
static const struct field pseudonym_fields[] = {
    F(id, "Number in the database", .required = true),
    F(number_hash, "SHA-256 of salt, colon and student number", .required = true),
    F(salt, "Salt of the hash", .required = true),
};
#undef F
static const struct schema pseudonym_schema = SCHEMA(pseudonym, pseudonym_fields);

struct body {
    int64_t at;
    struct str by_role;
    struct opt_str complete_after;
    struct opt_i64 consent_id;
    struct obj destroyed;
    struct str format, id, reason, school, software;
    struct obj student;
};
#define F(...) FIELD(struct body, __VA_ARGS__)
static const struct field body_fields[] = {
    F(at, "When", .required = true, .format = "date-time"),
    F(by_role, "Who: admin, student, or none for the program", .required = true),
    F(complete_after, "What must follow until no copy is left", .required = true),
    F(consent_id, "Row of the ledger of consent", .required = true),
    F(destroyed, "What", .required = true, .items = &destroyed_schema),
    F(format, "Form of this document", .required = true),
    F(id, "Number of the certificate", .required = true),
    F(reason, "Why", .required = true),
    F(school, "School", .required = true),
    F(software, "Program and version", .required = true),
    F(student, "Whose, without a name", .required = true, .items = &pseudonym_schema),
};
#undef F
static const struct schema body_schema = SCHEMA(body, body_fields);

struct document {
    struct obj certificate;
    struct str key, signature;
};
#define F(...) FIELD(struct document, __VA_ARGS__)
static const struct field document_fields[] = {
    F(certificate, "What is signed", .required = true, .items = &body_schema),
    F(key, "Public key", .required = true),
    F(signature, "Ed25519 signature of `certificate`", .required = true),
};
#undef F
static const struct schema document_schema = SCHEMA(document, document_fields);

#define F(...) FIELD(struct certificate_info, __VA_ARGS__)
static const struct field info_fields[] = {
    F(id, "Number of the row", .required = true, .example = "4"),
    F(certificate_id, "Number of the certificate", .required = true),
    F(reason, "Why", .required = true,
      .one_of = ONE_OF("consent_withdrawn", "consent_refused", "enrolment_deleted", "retention",
                       "forgotten")),
    F(student_id, "Student", .required = true, .example = "31"),
    F(templates, "Destroyed templates", .required = true, .example = "3"),
    F(at, "When", .required = true, .format = "date-time"),
};
#undef F
const struct schema certificate_info_schema = SCHEMA(certificate_info, info_fields);

static const char format_name[] = "smartpresence-deletion-1";

static struct str written(struct ctx *ctx, const struct schema *s, const void *at)
{
    cleanup(buf_finish) struct buf b = BUF(DOCUMENT_MAX);

    json_write(&b, s, at);
    return arena_str(&ctx->arena, buf_view(&b));
}

static struct str random_hex(struct ctx *ctx, size_t bytes)
{
    unsigned char dice[16];
    char *hex = arena_alloc(&ctx->arena, 2 * sizeof(dice) + 1);

    ctx->ports->random(dice, bytes);
    return str_of(sodium_bin2hex(hex, 2 * sizeof(dice) + 1, dice, bytes));
}

static struct pseudonym pseudonym_of(struct ctx *ctx, const struct student *s)
{
    struct str salt = random_hex(ctx, 16);
    struct str text = arena_printf(&ctx->arena, "%s:%.*s", salt.at, (int)s->student_number.len,
                                   s->student_number.at);
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(&ctx->arena, 2 * sizeof(digest) + 1);

    crypto_hash_sha256(digest, (const unsigned char *)text.at, text.len);
    sodium_bin2hex(hex, 2 * sizeof(digest) + 1, digest, sizeof(digest));
    return (struct pseudonym){s->id, str_of(hex), salt};
}

/* PostgreSQL keeps old row versions in its write-ahead log and its backups (docs/adr/0015). */
static struct opt_str completion(const struct certificate_facts *f)
{
    if (!f->postgres || !f->key_fingerprint.len)
        return (struct opt_str){.null = true};
    return (struct opt_str){
        .set = true,
        .v = STR("sealed copies may remain in the database server's write-ahead log until it is "
                 "recycled; rotating the master key makes them unreadable")};
}

enum err certificate_issue(struct ctx *ctx, const struct certificate_facts *f)
{
    const struct settings *set = ctx->services->settings;
    struct student student = {0};
    struct pseudonym who;
    struct destroyed what = {f->key_fingerprint, f->log_rows, f->models, f->pairs, f->templates};
    struct body body = {
        .at = ctx->now,
        .by_role = str_of(role_name(ctx->actor.role)),
        .complete_after = completion(f),
        .consent_id = {.set = f->consent_id != 0, .null = f->consent_id == 0, .v = f->consent_id},
        .destroyed = {&what},
        .format = str_of(format_name),
        .id = random_hex(ctx, 16),
        .reason = str_of(f->reason),
        .school = set->school_name,
        .software = STR("SmartPresence " SP_VERSION),
        .student = {&who},
    };
    struct document doc = {.certificate = {&body}};
    struct certificate_info info = {
        .certificate_id = body.id,
        .reason = body.reason,
        .student_id = f->student_id,
        .templates = f->templates,
        .at = ctx->now,
    };
    enum err e = student_get(ctx, f->student_id, &student);

    if (e)
        return e;
    who = pseudonym_of(ctx, &student);
    e = signing_sign(ctx, set->signing_keys_file.at, written(ctx, &body_schema, &body), &doc.key,
                     &doc.signature);
    return e ? e : certificate_insert(ctx, &info, written(ctx, &document_schema, &doc));
}

enum err certificate_list(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    struct student student = {0};
    enum err e = student_get_for(ctx, student_id, &student);

    return e ? e : certificate_fetch_all(ctx, student_id, ret);
}

enum err certificate_get(struct ctx *ctx, struct str certificate_id, struct str *ret)
{
    struct certificate_row row = {0};
    struct student student = {0};
    enum err e = certificate_fetch(ctx, certificate_id, &row);

    e = e ? e : student_get_for(ctx, row.student_id, &student);
    if (e == ERR_NOT_FOUND) {
        fault_clear(ctx);
        return fail(ctx, ERR_NOT_FOUND, "there is no such certificate");
    }
    if (!e)
        *ret = row.document;
    return e;
}

static void refuse(struct certificate_check *ret, struct str why)
{
    *ret = (struct certificate_check){.sentence = why};
}

void certificate_verify(struct ctx *ctx, struct str text, struct str key,
                        struct certificate_check *ret)
{
    struct document doc = {0};
    const struct body *body;
    const struct destroyed *what;
    const struct pseudonym *who;

    /* A line's end after it is no part of it. */
    if (text.len && text.at[text.len - 1] == '\n')
        text.len--;
    if (text.len > DOCUMENT_MAX || json_bind(ctx, &document_schema, text, &doc)) {
        fault_clear(ctx);
        return refuse(ret,
                      STR("NOT VALID: this is no certificate of deletion, or it was altered."));
    }
    body = doc.certificate.at;
    what = body->destroyed.at;
    who = body->student.at;
    if (!str_eq(written(ctx, &document_schema, &doc), text) || !str_is(body->format, format_name))
        return refuse(ret, STR("NOT VALID: the document is not in the form it was signed in."));
    if (key.len && !str_eq(key, doc.key))
        return refuse(ret, arena_printf(&ctx->arena,
                                        "NOT VALID: signed by the key %.*s, which is another one.",
                                        (int)doc.key.len, doc.key.at));
    if (!signing_is_good(doc.key, written(ctx, &body_schema, body), doc.signature))
        return refuse(ret, STR("NOT VALID: the signature does not fit; something was altered."));
    ret->good = true;
    ret->sentence = arena_printf(
        &ctx->arena,
        "VALID: on %.*s %.*s destroyed %lld face templates and the key of student %lld (%.*s).%s",
        (int)time_format(&ctx->arena, body->at).len, time_format(&ctx->arena, body->at).at,
        (int)body->school.len, body->school.at, (long long)what->templates, (long long)who->id,
        (int)body->reason.len, body->reason.at,
        key.len ? ""
                : arena_printf(&ctx->arena,
                               "\nSigned by the key %.*s: compare it with the one that the school "
                               "publishes.",
                               (int)doc.key.len, doc.key.at)
                      .at);
}
