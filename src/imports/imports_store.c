/* SPDX-License-Identifier: MIT */
/* Imports in SQL. */
#include "imports/imports_store.h"

#include "db/db.h"

#define IMPORTS                                                                                    \
    "SELECT i.id, i.state, i.source, i.total, i.by_account_id AS by_user_id, a.name AS by_name,"   \
    " i.created_at, i.finished_at,"                                                                \
    " (SELECT count(*) FROM photo_import_row r WHERE r.import_id = i.id AND"                       \
    " CASE WHEN i.state IN ('checking', 'checked') THEN r.checked ELSE r.finished END = 1)"        \
    " AS done,"                                                                                    \
    " (SELECT count(*) FROM photo_import_row r WHERE r.import_id = i.id AND r.result IS NOT NULL"  \
    " AND r.result NOT IN ('would_enrol', 'enrolled')) AS failed"                                  \
    " FROM photo_import i JOIN account a ON a.id = i.by_account_id"

#define ROWS                                                                                       \
    "SELECT r.id, r.student_number, r.student_id, r.files, r.source, r.result, r.detail"           \
    " FROM photo_import_row r"

enum err import_store_insert(struct ctx *ctx, struct str source, struct str state, int64_t total,
                             int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO photo_import (by_account_id, created_at, source, state, total)"
                  " VALUES ($1, $2, $3, $4, $5) RETURNING id",
                  ARGS(A(ctx->actor.user_id), A(ctx->now), A(source), A(state), A(total)), ret_id);
}

enum err import_store_insert_row(struct ctx *ctx, int64_t import_id, const struct import_row *row,
                                 struct json files)
{
    return db_exec(ctx,
                   "INSERT INTO photo_import_row (import_id, student_number, student_id, source,"
                   " files, checked, finished, result, detail)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
                   ARGS(A(import_id), A(row->student_number), A(row->student_id), A(row->source),
                        A(files.text), A(row->result.set), A(row->result), A(row->detail)));
}

enum err import_store_get(struct ctx *ctx, int64_t id, struct import *ret)
{
    return db_one(ctx, &import_schema, ret, IMPORTS " WHERE i.id = $1", ARGS(A(id)));
}

