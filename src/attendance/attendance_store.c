/* SPDX-License-Identifier: MIT */
/* Records in SQL. The caller's right to the session or student was checked before. */
#include "attendance/attendance_store.h"

#include "db/db.h"
#include "presence/rate.h"

struct stored_row {
    int64_t id, version;
    struct opt_str marked_by_name;
};
static const struct field stored_fields[] = {
    FIELD(struct stored_row, id, "Id"),
    FIELD(struct stored_row, version, "Version"),
    FIELD(struct stored_row, marked_by_name, "Name of who marked it"),
};
static const struct schema stored_schema = SCHEMA(stored_row, stored_fields);

/* Students expected in session $1: members of its groups on its day. */
#define EXPECTED                                                                                   \
    "SELECT gm.student_id FROM session s JOIN session_group sg ON sg.session_id = s.id"            \
    " JOIN group_member gm ON gm.group_id = sg.group_id"                                           \
    " JOIN student e ON e.id = gm.student_id"                                                      \
    " WHERE s.id = $1 AND gm.from_day <= s.starts_at AND e.archived = 0"                           \
    " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)"

/* From those of the session to the students, not the other way round: a school has thousands.
 * Who is not expected any more and has no mark is not in a register: closing would make it absent.
 */
enum err attendance_fetch(struct ctx *ctx, const struct session *s, int64_t student_id,
                          struct list *ret)
{
    return db_list(
        ctx, &attendance_schema, ret,
        "SELECT r.id, CAST($1 AS BIGINT) AS session_id, st.id AS student_id,"
        " st.student_number, st.name AS student_name,"
        " coalesce(r.status, 'unmarked') AS status, coalesce(r.code, c.code) AS code, r.derived,"
        " coalesce(r.reason, '') AS reason, r.method, r.marked_at, r.minutes_late, r.in_at,"
        " r.out_at, r.minutes_present, r.similarity, r.margin, r.threshold, r.marked_by,"
        " a.name AS marked_by_name, r.note, coalesce(r.version, 0) AS version,"
        " coalesce(r.weight, 0) AS weight, r.last_event_id,"
        " CASE WHEN EXISTS (SELECT 1 FROM face_template f WHERE f.student_id = st.id)"
        " THEN 1 ELSE 0 END AS enrolled"
        " FROM (" EXPECTED
        " AND (CAST($2 AS BIGINT) = 0 OR gm.student_id = $2)"
        " UNION SELECT k.student_id FROM attendance_record k WHERE k.session_id = $1"
        " AND ((CAST($2 AS BIGINT) = 0 AND k.status <> 'unmarked') OR k.student_id = $2)) AS x"
        " JOIN student st ON st.id = x.student_id LEFT JOIN attendance_record r"
        " ON r.session_id = $1 AND r.student_id = st.id"
        " LEFT JOIN account a ON a.id = r.marked_by"
        " LEFT JOIN status_code c ON c.category = r.status AND c.is_default = 1"
        " WHERE (CAST($3 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM guardian gu"
        " WHERE gu.account_id = $3 AND gu.student_id = st.id))"
        " ORDER BY st.name_norm, st.id",
        ARGS(A(s->id), A(student_id), A(actor_guardian(&ctx->actor))));
}

enum err attendance_store(struct ctx *ctx, int64_t session_id, struct record_row *r)
{
    struct stored_row stored = {0};
    enum err e = db_one(
        ctx, &stored_schema, &stored,
        "INSERT INTO attendance_record AS r (session_id, student_id, status, code, weight, derived,"
        " reason, method, marked_at, in_at, out_at, minutes_late, minutes_present, similarity,"
        " margin, threshold, marked_by, note, last_event_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
        " $19) ON CONFLICT (session_id, student_id) DO UPDATE SET status = excluded.status,"
        " code = excluded.code, weight = excluded.weight, derived = excluded.derived,"
        " reason = excluded.reason, method = excluded.method, marked_at = excluded.marked_at,"
        " in_at = excluded.in_at, out_at = excluded.out_at,"
        " minutes_late = excluded.minutes_late, minutes_present = excluded.minutes_present,"
        " similarity = excluded.similarity, margin = excluded.margin,"
        " threshold = excluded.threshold, marked_by = excluded.marked_by, note = excluded.note,"
        " last_event_id = excluded.last_event_id, version = r.version + 1"
        " RETURNING id, version,"
        " (SELECT a.name FROM account a WHERE a.id = marked_by) AS marked_by_name",
        ARGS(A(session_id), A(r->student_id), A(r->status), A(r->code), A(r->weight), A(r->derived),
             A(r->reason), A(r->method), A(r->marked_at), A(r->in_at), A(r->out_at),
             A(r->minutes_late), A(r->minutes_present), A(r->similarity), A(r->margin),
             A(r->threshold), A(r->marked_by), A(r->note), A(r->last_event_id)));

    if (!e) {
        r->id = stored.id;
        r->version = stored.version;
        r->marked_by_name = stored.marked_by_name;
    }
    return e;
}

