/* SPDX-License-Identifier: MIT */
/* Events in SQL: appended in the order of the session's lock, never changed, never deleted. */
#include "attendance/ledger_store.h"

#include "attendance/attendance.h"
#include "db/db.h"

#define F(...) FIELD(struct ledger_link, __VA_ARGS__)
static const struct field link_fields[] = {
    F(id, "Row"),
    F(session_id, "Session"),
    F(seq, "Number in the session"),
    F(uid, "Id"),
    F(student_id, "Student"),
    F(kind, "Kind"),
    F(method, "How"),
    F(at, "Written down"),
    F(occurred_at, "When it was"),
    F(client_at, "By the client's clock"),
    F(direction, "Direction"),
    F(facts, "Facts"),
    F(status_before, "Before"),
    F(status_after, "After"),
    F(said, "What a person said"),
    F(code, "Code"),
    F(undoes, "Row taken back"),
    F(undoes_uid, "Its id"),
    F(covers_from, "Covered from"),
    F(covers_to, "Covered to"),
    F(device_id, "Device"),
    F(by_account_id, "By whom"),
    F(justification_id, "Justification"),
    F(minutes_late, "Minutes late"),
    F(similarity, "Similarity"),
    F(margin, "Margin"),
    F(threshold, "Threshold"),
    F(quality, "Quality"),
    F(liveness, "Liveness"),
    F(model, "Model"),
    F(client, "Client"),
    F(request_id, "Request"),
    F(note, "Note"),
    F(note_salt, "Its salt"),
    F(note_hash, "Its hash"),
    F(prev_hash, "Hash before"),
    F(hash, "Hash"),
};
#undef F
static const struct schema link_schema = SCHEMA(ledger_link, link_fields);

#define F(...) FIELD(struct ledger_head, __VA_ARGS__)
static const struct field head_fields[] = {
    F(session_id, "Session"),
    F(state, "State"),
    F(seq, "Newest link"),
    F(hash, "Its hash"),
};
#undef F
static const struct schema head_schema = SCHEMA(ledger_head, head_fields);

struct lock_row {
    int64_t session_id;
    struct str state;
    int64_t seq;
    struct str hash;
    int64_t starts_at, ends_at;
    struct str mode, ways;
    int64_t open_before_min, late_after_min, absent_after_min;
    bool check_out;
    int64_t min_minutes;
};
#define F(...) FIELD(struct lock_row, __VA_ARGS__)
static const struct field lock_fields[] = {
    F(session_id, "Session"),
    F(state, "State"),
    F(seq, "Newest link"),
    F(hash, "Its hash"),
    F(starts_at, "Start"),
    F(ends_at, "End"),
    F(mode, "Mode"),
    F(ways, "Ways"),
    F(open_before_min, "Open before"),
    F(late_after_min, "Late after"),
    F(absent_after_min, "Absent after"),
    F(check_out, "Check-out"),
    F(min_minutes, "Minutes to be there"),
};
#undef F
static const struct schema lock_schema = SCHEMA(lock_row, lock_fields);

#define LINK                                                                                       \
    "SELECT e.id, e.session_id, e.seq, e.uid, e.student_id, e.kind, e.method, e.at,"               \
    " e.occurred_at, e.client_at, e.direction, e.facts, e.status_before, e.status_after, e.said,"  \
    " e.code, e.undoes, CASE WHEN e.undoes IS NULL THEN NULL"                                      \
    " ELSE coalesce(u.uid, '#' || CAST(e.undoes AS TEXT)) END AS undoes_uid,"                      \
    " e.covers_from, e.covers_to, e.device_id, e.by_account_id, e.justification_id,"               \
    " e.minutes_late, e.similarity, e.margin, e.threshold, e.quality, e.liveness, e.model,"        \
    " e.client, e.request_id, e.note, e.note_salt, e.note_hash, e.prev_hash, e.hash"               \
    " FROM attendance_event e LEFT JOIN attendance_event u ON u.id = e.undoes"

#define HEAD                                                                                       \
    " id AS session_id, state, ledger_seq AS seq, ledger_hash AS hash, starts_at, ends_at, mode,"  \
    " ways, open_before_min, late_after_min, absent_after_min, check_out, min_minutes"

