/* SPDX-License-Identifier: MIT */
/* Approvals and the ledgers: excuses are told once for each session, and taken back as told. */
#include "attendance/intake.h"
#include "db/tx.h"
#include "justifications/justifications_store.h"
#include "justifications/parts.h"

enum { AT_ONCE = 200 };
static const int64_t back_ms = 7LL * 24 * 3600 * 1000; /* the job looks at what ended after that */

static enum err tell_ledgers(struct ctx *ctx, const struct list *rows, bool take_back)
{
    const struct cover_row *row = rows->at;
    struct excuse *all = ARENA_NEW_N(&ctx->arena, struct excuse, rows->n ? rows->n : 1);

    for (size_t i = 0; i < rows->n; i++)
        all[i] = (struct excuse){
            .justification_id = row[i].justification_id,
            .session_id = row[i].session_id,
            .student_id = row[i].student_id,
            .covers_from = row[i].covers_from,
            .covers_to = row[i].covers_to,
            .code = row[i].status_code.v,
            .take_back = take_back,
        };
    return rows->n ? attendance_excuse(ctx, all, rows->n) : ERR_OK;
}

enum err cover_add(struct ctx *ctx, int64_t id)
{
    struct list rows = {0};
    enum err e = cover_store_missing(ctx, id, &rows);

    e = e ? e : tell_ledgers(ctx, &rows, false);
    for (size_t i = 0; !e && i < rows.n; i++)
        e = cover_store_insert(ctx, (const struct cover_row *)rows.at + i);
    return e;
}

static enum err take_back(struct ctx *ctx, const struct list *rows)
{
    enum err e = tell_ledgers(ctx, rows, true);

    for (size_t i = 0; !e && i < rows->n; i++)
        e = cover_store_delete(ctx, (const struct cover_row *)rows->at + i);
    return e;
}

enum err cover_remove(struct ctx *ctx, int64_t id)
{
    struct list rows = {0};
    enum err e = cover_store_of(ctx, id, &rows);

    return e ? e : take_back(ctx, &rows);
}

static enum err tend_one(struct ctx *ctx, void *arg)
{
    const int64_t *id = arg;
    struct list stale = {0};
    bool approved = false;
    enum err e = cover_store_hold(ctx, *id, &approved);

    if (e || !approved)
        return e;
    e = cover_store_stale(ctx, *id, &stale);
    e = e ? e : take_back(ctx, &stale);
    return e ? e : cover_add(ctx, *id);
}

enum err cover_tend(struct ctx *ctx)
{
    struct i64s due = {0};
    enum err first = ERR_OK;
    enum err e = cover_store_due(ctx, ctx->now - back_ms, AT_ONCE, &due);

    /* One that fails keeps no other waiting; the first failure is the job's. */
    for (size_t i = 0; !e && i < due.n; i++) {
        enum err one = db_transact(ctx, tend_one, &due.at[i]);

        first = first ? first : one;
        if (one)
            fault_clear(ctx);
    }
    return e ? e : first;
}
