/* SPDX-License-Identifier: MIT */
#pragma once
/* Whose clients the caller's are; inside offline/. */
#include "offline/offline_store.h"

struct offline_owner offline_owner_of(const struct ctx *ctx);
