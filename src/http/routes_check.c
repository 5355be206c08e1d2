/* SPDX-License-Identifier: MIT */
/*
 * What no compiler can see in the route tables. Run at start and by a unit test, so that a row
 * without a permission or with a parameter nobody reads never serves a request.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#include "http/openapi.h"
#include "http/router.h"

enum { PARAMS_MAX = 4 };

struct check {
    struct ctx *ctx;
    const struct routes *routes;
    const struct route *route;
    const struct route_table *table;
};

typedef const char *check_fn(const struct check *c);

format_like(2, 3) static const char *say(const struct check *c, const char *fmt, ...)
{
    va_list ap;
    char text[300];

    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    const char *id = c->route->id ? c->route->id : c->route->path ? c->route->path : "?";
    return arena_printf(&c->ctx->arena, "route %s: %s", id, n < 0 ? "" : text).at;
}

static bool is_blank(const char *c)
{
    return !c || !*c;
}

static const char *check_words(const struct check *c)
{
    const struct route *r = c->route;

    if (is_blank(r->id))
        return say(c, "no id");
    if (strspn(r->id, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(r->id))
        return say(c, "the id must be snake_case");
    if (is_blank(r->summary))
        return say(c, "no summary");
    if (r->description && is_blank(r->description))
        return say(c, "no description");
    if (!r->handler)
        return say(c, "no handler");
    return NULL;
}

static const char *check_rights(const struct check *c)
{
    const struct route *r = c->route;

    if (r->need == PERM_UNSET || (size_t)r->need >= PERM_COUNT)
        return say(c, "no permission");
    if (r->no_csrf && r->need != PERM_PUBLIC)
        return say(c, "no_csrf is for public routes only");
    return NULL;
}

/* The names of {params} are names of IN_PATH fields. */
static bool path_has_param(const char *path, const char *name)
{
    struct path_walk w = path_walk(str_of(path));
    struct str seg;

    while (path_next(&w, &seg))
        if (segment_is_param(seg) && str_is((struct str){seg.at + 1, seg.len - 2}, name))
            return true;
    return false;
}

static const char *check_params(const struct check *c)
{
    struct path_walk w = path_walk(str_of(c->route->path));
    struct str seg;
    size_t n = 0;

    while (path_next(&w, &seg)) {
        if (!segment_is_param(seg)) {
            if (str_has(seg, '{') || str_has(seg, '}'))
                return say(c, "a parameter must fill its path segment");
            continue;
        }
        struct str name = {seg.at + 1, seg.len - 2};
        const struct field *f = c->route->in ? schema_field(c->route->in, name) : NULL;

        if (!f || f->in != IN_PATH)
            return say(c, "{%.*s} is bound to no IN_PATH field", (int)name.len, name.at);
        if (f->type != FIELD_I64 && f->type != FIELD_STR)
            return say(c, "{%.*s} must be an integer or a string", (int)name.len, name.at);
        if (++n > PARAMS_MAX)
            return say(c, "more than %d path parameters", PARAMS_MAX);
    }
    return NULL;
}

static const char *check_path(const struct check *c)
{
    const char *path = c->route->path;

    if (is_blank(path) || path[0] != '/')
        return say(c, "the path must begin with /");
    /* Calendar programs show the address to people: it is kept short. */
    if (!str_starts(str_of(path), "/api/v1/") && !str_starts(str_of(path), "/calendar/") &&
        strcmp(c->table->tag, "system") != 0)
        return say(c, "only system routes and calendars may lie outside /api/v1");
    if (strlen(path) > 1 && path[strlen(path) - 1] == '/')
        return say(c, "the path must not end with /");
    return check_params(c);
}

static bool field_is_file(const struct field *f)
{
    return f->type == FIELD_FILE || f->type == FIELD_FILES;
}

static bool field_is_nested(const struct field *f)
{
    return f->type == FIELD_LIST || f->type == FIELD_OBJ || f->type == FIELD_JSON;
}

static const char *check_body_field(const struct check *c, const struct field *f)
{
    enum http_method m = c->route->method;

    if (m == HTTP_GET || m == HTTP_DELETE)
        return say(c, "%s: GET and DELETE take no body", f->name);
    if (c->route->consumes && field_is_nested(f))
        return say(c, "%s: a form part cannot hold this type", f->name);
    if (field_is_file(f) && !c->route->consumes)
        return say(c, "%s: a file needs multipart/form-data", f->name);
    return NULL;
}

static const char *check_param_field(const struct check *c, const struct field *f)
{
    if (field_is_nested(f) || field_is_file(f))
        return say(c, "%s: only a body can hold this type", f->name);
    if (f->in == IN_PATH && !path_has_param(c->route->path, f->name))
        return say(c, "%s: not a parameter of the path", f->name);
    if (f->in == IN_HEADER && !str_starts(str_of(f->name), "x_"))
        return say(c, "%s: a header field must be named x_…", f->name);
    return NULL;
}

static const char *check_field_place(const struct check *c, const struct field *f)
{
    return f->in == IN_BODY ? check_body_field(c, f) : check_param_field(c, f);
}

static const char *check_fallback(const struct check *c, const struct field *f)
{
    if (!f->fallback)
        return NULL;
    if (f->in != IN_QUERY || f->required)
        return say(c, "%s: a fallback is for a query parameter that may be absent", f->name);

    void *scratch = arena_alloc(&c->ctx->arena, c->route->in->size);
    enum err e = field_bind_text(c->ctx, f, str_of(f->fallback), scratch);

    fault_clear(c->ctx);
    return e ? say(c, "%s: its own fallback is refused", f->name) : NULL;
}

