/* SPDX-License-Identifier: MIT */
#pragma once
/* Which problems a route may answer with: its own, and those of the way there. */
#include "http/route.h"

/* Any handler may return it without declaring it. */
bool error_is_general(enum err e);
/* Whether the request path or the handler may answer `r` with `e`. */
bool route_may_fail(const struct route *r, enum err e);
