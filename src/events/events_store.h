/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of events/: private to the feature. */
#include "events/events.h"

must_check enum err events_store_insert(struct ctx *ctx, struct event *e);
/* Numbers that follow each other. */
must_check enum err events_store_insert_both(struct ctx *ctx, struct event *a, struct event *b);
must_check enum err events_store_after(struct ctx *ctx, int64_t last_id, struct list *ret);
must_check enum err events_store_first(struct ctx *ctx, int64_t *ret);
must_check enum err events_store_last(struct ctx *ctx, int64_t *ret);
must_check enum err events_store_trim(struct ctx *ctx, int64_t before);
