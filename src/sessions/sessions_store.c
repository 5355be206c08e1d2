/* SPDX-License-Identifier: MIT */
/* Sessions in SQL. Who may see a session is part of every WHERE. */
#include "sessions/sessions_store.h"

#include <string.h>

#include "db/db.h"
#include "presence/rate.h"
#include "sessions/group_links.h"

/* Of a session s. */
#define COLUMNS                                                                                    \
    " s.id, s.module_id, m.code AS module_code, m.name AS module_name, s.trainer_id,"              \
    " a.name AS trainer_name, s.room_id, r.name AS room_name, s.starts_at, s.ends_at,"             \
    " s.starts_at - s.open_before_min * 60000 AS opens_at, s.time_zone, s.kind, s.mode, s.state,"  \
    " s.open_before_min, s.late_after_min, s.absent_after_min, s.ways, s.check_out,"               \
    " s.min_minutes, s.cancel_reason,"                                                             \
    " s.reopen_reason, s.version, s.series_id, s.series_day, s.detached, s.planned_trainer_id,"    \
    " pa.name AS planned_trainer_name, s.sequence, s.updated_at"
#define NAMES                                                                                      \
    " JOIN module m ON m.id = s.module_id"                                                         \
    " JOIN trainer tr ON tr.id = s.trainer_id JOIN account a ON a.id = tr.account_id"              \
    " LEFT JOIN room r ON r.id = s.room_id"                                                        \
    " LEFT JOIN trainer pt ON pt.id = s.planned_trainer_id"                                        \
    " LEFT JOIN account pa ON pa.id = pt.account_id"

/* Of those that `which_` finds, a SELECT of id and starts_at: the counts of all of them are made
 * together. CROSS JOIN keeps SQLite at this order, and is nothing to PostgreSQL; MATERIALIZED keeps
 * PostgreSQL from going through all counts again for each session. */
#define COUNTED(status_) "coalesce(t." status_ ", 0) AS " status_
#define SELECT_SESSIONS(which_, more_columns_, more_tables_)                                       \
    "WITH p AS (" which_ "), t AS MATERIALIZED (SELECT p.id AS session_id,"                        \
    " " TALLY_COLUMNS("ar")                                                                        \
    " FROM p CROSS JOIN attendance_record ar WHERE ar.session_id = p.id GROUP BY p.id),"           \
    " e AS MATERIALIZED (SELECT p.id AS session_id,"                                               \
    " count(DISTINCT gm.student_id) AS expected"                                                   \
    " FROM p CROSS JOIN session_group sg CROSS JOIN group_member gm"                               \
    " WHERE sg.session_id = p.id AND gm.group_id = sg.group_id"                                    \
    " AND gm.student_id NOT IN (SELECT st.id FROM student st WHERE st.archived = 1)"               \
    " AND gm.from_day <= p.starts_at"                                                              \
    " AND (gm.to_day IS NULL OR gm.to_day > p.starts_at) GROUP BY p.id)"                           \
    " SELECT " COLUMNS ", coalesce(e.expected, 0) AS expected, "                                   \
    COUNTED("present") ", " COUNTED("late") ", " COUNTED("partial") ", "                           \
    COUNTED("left_early") ", " COUNTED("remote") ", " COUNTED("absent") ", "                       \
    COUNTED("excused") more_columns_                                                               \
    " FROM p JOIN session s ON s.id = p.id" NAMES                                                  \
    " LEFT JOIN t ON t.session_id = p.id LEFT JOIN e ON e.session_id = p.id" more_tables_

/* $1: 1 for an admin, $2: the caller's trainer, $3: the caller's student, $4: the account of a
 * caller who is a guardian. */
#define VISIBLE                                                                                    \
    "(CAST($1 AS BIGINT) = 1 OR s.trainer_id = $2 OR s.planned_trainer_id = $2"                    \
    " OR EXISTS (SELECT 1 FROM session_group sg JOIN group_member gm ON gm.group_id = sg.group_id" \
    " WHERE sg.session_id = s.id AND gm.from_day <= s.starts_at"                                   \
    " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at) AND gm.student_id IN"                     \
    " (SELECT CAST($3 AS BIGINT) UNION ALL SELECT gu.student_id FROM guardian gu"                  \
    " WHERE gu.account_id = $4)))"

static struct db_arg is_admin(const struct ctx *ctx)
{
    return A(ctx->actor.role == ROLE_ADMIN ? 1 : 0);
}

