/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The framing guard: looks at every header of a request before a byte of its body is read, and
 * refuses what two servers in a row could read differently. Free of libmicrohttpd.
 */
#include "base/str.h"

struct guard {
    const char *why; /* NULL: nothing wrong so far */
    int hosts, lengths, encodings;
    unsigned singles; /* which headers that may come once have come */
    int64_t length;   /* Content-Length; -1 without one */
    bool chunked;
    bool http_1_0;
};

#define GUARD ((struct guard){.length = -1})

/*
 * The request line as it lies in memory: the method, the address and the version with NULs between
 * them, which stand where blanks and the line end were. `uri.at` may be NULL.
 */
void guard_line(struct guard *g, struct str method, struct str uri, const char *version);
/* One header. `crlf`: its line ended with CR LF, not with a bare LF. */
void guard_header(struct guard *g, struct str name, struct str value, bool crlf);
/* A header went on in the next line, which RFC 9112 (5.2) lets a server refuse. */
void guard_folded(struct guard *g);
/* After the last header: NULL when the request may be read; else what is wrong, in English. */
const char *guard_verdict(struct guard *g);
/* Whether a body follows the headers. */
bool guard_has_body(const struct guard *g);
