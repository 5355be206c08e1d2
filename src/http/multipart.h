/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * multipart/form-data (RFC 7578), read piece by piece as the bytes arrive. Strict: no preamble, no
 * epilogue, CRLF line ends, quoted or token parameters, known transfer encodings only.
 */
#include "http/bind.h"

struct multipart;

struct multipart_limits {
    size_t parts;     /* 0: 16 */
    size_t name;      /* bytes of a field's name; 0: 100 */
    size_t file_name; /* 0: 255 */
    size_t part;      /* bytes of one part; 0: no limit but `total` */
    size_t total;     /* bytes of all parts' content together */
};

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 2048 };

/* The boundary of "multipart/form-data; boundary=…"; false when it is anything else. */
bool multipart_boundary(struct str content_type, struct str *ret);

/* `boundary` must be one that multipart_boundary gave. */
struct multipart *multipart_create(struct str boundary, const struct multipart_limits *limits);
/* Takes NULL. The parts go with it. */
void multipart_destroy(struct multipart *m);
/* ERR_BAD_REQUEST, ERR_TOO_LARGE: from then on every call says the same. */
must_check enum err multipart_feed(struct multipart *m, const char *at, size_t len);
/* The body ended. ERR_BAD_REQUEST when the closing boundary is missing. */
must_check enum err multipart_end(struct multipart *m);
/* After multipart_end: in the order of the body, NULL when there are none. */
const struct form_part *multipart_parts(const struct multipart *m);
/* What was wrong, in English. */
const char *multipart_why(const struct multipart *m);
