/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of enrolment/: private to the feature. */
#include "enrolment/consent_store.h"
#include "enrolment/enrolment.h"

struct sealed_row {
    int64_t student_id;
    struct str master_key_id, wrapped, sealed;
};

must_check enum err enrolment_fetch_templates(struct ctx *ctx, int64_t student_id,
                                              struct list *ret);
/* Sealed templates of the model, by student, with their wrapped keys, of those who consented:
 * everybody but `except`, the students of some sessions (at most 8), or one. */
must_check enum err enrolment_fetch_sealed(struct ctx *ctx, int64_t except, struct str model,
                                           struct list *ret);
must_check enum err enrolment_fetch_sealed_of(struct ctx *ctx, struct i64s session_ids,
                                              struct str model, struct list *ret);
must_check enum err enrolment_fetch_sealed_one(struct ctx *ctx, int64_t student_id,
                                               struct str model, struct list *ret);
/* ERR_NOT_FOUND when the student has no key. */
must_check enum err enrolment_fetch_key(struct ctx *ctx, int64_t student_id,
                                        struct sealed_row *ret);
must_check enum err enrolment_insert_key(struct ctx *ctx, int64_t student_id, struct str master,
                                         struct str wrapped);
/* `t` says model, quality, pose and assurance. */
must_check enum err enrolment_insert_template(struct ctx *ctx, int64_t student_id,
                                              const struct template_info *t, struct str sealed);
/* Templates and, with `key`, the key; *ret_n counts the templates. */
must_check enum err enrolment_erase(struct ctx *ctx, int64_t student_id, bool key, int64_t *ret_n);
