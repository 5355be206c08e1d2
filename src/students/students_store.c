/* SPDX-License-Identifier: MIT */
/* Students in SQL, with what they show of account, group, enrolment and consent. */
#include "students/students_store.h"

#include "db/db.h"

/* Who may see a student: $1 says that the caller sees all, $2 is the caller's own student row,
 * $3 the caller's trainer row, $4 the account of a caller who is a guardian. */
#define VISIBLE                                                                                    \
    "(CAST($1 AS BIGINT) = 1 OR s.id = $2 OR s.id IN (SELECT gm.student_id FROM group_member gm"   \
    " JOIN session_group sg ON sg.group_id = gm.group_id"                                          \
    " JOIN session se ON se.id = sg.session_id WHERE se.trainer_id = $3)"                          \
    " OR s.id IN (SELECT gu.student_id FROM guardian gu WHERE gu.account_id = $4))"
#define VIEWER(c_, all_)                                                                           \
    A((all_) || (c_)->actor.role == ROLE_ADMIN), A((c_)->actor.student_id),                        \
        A((c_)->actor.trainer_id), A(actor_guardian(&(c_)->actor))

/* A membership that is open on the day $5. */
#define OPEN(m_) m_ ".from_day <= $5 AND (" m_ ".to_day IS NULL OR " m_ ".to_day > $5)"
#define ENROLLED                                                                                   \
    "CASE WHEN EXISTS (SELECT 1 FROM face_template ft WHERE ft.student_id = s.id)"                 \
    " THEN 1 ELSE 0 END"

#define COLUMNS                                                                                    \
    "SELECT s.id, s.student_number, s.account_id AS user_id, s.name, s.name_norm, a.email,"        \
    " s.birth_date, g.id AS group_id, g.name AS group_name, " ENROLLED " AS enrolled,"             \
    " CASE WHEN CAST($1 AS BIGINT) = 1 OR s.id = $2 OR CAST($4 AS BIGINT) <> 0 THEN CASE WHEN (SELECT c.state FROM consent c" \
    " WHERE c.student_id = s.id ORDER BY c.id DESC LIMIT 1) = 'given' THEN 1 ELSE 0 END"           \
    " ELSE " ENROLLED " END AS consent, s.archived,"                                               \
    " s.version AS row_version, s.version + coalesce(a.version, 0) AS version"                     \
    " FROM student s LEFT JOIN account a ON a.id = s.account_id"                                   \
    " LEFT JOIN class_group g ON g.id = (SELECT m.group_id FROM group_member m"                    \
    " WHERE m.student_id = s.id AND " OPEN("m") " ORDER BY m.from_day DESC, m.id DESC LIMIT 1)"    \
    " WHERE " VISIBLE

#define PAGE(op_, dir_)                                                                            \
    COLUMNS                                                                                        \
    " AND s.archived = $6 AND (CAST($7 AS TEXT) IS NULL OR s.name_norm LIKE $7 ESCAPE '!')"        \
    " AND (CAST($8 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM group_member f"                     \
    " WHERE f.student_id = s.id AND f.group_id = $8 AND " OPEN("f") "))"                           \
    " AND (CAST($9 AS BIGINT) IS NULL OR " ENROLLED " = $9)"                                       \
    " AND (s.name_norm, s.id) " op_ " ($10, $11)"                                                   \
    " ORDER BY s.name_norm " dir_ ", s.id " dir_ " LIMIT $12"

static enum err get(struct ctx *ctx, int64_t id, bool all, struct student *ret)
{
    return db_one(ctx, &student_schema, ret, COLUMNS " AND s.id = $6",
                  ARGS(VIEWER(ctx, all), A(ctx->now), A(id)));
}

enum err students_store_get(struct ctx *ctx, int64_t id, struct student *ret)
{
    return get(ctx, id, true, ret);
}

enum err students_store_get_for(struct ctx *ctx, int64_t id, struct student *ret)
{
    return get(ctx, id, false, ret);
}

enum err students_store_page(struct ctx *ctx, const struct student_filter *filter,
                             struct opt_str like, struct page *ret)
{
    struct db_page page = db_page_asked(&filter->page, "name_norm");
    enum err e =
        db_page(ctx, &student_schema, &page, page.descending ? PAGE("<", "DESC") : PAGE(">", "ASC"),
                ARGS(VIEWER(ctx, false), A(ctx->now), A(filter->page.archived), A(like),
                     A(filter->group_id), A(filter->enrolled)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err students_store_insert(struct ctx *ctx, const struct student *s, int64_t *ret_id)
{
    return db_i64(
        ctx,
        "INSERT INTO student (student_number, account_id, name, name_norm, birth_date)"
        " VALUES ($1, $2, $3, $4, $5) RETURNING id",
        ARGS(A(s->student_number), A(s->user_id), A(s->name), A(s->name_norm), A(s->birth_date)),
        ret_id);
}

enum err students_store_update(struct ctx *ctx, const struct student *s)
{
    int64_t id;

    return db_i64(ctx,
                  "UPDATE student SET student_number = $3, account_id = $4, name = $5,"
                  " name_norm = $6, birth_date = $7, archived = $8, version = version + 1"
                  " WHERE id = $1 AND version = $2 RETURNING id",
                  ARGS(A(s->id), A(s->row_version), A(s->student_number), A(s->user_id), A(s->name),
                       A(s->name_norm), A(s->birth_date), A(s->archived)),
                  &id);
}

enum err students_store_touch(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "UPDATE student SET version = version + 1 WHERE id = $1", ARGS(A(id)));
}
