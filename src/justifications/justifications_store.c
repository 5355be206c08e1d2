/* SPDX-License-Identifier: MIT */
/* Justifications in SQL. Who may see one is part of the WHERE. */
#include "justifications/justifications_store.h"

#include "db/db.h"

#define OPEN "('awaiting_guardian', 'pending', 'needs_info', 'approved')"

#define COLUMNS                                                                                    \
    "SELECT j.id, j.student_id, st.student_number, st.name AS student_name, j.scope, j.starts_at," \
    " j.ends_at, j.partial, j.reason_id, r.code AS reason_code, r.label_en AS reason_en,"          \
    " r.label_fr AS reason_fr, r.label_ar AS reason_ar, r.needs_document, r.status_code, j.state," \
    " j.late, j.guardian_missing, j.message, j.answer, j.created_by, ca.name AS created_by_name,"  \
    " j.created_at, j.signed_by, j.signed_at, sa.name AS signed_by_name, j.decided_by,"            \
    " j.decided_at, da.name AS decided_by_name, j.due_at, j.forgotten, j.version,"                 \
    " (SELECT count(*) FROM justification_document d WHERE d.justification_id = j.id)"             \
    " AS n_documents"                                                                              \
    " FROM justification j JOIN student st ON st.id = j.student_id"                                \
    " JOIN absence_reason r ON r.id = j.reason_id JOIN account ca ON ca.id = j.created_by"         \
    " LEFT JOIN account sa ON sa.id = j.signed_by LEFT JOIN account da ON da.id = j.decided_by"

/* A session of the student's groups that the justification touches. */
#define TOUCHES                                                                                    \
    "SELECT 1 FROM session s JOIN session_group sg ON sg.session_id = s.id"                        \
    " JOIN group_member gm ON gm.group_id = sg.group_id WHERE gm.student_id = j.student_id"        \
    " AND gm.from_day <= s.starts_at AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)"           \
    " AND ((j.scope = 'span' AND s.starts_at < j.ends_at AND s.ends_at > j.starts_at)"             \
    " OR (j.scope = 'sessions' AND EXISTS (SELECT 1 FROM justification_session js"                 \
    " WHERE js.justification_id = j.id AND js.session_id = s.id)))"

/* $1: 1 for who sees all, $2: the caller's student, $3: the account of a guardian, $4: the caller's
 * trainer. */
#define VISIBLE                                                                                    \
    "(CAST($1 AS BIGINT) = 1 OR j.student_id = $2 OR j.student_id IN"                              \
    " (SELECT gu.student_id FROM guardian gu WHERE gu.account_id = $3)"                            \
    " OR (CAST($4 AS BIGINT) <> 0 AND j.state <> 'withdrawn' AND j.student_id IN"                  \
    " (SELECT tm.student_id FROM session ts JOIN session_group tg ON tg.session_id = ts.id"        \
    " JOIN group_member tm ON tm.group_id = tg.group_id WHERE ts.trainer_id = $4)"                 \
    " AND EXISTS (" TOUCHES " AND s.trainer_id = $4)))"
#define VIEWER(c_, all_)                                                                           \
    A((all_) || (c_)->actor.role == ROLE_ADMIN ? 1 : 0), A((c_)->actor.student_id),                \
        A(actor_guardian(&(c_)->actor)), A((c_)->actor.trainer_id)

static enum err get(struct ctx *ctx, int64_t id, bool all, struct justification *ret)
{
    return db_one(ctx, &justification_schema, ret, COLUMNS " WHERE " VISIBLE " AND j.id = $5",
                  ARGS(VIEWER(ctx, all), A(id)));
}

enum err justifications_store_get_for(struct ctx *ctx, int64_t id, struct justification *ret)
{
    return get(ctx, id, false, ret);
}

enum err justifications_store_get(struct ctx *ctx, int64_t id, struct justification *ret)
{
    return get(ctx, id, true, ret);
}

#define PAGE(key_, op_, dir_)                                                                      \
    COLUMNS                                                                                        \
    " WHERE " VISIBLE                                                                              \
    " AND (CAST($5 AS TEXT) IS NULL OR j.state = $5)"                                              \
    " AND (CAST($6 AS BIGINT) IS NULL OR j.student_id = $6)"                                       \
    " AND (CAST($7 AS BIGINT) IS NULL OR j.reason_id = $7)"                                        \
    " AND (CAST($8 AS BIGINT) IS NULL OR j.ends_at > $8)"                                          \
    " AND (CAST($9 AS BIGINT) IS NULL OR j.starts_at < $9)"                                        \
    " AND (CAST($10 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM group_member f"                    \
    " WHERE f.group_id = $10 AND f.student_id = j.student_id AND f.from_day <= $11"                \
    " AND (f.to_day IS NULL OR f.to_day > $11)))"                                                  \
    " AND (j." key_ ", j.id) " op_ " ($12, $13) ORDER BY j." key_ " " dir_ ", j.id " dir_          \
    " LIMIT $14"

