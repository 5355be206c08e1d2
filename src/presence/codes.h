/* SPDX-License-Identifier: MIT */
#pragma once
/* The school's status codes: letters, labels, colours and weights within fixed categories. */
#include "base/ctx.h"
#include "base/schema.h"

#include "presence/presence.h"

struct status_code {
    int64_t id;
    struct str code, category;
    struct str label_en, label_fr, label_ar;
    struct str colour; /* "#15803d" */
    int64_t weight;    /* thousandths */
    bool is_default;
    int64_t position;
    bool archived;
    int64_t version;
};
extern const struct schema status_code_schema;

/* All codes, archived ones too, by position: a handful. */
must_check enum err codes_all(struct ctx *ctx, struct list *ret);
/*
 * The code for a status: `asked` when not empty (ERR_INVALID with a field error at `pointer`: there
 * is none, it is archived, or of another category), else the category's default. One read.
 */
must_check enum err code_for(struct ctx *ctx, enum presence_status status, struct str asked,
                             const char *pointer, struct status_code *ret);