static const char *check_field(const struct check *c, const struct schema *s, size_t i)
{
    const struct field *f = &s->fields[i];

    if (is_blank(f->name) || is_blank(f->doc))
        return say(c, "%s.%s: no name or no doc", s->name, f->name ? f->name : "?");
    for (size_t k = 0; k < i; k++)
        if (strcmp(s->fields[k].name, f->name) == 0)
            return say(c, "%s.%s: there twice", s->name, f->name);
    if (f->max && f->min > f->max)
        return say(c, "%s.%s: min is above max", s->name, f->name);
    if ((f->type == FIELD_LIST || f->type == FIELD_OBJ) && !f->items)
        return say(c, "%s.%s: no items", s->name, f->name);
    if (field_is_file(f) && f->max <= 0)
        return say(c, "%s.%s: a file needs a max", s->name, f->name);
    return NULL;
}

static const char *check_in(const struct check *c)
{
    const struct schema *s = c->route->in;

    if (c->route->consumes && strcmp(c->route->consumes, "multipart/form-data") != 0)
        return say(c, "consumes must be multipart/form-data or nothing");
    for (size_t i = 0; s && i < s->n; i++) {
        const char *bad = check_field(c, s, i);

        if (!bad)
            bad = check_field_place(c, &s->fields[i]);
        if (!bad)
            bad = check_fallback(c, &s->fields[i]);
        if (bad)
            return bad;
    }
    return NULL;
}

static const char *check_out(const struct check *c)
{
    const struct route *r = c->route;

    for (size_t i = 0; r->out && i < r->out->n; i++) {
        const char *bad = check_field(c, r->out, i);

        if (bad)
            return bad;
    }
    if (r->kind != ROUTE_JSON)
        return r->out ? say(c, "a stream has no out-schema") : NULL;
    if ((r->status == 200 || r->status == 201) && !r->out && !r->produces)
        return say(c, "answers %d without an out-schema", r->status);
    if (r->status == 204 && r->out)
        return say(c, "answers 204 with an out-schema");
    if (r->status < 200 || r->status > 299)
        return say(c, "the status of success must be 2xx");
    return NULL;
}

static const char *check_kind(const struct check *c)
{
    const struct route *r = c->route;

    switch (r->kind) {
    case ROUTE_JSON:
        return r->ws_in || r->ws_out ? say(c, "message schemas are for WebSocket routes") : NULL;
    case ROUTE_SSE:
        if (r->method != HTTP_GET || r->status != 200 || r->versioned)
            return say(c, "an event stream must be an unversioned GET with status 200");
        return NULL;
    case ROUTE_WS:
        if (r->method != HTTP_GET || r->status != 101 || r->versioned)
            return say(c, "a WebSocket route must be an unversioned GET with status 101");
        return NULL;
    }
    return say(c, "unknown kind");
}

static const char *check_version(const struct check *c)
{
    const struct route *r = c->route;

    if (!r->versioned || !r->out)
        return NULL;

    const struct field *f = schema_field(r->out, STR("version"));
    if (!f || f->type != FIELD_I64)
        return say(c, "is versioned, but its out-schema has no version");
    return NULL;
}

static const char *check_errors(const struct check *c)
{
    for (const enum err *e = c->route->errors; e && *e; e++)
        if ((size_t)*e >= ERR_COUNT)
            return say(c, "unknown error %d", (int)*e);
    return NULL;
}

/* Two paths are the same when they differ only in the names of their parameters. */
static bool paths_collide(const char *a, const char *b)
{
    struct path_walk wa = path_walk(str_of(a));
    struct path_walk wb = path_walk(str_of(b));
    struct str sa, sb;

    for (;;) {
        bool more_a = path_next(&wa, &sa);
        bool more_b = path_next(&wb, &sb);

        if (more_a != more_b)
            return false;
        if (!more_a)
            return true;
        if (segment_is_param(sa) != segment_is_param(sb))
            return false;
        if (!segment_is_param(sa) && !str_eq(sa, sb))
            return false;
    }
}

static const char *check_pair(const struct check *c, const struct route *o)
{
    if (strcmp(o->id, c->route->id) == 0)
        return say(c, "the id is taken twice");
    if (!paths_collide(o->path, c->route->path))
        return NULL;
    if (o->method == c->route->method)
        return say(c, "%s answers the same method and path", o->id);
    if (strcmp(o->path, c->route->path) != 0)
        return say(c, "%s names the parameters of the same path otherwise", o->id);
    return NULL;
}

/* Against every route before it. */
static const char *check_unique(const struct check *c)
{
    for (size_t t = 0; c->routes->tables[t]; t++) {
        for (size_t i = 0; i < c->routes->tables[t]->n; i++) {
            const struct route *o = &c->routes->tables[t]->at[i];

            if (o == c->route)
                return NULL;

            const char *bad = check_pair(c, o);
            if (bad)
                return bad;
        }
    }
    return NULL;
}

static const char *check_route(const struct check *c)
{
    static check_fn *const checks[] = {
        check_words, check_rights, check_path,    check_in,     check_out,
        check_kind,  check_errors, check_version, check_unique,
    };

    for (size_t i = 0; i < COUNT(checks); i++) {
        const char *bad = checks[i](c);

        if (bad)
            return bad;
    }
    return NULL;
}

const char *routes_check(struct ctx *ctx, const struct routes *r)
{
    for (size_t t = 0; r->tables[t]; t++) {
        const struct route_table *table = r->tables[t];

        if (is_blank(table->tag) || is_blank(table->doc))
            return arena_printf(&ctx->arena, "route table %zu has no tag or no doc", t).at;
        for (size_t i = 0; i < table->n; i++) {
            struct check c = {.ctx = ctx, .routes = r, .route = &table->at[i], .table = table};
            const char *bad = check_route(&c);

            if (bad)
                return bad;
        }
    }
    return schemas_check(ctx, r);
}
