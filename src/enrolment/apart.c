/* SPDX-License-Identifier: MIT */
/* From stored pairs to what they ask of a match. */
#include "enrolment/apart.h"

#include "enrolment/apart_store.h"

/* How much more a look-alike and each correction ask (docs/models.md). */
static const double look_alike_margin = 0.05;
static const double correction_margin = 0.05, correction_threshold = 0.02;
enum { CORRECTIONS_COUNTED = 3 };

static struct face_apart demand_of(const struct apart_row *row)
{
    int64_t times = row->times < CORRECTIONS_COUNTED ? row->times : CORRECTIONS_COUNTED;
    struct face_apart out = {
        .a = row->a_student_id, .b = row->b_student_id, .second_factor = row->second_factor};

    if (str_is(row->reason, "look_alike")) {
        out.more_margin = look_alike_margin;
        return out;
    }
    out.more_margin = correction_margin * (double)times;
    out.more_threshold = correction_threshold * (double)times;
    return out;
}

enum err apart_list(struct ctx *ctx, struct face_apart **ret, size_t *n)
{
    struct list rows = {0};
    struct face_apart *out;
    enum err e = apart_fetch(ctx, &rows);

    if (e)
        return e;
    out = ARENA_NEW_N(&ctx->arena, struct face_apart, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        out[i] = demand_of((const struct apart_row *)rows.at + i);
    *ret = out;
    *n = rows.n;
    return ERR_OK;
}
