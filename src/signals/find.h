/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to signals/: from a case to the signal it is, or to none. No SQL. */
#include "signals/look_store.h"
#include "signals/signals_store.h"

/* Reads a signal's stored facts and words them. ERR_INTERNAL: they cannot be read. */
must_check enum err signal_explain(struct ctx *ctx, struct signal *s);

/* Each gives false when the case is none, and else fills `ret`; `events` are struct look_event. */
bool found_shared(struct ctx *ctx, const struct look_case *c, const struct list *events,
                  struct signal_new *ret);
bool found_travel(struct ctx *ctx, const struct look_case *c, struct signal_new *ret);
bool found_twice(struct ctx *ctx, const struct look_case *c, const struct list *events,
                 struct signal_new *ret);
bool found_skewed(struct ctx *ctx, const struct look_case *c, const struct list *events,
                  struct signal_new *ret);
bool found_foreign(struct ctx *ctx, const struct look_case *c, struct signal_new *ret);
bool found_failed(struct ctx *ctx, const struct look_case *c, struct signal_new *ret);
