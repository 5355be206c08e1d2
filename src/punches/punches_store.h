/* SPDX-License-Identifier: MIT */
#pragma once
/* Punches in SQL: private to the feature. */
#include "punches/punches.h"
#include "sessions/sessions.h"

struct punch_row {
    int64_t id, device_id, room_id;
    struct str identifier;
    int64_t punched_at;
    struct str direction;
    struct str outcome;
    struct opt_i64 student_id, session_id;
    struct opt_str event_uid;
    bool early;
};

/* From `since_at` on the reader stands in that room. */
struct stand_row {
    int64_t since_at, room_id;
};

/* Since when the calling device is registered. */
must_check enum err punches_store_since(struct ctx *ctx, int64_t device_id, int64_t *ret);
/* struct stand_row, the oldest first. */
must_check enum err punches_store_stands(struct ctx *ctx, int64_t device_id, struct list *ret);
/* ERR_NOT_FOUND: this device has said so before. */
must_check enum err punches_store_add(struct ctx *ctx, const struct punch_row *p, int64_t *ret_id);
must_check enum err punches_store_get(struct ctx *ctx, const struct punch_row *p,
                                      struct punch_row *ret);
must_check enum err punches_store_set(struct ctx *ctx, const struct punch_row *p);
/* ERR_NOT_FOUND: nobody has this number. */
must_check enum err punches_store_student(struct ctx *ctx, struct str number, int64_t *ret_id);
/* The student's session in the room at that time, of several the one that began last; of it what
 * the register needs. ERR_NOT_FOUND. */
must_check enum err punches_store_session(struct ctx *ctx, const struct punch_row *p,
                                          struct session *ret);
/* struct punch_row of which all is known now, the oldest first. */
must_check enum err punches_store_ready(struct ctx *ctx, int64_t most, struct list *ret);
must_check enum err punches_store_forget(struct ctx *ctx, int64_t before);
must_check enum err punches_store_page(struct ctx *ctx, const struct punch_filter *f,
                                       struct page *ret);
