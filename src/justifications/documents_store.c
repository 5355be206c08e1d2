/* SPDX-License-Identifier: MIT */
/* Rows of papers; the bytes are in files. */
#include "justifications/documents_store.h"

#include "db/db.h"
#include "enrolment/sealing.h"

#define F(...) FIELD(struct document_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),
    F(justification_id, "Justification"),
    F(file, "File"),
    F(wrapped, "Wrapped key"),
};
#undef F
static const struct schema row_schema = SCHEMA(document_row, row_fields);

#define SHOWN                                                                                      \
    "SELECT d.id, d.name, d.media_type, d.size_bytes, d.uploaded_by, a.name AS uploaded_by_name,"  \
    " d.uploaded_at FROM justification_document d JOIN account a ON a.id = d.uploaded_by"

enum err documents_store_list(struct ctx *ctx, int64_t justification_id, struct list *ret)
{
    return db_list(ctx, &justification_document_schema, ret,
                   SHOWN " WHERE d.justification_id = $1 ORDER BY d.id", ARGS(A(justification_id)));
}

enum err documents_store_get(struct ctx *ctx, int64_t justification_id, int64_t id,
                             struct justification_document *ret, struct document_row *ret_row)
{
    enum err e = db_one(ctx, &justification_document_schema, ret,
                        SHOWN " WHERE d.justification_id = $1 AND d.id = $2",
                        ARGS(A(justification_id), A(id)));

    return e ? e
             : db_one(ctx, &row_schema, ret_row,
                      "SELECT id, justification_id, file, wrapped FROM justification_document"
                      " WHERE id = $1",
                      ARGS(A(id)));
}

enum err documents_store_since(struct ctx *ctx, int64_t student_id, int64_t since, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM justification j JOIN justification_document d"
                  " ON d.justification_id = j.id WHERE j.student_id = $1 AND d.uploaded_at > $2",
                  ARGS(A(student_id), A(since)), ret);
}

enum err documents_store_insert(struct ctx *ctx, int64_t justification_id, struct str file,
                                const struct sealed_key *key,
                                const struct justification_document *d, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO justification_document (justification_id, file, name, media_type,"
                  " size_bytes, master_key_id, wrapped, uploaded_by, uploaded_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
                  ARGS(A(justification_id), A(file), A(d->name), A(d->media_type), A(d->size_bytes),
                       A(key->master_key_id), db_blob(key->wrapped), A(ctx->actor.user_id),
                       A(ctx->now)),
                  ret_id);
}

enum err documents_store_delete(struct ctx *ctx, int64_t id, bool forgotten)
{
    enum err e = ERR_OK;

    if (forgotten)
        e = db_exec(ctx,
                    "UPDATE justification SET forgotten = forgotten + 1 WHERE id ="
                    " (SELECT justification_id FROM justification_document WHERE id = $1)",
                    ARGS(A(id)));
    return e ? e : db_exec(ctx, "DELETE FROM justification_document WHERE id = $1", ARGS(A(id)));
}

/* Papers of what was decided, or withdrawn, before $1. */
#define OLD                                                                                        \
    " FROM justification_document d JOIN justification j ON j.id = d.justification_id"             \
    " WHERE j.state IN ('approved', 'rejected', 'withdrawn', 'revoked')"                           \
    " AND CASE WHEN j.state = 'withdrawn' OR j.decided_at IS NULL THEN j.updated_at"               \
    " ELSE j.decided_at END < $1"

struct due {
    struct opt_i64 oldest;
    int64_t due;
};
static const struct field due_fields[] = {
    FIELD(struct due, oldest, "Oldest"),
    FIELD(struct due, due, "How many"),
};
static const struct schema due_schema = SCHEMA(due, due_fields);

enum err documents_store_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                             int64_t *ret_due)
{
    struct due out = {0};
    enum err e = db_one(ctx, &due_schema, &out,
                        "SELECT (SELECT min(uploaded_at) FROM justification_document) AS oldest,"
                        " (SELECT count(*)" OLD ") AS due",
                        ARGS(A(before)));

    if (!e) {
        *ret_oldest = out.oldest;
        *ret_due = out.due;
    }
    return e;
}

enum err documents_store_old(struct ctx *ctx, int64_t before, int64_t limit, struct list *ret)
{
    return db_list(ctx, &row_schema, ret,
                   "SELECT d.id, d.justification_id, d.file" OLD " ORDER BY d.id LIMIT $2",
                   ARGS(A(before), A(limit)));
}

enum err documents_store_files(struct ctx *ctx, struct str from, struct str to, struct list *ret)
{
    return db_list(ctx, &row_schema, ret,
                   "SELECT id, file FROM justification_document WHERE file >= $1"
                   " AND file < $2 ORDER BY file",
                   ARGS(A(from), A(to)));
}
