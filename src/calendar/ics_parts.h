/* SPDX-License-Identifier: MIT */
#pragma once
/* Between the two halves of reading: ics.c cuts the text, ics_event.c reads one entry. */
#include "base/buf.h"

#include "calendar/ics.h"

struct ics_found {
    struct ics_entry entry;
    bool overrides; /* RECURRENCE-ID: stands in for one day of a rule */
    bool dropped;   /* something stands in for it */
};

struct ics_out {
    struct ctx *ctx;
    struct ics_days window;
    struct ics_found *at; /* room for ICS_ENTRIES_MAX */
    size_t n;
    int64_t until_us; /* of the thread's CPU time */
};

/* ERR_CALENDAR_INVALID when the time for the whole calendar is over. */
must_check enum err ics_check_time(const struct ics_out *out);
/* Adds one; ERR_CALENDAR_INVALID when there are too many. */
must_check enum err ics_add(struct ics_out *out, const struct ics_found *f);
/* One entry's text, BEGIN:VEVENT to END:VEVENT, at most ICS_EVENT_MAX bytes. */
must_check enum err ics_event(struct ics_out *out, struct str text);
