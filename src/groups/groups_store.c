/* SPDX-License-Identifier: MIT */
/* Groups and memberships in SQL. */
#include "groups/groups_store.h"

#include "db/db.h"
#include "students/students.h"

#define F(...) FIELD(struct member_row, __VA_ARGS__)
static const struct field member_fields[] = {
    F(id, "Number of the membership"),
    F(group_id, "The group"),
    F(from_day, "First day"),
    F(to_day, "The day after the last"),
};
#undef F
static const struct schema member_schema = SCHEMA(member_row, member_fields);

/* Who may see a group: $1 says that the caller sees all, $2 is the caller's student row. */
#define VISIBLE                                                                                    \
    "(CAST($1 AS BIGINT) = 1 OR EXISTS (SELECT 1 FROM group_member v"                              \
    " WHERE v.group_id = g.id AND v.student_id = $2))"
#define VIEWER(c_, all_)                                                                           \
    A((all_) || (c_)->actor.role == ROLE_ADMIN || (c_)->actor.role == ROLE_TRAINER),               \
        A((c_)->actor.student_id)

/* Members at the moment $3. */
#define COLUMNS                                                                                    \
    "SELECT g.id, g.programme_id, g.code, g.name, g.name_norm, g.archived, g.version,"             \
    " (SELECT count(DISTINCT m.student_id) FROM group_member m JOIN student s"                     \
    " ON s.id = m.student_id WHERE m.group_id = g.id AND s.archived = 0 AND m.from_day <= $3"      \
    " AND (m.to_day IS NULL OR m.to_day > $3)) AS student_count"                                   \
    " FROM class_group g WHERE " VISIBLE

#define PAGE(op_, dir_)                                                                            \
    COLUMNS                                                                                        \
    " AND g.archived = $4 AND (CAST($5 AS TEXT) IS NULL OR g.name_norm LIKE $5 ESCAPE '!')"        \
    " AND (CAST($6 AS BIGINT) IS NULL OR g.programme_id = $6)"                                     \
    " AND (g.name_norm, g.id) " op_                                                                \
    " ($7, $8)"                                                                                    \
    " ORDER BY g.name_norm " dir_ ", g.id " dir_ " LIMIT $9"

static enum err get(struct ctx *ctx, int64_t id, bool all, struct group *ret)
{
    return db_one(ctx, &group_schema, ret, COLUMNS " AND g.id = $4",
                  ARGS(VIEWER(ctx, all), A(ctx->now), A(id)));
}

enum err groups_store_get(struct ctx *ctx, int64_t id, struct group *ret)
{
    return get(ctx, id, true, ret);
}

enum err groups_store_get_for(struct ctx *ctx, int64_t id, struct group *ret)
{
    return get(ctx, id, false, ret);
}

enum err groups_store_taught(struct ctx *ctx, int64_t id)
{
    int64_t found;

    return db_i64(ctx,
                  "SELECT g.id FROM class_group g WHERE g.id = $1 AND (CAST($2 AS BIGINT) = 1"
                  " OR EXISTS (SELECT 1 FROM session_group sg"
                  " JOIN session se ON se.id = sg.session_id"
                  " WHERE sg.group_id = g.id AND se.trainer_id = $3))",
                  ARGS(A(id), A(ctx->actor.role == ROLE_ADMIN), A(ctx->actor.trainer_id)), &found);
}

