/* SPDX-License-Identifier: MIT */
/* Records and events in SQL. The caller's right to the session or student was checked before. */
#include "attendance/attendance_store.h"

#include "db/db.h"

#define F(...) FIELD(struct record_row, __VA_ARGS__)
static const struct field record_fields[] = {
    F(id, "Id"),
    F(status, "Status"),
    F(method, "How"),
    F(note, "Note"),
    F(marked_at, "When"),
    F(minutes_late, "Minutes late"),
    F(marked_by, "By whom"),
    F(last_event_id, "Event behind it"),
    F(similarity, "Similarity"),
    F(margin, "Margin"),
    F(threshold, "Threshold"),
    F(version, "Version"),
};
#undef F
static const struct schema record_schema = SCHEMA(record_row, record_fields);

#define F(...) FIELD(struct entry_row, __VA_ARGS__)
static const struct field entry_fields[] = {
    F(id, "Id"),
    F(session_id, "Session"),
    F(student_id, "Student"),
    F(at, "When"),
    F(kind, "Kind"),
    F(method, "How"),
    F(status_before, "Before"),
    F(status_after, "After"),
    F(minutes_late, "Minutes late"),
    F(by_account_id, "By whom"),
    F(undoes, "Event taken back"),
    F(similarity, "Similarity"),
    F(margin, "Margin"),
    F(threshold, "Threshold"),
    F(model, "Model"),
    F(note, "Note"),
};
#undef F
static const struct schema entry_schema = SCHEMA(entry_row, entry_fields);

static const struct field unmarked_fields[] = {
    FIELD(struct unmarked_row, student_id, "Student"),
};
static const struct schema unmarked_schema = SCHEMA(unmarked_row, unmarked_fields);

/* Students expected in session $1: members of its groups on its day. */
#define EXPECTED                                                                                   \
    "SELECT gm.student_id FROM session s JOIN session_group sg ON sg.session_id = s.id"            \
    " JOIN group_member gm ON gm.group_id = sg.group_id"                                           \
    " JOIN student e ON e.id = gm.student_id"                                                      \
    " WHERE s.id = $1 AND gm.from_day <= s.starts_at AND e.archived = 0"                           \
    " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)"

#define RECORD_COLUMNS                                                                             \
    "id, status, method, note, marked_at, minutes_late, marked_by, last_event_id, similarity,"     \
    " margin, threshold, version"

enum err attendance_fetch(struct ctx *ctx, const struct session *s, int64_t student_id,
                          struct list *ret)
{
    return db_list(ctx, &attendance_schema, ret,
                   "SELECT r.id, CAST($1 AS BIGINT) AS session_id, st.id AS student_id,"
                   " st.student_number, st.name AS student_name,"
                   " coalesce(r.status, 'unmarked') AS status, r.method, r.marked_at,"
                   " r.minutes_late, r.similarity, r.margin, r.threshold, r.marked_by,"
                   " a.name AS marked_by_name, r.note, coalesce(r.version, 0) AS version,"
                   " CASE WHEN EXISTS (SELECT 1 FROM face_template f WHERE f.student_id = st.id)"
                   " THEN 1 ELSE 0 END AS enrolled"
                   " FROM student st LEFT JOIN attendance_record r"
                   " ON r.session_id = $1 AND r.student_id = st.id"
                   " LEFT JOIN account a ON a.id = r.marked_by"
                   " WHERE (CAST($2 AS BIGINT) = 0 OR st.id = $2)"
                   " AND (r.id IS NOT NULL OR st.id IN (" EXPECTED
                   "))"
                   " ORDER BY st.name_norm, st.id",
                   ARGS(A(s->id), A(student_id)));
}

enum err attendance_lock(struct ctx *ctx, int64_t session_id, int64_t student_id,
                         struct record_row *ret)
{
    enum err e = db_exec(ctx,
                         "INSERT INTO attendance_record (session_id, student_id, status)"
                         " SELECT CAST($1 AS BIGINT), m.student_id, 'unmarked'"
                         " FROM (" EXPECTED
                         " AND gm.student_id = $2) AS m WHERE 1 = 1"
                         " ON CONFLICT (session_id, student_id) DO NOTHING",
                         ARGS(A(session_id), A(student_id)));

    return e ? e
             : db_one(ctx, &record_schema, ret,
                      "UPDATE attendance_record SET version = version + 1"
                      " WHERE session_id = $1 AND student_id = $2 RETURNING " RECORD_COLUMNS,
                      ARGS(A(session_id), A(student_id)));
}

enum err attendance_store(struct ctx *ctx, const struct record_row *r)
{
    return db_exec(ctx,
                   "UPDATE attendance_record SET status = $2, method = $3, note = $4,"
                   " marked_at = $5, minutes_late = $6, marked_by = $7, last_event_id = $8,"
                   " similarity = $9, margin = $10, threshold = $11 WHERE id = $1",
                   ARGS(A(r->id), A(r->status), A(r->method), A(r->note), A(r->marked_at),
                        A(r->minutes_late), A(r->marked_by), A(r->last_event_id), A(r->similarity),
                        A(r->margin), A(r->threshold)));
}

enum err attendance_append(struct ctx *ctx, const struct entry_row *e, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO attendance_event (session_id, student_id, at, kind, method,"
                  " status_before, status_after, minutes_late, similarity, margin, threshold,"
                  " model, by_account_id, note, request_id, undoes, quality, liveness, device_id)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                  " $17, $18, $19)"
                  " RETURNING id",
                  ARGS(A(e->session_id), A(e->student_id), A(e->at), A(e->kind), A(e->method),
                       A(e->status_before), A(e->status_after), A(e->minutes_late),
                       A(e->similarity), A(e->margin), A(e->threshold), A(e->model),
                       A(e->by_account_id), A(e->note), A(ctx->request_id), A(e->undoes),
                       A(e->quality), A(e->liveness), A(e->device_id)),
                  ret_id);
}

