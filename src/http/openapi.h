/* SPDX-License-Identifier: MIT */
#pragma once
/* The documents that are written from the route tables. */
#include "base/buf.h"

#include "http/route.h"

/* A named schema that the document describes once, whatever number of routes speak it. */
struct named_schema {
    struct named_schema *next;
    const struct schema *schema;
    bool in_form; /* its parts come as multipart/form-data */
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
/* docs/errors.md and docs/permissions.md */
void errors_write(struct buf *b);
void permissions_write(const struct routes *r, struct buf *b);
