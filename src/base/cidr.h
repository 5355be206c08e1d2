/* SPDX-License-Identifier: MIT */
#pragma once
/* Ranges of addresses as CIDR: "10.0.4.0/24", "2001:db8::/48", or one address. */
#include "base/ctx.h"

enum { CIDR_LIST_MAX = 16 }; /* ranges in a list */

bool cidr_is_valid(struct ctx *ctx, struct str cidr);
/* False also when either cannot be read. An IPv4 address never lies in an IPv6 range. */
bool cidr_has(struct ctx *ctx, struct str cidr, struct str address);

/* Lists: up to CIDR_LIST_MAX ranges with commas between. An empty one is not valid. */
bool cidr_list_is_valid(struct ctx *ctx, struct str list);
/* Whether one of the ranges has the address. */
bool cidr_list_has(struct ctx *ctx, struct str list, struct str address);
