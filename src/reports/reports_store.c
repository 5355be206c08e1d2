/* SPDX-License-Identifier: MIT */
/* Figures in SQL. Cancelled sessions are in none. */
#include "reports/reports_store.h"

#include "db/db.h"

/* A trainer's sessions only; NULL for an admin: all. */
static struct opt_i64 only_trainer(const struct ctx *ctx)
{
    return (struct opt_i64){.set = ctx->actor.role == ROLE_TRAINER, .v = ctx->actor.trainer_id};
}

#define F(...) FIELD(struct report_lesson, __VA_ARGS__)
static const struct field lesson_fields[] = {
    F(starts_at, "Start"), F(module_id, "Module"),         F(code, "Its code"),
    F(name, "Its name"),   F(method, "How it was marked"), REPORT_TALLY(struct report_lesson),
};
#undef F
static const struct schema lesson_schema = SCHEMA(report_lesson, lesson_fields);

#define F(...) FIELD(struct report_group, __VA_ARGS__)
static const struct field group_fields[] = {
    F(group_id, "Group"),
    F(code, "Code"),
    F(name, "Name"),
};
#undef F
static const struct schema group_schema = SCHEMA(report_group, group_fields);

enum err reports_fetch_group(struct ctx *ctx, int64_t id, struct report_group *ret)
{
    return db_one(ctx, &group_schema, ret,
                  "SELECT g.id AS group_id, g.code, g.name FROM class_group g WHERE g.id = $1"
                  " AND (CAST($2 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM session_group sg"
                  " JOIN session s ON s.id = sg.session_id"
                  " WHERE sg.group_id = g.id AND s.trainer_id = $2))",
                  ARGS(A(id), A(only_trainer(ctx))));
}

/* Who was in the group $1 between $2 and $3, with the records of its sessions from that time. The
 * + 0 keeps PostgreSQL from beginning with all sessions of that time, which it takes for few. */
enum err reports_fetch_students(struct ctx *ctx, const struct report_bounds *b, struct list *ret)
{
    return db_list(
        ctx, &report_student_schema, ret,
        "SELECT st.id AS student_id, st.student_number, st.name AS student_name,"
        " t.sessions, t.present, t.late, t.partial, t.left_early, t.remote, t.absent, t.excused,"
        " t.weight"
        " FROM (SELECT DISTINCT gm.student_id FROM group_member gm WHERE gm.group_id = $1"
        " AND gm.from_day < $3 AND (gm.to_day IS NULL OR gm.to_day > $2)) AS m"
        " JOIN student st ON st.id = m.student_id"
        " LEFT JOIN (SELECT r.student_id, " TALLY_COLUMNS("r")
        " FROM session_group sg JOIN session s ON s.id = sg.session_id"
        " JOIN attendance_record r ON r.session_id = s.id"
        " WHERE sg.group_id = $1 AND s.starts_at + 0 >= $2 AND s.starts_at + 0 < $3"
        " AND s.state <> 'cancelled' AND (CAST($4 AS BIGINT) IS NULL OR s.trainer_id = $4)"
        " AND EXISTS (SELECT 1 FROM group_member gm WHERE gm.group_id = $1"
        " AND gm.student_id = r.student_id AND gm.from_day <= s.starts_at"
        " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))"
        " GROUP BY r.student_id) AS t ON t.student_id = st.id"
        " ORDER BY st.name_norm, st.id LIMIT 2000",
        ARGS(A(b->id), A(b->from), A(b->to), A(only_trainer(ctx))));
}

#define F(...) FIELD(struct report_mark, __VA_ARGS__)
static const struct field mark_fields[] = {
    F(student_id, "Student"),
    F(starts_at, "Start of the session"),
    F(absent, "Absent"),
    F(excused, "Excused"),
};
#undef F
static const struct schema mark_schema = SCHEMA(report_mark, mark_fields);

