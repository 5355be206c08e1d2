/* SPDX-License-Identifier: MIT */
/* Which problems a route may answer with: said in the document, and held against handlers. */
#include "http/route_errors.h"

#include "http/openapi.h"

bool error_is_general(enum err e)
{
    static const enum err general[] = {
        ERR_BAD_REQUEST, ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_NOT_FOUND,
        ERR_INVALID,     ERR_TOO_LARGE,       ERR_INTERNAL,  ERR_TOO_MANY_REQUESTS,
        ERR_BUSY,        ERR_DB_UNAVAILABLE,  ERR_TIMEOUT,   ERR_STORAGE_FULL,
    };

    for (size_t i = 0; i < COUNT(general); i++)
        if (general[i] == e)
            return true;
    return false;
}

static bool is_declared(const struct route *r, enum err e)
{
    for (const enum err *d = r->errors; d && *d; d++)
        if (*d == e)
            return true;
    return false;
}

static bool changes(const struct route *r)
{
    return r->method != HTTP_GET;
}

static bool has_body(const struct route *r)
{
    return schema_has(r->in, IN_BODY);
}

/* Refused on the way, whoever asks: rights, versions, limits. */
static bool way_may_fail(const struct route *r, enum err e)
{
    bool is_public = r->need == PERM_PUBLIC;
    bool writes_version = r->versioned && changes(r) && r->method != HTTP_POST;

    if (e == ERR_UNAUTHENTICATED)
        return !is_public;
    if (e == ERR_FORBIDDEN)
        return !is_public;
    if (e == ERR_CSRF)
        return changes(r) || r->kind == ROUTE_WS;
    if (e == ERR_TOO_MANY_REQUESTS)
        return r->per_minute > 0 || (r->per_minute == 0 && str_starts(str_of(r->path), "/api/"));
    return writes_version &&
           (e == ERR_VERSION_MISMATCH || (e == ERR_PRECONDITION_REQUIRED && !r->last_wins));
}

/* Refused for what the request says. */
static bool request_may_fail(const struct route *r, enum err e)
{
    bool keyed = r->method == HTTP_POST && !r->cookies;

    if (e == ERR_NOT_FOUND)
        return schema_has(r->in, IN_PATH);
    if (e == ERR_TOO_LARGE || e == ERR_UNSUPPORTED_MEDIA)
        return has_body(r);
    if (e == ERR_IDEMPOTENCY_MISMATCH || e == ERR_IDEMPOTENCY_BUSY)
        return keyed;
    if (e == ERR_UPGRADE_REQUIRED)
        return r->kind == ROUTE_WS;
    if (e == ERR_STORAGE_FULL)
        return changes(r);
    return e == ERR_BAD_REQUEST || e == ERR_INVALID || e == ERR_INTERNAL || e == ERR_BUSY;
}

bool route_may_fail(const struct route *r, enum err e)
{
    return is_declared(r, e) || way_may_fail(r, e) || request_may_fail(r, e);
}
