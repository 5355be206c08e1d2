/* SPDX-License-Identifier: MIT */
/* Reading strings: comparing, cutting, numbers, UTF-8. */
#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macros.h"

struct str str_of(const char *c)
{
    return (struct str){c ? c : "", c ? strlen(c) : 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_is(struct str a, const char *c)
{
    return str_eq(a, str_of(c));
}

bool str_starts(struct str a, const char *prefix)
{
    size_t n = strlen(prefix);

    return a.len >= n && memcmp(a.at, prefix, n) == 0;
}

bool str_before(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.at, b.at, n) : 0;

    return order ? order < 0 : a.len < b.len;
}

bool str_eq_nocase(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str a)
{
    while (a.len && is_blank(a.at[0])) {
        a.at++;
        a.len--;
    }
    while (a.len && is_blank(a.at[a.len - 1]))
        a.len--;
    return a;
}

struct str str_cut(struct str *rest, char sep)
{
    const char *found = rest->len ? memchr(rest->at, sep, rest->len) : NULL;
    struct str head = *rest;

    if (!found) {
        *rest = (struct str){rest->at ? rest->at + rest->len : "", 0};
        return head;
    }
    head.len = (size_t)(found - rest->at);
    rest->at = found + 1;
    rest->len -= head.len + 1;
    return head;
}

bool str_has(struct str a, char c)
{
    return a.len && memchr(a.at, c, a.len);
}

bool str_to_i64(struct str a, int64_t *ret)
{
    bool minus = a.len && a.at[0] == '-';
    int64_t v = 0;

    if (a.len == (size_t)minus || a.len > 20)
        return false;
    for (size_t i = minus; i < a.len; i++) {
        int64_t digit = a.at[i] - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_sub_overflow(v, digit, &v))
            return false;
    }
    /* Summed as a negative number, whose range is the larger one. */
    if (!minus && __builtin_sub_overflow((int64_t)0, v, &v))
        return false;
    *ret = v;
    return true;
}

bool str_to_f64(struct str a, double *ret)
{
    char text[64];
    char *end;
    double v;

    if (a.len == 0 || a.len >= sizeof(text) ||
        !(a.at[0] == '-' || (a.at[0] >= '0' && a.at[0] <= '9')))
        return false;
    memcpy(text, a.at, a.len);
    text[a.len] = '\0';
    if (strpbrk(text, "xXpPnN"))
        return false;
    v = strtod(text, &end);
    if (*end || !isfinite(v))
        return false;
    *ret = v;
    return true;
}

/* The well-formed sequences by lead byte: their length and the range of the second byte (RFC 3629,
 * section 4); every further byte is 80..BF. */
static const struct {
    unsigned char from, to, len, second_from, second_to;
} utf8_forms[] = {
    {0x01, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

/* The length of the well-formed sequence at p, or 0. */
static size_t utf8_step(const unsigned char *p, size_t left)
{
    size_t form = 0;

    while (form < COUNT(utf8_forms) && (p[0] < utf8_forms[form].from || p[0] > utf8_forms[form].to))
        form++;
    if (form == COUNT(utf8_forms) || utf8_forms[form].len > left)
        return 0;
    if (utf8_forms[form].len > 1 &&
        (p[1] < utf8_forms[form].second_from || p[1] > utf8_forms[form].second_to))
        return 0;
    for (size_t i = 2; i < utf8_forms[form].len; i++)
        if (p[i] < 0x80 || p[i] > 0xBF)
            return 0;
    return utf8_forms[form].len;
}

bool str_is_utf8(struct str a)
{
    for (size_t i = 0; i < a.len;) {
        size_t n = utf8_step((const unsigned char *)a.at + i, a.len - i);

        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t str_points(struct str a)
{
    size_t n = 0;

    for (size_t i = 0; i < a.len; i++)
        n += ((unsigned char)a.at[i] & 0xC0) != 0x80;
    return n;
}