enum err import_store_page(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    struct db_page page = {.cursor = q->cursor, .limit = q->limit, .descending = true};
    enum err e = db_page(ctx, &import_schema, &page,
                         IMPORTS " WHERE i.id < $1 ORDER BY i.id DESC LIMIT $2", ARGS());

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err import_store_rows(struct ctx *ctx, const struct import_rows_query *q, struct page *ret)
{
    struct db_page page = db_page_asked(&q->page, NULL);
    enum err e = db_page(ctx, &import_row_schema, &page,
                         ROWS
                         " WHERE r.import_id = $1"
                         " AND (CAST($2 AS TEXT) IS NULL OR r.result = $2)"
                         " AND r.id > $3 ORDER BY r.id LIMIT $4",
                         ARGS(A(q->import_id), A(q->result)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err import_store_move(struct ctx *ctx, int64_t id, const char *from[2], const char *to,
                           bool ended)
{
    struct opt_i64 at = {.set = ended, .v = ctx->now};
    int64_t n = 0;
    enum err e =
        db_exec_n(ctx,
                  "UPDATE photo_import SET state = $4, finished_at = $5"
                  " WHERE id = $1 AND state IN ($2, $3)",
                  ARGS(A(id), A(str_of(from[0])), A(str_of(from[1])), A(str_of(to)), A(at)), &n);

    return !e && n == 0 ? ERR_NOT_FOUND : e;
}

enum err import_store_restart(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx,
                   "UPDATE photo_import_row SET result = NULL, detail = NULL, tries = 0"
                   " WHERE import_id = $1 AND finished = 0",
                   ARGS(A(id)));
}

enum err import_store_claim(struct ctx *ctx, int64_t until, int64_t *ret_id)
{
    return db_i64(ctx,
                  "UPDATE photo_import SET slice_until = $2 WHERE slice_until < $1"
                  " AND state IN ('checking', 'running') AND id ="
                  " (SELECT min(id) FROM photo_import WHERE state IN ('checking', 'running'))"
                  " RETURNING id",
                  ARGS(A(ctx->now), A(until)), ret_id);
}

enum err import_store_release(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "UPDATE photo_import SET slice_until = 0 WHERE id = $1", ARGS(A(id)));
}

enum err import_store_release_all(struct ctx *ctx)
{
    return db_exec(ctx, "UPDATE photo_import SET slice_until = 0 WHERE slice_until <> 0", ARGS());
}

enum err import_store_next(struct ctx *ctx, int64_t import_id, bool running, struct import_row *ret,
                           int64_t *ret_tries)
{
    enum err e = db_one(ctx, &import_row_schema, ret,
                        ROWS
                        " WHERE r.import_id = $1 AND"
                        " CASE WHEN CAST($2 AS BIGINT) = 1 THEN r.finished ELSE r.checked END"
                        " = 0 ORDER BY r.id LIMIT 1",
                        ARGS(A(import_id), A(running)));

    return e ? e
             : db_i64(ctx,
                      "UPDATE photo_import_row SET tries = tries + 1 WHERE id = $1 RETURNING tries",
                      ARGS(A(ret->id)), ret_tries);
}

enum err import_store_row_done(struct ctx *ctx, int64_t row_id, bool running, struct str result,
                               struct str detail)
{
    int64_t n = 0;
    enum err e = db_exec_n(
        ctx,
        "UPDATE photo_import_row SET checked = 1, finished = $2, result = $3, detail = $4,"
        " tries = 0 WHERE id = $1 AND finished = 0 AND EXISTS (SELECT 1 FROM photo_import i"
        " WHERE i.id = photo_import_row.import_id AND i.state = $5)",
        ARGS(A(row_id), A(running), A(result), A(detail),
             A(running ? STR("running") : STR("checking"))),
        &n);

    return !e && n == 0 ? ERR_NOT_FOUND : e;
}

enum err import_store_tell(struct ctx *ctx, int64_t id, int64_t before, bool *ret)
{
    int64_t n = 0;
    enum err e =
        db_exec_n(ctx, "UPDATE photo_import SET told_at = $2 WHERE id = $1 AND told_at <= $3",
                  ARGS(A(id), A(ctx->now), A(before)), &n);

    *ret = n > 0;
    return e;
}

struct number {
    int64_t id;
};
static const struct field number_fields[] = {FIELD(struct number, id, "Import")};
static const struct schema number_schema = SCHEMA(number, number_fields);

static enum err numbers_of(struct ctx *ctx, enum err e, const struct list *rows, struct i64s *ret)
{
    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows->n), rows->n};
    for (size_t i = 0; i < rows->n; i++)
        ret->at[i] = ((const struct number *)rows->at)[i].id;
    return ERR_OK;
}

enum err import_store_stale(struct ctx *ctx, int64_t before, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &number_schema, &rows,
                         "SELECT id FROM photo_import WHERE state IN ('checking', 'checked')"
                         " AND created_at < $1 ORDER BY id LIMIT 100",
                         ARGS(A(before)));

    return numbers_of(ctx, e, &rows, ret);
}

enum err import_store_needing_file(struct ctx *ctx, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &number_schema, &rows,
                         "SELECT id FROM photo_import WHERE state IN"
                         " ('checking', 'checked', 'running') ORDER BY id",
                         ARGS());

    return numbers_of(ctx, e, &rows, ret);
}

enum err import_store_forget(struct ctx *ctx, int64_t before)
{
    enum err e = db_exec(ctx,
                         "DELETE FROM photo_import_row WHERE import_id IN"
                         " (SELECT id FROM photo_import WHERE finished_at < $1)",
                         ARGS(A(before)));

    return e ? e : db_exec(ctx, "DELETE FROM photo_import WHERE finished_at < $1", ARGS(A(before)));
}

enum err import_store_student(struct ctx *ctx, struct str number, int64_t *ret)
{
    enum err e = db_i64(ctx, "SELECT id FROM student WHERE student_number = $1 AND archived = 0",
                        ARGS(A(number)), ret);

    if (e == ERR_NOT_FOUND)
        *ret = 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}
