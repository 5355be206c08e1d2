/* SPDX-License-Identifier: MIT */
/* Duplicate cases in SQL. */
#include "enrolment/duplicates_store.h"

#include "db/db.h"

struct opened {
    int64_t id, opened_at;
};
static const struct field opened_fields[] = {
    FIELD(struct opened, id, "Case"),
    FIELD(struct opened, opened_at, "When"),
};
static const struct schema opened_schema = SCHEMA(opened, opened_fields);

enum err duplicate_store_open(struct ctx *ctx, int64_t student_id, const struct look_alike *like,
                              int64_t *ret_id, bool *ret_new)
{
    struct opened row = {0};
    int64_t before = 0;
    enum err e = db_i64(ctx,
                        "SELECT count(*) FROM duplicate_case"
                        " WHERE student_id = $1 AND other_student_id = $2",
                        ARGS(A(student_id), A(like->student_id)), &before);

    if (!e)
        e = db_one(ctx, &opened_schema, &row,
                   "INSERT INTO duplicate_case (student_id, other_student_id, similarity,"
                   " opened_at, seen_at) VALUES ($1, $2, $3, $4, $4)"
                   " ON CONFLICT (student_id, other_student_id) DO UPDATE SET"
                   " similarity = $3, seen_at = $4 RETURNING id, opened_at",
                   ARGS(A(student_id), A(like->student_id), A(like->similarity), A(ctx->now)));
    if (e)
        return e;
    *ret_id = row.id;
    *ret_new = before == 0;
    return ERR_OK;
}

struct other {
    int64_t id;
};
static const struct field other_fields[] = {FIELD(struct other, id, "Student")};
static const struct schema other_schema = SCHEMA(other, other_fields);

enum err duplicate_store_different(struct ctx *ctx, int64_t student_id, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &other_schema, &rows,
                         "SELECT CASE WHEN student_id = $1 THEN other_student_id ELSE student_id"
                         " END AS id FROM duplicate_case WHERE state = 'different_people'"
                         " AND (student_id = $1 OR other_student_id = $1)",
                         ARGS(A(student_id)));

    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct other *)rows.at)[i].id;
    return ERR_OK;
}

#define CASES                                                                                      \
    "SELECT d.id, d.student_id, d.other_student_id, s.student_number, s.name AS student_name,"     \
    " o.student_number AS other_number, o.name AS other_name, d.similarity, d.state, d.opened_at," \
    " d.seen_at, d.resolved_at, d.resolved_by, a.name AS resolved_by_name, d.note"                 \
    " FROM duplicate_case d JOIN student s ON s.id = d.student_id"                                 \
    " JOIN student o ON o.id = d.other_student_id"                                                 \
    " LEFT JOIN account a ON a.id = d.resolved_by"

enum err duplicate_store_page(struct ctx *ctx, const struct duplicate_filter *filter,
                              struct page *ret)
{
    struct db_page page = {
        .cursor = filter->page.cursor, .limit = filter->page.limit, .descending = true};
    enum err e = db_page(ctx, &duplicate_case_schema, &page,
                         CASES
                         " WHERE (CAST($1 AS TEXT) IS NULL OR d.state = $1)"
                         " AND (CAST($2 AS BIGINT) IS NULL OR d.student_id = $2"
                         " OR d.other_student_id = $2)"
                         " AND d.id < $3 ORDER BY d.id DESC LIMIT $4",
                         ARGS(A(filter->state), A(filter->student_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err duplicate_store_get(struct ctx *ctx, int64_t id, struct duplicate_case *ret)
{
    return db_one(ctx, &duplicate_case_schema, ret, CASES " WHERE d.id = $1", ARGS(A(id)));
}

enum err duplicate_store_judge(struct ctx *ctx, int64_t id, struct str state, struct opt_str note)
{
    return db_exec(
        ctx,
        "UPDATE duplicate_case SET state = $2, note = $3, resolved_at = $4,"
        " resolved_by = $5 WHERE id = $1",
        ARGS(A(id), A(state), A(note), A(ctx->now),
             A((struct opt_i64){.set = ctx->actor.user_id != 0, .v = ctx->actor.user_id})));
}

enum err duplicate_store_keep_apart(struct ctx *ctx, int64_t one, int64_t other, double similarity)
{
    return db_exec(ctx,
                   "INSERT INTO strict_pair (a_student_id, b_student_id, reason, similarity,"
                   " created_at, updated_at) VALUES ($1, $2, 'look_alike', $3, $4, $4)"
                   " ON CONFLICT (a_student_id, b_student_id, reason) DO UPDATE SET"
                   " similarity = $3, updated_at = $4",
                   ARGS(A(one < other ? one : other), A(one < other ? other : one), A(similarity),
                        A(ctx->now)));
}
