/* SPDX-License-Identifier: MIT */
#pragma once
/* The school's rules of liveness in SQL. */
#include "liveness/policy.h"

/* The level for that way and kind. ERR_NOT_FOUND: there is no rule. */
must_check enum err policy_find(struct ctx *ctx, struct str way, struct str kind, struct str *ret);
/* A list of struct liveness_rule. */
must_check enum err policy_fetch(struct ctx *ctx, struct list *ret);
must_check enum err policy_clear(struct ctx *ctx);
must_check enum err policy_insert(struct ctx *ctx, const struct liveness_rule *r);