enum err justifications_store_page(struct ctx *ctx, const struct justification_filter *f,
                                   struct page *ret)
{
    static const char *const sql[2][2] = {
        {PAGE("created_at", ">", "ASC"), PAGE("created_at", "<", "DESC")},
        {PAGE("starts_at", ">", "ASC"), PAGE("starts_at", "<", "DESC")},
    };
    bool down = page_is_descending(&f->page);
    bool by_start = str_is(f->page.sort, "starts_at") || str_is(f->page.sort, "-starts_at");
    struct db_page page = {
        .cursor = f->page.cursor,
        .limit = f->page.limit,
        .key = by_start ? "starts_at" : "created_at",
        .descending = down,
    };
    enum err e = db_page(ctx, &justification_schema, &page, sql[by_start][down],
                         ARGS(VIEWER(ctx, false), A(f->state), A(f->student_id), A(f->reason_id),
                              A(f->from), A(f->to), A(f->group_id), A(ctx->now)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

struct number {
    int64_t id;
};
static const struct field number_fields[] = {FIELD(struct number, id, "Number")};
static const struct schema number_schema = SCHEMA(number, number_fields);

static enum err numbers(struct ctx *ctx, const char *sql, struct db_args args, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &number_schema, &rows, sql, args);
    const struct number *row = rows.at;

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n ? rows.n : 1), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = row[i].id;
    return ERR_OK;
}

enum err justifications_store_sessions(struct ctx *ctx, int64_t id, struct i64s *ret)
{
    return numbers(ctx,
                   "SELECT js.session_id AS id FROM justification_session js"
                   " JOIN session s ON s.id = js.session_id WHERE js.justification_id = $1"
                   " ORDER BY s.starts_at, s.id",
                   ARGS(A(id)), ret);
}

#define F(...) FIELD(struct justification_step, __VA_ARGS__)
static const struct field step_fields[] = {
    F(id, "Id"),
    F(at, "When"),
    F(kind, "What"),
    F(state, "State"),
    F(message, "Words"),
    F(by_user_id, "Account"),
    F(by_name, "Its name"),
};
#undef F
static const struct schema step_row = SCHEMA(justification_step, step_fields);

enum err justifications_store_steps(struct ctx *ctx, int64_t id, struct list *ret)
{
    return db_list(ctx, &step_row, ret,
                   "SELECT t.id, t.at, t.kind, t.state, t.message, t.by_account_id AS by_user_id,"
                   " a.name AS by_name FROM justification_step t"
                   " LEFT JOIN account a ON a.id = t.by_account_id"
                   " WHERE t.justification_id = $1 ORDER BY t.id",
                   ARGS(A(id)));
}

enum err justifications_store_hold_student(struct ctx *ctx, int64_t student_id)
{
    return db_exec(ctx, "UPDATE student SET version = version WHERE id = $1", ARGS(A(student_id)));
}

enum err justifications_store_insert(struct ctx *ctx, const struct justification *j,
                                     int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO justification (student_id, scope, starts_at, ends_at, partial,"
                  " reason_id, message, state, late, guardian_missing, created_by, created_at,"
                  " signed_by, signed_at, updated_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $12)"
                  " RETURNING id",
                  ARGS(A(j->student_id), A(j->scope), A(j->starts_at), A(j->ends_at), A(j->partial),
                       A(j->reason_id), A(j->message.v), A(j->state), A(j->late),
                       A(j->guardian_missing), A(ctx->actor.user_id), A(ctx->now), A(j->signed_by),
                       A(j->signed_at)),
                  ret_id);
}

enum err justifications_store_add_session(struct ctx *ctx, int64_t id, int64_t session_id)
{
    return db_exec(
        ctx, "INSERT INTO justification_session (justification_id, session_id) VALUES ($1, $2)",
        ARGS(A(id), A(session_id)));
}

struct span {
    int64_t starts_at, ends_at;
};
static const struct field span_fields[] = {
    FIELD(struct span, starts_at, "Start"),
    FIELD(struct span, ends_at, "End"),
};
static const struct schema span_schema = SCHEMA(span, span_fields);

enum err justifications_store_session(struct ctx *ctx, int64_t student_id, int64_t session_id,
                                      int64_t *ret_starts, int64_t *ret_ends)
{
    struct span span = {0};
    enum err e = db_one(ctx, &span_schema, &span,
                        "SELECT s.starts_at, s.ends_at FROM session s WHERE s.id = $1"
                        " AND s.state <> 'cancelled' AND EXISTS (SELECT 1 FROM session_group sg"
                        " JOIN group_member gm ON gm.group_id = sg.group_id"
                        " WHERE sg.session_id = s.id AND gm.student_id = $2"
                        " AND gm.from_day <= s.starts_at"
                        " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at))",
                        ARGS(A(session_id), A(student_id)));

    if (e)
        return e;
    *ret_starts = span.starts_at;
    *ret_ends = span.ends_at;
    return ERR_OK;
}

enum err justifications_store_overlap(struct ctx *ctx, int64_t student_id, int64_t id, int64_t *ret)
{
    enum err e = db_i64(ctx,
                        "WITH part AS (SELECT j.id, j.starts_at, j.ends_at FROM justification j"
                        " WHERE j.student_id = $1 AND j.scope = 'span' AND j.state IN " OPEN
                        " UNION ALL SELECT j.id, s.starts_at, s.ends_at FROM justification j"
                        " JOIN justification_session js ON js.justification_id = j.id"
                        " JOIN session s ON s.id = js.session_id"
                        " WHERE j.student_id = $1 AND j.scope = 'sessions' AND j.state IN " OPEN
                        ")"
                        " SELECT o.id FROM part mine JOIN part o ON mine.starts_at < o.ends_at"
                        " AND o.starts_at < mine.ends_at"
                        " WHERE mine.id = $2 AND o.id <> $2 ORDER BY o.id LIMIT 1",
                        ARGS(A(student_id), A(id)), ret);