#define F(...) FIELD(struct record_row, __VA_ARGS__)
static const struct field record_fields[] = {
    F(id, "Row"),
    F(version, "Version"),
    F(student_id, "Student"),
    F(status, "Status"),
    F(code, "Code"),
    F(derived, "By the rules alone"),
    F(reason, "Why"),
    F(method, "How"),
    F(note, "Note"),
    F(weight, "Weight"),
    F(in_at, "Came"),
    F(out_at, "Left"),
    F(minutes_late, "Minutes late"),
    F(minutes_present, "Minutes present"),
    F(marked_at, "Marked"),
    F(marked_by, "By whom"),
    F(last_event_id, "Event that decided"),
    F(similarity, "Similarity"),
    F(margin, "Margin"),
    F(threshold, "Threshold"),
};
#undef F
static const struct schema record_schema = SCHEMA(record_row, record_fields);

enum err records_fetch(struct ctx *ctx, int64_t session_id, struct list *ret)
{
    return db_list(ctx, &record_schema, ret,
                   "SELECT id, version, student_id, status, code, derived, reason, method, note,"
                   " weight, in_at, out_at, minutes_late, minutes_present, marked_at, marked_by,"
                   " last_event_id, similarity, margin, threshold FROM attendance_record"
                   " WHERE session_id = $1 ORDER BY student_id",
                   ARGS(A(session_id)));
}

enum err attendance_fetch_entries(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                  struct list *ret)
{
    return db_list(ctx, &attendance_entry_schema, ret,
                   "SELECT e.id, e.seq, e.uid, e.at, e.occurred_at, e.kind, e.method, e.direction,"
                   " e.facts AS fact_bits, e.status_before, e.status_after, e.said, e.code,"
                   " e.similarity, e.margin, e.threshold, e.quality, e.liveness, e.device_id,"
                   " e.by_account_id AS by_user_id,"
                   " a.name AS by_name, e.note, e.undoes,"
                   " CASE WHEN EXISTS (SELECT 1 FROM attendance_event u WHERE u.undoes = e.id)"
                   " THEN 1 ELSE 0 END AS undone"
                   " FROM attendance_event e LEFT JOIN account a ON a.id = e.by_account_id"
                   " WHERE e.session_id = $1 AND e.student_id = $2 ORDER BY e.id",
                   ARGS(A(session_id), A(student_id)));
}

enum err attendance_fetch_history(struct ctx *ctx, int64_t session_id, const struct page_query *q,
                                  struct page *ret)
{
    struct db_page page = {.cursor = q->cursor, .limit = q->limit, .descending = true};
    enum err e = db_page(ctx, &session_step_schema, &page,
                         "SELECT e.id, e.seq, e.at, e.kind, e.status_before AS state_before,"
                         " e.status_after AS state_after, e.by_account_id AS by_user_id,"
                         " a.name AS by_name,"
                         " CASE WHEN e.kind = 'rescheduled' THEN NULL ELSE e.note END AS reason,"
                         " e.covers_from AS starts_at, e.covers_to AS ends_at"
                         " FROM attendance_event e LEFT JOIN account a ON a.id = e.by_account_id"
                         " WHERE e.session_id = $1 AND e.student_id IS NULL AND e.id < $2"
                         " ORDER BY e.id DESC LIMIT $3",
                         ARGS(A(session_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

/* Sessions of student $1 that are not cancelled; $4: only those of this trainer. */
#define DAYS                                                                                       \
    " FROM session s LEFT JOIN module m ON m.id = s.module_id"                                     \
    " LEFT JOIN attendance_record r ON r.session_id = s.id AND r.student_id = $1"                  \
    " WHERE s.id IN (SELECT ar.session_id FROM attendance_record ar WHERE ar.student_id = $1"      \
    " UNION SELECT og.session_id FROM group_member om JOIN session_group og"                       \
    " ON og.group_id = om.group_id WHERE om.student_id = $1)"                                      \
    " AND s.state <> 'cancelled' AND (r.session_id IS NOT NULL OR EXISTS (SELECT 1"                \
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
                " coalesce(r.code, (SELECT c.code FROM status_code c WHERE c.category = r.status"
                " AND c.is_default = 1)) AS code,"
                " r.method, r.marked_at, r.minutes_late, r.minutes_present" DAYS
                " AND s.starts_at <= $5"
                " AND (CAST($6 AS TEXT) IS NULL OR coalesce(r.status, 'unmarked') = $6)"
                " AND (CAST($7 AS BIGINT) IS NULL OR s.module_id = $7)"
                " AND (s.starts_at, s.id) < ($8, $9)"
                " ORDER BY s.starts_at DESC, s.id DESC LIMIT $10",
                ARGS(A(in->student_id), A(in->from), A(in->to), A(only_trainer(ctx)), A(ctx->now),
                     A(in->status), A(in->module_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err attendance_fetch_summary(struct ctx *ctx, const struct attendance_span *in,
                                  struct attendance_summary *ret)
{
    /* Sessions without a record add nothing. All that it says of the records is in the index
     * attendance_record_by_student. */
    return db_one(ctx, &attendance_summary_schema, ret,
                  "SELECT " TALLY_COLUMNS("r")
                  " FROM attendance_record r JOIN session s ON s.id = r.session_id"
                  " WHERE r.student_id = $1 AND s.state <> 'cancelled'"
                  " AND (CAST($2 AS BIGINT) IS NULL OR s.starts_at >= $2)"
                  " AND (CAST($3 AS BIGINT) IS NULL OR s.starts_at < $3)"
                  " AND (CAST($4 AS BIGINT) IS NULL OR s.trainer_id = $4)",
                  ARGS(A(in->student_id), A(in->from), A(in->to), A(only_trainer(ctx))));
}
