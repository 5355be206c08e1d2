/* SPDX-License-Identifier: MIT */
/* Decodes once and refuses every trick at once, so that no later code needs to know them. */
#include "http/target.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static const char *decode(struct str raw, char *out, size_t *len)
{
    size_t n = 0;

    for (size_t i = 0; i < raw.len; i++) {
        int c = (unsigned char)raw.at[i];

        if (c <= 32 || c >= 127)
            return "the address has a character that must be percent-encoded";
        if (c == '%') {
            int high = raw.len - i > 2 ? hex(raw.at[i + 1]) : -1;
            int low = raw.len - i > 2 ? hex(raw.at[i + 2]) : -1;

            if (high < 0 || low < 0)
                return "a percent sign in the address is not followed by two hex digits";
            c = high * 16 + low;
            i += 2;
            if (c == '/')
                return "the address has an encoded slash";
        }
        if (c < 32 || c == 127 || c == '\\')
            return "the address has a character that is not allowed";
        out[n++] = (char)c;
    }
    *len = n;
    return NULL;
}

const char *target_read(struct arena *a, struct str raw, struct target *ret)
{
    struct str query = raw;
    struct str path = str_cut(&query, '?');
    char *out = arena_alloc(a, path.len + 1);
    struct str decoded = {out, 0};
    struct str rest;
    const char *why = decode(path, out, &decoded.len);

    if (why)
        return why;
    if (!decoded.len || decoded.at[0] != '/')
        return "the address must begin with a slash";
    if (!str_is_utf8(decoded))
        return "the address is not UTF-8";
    for (rest = decoded; rest.len;) {
        struct str segment = str_cut(&rest, '/');

        if (str_is(segment, ".") || str_is(segment, ".."))
            return "the address has a dot segment";
    }
    *ret = (struct target){decoded, arena_str(a, query)};
    return NULL;
}
