/* SPDX-License-Identifier: MIT */
#pragma once
/* The school's status codes: letters, labels, colours and weights within fixed categories. */
#include "base/ctx.h"
#include "base/page.h"

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
    int64_t default_until; /* newest event when it stopped being the default; not shown */
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

/*
 * The register of England has two letters for being there: `/` in the morning, `\` in the
 * afternoon. Where `/` is the default of its category and `\` is in use for the same one, this
 * gives `\` for it in the afternoon; any other code as it is.
 */
const struct status_code *code_of_half(const struct list *codes, const struct status_code *code,
                                       bool afternoon);

struct status_code_filter {
    struct page_query page; /* no sort, no q */
};
/* By position; archived ones apart. ERR_INVALID: the cursor. */
must_check enum err code_list(struct ctx *ctx, const struct status_code_filter *in,
                              struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err code_get(struct ctx *ctx, int64_t id, struct status_code *ret);

struct status_code_new {
    struct str code, category;
    struct str label_en, label_fr, label_ar;
    struct str colour;
    struct opt_i64 weight;   /* null: as the category's default has it */
    struct opt_i64 position; /* null: last */
    struct opt_bool is_default;
};
/* ERR_CONFLICT: the code is taken. ERR_INVALID: blank labels, white space in the code, a colour
 * that is none, a weight for excused. */
must_check enum err code_create(struct ctx *ctx, const struct status_code_new *in,
                                struct status_code *ret);

/* Code and category are fixed: the ledger holds them. */
struct status_code_change {
    int64_t id;
    struct opt_str label_en, label_fr, label_ar, colour;
    struct opt_i64 weight, position;
    struct opt_bool is_default, archived;
};
/*
 * A new weight goes to all records with the code at once; a new default takes the place of the old
 * one for what is derived from then on. ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_INVALID as above
 * and for a default that is taken away, ERR_IN_USE: archiving a default or the code of a reason of
 * absence. ERR_CONFLICT: another default was set at the same moment.
 */
must_check enum err code_update(struct ctx *ctx, struct opt_i64 version,
                                const struct status_code_change *in, struct status_code *ret);

/*
 * Takes over a preset, "basic", "french" or "england": its codes come or are changed to what it
 * says, its defaults become the defaults, other codes are archived when something has them and
 * removed when not. A code that is in use for another category stays as it is, and the preset's is
 * left out. ERR_IN_USE: nothing would then be left for a category.
 */
struct status_code_preset {
    struct list codes;    /* struct status_code that are in use now, by position */
    struct strs left_out; /* codes of the preset */
};
extern const struct schema status_code_preset_schema;
must_check enum err code_preset(struct ctx *ctx, struct str name, struct status_code_preset *ret);
