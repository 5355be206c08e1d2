/* SPDX-License-Identifier: MIT */
/* The event log. The counter's row is locked until commit: numbers become visible in order. */
#include "events/events_store.h"

#include "db/db.h"

struct event_row {
    int64_t id;
    struct str name;
    struct str data;
    int64_t trainer_id, student_id, account_id;
};

#define F(...) FIELD(struct event_row, __VA_ARGS__)
static const struct field event_fields[] = {
    F(id, "Number"),          F(name, "Name"),          F(data, "JSON"),
    F(trainer_id, "Trainer"), F(student_id, "Student"), F(account_id, "Account"),
};
#undef F
static const struct schema event_schema = SCHEMA(event_row, event_fields);

enum err events_store_insert(struct ctx *ctx, struct event *ev)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e
          : db_i64(ctx, "UPDATE event_counter SET last = last + 1 WHERE id = 1 RETURNING last",
                   ARGS(), &ev->id);
    e = e ? e
          : db_exec(ctx,
                    "INSERT INTO event (id, at, name, data, trainer_id, student_id, account_id)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    ARGS(A(ev->id), A(ctx->now), A(ev->name), A(ev->data),
                         A(ev->audience.trainer_id), A(ev->audience.student_id),
                         A(ev->audience.user_id)));
    return e ? e : tx_commit(&tx);
}

enum err events_store_insert_both(struct ctx *ctx, struct event *a, struct event *b)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e
          : db_i64(ctx, "UPDATE event_counter SET last = last + 2 WHERE id = 1 RETURNING last",
                   ARGS(), &b->id);
    a->id = b->id - 1;
    e = e ? e
          : db_exec(ctx,
                    "INSERT INTO event (id, at, name, data, trainer_id, student_id, account_id)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7), ($8, $2, $9, $10, $11, $12, $13)",
                    ARGS(A(a->id), A(ctx->now), A(a->name), A(a->data), A(a->audience.trainer_id),
                         A(a->audience.student_id), A(a->audience.user_id), A(b->id), A(b->name),
                         A(b->data), A(b->audience.trainer_id), A(b->audience.student_id),
                         A(b->audience.user_id)));
    return e ? e : tx_commit(&tx);
}

enum err events_store_after(struct ctx *ctx, int64_t last_id, struct list *ret)
{
    const struct actor *a = &ctx->actor;
    struct list rows;
    struct event *out;
    enum err e = db_list(ctx, &event_schema, &rows,
                         "SELECT id, name, data, trainer_id, student_id, account_id FROM event"
                         " WHERE id > $1 AND (CAST($2 AS BIGINT) = 1"
                         " OR (CAST($3 AS BIGINT) > 0 AND trainer_id = $3)"
                         " OR (CAST($4 AS BIGINT) > 0 AND student_id = $4) OR account_id = $5"
                         " OR student_id IN (SELECT gu.student_id FROM guardian gu"
                         " WHERE gu.account_id = $6))"
                         " ORDER BY id LIMIT 1000",
                         ARGS(A(last_id), A(a->role == ROLE_ADMIN ? 1 : 0), A(a->trainer_id),
                              A(a->student_id), A(a->user_id), A(actor_guardian(a))));

    if (e)
        return e;
    out = ARENA_NEW_N(&ctx->arena, struct event, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct event_row *r = (const struct event_row *)rows.at + i;

        out[i] = (struct event){
            .id = r->id,
            .name = r->name,
            .data = r->data,
            .audience = {r->trainer_id, r->student_id, r->account_id},
        };
    }
    *ret = (struct list){out, rows.n};
    return ERR_OK;
}

enum err events_store_first(struct ctx *ctx, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT coalesce((SELECT min(id) FROM event), last + 1) FROM event_counter"
                  " WHERE id = 1",
                  ARGS(), ret);
}

enum err events_store_last(struct ctx *ctx, int64_t *ret)
{
    return db_i64(ctx, "SELECT last FROM event_counter WHERE id = 1", ARGS(), ret);
}

enum err events_store_trim(struct ctx *ctx, int64_t before)
{
    return db_exec(ctx, "DELETE FROM event WHERE at < $1", ARGS(A(before)));
}
