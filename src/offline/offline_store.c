/* SPDX-License-Identifier: MIT */
/* Offline clients, and what became of their events, in SQL. */
#include "offline/offline_store.h"

#include "db/db.h"

#define OWNED                                                                                      \
    " (CAST($2 AS BIGINT) = 0 OR account_id = $2) AND (CAST($3 AS BIGINT) = 0 OR device_id = $3)"
#define CLIENT                                                                                     \
    "SELECT id, name, account_id, device_id, created_at, last_seen_at, revoked_at"                 \
    " FROM offline_client"

enum err offline_store_page(struct ctx *ctx, const struct page_query *q, struct offline_owner owner,
                            struct page *ret)
{
    struct db_page page = db_page_asked(q, NULL);
    enum err e = db_page(ctx, &offline_client_schema, &page,
                         CLIENT
                         " WHERE CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END = $1"
                         " AND" OWNED " AND id > $4 ORDER BY id LIMIT $5",
                         ARGS(A(q->archived), A(owner.account_id), A(owner.device_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err offline_store_get(struct ctx *ctx, int64_t id, struct offline_client *ret)
{
    return db_one(ctx, &offline_client_schema, ret, CLIENT " WHERE id = $1", ARGS(A(id)));
}

enum err offline_store_count(struct ctx *ctx, struct offline_owner owner, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM offline_client WHERE revoked_at IS NULL"
                  " AND (account_id = $1 OR device_id = $2)",
                  ARGS(A(owner.account_id), A(owner.device_id)), ret);
}

static struct opt_i64 or_null(int64_t id)
{
    return (struct opt_i64){.set = id != 0, .v = id};
}

enum err offline_store_insert(struct ctx *ctx, struct offline_owner owner, struct str name,
                              struct str handle, const struct sealed_key *key, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO offline_client (account_id, device_id, name, handle, master_key_id,"
                  " wrapped, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                  ARGS(A(or_null(owner.account_id)), A(or_null(owner.device_id)), A(name),
                       A(handle), A(key->master_key_id), db_blob(key->wrapped), A(ctx->now)),
                  ret_id);
}

enum err offline_store_revoke(struct ctx *ctx, int64_t id, struct offline_owner owner,
                              int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE offline_client SET revoked_at = $4, master_key_id = NULL,"
                     " wrapped = NULL WHERE id = $1 AND revoked_at IS NULL AND" OWNED,
                     ARGS(A(id), A(owner.account_id), A(owner.device_id), A(ctx->now)), ret_n);
}

#define F(...) FIELD(struct offline_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Client"),         F(account_id, "Account"), F(device_id, "Device"),
    F(handle, "Its handle"), F(wrapped, "Its key"),    F(created_at, "Registered"),
};
#undef F
static const struct schema row_schema = SCHEMA(offline_row, row_fields);

enum err offline_store_find(struct ctx *ctx, int64_t id, struct offline_owner owner,
                            struct offline_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  "SELECT id, account_id, device_id, handle, wrapped, created_at"
                  " FROM offline_client WHERE id = $1 AND revoked_at IS NULL AND" OWNED,
                  ARGS(A(id), A(owner.account_id), A(owner.device_id)));
}

enum err offline_store_hold(struct ctx *ctx, int64_t id, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE offline_client SET last_seen_at = $2"
                     " WHERE id = $1 AND revoked_at IS NULL",
                     ARGS(A(id), A(ctx->now)), ret_n);
}

#define F(...) FIELD(struct offline_kept, __VA_ARGS__)
static const struct field kept_fields[] = {
    F(fingerprint, "Hash of the event"),
    F(outcome, "What became of it"),
    F(reason, "Why"),
    F(at, "When it was"),
};
#undef F
static const struct schema kept_schema = SCHEMA(offline_kept, kept_fields);

enum err offline_store_kept(struct ctx *ctx, int64_t client_id, struct str uid,
                            struct offline_kept *ret)
{
    return db_one(ctx, &kept_schema, ret,
                  "SELECT fingerprint, outcome, reason, at FROM offline_event"
                  " WHERE client_id = $1 AND uid = $2",
                  ARGS(A(client_id), A(uid)));
}

enum err offline_store_keep(struct ctx *ctx, int64_t client_id, struct str uid,
                            const struct offline_kept *kept)
{
    return db_exec(ctx,
                   "INSERT INTO offline_event (client_id, uid, fingerprint, outcome, reason, at,"
                   " received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   ARGS(A(client_id), A(uid), A(kept->fingerprint), A(kept->outcome),
                        A(kept->reason), A(kept->at), A(ctx->now)));
}

struct due_row {
    struct opt_i64 oldest;
    int64_t due;
};
static const struct field due_fields[] = {
    FIELD(struct due_row, oldest, "Oldest"),
    FIELD(struct due_row, due, "So many"),
};
static const struct schema due_schema = SCHEMA_NAMED("offline_due", due_row, due_fields);

enum err offline_store_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                           int64_t *ret_due)
{
    struct due_row row = {0};
    enum err e = db_one(ctx, &due_schema, &row,
                        "SELECT (SELECT min(received_at) FROM offline_event) AS oldest,"
                        " (SELECT count(*) FROM offline_event WHERE received_at < $1) AS due",
                        ARGS(A(before)));

    *ret_oldest = row.oldest;
    *ret_due = row.due;
    return e;
}

enum err offline_store_forget(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM offline_event WHERE received_at < $1", ARGS(A(before)),
                     ret_n);
}

enum err offline_store_session(struct ctx *ctx, int64_t id, int64_t room_id, struct session *ret)
{
    return db_one(ctx, &session_schema, ret,
                  "SELECT s.id, s.module_id, m.code AS module_code, m.name AS module_name,"
                  " s.trainer_id, s.room_id, s.starts_at, s.ends_at,"
                  " s.starts_at - s.open_before_min * 60000 AS opens_at, s.time_zone, s.kind,"
                  " s.mode, s.state, s.open_before_min, s.late_after_min, s.absent_after_min,"
                  " s.ways, s.check_out, s.min_minutes, s.version"
                  " FROM session s JOIN module m ON m.id = s.module_id"
                  " WHERE s.id = $1 AND s.room_id = $2",
                  ARGS(A(id), A(room_id)));
}

struct student_row {
    int64_t student_id;
};
static const struct field student_fields[] = {FIELD(struct student_row, student_id, "Student")};
static const struct schema student_schema = SCHEMA(student_row, student_fields);

enum err offline_store_students(struct ctx *ctx, int64_t session_id, struct i64s *ret)
{
    struct list rows = {0};
    const struct student_row *at;
    enum err e = db_list(ctx, &student_schema, &rows,
                         "SELECT gm.student_id FROM session s"
                         " JOIN session_group sg ON sg.session_id = s.id"
                         " JOIN group_member gm ON gm.group_id = sg.group_id"
                         " JOIN student st ON st.id = gm.student_id AND st.archived = 0"
                         " WHERE s.id = $1 AND gm.from_day <= s.starts_at"
                         " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)"
                         " UNION SELECT r.student_id FROM attendance_record r"
                         " WHERE r.session_id = $1",
                         ARGS(A(session_id)));

    if (e)
        return e;
    at = rows.at;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = at[i].student_id;
    return ERR_OK;
}
