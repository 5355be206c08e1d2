/* SPDX-License-Identifier: MIT */
/* Query strings, read and written. */
#include "http/query.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* False when an escape is broken or what comes out is not UTF-8. */
static bool unescape(struct arena *a, struct str s, struct str *ret)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i] == '+' ? ' ' : s.at[i];

        if (c == '%') {
            int high = i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1;
            int low = i + 2 < s.len ? hex_digit(s.at[i + 2]) : -1;

            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        out[n++] = c;
    }
    *ret = (struct str){out, n};
    return str_is_utf8(*ret);
}

bool query_next(struct arena *a, struct str *rest, struct query_pair *ret)
{
    while (rest->len) {
        struct str raw = str_cut(rest, '&');
        struct str value = raw;

        if (raw.len == 0)
            continue;
        *ret = (struct query_pair){.raw = raw};
        struct str name = str_cut(&value, '=');
        ret->malformed = !unescape(a, name, &ret->name) || !unescape(a, value, &ret->value);
        return true;
    }
    return false;
}

void query_escape(struct buf *b, struct str s, const char *keep)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-._~", c)) || (c && strchr(keep, c));

        if (plain)
            buf_putc(b, (char)c);
        else
            buf_printf(b, "%%%02X", c);
    }
}
