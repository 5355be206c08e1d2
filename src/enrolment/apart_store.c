/* SPDX-License-Identifier: MIT */
/* Pairs of students that recognition keeps apart with more care, and the school's threshold. */
#include "enrolment/apart_store.h"

#include "db/db.h"

#define F(...) FIELD(struct apart_row, __VA_ARGS__)
static const struct field apart_fields[] = {
    F(a_student_id, "Student"),
    F(b_student_id, "The other"),
    F(reason, "Why"),
    F(times, "How often"),
    F(second_factor, "Whether a match is not enough"),
};
#undef F
static const struct schema apart_schema = SCHEMA(apart_row, apart_fields);

struct threshold_row {
    double threshold;
};
static const struct field threshold_fields[] = {
    FIELD(struct threshold_row, threshold, "Similarity asked for"),
};
static const struct schema threshold_schema = SCHEMA(threshold_row, threshold_fields);

static const struct field size_fields[] = {
    FIELD(struct apart_size, persons, "Persons"),
};
static const struct schema size_schema = SCHEMA(apart_size, size_fields);

enum err apart_fetch(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &apart_schema, ret,
                   "SELECT a_student_id, COALESCE(b_student_id, 0) AS b_student_id, reason, times,"
                   " second_factor FROM strict_pair ORDER BY id",
                   ARGS());
}

/* As db_page wants it, the key is an integer; similarities are at most 1. */
#define PLACE                                                                                      \
    "CAST(CASE WHEN p.reason = 'correction' THEN 2000000"                                          \
    " ELSE round(COALESCE(p.similarity, 0) * 1000000) END AS BIGINT)"
#define PAIRS                                                                                      \
    "SELECT p.id, p.reason, p.a_student_id, a.student_number AS a_number,"                         \
    " a.name AS a_name, p.b_student_id, b.student_number AS b_number, b.name AS b_name,"           \
    " p.similarity, " PLACE                                                                        \
    " AS place, p.times, p.second_factor,"                                                         \
    " CASE WHEN p.seen_by IS NULL THEN 0 ELSE 1 END AS seen,"                                      \
    " p.created_at AS since, p.updated_at FROM strict_pair p"                                      \
    " JOIN student a ON a.id = p.a_student_id"                                                     \
    " LEFT JOIN student b ON b.id = p.b_student_id"

