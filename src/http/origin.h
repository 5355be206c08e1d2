/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests that another site makes a browser send in our user's name (CSRF). */
#include "http/handle.h"

/* Whether `origin` is in the list of other origins that may use the API with credentials. */
bool origin_is_listed(const struct http_options *o, struct str origin);
/*
 * Says whether a request may act for whom it is authenticated as. Safe methods and bearer tokens
 * always may; WebSockets must come from our own page.
 *
 * ERR_CSRF  foreign origin, or the token is missing or wrong
 */
must_check enum err origin_check(struct ctx *ctx, const struct http_options *o,
                                 const struct http_request *in, bool by_cookie);