/* Those whom no mark counts. */
static void count_unmarked(struct session *s)
{
    s->unmarked = s->expected - s->present - s->late - s->partial - s->left_early - s->remote -
                  s->absent - s->excused;
    if (s->unmarked < 0)
        s->unmarked = 0;
}

static enum err fill_groups(struct ctx *ctx, struct session *at, size_t n)
{
    struct group_linked *links = ARENA_NEW_N(&ctx->arena, struct group_linked, n);

    for (size_t i = 0; i < n; i++) {
        links[i] = (struct group_linked){at[i].id, &at[i].group_ids, &at[i].group_names};
        count_unmarked(&at[i]);
    }
    return group_links_read(ctx, LINK_SESSION, links, n);
}

/* One row for each of its groups; at least one. */
static void take_rows(struct ctx *ctx, const struct list *rows, struct session *ret)
{
    const struct session *r = rows->at;

    *ret = r[0];
    ret->group_ids = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows->n), 0};
    ret->group_names = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, rows->n), 0};
    for (size_t i = 0; i < rows->n; i++) {
        if (!r[i].row_group_id)
            continue;
        ret->group_ids.at[ret->group_ids.n++] = r[i].row_group_id;
        ret->group_names.at[ret->group_names.n++] = r[i].row_group_name;
    }
    count_unmarked(ret);
}

enum err session_fetch(struct ctx *ctx, int64_t id, struct session *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &session_schema, &rows,
                         SELECT_SESSIONS("SELECT s.id, s.starts_at FROM session s WHERE " VISIBLE
                                         " AND s.id = $5",
                                         ", coalesce(g.id, 0) AS row_group_id,"
                                         " coalesce(g.name, '') AS row_group_name",
                                         " LEFT JOIN session_group og ON og.session_id = p.id"
                                         " LEFT JOIN class_group g ON g.id = og.group_id"
                                         " ORDER BY g.name_norm, g.id"),
                         ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(ctx->actor.student_id),
                              A(actor_guardian(&ctx->actor)), A(id)));

    if (!e && rows.n == 0)
        return ERR_NOT_FOUND;
    if (!e)
        take_rows(ctx, &rows, ret);
    return e;
}

enum err session_find(struct ctx *ctx, int64_t id, struct session *ret)
{
    return db_one(ctx, &session_schema, ret,
                  "SELECT " COLUMNS " FROM session s" NAMES " WHERE " VISIBLE " AND s.id = $5",
                  ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(ctx->actor.student_id),
                       A(actor_guardian(&ctx->actor)), A(id)));
}

/* A session lasts a day at most: so the index by start serves for both ends of the time asked for,
 * and a page begins where both it and the cursor ($13, $14) allow. The + 0 leaves the index to
 * these bounds. */
#define DAY_BEFORE "(CAST($5 AS BIGINT) - 86400000)"
#define UPWARDS                                                                                    \
    " AND s.starts_at >= CASE WHEN " DAY_BEFORE " > CAST($13 AS BIGINT) THEN " DAY_BEFORE          \
    " ELSE CAST($13 AS BIGINT) END"                                                                \
    " AND s.starts_at < coalesce(CAST($6 AS BIGINT), 9223372036854775807)"                         \
    " AND (s.starts_at + 0, s.id) > ($13, $14) ORDER BY s.starts_at, s.id LIMIT $15"
#define DOWNWARDS                                                                                  \
    " AND s.starts_at <= CASE WHEN CAST($6 AS BIGINT) < CAST($13 AS BIGINT)"                       \
    " THEN CAST($6 AS BIGINT) ELSE CAST($13 AS BIGINT) END"                                        \
    " AND s.starts_at > coalesce(" DAY_BEFORE                                                      \
    ", -9223372036854775807)"                                                                      \
    " AND (s.starts_at + 0, s.id) < ($13, $14) ORDER BY s.starts_at DESC, s.id DESC LIMIT $15"

#define IDS_OF_PAGE(bounds_)                                                                       \
    "SELECT s.id, s.starts_at FROM session s WHERE " VISIBLE                                       \
    " AND (CAST($5 AS BIGINT) IS NULL OR s.ends_at > $5)"                                          \
    " AND (CAST($6 AS BIGINT) IS NULL OR s.starts_at < $6)"                                        \
    " AND (CAST($7 AS TEXT) IS NULL OR s.state = $7)"                                              \
    " AND (CAST($8 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM session_group fg"                   \
    " WHERE fg.session_id = s.id AND fg.group_id = $8))"                                           \
    " AND (CAST($9 AS BIGINT) IS NULL OR s.trainer_id = $9)"                                       \
    " AND (CAST($10 AS BIGINT) IS NULL OR s.module_id = $10)"                                      \
    " AND (CAST($11 AS BIGINT) IS NULL OR s.room_id = $11)"                                        \
    " AND (CAST($12 AS BIGINT) IS NULL OR s.series_id = $12)" bounds_
