/* SPDX-License-Identifier: MIT */
#pragma once
/* Devices in SQL: private to the feature. */
#include "devices/devices.h"

/* Who calls. */
struct device_row {
    int64_t id, room_id, epoch;
    struct str kind;
    struct opt_str network;
};

must_check enum err devices_store_page(struct ctx *ctx, const struct page_query *q,
                                       struct opt_str like, struct page *ret);
must_check enum err devices_store_get(struct ctx *ctx, int64_t id, struct device *ret);
must_check enum err devices_store_insert(struct ctx *ctx, const struct device_new *in,
                                         struct str norm, struct str hash, int64_t *ret_id);
/* *ret_n 0: no longer at d->version, or revoked. */
must_check enum err devices_store_update(struct ctx *ctx, const struct device *d, int64_t *ret_n);
/* From `since` on it stands in that room; what was known of later is replaced. */
must_check enum err devices_store_stand(struct ctx *ctx, int64_t id, int64_t room_id,
                                        int64_t since);
must_check enum err devices_store_set_token(struct ctx *ctx, int64_t id, struct str hash,
                                            int64_t *ret_n);
must_check enum err devices_store_revoke(struct ctx *ctx, int64_t id, int64_t *ret_n);
/* By the hash of its token or of its cookie. ERR_NOT_FOUND. */
must_check enum err devices_store_by_token(struct ctx *ctx, struct str hash,
                                           struct device_row *ret);
must_check enum err devices_store_by_cookie(struct ctx *ctx, struct str hash,
                                            struct device_row *ret);
must_check enum err devices_store_by_id(struct ctx *ctx, int64_t id, struct device_row *ret);
must_check enum err devices_store_sign_in(struct ctx *ctx, int64_t id, struct str hash);
must_check enum err devices_store_touch(struct ctx *ctx, int64_t id);
