/* SPDX-License-Identifier: MIT */
/* Status codes in SQL. */
#include "presence/codes_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, code, category, label_en, label_fr, label_ar, colour, weight, is_default, position,"      \
    " archived, version, default_until"

enum err codes_fetch(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &status_code_schema, ret,
                   "SELECT " COLUMNS " FROM status_code ORDER BY position, id", ARGS());
}

enum err codes_find(struct ctx *ctx, struct str category, struct str asked, struct status_code *ret)
{
    return db_one(ctx, &status_code_schema, ret,
                  "SELECT " COLUMNS
                  " FROM status_code"
                  " WHERE (CAST($1 AS TEXT) <> '' AND code = $1)"
                  " OR (CAST($1 AS TEXT) = '' AND category = $2 AND is_default = 1)",
                  ARGS(A(asked), A(category)));
}

enum err codes_page(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    struct db_page page = db_page_asked(q, "position");
    enum err e = db_page(ctx, &status_code_schema, &page,
                         "SELECT " COLUMNS
                         " FROM status_code"
                         " WHERE archived = $1 AND (position, id) > ($2, $3)"
                         " ORDER BY position, id LIMIT $4",
                         ARGS(A(q->archived)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err codes_get(struct ctx *ctx, int64_t id, struct status_code *ret)
{
    return db_one(ctx, &status_code_schema, ret,
                  "SELECT " COLUMNS " FROM status_code WHERE id = $1", ARGS(A(id)));
}

enum err codes_insert(struct ctx *ctx, const struct status_code *code, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO status_code (code, category, label_en, label_fr, label_ar, colour,"
                  " weight, is_default, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
                  " CASE WHEN CAST($9 AS BIGINT) > 0 THEN CAST($9 AS BIGINT) ELSE"
                  " (SELECT coalesce(max(position), 0) + 1 FROM status_code) END) RETURNING id",
                  ARGS(A(code->code), A(code->category), A(code->label_en), A(code->label_fr),
                       A(code->label_ar), A(code->colour), A(code->weight), A(code->is_default),
                       A(code->position)),
                  ret_id);
}

enum err codes_update(struct ctx *ctx, const struct status_code *code, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE status_code SET label_en = $3, label_fr = $4, label_ar = $5,"
                     " colour = $6, weight = $7, is_default = $8, position = $9, archived = $10,"
                     " version = version + 1 WHERE id = $1 AND version = $2",
                     ARGS(A(code->id), A(code->version), A(code->label_en), A(code->label_fr),
                          A(code->label_ar), A(code->colour), A(code->weight), A(code->is_default),
                          A(code->position), A(code->archived)),
                     ret_n);
}

enum err codes_delete(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "DELETE FROM status_code WHERE id = $1", ARGS(A(id)));
}

/* A few events more may be on their way, and rest on the old default. `\` is given for `/` in the
 * afternoon. */
enum err codes_drop_default(struct ctx *ctx, struct str category)
{
    return db_exec(ctx,
                   "UPDATE status_code SET is_default = 0, version = version + is_default,"
                   " default_until = (SELECT coalesce(max(id), 0) + 64 FROM attendance_event)"
                   " WHERE category = $1 AND (is_default = 1 OR (code = '\\' AND EXISTS (SELECT 1"
                   " FROM status_code d WHERE d.category = $1 AND d.code = '/'"
                   " AND d.is_default = 1)))",
                   ARGS(A(category)));
}

enum err codes_pin(struct ctx *ctx, struct str category)
{
    return db_exec(ctx,
                   "UPDATE attendance_record SET code = (SELECT c.code FROM status_code c"
                   " WHERE c.category = attendance_record.status AND c.is_default = 1)"
                   " WHERE code IS NULL AND status = $1",
                   ARGS(A(category)));
}

/* What is excused does not count and weighs nothing. */
enum err codes_reweigh(struct ctx *ctx, struct str code)
{
    return db_exec(ctx,
                   "UPDATE attendance_record SET weight = (SELECT c.weight FROM status_code c"
                   " WHERE c.code = attendance_record.code)"
                   " WHERE status NOT IN ('unmarked', 'excused')"
                   " AND (CAST($1 AS TEXT) = '' OR code = $1)"
                   " AND weight <> (SELECT c.weight FROM status_code c"
                   " WHERE c.code = attendance_record.code)",
                   ARGS(A(code)));
}

struct used_row {
    struct str code;
};
static const struct field used_fields[] = {FIELD(struct used_row, code, "Code")};
static const struct schema used_schema = SCHEMA(used_row, used_fields);

enum err codes_used(struct ctx *ctx, struct strs *ret)
{
    struct list rows = {0};
    const struct used_row *at;
    enum err e = db_list(ctx, &used_schema, &rows,
                         "SELECT code FROM attendance_record WHERE code IS NOT NULL"
                         " UNION SELECT code FROM attendance_event WHERE code IS NOT NULL"
                         " UNION SELECT status_code AS code FROM absence_reason"
                         " WHERE status_code IS NOT NULL",
                         ARGS());

    if (e)
        return e;
    at = rows.at;
    *ret = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = at[i].code;
    return ERR_OK;
}

enum err codes_of_reason(struct ctx *ctx, struct str code, bool *ret)
{
    int64_t n = 0;
    enum err e =
        db_i64(ctx, "SELECT count(*) FROM absence_reason WHERE status_code = $1 AND archived = 0",
               ARGS(A(code)), &n);

    *ret = n > 0;
    return e;
}
