/* SPDX-License-Identifier: MIT */
#pragma once
/* Telling everybody concerned that a session is moved, cancelled or given by somebody else. */
#include "sessions/sessions.h"

/*
 * One event `name` for each trainer (now, planned, and of `before`), and each student of the groups
 * (their guardians get it too). `before` may be NULL, `reason` empty.
 */
must_check enum err session_notice(struct ctx *ctx, const char *name, const struct session *now,
                                   const struct session *before, struct str reason);
