/* SPDX-License-Identifier: MIT */
#pragma once
/* What was kept, with the names and marks of the register of now. */
#include "class_photo/class_photo_store.h"
#include "class_photo/kept.h"
#include "recognition/decision.h"

must_check enum err class_photo_show(struct ctx *ctx, const struct class_photo_row *row,
                                     const struct kept *kept, struct class_photo *ret);
/* The decision about a kept person, worded; `name` only of a match. */
void class_photo_word(struct ctx *ctx, const struct kept *kept, const struct kept_person *p,
                      struct opt_str name, struct decision *ret);
/* The decision that holds for the whole photo: no_face or no_consent. */
void class_photo_word_whole(struct ctx *ctx, const struct kept *kept, struct decision *ret);
