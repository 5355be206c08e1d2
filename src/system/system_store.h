/* SPDX-License-Identifier: MIT */
#pragma once
#include "base/ctx.h"

/* ERR_DB_UNAVAILABLE with the reason in ctx's fault. */
must_check enum err system_store_ping(struct ctx *ctx);
const char *system_store_engine(const struct ctx *ctx);
