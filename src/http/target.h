/* SPDX-License-Identifier: MIT */
#pragma once
/* The address of a request: "/a%20b?c=d" → path and query. */
#include "base/arena.h"
#include "base/str.h"

enum { TARGET_MAX = 8192 };

struct target {
    struct str path;  /* percent-decoded, begins with a slash */
    struct str query; /* raw, without '?' */
};

/* NULL when sound; else what is wrong. Strings are copied into the arena. Refused: encoded slashes
 * and NULs, backslashes, "." and ".." segments, what is not UTF-8. */
const char *target_read(struct arena *a, struct str raw, struct target *ret);
