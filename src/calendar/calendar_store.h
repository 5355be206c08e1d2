/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of calendar/: private to the feature. */
#include "calendar/calendar.h"
#include "calendar/ics_write.h"

struct known_holiday {
    struct str name, from_day, to_day;
};

/* A living feed and its owner. */
struct feed_row {
    int64_t id, owner_id, trainer_id, student_id;
    struct str role, subject, name;
    int64_t subject_id, created_at;
};

/* By the UID of the imported entry. ERR_NOT_FOUND */
must_check enum err calendar_store_holiday(struct ctx *ctx, struct str uid,
                                           struct known_holiday *ret);

must_check enum err calendar_store_insert(struct ctx *ctx, const struct calendar_feed_new *in,
                                          struct str name, struct str hash, int64_t *ret_id);
/* The caller's. ERR_NOT_FOUND */
must_check enum err calendar_store_get(struct ctx *ctx, int64_t id, struct calendar_feed *ret);
/* Holds the caller's account until the commit and counts its living feeds. */
must_check enum err calendar_store_count(struct ctx *ctx, int64_t *ret);
must_check enum err calendar_store_page(struct ctx *ctx, const struct page_query *q,
                                        struct page *ret);
must_check enum err calendar_store_revoke(struct ctx *ctx, int64_t id, int64_t *ret_n);
/* ERR_NOT_FOUND also when the owner may not sign in. */
must_check enum err calendar_store_by_secret(struct ctx *ctx, struct str hash,
                                             struct feed_row *ret);
/* At most once an hour. */
must_check enum err calendar_store_was_read(struct ctx *ctx, int64_t id);
/* When the school's first account was made: tells one school's sessions from another's. */
must_check enum err calendar_store_origin(struct ctx *ctx, int64_t *ret);
/* A list of struct ics_session that begin in [from, to), by start. */
must_check enum err calendar_store_sessions(struct ctx *ctx, struct str subject, int64_t subject_id,
                                            int64_t from, int64_t to, struct list *ret);
