/* SPDX-License-Identifier: MIT */
/* The school's rules of liveness in SQL; kind 'any' is the rule for every other kind. */
#include "liveness/policy_store.h"

#include "db/db.h"

struct level_row {
    struct str level;
};
static const struct field level_fields[] = {
    FIELD(struct level_row, level, "Level"),
};
static const struct schema level_schema = SCHEMA(level_row, level_fields);

enum err policy_find(struct ctx *ctx, struct str way, struct str kind, struct str *ret)
{
    struct level_row row = {0};
    enum err e = db_one(ctx, &level_schema, &row,
                        "SELECT level FROM liveness_policy"
                        " WHERE way = $1 AND session_kind IN ($2, 'any')"
                        " ORDER BY CASE WHEN session_kind = 'any' THEN 1 ELSE 0 END LIMIT 1",
                        ARGS(A(way), A(kind)));

    if (!e)
        *ret = row.level;
    return e;
}

enum err policy_fetch(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &liveness_rule_schema, ret,
                   "SELECT way, NULLIF(session_kind, 'any') AS session_kind, level"
                   " FROM liveness_policy"
                   " ORDER BY way, CASE WHEN session_kind = 'any' THEN 0 ELSE 1 END, session_kind",
                   ARGS());
}

enum err policy_clear(struct ctx *ctx)
{
    return db_exec(ctx, "DELETE FROM liveness_policy", ARGS());
}

enum err policy_insert(struct ctx *ctx, const struct liveness_rule *r)
{
    struct str kind = r->session_kind.set ? r->session_kind.v : STR("any");

    return db_exec(ctx,
                   "INSERT INTO liveness_policy (way, session_kind, level, updated_at, updated_by)"
                   " VALUES ($1, $2, $3, $4, $5)",
                   ARGS(A(r->way), A(kind), A(r->level), A(ctx->now), A(ctx->actor.user_id)));
}
