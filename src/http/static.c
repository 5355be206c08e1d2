/* SPDX-License-Identifier: MIT */
/* Look-up and negotiation (RFC 9110, 12.5.3 and 13.1.2). No sockets here. */
#include "http/static.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

static int path_compare(const void *key, const void *item)
{
    const struct str *path = key;
    const struct asset *a = item;
    size_t len = strlen(a->path);
    int c = memcmp(path->at, a->path, path->len < len ? path->len : len);

    if (c)
        return c;
    return path->len < len ? -1 : path->len > len;
}

static const struct asset *find(const struct asset_table *t, struct str path)
{
    return bsearch(&path, t->at, t->n, sizeof(*t->at), path_compare);
}

/* "text/html", "text/+*" or "*+/+*" among the media ranges (without the plus signs). */
static bool takes_html(struct str accept)
{
    struct str rest = accept;

    while (rest.len) {
        struct str item = str_cut(&rest, ',');
        struct str range = str_trim(str_cut(&item, ';'));

        if (str_eq_nocase(range, STR("text/html")) || str_eq_nocase(range, STR("text/*")) ||
            str_eq_nocase(range, STR("*/*")))
            return true;
    }
    return accept.len == 0;
}

static bool is_app_route(struct str path)
{
    struct str rest = path;
    struct str last = {"", 0};

    if (str_starts(path, "/api/") || str_starts(path, "/assets/") || str_starts(path, "/docs/") ||
        str_is(path, "/api"))
        return false;
    while (rest.len)
        last = str_cut(&rest, '/');
    return !str_has(last, '.');
}

const struct asset *static_find(const struct asset_table *t, struct str path, struct str accept)
{
    const struct asset *a;

    if (!t || !t->n)
        return NULL;
    if (str_is(path, "/docs") || str_is(path, "/docs/"))
        return find(t, STR("/docs/index.html"));
    a = find(t, path);
    if (a)
        return a;
    return is_app_route(path) && takes_html(accept) ? find(t, STR("/index.html")) : NULL;
}

static const char *const names[ENCODING_COUNT] = {NULL, "gzip", "br"};

const char *encoding_name(enum asset_encoding e)
{
    return names[e];
}

/* The parameter q of "gzip;q=0.5" in thousandths: 1000 without one, 0 when malformed. */
static int q_of(struct str params)
{
    struct str rest = params;

    while (rest.len) {
        struct str value = str_trim(str_cut(&rest, ';'));
        struct str key = str_trim(str_cut(&value, '='));
        double q;

        if (!str_eq_nocase(key, STR("q")))
            continue;
        if (!str_to_f64(str_trim(value), &q) || q < 0 || q > 1)
            return 0;
        return (int)(q * 1000 + 0.5);
    }
    return 1000;
}

/* What the header says of each encoding in thousandths; -1: nothing. `any`: of "*". */
static void weights_read(struct str accept_encoding, int q[ENCODING_COUNT], int *any)
{
    struct str rest = accept_encoding;

    while (rest.len) {
        struct str params = str_cut(&rest, ',');
        struct str name = str_trim(str_cut(&params, ';'));

        if (str_eq_nocase(name, STR("gzip")) || str_eq_nocase(name, STR("x-gzip")))
            q[ENCODING_GZIP] = q_of(params);
        else if (str_eq_nocase(name, STR("br")))
            q[ENCODING_BR] = q_of(params);
        else if (str_eq_nocase(name, STR("identity")))
            q[ENCODING_PLAIN] = q_of(params);
        else if (str_is(name, "*"))
            *any = q_of(params);
    }
}

enum asset_encoding static_encoding(const struct asset *a, struct str accept_encoding)
{
    int q[ENCODING_COUNT] = {-1, -1, -1};
    int any = -1;
    enum asset_encoding best = ENCODING_PLAIN;

    weights_read(accept_encoding, q, &any);
    /* Unnamed, the plain form is taken, but gladly only when nothing else is. */
    if (q[ENCODING_PLAIN] < 0)
        q[ENCODING_PLAIN] = any == 0 ? 0 : 1;
    for (int e = ENCODING_GZIP; e < ENCODING_COUNT; e++) {
        if (q[e] < 0)
            q[e] = any;
        if (a->body[e].at && q[e] > 0 && q[e] >= q[best])
            best = (enum asset_encoding)e;
    }
    return best;
}

bool etag_matches(struct str if_none_match, struct str etag)
{
    struct str rest = if_none_match;

    while (rest.len) {
        struct str item = str_trim(str_cut(&rest, ','));

        if (str_starts(item, "W/"))
            item = (struct str){item.at + 2, item.len - 2};
        if (str_is(item, "*") || str_eq(item, etag))
            return true;
    }
    return false;
}

struct str static_csp(struct arena *a, const struct asset_table *t)
{
    const char *scripts = t && t->script_hashes ? t->script_hashes : "";
    const char *styles = t && t->style_hashes ? t->style_hashes : "";

    return arena_printf(a,
                        "default-src 'none'; script-src 'self'%s%s; style-src 'self'%s%s; "
                        "img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; "
                        "media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; "
                        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
                        *scripts ? " " : "", scripts, *styles ? " " : "", styles);
}
