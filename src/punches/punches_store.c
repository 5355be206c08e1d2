/* SPDX-License-Identifier: MIT */
/* One table; a punch is found again by device, identifier and time. */
#include "punches/punches_store.h"

#include "db/db.h"

#define F(...) FIELD(struct punch_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),
    F(device_id, "Device"),
    F(room_id, "Its room"),
    F(identifier, "Student number"),
    F(punched_at, "When"),
    F(direction, "In or out"),
    F(outcome, "What became of it"),
    F(student_id, "Student"),
    F(session_id, "Session"),
    F(event_uid, "Event of the ledger"),
    F(early, "Before the device"),
};
#undef F
static const struct schema row_schema = SCHEMA(punch_row, row_fields);

/* Where the reader stood at the time of the punch; before all that is known: where it stood first.
 */
#define ROOM                                                                                       \
    "coalesce((SELECT h.room_id FROM device_room h WHERE h.device_id = p.device_id"                \
    " AND h.since_at <= p.punched_at ORDER BY h.since_at DESC LIMIT 1),"                           \
    " (SELECT h.room_id FROM device_room h WHERE h.device_id = p.device_id"                        \
    " ORDER BY h.since_at LIMIT 1), d.room_id)"

#define ROW                                                                                        \
    "SELECT p.id, p.device_id, " ROOM                                                              \
    " AS room_id, p.identifier, p.punched_at, p.direction, p.outcome,"                             \
    " p.student_id, p.session_id, p.event_uid, p.early"                                            \
    " FROM punch p JOIN device d ON d.id = p.device_id"

/* Session `s` takes punches of time `at_` and direction `dir_`: a day more than any session is
 * long bounds the search of the index. $1 is PUNCH_GRACE_MS, $2 two days. */
#define TAKES(at_, dir_)                                                                           \
    " s.state <> 'cancelled' AND s.starts_at >= " at_ " - $2 AND s.starts_at <= " at_              \
    " + $2"                                                                                        \
    " AND s.starts_at - s.open_before_min * 60000 <= " at_                                         \
    " AND s.ends_at + CASE WHEN s.check_out = 1 AND " dir_                                         \
    " <> 'in' THEN CAST($1 AS BIGINT)"                                                             \
    " ELSE 0 END >= " at_

/* Student `st_` belongs to session `s` on its day. */
#define HAS(st_)                                                                                   \
    " EXISTS (SELECT 1 FROM session_group sg JOIN group_member gm ON gm.group_id = sg.group_id"    \
    " WHERE sg.session_id = s.id AND gm.student_id = " st_                                         \
    " AND gm.from_day <= s.starts_at"                                                              \
    " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))"

static const int64_t grace = PUNCH_GRACE_MS;
#define DAY_MS ((int64_t)24 * 3600 * 1000)
static const int64_t two_days = 2 * DAY_MS;

enum err punches_store_since(struct ctx *ctx, int64_t device_id, int64_t *ret)
{
    return db_i64(ctx, "SELECT created_at FROM device WHERE id = $1", ARGS(A(device_id)), ret);
}

static const struct field stand_fields[] = {
    FIELD(struct stand_row, since_at, "Since when"),
    FIELD(struct stand_row, room_id, "Room"),
};
static const struct schema stand_schema = SCHEMA(stand_row, stand_fields);

enum err punches_store_stands(struct ctx *ctx, int64_t device_id, struct list *ret)
{
    return db_list(ctx, &stand_schema, ret,
                   "SELECT since_at, room_id FROM device_room WHERE device_id = $1"
                   " ORDER BY since_at",
                   ARGS(A(device_id)));
}

enum err punches_store_add(struct ctx *ctx, const struct punch_row *p, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO punch (device_id, identifier, punched_at, direction, received_at,"
                  " outcome, early) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                  " ON CONFLICT (device_id, identifier, punched_at) DO NOTHING RETURNING id",
                  ARGS(A(p->device_id), A(p->identifier), A(p->punched_at), A(p->direction),
                       A(ctx->now), A(p->outcome), A(p->early)),
                  ret_id);
}

