/* SPDX-License-Identifier: MIT */
/*
 * Method and path → route. The tables hold a few dozen rows, so a scan by segments is quicker than
 * it would be to keep an index; what is fixed in a path wins over a {param} in the same place.
 */
#include "http/router.h"

#include <string.h>

static const char *const methods[] = {
    [HTTP_GET] = "GET",     [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
};

const char *http_method_name(enum http_method m)
{
    return (size_t)m < COUNT(methods) ? methods[m] : "OPTIONS";
}

bool path_next(struct path_walk *w, struct str *segment)
{
    if (w->done)
        return false;
    w->done = !str_has(w->rest, '/');
    *segment = str_cut(&w->rest, '/');
    return true;
}

struct path_walk path_walk(struct str path)
{
    if (path.len && path.at[0] == '/')
        return (struct path_walk){.rest = {path.at + 1, path.len - 1}};
    return (struct path_walk){.done = true};
}

bool segment_is_param(struct str segment)
{
    return segment.len > 2 && segment.at[0] == '{' && segment.at[segment.len - 1] == '}';
}

/*
 * Whether `path` has the form of `pattern`. *rank grows with what is fixed early in the pattern,
 * so that of two patterns of one length the one that says more wins.
 */
static bool path_fits(struct str pattern, struct str path, struct str params[4], uint64_t *rank)
{
    struct path_walk a = path_walk(pattern);
    struct path_walk b = path_walk(path);
    struct str want, have;
    size_t n = 0;

    *rank = 1;
    while (path_next(&a, &want)) {
        if (!path_next(&b, &have))
            return false;
        *rank <<= 1;
        if (!segment_is_param(want)) {
            if (!str_eq(want, have))
                return false;
            *rank |= 1;
        } else {
            if (have.len == 0 || n == 4)
                return false;
            params[n++] = have;
        }
    }
    return !path_next(&b, &have);
}

/* Whether `path` begins like `pattern` before its first {param}: most do not, and are done with. */
static bool begins_alike(const char *pattern, struct str path)
{
    for (size_t i = 0; pattern[i] && pattern[i] != '{'; i++)
        if (i >= path.len || pattern[i] != path.at[i])
            return false;
    return true;
}

/* "GET, HEAD, POST, OPTIONS" from the set of methods a path has. */
static struct str allow_text(struct ctx *ctx, const bool has[HTTP_METHODS])
{
    struct str text = {0};

    for (enum http_method m = HTTP_GET; m < HTTP_METHODS; m++) {
        if (!has[m])
            continue;
        text = arena_printf(&ctx->arena, "%.*s%s%s%s", (int)text.len, text.at ? text.at : "",
                            text.len ? ", " : "", methods[m], m == HTTP_GET ? ", HEAD" : "");
    }
    return arena_printf(&ctx->arena, "%.*s, OPTIONS", (int)text.len, text.at ? text.at : "");
}

bool route_hashes(const struct route *r, struct str body)
{
    bool hashes = false;

    for (size_t i = 0; r->in && i < r->in->n && !hashes; i++) {
        const struct field *f = &r->in->fields[i];

        if (f->format && strcmp(f->format, "password") == 0)
            hashes =
                f->required || (body.len && memmem(body.at, body.len, f->name, strlen(f->name)));
    }
    return hashes;
}

struct route_match routes_match(struct ctx *ctx, const struct routes *r, enum http_method method,
                                struct str path)
{
    struct route_match ret = {0};
    bool has[HTTP_METHODS] = {false};
    uint64_t best = 0;

    for (size_t t = 0; r->tables[t]; t++) {
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *route = &r->tables[t]->at[i];
            struct str params[4] = {{0}};
            uint64_t rank = 0;

            if (!begins_alike(route->path, path) ||
                !path_fits(str_of(route->path), path, params, &rank))
                continue;
            has[route->method] = true;
            ret.found_path = true;
            if (route->method != method || rank <= best)
                continue;
            best = rank;
            ret.route = route;
            for (size_t p = 0; p < COUNT(params); p++)
                ret.params[p] = params[p];
        }
    }
    if (ret.found_path && !ret.route)
        ret.allow = allow_text(ctx, has);
    return ret;
}