/* The parameters and the + 0 as above. */
enum err reports_fetch_marks(struct ctx *ctx, const struct report_bounds *b, int64_t first,
                             int64_t last, struct list *ret)
{
    return db_list(ctx, &mark_schema, ret,
                   "SELECT r.student_id, s.starts_at,"
                   " CASE WHEN r.status = 'absent' THEN 1 ELSE 0 END AS absent,"
                   " CASE WHEN r.status = 'excused' THEN 1 ELSE 0 END AS excused"
                   " FROM session_group sg JOIN session s ON s.id = sg.session_id"
                   " JOIN attendance_record r ON r.session_id = s.id"
                   " WHERE sg.group_id = $1 AND s.starts_at + 0 >= $2 AND s.starts_at + 0 < $3"
                   " AND s.state <> 'cancelled' AND r.status <> 'unmarked'"
                   " AND r.student_id >= $5 AND r.student_id <= $6"
                   " AND (CAST($4 AS BIGINT) IS NULL OR s.trainer_id = $4)"
                   " AND EXISTS (SELECT 1 FROM group_member gm WHERE gm.group_id = $1"
                   " AND gm.student_id = r.student_id AND gm.from_day <= s.starts_at"
                   " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))"
                   " ORDER BY r.student_id",
                   ARGS(A(b->id), A(b->from), A(b->to), A(only_trainer(ctx)), A(first), A(last)));
}

/* Records of the student $1 in sessions from $2 to before $3; $4: only those of this trainer. What
 * it says of the records is all in the index attendance_record_by_student. The + 0 as above. */
enum err reports_fetch_lessons(struct ctx *ctx, const struct report_bounds *b, struct list *ret)
{
    return db_list(ctx, &lesson_schema, ret,
                   "SELECT t.starts_at, t.module_id, m.code, m.name, t.method, t.sessions,"
                   " t.present, t.late, t.partial, t.left_early, t.remote, t.absent, t.excused,"
                   " t.weight"
                   " FROM (SELECT s.starts_at, s.module_id, r.method, " TALLY_COLUMNS("r")
                   " FROM attendance_record r JOIN session s ON s.id = r.session_id"
                   " WHERE r.student_id = $1 AND s.starts_at + 0 >= $2 AND s.starts_at + 0 < $3"
                   " AND s.state <> 'cancelled'"
                   " AND (CAST($4 AS BIGINT) IS NULL OR s.trainer_id = $4)"
                   " GROUP BY s.starts_at, s.module_id, r.method) AS t"
                   " JOIN module m ON m.id = t.module_id ORDER BY m.code, m.id",
                   ARGS(A(b->id), A(b->from), A(b->to), A(only_trainer(ctx))));
}

/* The sessions of a page first, so that counting looks at theirs only: CROSS JOIN keeps SQLite at
 * this order, and is nothing to PostgreSQL. */
#define DAY_PAGE                                                                                   \
    "SELECT s.id, s.starts_at, s.ends_at, s.state, s.module_id, s.trainer_id, s.room_id"           \
    " FROM session s WHERE s.starts_at >= $1 AND s.starts_at < $2 AND s.state <> 'cancelled'"      \
    " AND (CAST($3 AS BIGINT) IS NULL OR s.trainer_id = $3)"                                       \
    " AND (s.starts_at, s.id) > ($4, $5) ORDER BY s.starts_at, s.id LIMIT $6"

struct name_row {
    int64_t session_id;
    struct str name;
};
static const struct field name_fields[] = {
    FIELD(struct name_row, session_id, "Session"),
    FIELD(struct name_row, name, "Group"),
};
static const struct schema name_schema = SCHEMA(name_row, name_fields);

/* Both lists are in the order of the sessions. */
static enum err fetch_group_names(struct ctx *ctx, const struct report_bounds *b,
                                  const struct db_cursor *at, int64_t limit, struct list *sessions)
{
    struct report_session *s = sessions->at;
    struct list rows = {0};
    const struct name_row *r;
    size_t k = 0;
    enum err e = db_list(
        ctx, &name_schema, &rows,
        "WITH p AS (" DAY_PAGE
        ") SELECT p.id AS session_id, g.name FROM p"
        " JOIN session_group sg ON sg.session_id = p.id"
        " JOIN class_group g ON g.id = sg.group_id"
        " ORDER BY p.starts_at, p.id, g.name_norm, g.id",
        ARGS(A(b->from), A(b->to), A(only_trainer(ctx)), A(at->key), A(at->id), A(limit + 1)));

    r = rows.at;
    for (size_t i = 0; !e && i < sessions->n; i++) {
        size_t first = k;

        while (k < rows.n && r[k].session_id == s[i].id)
            k++;
        s[i].group_names =
            (struct strs){ARENA_NEW_N(&ctx->arena, struct str, k - first), k - first};
        for (size_t n = first; n < k; n++)
            s[i].group_names.at[n - first] = r[n].name;
    }
    return e;
}

