/* SPDX-License-Identifier: MIT */
/*
 * RFC 9112, sections 2.2, 3.2, 5.1, 6.1–6.3 and 11.2. libmicrohttpd 0.9.75 takes all of the cases
 * refused here.
 */
#include "http/guard.h"

#include <string.h>

#include "base/macros.h"

/* Headers of which a second one would leave open which counts. */
#define NAME(literal_)                                                                             \
    {                                                                                              \
        literal_, sizeof(literal_) - 1                                                             \
    }
static const struct str singles[] = {
    NAME("content-type"),
    NAME("authorization"),
    NAME("origin"),
    NAME("if-match"),
    NAME("if-none-match"),
    NAME("idempotency-key"),
    NAME("x-csrf-token"),
    NAME("x-request-id"),
    NAME("sec-fetch-site"),
    NAME("last-event-id"),
    NAME("upgrade"),
    NAME("sec-websocket-key"),
    NAME("sec-websocket-version"),
};

static void refuse(struct guard *g, const char *why)
{
    if (!g->why)
        g->why = why;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        if (c <= 32 || c >= 127 || strchr("()<>@,;:\\\"/[]?={}", c))
            return false;
    }
    return s.len > 0;
}

void guard_line(struct guard *g, struct str method, struct str uri, const char *version)
{
    if (!is_token(method))
        refuse(g, "the method is malformed");
    if (!uri.at || !uri.len)
        refuse(g, "the request line has no address");
    else if (uri.at[0] != '/' && !str_is(uri, "*"))
        refuse(g, "the address must begin with a slash");
    /* One blank between the three words, and no NUL that would hide what follows it. */
    else if (version != uri.at + uri.len + 1 || uri.at != method.at + method.len + 1)
        refuse(g, "the request line is malformed");
    if (strcmp(version, "HTTP/1.0") == 0)
        g->http_1_0 = true;
    else if (strcmp(version, "HTTP/1.1") != 0)
        refuse(g, "the HTTP version is not known");
    /* CR and LF both became NULs; after a bare LF the first header follows at once. */
    if (!g->why && version[sizeof("HTTP/1.1")] != '\0')
        refuse(g, "the request line does not end with CRLF");
}

static void length_read(struct guard *g, struct str value)
{
    int64_t n;

    g->lengths++;
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] < '0' || value.at[i] > '9')
            refuse(g, "Content-Length is not a number");
    if (value.len > 18 || !str_to_i64(value, &n))
        refuse(g, "Content-Length is not a number");
    else
        g->length = n;
}

static void single_count(struct guard *g, struct str name)
{
    for (unsigned i = 0; i < COUNT(singles); i++) {
        if (!str_eq_nocase(name, singles[i]))
            continue;
        if (g->singles & (1U << i))
            refuse(g, "a header that may come once came twice");
        g->singles |= 1U << i;
    }
}

void guard_header(struct guard *g, struct str name, struct str value, bool crlf)
{
    if (!is_token(name))
        refuse(g, "a header's name is malformed");
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];

        if ((c < 32 && c != '\t') || c == 127)
            refuse(g, "a header's value has a control character");
    }
    if (!crlf)
        refuse(g, "a header line does not end with CRLF");
    if (str_eq_nocase(name, STR("content-length"))) {
        length_read(g, value);
    } else if (str_eq_nocase(name, STR("transfer-encoding"))) {
        g->encodings++;
        g->chunked = true;
        if (!str_eq_nocase(value, STR("chunked")))
            refuse(g, "the transfer encoding is not known");
    } else if (str_eq_nocase(name, STR("host"))) {
        g->hosts++;
    } else {
        single_count(g, name);
    }
}

void guard_folded(struct guard *g)
{
    refuse(g, "a header is folded over several lines");
}

const char *guard_verdict(struct guard *g)
{
    if (g->lengths > 1)
        refuse(g, "more than one Content-Length");
    if (g->encodings > 1)
        refuse(g, "more than one Transfer-Encoding");
    if (g->lengths && g->encodings)
        refuse(g, "Content-Length together with Transfer-Encoding");
    if (g->encodings && g->http_1_0)
        refuse(g, "HTTP/1.0 has no Transfer-Encoding");
    if (g->hosts > 1)
        refuse(g, "more than one Host");
    if (!g->hosts && !g->http_1_0)
        refuse(g, "no Host");
    return g->why;
}

bool guard_has_body(const struct guard *g)
{
    return g->chunked || g->length > 0;
}
