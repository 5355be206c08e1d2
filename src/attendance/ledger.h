/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The ledger: the raw events of a session, append-only, each with the hash of the one before. Who
 * changes or removes one breaks the chain from there on; `smartpresence ledger verify` names the
 * first broken link. The hash covers ids, times and numbers, and of a note only its own hash, so
 * that a note can be erased. docs/ledger.md has the exact form.
 */
#include "base/ctx.h"
#include "base/schema.h"

struct ledger_fault {
    int64_t session_id;
    int64_t seq; /* the first link that does not hold */
    int64_t event_id;
    struct str what; /* hash previous missing head note */
};

struct ledger_report {
    int64_t sessions, events;
    int64_t before;     /* events from before there was a ledger: not chained */
    struct list faults; /* struct ledger_fault, the first of each session */
};

/* Goes through all sessions (session_id 0) or one, with little memory. `progress` may be NULL. */
must_check enum err ledger_verify(struct ctx *ctx, int64_t session_id,
                                  void (*progress)(void *arg, int64_t done, int64_t of), void *arg,
                                  struct ledger_report *ret);
