/* SPDX-License-Identifier: MIT */
#pragma once
/* The end of a student's face data, with a certificate: the one way to destroy templates. */
#include "base/ctx.h"

struct erasure {
    int64_t student_id;
    /* consent_withdrawn consent_refused enrolment_deleted retention forgotten */
    const char *reason;
    int64_t consent_id; /* row of the ledger; 0: none */
    bool always;        /* a certificate even when there was nothing to destroy */
    bool clean;         /* clean the files even then: other things are deleted as well */
};

/*
 * In the caller's transaction, the student held (student_touch): destroys templates and key,
 * deletes pairs, makes the verification log forget who it was, signs a certificate, tells live
 * clients. After the commit the database's files are cleaned of what was deleted. *ret_n counts
 * the templates (may be NULL).
 */
must_check enum err erasure_run(struct ctx *ctx, const struct erasure *what, int64_t *ret_n);
/* In a transaction that deletes something else: the files are cleaned after the commit. */
void erasure_tidy(struct ctx *ctx);
/* Cleans again where that failed; periodic, and cheap when nothing was erased of late. */
must_check enum err erasure_clean(struct ctx *ctx);
