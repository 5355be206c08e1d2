/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Calendars by secret address: sessions of a student, trainer, group or room as iCalendar
 * (RFC 5545) for whoever has the address, until its owner takes it back or may no longer see them.
 */
#include "base/ctx.h"
#include "base/page.h"

enum { FEEDS_MAX = 20, FEED_EVENTS_MAX = 2000, FEED_DAYS_BEFORE = 30, FEED_DAYS_AFTER = 180 };

struct calendar_feed {
    int64_t id;
    struct str subject; /* "student", "trainer", "group", "room" */
    int64_t subject_id;
    struct str name;
    int64_t created_at;
    struct opt_i64 last_read_at; /* exact to the hour */
};
extern const struct schema calendar_feed_schema;

struct calendar_feed_new {
    struct str subject;
    int64_t subject_id;
};

struct calendar_feed_made {
    int64_t id;
    struct str path, url; /* shown now and never again */
    struct obj feed;
};
extern const struct schema calendar_feed_made_schema;

struct calendar_text {
    struct str ics;
    int64_t version; /* of the content: another one, another calendar; never 0 */
};

/*
 * A student for oneself, a guardian for the own students, a trainer for oneself and the groups
 * taught, an admin for all. ERR_INVALID: not there or not for this caller, 20 feeds already.
 */
must_check enum err calendar_feed_create(struct ctx *ctx, const struct calendar_feed_new *in,
                                         struct calendar_feed_made *ret);
/* ret->items are the caller's living struct calendar_feed, oldest first. ERR_INVALID: the cursor */
must_check enum err calendar_feed_list(struct ctx *ctx, const struct page_query *query,
                                       struct page *ret);
/* ERR_NOT_FOUND when it is not a living one of the caller. */
must_check enum err calendar_feed_revoke(struct ctx *ctx, int64_t id);
/*
 * The calendar behind "SECRET.ics", with nobody signed in. ERR_NOT_FOUND: unknown, taken back, or
 * its owner may no longer see it; nothing tells which.
 */
must_check enum err calendar_feed_read(struct ctx *ctx, struct str file, struct calendar_text *ret);
