/* SPDX-License-Identifier: MIT */
/* One table; revoked devices are never found by what they know. */
#include "devices/devices_store.h"

#include "db/db.h"

#define F(...) FIELD(struct device_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),
    F(room_id, "Room"),
    F(epoch, "Sign-ins, rotations and revocations"),
    F(kind, "Kiosk or reader"),
    F(network, "Addresses"),
};
#undef F
static const struct schema row_schema = SCHEMA(device_row, row_fields);

#define COLUMNS                                                                                    \
    "SELECT d.id, d.kind, d.name, d.name_norm, d.room_id, r.name AS room_name, d.network,"         \
    " coalesce((SELECT max(h.since_at) FROM device_room h WHERE h.device_id = d.id), "             \
    "d.created_at)"                                                                                \
    " AS room_since,"                                                                              \
    " CASE WHEN d.cookie_hash IS NULL THEN 0 ELSE 1 END AS signed_in, d.last_seen_at,"             \
    " d.revoked_at, d.created_at, d.version FROM device d JOIN room r ON r.id = d.room_id"

#define PAGE(op_, dir_)                                                                            \
    COLUMNS                                                                                        \
    " WHERE CASE WHEN d.revoked_at IS NULL THEN 0 ELSE 1 END = $1"                                 \
    " AND (CAST($2 AS TEXT) IS NULL OR d.name_norm LIKE $2 ESCAPE '!')"                            \
    " AND (d.name_norm, d.id) " op_                                                                \
    " ($3, $4)"                                                                                    \
    " ORDER BY d.name_norm " dir_ ", d.id " dir_ " LIMIT $5"

enum err devices_store_page(struct ctx *ctx, const struct page_query *q, struct opt_str like,
                            struct page *ret)
{
    struct db_page page = db_page_asked(q, "name_norm");
    enum err e =
        db_page(ctx, &device_schema, &page, page.descending ? PAGE("<", "DESC") : PAGE(">", "ASC"),
                ARGS(A(q->archived), A(like)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err devices_store_get(struct ctx *ctx, int64_t id, struct device *ret)
{
    return db_one(ctx, &device_schema, ret, COLUMNS " WHERE d.id = $1", ARGS(A(id)));
}

enum err devices_store_insert(struct ctx *ctx, const struct device_new *in, struct str norm,
                              struct str hash, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO device (kind, name, name_norm, room_id, network, token_hash,"
                  " created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
                  " RETURNING id",
                  ARGS(A(in->kind), A(in->name), A(norm), A(in->room_id), A(in->network), A(hash),
                       A(ctx->actor.user_id), A(ctx->now)),
                  ret_id);
}

enum err devices_store_update(struct ctx *ctx, const struct device *d, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE device SET name = $3, name_norm = $4, room_id = $5, network = $6,"
                     " updated_at = $7, version = version + 1"
                     " WHERE id = $1 AND version = $2 AND revoked_at IS NULL",
                     ARGS(A(d->id), A(d->version), A(d->name), A(d->name_norm), A(d->room_id),
                          A(d->network), A(ctx->now)),
                     ret_n);
}

enum err devices_store_stand(struct ctx *ctx, int64_t id, int64_t room_id, int64_t since)
{
    enum err e = db_exec(ctx, "DELETE FROM device_room WHERE device_id = $1 AND since_at >= $2",
                         ARGS(A(id), A(since)));

    return e ? e
             : db_exec(ctx,
                       "INSERT INTO device_room (device_id, since_at, room_id) VALUES ($1, $2, $3)",
                       ARGS(A(id), A(since), A(room_id)));
}

enum err devices_store_set_token(struct ctx *ctx, int64_t id, struct str hash, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE device SET token_hash = $2, cookie_hash = NULL, epoch = epoch + 1,"
                     " updated_at = $3, version = version + 1"
                     " WHERE id = $1 AND revoked_at IS NULL",
                     ARGS(A(id), A(hash), A(ctx->now)), ret_n);
}

enum err devices_store_revoke(struct ctx *ctx, int64_t id, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE device SET revoked_at = $2, cookie_hash = NULL, epoch = epoch + 1,"
                     " updated_at = $2, version = version + 1"
                     " WHERE id = $1 AND revoked_at IS NULL",
                     ARGS(A(id), A(ctx->now)), ret_n);
}

#define CALLER "SELECT id, room_id, epoch, kind, network FROM device WHERE revoked_at IS NULL AND "

enum err devices_store_by_token(struct ctx *ctx, struct str hash, struct device_row *ret)
{
    return db_one(ctx, &row_schema, ret, CALLER "token_hash = $1", ARGS(A(hash)));
}

enum err devices_store_by_cookie(struct ctx *ctx, struct str hash, struct device_row *ret)
{
    return db_one(ctx, &row_schema, ret, CALLER "cookie_hash = $1", ARGS(A(hash)));
}

enum err devices_store_by_id(struct ctx *ctx, int64_t id, struct device_row *ret)
{
    return db_one(ctx, &row_schema, ret, CALLER "id = $1", ARGS(A(id)));
}

enum err devices_store_sign_in(struct ctx *ctx, int64_t id, struct str hash)
{
    return db_exec(ctx,
                   "UPDATE device SET cookie_hash = $2, epoch = epoch + 1, last_seen_at = $3"
                   " WHERE id = $1 AND revoked_at IS NULL",
                   ARGS(A(id), A(hash), A(ctx->now)));
}

enum err devices_store_touch(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "UPDATE device SET last_seen_at = $2 WHERE id = $1",
                   ARGS(A(id), A(ctx->now)));
}
