/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of status codes; inside presence/. */
#include "presence/codes.h"

must_check enum err codes_fetch(struct ctx *ctx, struct list *ret);
/* `asked` when not empty, else the default of the category. ERR_NOT_FOUND. */
must_check enum err codes_find(struct ctx *ctx, struct str category, struct str asked,
                               struct status_code *ret);
