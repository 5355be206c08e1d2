/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A session in which nothing is asked of the person but to look at the camera: several frames of
 * one and the same face, good enough to compare. It says who, not whether anybody is alive; a
 * passive score, where there is one, is told with it.
 */
#include "face/liveness.h"

enum { STEADY_FRAMES = 5 };

struct steady;

struct steady *steady_create(int64_t created_ms, int64_t expires_ms);
/* Wipes it. Takes NULL. */
void steady_destroy(struct steady *s);
/* Takes one frame; `clear`: its largest face is good enough to be compared. */
struct live_progress steady_feed(struct steady *s, const struct live_frame *f, bool clear);
struct live_result steady_result(const struct steady *s);
