/* SPDX-License-Identifier: MIT */
/* What operations of the OpenAPI document share. Only what some route uses is written. */
#include <string.h>

#include "http/openapi_parts.h"
#include "http/route_errors.h"

typedef bool route_is(const struct route *r);

static bool any_route(const struct routes *r, route_is *is)
{
    for (size_t t = 0; r->tables[t]; t++)
        for (size_t i = 0; i < r->tables[t]->n; i++)
            if (is(&r->tables[t]->at[i]))
                return true;
    return false;
}

static void put_string_schema(struct doc *d, int64_t max)
{
    doc_object(d, "schema");
    doc_text(d, "type", "string");
    if (max)
        doc_i64(d, "maxLength", max);
    doc_object_end(d);
}

static void put_if_match(struct doc *d, const char *key, bool required, const char *text)
{
    doc_object(d, key);
    doc_text(d, "name", "If-Match");
    doc_text(d, "in", "header");
    doc_text(d, "description", text);
    if (required)
        doc_bool(d, "required", true);
    put_string_schema(d, 0);
    doc_text(d, "example", "\"7\"");
    doc_object_end(d);
}

static void put_parameters(struct doc *d, const struct routes *r)
{
    doc_object(d, "parameters");
    if (any_route(r, route_needs_version))
        put_if_match(d, "if_match", true,
                     "The version that is being changed, in quotes, as in the ETag");
    if (any_route(r, route_may_take_version))
        put_if_match(d, "if_match_optional", false,
                     "The version that is being changed, in quotes; without it the last one wins");
    if (any_route(r, route_takes_key)) {
        doc_object(d, "idempotency_key");
        doc_text(d, "name", "Idempotency-Key");
        doc_text(d, "in", "header");
        doc_text(d, "description",
                 "Makes asking again safe: the first answer is kept for a day and given again "
                 "with Idempotency-Replayed: true");
        put_string_schema(d, 200);
        doc_object_end(d);
    }
    doc_object_end(d);
}

static void put_header(struct doc *d, const char *key, const char *type, const char *text)
{
    doc_object(d, key);
    doc_text(d, "description", text);
    doc_object(d, "schema");
    doc_text(d, "type", type);
    doc_object_end(d);
    doc_object_end(d);
}

static bool can_wait(const struct route *r)
{
    return route_may_fail(r, ERR_TOO_MANY_REQUESTS) || route_may_fail(r, ERR_BUSY);
}

static void put_headers(struct doc *d, const struct routes *r)
{
    doc_object(d, "headers");
    if (any_route(r, route_says_version))
        put_header(d, "etag", "string", "The version, in quotes, for If-Match");
    if (any_route(r, route_says_location))
        put_header(d, "location", "string", "Where the new thing is");
    if (any_route(r, route_is_paged))
        put_header(d, "link", "string", "The next page, with rel=\"next\"; absent on the last");
    if (any_route(r, can_wait))
        put_header(d, "retry_after", "integer", "Seconds to wait before asking again");
    if (any_route(r, route_is_limited)) {
        put_header(d, "rate_limit_limit", "integer", "Requests a minute");
        put_header(d, "rate_limit_remaining", "integer", "Requests left at once");
        put_header(d, "rate_limit_reset", "integer", "Seconds until all are there again");
    }
    doc_object_end(d);
}

/* Whether some route answers with `e` and with no other problem of its status. */
static bool is_alone_somewhere(const struct routes *r, enum err e)
{
    for (size_t t = 0; r->tables[t]; t++) {
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *row = &r->tables[t]->at[i];
            size_t n = 0;

            for (enum err o = ERR_OK + 1; o < ERR_COUNT; o++)
                n += err_info(o)->status == err_info(e)->status && route_may_fail(row, o);
            if (n == 1 && route_may_fail(row, e))
                return true;
        }
    }
    return false;
}

static void put_response(struct doc *d, enum err e)
{
    const struct err_info *info = err_info(e);

    doc_object(d, info->slug);
    doc_text(d, "description", info->title);
    if (info->status == 429 || info->status == 503) {
        doc_object(d, "headers");
        doc_ref(d, "Retry-After", "headers", "retry_after");
        doc_object_end(d);
    }
    doc_object(d, "content");
    doc_object(d, "application/problem+json");
    doc_ref(d, "schema", "schemas", "problem");
    doc_object_end(d);
    doc_object_end(d);
    doc_object_end(d);
}

static void put_security(struct doc *d)
{
    doc_object(d, "securitySchemes");
    doc_object(d, "bearer");
    doc_text(d, "type", "http");
    doc_text(d, "scheme", "bearer");
    doc_text(d, "bearerFormat", "JWT");
    doc_text(d, "description", "The access_token of a login with transport \"bearer\"");
    doc_object_end(d);
    doc_object(d, "cookie");
    doc_text(d, "type", "apiKey");
    doc_text(d, "in", "cookie");
    doc_text(d, "name", "sp_access");
    doc_text(d, "description",
             "Set by a login with transport \"cookie\". What changes something also needs the "
             "value of the sp_csrf cookie in the X-CSRF-Token header.");
    doc_object_end(d);
    doc_object_end(d);
}

void openapi_components(struct doc *d, const struct routes *r)
{
    put_security(d);
    put_parameters(d, r);
    put_headers(d, r);
    doc_object(d, "responses");
    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++)
        if (is_alone_somewhere(r, e))
            put_response(d, e);
    doc_object_end(d);
}

static void put_member(struct doc *d, const char *name, const char *type, const char *text)
{
    doc_object(d, name);
    doc_text(d, "description", text);
    doc_text(d, "type", type);
    doc_object_end(d);
}

static void put_required(struct doc *d, const char *const *names)
{
    doc_array(d, "required");
    for (; *names; names++)
        doc_text(d, NULL, *names);
    doc_array_end(d);
}

static void put_field_errors(struct doc *d)
{
    doc_object(d, "errors");
    doc_text(d, "description", "Every wrong field, for type invalid");
    doc_text(d, "type", "array");
    doc_object(d, "items");
    doc_text(d, "type", "object");
    doc_object(d, "properties");
    put_member(d, "field", "string", "JSON pointer of a body member, or a parameter's name");
    put_member(d, "code", "string", "What is wrong, stable: required, type, min, max, …");
    put_member(d, "detail", "string", "The same for people, in English");
    put_member(d, "allowed", "string", "What would have been taken");
    doc_object_end(d);
    put_required(d, ONE_OF("field", "code"));
    doc_object_end(d);
    doc_object_end(d);
}

void openapi_problem(struct doc *d)
{
    doc_object(d, "problem");
    doc_text(d, "description", "RFC 9457");
    doc_text(d, "type", "object");
    doc_object(d, "properties");
    doc_object(d, "type");
    doc_text(d, "description", "Which kind of problem, stable");
    doc_text(d, "type", "string");
    doc_array(d, "enum");
    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++) {
        cleanup(buf_finish) struct buf text = BUF(200);

        buf_printf(&text, "/problems/%s", err_info(e)->slug);
        doc_str(d, NULL, buf_view(&text));
    }
    doc_array_end(d);
    doc_object_end(d);
    put_member(d, "title", "string", "What this kind means");
    put_member(d, "status", "integer", "The HTTP status");
    put_member(d, "detail", "string", "What happened this time");
    put_member(d, "instance", "string", "The path that was asked for");
    put_member(d, "request_id", "string", "To find it in the server's log");
    put_field_errors(d);
    doc_object_end(d);
    put_required(d, ONE_OF("type", "title", "status"));
    doc_object_end(d);
}
