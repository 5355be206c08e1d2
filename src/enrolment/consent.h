/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Consent to face recognition: a ledger whose newest row is the state. Rows are added, never
 * changed. A student's own no wins: after it only the student can say yes again.
 */
#include "base/ctx.h"
#include "base/schema.h"

struct consent {
    struct str state; /* "none", "given", "withdrawn", "refused", "assented" */
    struct opt_str given_by, given_by_name;
    struct opt_str text_version, locale;
    struct opt_i64 given_at, withdrawn_at;
    bool blocked; /* the student said no: nobody else can give consent */
};
extern const struct schema consent_schema;

struct consent_new {
    int64_t student_id;
    struct str given_by;
    struct opt_str given_by_name;
    struct str text_version, locale;
    struct opt_str channel;
    struct opt_bool of_age; /* asked when the birth date is unknown */
};

/* Taking back or refusing. */
struct consent_end {
    int64_t student_id;
    struct opt_str
        by; /* "student", "guardian", "school"; absent: the caller, an admin: the school */
};

/* One row of the ledger. */
struct consent_entry {
    int64_t id;
    struct str state, given_by, text_version, locale, channel;
    struct opt_str given_by_name, text_hash;
    struct opt_bool of_age;
    int64_t at, by_account_id;
};
extern const struct schema consent_entry_schema;

/* A text that people agree to; `hash` is the SHA-256 of its paragraphs, a line each. */
struct consent_text {
    struct str version, locale, hash;
    struct strs paragraphs;
};
extern const struct schema consent_text_schema;

/* The text of that version (empty: the newest) in that language. ERR_NOT_FOUND */
must_check enum err consent_text_get(struct ctx *ctx, struct str version, struct str locale,
                                     struct consent_text *ret);

/* ERR_NOT_FOUND when the caller may not see the student. A trainer learns "none" or "given" only:
 * who refuses is not marked out. */
must_check enum err consent_get(struct ctx *ctx, int64_t student_id, struct consent *ret);
/*
 * Records consent; giving it again records it again.
 *
 * ERR_NOT_FOUND
 * ERR_INVALID           a minor needs a guardian; of age or not must be said without a birth date;
 *                       the student's page shows one of our texts
 * ERR_CONSENT_REQUIRED  the student has refused, and it is not the student who gives it now
 */
must_check enum err consent_give(struct ctx *ctx, const struct consent_new *in,
                                 struct consent *ret);
/* Takes consent back and destroys the templates and the key. ERR_NOT_FOUND: none was given.
 * ERR_INVALID: a student speaks for the student only. */
must_check enum err consent_withdraw(struct ctx *ctx, const struct consent_end *in);
/* Records a no, whether or not consent was given, and destroys what there is. ERR_NOT_FOUND,
 * ERR_INVALID: the school does not refuse for others. */
must_check enum err consent_refuse(struct ctx *ctx, const struct consent_end *in,
                                   struct consent *ret);
/* All rows, the newest first: struct consent_entry (at most 1000). ERR_NOT_FOUND */
must_check enum err consent_ledger(struct ctx *ctx, int64_t student_id, struct list *ret);
