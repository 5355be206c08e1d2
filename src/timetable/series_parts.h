/* SPDX-License-Identifier: MIT */
#pragma once
/* What the changes of a series have in common: private to the feature. */
#include "timetable/series_plan.h"

/* Holds the series, at the version that the caller saw, and reads it. ERR_VERSION_MISMATCH */
must_check enum err series_hold(struct ctx *ctx, int64_t id, struct opt_i64 version,
                                struct series *ret);
/* ERR_SESSION_STATE: what was cancelled as a whole stays so; another one can be planned. */
must_check enum err series_check_runs(struct ctx *ctx, const struct series *s);
/* As one of its sessions would be refused, and what a pattern can have wrong. */
must_check enum err series_check(struct ctx *ctx, struct series *s);
/* The day that `this` and `following` need. */
must_check enum err series_check_day(struct ctx *ctx, struct opt_str day);
/* The session of a day; ERR_NOT_FOUND when it has none. */
must_check enum err series_session_on(struct ctx *ctx, int64_t id, struct str day,
                                      struct occurrence *ret);
/* Whether one of its days lies before `day`. */
bool series_has_before(struct ctx *ctx, const struct series *s, struct str day);
/* Tells everybody concerned, and reads the series as it is now. */
must_check enum err series_finish(struct ctx *ctx, struct series_planning *p, const char *change,
                                  struct opt_str reason, struct series *ret);
