/* SPDX-License-Identifier: MIT */
#pragma once
/* Events and records of the large demo school, chained as the ledger wants them. */
#include "cli/demo_large.h"

/* A session while its events are made. */
struct large_session {
    int64_t id, starts_at, ends_at, trainer_account;
    const char *state;
    bool remote;
    int64_t dice;    /* 0..99: how most of its students check in */
    int64_t seq;     /* of its newest event */
    struct str hash; /* of its newest event; empty: none */
};

struct large_entry {
    int64_t student_id; /* 0: of the register */
    const char *kind, *method, *before, *after;
    int64_t at, late, by, facts; /* by: an account; 0: nobody */
};
void large_event(struct large *l, struct large_session *s, const struct large_entry *e);

struct large_mark {
    int64_t student_id;
    const char *status, *method, *derived, *reason;
    int64_t at, late, marked_by;
    bool came; /* a check-in counts: `at` is when */
};
/* The record that the student's events led to; the last of them was made just now. */
void large_record(struct large *l, const struct large_session *s, const struct large_mark *m);
