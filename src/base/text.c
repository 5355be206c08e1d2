/* SPDX-License-Identifier: MIT */
/* Names by libunistring. */
#include "base/text.h"

#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/buf.h"
#include "base/mem.h"

/* A line break, another control character, or one that turns what stands after it. */
static bool is_refused(ucs4_t c)
{
    return uc_is_cntrl(c) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || uc_is_property(c, UC_PROPERTY_NOT_A_CHARACTER);
}

static size_t point_at(struct str s, size_t i, ucs4_t *ret)
{
    return (size_t)u8_mbtouc(ret, (const uint8_t *)s.at + i, s.len - i);
}

bool text_is_name(struct str s)
{
    bool good = str_is_utf8(s);
    ucs4_t c = 0;

    for (size_t i = 0; good && i < s.len;) {
        i += point_at(s, i, &c);
        good = !is_refused(c);
    }
    return good;
}

/* Well-formed text without the white space around it: that of any script, line breaks too. */
static struct str trimmed(struct str s)
{
    size_t from = s.len;
    size_t to = 0;
    ucs4_t c = 0;

    for (size_t i = 0, n; i < s.len; i += n) {
        n = point_at(s, i, &c);
        if (uc_is_property(c, UC_PROPERTY_WHITE_SPACE))
            continue;
        from = i < from ? i : from;
        to = i + n;
    }
    return from < to ? (struct str){s.at + from, to - from} : (struct str){"", 0};
}

/* Normal form C of well-formed text. */
static struct str composed(struct arena *a, struct str s)
{
    size_t n = 0;
    uint8_t *out = u8_normalize(UNINORM_NFC, (const uint8_t *)s.at, s.len, NULL, &n);
    struct str ret = out ? arena_str(a, (struct str){(const char *)out, n}) : s;

    mem_free(out);
    return ret;
}

bool text_name(struct arena *a, struct str s, struct str *ret)
{
    struct str inner;

    if (!str_is_utf8(s))
        return false;
    inner = trimmed(s);
    if (!text_is_name(inner))
        return false;
    *ret = composed(a, inner);
    return true;
}

struct str text_to_name(struct arena *a, struct str s)
{
    cleanup(buf_finish) struct buf b = BUF(64 << 10);
    bool gap = false;
    ucs4_t c = 0;

    if (!str_is_utf8(s))
        return (struct str){"", 0};
    for (size_t i = 0, n; i < s.len; i += n) {
        n = point_at(s, i, &c);
        if (uc_is_property(c, UC_PROPERTY_WHITE_SPACE) || is_refused(c)) {
            gap = b.len > 0;
            continue;
        }
        if (gap)
            buf_putc(&b, ' ');
        gap = false;
        buf_add(&b, s.at + i, n);
    }
    return composed(a, buf_view(&b));
}
