/* SPDX-License-Identifier: MIT */
#pragma once
/* Sessions as iCalendar text (RFC 5545): folded lines, escaped texts, the zones that are used. */
#include "base/ctx.h"
#include "base/schema.h"

struct ics_session {
    int64_t id;
    int64_t starts_at, ends_at; /* UTC ms */
    struct str time_zone;
    struct str module_code, module_name, kind, state;
    struct opt_str room_name, cancel_reason;
    int64_t sequence, updated_at;
};
extern const struct schema ics_session_schema;

struct ics_calendar {
    struct str name;
    struct str school;    /* part of each UID: the same for ever, another in each school */
    int64_t made_at;      /* DTSTAMP of sessions that were never changed */
    int64_t from, to;     /* UTC ms: the zones' changes that are told */
    struct list sessions; /* of struct ics_session */
};

/* The text, in ctx's arena. ERR_INTERNAL when it is larger than 4 MiB. */
must_check enum err ics_write(struct ctx *ctx, const struct ics_calendar *c, struct str *ret);
