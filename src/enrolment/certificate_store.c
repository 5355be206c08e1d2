/* SPDX-License-Identifier: MIT */
/* Certificates, and what is erased beside templates, in SQL. */
#include "enrolment/certificate_store.h"

#include "db/db.h"

#define F(...) FIELD(struct certificate_row, __VA_ARGS__)
static const struct field row_fields[] = {F(student_id, "Student"), F(document, "Document")};
#undef F
static const struct schema row_schema = SCHEMA(certificate_row, row_fields);

struct model_row {
    struct str model;
};
static const struct field model_fields[] = {FIELD(struct model_row, model, "Model")};
static const struct schema model_schema = SCHEMA(model_row, model_fields);

enum err certificate_insert(struct ctx *ctx, const struct certificate_info *info,
                            struct str document)
{
    return db_exec(ctx,
                   "INSERT INTO deletion_certificate (certificate_id, student_id, reason,"
                   " templates, at, document) VALUES ($1, $2, $3, $4, $5, $6)",
                   ARGS(A(info->certificate_id), A(info->student_id), A(info->reason),
                        A(info->templates), A(info->at), A(document)));
}

enum err certificate_fetch_all(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    return db_list(ctx, &certificate_info_schema, ret,
                   "SELECT id, certificate_id, reason, student_id, templates, at"
                   " FROM deletion_certificate WHERE student_id = $1 ORDER BY id DESC LIMIT 1000",
                   ARGS(A(student_id)));
}

enum err certificate_fetch(struct ctx *ctx, struct str certificate_id, struct certificate_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  "SELECT student_id, document FROM deletion_certificate"
                  " WHERE certificate_id = $1",
                  ARGS(A(certificate_id)));
}

enum err certificate_newest(struct ctx *ctx, int64_t *ret)
{
    return db_i64(ctx, "SELECT COALESCE(max(at), 0) FROM deletion_certificate", ARGS(), ret);
}

enum err erasure_fetch_models(struct ctx *ctx, int64_t student_id, struct strs *ret)
{
    struct list rows = {0};
    enum err e = db_list(ctx, &model_schema, &rows,
                         "SELECT DISTINCT model FROM face_template WHERE student_id = $1"
                         " ORDER BY model LIMIT 20",
                         ARGS(A(student_id)));

    if (e)
        return e;
    *ret = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct model_row *)rows.at)[i].model;
    return ERR_OK;
}

enum err erasure_unname(struct ctx *ctx, int64_t student_id, int64_t *ret_pairs, int64_t *ret_rows)
{
    int64_t alike = 0;
    enum err e =
        db_exec_n(ctx, "DELETE FROM strict_pair WHERE a_student_id = $1 OR b_student_id = $1",
                  ARGS(A(student_id)), ret_pairs);

    e = e ? e
          : db_exec_n(ctx,
                      "DELETE FROM duplicate_case WHERE student_id = $1 OR other_student_id = $1",
                      ARGS(A(student_id)), &alike);
    *ret_pairs += alike;
    e = e ? e
          : db_exec(ctx, "DELETE FROM liveness_session WHERE student_id = $1", ARGS(A(student_id)));
    e = e ? e
          : db_exec(ctx, "DELETE FROM liveness_failure WHERE student_id = $1", ARGS(A(student_id)));
    return e ? e
             : db_exec_n(ctx, "UPDATE recognition SET student_id = NULL WHERE student_id = $1",
                         ARGS(A(student_id)), ret_rows);
}

enum err erasure_scrub(struct ctx *ctx)
{
    /* A table that is written anew takes only the rows there are. VACUUM FULL would also copy those
     * that somebody's older snapshot may still see. */
    static const char *const postgres[] = {
        "ALTER TABLE student_key ALTER COLUMN wrapped TYPE BYTEA USING wrapped || ''::BYTEA",
        "ALTER TABLE face_template ALTER COLUMN sealed TYPE BYTEA USING sealed || ''::BYTEA",
        NULL,
    };

    return db_scrub(ctx, postgres);
}

bool erasure_on_postgres(const struct ctx *ctx)
{
    return db_engine(ctx) == DB_POSTGRES;
}
