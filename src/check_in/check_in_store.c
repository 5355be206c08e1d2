/* SPDX-License-Identifier: MIT */
/* The caller's right to the session was checked before. */
#include "check_in/check_in_store.h"

#include "db/db.h"

static const struct field secret_fields[] = {
    FIELD(struct session_secret, secret, "Of tokens and PINs"),
    FIELD(struct session_secret, client_key, "Of the marks of browsers"),
};
static const struct schema secret_schema = SCHEMA(session_secret, secret_fields);

static const struct field room_fields[] = {
    FIELD(struct place_room, network, "Addresses"),
    FIELD(struct place_room, latitude, "Degrees north"),
    FIELD(struct place_room, longitude, "Degrees east"),
    FIELD(struct place_room, radius_m, "Circle in metres"),
};
static const struct schema room_schema = SCHEMA(place_room, room_fields);

enum err check_in_store_secret(struct ctx *ctx, int64_t session_id, struct session_secret *ret)
{
    return db_one(ctx, &secret_schema, ret,
                  "SELECT secret, client_key FROM session_secret WHERE session_id = $1",
                  ARGS(A(session_id)));
}

enum err check_in_store_secret_add(struct ctx *ctx, int64_t session_id,
                                   const struct session_secret *s)
{
    return db_exec(ctx,
                   "INSERT INTO session_secret (session_id, secret, client_key, created_at)"
                   " VALUES ($1, $2, $3, $4) ON CONFLICT (session_id) DO NOTHING",
                   ARGS(A(session_id), db_blob(s->secret), db_blob(s->client_key), A(ctx->now)));
}

enum err check_in_store_secret_set(struct ctx *ctx, int64_t session_id, struct str secret)
{
    return db_exec(ctx,
                   "UPDATE session_secret SET secret = $2, created_at = $3 WHERE session_id = $1",
                   ARGS(A(session_id), db_blob(secret), A(ctx->now)));
}

enum err check_in_store_use(struct ctx *ctx, const struct code *c, int64_t student_id,
                            bool *ret_new)
{
    int64_t n = 0;
    enum err e = db_exec_n(ctx,
                           "INSERT INTO code_use (session_id, student_id, slot, at)"
                           " VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT (session_id, student_id, slot) DO NOTHING",
                           ARGS(A(c->session_id), A(student_id), A(c->slot), A(ctx->now)), &n);

    *ret_new = n > 0;
    return e;
}

enum err check_in_store_used(struct ctx *ctx, const struct code *c, int64_t student_id, bool *ret)
{
    int64_t n = 0;
    enum err e = db_i64(ctx,
                        "SELECT count(*) FROM code_use WHERE session_id = $1 AND student_id = $2"
                        " AND slot = $3",
                        ARGS(A(c->session_id), A(student_id), A(c->slot)), &n);

    *ret = n > 0;
    return e;
}

enum err check_in_store_try(struct ctx *ctx, const struct pin_try *t, int64_t *ret_since)
{
    int64_t failed;
    enum err e =
        db_i64(ctx,
               "INSERT INTO pin_failure (session_id, student_id, failed, last_at)"
               " VALUES ($1, $2, 1, $3) ON CONFLICT (session_id, student_id) DO UPDATE SET"
               " failed = CASE WHEN pin_failure.last_at <= $4 THEN 1"
               " ELSE pin_failure.failed + 1 END, last_at = $3"
               " WHERE pin_failure.failed < $5 OR pin_failure.last_at <= $4 RETURNING failed",
               ARGS(A(t->session_id), A(t->student_id), A(ctx->now), A(ctx->now - t->window_ms),
                    A(t->most)),
               &failed);

    if (e != ERR_NOT_FOUND)
        return e;
    /* A clock that went back: the lock begins anew, and is no longer than any other. */
    e = db_i64(ctx,
               "UPDATE pin_failure SET last_at = CASE WHEN last_at > $3 THEN $3 ELSE last_at END"
               " WHERE session_id = $1 AND student_id = $2 RETURNING last_at",
               ARGS(A(t->session_id), A(t->student_id), A(ctx->now)), ret_since);
    return e ? e : ERR_NOT_FOUND;
}

enum err check_in_store_try_forget(struct ctx *ctx, int64_t session_id, int64_t student_id)
{
    return db_exec(ctx, "DELETE FROM pin_failure WHERE session_id = $1 AND student_id = $2",
                   ARGS(A(session_id), A(student_id)));
}

enum err check_in_store_forget(struct ctx *ctx, int64_t before)
{
    enum err e = db_exec(ctx, "DELETE FROM code_use WHERE at < $1", ARGS(A(before)));

    e = e ? e : db_exec(ctx, "DELETE FROM pin_failure WHERE last_at < $1", ARGS(A(before)));
    return e ? e
             : db_exec(ctx, "DELETE FROM session_secret WHERE created_at < $1", ARGS(A(before)));
}

enum err check_in_store_room(struct ctx *ctx, int64_t session_id, struct place_room *ret)
{
    return db_one(ctx, &room_schema, ret,
                  "SELECT r.network, r.latitude, r.longitude, r.radius_m FROM session s"
                  " LEFT JOIN room r ON r.id = s.room_id WHERE s.id = $1",
                  ARGS(A(session_id)));
}