static enum err head_of(struct ctx *ctx, const char *sql, int64_t session_id,
                        struct ledger_head *ret)
{
    struct session s = {0};
    struct ledger_head h;
    struct lock_row row = {0};
    enum err e = db_one(ctx, &lock_schema, &row, sql, ARGS(A(session_id)));

    if (e)
        return e;
    h = (struct ledger_head){row.session_id, row.state, row.seq, row.hash, {0}};
    s = (struct session){
        .starts_at = row.starts_at,
        .ends_at = row.ends_at,
        .mode = row.mode,
        .ways = row.ways,
        .open_before_min = row.open_before_min,
        .late_after_min = row.late_after_min,
        .absent_after_min = row.absent_after_min,
        .check_out = row.check_out,
        .min_minutes = row.min_minutes,
    };
    e = presence_rule_of(ctx, &s, &h.rule);
    if (!e)
        *ret = h;
    return e;
}

enum err ledger_lock(struct ctx *ctx, int64_t session_id, struct ledger_head *ret)
{
    return head_of(ctx, "UPDATE session SET ledger_seq = ledger_seq WHERE id = $1 RETURNING" HEAD,
                   session_id, ret);
}

enum err ledger_peek(struct ctx *ctx, int64_t session_id, struct ledger_head *ret)
{
    return head_of(ctx, "SELECT" HEAD " FROM session WHERE id = $1", session_id, ret);
}

enum err ledger_begun(struct ctx *ctx, int64_t session_id, bool *ret)
{
    int64_t n = 0;
    enum err e = db_i64(ctx,
                        "SELECT CASE WHEN EXISTS (SELECT 1 FROM attendance_event"
                        " WHERE session_id = $1) THEN 1 ELSE 0 END",
                        ARGS(A(session_id)), &n);

    *ret = n > 0;
    return e;
}

static const struct field moves_fields[] = {
    FIELD(struct ledger_moves, closed_seq, "Newest closing"),
    FIELD(struct ledger_moves, state, "State since the newest event"),
};
static const struct schema moves_schema = SCHEMA(ledger_moves, moves_fields);

/* Before migration 21 no event told that a session was cancelled, or scheduled again. */
enum err ledger_fetch_moves(struct ctx *ctx, int64_t session_id, struct ledger_moves *ret)
{
    return db_one(ctx, &moves_schema, ret,
                  "SELECT coalesce((SELECT max(seq) FROM attendance_event WHERE session_id = $1"
                  " AND student_id IS NULL AND kind = 'closed'), 0) AS closed_seq,"
                  " CASE WHEN s.state IN ('cancelled', 'scheduled') AND s.updated_at <= (SELECT"
                  " m.applied_at FROM schema_migration m WHERE m.number = 21) THEN ''"
                  " ELSE coalesce((SELECT e.status_after FROM attendance_event e"
                  " WHERE e.session_id = $1 AND e.student_id IS NULL AND e.seq IS NOT NULL"
                  " ORDER BY e.seq DESC LIMIT 1), '') END AS state FROM session s WHERE s.id = $1",
                  ARGS(A(session_id)));
}

enum err ledger_store_head(struct ctx *ctx, const struct ledger_head *h)
{
    return db_exec(ctx, "UPDATE session SET ledger_seq = $2, ledger_hash = $3 WHERE id = $1",
                   ARGS(A(h->session_id), A(h->seq), A(h->hash)));
}

