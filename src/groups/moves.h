/* SPDX-License-Identifier: MIT */
#pragma once
/* Days of memberships: shared by groups.c and moves.c, private to the feature. */
#include "base/ctx.h"

/* "2026-09-01" of the first moment (UTC ms) of a day at the school. */
struct str membership_date(struct ctx *ctx, int64_t start);
/* The other way round. ERR_INVALID with a field error at `pointer`. */
must_check enum err membership_day(struct ctx *ctx, const char *pointer, struct str date,
                                   int64_t *ret);
