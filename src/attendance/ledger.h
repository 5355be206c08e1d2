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

/* One event with all that never changes, and what chains it. */
struct ledger_link {
    int64_t id; /* row in the database; not part of the hash */
    int64_t session_id;
    int64_t seq; /* 1, 2, 3 … within the session; 0: from before there was a ledger */
    struct str uid;
    struct opt_i64 student_id; /* not set: of the register as a whole */
    struct str kind, method;
    int64_t at, occurred_at;
    struct opt_i64 client_at;
    struct str direction;
    int64_t facts;
    struct str status_before, status_after;
    struct opt_str said, code;
    struct opt_i64 undoes;     /* row that is taken back; not part of the hash, its uid is */
    struct opt_str undoes_uid; /* "#17": an event without uid */
    struct opt_i64 covers_from, covers_to;
    struct opt_i64 device_id, by_account_id, justification_id, minutes_late;
    struct opt_f64 similarity, margin, threshold, quality, liveness;
    struct opt_str model, client;
    struct str request_id;
    struct opt_str note, note_salt; /* not part of the hash, may be erased together */
    struct opt_str note_hash;
    struct str prev_hash, hash; /* 64 hex digits */
};

/* What stands before the first link of a session, as if it were a hash. */
struct str ledger_root(struct ctx *ctx, int64_t session_id);
/* The bytes that are hashed: ends in prev_hash. */
struct str ledger_form(struct ctx *ctx, const struct ledger_link *l);
/* BLAKE2b-256 of the form, in hex. */
struct str ledger_hash(struct ctx *ctx, const struct ledger_link *l);
/* 128 random bits in hex. */
struct str ledger_uid(struct ctx *ctx);
struct str ledger_note_hash(struct ctx *ctx, struct str salt, struct str note);
/* Makes `l` the link after (seq, hash) and moves these on: sets its seq, prev_hash, uid (unless it
 * has one), the note's salt and hash when there is a note, and hash. */
void ledger_chain(struct ctx *ctx, struct ledger_link *l, int64_t *seq, struct str *hash);

struct ledger_fault {
    int64_t session_id;
    int64_t seq; /* the first link that does not hold */
    int64_t event_id;
    struct str what; /* hash previous missing head note */
};
extern const struct schema ledger_fault_schema;

/* A record that does not follow from the events. */
struct ledger_difference {
    int64_t session_id;
    int64_t student_id;             /* 0: the session itself, its state */
    struct str field;               /* the first that differs; "status" first, then minutes … */
    struct opt_str stored, derived; /* as text; null: none, of the status: no record at all */
};
extern const struct schema ledger_difference_schema;

struct ledger_report {
    int64_t sessions, events;
    int64_t before;          /* events from before there was a ledger: not chained */
    struct list faults;      /* struct ledger_fault, the first of each session */
    int64_t records;         /* derived anew and compared */
    int64_t records_before;  /* of these, from before there was a ledger: only their status */
    struct list differences; /* struct ledger_difference, the first of each session */
};
extern const struct schema ledger_report_schema;

/* What is asked of ledger_verify. */
struct ledger_wish {
    int64_t session_id;                                    /* 0: all */
    bool chain_only;                                       /* records are not derived */
    void (*progress)(void *arg, int64_t done, int64_t of); /* of sessions; may be NULL */
    void *arg;
};
/* Goes through sessions one by one, with the memory of one; at most 1,000 faults and as many
 * differences are kept. ERR_NOT_FOUND: no such session. */
must_check enum err ledger_verify(struct ctx *ctx, const struct ledger_wish *wish,
                                  struct ledger_report *ret);
