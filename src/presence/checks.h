/* SPDX-License-Identifier: MIT */
#pragma once
/* What the check-ins alone say: arrival, leaving, and the status that follows. Inside presence/. */
#include "presence/presence.h"

enum { PRESENCE_MINUTE_MS = 60 * 1000 };

/* The events of one student that stand: none doubled, none taken back, by time and uid. */
struct presence_standing {
    const struct presence_event *const *at;
    size_t n;
    const struct presence_event *close; /* the last of its kind; NULL: not closed */
};

/* Sets all of `ret` but the code; `derived` and `status` alike. */
void checks_derive(const struct presence_rule *rule, const struct presence_standing *all,
                   struct presence *ret);

/* Whole minutes after the start, 0 before it. */
int64_t checks_minutes_late(const struct presence_rule *rule, int64_t at);
/* Whether leaving then is leaving early. */
bool checks_went_early(const struct presence_rule *rule, int64_t out_at);