enum err punches_store_get(struct ctx *ctx, const struct punch_row *p, struct punch_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  ROW " WHERE p.device_id = $1 AND p.identifier = $2 AND p.punched_at = $3",
                  ARGS(A(p->device_id), A(p->identifier), A(p->punched_at)));
}

enum err punches_store_set(struct ctx *ctx, const struct punch_row *p)
{
    return db_exec(
        ctx,
        "UPDATE punch SET outcome = $2, student_id = $3, session_id = $4,"
        " event_uid = $5 WHERE id = $1",
        ARGS(A(p->id), A(p->outcome), A(p->student_id), A(p->session_id), A(p->event_uid)));
}

enum err punches_store_student(struct ctx *ctx, struct str number, int64_t *ret_id)
{
    return db_i64(ctx, "SELECT id FROM student WHERE student_number = $1 AND archived = 0",
                  ARGS(A(number)), ret_id);
}

enum err punches_store_session(struct ctx *ctx, const struct punch_row *p, struct session *ret)
{
    return db_one(ctx, &session_schema, ret,
                  "SELECT s.id, s.module_id, m.code AS module_code, m.name AS module_name,"
                  " s.trainer_id, s.room_id, s.starts_at, s.ends_at,"
                  " s.starts_at - s.open_before_min * 60000 AS opens_at, s.time_zone, s.kind,"
                  " s.mode, s.state, s.open_before_min, s.late_after_min, s.absent_after_min,"
                  " s.ways, s.check_out, s.min_minutes, s.version"
                  " FROM session s JOIN module m ON m.id = s.module_id WHERE s.room_id = $3"
                  " AND" TAKES("CAST($4 AS BIGINT)", "CAST($5 AS TEXT)") " AND" HAS(
                      "$6") " ORDER BY s.starts_at DESC, s.id DESC LIMIT 1",
                  ARGS(A(grace), A(two_days), A(p->room_id), A(p->punched_at), A(p->direction),
                       A(p->student_id)));
}

enum err punches_store_ready(struct ctx *ctx, int64_t most, struct list *ret)
{
    return db_list(
        ctx, &row_schema, ret,
        ROW
        " JOIN student st ON st.student_number = p.identifier AND st.archived = 0"
        " WHERE p.event_uid IS NULL AND p.punched_at >= $3"
        " AND EXISTS (SELECT 1 FROM session s WHERE s.room_id = " ROOM
        " AND s.state <> 'scheduled' AND" TAKES("p.punched_at", "p.direction") " AND" HAS(
            "st.id") ") ORDER BY p.punched_at, p.id LIMIT $4",
        ARGS(A(grace), A(two_days), A(ctx->now - PUNCH_DAYS * DAY_MS), A(most)));
}

enum err punches_store_forget(struct ctx *ctx, int64_t before)
{
    return db_exec(ctx, "DELETE FROM punch WHERE event_uid IS NULL AND punched_at < $1",
                   ARGS(A(before)));
}

enum err punches_store_page(struct ctx *ctx, const struct punch_filter *f, struct page *ret)
{
    struct db_page page = {
        .cursor = f->page.cursor,
        .limit = f->page.limit,
        .descending = true,
    };
    enum err e = db_page(ctx, &punch_schema, &page,
                         "SELECT p.id, p.device_id, d.name AS device_name, p.identifier,"
                         " p.punched_at, p.received_at, p.direction, p.outcome, p.early,"
                         " p.student_id, p.session_id"
                         " FROM punch p JOIN device d ON d.id = p.device_id"
                         " WHERE (CAST($1 AS TEXT) IS NULL OR p.outcome = $1)"
                         " AND (CAST($2 AS BIGINT) IS NULL OR p.device_id = $2)"
                         " AND (CAST($3 AS BIGINT) IS NULL OR p.student_id = $3)"
                         " AND (CAST($4 AS BIGINT) IS NULL OR p.session_id = $4)"
                         " AND (CAST($5 AS BIGINT) IS NULL OR p.punched_at >= $5)"
                         " AND (CAST($6 AS BIGINT) IS NULL OR p.punched_at < $6)"
                         " AND p.id < $7 ORDER BY p.id DESC LIMIT $8",
                         ARGS(A(f->outcome), A(f->device_id), A(f->student_id), A(f->session_id),
                              A(f->from), A(f->to)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}
