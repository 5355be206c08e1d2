/* SPDX-License-Identifier: MIT */
#pragma once
/* The rules of presence a second time, written from their description: slow, no sorting, no walk.
 */
#include "presence/presence.h"

/* All members of `ret` but `by`. At most 64 events. */
void oracle_derive(const struct presence_rule *rule, const struct presence_event *events, size_t n,
                   struct presence *ret);
