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

/* The answer to one message of any stream; each stream has its own schema of it. */
struct stream_answer {
    int64_t frame;
    int64_t dropped;
    bool late;
    struct obj result; /* what `look` saw */
    struct obj error;  /* struct stream_error */
};

/* A stream of frames as stream_take needs it. */
struct stream_frames {
    enum err (*look)(struct ctx *ctx, void *user, struct str picture, void **ret_seen);
    void *user;
    int64_t late; /* frames that came too late so far */
};
/* Reads the frame, looks at it unless it is late, and says what went wrong. `welcome`: whether the
 * caller may still send; ERR_UNAUTHENTICATED ends the stream. */
void stream_take(struct ctx *ctx, struct stream_frames *s, const struct ws_message *in,
                 enum err welcome, struct stream_answer *ret);
