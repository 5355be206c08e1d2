/* SPDX-License-Identifier: MIT */
#pragma once
/* The parts of multipart/form-data → the fields of an in-struct. */
#include "http/bind.h"

/* ERR_INVALID with all field errors. `form` may be NULL: no parts. */
must_check enum err form_bind(struct ctx *ctx, const struct schema *s, const struct form_part *form,
                              void *ret);
/* A name that a client made up, cut to what may be shown in an error. */
const char *name_shown(struct ctx *ctx, struct str name);
