/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of holidays: private to the feature. */
#include "timetable/holidays.h"

/* ERR_NOT_FOUND */
must_check enum err holidays_store_get(struct ctx *ctx, int64_t id, struct holiday *ret);
/* struct holiday by first day. ERR_INVALID: the cursor. */
must_check enum err holidays_store_page(struct ctx *ctx, const struct holiday_filter *filter,
                                        struct page *ret);
/* Those with a day in [from, to), dates: struct holiday by first day. */
must_check enum err holidays_store_between(struct ctx *ctx, struct str from, struct str to,
                                           struct list *ret);
/* Adds it, or changes the one with its uid. */
must_check enum err holidays_store_put(struct ctx *ctx, const struct holiday_new *in,
                                       int64_t *ret_id);
/* *ret_n is 0 when it is not at that version. */
must_check enum err holidays_store_change(struct ctx *ctx, const struct holiday *h, int64_t *ret_n);
/* *ret_n is 0 when it is not at that version. */
must_check enum err holidays_store_delete(struct ctx *ctx, int64_t id, int64_t version,
                                          int64_t *ret_n);
/* Scheduled sessions that start in the time: struct holiday_session by start. */
must_check enum err holidays_store_sessions(struct ctx *ctx, int64_t from, int64_t to,
                                            struct list *ret);
extern const struct schema holiday_session_schema;
