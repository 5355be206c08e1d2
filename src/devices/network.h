/* SPDX-License-Identifier: MIT */
#pragma once
/* Ranges of addresses as CIDR: "10.0.4.0/24", "2001:db8::/48", or one address. */
#include "base/ctx.h"

bool network_is_valid(struct ctx *ctx, struct str cidr);
/* False also when either cannot be read. An IPv4 address never lies in an IPv6 range. */
bool network_has(struct ctx *ctx, struct str cidr, struct str address);
