/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of the ledger of consent: private to enrolment/. */
#include "enrolment/consent.h"

struct consent_row {
    int64_t id;
    struct str state, given_by, text_version, locale, channel;
    struct opt_str given_by_name, text_hash;
    struct opt_bool of_age;
    int64_t at;
};

/* The newest row; ERR_NOT_FOUND when there is none. */
must_check enum err consent_fetch(struct ctx *ctx, int64_t student_id, struct consent_row *ret);
/* The newest row in which the student speaks; ERR_NOT_FOUND. */
must_check enum err consent_fetch_own(struct ctx *ctx, int64_t student_id, struct consent_row *ret);
must_check enum err consent_insert(struct ctx *ctx, int64_t student_id,
                                   const struct consent_row *row, int64_t *ret_id);
must_check enum err consent_fetch_all(struct ctx *ctx, int64_t student_id, struct list *ret);
