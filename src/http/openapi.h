/* SPDX-License-Identifier: MIT */
#pragma once
/* The documents that are written from the route tables. */
#include "base/buf.h"

#include "http/route.h"

/* A named schema that the document describes once, whatever number of routes speak it. */
struct named_schema {
    struct named_schema *next;
    const struct schema *schema;
    bool is_input; /* clients send it: bounds and required members are said */
};

/*
 * All schemas of bodies, answers and WebSocket messages with those inside them, sorted by name.
 * *clash is set when two different ones bear one name.
 */
struct named_schema *schemas_collect(struct ctx *ctx, const struct routes *r, const char **clash);
/* NULL when no two schemas share a name; else a sentence in ctx's arena. */
const char *schemas_check(struct ctx *ctx, const struct routes *r);
/* Whether the schema has fields at this place. */
bool schema_has(const struct schema *s, enum field_in in);

/* OpenAPI 3.1, two spaces deep, the same bytes each time. `b` needs room for some 2 MiB. */
void openapi_write(struct ctx *ctx, const struct routes *r, struct buf *b);
/* Markdown: every problem type, and the routes that may answer with it. */
void errors_write(const struct routes *r, struct buf *b);
/* Markdown: every permission by role, and every route by role. */
void permissions_write(const struct routes *r, struct buf *b);
