/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of pairs to keep apart: private to the feature. */
#include "base/ctx.h"
#include "base/schema.h"

struct apart_row {
    int64_t a_student_id, b_student_id; /* b 0: not known */
    struct str reason;
    int64_t times;
    bool second_factor;
};

must_check enum err apart_fetch(struct ctx *ctx, struct list *ret);
