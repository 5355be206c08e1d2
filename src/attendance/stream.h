/* SPDX-License-Identifier: MIT */
#pragma once
/* Live recognition over a WebSocket: frames of a camera in, boxes and marks out. */
#include "attendance/recognise.h"
#include "realtime/ws.h"

extern const struct schema attendance_frame_in_schema, attendance_frame_schema;

/*
 * Takes over a socket for a session that the caller runs. Each binary message is a frame: four
 * bytes of its number, big-endian, then a JPEG. ERR_NOT_FOUND, ERR_BUSY, ERR_TOO_MANY_REQUESTS.
 */
must_check enum err attendance_stream_open(struct ctx *ctx, int64_t session_id, struct ws **ret);