enum err ledger_insert(struct ctx *ctx, const struct ledger_link *l, int64_t *ret_id)
{
    return db_i64(
        ctx,
        "INSERT INTO attendance_event (session_id, seq, uid, student_id, kind, method, at,"
        " occurred_at, client_at, direction, facts, status_before, status_after, said, code,"
        " undoes, covers_from, covers_to, device_id, by_account_id, justification_id,"
        " minutes_late, similarity, margin, threshold, quality, liveness, model, client,"
        " request_id, note, note_salt, note_hash, prev_hash, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
        " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)"
        " RETURNING id",
        ARGS(A(l->session_id), A(l->seq), A(l->uid), A(l->student_id), A(l->kind), A(l->method),
             A(l->at), A(l->occurred_at), A(l->client_at), A(l->direction), A(l->facts),
             A(l->status_before), A(l->status_after), A(l->said), A(l->code), A(l->undoes),
             A(l->covers_from), A(l->covers_to), A(l->device_id), A(l->by_account_id),
             A(l->justification_id), A(l->minutes_late), A(l->similarity), A(l->margin),
             A(l->threshold), A(l->quality), A(l->liveness), A(l->model), A(l->client),
             A(l->request_id), A(l->note), A(l->note_salt), A(l->note_hash), A(l->prev_hash),
             A(l->hash)),
        ret_id);
}

enum err ledger_fetch_student(struct ctx *ctx, int64_t session_id, int64_t student_id, bool all,
                              struct list *ret)
{
    return db_list(ctx, &link_schema, ret,
                   LINK
                   " WHERE e.session_id = $1 AND e.student_id IS NOT NULL"
                   " AND (CAST($2 AS BIGINT) = 0 OR e.student_id = $2)"
                   " AND (CAST($3 AS BIGINT) = 1 OR e.kind NOT IN ('check', 'mark')"
                   " OR e.seq IS NULL OR e.seq <= (SELECT coalesce(max(c.seq), e.seq)"
                   " FROM attendance_event c WHERE c.session_id = $1 AND c.student_id IS NULL"
                   " AND c.kind = 'confirmed'))"
                   " ORDER BY e.student_id, e.id",
                   ARGS(A(session_id), A(student_id), A(all ? 1 : 0)));
}

enum err ledger_find(struct ctx *ctx, struct str uid, struct ledger_link *ret)
{
    return db_one(ctx, &link_schema, ret, LINK " WHERE e.uid = $1", ARGS(A(uid)));
}

enum err ledger_fetch_links(struct ctx *ctx, int64_t session_id, int64_t after, int64_t up_to,
                            int64_t limit, struct list *ret)
{
    return db_list(ctx, &link_schema, ret,
                   LINK
                   " WHERE e.session_id = $1 AND e.seq > $2 AND e.seq <= $3"
                   " ORDER BY e.seq LIMIT $4",
                   ARGS(A(session_id), A(after), A(up_to), A(limit)));
}

enum err ledger_fetch_heads(struct ctx *ctx, int64_t session_id, int64_t after, int64_t limit,
                            struct list *ret)
{
    return db_list(ctx, &head_schema, ret,
                   "SELECT id AS session_id, state, ledger_seq AS seq, ledger_hash AS hash"
                   " FROM session WHERE id > $2 AND (CAST($1 AS BIGINT) = 0 OR id = $1)"
                   " ORDER BY id LIMIT $3",
                   ARGS(A(session_id), A(after), A(limit)));
}

enum err ledger_count_sessions(struct ctx *ctx, int64_t *ret)
{
    return db_i64(ctx, "SELECT count(*) FROM session", ARGS(), ret);
}

enum err ledger_count_before(struct ctx *ctx, int64_t session_id, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM attendance_event WHERE seq IS NULL"
                  " AND (CAST($1 AS BIGINT) = 0 OR session_id = $1)",
                  ARGS(A(session_id)), ret);
}

enum err ledger_fetch_strays(struct ctx *ctx, int64_t first, int64_t last, int64_t limit,
                             struct list *ret)
{
    return db_list(ctx, &ledger_fault_schema, ret,
                   "SELECT e.session_id, coalesce(e.seq, 0) AS seq, e.id AS event_id, '' AS what"
                   " FROM session s JOIN attendance_event e ON e.session_id = s.id"
                   " WHERE s.id >= $1 AND s.id <= $2"
                   " AND (e.seq > s.ledger_seq OR (e.seq IS NULL AND e.id > (SELECT min(f.id)"
                   " FROM attendance_event f WHERE f.session_id = s.id AND f.seq = 1)))"
                   " ORDER BY e.session_id, e.id LIMIT $3",
                   ARGS(A(first), A(last), A(limit)));
}
