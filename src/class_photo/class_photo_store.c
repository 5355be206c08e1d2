/* SPDX-License-Identifier: MIT */
/* Proposals and their crops in SQL. The caller's right to the session was checked before. */
#include "class_photo/class_photo_store.h"

#include "db/db.h"

#define F(...) FIELD(struct class_photo_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),         F(session_id, "Session"), F(state, "State"),      F(kept, "Numbers"),
    F(result, "Result"), F(created_at, "Made"),    F(expires_at, "Until"),
};
#undef F
static const struct schema row_schema = SCHEMA(class_photo_row, row_fields);

static const struct field crop_fields[] = {
    FIELD(struct crop_row, master_key_id, "Master key"),
    FIELD(struct crop_row, wrapped, "Key"),
    FIELD(struct crop_row, sealed, "Crop"),
};
static const struct schema crop_schema = SCHEMA(crop_row, crop_fields);

#define COLUMNS "id, session_id, state, kept, result, created_at, expires_at"

enum err class_photo_insert(struct ctx *ctx, const struct class_photo_new *in, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO class_photo (session_id, by_account_id, state, kept, master_key_id,"
                  " wrapped, created_at, expires_at) VALUES ($1, $2, 'open', $3, $4, $5, $6, $7)"
                  " RETURNING id",
                  ARGS(A(in->session_id), A(ctx->actor.user_id), A(in->kept), A(in->master_key_id),
                       db_blob(in->wrapped), A(ctx->now), A(in->expires_at)),
                  ret_id);
}

enum err class_photo_insert_crop(struct ctx *ctx, int64_t id, int64_t face, struct str sealed)
{
    return db_exec(ctx,
                   "INSERT INTO class_photo_crop (class_photo_id, face, sealed)"
                   " VALUES ($1, $2, $3)",
                   ARGS(A(id), A(face), db_blob(sealed)));
}

enum err class_photo_fetch(struct ctx *ctx, int64_t session_id, int64_t id,
                           struct class_photo_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  "SELECT " COLUMNS
                  " FROM class_photo"
                  " WHERE id = $1 AND session_id = $2 AND expires_at > $3",
                  ARGS(A(id), A(session_id), A(ctx->now)));
}

enum err class_photo_hold(struct ctx *ctx, int64_t session_id, int64_t id,
                          struct class_photo_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  "UPDATE class_photo SET state = state"
                  " WHERE id = $1 AND session_id = $2 AND expires_at > $3 RETURNING " COLUMNS,
                  ARGS(A(id), A(session_id), A(ctx->now)));
}

enum err class_photo_fetch_crop(struct ctx *ctx, const struct class_photo_row *row, int64_t face,
                                struct crop_row *ret)
{
    return db_one(ctx, &crop_schema, ret,
                  "SELECT p.master_key_id, p.wrapped, c.sealed FROM class_photo p"
                  " JOIN class_photo_crop c ON c.class_photo_id = p.id"
                  " WHERE p.id = $1 AND c.face = $2",
                  ARGS(A(row->id), A(face)));
}

static enum err delete_crops(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "DELETE FROM class_photo_crop WHERE class_photo_id = $1", ARGS(A(id)));
}

enum err class_photo_settle(struct ctx *ctx, int64_t id, struct str result)
{
    enum err e = db_exec(ctx,
                         "UPDATE class_photo SET state = 'confirmed', kept = '', result = $2,"
                         " master_key_id = NULL, wrapped = NULL, confirmed_at = $3,"
                         " confirmed_by = $4 WHERE id = $1",
                         ARGS(A(id), A(result), A(ctx->now), A(ctx->actor.user_id)));

    return e ? e : delete_crops(ctx, id);
}

enum err class_photo_delete(struct ctx *ctx, int64_t id)
{
    int64_t n = 0;
    enum err e = delete_crops(ctx, id);

    e = e ? e
          : db_exec_n(ctx, "DELETE FROM class_photo WHERE id = $1 AND state = 'open'", ARGS(A(id)),
                      &n);
    return e || n ? e : ERR_NOT_FOUND;
}

enum err class_photo_delete_own(struct ctx *ctx, int64_t session_id)
{
    enum err e = db_exec(ctx,
                         "DELETE FROM class_photo_crop WHERE class_photo_id IN (SELECT id"
                         " FROM class_photo WHERE session_id = $1 AND by_account_id = $2"
                         " AND state = 'open')",
                         ARGS(A(session_id), A(ctx->actor.user_id)));

    return e ? e
             : db_exec(ctx,
                       "DELETE FROM class_photo WHERE session_id = $1 AND by_account_id = $2"
                       " AND state = 'open'",
                       ARGS(A(session_id), A(ctx->actor.user_id)));
}

enum err class_photo_delete_ended(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    enum err e = db_exec(ctx,
                         "DELETE FROM class_photo_crop WHERE class_photo_id IN"
                         " (SELECT id FROM class_photo WHERE expires_at <= $1)",
                         ARGS(A(before)));

    return e ? e
             : db_exec_n(ctx, "DELETE FROM class_photo WHERE expires_at <= $1", ARGS(A(before)),
                         ret_n);
}

struct oldest {
    struct opt_i64 at;
};
static const struct field oldest_fields[] = {FIELD(struct oldest, at, "When")};
static const struct schema oldest_schema = SCHEMA(oldest, oldest_fields);

enum err class_photo_count_ended(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                 int64_t *ret_n)
{
    struct oldest first = {0};
    enum err e =
        db_one(ctx, &oldest_schema, &first,
               "SELECT min(created_at) AS at FROM class_photo WHERE state = 'open'", ARGS());

    *ret_oldest = first.at;
    return e ? e
             : db_i64(ctx, "SELECT count(*) FROM class_photo WHERE expires_at <= $1",
                      ARGS(A(before)), ret_n);
}
