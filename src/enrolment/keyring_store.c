/* SPDX-License-Identifier: MIT */
/* Master keys by name, and the keys that they wrapped. */
#include "enrolment/keyring_store.h"

#include "db/db.h"

#define F(...) FIELD(struct wrapped_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Student, document, client, class photo"),
    F(owner, "Whom it is bound to"),
    F(context, "What it is bound to"),
    F(master_key_id, "Master key"),
    F(wrapped, "Wrapped key"),
};
#undef F
static const struct schema row_schema = SCHEMA(wrapped_row, row_fields);

enum err keyring_claim(struct ctx *ctx, struct str master, bool *ret_good)
{
    int64_t n = 0;
    enum err e = db_exec_n(ctx,
                           "INSERT INTO master_key (id, wrapped, created_at) VALUES ($1, 1, $2)"
                           " ON CONFLICT (id) DO UPDATE SET wrapped = master_key.wrapped + 1"
                           " WHERE master_key.retired_at IS NULL",
                           ARGS(A(master), A(ctx->now)), &n);

    *ret_good = n > 0;
    return e;
}

enum err keyring_retire(struct ctx *ctx, struct str master)
{
    return db_exec(ctx,
                   "INSERT INTO master_key (id, created_at, retired_at) VALUES ($1, $2, $2)"
                   " ON CONFLICT (id) DO UPDATE SET retired_at = $2",
                   ARGS(A(master), A(ctx->now)));
}

enum err keyring_use(struct ctx *ctx, struct str master)
{
    return db_exec(ctx,
                   "INSERT INTO master_key (id, created_at) VALUES ($1, $2)"
                   " ON CONFLICT (id) DO UPDATE SET retired_at = NULL",
                   ARGS(A(master), A(ctx->now)));
}

/* One row for each enum keyring_kind. */
static const struct {
    const char *fetch, *rewrap;
} kinds[] = {
    {
        "SELECT student_id AS id, student_id AS owner, '' AS context, master_key_id, wrapped"
        " FROM student_key"
        " WHERE master_key_id <> $1 AND student_id > $2 ORDER BY student_id LIMIT $3",
        "UPDATE student_key SET master_key_id = $1, wrapped = $2"
        " WHERE student_id = $3 AND master_key_id = $4 AND wrapped = $5",
    },
    {
        "SELECT id, 0 AS owner, file AS context, master_key_id, wrapped"
        " FROM justification_document"
        " WHERE master_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3",
        "UPDATE justification_document SET master_key_id = $1, wrapped = $2"
        " WHERE id = $3 AND master_key_id = $4 AND wrapped = $5",
    },
    {
        "SELECT id, 0 AS owner, handle AS context, master_key_id, wrapped FROM offline_client"
        " WHERE master_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3",
        "UPDATE offline_client SET master_key_id = $1, wrapped = $2"
        " WHERE id = $3 AND master_key_id = $4 AND wrapped = $5",
    },
    {
        /* A session's number below zero is no student's. */
        "SELECT id, -session_id AS owner, '' AS context, master_key_id, wrapped FROM class_photo"
        " WHERE master_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3",
        "UPDATE class_photo SET master_key_id = $1, wrapped = $2"
        " WHERE id = $3 AND master_key_id = $4 AND wrapped = $5",
    },
};

enum err keyring_fetch(struct ctx *ctx, struct str master, const struct keyring_range *range,
                       struct list *ret)
{
    return db_list(ctx, &row_schema, ret, kinds[range->kind].fetch,
                   ARGS(A(master), A(range->after), A(range->limit)));
}

enum err keyring_rewrap(struct ctx *ctx, enum keyring_kind kind, const struct wrapped_row *row,
                        struct str master, struct str wrapped)
{
    return db_exec(ctx, kinds[kind].rewrap,
                   ARGS(A(master), db_blob(wrapped), A(row->id), A(row->master_key_id),
                        db_blob(row->wrapped)));
}

#define F(...) FIELD(struct keyring_count, __VA_ARGS__)
static const struct field count_fields[] = {
    F(kind, "What they are of"),
    F(keys, "All"),
    F(current, "By the first key"),
    F(waiting, "By another one that opens"),
};
#undef F
static const struct schema count_schema = SCHEMA(keyring_count, count_fields);

#define COUNTS                                                                                     \
    "count(master_key_id) AS keys,"                                                                \
    " coalesce(sum(CASE WHEN master_key_id = $1 THEN 1 ELSE 0 END), 0) AS current,"                \
    " coalesce(sum(CASE WHEN master_key_id IN ($2, $3, $4) AND master_key_id <> $1"                \
    " THEN 1 ELSE 0 END), 0) AS waiting"

enum err keyring_counts(struct ctx *ctx, struct strs masters, struct list *ret)
{
    struct str id[4] = {STR(""), STR(""), STR(""), STR("")};

    for (size_t i = 0; i < masters.n && i < COUNT(id); i++)
        id[i] = masters.at[i];
    return db_list(ctx, &count_schema, ret,
                   "SELECT kind, keys, current, waiting FROM ("
                   "SELECT 0 AS place, 'students' AS kind, " COUNTS
                   " FROM student_key"
                   " UNION ALL SELECT 1, 'documents', " COUNTS
                   " FROM justification_document"
                   " UNION ALL SELECT 2, 'offline_clients', " COUNTS
                   " FROM offline_client"
                   " UNION ALL SELECT 3, 'class_photos', " COUNTS
                   " FROM class_photo"
                   ") AS c ORDER BY place",
                   ARGS(A(id[0]), A(id[1]), A(id[2]), A(id[3])));
}
