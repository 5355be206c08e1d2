/* SPDX-License-Identifier: MIT */
/* Feeds, and what stands in them, in SQL. */
#include "calendar/calendar_store.h"

#include "db/db.h"

#define F(...) FIELD(struct known_holiday, __VA_ARGS__)
static const struct field holiday_fields[] = {
    F(name, "Name"),
    F(from_day, "First day"),
    F(to_day, "The day after the last"),
};
#undef F
static const struct schema holiday_schema = SCHEMA(known_holiday, holiday_fields);

#define F(...) FIELD(struct feed_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Feed"),
    F(owner_id, "Owner"),
    F(trainer_id, "Trainer"),
    F(student_id, "Student"),
    F(role, "Role"),
    F(subject, "Of what"),
    F(name, "Name"),
    F(subject_id, "Of which"),
    F(created_at, "Made"),
};
#undef F
static const struct schema row_schema = SCHEMA(feed_row, row_fields);

enum err calendar_store_holiday(struct ctx *ctx, struct str uid, struct known_holiday *ret)
{
    return db_one(ctx, &holiday_schema, ret,
                  "SELECT name, from_day, to_day FROM holiday WHERE uid = $1", ARGS(A(uid)));
}

enum err calendar_store_insert(struct ctx *ctx, const struct calendar_feed_new *in, struct str name,
                               struct str hash, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO calendar_feed (owner_id, subject, subject_id, name, secret_hash,"
                  " created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                  ARGS(A(ctx->actor.user_id), A(in->subject), A(in->subject_id), A(name), A(hash),
                       A(ctx->now)),
                  ret_id);
}

/* $1: the owner. */
#define COLUMNS                                                                                    \
    "SELECT id, subject, subject_id, name, created_at, last_read_at FROM calendar_feed"            \
    " WHERE owner_id = $1 AND revoked_at IS NULL"

enum err calendar_store_get(struct ctx *ctx, int64_t id, struct calendar_feed *ret)
{
    return db_one(ctx, &calendar_feed_schema, ret, COLUMNS " AND id = $2",
                  ARGS(A(ctx->actor.user_id), A(id)));
}

enum err calendar_store_count(struct ctx *ctx, int64_t *ret)
{
    enum err e = db_exec(ctx, "UPDATE account SET version = version WHERE id = $1",
                         ARGS(A(ctx->actor.user_id)));

    return e ? e
             : db_i64(ctx,
                      "SELECT count(*) FROM calendar_feed WHERE owner_id = $1"
                      " AND revoked_at IS NULL",
                      ARGS(A(ctx->actor.user_id)), ret);
}

enum err calendar_store_page(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    struct db_page page = db_page_asked(q, NULL);
    enum err e = db_page(ctx, &calendar_feed_schema, &page,
                         COLUMNS " AND id > $2 ORDER BY id LIMIT $3", ARGS(A(ctx->actor.user_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err calendar_store_revoke(struct ctx *ctx, int64_t id, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE calendar_feed SET revoked_at = $3 WHERE id = $1 AND owner_id = $2"
                     " AND revoked_at IS NULL",
                     ARGS(A(id), A(ctx->actor.user_id), A(ctx->now)), ret_n);
}

enum err calendar_store_by_secret(struct ctx *ctx, struct str hash, struct feed_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  "SELECT f.id, f.owner_id, t.id AS trainer_id, s.id AS student_id, a.role,"
                  " f.subject, f.name, f.subject_id, f.created_at"
                  " FROM calendar_feed f JOIN account a ON a.id = f.owner_id"
                  " LEFT JOIN trainer t ON t.account_id = a.id"
                  " LEFT JOIN student s ON s.account_id = a.id"
                  " WHERE f.secret_hash = $1 AND f.revoked_at IS NULL AND a.active = 1"
                  " AND a.archived = 0",
                  ARGS(A(hash)));
}

enum err calendar_store_was_read(struct ctx *ctx, int64_t id)
{
    int64_t due = 0;
    enum err e = db_i64(ctx,
                        "SELECT count(*) FROM calendar_feed WHERE id = $1"
                        " AND coalesce(last_read_at, 0) < $2",
                        ARGS(A(id), A(ctx->now - 3600000)), &due);

    /* Asked first: a reader need not wait for the one writer. */
    if (e || !due)
        return e;
    return db_exec(ctx, "UPDATE calendar_feed SET last_read_at = $2 WHERE id = $1",
                   ARGS(A(id), A(ctx->now)));
}

enum err calendar_store_origin(struct ctx *ctx, int64_t *ret)
{
    return db_i64(ctx, "SELECT created_at FROM account ORDER BY id LIMIT 1", ARGS(), ret);
}

/* $1: the subject, [$2, $3): when, $4: how many. */
#define SESSIONS(whose_)                                                                           \
    "SELECT s.id, s.starts_at, s.ends_at, s.time_zone, m.code AS module_code,"                     \
    " m.name AS module_name, s.kind, s.state, r.name AS room_name, s.cancel_reason, s.sequence,"   \
    " s.updated_at FROM session s JOIN module m ON m.id = s.module_id"                             \
    " LEFT JOIN room r ON r.id = s.room_id"                                                        \
    " WHERE s.starts_at >= $2 AND s.starts_at < $3 AND " whose_                                    \
    " ORDER BY s.starts_at, s.id LIMIT $4"

static const char *sessions_of(struct str subject)
{
    if (str_is(subject, "student"))
        return SESSIONS(
            "EXISTS (SELECT 1 FROM session_group sg JOIN group_member gm"
            " ON gm.group_id = sg.group_id WHERE sg.session_id = s.id"
            " AND gm.student_id = $1 AND gm.from_day <= s.starts_at"
            " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))");
    if (str_is(subject, "trainer"))
        return SESSIONS("s.trainer_id = $1");
    if (str_is(subject, "group"))
        return SESSIONS(
            "EXISTS (SELECT 1 FROM session_group sg WHERE sg.session_id = s.id"
            " AND sg.group_id = $1)");
    return SESSIONS("s.room_id = $1");
}

enum err calendar_store_sessions(struct ctx *ctx, struct str subject, int64_t subject_id,
                                 int64_t from, int64_t to, struct list *ret)
{
    return db_list(ctx, &ics_session_schema, ret, sessions_of(subject),
                   ARGS(A(subject_id), A(from), A(to), A((int64_t)FEED_EVENTS_MAX)));
}
