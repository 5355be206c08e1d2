/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Holidays of the school: whole days on which series do not take place. By hand or from an imported
 * calendar, whose entries are known again by their `uid`. Planning a holiday does not change
 * sessions that exist unless asked to: the answer lists those that are scheduled on its days.
 */
#include "base/ctx.h"
#include "base/page.h"

struct holiday {
    int64_t id;
    struct str name;
    struct str from_day, to_day; /* "2026-12-21", and the day after the last one */
    struct opt_str uid;          /* of the imported calendar's entry */
    int64_t version;
    struct list sessions; /* of struct holiday_session; only in answers to changes */
    int64_t cancelled;    /* how many of them were cancelled */
};
extern const struct schema holiday_schema;

/* A scheduled session on a holiday. */
struct holiday_session {
    int64_t id;
    int64_t starts_at;
    struct str time_zone, module_name;
};

struct holiday_new {
    struct str name, from_day, to_day;
    struct opt_str uid;
    bool cancel_sessions; /* cancel the scheduled sessions of those days; everybody is told */
};

struct holiday_change {
    int64_t holiday_id;
    struct opt_str name, from_day, to_day;
    bool cancel_sessions;
};

struct holiday_filter {
    struct page_query page;
    struct opt_str from, to; /* overlapping these days: from <= day < to */
};

/* ret->items are struct holiday, by first day. */
must_check enum err holiday_list(struct ctx *ctx, const struct holiday_filter *filter,
                                 struct page *ret);
/*
 * Adds it, or changes the one with the same uid. At most 366 days, years 1970..9998.
 * ERR_INVALID: days that are none or in the wrong order, a blank name. Joins an open transaction.
 */
must_check enum err holiday_put(struct ctx *ctx, const struct holiday_new *in, struct holiday *ret);
/* ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_INVALID. */
must_check enum err holiday_update(struct ctx *ctx, struct opt_i64 version,
                                   const struct holiday_change *in, struct holiday *ret);
/* Sessions that were left out stay left out (the series can be given the day back). */
must_check enum err holiday_delete(struct ctx *ctx, struct opt_i64 version, int64_t id);
/* All that overlap the days [from, to): ret->at are struct holiday, by first day. */
must_check enum err holidays_between(struct ctx *ctx, struct str from, struct str to,
                                     struct list *ret);
