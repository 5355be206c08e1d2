/* SPDX-License-Identifier: MIT */
/*
 * The OpenAPI 3.1 document. Everything in it comes from the route tables, so it cannot say other
 * than what the server does. The same tables give the same bytes: the file is kept in the
 * repository, and a stale one fails the build.
 */
#include "http/openapi.h"

#include <string.h>

#include "http/openapi_parts.h"
#include "http/openapi_schema.h"
#include "http/router.h"

static const char about[] =
    "Presence management for schools. Errors are application/problem+json (RFC 9457) with a "
    "stable `type`; all wrong fields are told at once. Lists are paged by `limit` and `cursor`, "
    "with `Link: rel=\"next\"`. What two people may edit carries an ETag; changing it needs "
    "If-Match. Every POST takes an Idempotency-Key, except those that hand out or take back "
    "tokens: their answers are not kept. Times are RFC 3339.";

static void put_info(struct doc *d)
{
    doc_text(d, "openapi", "3.1.0");
    doc_object(d, "info");
    doc_text(d, "title", "SmartPresence");
    doc_text(d, "version", SP_VERSION);
    doc_text(d, "description", about);
    doc_object(d, "license");
    doc_text(d, "name", "MIT");
    doc_text(d, "identifier", "MIT");
    doc_object_end(d);
    doc_object_end(d);
    doc_array(d, "servers");
    doc_object(d, NULL);
    doc_text(d, "url", "/");
    doc_text(d, "description", "The server that gave this document");
    doc_object_end(d);
    doc_array_end(d);
}

/* Two tables may share a tag; the first one describes it. */
static bool tag_is_done(const struct routes *r, size_t t)
{
    for (size_t i = 0; i < t; i++)
        if (strcmp(r->tables[i]->tag, r->tables[t]->tag) == 0)
            return true;
    return false;
}

static void put_tags(struct doc *d, const struct routes *r)
{
    doc_array(d, "tags");
    for (size_t t = 0; r->tables[t]; t++) {
        if (tag_is_done(r, t))
            continue;
        doc_object(d, NULL);
        doc_text(d, "name", r->tables[t]->tag);
        doc_text(d, "description", r->tables[t]->doc);
        doc_object_end(d);
    }
    doc_array_end(d);
}

/* Whether the path was met in an earlier row: its operations stand there together. */
static bool path_is_done(const struct routes *r, const struct route *row)
{
    for (size_t t = 0; r->tables[t]; t++) {
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *o = &r->tables[t]->at[i];

            if (o == row)
                return false;
            if (strcmp(o->path, row->path) == 0)
                return true;
        }
    }
    return false;
}

static void put_path(struct doc *d, const struct routes *r, const char *path)
{
    doc_object(d, path);
    for (size_t t = 0; r->tables[t]; t++)
        for (size_t i = 0; i < r->tables[t]->n; i++)
            if (strcmp(r->tables[t]->at[i].path, path) == 0)
                openapi_operation(d, &r->tables[t]->at[i], r->tables[t]->tag);
    doc_object_end(d);
}

static void put_paths(struct doc *d, const struct routes *r)
{
    doc_object(d, "paths");
    for (size_t t = 0; r->tables[t]; t++) {
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *row = &r->tables[t]->at[i];

            if (!path_is_done(r, row))
                put_path(d, r, row->path);
        }
    }
    doc_object_end(d);
}

void openapi_write(struct ctx *ctx, const struct routes *r, struct buf *b)
{
    struct doc d = {.b = b};
    const char *clash = NULL;
    const struct named_schema *s = schemas_collect(ctx, r, &clash);

    doc_object(&d, NULL);
    put_info(&d);
    put_tags(&d, r);
    put_paths(&d, r);
    doc_object(&d, "components");
    openapi_components(&d, r);
    doc_object(&d, "schemas");
    for (; s; s = s->next)
        openapi_schema(&d, s->schema, s->is_input ? USE_INPUT : USE_OUTPUT);
    openapi_problem(&d);
    doc_object_end(&d);
    doc_object_end(&d);
    doc_object_end(&d);
    buf_putc(b, '\n');
}
