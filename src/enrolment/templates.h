/* SPDX-License-Identifier: MIT */
#pragma once
/* Templates between the database, where they are sealed, and a gallery, where they are compared. */
#include "enrolment/enrolment.h"

/* Seals and stores one template under the student's key, which is made when there is none. `t` says
 * quality, pose and assurance; the model is the one in use. */
must_check enum err template_store(struct ctx *ctx, int64_t student_id,
                                   const float vector[FACE_DIM], const struct template_info *t);
/* Opens a list of struct sealed_row into a new gallery. */
must_check enum err templates_open(struct ctx *ctx, const struct list *sealed,
                                   struct gallery **ret);
/* Opens it into rows of `vectors` (sealed->n x FACE_DIM), which the caller wipes: ctx's arena does.
 */
must_check enum err templates_read(struct ctx *ctx, const struct list *sealed, float *vectors);
/* Erases templates and key of a student who is held, and tells live clients; *ret_n counts the
 * templates. */
must_check enum err enrolment_destroy(struct ctx *ctx, int64_t student_id, int64_t *ret_n);
/* ERR_CONSENT_REQUIRED unless consent is in force. */
must_check enum err enrolment_check_consent(struct ctx *ctx, int64_t student_id);
