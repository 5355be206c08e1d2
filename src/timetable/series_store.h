/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of series: private to the feature. */
#include "timetable/series.h"

/* A session that a series has, by the day that it is. */
struct occurrence {
    int64_t id;
    struct str series_day;
    struct str state;
    bool detached;
    int64_t starts_at, trainer_id;
    struct opt_i64 planned_trainer_id; /* for whom the trainer stands in */
};

extern const struct schema series_exception_schema;

/* With its groups and exceptions. ERR_NOT_FOUND also for who may not see it. */
must_check enum err series_store_get(struct ctx *ctx, int64_t id, struct series *ret);
/* struct series with their groups, without exceptions, by first day. ERR_INVALID: the cursor. */
must_check enum err series_store_page(struct ctx *ctx, const struct series_filter *filter,
                                      struct page *ret);
/* With its groups. */
must_check enum err series_store_insert(struct ctx *ctx, const struct series *s, int64_t *ret_id);
/* Writes everything, and counts the version up. */
must_check enum err series_store_change(struct ctx *ctx, const struct series *s);
/* Holds the row until the commit; *ret_n is 0 when it is not at `version`. */
must_check enum err series_store_lock(struct ctx *ctx, int64_t id, struct opt_i64 version,
                                      int64_t *ret_n);
/* Counts the version up. */
must_check enum err series_store_touch(struct ctx *ctx, int64_t id);
/* Adds the exception or changes its reason. */
must_check enum err series_store_except(struct ctx *ctx, int64_t id, struct str day,
                                        struct str reason);
/* Takes the exception away; *ret_n is 0 when there is none. */
must_check enum err series_store_include(struct ctx *ctx, int64_t id, struct str day,
                                         int64_t *ret_n);
/* Its sessions from `day` on: struct occurrence by day. */
must_check enum err series_store_occurrences(struct ctx *ctx, int64_t id, struct str day,
                                             struct list *ret);
/* Sessions and exceptions from `day` on go over to another series. */
must_check enum err series_store_hand_over(struct ctx *ctx, int64_t id, int64_t to, struct str day);
