/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What belongs together: transactions. The rules of a feature decide that, so x.c may include this
 * header; statements stay in x_store.c (db/db.h).
 */
#include "base/ctx.h"

/*
 * A transaction: `cleanup(tx_finish) struct tx tx = {0};  e = tx_begin(ctx, &tx); …
 * tx_commit(&tx)`. Rolled back unless committed. Nesting joins the outer one; an inner one that
 * wrote and was not committed fails the outer one. It is a write transaction from the start: BEGIN
 * IMMEDIATE on SQLite, READ COMMITTED plus constraints on PostgreSQL.
 */
struct tx {
    struct ctx *ctx;
    bool open, outer;
    int64_t wrote; /* writing statements of the handle before this transaction began */
};
must_check enum err tx_begin(struct ctx *ctx, struct tx *tx);
must_check enum err tx_commit(struct tx *tx);
void tx_finish(struct tx *tx);

/*
 * Runs `fn` in a transaction, commits it, and runs it again (at most 5 times, with growing random
 * delay) when PostgreSQL answers 40001 or 40P01. `fn` must have no effect outside the database.
 */
must_check enum err db_transact(struct ctx *ctx, enum err (*fn)(struct ctx *ctx, void *arg),
                                void *arg);
/*
 * Runs inside each outermost transaction that wrote, right before its commit, until it is replaced
 * (NULL: by nothing); an error rolls the transaction back.
 */
void db_before_commit(struct ctx *ctx, enum err (*fn)(struct ctx *ctx, void *arg), void *arg);
/*
 * For who can run a whole piece of work again: whether the last transaction failed only because
 * PostgreSQL asks for it again, and this was not the fifth try (`attempt` counts from 1). Waits a
 * growing random moment before it says yes.
 */
bool db_may_retry(struct ctx *ctx, int attempt);
/* Runs after the outermost transaction of ctx commits (at once outside one); dropped on rollback.
 * `arg` must live in ctx's arena. */
void db_after_commit(struct ctx *ctx, void (*fn)(struct ctx *ctx, void *arg), void *arg);
