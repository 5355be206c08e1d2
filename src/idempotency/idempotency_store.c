/* SPDX-License-Identifier: MIT */
/* Kept answers in SQL. */
#include "idempotency/idempotency_store.h"

#include "base/schema.h"

#include "db/db.h"

#define F(...) FIELD(struct idem_row, __VA_ARGS__)
static const struct field idem_fields[] = {
    F(route_id, "Route"), F(fingerprint, "Hash of the request"),
    F(sealed, "Answer"),  F(body, "Plain answer"),
    F(status, "Status"),  F(created_at, "Since"),
};
#undef F
static const struct schema idem_schema = SCHEMA(idem_row, idem_fields);

enum err idem_store_take(struct ctx *ctx, struct str owner, struct str key,
                         const struct idem_row *row)
{
    int64_t n = 0;
    enum err e = db_exec_n(
        ctx,
        "INSERT INTO idempotency (owner, idem_key, route_id, fingerprint,"
        " status, body, created_at) VALUES ($1, $2, $3, $4, 0, '', $5)"
        " ON CONFLICT (owner, idem_key) DO NOTHING",
        ARGS(A(owner), A(key), A(row->route_id), A(row->fingerprint), A(row->created_at)), &n);

    return e ? e : n ? ERR_OK : ERR_CONFLICT;
}

enum err idem_store_get(struct ctx *ctx, struct str owner, struct str key, struct idem_row *ret)
{
    return db_one(ctx, &idem_schema, ret,
                  "SELECT route_id, fingerprint, sealed, body, status, created_at FROM idempotency"
                  " WHERE owner = $1 AND idem_key = $2",
                  ARGS(A(owner), A(key)));
}

enum err idem_store_take_over(struct ctx *ctx, const struct idem_claim *claim, int64_t then,
                              int64_t *n)
{
    return db_exec_n(ctx,
                     "UPDATE idempotency SET created_at = $3"
                     " WHERE owner = $1 AND idem_key = $2 AND created_at = $4 AND status = 0",
                     ARGS(A(claim->owner), A(claim->key), A(claim->at), A(then)), n);
}

enum err idem_store_committed(struct ctx *ctx, const struct idem_claim *claim, int64_t *n)
{
    return db_exec_n(ctx,
                     "UPDATE idempotency SET status = 1"
                     " WHERE owner = $1 AND idem_key = $2 AND created_at = $3 AND status < 2",
                     ARGS(A(claim->owner), A(claim->key), A(claim->at)), n);
}

enum err idem_store_recover(struct ctx *ctx)
{
    if (db_engine(ctx) != DB_SQLITE)
        return ERR_OK;
    return db_exec(ctx, "DELETE FROM idempotency WHERE status = 0", ARGS());
}

enum err idem_store_answer(struct ctx *ctx, const struct idem_claim *claim, int status,
                           struct str sealed)
{
    return db_exec(ctx,
                   "UPDATE idempotency SET status = $3, sealed = $4, body = ''"
                   " WHERE owner = $1 AND idem_key = $2 AND created_at = $5",
                   ARGS(A(claim->owner), A(claim->key), A(status), db_blob(sealed), A(claim->at)));
}

enum err idem_store_drop(struct ctx *ctx, const struct idem_claim *claim)
{
    return db_exec(ctx,
                   "DELETE FROM idempotency WHERE owner = $1 AND idem_key = $2 AND status = 0"
                   " AND created_at = $3",
                   ARGS(A(claim->owner), A(claim->key), A(claim->at)));
}

enum err idem_store_trim(struct ctx *ctx, int64_t before)
{
    return db_exec(ctx, "DELETE FROM idempotency WHERE created_at < $1", ARGS(A(before)));
}
