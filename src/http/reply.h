/* SPDX-License-Identifier: MIT */
#pragma once
/* Headers of answers, and the one request header with an inner form: Cookie. */
#include "http/route.h"

struct http_answer;

/* name and value must outlive the request. */
void answer_header(struct ctx *ctx, struct http_answer *a, const char *name, struct str value);
/* Empty when the answer has no such header. */
struct str answer_header_get(const struct http_answer *a, const char *name);

/* The value of the cookie `name`; empty when it is absent or there more than once. */
struct str cookie_get(struct str header, const char *name);