enum err attendance_last_entry(struct ctx *ctx, int64_t session_id, int64_t student_id,
                               int64_t before, struct entry_row *ret)
{
    return db_one(ctx, &entry_schema, ret,
                  "SELECT e.id, e.session_id, e.student_id, e.at, e.kind, e.method,"
                  " e.status_before, e.status_after, e.minutes_late, e.by_account_id, e.undoes,"
                  " e.similarity, e.margin, e.threshold, e.model, e.note FROM attendance_event e"
                  " WHERE e.session_id = $1 AND e.student_id = $2 AND e.kind <> 'undo'"
                  " AND e.id < $3"
                  " AND NOT EXISTS (SELECT 1 FROM attendance_event u WHERE u.undoes = e.id)"
                  " ORDER BY e.id DESC LIMIT 1",
                  ARGS(A(session_id), A(student_id), A(before)));
}

enum err attendance_fetch_entries(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                  struct list *ret)
{
    return db_list(ctx, &attendance_entry_schema, ret,
                   "SELECT e.id, e.at, e.kind, e.method, e.status_before, e.status_after,"
                   " e.similarity, e.margin, e.threshold, e.quality, e.liveness, e.device_id,"
                   " e.by_account_id AS by_user_id,"
                   " a.name AS by_name, e.note, e.undoes,"
                   " CASE WHEN EXISTS (SELECT 1 FROM attendance_event u WHERE u.undoes = e.id)"
                   " THEN 1 ELSE 0 END AS undone"
                   " FROM attendance_event e LEFT JOIN account a ON a.id = e.by_account_id"
                   " WHERE e.session_id = $1 AND e.student_id = $2 ORDER BY e.id",
                   ARGS(A(session_id), A(student_id)));
}

enum err attendance_fetch_unmarked(struct ctx *ctx, int64_t session_id, struct list *ret)
{
    return db_list(ctx, &unmarked_schema, ret,
                   "SELECT DISTINCT m.student_id FROM (" EXPECTED
                   ") AS m"
                   " LEFT JOIN attendance_record r"
                   " ON r.session_id = $1 AND r.student_id = m.student_id"
                   " WHERE r.id IS NULL OR r.status = 'unmarked' ORDER BY m.student_id",
                   ARGS(A(session_id)));
}

/* Sessions of student $1 that are not cancelled; $4: only those of this trainer. */
#define DAYS                                                                                       \
    " FROM session s JOIN module m ON m.id = s.module_id"                                          \
    " LEFT JOIN attendance_record r ON r.session_id = s.id AND r.student_id = $1"                  \
    " WHERE s.state <> 'cancelled' AND (r.id IS NOT NULL OR EXISTS (SELECT 1"                      \
    " FROM session_group sg JOIN group_member gm ON gm.group_id = sg.group_id"                     \
    " WHERE sg.session_id = s.id AND gm.student_id = $1 AND gm.from_day <= s.starts_at"            \
    " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)))"                                        \
    " AND (CAST($2 AS BIGINT) IS NULL OR s.starts_at >= $2)"                                       \
    " AND (CAST($3 AS BIGINT) IS NULL OR s.starts_at < $3)"                                        \
    " AND (CAST($4 AS BIGINT) IS NULL OR s.trainer_id = $4)"

static struct opt_i64 only_trainer(const struct ctx *ctx)
{
    return (struct opt_i64){.set = ctx->actor.role == ROLE_TRAINER, .v = ctx->actor.trainer_id};
}

enum err attendance_fetch_days(struct ctx *ctx, const struct attendance_span *in, struct page *ret)
{
    struct db_page page = {
        .cursor = in->page.cursor,
        .limit = in->page.limit,
        .key = "starts_at",
        .descending = true,
    };
    enum err e =
        db_page(ctx, &attendance_day_schema, &page,
                "SELECT s.id, s.starts_at, s.ends_at, m.name AS module_name, s.time_zone,"
                " s.state AS session_state, coalesce(r.status, 'unmarked') AS status,"
                " r.method, r.marked_at, r.minutes_late" DAYS
                " AND s.starts_at <= $5 AND (s.starts_at, s.id) < ($6, $7)"
                " ORDER BY s.starts_at DESC, s.id DESC LIMIT $8",
                ARGS(A(in->student_id), A(in->from), A(in->to), A(only_trainer(ctx)), A(ctx->now)));

    if (e)
        return e;
    *ret = (struct page){page.rows, {.set = page.next.len > 0, .v = page.next}};
    return ERR_OK;
}

#define COUNTED(status_) "count(CASE WHEN r.status = '" status_ "' THEN 1 END) AS " status_

enum err attendance_fetch_summary(struct ctx *ctx, const struct attendance_span *in,
                                  struct attendance_summary *ret)
{
    return db_one(ctx, &attendance_summary_schema, ret,
                  "SELECT count(*) AS sessions, " COUNTED("present") ", " COUNTED(
                      "late") ", " COUNTED("absent") ", " COUNTED("excused") DAYS
                  " AND r.status IN ('present', 'late', 'absent', 'excused')",
                  ARGS(A(in->student_id), A(in->from), A(in->to), A(only_trainer(ctx))));
}
