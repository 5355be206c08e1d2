/* SPDX-License-Identifier: MIT */
/* Search forms by libunistring. */
#include "base/fold.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/buf.h"
#include "base/mem.h"

/* Letters that people write either way. */
static ucs4_t same_letter(ucs4_t c)
{
    static const struct {
        ucs4_t from, to;
    } rows[] = {
        {0x0671, 0x0627}, /* alef wasla → alef */
        {0x0649, 0x064A}, /* alef maksura → yeh */
        {0x06CC, 0x064A}, /* Farsi yeh → yeh */
        {0x0629, 0x0647}, /* teh marbuta → heh */
        {0x06A9, 0x0643}, /* keheh → kaf */
        {0x00F8, 'o'},    /* ø */
        {0x0142, 'l'},    /* ł */
        {0x0131, 'i'},    /* dotless i */
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].from == c)
            return rows[i].to;
    return c;
}

/* Accents, harakat, tatweel, and what only steers the shaping or the direction of text. */
static bool is_mark(ucs4_t c)
{
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Cf) ||
           c == 0x0640;
}

/* Arabic-Indic and other digits → 0…9, so that a number is found however it was typed. */
static ucs4_t same_digit(ucs4_t c)
{
    int value = uc_decimal_value(c);

    return value >= 0 ? (ucs4_t)('0' + value) : c;
}

struct str str_fold(struct arena *a, struct str s)
{
    size_t n = 0;
    uint8_t *folded = NULL;
    cleanup(buf_finish) struct buf b = BUF(64 << 10);
    bool gap = false;

    if (!str_is_utf8(s))
        return (struct str){"", 0};
    folded = u8_casefold((const uint8_t *)s.at, s.len, NULL, UNINORM_NFKD, NULL, &n);
    for (size_t i = 0; folded && i < n;) {
        ucs4_t c;
        int len = u8_mbtouc(&c, folded + i, n - i);
        uint8_t out[6];

        i += (size_t)len;
        if (is_mark(c))
            continue;
        if (uc_is_space(c)) {
            gap = b.len > 0;
            continue;
        }
        if (gap)
            buf_putc(&b, ' ');
        gap = false;
        buf_add(&b, out, (size_t)u8_uctomb(out, same_digit(same_letter(c)), sizeof(out)));
    }
    mem_free(folded);
    return arena_str(a, buf_view(&b));
}

struct opt_str str_search(struct arena *a, struct str q)
{
    struct str folded = str_fold(a, q);
    char *at = arena_alloc(a, folded.len * 2 + 3);
    size_t n = 0;

    if (q.len == 0)
        return (struct opt_str){0};
    at[n++] = '%';
    for (size_t i = 0; i < folded.len; i++) {
        if (folded.at[i] == '%' || folded.at[i] == '_' || folded.at[i] == '!')
            at[n++] = '!';
        at[n++] = folded.at[i];
    }
    at[n++] = '%';
    return (struct opt_str){.set = true, .v = {at, n}};
}
