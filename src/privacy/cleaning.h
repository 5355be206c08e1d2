/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a database keeps of rows that are gone. Who forgets asks for a cleaning in the same
 * transaction; a job does it afterwards and reports it among the others (retention.h), so that
 * nobody waits for it, and none is lost by a crash.
 *
 * SQLite overwrites what it deletes; its write-ahead log is emptied into the file. PostgreSQL keeps
 * old rows: each table that forgetting touches is written anew when it is small, which locks it for
 * a moment; a large one (the register's) is vacuumed, after which the bytes may still lie in free
 * space of its files until that is used again. Its own log is not ours to reach. ADR 24.
 */
#include "base/ctx.h"
#include "base/schema.h"

/* In the transaction that forgets. */
must_check enum err cleaning_ask(struct ctx *ctx);
/* How many ask, and since when. */
must_check enum err cleaning_due(struct ctx *ctx, struct opt_i64 *ret_oldest, int64_t *ret_due);
/* Cleans if somebody asked; *ret_n: how many that was for. ERR_BUSY: somebody was in the way; it is
 * still asked for. Outside a transaction. */
must_check enum err cleaning_run(struct ctx *ctx, int64_t *ret_n);
