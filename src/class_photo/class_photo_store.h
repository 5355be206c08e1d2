/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of class_photo/: private to the feature. */
#include "class_photo/class_photo.h"

struct class_photo_row {
    int64_t id, session_id;
    struct str state, kept;
    struct opt_str result;
    int64_t created_at, expires_at;
};

struct class_photo_new {
    int64_t session_id, expires_at;
    struct str kept, master_key_id, wrapped;
};

struct crop_row {
    struct str master_key_id, wrapped, sealed;
};

must_check enum err class_photo_insert(struct ctx *ctx, const struct class_photo_new *in,
                                       int64_t *ret_id);
must_check enum err class_photo_insert_crop(struct ctx *ctx, int64_t id, int64_t face,
                                            struct str sealed);
/* ERR_NOT_FOUND: none of this session, or its time is over. */
must_check enum err class_photo_fetch(struct ctx *ctx, int64_t session_id, int64_t id,
                                      struct class_photo_row *ret);
/* The same, held until the transaction ends. */
must_check enum err class_photo_hold(struct ctx *ctx, int64_t session_id, int64_t id,
                                     struct class_photo_row *ret);
must_check enum err class_photo_fetch_crop(struct ctx *ctx, const struct class_photo_row *row,
                                           int64_t face, struct crop_row *ret);
/* Writes the result; what was kept, the key and the crops go. */
must_check enum err class_photo_settle(struct ctx *ctx, int64_t id, struct str result);
/* Deletes one; an open one only. ERR_NOT_FOUND. */
must_check enum err class_photo_delete(struct ctx *ctx, int64_t id);
/* Deletes the caller's open ones of a session. */
must_check enum err class_photo_delete_own(struct ctx *ctx, int64_t session_id);
must_check enum err class_photo_delete_ended(struct ctx *ctx, int64_t before, int64_t *ret_n);
/* When the oldest open one was made, and how many ended before `before`. */
must_check enum err class_photo_count_ended(struct ctx *ctx, int64_t before,
                                            struct opt_i64 *ret_oldest, int64_t *ret_n);
