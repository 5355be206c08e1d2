/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of certificates and of what is erased beside templates: private to enrolment/. */
#include "enrolment/certificate.h"

struct certificate_row {
    int64_t student_id;
    struct str document;
};

must_check enum err certificate_insert(struct ctx *ctx, const struct certificate_info *info,
                                       struct str document);
must_check enum err certificate_fetch_all(struct ctx *ctx, int64_t student_id, struct list *ret);
must_check enum err certificate_fetch(struct ctx *ctx, struct str certificate_id,
                                      struct certificate_row *ret);

/* When the newest was issued; 0: none. */
must_check enum err certificate_newest(struct ctx *ctx, int64_t *ret);

/* Distinct models of a student's templates. */
must_check enum err erasure_fetch_models(struct ctx *ctx, int64_t student_id, struct strs *ret);
/* Pairs with the student are deleted, rows of the verification log forget who it was. */
must_check enum err erasure_unname(struct ctx *ctx, int64_t student_id, int64_t *ret_pairs,
                                   int64_t *ret_rows);
/* After the commit: no deleted bytes in the files that we can reach. ERR_BUSY: again later. */
must_check enum err erasure_scrub(struct ctx *ctx);
bool erasure_on_postgres(const struct ctx *ctx);
