/* SPDX-License-Identifier: MIT */
/*
 * Content-Disposition with its parameters, and Content-Type. Quoted values as browsers write them
 * (%22 for a quote, https://html.spec.whatwg.org/#multipart-form-data) or with backslashes (curl).
 */
#include "http/multipart_head.h"

#include <string.h>

enum { TYPE_MAX = 255 };

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static struct str token_take(struct str *rest)
{
    struct str t = {rest->at, 0};

    while (t.len < rest->len && is_token_char(rest->at[t.len]))
        t.len++;
    rest->at += t.len;
    rest->len -= t.len;
    return t;
}

/* After the opening quote. False without a closing one. */
static bool quoted_take(struct arena *a, struct str *rest, struct str *ret)
{
    char *out = arena_alloc(a, rest->len + 1);
    size_t n = 0;

    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->at[i];

        if (c == '"') {
            *ret = (struct str){out, n};
            rest->at += i + 1;
            rest->len -= i + 1;
            return true;
        }
        if (c == '\\' && i + 1 < rest->len && (rest->at[i + 1] == '"' || rest->at[i + 1] == '\\'))
            c = rest->at[++i];
        else if (c == '%' && rest->len - i > 2 && memcmp(rest->at + i, "%22", 3) == 0) {
            c = '"';
            i += 2;
        }
        out[n++] = c;
    }
    return false;
}

static void spaces_skip(struct str *rest)
{
    while (rest->len && (*rest->at == ' ' || *rest->at == '\t')) {
        rest->at++;
        rest->len--;
    }
}

static bool char_take(struct str *rest, char c)
{
    if (!rest->len || *rest->at != c)
        return false;
    rest->at++;
    rest->len--;
    return true;
}

static const char *param_keep(struct multipart_head *h, struct str key, struct str value)
{
    if (str_eq_nocase(key, STR("name"))) {
        if (h->name.at)
            return "a part has two names";
        h->name = value;
    } else if (str_eq_nocase(key, STR("filename"))) {
        if (h->file_name.at)
            return "a part has two file names";
        h->file_name = value;
        h->is_file = true;
    } else if (str_eq_nocase(key, STR("filename*"))) {
        h->is_file = true; /* RFC 7578, 4.2: its value must not be used */
    }
    return str_is_utf8(value) ? NULL : "a part's name is not UTF-8";
}

static const char *disposition_read(struct arena *a, struct str value, struct multipart_head *h)
{
    struct str rest = value;

    if (h->name.at)
        return "a part has two Content-Disposition headers";
    if (!str_eq_nocase(token_take(&rest), STR("form-data")))
        return "a part is not form-data";
    for (spaces_skip(&rest); rest.len; spaces_skip(&rest)) {
        struct str key, param;
        const char *why;

        if (!char_take(&rest, ';'))
            return "a part's Content-Disposition is malformed";
        spaces_skip(&rest);
        key = token_take(&rest);
        if (!key.len || !char_take(&rest, '='))
            return "a part's Content-Disposition is malformed";
        if (!char_take(&rest, '"'))
            param = arena_str(a, token_take(&rest));
        else if (!quoted_take(a, &rest, &param))
            return "a quoted name in a part is not closed";
        why = param_keep(h, key, param);
        if (why)
            return why;
    }
    return h->name.at ? NULL : "a part has no name";
}

static const char *line_read(struct arena *a, struct str line, struct multipart_head *h)
{
    struct str rest = line;
    struct str key = token_take(&rest);
    struct str value;

    if (!key.len || !char_take(&rest, ':'))
        return "a part's header line is malformed";
    value = str_trim(rest);
    for (size_t i = 0; i < value.len; i++)
        if (((unsigned char)value.at[i] < 32 && value.at[i] != '\t') || value.at[i] == 127)
            return "a part's header has a control character";
    if (str_eq_nocase(key, STR("content-disposition")))
        return disposition_read(a, value, h);
    if (str_eq_nocase(key, STR("content-type"))) {
        if (h->type.at || value.len > TYPE_MAX)
            return "a part's Content-Type is doubled or too long";
        h->type = arena_str(a, value);
    }
    if (str_eq_nocase(key, STR("content-transfer-encoding")) &&
        !str_eq_nocase(value, STR("binary")) && !str_eq_nocase(value, STR("8bit")) &&
        !str_eq_nocase(value, STR("7bit")))
        return "a part has a transfer encoding";
    return NULL;
}

const char *multipart_head_read(struct arena *a, struct str text, struct multipart_head *ret)
{
    struct multipart_head h = {0};
    struct str rest = text;

    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        const char *why;

        if (!line.len || line.at[line.len - 1] != '\r')
            return "a part's header line does not end with CRLF";
        line.len--;
        why = line_read(a, line, &h);
        if (why)
            return why;
    }
    if (!h.name.at)
        return "a part has no Content-Disposition";
    *ret = h;
    return NULL;
}
