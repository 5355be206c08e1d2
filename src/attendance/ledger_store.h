/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of the ledger: private to attendance/. */
#include "attendance/ledger.h"
#include "presence/presence.h"

/* Inside a transaction: locks the session until commit, so that its events come one after the
 * other, and reads where its chain ends and what it asks of a check-in. ERR_NOT_FOUND. */
struct ledger_head {
    int64_t session_id;
    struct str state;
    int64_t seq;
    struct str hash;
    struct presence_rule rule; /* of a locked one: what the session asks */
};
must_check enum err ledger_lock(struct ctx *ctx, int64_t session_id, struct ledger_head *ret);
/* The same without the lock. */
must_check enum err ledger_peek(struct ctx *ctx, int64_t session_id, struct ledger_head *ret);
/* Whether there is any event of the session. */
must_check enum err ledger_begun(struct ctx *ctx, int64_t session_id, bool *ret);
/* What the events say of the register as a whole. */
struct ledger_moves {
    int64_t closed_seq; /* of its newest closing; 0: there is none */
    struct str state;   /* since the newest of them; empty: there is none, or it cannot be said */
};
must_check enum err ledger_fetch_moves(struct ctx *ctx, int64_t session_id,
                                       struct ledger_moves *ret);
must_check enum err ledger_store_head(struct ctx *ctx, const struct ledger_head *h);
/* The link as it is, chained by the caller; *ret_id is its row. ERR_CONFLICT: its uid is taken. */
must_check enum err ledger_insert(struct ctx *ctx, const struct ledger_link *l, int64_t *ret_id);
/* The events of a session that are of a student, by student and arrival; student_id 0: of all. Of a
 * confirmed register without the checks and marks that came after it was confirmed, unless `all`.
 */
must_check enum err ledger_fetch_student(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                         bool all, struct list *ret);
/* ERR_NOT_FOUND: no event has this uid. */
must_check enum err ledger_find(struct ctx *ctx, struct str uid, struct ledger_link *ret);

/* Links of the session with after < seq <= up_to, in order. */
must_check enum err ledger_fetch_links(struct ctx *ctx, int64_t session_id, int64_t after,
                                       int64_t up_to, int64_t limit, struct list *ret);
/* A list of struct ledger_head by id; session_id 0: all. */
must_check enum err ledger_fetch_heads(struct ctx *ctx, int64_t session_id, int64_t after,
                                       int64_t limit, struct list *ret);
must_check enum err ledger_count_sessions(struct ctx *ctx, int64_t *ret);
/* Events from before there was a ledger. */
must_check enum err ledger_count_before(struct ctx *ctx, int64_t session_id, int64_t *ret);
/* A list of struct ledger_fault of the sessions from `first` to `last`: links after the end that
 * the session knows, and events without a link that are younger than the first link of their
 * session. */
must_check enum err ledger_fetch_strays(struct ctx *ctx, int64_t first, int64_t last, int64_t limit,
                                        struct list *ret);
