/* SPDX-License-Identifier: MIT */
#pragma once
/* problem+json (RFC 9457). */
#include "http/handle.h"

/* As http_problem(), and says which path was asked for. */
void problem_write(struct ctx *ctx, enum err e, struct str path, struct http_answer *ret);
