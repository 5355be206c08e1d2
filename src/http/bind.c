/* SPDX-License-Identifier: MIT */
/*
 * Request → in-struct. The body goes first: when it cannot be read at all the answer says that
 * and nothing else. After that every field is looked at, so that all errors are told at once.
 */
#include "http/bind.h"

#include <ctype.h>

#include "base/json.h"

#include "http/bind_form.h"
#include "http/media.h"
#include "http/openapi.h"
#include "http/query.h"
#include "http/router.h"

enum { QUERY_PAIRS_MAX = 64, NAME_SHOWN_MAX = 64 };

static const struct schema no_fields = {.name = "nothing"};

static enum err first_of(enum err a, enum err b)
{
    return a ? a : b;
}

/* A name that a client made up, fit to be shown: not too long, and text. */
const char *name_shown(struct ctx *ctx, struct str name)
{
    if (name.len > NAME_SHOWN_MAX || !str_is_utf8(name))
        return "?";
    return arena_cstr(&ctx->arena, name);
}

static enum err bind_path(struct ctx *ctx, const struct route *route, const struct bind_source *src,
                          void *ret)
{
    struct path_walk w = path_walk(str_of(route->path));
    struct str seg;
    enum err e = ERR_OK;
    size_t n = 0;

    while (path_next(&w, &seg)) {
        if (!segment_is_param(seg) || n == COUNT(src->params))
            continue;

        const struct field *f = schema_field(route->in, (struct str){seg.at + 1, seg.len - 2});
        if (f && f->in == IN_PATH)
            e = first_of(e, field_bind_text(ctx, f, src->params[n], ret));
        n++;
    }
    return e;
}

/* What stands in the query once each; `seen` by the field's place in the schema. */
static enum err bind_pair(struct ctx *ctx, const struct schema *s, const struct query_pair *pair,
                          bool *seen, void *ret)
{
    const char *name = name_shown(ctx, pair->malformed ? STR("?") : pair->name);
    const struct field *f = schema_field(s, pair->name);

    if (pair->malformed)
        return fail_field(ctx, name, "encoding", "percent-encoded UTF-8",
                          "is not percent-encoded UTF-8");
    if (!f || f->in != IN_QUERY)
        return fail_field(ctx, name, "unknown", "", "is not a parameter of this request");
    if (seen[f - s->fields])
        return fail_field(ctx, name, "duplicate", "", "is there more than once");
    seen[f - s->fields] = true;
    return field_bind_text(ctx, f, pair->value, ret);
}

static enum err bind_absent(struct ctx *ctx, const struct field *f, void *ret)
{
    if (f->fallback)
        return field_bind_text(ctx, f, str_of(f->fallback), ret);
    if (f->required)
        return fail_field(ctx, f->name, "required", field_allowed(ctx, f), "is required");
    return ERR_OK;
}

static enum err bind_query(struct ctx *ctx, const struct schema *s, struct str query, void *ret)
{
    bool *seen = ARENA_NEW_N(&ctx->arena, bool, s->n);
    struct query_pair pair;
    enum err e = ERR_OK;
    size_t n = 0;

    while (query_next(&ctx->arena, &query, &pair)) {
        if (++n > QUERY_PAIRS_MAX)
            return fail_field(ctx, "?", "max_items", "", "has too many parameters");
        e = first_of(e, bind_pair(ctx, s, &pair, seen, ret));
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].in == IN_QUERY && !seen[i])
            e = first_of(e, bind_absent(ctx, &s->fields[i], ret));
    return e;
}

void bind_header_name(const char *field, char ret[HEADER_NAME_MAX])
{
    size_t n = 0;

    for (; field[n] && n + 1 < HEADER_NAME_MAX; n++) {
        bool first = n == 0 || field[n - 1] == '_';

        ret[n] = field[n] == '_' ? '-' : field[n];
        if (first)
            ret[n] = (char)toupper((unsigned char)ret[n]);
    }
    ret[n] = '\0';
}

static enum err bind_headers(struct ctx *ctx, const struct schema *s, const struct bind_source *src,
                             void *ret)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        struct str value = {0};
        char name[HEADER_NAME_MAX];

        if (f->in != IN_HEADER)
            continue;
        if (src->header) {
            bind_header_name(f->name, name);
            value = src->header(src->user, name);
        }
        if (value.len)
            e = first_of(e, field_bind_text(ctx, f, value, ret));
        else
            e = first_of(e, bind_absent(ctx, f, ret));
    }
    return e;
}

static enum err bind_json(struct ctx *ctx, const struct schema *s, const struct bind_source *src,
                          void *ret)
{
    if (src->form || !media_is_json(src->content_type))
        return fail(ctx, ERR_UNSUPPORTED_MEDIA, "send application/json");
    return json_bind(ctx, s, src->body, ret);
}

static bool body_is_there(const struct bind_source *src)
{
    return src->form || (src->has_body && src->body.len);
}

static enum err bind_body(struct ctx *ctx, const struct route *route, const struct bind_source *src,
                          void *ret)
{
    const struct schema *s = route->in ? route->in : &no_fields;

    if (route->method == HTTP_GET || route->method == HTTP_DELETE) {
        if (body_is_there(src))
            return fail(ctx, ERR_BAD_REQUEST, "this request takes no body");
        return ERR_OK;
    }
    if (route->consumes) {
        if (body_is_there(src) && !media_is(src->content_type, route->consumes))
            return fail(ctx, ERR_UNSUPPORTED_MEDIA, "send %s", route->consumes);
        return form_bind(ctx, s, src->form, ret);
    }
    if (body_is_there(src))
        return bind_json(ctx, s, src, ret);
    return schema_has(s, IN_BODY) ? json_bind(ctx, s, STR("{}"), ret) : ERR_OK;
}

enum err bind_request(struct ctx *ctx, const struct route *route, const struct bind_source *src,
                      void *ret)
{
    const struct schema *s = route->in ? route->in : &no_fields;
    enum err e = bind_body(ctx, route, src, ret);

    if (e != ERR_OK && e != ERR_INVALID)
        return e;
    e = first_of(e, bind_path(ctx, route, src, ret));
    e = first_of(e, bind_query(ctx, s, src->query, ret));
    return first_of(e, bind_headers(ctx, s, src, ret));
}
