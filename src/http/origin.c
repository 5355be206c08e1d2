/* SPDX-License-Identifier: MIT */
/*
 * Cross-site request forgery: SameSite cookies keep most of it out; here Origin and Sec-Fetch-Site
 * are looked at, and a token that only a page of ours can read must come back in a header.
 */
#include "http/origin.h"

#include <sodium.h>

#include "http/reply.h"

bool origin_is_listed(const struct http_options *o, struct str origin)
{
    for (size_t i = 0; o->cors_origins && o->cors_origins[i]; i++)
        if (str_is(origin, o->cors_origins[i]))
            return true;
    return false;
}

/* "https://school.example" without its scheme, and without a path. */
static struct str host_of(struct str url)
{
    static const char *const schemes[] = {"https://", "http://"};

    for (size_t i = 0; i < COUNT(schemes); i++) {
        struct str scheme = str_of(schemes[i]);

        if (!str_starts(url, schemes[i]))
            continue;
        url = (struct str){url.at + scheme.len, url.len - scheme.len};
        return str_cut(&url, '/');
    }
    return (struct str){0};
}

static bool origin_is_ours(const struct http_options *o, const struct http_request *in)
{
    struct str host = host_of(in->origin);

    if (host.len == 0)
        return false;
    return str_eq_nocase(host, in->host) ||
           (o->public_url && str_eq_nocase(host, host_of(str_of(o->public_url))));
}

/* What a browser says of where the request comes from; other clients say nothing. */
static enum err check_source(struct ctx *ctx, const struct http_options *o,
                             const struct http_request *in)
{
    if (in->origin.len && origin_is_listed(o, in->origin))
        return ERR_OK;
    if (in->origin.len && !origin_is_ours(o, in))
        return fail(ctx, ERR_CSRF, "the request comes from another origin");
    if (str_is(in->fetch_site, "cross-site"))
        return fail(ctx, ERR_CSRF, "the request comes from another site");
    return ERR_OK;
}

static enum err check_token(struct ctx *ctx, const struct http_request *in)
{
    struct str token = in->csrf_token;
    struct str cookie = cookie_get(in->cookie, "sp_csrf");

    if (token.len == 0 || cookie.len == 0)
        return fail(ctx, ERR_CSRF, "the X-CSRF-Token header or the sp_csrf cookie is missing");
    if (token.len != cookie.len || sodium_memcmp(token.at, cookie.at, token.len) != 0)
        return fail(ctx, ERR_CSRF, "the X-CSRF-Token header is not that of the sp_csrf cookie");
    return ERR_OK;
}

enum err origin_check(struct ctx *ctx, const struct http_options *o, const struct http_request *in,
                      bool by_cookie)
{
    const struct route *route = in->match.route;
    bool by_bearer = in->authorization.len && !by_cookie;
    enum err e;

    if (route->kind == ROUTE_WS)
        return check_source(ctx, o, in);
    if (route->method == HTTP_GET || by_bearer)
        return ERR_OK;
    e = check_source(ctx, o, in);
    if (e || !by_cookie || route->no_csrf)
        return e;
    return check_token(ctx, in);
}
