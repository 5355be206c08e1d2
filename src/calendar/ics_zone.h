/* SPDX-License-Identifier: MIT */
#pragma once
/* A zone of the system's tz database as VTIMEZONE, private to writing calendars. */
#include "base/buf.h"
#include "base/ctx.h"

/* Appends a line, folded (ics_write.c). */
void ics_line(struct buf *b, struct str line);
/* Every change of the zone's clocks in [from, to), UTC ms, and what holds before the first. */
void ics_zone(struct ctx *ctx, struct buf *b, struct str zone, int64_t from, int64_t to);
