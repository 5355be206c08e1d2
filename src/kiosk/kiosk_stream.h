/* SPDX-License-Identifier: MIT */
#pragma once
/* A kiosk's camera: faces of its room's open sessions, greeted by their given names. */
#include "base/schema.h"

#include "realtime/ws.h"

extern const struct schema kiosk_frame_schema;

/* Takes over a socket for the calling kiosk. ERR_BUSY, ERR_TOO_MANY_REQUESTS. */
must_check enum err kiosk_stream_open(struct ctx *ctx, struct ws **ret);
