/* SPDX-License-Identifier: MIT */
#pragma once
/* Pairs of students whom recognition keeps apart with more care: look-alikes and corrections. */
#include "face/identify.h"

/* All pairs in force, in ctx's arena: a school has few. */
must_check enum err apart_list(struct ctx *ctx, struct face_apart **ret, size_t *n);
