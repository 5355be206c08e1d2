/* SPDX-License-Identifier: MIT */
#pragma once
/* The web app inside the binary: which file an address means, and in which encoding it goes out. */
#include "base/arena.h"
#include "base/str.h"

struct asset_body {
    const char *at; /* NULL: there is none in this encoding */
    size_t len;
    const char *etag; /* strong, quoted, of this encoding alone */
};

enum asset_encoding { ENCODING_PLAIN, ENCODING_GZIP, ENCODING_BR, ENCODING_COUNT };

struct asset {
    const char *path; /* "/assets/index-4f2a.js" */
    const char *type;
    bool immutable; /* its name changes with its content */
    struct asset_body body[ENCODING_COUNT];
};

/* Written by tools/embed_web.py; sorted by path. */
struct asset_table {
    const struct asset *at;
    size_t n;
    const char *script_hashes; /* "'sha256-…' …" of the inline scripts, for the CSP */
    const char *style_hashes;
};

/*
 * The file at `path` (decoded), or index.html for an address of the app: one without a dot in its
 * last segment, outside /api/, /assets/ and /docs/, asked for by something that takes HTML.
 * NULL: 404.
 */
const struct asset *static_find(const struct asset_table *t, struct str path, struct str accept);
/* The best encoding that the asset has and Accept-Encoding (empty: none was sent) allows. */
enum asset_encoding static_encoding(const struct asset *a, struct str accept_encoding);
/* "gzip", "br"; NULL for plain. */
const char *encoding_name(enum asset_encoding e);
/* Whether If-None-Match names this entity. */
bool etag_matches(struct str if_none_match, struct str etag);
/* The policy of HTML pages, with the table's hashes. */
struct str static_csp(struct arena *a, const struct asset_table *t);
