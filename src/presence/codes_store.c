/* SPDX-License-Identifier: MIT */
/* Status codes in SQL. */
#include "presence/codes_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, code, category, label_en, label_fr, label_ar, colour, weight, is_default, position,"      \
    " archived, version"

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
