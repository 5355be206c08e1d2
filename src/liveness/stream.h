/* SPDX-License-Identifier: MIT */
#pragma once
/* A liveness session over a WebSocket: the nonce, then frames of a camera in, progress out. */
#include "liveness/liveness.h"
#include "realtime/ws.h"

extern const struct schema live_stream_in_schema;

/*
 * Takes over a socket for a session of the calling student. The first message is the text
 * {"nonce": "…"}; each binary one after it is a frame: four bytes of its number, big-endian, then a
 * JPEG. ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_NOT_FOUND, ERR_BUSY, ERR_TOO_MANY_REQUESTS.
 */
must_check enum err live_stream_open(struct ctx *ctx, int64_t id, struct ws **ret);
