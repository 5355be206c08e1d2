/* SPDX-License-Identifier: MIT */
/* One small table. */
#include "justifications/reasons_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, code, label_en, label_fr, label_ar, needs_document, status_code, position, archived,"     \
    " version"

enum err reasons_store_page(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    struct db_page page = db_page_asked(q, "position");
    enum err e = db_page(ctx, &absence_reason_schema, &page,
                         "SELECT " COLUMNS
                         " FROM absence_reason WHERE archived = $1"
                         " AND (position, id) > ($2, $3) ORDER BY position, id LIMIT $4",
                         ARGS(A(q->archived)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err reasons_store_get(struct ctx *ctx, int64_t id, struct absence_reason *ret)
{
    return db_one(ctx, &absence_reason_schema, ret,
                  "SELECT " COLUMNS " FROM absence_reason WHERE id = $1", ARGS(A(id)));
}

enum err reasons_store_insert(struct ctx *ctx, const struct absence_reason *r,
                              struct absence_reason *ret)
{
    return db_one(ctx, &absence_reason_schema, ret,
                  "INSERT INTO absence_reason (code, label_en, label_fr, label_ar, needs_document,"
                  " status_code, position) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING " COLUMNS,
                  ARGS(A(r->code), A(r->label_en), A(r->label_fr), A(r->label_ar),
                       A(r->needs_document), A(r->status_code), A(r->position)));
}

enum err reasons_store_update(struct ctx *ctx, const struct absence_reason *r,
                              struct absence_reason *ret)
{
    return db_one(ctx, &absence_reason_schema, ret,
                  "UPDATE absence_reason SET code = $3, label_en = $4, label_fr = $5,"
                  " label_ar = $6, needs_document = $7, status_code = $8, position = $9,"
                  " archived = $10, version = version + 1"
                  " WHERE id = $1 AND version = $2 RETURNING " COLUMNS,
                  ARGS(A(r->id), A(r->version), A(r->code), A(r->label_en), A(r->label_fr),
                       A(r->label_ar), A(r->needs_document), A(r->status_code), A(r->position),
                       A(r->archived)));
}
