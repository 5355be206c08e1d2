/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What happened, told to whoever may know: an entry in the event log inside the transaction that
 * caused it, handed to live subscribers after the commit. The names: events_api.c; the payloads:
 * the schema beside each event_emit.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "realtime/hub.h"

/*
 * Logs the event in the open transaction (or one of its own) and publishes it after the commit.
 * `data` is a struct of `schema`. Admins see all events; others those of their audience.
 */
must_check enum err event_emit(struct ctx *ctx, const char *name, const struct schema *schema,
                               const void *data, struct audience audience);

struct event_new {
    const char *name;
    const struct schema *schema;
    const void *data;
    struct audience audience;
};
/* The same for two events at once, the first before the second. */
must_check enum err event_emit_both(struct ctx *ctx, const struct event_new *first,
                                    const struct event_new *second);

/* The caller's events after `last_id`, oldest first, at most 1,000: a list of struct event. */
must_check enum err events_after(struct ctx *ctx, int64_t last_id, struct list *ret);
/* The numbers of the oldest event that is kept (the next one, when none is) and of the newest. */
must_check enum err events_span(struct ctx *ctx, int64_t *ret_first, int64_t *ret_last);
/* Forgets events older than a day. */
must_check enum err events_trim(struct ctx *ctx);
