/* SPDX-License-Identifier: MIT */
/* Planning in SQL: what is taken, locks against planning the same twice, substitutes. */
#include "sessions/plan_store.h"

#include "db/db.h"

#define F(...) FIELD(struct taken_row, __VA_ARGS__)
static const struct field taken_fields[] = {
    F(id, "Session"),      F(what, "enum clash_with"), F(group_id, "Group"),
    F(starts_at, "Start"), F(ends_at, "End"),          F(module_name, "Module"),
};
#undef F
static const struct schema taken_schema = SCHEMA(taken_row, taken_fields);

static const struct field id_fields[] = {
    FIELD(struct id_row, id, "Number"),
};
static const struct schema id_schema = SCHEMA(id_row, id_fields);

enum err plan_lock(struct ctx *ctx, struct i64s groups, int64_t trainer_id, struct opt_i64 room_id)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < groups.n; i++)
        e = db_exec(ctx, "UPDATE class_group SET archived = archived WHERE id = $1",
                    ARGS(A(groups.at[i])));
    e = e ? e
          : db_exec(ctx, "UPDATE trainer SET archived = archived WHERE id = $1",
                    ARGS(A(trainer_id)));
    if (!e && room_id.set && !room_id.null)
        e = db_exec(ctx, "UPDATE room SET archived = archived WHERE id = $1", ARGS(A(room_id.v)));
    return e;
}

/* A session is at most a day long: what began earlier is over. $3, $4: the time. */
#define IN_THE_TIME                                                                                \
    " s.starts_at > CAST($3 AS BIGINT) - 86400000 AND s.starts_at < $4 AND s.ends_at > $3"         \
    " AND s.state <> 'cancelled'"
#define ARM(what_, group_)                                                                         \
    "SELECT s.id AS id, " what_ " AS what, " group_                                                \
    " AS group_id, s.starts_at AS starts_at,"                                                      \
    " s.ends_at, m.name AS module_name"

enum err plan_taken(struct ctx *ctx, const struct session_claim *claim, struct i64s groups,
                    int64_t from, int64_t to, struct list *ret)
{
    struct db_arg args[24] = {A(claim->trainer_id), A(claim->room_id), A(from), A(to)};

    for (size_t i = 0; i < 20; i++)
        args[i + 4] = A(i < groups.n ? groups.at[i] : (int64_t)0);
    return db_list(
        ctx, &taken_schema, ret,
        ARM("0", "0") " FROM session s JOIN module m ON m.id = s.module_id"
                      " WHERE s.trainer_id = $1 AND" IN_THE_TIME " UNION ALL " ARM("1", "0")
        " FROM session s JOIN module m ON m.id = s.module_id"
        " WHERE s.room_id = CAST($2 AS BIGINT) AND" IN_THE_TIME
        " UNION ALL " ARM("2", "sg.group_id")
        " FROM session_group sg JOIN session s ON s.id = sg.session_id"
        " JOIN module m ON m.id = s.module_id WHERE sg.group_id IN ($5, $6, $7, $8, $9, $10, $11,"
        " $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) AND" IN_THE_TIME
        " ORDER BY starts_at, id, what",
        (struct db_args){args, COUNT(args)});
}

enum err plan_students(struct ctx *ctx, int64_t group_id, int64_t at, struct list *ret)
{
    return db_list(ctx, &id_schema, ret,
                   "SELECT DISTINCT st.id FROM group_member gm JOIN student st"
                   " ON st.id = gm.student_id WHERE gm.group_id = $1 AND gm.from_day <= $2"
                   " AND (gm.to_day IS NULL OR gm.to_day > $2) AND st.archived = 0",
                   ARGS(A(group_id), A(at)));
}

enum err plan_set_trainer(struct ctx *ctx, int64_t id, int64_t version, int64_t trainer_id,
                          bool closed, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE session SET trainer_id = $2, planned_trainer_id = CASE"
                     " WHEN coalesce(planned_trainer_id, trainer_id) = $2 THEN NULL"
                     " ELSE coalesce(planned_trainer_id, trainer_id) END, version = version + 1,"
                     " sequence = sequence + 1, updated_at = $3 WHERE id = $1"
                     " AND (state IN ('scheduled', 'open') OR (state = 'closed'"
                     " AND CAST($4 AS BIGINT) = 1))"
                     " AND (CAST($5 AS BIGINT) = 0 OR version = $5)",
                     ARGS(A(id), A(trainer_id), A(ctx->now), A(closed ? 1 : 0), A(version)), ret_n);
}

enum err plan_end_substitute(struct ctx *ctx, int64_t id, int64_t version, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE session SET trainer_id = planned_trainer_id,"
                     " planned_trainer_id = NULL, version = version + 1, sequence = sequence + 1,"
                     " updated_at = $2 WHERE id = $1 AND planned_trainer_id IS NOT NULL"
                     " AND state IN ('scheduled', 'open') AND version = $3",
                     ARGS(A(id), A(ctx->now), A(version)), ret_n);
}

enum err plan_take_back(struct ctx *ctx, int64_t id, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE session SET state = 'scheduled', cancel_reason = NULL,"
                     " version = version + 1, sequence = sequence + 1, updated_at = $2"
                     " WHERE id = $1 AND state = 'cancelled'",
                     ARGS(A(id), A(ctx->now)), ret_n);
}

enum err plan_room_capacity(struct ctx *ctx, int64_t room_id, int64_t *ret)
{
    return db_i64(ctx, "SELECT coalesce(capacity, 0) FROM room WHERE id = $1", ARGS(A(room_id)),
                  ret);
}
