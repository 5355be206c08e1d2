/* SPDX-License-Identifier: MIT */
/* Which sessions the approvals cover, against what the ledgers were told. */
#include "db/db.h"
#include "justifications/justifications_store.h"

#define F(...) FIELD(struct cover_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(justification_id, "Justification"),
    F(session_id, "Session"),
    F(student_id, "Student"),
    F(covers_from, "From"),
    F(covers_to, "To"),
    F(status_code, "Code"),
};
#undef F
static const struct schema row_schema = SCHEMA(cover_row, row_fields);

#define WHOLE "(j.scope = 'sessions' OR (j.starts_at <= s.starts_at AND j.ends_at >= s.ends_at))"
/* The part of the session s that the justification j covers; 0, 0: all of it. */
#define FROM_                                                                                      \
    "CASE WHEN " WHOLE                                                                             \
    " THEN 0 WHEN j.starts_at > s.starts_at THEN j.starts_at"                                      \
    " ELSE s.starts_at END"
#define TO_                                                                                        \
    "CASE WHEN " WHOLE " THEN 0 WHEN j.ends_at < s.ends_at THEN j.ends_at ELSE s.ends_at END"

/* Sessions of the student that an approval covers, but whose ledger was not told. */
#define MISSING                                                                                    \
    " FROM justification j JOIN absence_reason r ON r.id = j.reason_id"                            \
    " JOIN group_member gm ON gm.student_id = j.student_id"                                        \
    " JOIN session_group sg ON sg.group_id = gm.group_id"                                          \
    " JOIN session s ON s.id = sg.session_id AND s.state <> 'cancelled'"                           \
    " AND gm.from_day <= s.starts_at AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)"           \
    " LEFT JOIN justification_cover c ON c.justification_id = j.id AND c.session_id = s.id"        \
    " WHERE j.state = 'approved' AND c.session_id IS NULL"                                         \
    " AND ((j.scope = 'span' AND s.starts_at < j.ends_at AND s.ends_at > j.starts_at)"             \
    " OR (j.scope = 'sessions' AND EXISTS (SELECT 1 FROM justification_session js"                 \
    " WHERE js.justification_id = j.id AND js.session_id = s.id)))"
#define IS_EXPECTED                                                                                \
    "EXISTS (SELECT 1 FROM session_group sg JOIN group_member gm ON gm.group_id = sg.group_id"     \
    " WHERE sg.session_id = s.id AND gm.student_id = j.student_id"                                 \
    " AND gm.from_day <= s.starts_at AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))"
/* Sessions that were moved since, or that the student left with the group; what a register says of
 * a session that was held stays. */
#define STALE                                                                                      \
    " FROM justification_cover c JOIN justification j ON j.id = c.justification_id"                \
    " JOIN session s ON s.id = c.session_id WHERE j.state = 'approved'"                            \
    " AND s.state <> 'cancelled' AND ((j.scope = 'span' AND (s.starts_at >= j.ends_at"             \
    " OR s.ends_at <= j.starts_at OR c.covers_from <> " FROM_ " OR c.covers_to <> " TO_            \
    ")) OR (s.state = 'scheduled' AND NOT " IS_EXPECTED "))"

enum err cover_store_missing(struct ctx *ctx, int64_t id, struct list *ret)
{
    return db_list(ctx, &row_schema, ret,
                   "SELECT DISTINCT j.id AS justification_id, s.id AS session_id, j.student_id,"
                   " r.status_code, " FROM_ " AS covers_from, " TO_ " AS covers_to" MISSING
                   " AND j.id = $1 ORDER BY session_id",
                   ARGS(A(id)));
}

enum err cover_store_stale(struct ctx *ctx, int64_t id, struct list *ret)
{
    return db_list(ctx, &row_schema, ret,
                   "SELECT c.justification_id, c.session_id, j.student_id, c.covers_from,"
                   " c.covers_to" STALE " AND j.id = $1 ORDER BY c.session_id",
                   ARGS(A(id)));
}

enum err cover_store_due(struct ctx *ctx, int64_t since, int64_t limit, struct i64s *ret)
{
    struct list rows = {0};
    const struct cover_row *row;
    enum err e = db_list(ctx, &row_schema, &rows,
                         "SELECT justification_id FROM (SELECT j.id AS justification_id" MISSING
                         " AND j.ends_at > $1 UNION SELECT j.id AS justification_id" STALE
                         " AND j.ends_at > $1) due ORDER BY justification_id LIMIT $2",
                         ARGS(A(since), A(limit)));

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n ? rows.n : 1), rows.n};
    row = rows.at;
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = row[i].justification_id;
    return ERR_OK;
}

enum err cover_store_hold(struct ctx *ctx, int64_t id, bool *ret_approved)
{
    int64_t n = 0;
    enum err e = db_exec_n(
        ctx, "UPDATE justification SET version = version WHERE id = $1 AND state = 'approved'",
        ARGS(A(id)), &n);

    *ret_approved = n > 0;
    return e;
}

enum err cover_store_of(struct ctx *ctx, int64_t id, struct list *ret)
{
    return db_list(ctx, &row_schema, ret,
                   "SELECT c.justification_id, c.session_id, j.student_id, c.covers_from,"
                   " c.covers_to FROM justification_cover c"
                   " JOIN justification j ON j.id = c.justification_id"
                   " WHERE c.justification_id = $1 ORDER BY c.session_id",
                   ARGS(A(id)));
}

enum err cover_store_insert(struct ctx *ctx, const struct cover_row *row)
{
    return db_exec(
        ctx,
        "INSERT INTO justification_cover (justification_id, session_id, covers_from,"
        " covers_to) VALUES ($1, $2, $3, $4)",
        ARGS(A(row->justification_id), A(row->session_id), A(row->covers_from), A(row->covers_to)));
}

enum err cover_store_delete(struct ctx *ctx, const struct cover_row *row)
{
    return db_exec(
        ctx, "DELETE FROM justification_cover WHERE justification_id = $1 AND session_id = $2",
        ARGS(A(row->justification_id), A(row->session_id)));
}
