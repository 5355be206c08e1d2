/* SPDX-License-Identifier: MIT */
#pragma once
/* Holidays from a calendar of somebody else's: read, compared, put. */
#include "base/ctx.h"
#include "base/schema.h"

struct holiday_import {
    struct file calendar;
    bool dry_run;
};

struct holiday_import_entry {
    struct str uid, name;
    struct opt_str from_day, to_day; /* the day after the last */
    struct str result;               /* "new", "changed", "same", "skipped" */
    struct opt_str problem;          /* of a skipped one: calendar/ics.h */
    int64_t sessions;                /* scheduled on its days; 0 in a dry run */
};

struct holiday_import_report {
    bool dry_run;
    int64_t added, changed, same, skipped;
    struct list entries; /* of struct holiday_import_entry */
};
extern const struct schema holiday_import_report_schema;

/*
 * Entries of whole days from a year ago to five years ahead become holidays, known again by their
 * UID, in one transaction; with dry_run nothing is written. ERR_CALENDAR_INVALID
 */
must_check enum err holidays_import(struct ctx *ctx, const struct holiday_import *in,
                                    struct holiday_import_report *ret);