enum err groups_store_page(struct ctx *ctx, const struct group_filter *filter, struct opt_str like,
                           struct page *ret)
{
    struct db_page page = db_page_asked(&filter->page, "name_norm");
    enum err e =
        db_page(ctx, &group_schema, &page, page.descending ? PAGE("<", "DESC") : PAGE(">", "ASC"),
                ARGS(VIEWER(ctx, false), A(ctx->now), A(filter->page.archived), A(like),
                     A(filter->programme_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err groups_store_insert(struct ctx *ctx, const struct group *g, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO class_group (programme_id, code, name, name_norm)"
                  " VALUES ($1, $2, $3, $4) RETURNING id",
                  ARGS(A(g->programme_id), A(g->code), A(g->name), A(g->name_norm)), ret_id);
}

enum err groups_store_update(struct ctx *ctx, const struct group *g)
{
    int64_t id;

    return db_i64(ctx,
                  "UPDATE class_group SET programme_id = $3, code = $4, name = $5, name_norm = $6,"
                  " archived = $7, version = version + 1 WHERE id = $1 AND version = $2"
                  " RETURNING id",
                  ARGS(A(g->id), A(g->version), A(g->programme_id), A(g->code), A(g->name),
                       A(g->name_norm), A(g->archived)),
                  &id);
}

enum err groups_store_touch(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "UPDATE class_group SET version = version + 1 WHERE id = $1", ARGS(A(id)));
}

enum err groups_store_member(struct ctx *ctx, int64_t group_id, int64_t student_id, int64_t day,
                             struct member_row *ret)
{
    return db_one(ctx, &member_schema, ret,
                  "SELECT id, from_day, to_day FROM group_member WHERE group_id = $1"
                  " AND student_id = $2 AND (to_day IS NULL OR to_day > $3)"
                  " ORDER BY from_day DESC LIMIT 1",
                  ARGS(A(group_id), A(student_id), A(day)));
}

enum err groups_store_member_insert(struct ctx *ctx, int64_t group_id, int64_t student_id,
                                    int64_t from_day)
{
    return db_exec(ctx,
                   "INSERT INTO group_member (group_id, student_id, from_day) VALUES ($1, $2, $3)",
                   ARGS(A(group_id), A(student_id), A(from_day)));
}

enum err groups_store_member_end(struct ctx *ctx, int64_t member_id, int64_t to_day)
{
    return db_exec(ctx, "UPDATE group_member SET to_day = $2 WHERE id = $1",
                   ARGS(A(member_id), A(to_day)));
}

enum err groups_store_member_delete(struct ctx *ctx, int64_t member_id)
{
    return db_exec(ctx, "DELETE FROM group_member WHERE id = $1", ARGS(A(member_id)));
}

/* $1: the student. */
#define STAYS                                                                                      \
    "SELECT m.id, m.group_id, g.code AS group_code, g.name AS group_name, m.from_day, m.to_day"    \
    " FROM group_member m JOIN class_group g ON g.id = m.group_id WHERE m.student_id = $1"         \
    " AND (m.from_day, m.id) < ($2, $3) ORDER BY m.from_day DESC, m.id DESC LIMIT $4"

enum err groups_store_stays(struct ctx *ctx, const struct stay_filter *filter, struct page *ret)
{
    struct db_page page = {
        .cursor = filter->page.cursor,
        .limit = filter->page.limit,
        .key = "from_day",
        .descending = true,
    };
    enum err e = db_page(ctx, &stay_schema, &page, STAYS, ARGS(A(filter->student_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err groups_store_on_day(struct ctx *ctx, int64_t student_id, int64_t group_id, int64_t day,
                             struct list *ret)
{
    return db_list(ctx, &member_schema, ret,
                   "SELECT id, group_id, from_day, to_day FROM group_member WHERE student_id = $1"
                   " AND (CAST($2 AS BIGINT) = 0 OR group_id = $2)"
                   " AND from_day < CAST($3 AS BIGINT) + 86400000"
                   " AND (to_day IS NULL OR to_day > $3) ORDER BY id LIMIT 20",
                   ARGS(A(student_id), A(group_id), A(day)));
}

enum err groups_store_taken(struct ctx *ctx, int64_t group_id, int64_t other_id, int64_t since,
                            int64_t *ret)
{
    return db_i64(ctx,
                  "SELECT count(*) FROM session s WHERE s.starts_at >= $3"
                  " AND s.state IN ('open', 'closed', 'confirmed') AND EXISTS (SELECT 1"
                  " FROM session_group sg WHERE sg.session_id = s.id AND sg.group_id IN ($1, $2))",
                  ARGS(A(group_id), A(other_id), A(since)), ret);
}
