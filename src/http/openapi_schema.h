/* SPDX-License-Identifier: MIT */
#pragma once
/* Field tables as JSON Schema (the dialect of OpenAPI 3.1). */
#include "base/schema.h"

#include "http/doc_writer.h"

/* Who reads the schema decides what it says. */
enum schema_use {
    USE_OUTPUT, /* every member is there; no bounds */
    USE_INPUT,  /* bounds, required members, nothing unknown */
    USE_PARAM,  /* text in a path, query or header: never null */
};

/* {"type": …} of one field. */
void openapi_field(struct doc *d, const char *key, const struct field *f, enum schema_use use);
/* The object with the body members of `s`. */
void openapi_schema(struct doc *d, const struct schema *s, enum schema_use use);
