/* SPDX-License-Identifier: MIT */
#pragma once
/* A room's sessions in SQL: private to the feature. */
#include "kiosk/kiosk.h"

/* A list of struct kiosk_session: open and within their check-in, the nearest start first. */
must_check enum err kiosk_fetch_open(struct ctx *ctx, int64_t room_id, struct list *ret);
/* The next one that is to be opened. ERR_NOT_FOUND. */
must_check enum err kiosk_fetch_next(struct ctx *ctx, int64_t room_id, struct kiosk_session *ret);
