/* SPDX-License-Identifier: MIT */
/* What is open in a room, and what comes next. */
#include "kiosk/kiosk_store.h"

#include "db/db.h"

#define F(...) FIELD(struct kiosk_session, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),
    F(module_name, "Module"),
    F(kind, "Kind"),
    F(time_zone, "Zone"),
    F(starts_at, "Start"),
    F(ends_at, "End"),
    F(trainer_id, "Trainer"),
    F(late_after_min, "Late after"),
    F(absent_after_min, "Absent after"),
};
#undef F
static const struct schema row_schema = SCHEMA_NAMED("kiosk_row", kiosk_session, row_fields);

#define SELECT_SESSION                                                                             \
    "SELECT s.id, m.name AS module_name, s.kind, s.time_zone, s.starts_at, s.ends_at,"             \
    " s.trainer_id, s.late_after_min, s.absent_after_min"                                          \
    " FROM session s JOIN module m ON m.id = s.module_id WHERE s.room_id = $1 AND s.ends_at > $2"

enum err kiosk_fetch_open(struct ctx *ctx, int64_t room_id, struct list *ret)
{
    int64_t most = KIOSK_SESSIONS_MAX;

    return db_list(ctx, &row_schema, ret,
                   SELECT_SESSION
                   " AND s.state = 'open'"
                   " AND s.starts_at - s.open_before_min * 60000 <= $2"
                   " ORDER BY abs(s.starts_at - $2), s.id LIMIT $3",
                   ARGS(A(room_id), A(ctx->now), A(most)));
}

enum err kiosk_fetch_next(struct ctx *ctx, int64_t room_id, struct kiosk_session *ret)
{
    return db_one(ctx, &row_schema, ret,
                  SELECT_SESSION " AND s.state = 'scheduled' ORDER BY s.starts_at, s.id LIMIT 1",
                  ARGS(A(room_id), A(ctx->now)));
}
