/* SPDX-License-Identifier: MIT */
/* One pass over the text; values are copied into one block, since quotes shrink them. */
#include "base/csv.h"

#include "base/buf.h"

bool csv_open(struct ctx *ctx, struct str text, struct csv *ret)
{
    struct str first;

    if (!str_is_utf8(text))
        return false;
    *ret = (struct csv){.rest = text, .out = arena_alloc(&ctx->arena, text.len + 1), .next = 1};
    if (str_starts(text, "\xef\xbb\xbf"))
        ret->rest = (struct str){text.at + 3, text.len - 3};
    first = ret->rest;
    first = str_cut(&first, '\n');
    ret->separator = str_has(first, ';') ? ';' : ',';
    return true;
}

/* Copies what stands between quotes; returns where the closing one is, the length when none is. */
static size_t copy_quoted(struct csv *r, size_t *n)
{
    size_t i = 1;

    for (; i < r->rest.len; i++) {
        bool quote = r->rest.at[i] == '"';

        if (quote && (i + 1 == r->rest.len || r->rest.at[i + 1] != '"'))
            break;
        i += quote;
        r->next += r->rest.at[i] == '\n';
        r->out[(*n)++] = r->rest.at[i];
    }
    return i;
}

static size_t copy_plain(struct csv *r, size_t *n)
{
    size_t i = 0;

    for (; i < r->rest.len && r->rest.at[i] != r->separator && r->rest.at[i] != '\n'; i++)
        r->out[(*n)++] = r->rest.at[i];
    return i;
}

/* One value without its quotes; whether it ends the line. False: its quotes are wrong. */
static bool read_value(struct csv *r, struct str *ret, bool *ret_last)
{
    bool quoted = r->rest.len && r->rest.at[0] == '"';
    size_t n = 0;
    size_t i = quoted ? copy_quoted(r, &n) : copy_plain(r, &n);

    if (quoted && i++ >= r->rest.len)
        return false;
    *ret = str_trim((struct str){r->out, n});
    r->out += n;
    while (i < r->rest.len && r->rest.at[i] == '\r')
        i++;
    *ret_last = i >= r->rest.len || r->rest.at[i] == '\n';
    if (!*ret_last && r->rest.at[i] != r->separator)
        return false;
    r->next += i < r->rest.len && *ret_last;
    i += i < r->rest.len;
    r->rest = (struct str){r->rest.at + i, r->rest.len - i};
    return true;
}

enum csv_result csv_read(struct csv *r, struct str values[CSV_COLUMNS_MAX], size_t *n)
{
    enum csv_result result = CSV_RECORD;
    bool last = false;

    *n = 0;
    r->line = r->next;
    if (!r->rest.len)
        return CSV_END;
    while (!last) {
        struct str value;

        if (!read_value(r, &value, &last)) {
            r->rest.len = 0;
            return CSV_QUOTE;
        }
        if (*n < CSV_COLUMNS_MAX)
            values[(*n)++] = value;
        else
            result = CSV_COLUMNS;
    }
    return result;
}

static bool is_formula(struct str v)
{
    return v.len && (v.at[0] == '=' || v.at[0] == '+' || v.at[0] == '-' || v.at[0] == '@' ||
                     v.at[0] == '\t' || v.at[0] == '\r');
}

void csv_write(struct buf *b, struct str value)
{
    bool quotes = false;

    for (size_t i = 0; i < value.len && !quotes; i++)
        quotes = value.at[i] == '"' || value.at[i] == ',' || value.at[i] == ';' ||
                 value.at[i] == '\n' || value.at[i] == '\r';
    if (quotes)
        buf_putc(b, '"');
    if (is_formula(value))
        buf_putc(b, '\'');
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '"')
            buf_putc(b, '"');
        buf_putc(b, value.at[i]);
    }
    if (quotes)
        buf_putc(b, '"');
}

struct str csv_plain(struct str value)
{
    struct str rest = {value.at + 1, value.len - 1};

    return value.len > 1 && value.at[0] == '\'' && is_formula(rest) ? rest : value;
}
