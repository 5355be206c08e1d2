/* SPDX-License-Identifier: MIT */
#pragma once
/* Why somebody is away, in the school's own words; each reason may show a status code of its own.
 */
#include "base/ctx.h"
#include "base/page.h"

struct absence_reason {
    int64_t id;
    struct str code;
    struct str label_en, label_fr, label_ar;
    bool needs_document;
    struct opt_str status_code; /* of the category excused; absent: its default */
    int64_t position;
    bool archived;
    int64_t version;
};
extern const struct schema absence_reason_schema;

struct absence_reason_new {
    struct str code, label_en, label_fr, label_ar;
    struct opt_bool needs_document;
    struct opt_str status_code;
    struct opt_i64 position;
};

struct absence_reason_change {
    int64_t reason_id;
    struct opt_str code, label_en, label_fr, label_ar;
    struct opt_bool needs_document;
    struct opt_str status_code;
    struct opt_i64 position;
    struct opt_bool archived;
};

/* ret->items are struct absence_reason by position. ERR_INVALID: the cursor. */
must_check enum err reason_list(struct ctx *ctx, const struct page_query *q, struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err reason_get(struct ctx *ctx, int64_t id, struct absence_reason *ret);
/* ERR_CONFLICT: the code is taken. ERR_INVALID: a blank text, a status code that is not of the
 * category excused. */
must_check enum err reason_create(struct ctx *ctx, const struct absence_reason_new *in,
                                  struct absence_reason *ret);
/* As above; ERR_NOT_FOUND, ERR_VERSION_MISMATCH. What was justified before keeps its code. */
must_check enum err reason_update(struct ctx *ctx, int64_t version,
                                  const struct absence_reason_change *in,
                                  struct absence_reason *ret);
/* For who gives it: exists and is not archived. ERR_INVALID with a field error at `pointer`. */
must_check enum err reason_check_usable(struct ctx *ctx, int64_t id, const char *pointer,
                                        struct absence_reason *ret);
