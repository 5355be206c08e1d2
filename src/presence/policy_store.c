/* SPDX-License-Identifier: MIT */
/* Presence policies in SQL. */
#include "presence/policy_store.h"

#include "db/db.h"

#define F(...) FIELD(struct policy_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(kind, "Kind of session"),           F(ways, "What counts as a check-in"),
    F(open_before_min, "Check-in opens"), F(late_after_min, "Late after"),
    F(absent_after_min, "Absent after"),  F(check_out, "Leaving is checked"),
    F(min_minutes, "Least minutes"),      F(version, "Counts the changes"),
};
#undef F
static const struct schema row_schema = SCHEMA(policy_row, row_fields);

#define SELECT                                                                                     \
    "SELECT kind, ways, open_before_min, late_after_min, absent_after_min, check_out,"             \
    " min_minutes, version FROM presence_policy"

enum err policy_row_find(struct ctx *ctx, struct str kind, struct policy_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  SELECT
                  " WHERE kind IN ($1, 'any')"
                  " ORDER BY CASE WHEN kind = 'any' THEN 1 ELSE 0 END LIMIT 1",
                  ARGS(A(kind)));
}
