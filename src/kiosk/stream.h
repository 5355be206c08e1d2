/* SPDX-License-Identifier: MIT */
#pragma once
/* Live recognition over a WebSocket: frames of a camera in, boxes and marks out. */
#include "attendance/recognise.h"
#include "realtime/ws.h"

extern const struct schema attendance_frame_in_schema, attendance_frame_schema;

/*
 * Takes over a socket for a session that the caller runs. Each binary message is a frame
 * (watch_frame_read). ERR_NOT_FOUND, ERR_BUSY, ERR_TOO_MANY_REQUESTS.
 */
must_check enum err attendance_stream_open(struct ctx *ctx, int64_t session_id, struct ws **ret);

/* What every stream of frames answers with when a frame cannot be looked at. */
struct stream_error {
    struct str type, title, detail;
};
extern const struct schema stream_error_schema;
/* Tells why, from ctx's fault, in ctx's arena. */
struct stream_error *stream_error(struct ctx *ctx, enum err e);
/* Whether the frame came too late to be looked at; counts it. `age_ms`: before it was sent. */
bool stream_is_late(struct ctx *ctx, const struct ws_message *in, int64_t age_ms);
