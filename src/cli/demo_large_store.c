/* SPDX-License-Identifier: MIT */
/* Rows of the large demo school on their way into the tables. */
#include <assert.h>
#include <string.h>

#include "cli/demo_large.h"

enum { FULL = 20000, FIRST = 256 };

struct target {
    const char *table, *columns;
    bool has_id;
    size_t width;
};

static const struct target targets[LARGE_TABLES] = {
    [LARGE_ACCOUNT] = {"account",
                       "id, email, email_norm, name, name_norm, role, locale, time_zone,"
                       " password_hash, created_at, updated_at",
                       true, 11},
    [LARGE_PROGRAMME] = {"programme", "id, code, name, name_norm", true, 4},
    [LARGE_MODULE] = {"module", "id, programme_id, code, name, name_norm, hours", true, 6},
    [LARGE_ROOM] = {"room", "id, code, name, name_norm, capacity", true, 5},
    [LARGE_CLASS_GROUP] = {"class_group", "id, programme_id, code, name, name_norm", true, 5},
    [LARGE_TRAINER] = {"trainer", "id, account_id, specialities", true, 3},
    [LARGE_STUDENT] = {"student", "id, student_number, account_id, name, name_norm, birth_date",
                       true, 6},
    [LARGE_GROUP_MEMBER] = {"group_member", "id, group_id, student_id, from_day", true, 4},
    [LARGE_SESSION] = {"session",
                       "id, module_id, trainer_id, room_id, starts_at, ends_at, time_zone, kind,"
                       " mode, state, cancel_reason, updated_at, ledger_seq, ledger_hash",
                       true, 14},
    [LARGE_SESSION_GROUP] = {"session_group", "session_id, group_id", false, 2},
    [LARGE_EVENT] = {"attendance_event",
                     "id, session_id, student_id, at, kind, method, status_before, status_after,"
                     " minutes_late, similarity, margin, threshold, by_account_id, request_id, uid,"
                     " seq, occurred_at, facts, said, prev_hash, hash",
                     true, 21},
    [LARGE_RECORD] = {"attendance_record",
                      "id, session_id, student_id, status, method, marked_at, minutes_late,"
                      " similarity, margin, threshold, marked_by, note, last_event_id, weight,"
                      " derived, reason, in_at, minutes_present",
                      true, 18},
};

void large_put(struct large *l, enum large_table t, struct db_args row)
{
    struct large_rows *r = &l->rows[t];
    size_t width = targets[t].width;

    assert(row.n == width);
    if (r->n == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : FIRST;
        struct db_arg *cells = ARENA_NEW_N(&l->pen.arena, struct db_arg, cap * width);

        if (r->n)
            memcpy(cells, r->cells, r->n * width * sizeof(*cells));
        r->cells = cells;
        r->cap = cap;
    }
    memcpy(r->cells + r->n++ * width, row.at, width * sizeof(*r->cells));
    l->waiting++;
}

bool large_is_full(const struct large *l)
{
    return l->waiting >= FULL;
}

enum err large_flush(struct large *l)
{
    struct ctx *ctx = l->demo.ctx;
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = db_bulk_begin(ctx, &tx);

    for (size_t t = 0; !e && t < LARGE_TABLES; t++)
        e = db_put_rows(ctx, &(struct db_rows){
                                 .table = targets[t].table,
                                 .columns = targets[t].columns,
                                 .width = targets[t].width,
                                 .cells = l->rows[t].cells,
                                 .n = l->rows[t].n,
                             });
    e = e ? e : tx_commit(&tx);
    memset(l->rows, 0, sizeof(l->rows));
    l->waiting = 0;
    arena_reset(&l->pen.arena);
    return e;
}

/* The past of a made school is no news: alerts and signals begin with what happens from now on. */
static enum err look_from_now_on(struct ctx *ctx)
{
    int64_t newest = 0;
    enum err e = db_i64(ctx, "SELECT coalesce(max(id), 0) FROM attendance_event", ARGS(), &newest);

    e = e ? e
          : db_exec(ctx, "UPDATE alert_mark SET before_id = $1, last_id = $1 WHERE id = 1",
                    ARGS(A(newest)));
    return e ? e
             : db_exec(ctx, "INSERT INTO signal_progress (id, event_id) VALUES (1, $1)",
                       ARGS(A(newest)));
}

enum err large_finish_tables(struct ctx *ctx)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = db_bulk_begin(ctx, &tx);

    for (size_t t = 0; !e && t < LARGE_TABLES; t++)
        if (targets[t].has_id)
            e = db_ids_follow(ctx, targets[t].table);
    e = e ? e : look_from_now_on(ctx);
    e = e ? e : tx_commit(&tx);
    return e ? e : db_analyze(ctx);
}
