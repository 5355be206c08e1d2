/* SPDX-License-Identifier: MIT */
/* Master keys by name, and the students' keys that they wrapped. */
#include "enrolment/keyring_store.h"

#include "db/db.h"

#define F(...) FIELD(struct wrapped_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Student or document"),
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
        "SELECT student_id AS id, '' AS context, master_key_id, wrapped FROM student_key"
        " WHERE master_key_id <> $1 AND student_id > $2 ORDER BY student_id LIMIT $3",
        "UPDATE student_key SET master_key_id = $1, wrapped = $2"
        " WHERE student_id = $3 AND master_key_id = $4 AND wrapped = $5",
    },
    {
        "SELECT id, file AS context, master_key_id, wrapped FROM justification_document"
        " WHERE master_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3",
        "UPDATE justification_document SET master_key_id = $1, wrapped = $2"
        " WHERE id = $3 AND master_key_id = $4 AND wrapped = $5",
    },
    {
        "SELECT id, handle AS context, master_key_id, wrapped FROM offline_client"
        " WHERE master_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3",
        "UPDATE offline_client SET master_key_id = $1, wrapped = $2"
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

enum err keyring_count_foreign(struct ctx *ctx, struct strs masters, int64_t *ret)
{
    struct str id[4] = {STR(""), STR(""), STR(""), STR("")};

    for (size_t i = 0; i < masters.n && i < COUNT(id); i++)
        id[i] = masters.at[i];
    return db_i64(ctx,
                  "SELECT (SELECT count(*) FROM student_key"
                  " WHERE master_key_id NOT IN ($1, $2, $3, $4))"
                  " + (SELECT count(*) FROM justification_document"
                  " WHERE master_key_id NOT IN ($1, $2, $3, $4))"
                  " + (SELECT count(*) FROM offline_client"
                  " WHERE master_key_id NOT IN ($1, $2, $3, $4))",
                  ARGS(A(id[0]), A(id[1]), A(id[2]), A(id[3])), ret);
}

enum err keyring_count(struct ctx *ctx, int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT (SELECT count(*) FROM student_key)"
                  " + (SELECT count(*) FROM justification_document)"
                  " + (SELECT count(*) FROM offline_client WHERE master_key_id IS NOT NULL)",
                  ARGS(), ret);
}
