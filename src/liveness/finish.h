/* SPDX-License-Identifier: MIT */
#pragma once
/* How a liveness session ends: compared, written down and, for a check-in, marked, all at once. */
#include "liveness/liveness.h"
#include "liveness/runs.h"

/* Ends the run, whose state is final or whose time is over; `ret` gets the result.
 * ERR_LIVENESS_DONE: it had ended already; ERR_NOT_FOUND: it was destroyed with a consent. */
must_check enum err live_finish(struct ctx *ctx, struct live_run *run, struct live_session *ret);
/* A stored session as the API tells it. */
must_check enum err live_read(struct ctx *ctx, int64_t id, int64_t student_id,
                              struct live_session *ret);
/* The stored form of an end for that reason. */
struct str live_reason_text(struct ctx *ctx, const char *reason);
/* ERR_SESSION_NOT_OPEN: not open, or the time to check in has not begun or is over. */
must_check enum err live_check_window(struct ctx *ctx, int64_t session_id);
