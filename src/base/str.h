/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A string for reading: not owned, not necessarily NUL-terminated.
 * Strings made by an arena carry a NUL after `len` for C-library borders.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *at;
    size_t len;
};

#define STR(literal_)                                                                              \
    (struct str)                                                                                   \
    {                                                                                              \
        literal_, sizeof(literal_) - 1                                                             \
    }

/* The str of a NUL-terminated C string; NULL reads as empty. */
struct str str_of(const char *c);
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *c);
bool str_starts(struct str a, const char *prefix);
/* Byte order, a shorter string before a longer one that begins alike. */
bool str_before(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b);
/* Without leading and trailing ASCII white space. */
struct str str_trim(struct str a);
/* Cuts the part before `sep` off the front of `rest`; the whole rest when there is no `sep`. */
struct str str_cut(struct str *rest, char sep);
bool str_has(struct str a, char c);

/* Decimal, whole string, in range of int64_t. False leaves `ret` untouched. */
bool str_to_i64(struct str a, int64_t *ret);
/* Decimal or exponent form, whole string, finite. */
bool str_to_f64(struct str a, double *ret);
/* Well-formed UTF-8 without NUL, surrogates or overlong forms (RFC 3629). */
bool str_is_utf8(struct str a);
/* Number of Unicode code points of well-formed UTF-8. */
size_t str_points(struct str a);
