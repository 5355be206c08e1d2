/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Calendars of others (RFC 5545), read for the days they take off. The bounds come before the
 * library: only short lines of few entries reach libical, and only rules that end soon are walked.
 */
#include "base/ctx.h"
#include "base/schema.h"

enum {
    ICS_MAX = 1 << 20,      /* bytes of a calendar */
    ICS_ENTRIES_MAX = 2000, /* entries, and days or spans they come to */
    ICS_DEPTH_MAX = 8,      /* components in components */
    ICS_LINE_MAX = 4096,    /* bytes of a line that is looked at, unfolded */
    ICS_EVENT_MAX = 16384,  /* bytes of all such lines of an entry */
    ICS_SPAN_MAX = 366,     /* days in a row */
    ICS_NAME_MAX = 200,     /* code points */
    ICS_UID_MAX = 200,      /* bytes */
    ICS_MILLISECONDS = 250, /* of CPU time; a calendar that takes longer is refused. One rule that
                               never comes true takes up to 700 more */
};

/* Days are numbers since 1970-01-01, `to` is the day after the last. */
struct ics_days {
    int64_t from, to;
};

struct ics_entry {
    struct str uid; /* of a day of a rule: the entry's, '#', and the date */
    struct str name;
    struct ics_days days;
    const char *problem; /* NULL: it is a day off; else why it is not: words of ics_problems */
};
/* The words, NULL-terminated. */
extern const char *const ics_problems[];

/*
 * All-day entries that touch `window`, those of repeating entries one by one, and what is wrong
 * with the others: a list of struct ics_entry in the order of the text. Safe from any thread.
 * ERR_CALENDAR_INVALID: no calendar, not UTF-8, deeper, longer or slower than the bounds allow.
 */
must_check enum err ics_read(struct ctx *ctx, struct str text, struct ics_days window,
                             struct list *ret);
