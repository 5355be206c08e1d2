/* SPDX-License-Identifier: MIT */
#pragma once
/* The pieces of the OpenAPI document, each in its own file. */
#include "http/doc_writer.h"
#include "http/route.h"

/* One operation: {"get": {…}}. */
void openapi_operation(struct doc *d, const struct route *r, const char *tag);
/* {"responses": {…}} of one operation. */
void openapi_responses(struct doc *d, const struct route *r);
/* Shared parameters, headers, responses and security schemes, as far as a route needs them. */
void openapi_components(struct doc *d, const struct routes *r);
/* The schema of problem+json. */
void openapi_problem(struct doc *d);

/* Which of the shared parameters and headers an operation has. */
bool route_takes_key(const struct route *r);
bool route_takes_version(const struct route *r);
bool route_needs_version(const struct route *r);
bool route_may_take_version(const struct route *r);
bool route_is_limited(const struct route *r);
bool route_is_paged(const struct route *r);
bool route_says_location(const struct route *r);
bool route_says_version(const struct route *r);
