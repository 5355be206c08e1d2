/* SPDX-License-Identifier: MIT */
/* Names of papers: what a stranger called a file, made fit to be shown and saved. */
#include <string.h>

#include "justifications/documents.h"

enum { POINT_BYTES = 4 };

/* The code point at `at` of well-formed UTF-8; *ret_len: its bytes. */
static uint32_t point_at(struct str s, size_t at, size_t *ret_len)
{
    const unsigned char *p = (const unsigned char *)s.at + at;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : POINT_BYTES;
    uint32_t c = n == 1 ? p[0] : p[0] & (0xffU >> (n + 1));

    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3fU);
    *ret_len = n;
    return c;
}

/* Controls, what turns or hides text, and what is no character. */
static const struct {
    uint32_t from, to;
} unfit[] = {
    {0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff0, 0xffff}, {0xe0000, 0x10ffff},
};

static bool is_unfit(uint32_t c)
{
    for (size_t i = 0; i < COUNT(unfit); i++)
        if (c >= unfit[i].from && c <= unfit[i].to)
            return true;
    return c < 0x80 && strchr("\"*:<>?|", (int)c); /* systems do not take these in names */
}

static struct str last_part(struct str s)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.at[i - 1] == '/' || s.at[i - 1] == '\\')
            return (struct str){s.at + i, s.len - i};
    return s;
}

static bool ends_with(struct str s, const char *end)
{
    size_t n = strlen(end);

    return s.len > n && str_eq_nocase((struct str){s.at + s.len - n, n}, str_of(end));
}

static struct str trim_dots(struct str s)
{
    s = str_trim(s);
    while (s.len && (s.at[0] == '.' || s.at[0] == ' ')) {
        s.at++;
        s.len--;
    }
    while (s.len && (s.at[s.len - 1] == '.' || s.at[s.len - 1] == ' '))
        s.len--;
    return s;
}

/* What opens the file goes by the end of its name: that follows the content. */
static struct str with_ending(struct ctx *ctx, struct str s, const char *type)
{
    bool pdf = strcmp(type, "application/pdf") == 0, png = strcmp(type, "image/png") == 0;
    const char *end = pdf ? ".pdf" : png ? ".png" : ".jpg";

    if (ends_with(s, end) || (!pdf && !png && ends_with(s, ".jpeg")))
        return arena_str(&ctx->arena, s);
    return arena_printf(&ctx->arena, "%.*s%s", (int)s.len, s.at, end);
}

struct str document_name(struct ctx *ctx, struct str name, const char *type)
{
    struct str s = str_is_utf8(name) ? last_part(name) : STR("");
    char *out = arena_alloc(&ctx->arena, s.len + 1);
    size_t len = 0, points = 0, n;

    for (size_t at = 0; at < s.len && points < DOCUMENT_NAME_MAX - 4; at += n) {
        if (is_unfit(point_at(s, at, &n)))
            continue;
        memcpy(out + len, s.at + at, n);
        len += n;
        points++;
    }
    s = trim_dots((struct str){out, len});
    return with_ending(ctx, s.len ? s : STR("document"), type);
}

struct str document_disposition(struct ctx *ctx, struct str name)
{
    static const char digits[] = "0123456789ABCDEF";
    char *plain = arena_alloc(&ctx->arena, name.len + 1);
    char *coded = arena_alloc(&ctx->arena, 3 * name.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        bool token = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

        token = token || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        plain[i] = (char)(token || c == ' ' ? c : '_');
        if (token) {
            coded[n++] = (char)c;
            continue;
        }
        coded[n++] = '%';
        coded[n++] = digits[c >> 4];
        coded[n++] = digits[c & 15];
    }
    return arena_printf(&ctx->arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain,
                        coded);
}