#define PAGE_OF(bounds_, dir_)                                                                     \
    SELECT_SESSIONS(IDS_OF_PAGE(bounds_), "", " ORDER BY p.starts_at " dir_ ", p.id " dir_)

enum err session_fetch_page(struct ctx *ctx, const struct session_filter *f, struct page *ret)
{
    struct db_page page = db_page_asked(&f->page, "starts_at");
    enum err e = db_page(ctx, &session_schema, &page,
                         page.descending ? PAGE_OF(DOWNWARDS, "DESC") : PAGE_OF(UPWARDS, "ASC"),
                         ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(ctx->actor.student_id),
                              A(actor_guardian(&ctx->actor)), A(f->from), A(f->to), A(f->state),
                              A(f->group_id), A(f->trainer_id), A(f->module_id), A(f->room_id),
                              A(f->series_id)));

    e = e ? e : fill_groups(ctx, page.rows.at, page.rows.n);
    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err session_insert(struct ctx *ctx, const struct session *s, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO session (module_id, trainer_id, room_id, starts_at, ends_at,"
                  " time_zone, kind, mode, open_before_min, late_after_min, absent_after_min,"
                  " ways, check_out, min_minutes, series_id, series_day, updated_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                  " $17)"
                  " RETURNING id",
                  ARGS(A(s->module_id), A(s->trainer_id), A(s->room_id), A(s->starts_at),
                       A(s->ends_at), A(s->time_zone), A(s->kind), A(s->mode),
                       A(s->open_before_min), A(s->late_after_min), A(s->absent_after_min),
                       A(s->ways), A(s->check_out), A(s->min_minutes), A(s->series_id),
                       A(s->series_day), A(ctx->now)),
                  ret_id);
}

enum err session_store(struct ctx *ctx, const struct session *s, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE session SET module_id = $3, trainer_id = $4, room_id = $5,"
                     " starts_at = $6, ends_at = $7, time_zone = $8, kind = $9, mode = $10,"
                     " open_before_min = $11, late_after_min = $12, absent_after_min = $13,"
                     " ways = $14, check_out = $15, min_minutes = $16, detached = $17,"
                     " planned_trainer_id = $18, series_id = $19, series_day = $20,"
                     " updated_at = $21, sequence = sequence + 1, version = version + 1"
                     " WHERE id = $1 AND version = $2 AND state = 'scheduled'",
                     ARGS(A(s->id), A(s->version), A(s->module_id), A(s->trainer_id), A(s->room_id),
                          A(s->starts_at), A(s->ends_at), A(s->time_zone), A(s->kind), A(s->mode),
                          A(s->open_before_min), A(s->late_after_min), A(s->absent_after_min),
                          A(s->ways), A(s->check_out), A(s->min_minutes), A(s->detached),
                          A(s->planned_trainer_id), A(s->series_id), A(s->series_day), A(ctx->now)),
                     ret_n);
}

enum err session_store_state(struct ctx *ctx, int64_t id, const char *from, const char *to,
                             struct str reason, int64_t *ret_n)
{
    struct opt_str why = {.set = reason.len > 0, .v = reason};
    struct opt_str cancelled = strcmp(to, "cancelled") == 0 ? why : (struct opt_str){0};
    struct opt_str reopened = strcmp(to, "open") == 0 ? why : (struct opt_str){0};

    return db_exec_n(
        ctx,
        "UPDATE session SET state = $3, version = version + 1, updated_at = $6,"
        " sequence = sequence + CASE WHEN $3 = 'cancelled' THEN 1 ELSE 0 END,"
        " cancel_reason = coalesce($4, cancel_reason),"
        " reopen_reason = coalesce($5, reopen_reason) WHERE id = $1 AND state = $2",
        ARGS(A(id), A(str_of(from)), A(str_of(to)), A(cancelled), A(reopened), A(ctx->now)), ret_n);
}

enum err session_lock(struct ctx *ctx, int64_t id, const char *state, const char *other_state)
{
    int64_t version;

    return db_i64(ctx,
                  "UPDATE session SET version = version WHERE id = $1 AND state IN ($2, $3)"
                  " RETURNING version",
                  ARGS(A(id), A(str_of(state)), A(str_of(other_state))), &version);
}
