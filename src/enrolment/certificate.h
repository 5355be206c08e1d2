/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Certificates of deletion: what was destroyed, when and why, signed, without a name in them. The
 * document is JSON in one fixed form (members sorted, no white space), so that each of its bytes is
 * covered by the signature or by the form.
 */
#include "base/ctx.h"
#include "base/schema.h"

struct certificate_facts {
    int64_t student_id;
    const char *reason;
    int64_t consent_id; /* row of the ledger; 0: none */
    int64_t templates, pairs, log_rows;
    struct strs models;
    struct str key_fingerprint; /* empty: there was no key */
    bool postgres;
};

struct certificate_info {
    int64_t id;
    struct str certificate_id, reason;
    int64_t student_id, templates, at;
};
extern const struct schema certificate_info_schema;

/* Who signed what, for `certificate verify`. */
struct certificate_check {
    bool good;
    struct str sentence; /* in English, for people */
};

/* Signs and stores, in the caller's transaction. */
must_check enum err certificate_issue(struct ctx *ctx, const struct certificate_facts *facts);
/* Those of a student that the caller may see: struct certificate_info, the newest first.
 * ERR_NOT_FOUND */
must_check enum err certificate_list(struct ctx *ctx, int64_t student_id, struct list *ret);
/* The document. ERR_NOT_FOUND: not there, or of a student whom the caller may not see. */
must_check enum err certificate_get(struct ctx *ctx, struct str certificate_id, struct str *ret);
/* Judges the text of a document, without any database. `key`: base64, empty: the one that the
 * document names, which then has to be compared with the school's. */
void certificate_verify(struct ctx *ctx, struct str text, struct str key,
                        struct certificate_check *ret);