enum err apart_fetch_page(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    struct db_page page = {
        .cursor = q->cursor, .limit = q->limit, .key = "place", .descending = true};
    enum err e = db_page(ctx, &apart_pair_schema, &page,
                         PAIRS " WHERE (" PLACE
                               ", p.id) < ($1, $2)"
                               " ORDER BY place DESC, p.id DESC LIMIT $3",
                         ARGS());

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err apart_fetch_pair(struct ctx *ctx, int64_t id, struct apart_pair *ret)
{
    return db_one(ctx, &apart_pair_schema, ret, PAIRS " WHERE p.id = $1", ARGS(A(id)));
}

enum err apart_update(struct ctx *ctx, const struct apart_change *in)
{
    int64_t n = 0;
    int64_t seen = !in->seen.set ? -1 : in->seen.v;
    int64_t second = !in->second_factor.set ? -1 : in->second_factor.v;
    enum err e =
        db_exec_n(ctx,
                  "UPDATE strict_pair SET seen_by = CASE CAST($2 AS BIGINT) WHEN -1 THEN"
                  " seen_by WHEN 0 THEN NULL ELSE CAST($4 AS BIGINT) END,"
                  " second_factor = CASE CAST($3 AS BIGINT) WHEN -1 THEN second_factor"
                  " WHEN 0 THEN 0 ELSE 1 END, updated_at = $5 WHERE id = $1",
                  ARGS(A(in->pair_id), A(seen), A(second), A(ctx->actor.user_id), A(ctx->now)), &n);

    return !e && n == 0 ? fail(ctx, ERR_NOT_FOUND, "there is no such pair") : e;
}

enum err apart_put_alike(struct ctx *ctx, int64_t a, int64_t b, double similarity)
{
    return db_exec(
        ctx,
        "INSERT INTO strict_pair (a_student_id, b_student_id, reason, similarity, times,"
        " created_at, updated_at)"
        " SELECT x.id, y.id, 'look_alike', CAST($3 AS DOUBLE PRECISION), 1, CAST($4 AS BIGINT),"
        " CAST($4 AS BIGINT) FROM student x JOIN student y ON y.id = $2 WHERE x.id = $1 AND"
        " (EXISTS (SELECT 1 FROM group_member m JOIN group_member n ON n.group_id = m.group_id"
        " WHERE m.student_id = x.id AND n.student_id = y.id"
        " AND (m.to_day IS NULL OR m.to_day > $4) AND (n.to_day IS NULL OR n.to_day > $4))"
        " OR EXISTS (SELECT 1 FROM strict_pair p WHERE p.a_student_id = x.id"
        " AND p.b_student_id = y.id AND p.reason = 'look_alike'))"
        " ON CONFLICT (a_student_id, b_student_id, reason) DO UPDATE"
        " SET similarity = excluded.similarity, updated_at = excluded.updated_at",
        ARGS(A(a), A(b), A(similarity), A(ctx->now)));
}

enum err apart_drop_alike(struct ctx *ctx, int64_t student_id)
{
    return db_exec(ctx,
                   "DELETE FROM strict_pair WHERE reason = 'look_alike' AND updated_at < $2 AND"
                   " (CAST($1 AS BIGINT) = 0 OR a_student_id = $1 OR b_student_id = $1)",
                   ARGS(A(student_id), A(ctx->now)));
}

enum err apart_insert_correction(struct ctx *ctx, const struct apart_correction *c, bool *ret_new)
{
    struct opt_i64 actual = {.set = c->actual_student_id != 0, .v = c->actual_student_id};
    struct opt_i64 by = {.set = ctx->actor.user_id != 0, .v = ctx->actor.user_id};
    int64_t n = 0;
    enum err e =
        db_exec_n(ctx,
                  "INSERT INTO mark_correction (event_id, student_id, actual_student_id,"
                  " by_account_id, at) VALUES ($1, $2, $3, $4, $5)"
                  " ON CONFLICT (event_id) DO NOTHING",
                  ARGS(A(c->event_id), A(c->student_id), A(actual), A(by), A(ctx->now)), &n);

    *ret_new = n > 0;
    return e;
}

enum err apart_was_corrected(struct ctx *ctx, int64_t session_id, int64_t student_id, bool *ret)
{
    int64_t n = 0;
    enum err e = db_i64(ctx,
                        "SELECT count(*) FROM mark_correction c JOIN attendance_event v"
                        " ON v.id = c.event_id WHERE v.session_id = $1 AND c.student_id = $2",
                        ARGS(A(session_id), A(student_id)), &n);

    *ret = n > 0;
    return e;
}

enum err apart_count_correction(struct ctx *ctx, int64_t a, int64_t b)
{
    struct opt_i64 other = {.set = b != 0, .v = b};
    int64_t n = 0;
    enum err e = db_exec_n(ctx,
                           "UPDATE strict_pair SET times = times + 1, seen_by = NULL,"
                           " updated_at = $3 WHERE reason = 'correction' AND a_student_id = $1"
                           " AND COALESCE(b_student_id, 0) = $2",
                           ARGS(A(a), A(b), A(ctx->now)), &n);

    if (e || n)
        return e;
    /* UNIQUE does not hold for a missing b: that student a is held does. */
    return db_exec(ctx,
                   "INSERT INTO strict_pair (a_student_id, b_student_id, reason, times,"
                   " created_at, updated_at) VALUES ($1, $2, 'correction', 1, $3, $3)",
                   ARGS(A(a), A(other), A(ctx->now)));
}

enum err apart_fetch_threshold(struct ctx *ctx, double *ret)
{
    struct threshold_row row = {0};
    enum err e = db_one(ctx, &threshold_schema, &row,
                        "SELECT threshold FROM school_threshold WHERE id = 1", ARGS());

    *ret = row.threshold;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err apart_store_threshold(struct ctx *ctx, double threshold)
{
    if (threshold <= 0)
        return db_exec(ctx, "DELETE FROM school_threshold WHERE id = 1", ARGS());
    return db_exec(ctx,
                   "INSERT INTO school_threshold (id, threshold, set_by, set_at)"
                   " VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE SET threshold ="
                   " excluded.threshold, set_by = excluded.set_by, set_at = excluded.set_at",
                   ARGS(A(threshold), A(ctx->actor.user_id), A(ctx->now)));
}

enum err apart_fetch_sizes(struct ctx *ctx, struct str model, struct list *ret)
{
    return db_list(ctx, &size_schema, ret,
                   "SELECT n AS persons FROM (SELECT m.group_id, count(DISTINCT f.student_id) AS n"
                   " FROM group_member m JOIN face_template f ON f.student_id = m.student_id"
                   " WHERE f.model = $1 AND (m.to_day IS NULL OR m.to_day > $2)"
                   " GROUP BY m.group_id) g WHERE n > 1 ORDER BY n",
                   ARGS(A(model), A(ctx->now)));
}