    if (e == ERR_NOT_FOUND)
        *ret = 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err justifications_store_undecided(struct ctx *ctx, int64_t student_id, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM justification WHERE student_id = $1"
                  " AND state IN ('awaiting_guardian', 'pending', 'needs_info')",
                  ARGS(A(student_id)), ret);
}

enum err justifications_store_signers(struct ctx *ctx, int64_t student_id, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM guardian g JOIN account a ON a.id = g.account_id"
                  " WHERE g.student_id = $1 AND g.may_sign = 1 AND a.archived = 0",
                  ARGS(A(student_id)), ret);
}

enum err justifications_store_hold(struct ctx *ctx, int64_t id, int64_t version, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE justification SET version = version + 1, updated_at = $3"
                     " WHERE id = $1 AND (CAST($2 AS BIGINT) = 0 OR version = $2)",
                     ARGS(A(id), A(version), A(ctx->now)), ret_n);
}

enum err justifications_store_set_state(struct ctx *ctx, int64_t id, const char *state)
{
    return db_exec(ctx, "UPDATE justification SET state = $2, due_at = NULL WHERE id = $1",
                   ARGS(A(id), A(str_of(state))));
}

enum err justifications_store_sign(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx,
                   "UPDATE justification SET state = 'pending', signed_by = $2, signed_at = $3"
                   " WHERE id = $1",
                   ARGS(A(id), A(ctx->actor.user_id), A(ctx->now)));
}

static struct opt_i64 caller(const struct ctx *ctx)
{
    return (struct opt_i64){.set = ctx->actor.user_id != 0, .v = ctx->actor.user_id};
}

enum err justifications_store_decide(struct ctx *ctx, int64_t id, const char *state,
                                     struct opt_str answer, struct opt_i64 due_at)
{
    return db_exec(
        ctx,
        "UPDATE justification SET state = $2, answer = $3, due_at = $4, decided_by = $5,"
        " decided_at = $6 WHERE id = $1",
        ARGS(A(id), A(str_of(state)), A(answer), A(due_at), A(caller(ctx)), A(ctx->now)));
}

enum err justifications_store_note(struct ctx *ctx, int64_t id,
                                   const struct justification_step *step)
{
    return db_exec(
        ctx,
        "INSERT INTO justification_step (justification_id, at, by_account_id, kind,"
        " state, message) VALUES ($1, $2, $3, $4, $5, $6)",
        ARGS(A(id), A(ctx->now), A(caller(ctx)), A(step->kind), A(step->state), A(step->message)));
}

enum err justifications_store_due(struct ctx *ctx, int64_t limit, struct i64s *ret)
{
    return numbers(ctx,
                   "SELECT id FROM justification WHERE state = 'needs_info' AND due_at < $1"
                   " ORDER BY due_at, id LIMIT $2",
                   ARGS(A(ctx->now), A(limit)), ret);
}

enum err justifications_store_release(struct ctx *ctx, int64_t id, bool missing)
{
    return db_exec(ctx,
                   "UPDATE justification SET state = 'pending', guardian_missing = $2"
                   " WHERE id = $1",
                   ARGS(A(id), A(missing)));
}

enum err justifications_store_in_vain(struct ctx *ctx, struct str adult, int64_t limit,
                                      struct i64s *ret)
{
    return numbers(ctx,
                   "SELECT j.id FROM justification j JOIN student st ON st.id = j.student_id"
                   " WHERE j.state = 'awaiting_guardian' AND (st.birth_date IS NULL"
                   " OR st.birth_date <= $1 OR NOT EXISTS (SELECT 1 FROM guardian g"
                   " JOIN account a ON a.id = g.account_id WHERE g.student_id = j.student_id"
                   " AND g.may_sign = 1 AND a.archived = 0)) ORDER BY j.id LIMIT $2",
                   ARGS(A(adult), A(limit)), ret);
}