/* What is counted of a page's sessions, each count by itself: as one statement PostgreSQL, which
 * believes the page to be a single row, joins the counts row by row. The few who are archived are
 * found once, not each member looked up. */
static const char *const day_counts[] = {
    "WITH p AS (" DAY_PAGE ") SELECT p.id, " TALLY_COLUMNS("r")
    " FROM p CROSS JOIN attendance_record r WHERE r.session_id = p.id"
    " GROUP BY p.starts_at, p.id ORDER BY p.starts_at, p.id",
    "WITH p AS (" DAY_PAGE ") SELECT p.id, count(DISTINCT gm.student_id) AS expected"
    " FROM p CROSS JOIN session_group sg CROSS JOIN group_member gm"
    " WHERE sg.session_id = p.id AND gm.group_id = sg.group_id"
    " AND gm.student_id NOT IN (SELECT st.id FROM student st WHERE st.archived = 1)"
    " AND gm.from_day <= p.starts_at"
    " AND (gm.to_day IS NULL OR gm.to_day > p.starts_at)"
    " GROUP BY p.starts_at, p.id ORDER BY p.starts_at, p.id",
};

/* Both lists are in the order of the sessions; a session without records or members has no row. */
static enum err fetch_counts(struct ctx *ctx, const char *sql, struct db_args args,
                             struct list *sessions)
{
    struct report_session *s = sessions->at;
    struct list rows = {0};
    const struct report_session *r;
    size_t k = 0;
    enum err e = db_list(ctx, &report_session_schema, &rows, sql, args);

    r = rows.at;
    for (size_t i = 0; !e && i < sessions->n && k < rows.n; i++) {
        if (r[k].id != s[i].id)
            continue;
        if (r[k].expected)
            s[i].expected = r[k].expected;
        else
            s[i].tally = r[k].tally;
        k++;
    }
    return e;
}

enum err reports_fetch_day(struct ctx *ctx, const struct report_bounds *b,
                           const struct report_day_query *in, struct report_day *ret)
{
    static const char order[] = "report_day";
    struct db_cursor at = {.key = A(INT64_MIN), .id = INT64_MIN};
    struct report_session *all;
    enum err e = ERR_OK;

    if (in->cursor.len)
        e = db_cursor_decode(ctx, order, DB_I64, in->cursor, &at);
    e = e ? e
          : db_list(ctx, &report_session_schema, &ret->items,
                    "WITH p AS (" DAY_PAGE
                    ")"
                    " SELECT p.id, p.starts_at, p.ends_at, p.state, m.code AS module_code,"
                    " m.name AS module_name, a.name AS trainer_name, rm.name AS room_name"
                    " FROM p JOIN module m ON m.id = p.module_id"
                    " JOIN trainer tr ON tr.id = p.trainer_id"
                    " JOIN account a ON a.id = tr.account_id"
                    " LEFT JOIN room rm ON rm.id = p.room_id"
                    " ORDER BY p.starts_at, p.id",
                    ARGS(A(b->from), A(b->to), A(only_trainer(ctx)), A(at.key), A(at.id),
                         A(in->limit + 1)));
    for (size_t i = 0; !e && i < COUNT(day_counts); i++)
        e = fetch_counts(
            ctx, day_counts[i],
            ARGS(A(b->from), A(b->to), A(only_trainer(ctx)), A(at.key), A(at.id), A(in->limit + 1)),
            &ret->items);
    e = e ? e : fetch_group_names(ctx, b, &at, in->limit, &ret->items);
    if (e || ret->items.n <= (size_t)in->limit)
        return e;
    all = ret->items.at;
    ret->items.n--;
    at = (struct db_cursor){all[ret->items.n - 1].id, A(all[ret->items.n - 1].starts_at)};
    ret->next_cursor = (struct opt_str){.set = true, .v = db_cursor_encode(ctx, order, at)};
    return ERR_OK;
}
