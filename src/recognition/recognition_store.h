/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of recognition/: private to the feature. */
#include "recognition/decision.h"

must_check enum err recognition_insert(struct ctx *ctx, const struct decision_place *place,
                                       const struct decision *d);
must_check enum err recognition_delete_before(struct ctx *ctx, int64_t before, int64_t *ret_n);
