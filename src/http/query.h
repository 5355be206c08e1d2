/* SPDX-License-Identifier: MIT */
#pragma once
/* Query strings: application/x-www-form-urlencoded pairs, read and written. */
#include "base/buf.h"
#include "base/ctx.h"

struct query_pair {
    struct str raw; /* as it stood, "a=b%20c" */
    struct str name, value;
    bool malformed; /* a broken %-escape, or not UTF-8 */
};

/* Takes the next pair off the front of `rest`; false when there is none. Empty pairs are skipped.
 */
bool query_next(struct arena *a, struct str *rest, struct query_pair *ret);
/* Writes `s` so that it can stand in a query; with `keep` bytes left as they are. */
void query_escape(struct buf *b, struct str s, const char *keep);
