/* SPDX-License-Identifier: MIT */
/* The answers of one operation: success with its headers, and every problem by its status. */
#include <stdio.h>
#include <string.h>

#include "http/openapi_parts.h"
#include "http/route_errors.h"

bool route_takes_key(const struct route *r)
{
    return r->method == HTTP_POST && !r->cookies;
}

bool route_takes_version(const struct route *r)
{
    return r->versioned && r->method != HTTP_GET && r->method != HTTP_POST;
}

bool route_needs_version(const struct route *r)
{
    return route_takes_version(r) && !r->last_wins;
}

bool route_may_take_version(const struct route *r)
{
    return route_takes_version(r) && r->last_wins;
}

bool route_is_limited(const struct route *r)
{
    return r->per_minute > 0 || (r->per_minute == 0 && str_starts(str_of(r->path), "/api/"));
}

bool route_is_paged(const struct route *r)
{
    return schema_field(r->out, STR("next_cursor")) != NULL;
}

bool route_says_location(const struct route *r)
{
    return r->status == 201 && schema_field(r->out, STR("id"));
}

bool route_says_version(const struct route *r)
{
    return r->versioned && (r->out || r->method == HTTP_GET);
}

static void put_headers(struct doc *d, const struct route *r)
{
    if (!route_is_limited(r))
        return;
    doc_object(d, "headers");
    if (route_says_version(r))
        doc_ref(d, "ETag", "headers", "etag");
    if (route_says_location(r))
        doc_ref(d, "Location", "headers", "location");
    if (route_is_paged(r))
        doc_ref(d, "Link", "headers", "link");
    doc_ref(d, "RateLimit-Limit", "headers", "rate_limit_limit");
    doc_ref(d, "RateLimit-Remaining", "headers", "rate_limit_remaining");
    doc_ref(d, "RateLimit-Reset", "headers", "rate_limit_reset");
    doc_object_end(d);
}

static void put_content(struct doc *d, const struct route *r)
{
    const char *type = r->kind == ROUTE_SSE ? "text/event-stream" : r->produces;

    if (!r->out && !type)
        return;
    doc_object(d, "content");
    doc_object(d, type ? type : "application/json");
    if (r->out) {
        doc_ref(d, "schema", "schemas", r->out->name);
    } else {
        doc_object(d, "schema");
        doc_text(d, "type", strcmp(type, "application/json") == 0 ? "object" : "string");
        doc_object_end(d);
    }
    doc_object_end(d);
    doc_object_end(d);
}

static void status_key(char out[16], int status)
{
    (void)snprintf(out, 16, "%d", status);
}

static void put_success(struct doc *d, const struct route *r)
{
    char key[16];

    status_key(key, r->status);
    doc_object(d, key);
    doc_text(d, "description", r->status == 204 ? "Done; there is nothing to say" : r->summary);
    put_headers(d, r);
    put_content(d, r);
    doc_object_end(d);
}

/* The problem's short name, as a component's key. */
static const char *component_of(enum err e)
{
    return err_info(e)->slug;
}

/* Several problems of one status: each by its type. */
static void put_joined(struct doc *d, const struct route *r, int status)
{
    cleanup(buf_finish) struct buf text = BUF(8 << 10);

    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++) {
        if (err_info(e)->status != status || !route_may_fail(r, e))
            continue;
        buf_printf(&text, "%s`%s`: %s", text.len ? ". " : "", err_info(e)->slug,
                   err_info(e)->title);
    }
    doc_str(d, "description", buf_view(&text));
    doc_object(d, "content");
    doc_object(d, "application/problem+json");
    doc_ref(d, "schema", "schemas", "problem");
    doc_object_end(d);
    doc_object_end(d);
}

static void put_failures(struct doc *d, const struct route *r, int status)
{
    enum err only = ERR_OK;
    size_t n = 0;
    char key[16];

    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++) {
        if (err_info(e)->status != status || !route_may_fail(r, e))
            continue;
        only = e;
        n++;
    }
    if (n == 0)
        return;
    status_key(key, status);
    if (n == 1) {
        doc_ref(d, key, "responses", component_of(only));
        return;
    }
    doc_object(d, key);
    put_joined(d, r, status);
    doc_object_end(d);
}

void openapi_responses(struct doc *d, const struct route *r)
{
    doc_object(d, "responses");
    put_success(d, r);
    if (r->method == HTTP_GET && r->versioned) {
        doc_object(d, "304");
        doc_text(d, "description", "The version in If-None-Match is still the one");
        doc_object_end(d);
    }
    for (int status = 400; status < 600; status++)
        put_failures(d, r, status);
    /* A WebSocket has no 2xx answer, which the document needs one of. */
    if (r->kind == ROUTE_WS)
        doc_ref(d, "default", "responses", component_of(ERR_INTERNAL));
    doc_object_end(d);
}
