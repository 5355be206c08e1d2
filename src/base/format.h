/* SPDX-License-Identifier: MIT */
#pragma once
/* The formats of texts in field tables ("date", "time-zone" …): which texts hold, and what people
 * are told who sent another one. */
#include "base/str.h"

/* Whether `v` is of the format; what is not known holds always. */
bool format_holds(const char *format, struct str v);
/* What is allowed, in words: "a day as 2026-09-14". */
const char *format_told(const char *format);
