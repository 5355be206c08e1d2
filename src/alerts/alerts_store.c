/* SPDX-License-Identifier: MIT */
/* Alerts in SQL. Who may see one is part of the WHERE. */
#include "alerts/alerts_store.h"

#include "db/db.h"

static const struct field id_fields[] = {FIELD(struct id_row, id, "Id")};
static const struct schema id_schema = SCHEMA(id_row, id_fields);

#define F(...) FIELD(struct lesson_row, __VA_ARGS__)
static const struct field lesson_fields[] = {
    F(starts_at, "Start"),
    F(weight, "Weight"),
    F(status, "Status"),
};
#undef F
static const struct schema lesson_schema = SCHEMA(lesson_row, lesson_fields);

#define F(...) FIELD(struct teacher_row, __VA_ARGS__)
static const struct field teacher_fields[] = {F(trainer_id, "Trainer"), F(user_id, "Account")};
#undef F
static const struct schema teacher_schema = SCHEMA(teacher_row, teacher_fields);

#define SELECT_ALERT                                                                               \
    "SELECT a.id, a.student_id, st.student_number, st.name AS student_name, a.kind, a.level,"      \
    " a.subject, a.counted, a.absences, a.share, a.weekday, a.since_at, a.latest_at, a.state,"     \
    " a.owner_id, o.name AS owner_name, a.trainer_id, a.opened_at, a.updated_at, a.closed_at,"     \
    " a.recovered, a.version"                                                                      \
    " FROM alert a LEFT JOIN student st ON st.id = a.student_id"                                   \
    " LEFT JOIN account o ON o.id = a.owner_id"

/* $1: 1 for an admin, $2: the caller's account, $3: the caller's trainer. */
#define VISIBLE                                                                                    \
    "(CAST($1 AS BIGINT) = 1 OR a.owner_id = $2 OR EXISTS (SELECT 1 FROM attendance_record vr"     \
    " JOIN session vs ON vs.id = vr.session_id"                                                    \
    " WHERE vr.student_id = a.student_id AND vs.trainer_id = $3))"
#define VIEWER(c_)                                                                                 \
    A((c_)->actor.role == ROLE_ADMIN ? 1 : 0), A((c_)->actor.user_id), A((c_)->actor.trainer_id)

enum err alerts_fetch_page(struct ctx *ctx, const struct alert_filter *f, struct page *ret)
{
    struct db_page page = {
        .cursor = f->page.cursor,
        .limit = f->page.limit,
        .key = "opened_at",
        .descending = true,
    };
    enum err e = db_page(ctx, &alert_schema, &page,
                         SELECT_ALERT
                         " WHERE " VISIBLE
                         " AND (CAST($4 AS TEXT) IS NULL OR a.state = $4)"
                         " AND (CAST($5 AS TEXT) IS NULL OR a.kind = $5)"
                         " AND (CAST($6 AS TEXT) IS NULL OR a.level = $6)"
                         " AND (CAST($7 AS BIGINT) IS NULL OR a.owner_id = $7)"
                         " AND (CAST($8 AS BIGINT) IS NULL OR a.student_id = $8)"
                         " AND (CAST($9 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM group_member f"
                         " WHERE f.group_id = $9 AND f.student_id = a.student_id"
                         " AND f.from_day <= $10 AND (f.to_day IS NULL OR f.to_day > $10)))"
                         " AND (a.opened_at, a.id) < ($11, $12)"
                         " ORDER BY a.opened_at DESC, a.id DESC LIMIT $13",
                         ARGS(VIEWER(ctx), A(f->state), A(f->kind), A(f->level), A(f->owner_id),
                              A(f->student_id), A(f->group_id), A(ctx->now)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err alerts_fetch(struct ctx *ctx, int64_t id, struct alert *ret)
{
    return db_one(ctx, &alert_schema, ret, SELECT_ALERT " WHERE " VISIBLE " AND a.id = $4",
                  ARGS(VIEWER(ctx), A(id)));
}

enum err alerts_fetch_any(struct ctx *ctx, int64_t id, struct alert *ret)
{
    return db_one(ctx, &alert_schema, ret, SELECT_ALERT " WHERE a.id = $1", ARGS(A(id)));
}

enum err alerts_fetch_steps(struct ctx *ctx, int64_t id, struct list *ret)
{
    return db_list(ctx, &alert_step_schema, ret,
                   "SELECT s.id, s.at, s.by_account_id AS by_user_id, b.name AS by_name, s.change,"
                   " s.level, s.owner_id, o.name AS owner_name, s.counted, s.absences, s.message"
                   " FROM alert_step s LEFT JOIN account b ON b.id = s.by_account_id"
                   " LEFT JOIN account o ON o.id = s.owner_id"
                   " WHERE s.alert_id = $1 ORDER BY s.id LIMIT 1000",
                   ARGS(A(id)));
}

enum err alerts_check_owner(struct ctx *ctx, int64_t account_id, int64_t student_id)
{
    int64_t id;

    return db_i64(ctx,
                  "SELECT o.id FROM account o LEFT JOIN trainer t ON t.account_id = o.id"
                  " WHERE o.id = $1 AND o.active = 1 AND o.archived = 0 AND (o.role = 'admin'"
                  " OR EXISTS (SELECT 1 FROM attendance_record r JOIN session s"
                  " ON s.id = r.session_id WHERE r.student_id = $2 AND s.trainer_id = t.id))",
                  ARGS(A(account_id), A(student_id)), &id);
}

enum err alerts_store(struct ctx *ctx, const struct alert *a)
{
    int64_t id;

    return db_i64(ctx,
                  "UPDATE alert SET level = $3, counted = $4, absences = $5, share = $6,"
                  " since_at = $7, latest_at = $8, state = $9, owner_id = $10, updated_at = $11,"
                  " closed_at = $12, recovered = $13, version = version + 1"
                  " WHERE id = $1 AND version = $2 RETURNING id",
                  ARGS(A(a->id), A(a->version), A(a->level), A(a->counted), A(a->absences),
                       A(a->share), A(a->since_at), A(a->latest_at), A(a->state), A(a->owner_id),
                       A(ctx->now), A(a->closed_at), A(a->recovered)),
                  &id);
}

enum err alerts_store_figures(struct ctx *ctx, const struct alert *a)
{
    return db_exec(ctx,
                   "UPDATE alert SET counted = $2, absences = $3, share = $4, since_at = $5,"
                   " latest_at = $6 WHERE id = $1",
                   ARGS(A(a->id), A(a->counted), A(a->absences), A(a->share), A(a->since_at),
                        A(a->latest_at)));
}

enum err alerts_insert(struct ctx *ctx, const struct alert *a, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO alert (student_id, kind, level, subject, counted, absences, share,"
                  " weekday, since_at, latest_at, owner_id, trainer_id, opened_at, updated_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)"
                  " RETURNING id",
                  ARGS(A(a->student_id), A(a->kind), A(a->level), A(a->subject), A(a->counted),
                       A(a->absences), A(a->share), A(a->weekday), A(a->since_at), A(a->latest_at),
                       A(a->owner_id), A(a->trainer_id), A(ctx->now)),
                  ret_id);
}

enum err alerts_insert_step(struct ctx *ctx, const struct alert *a, int64_t by, const char *change,
                            struct str message)
{
    struct opt_i64 who = {.set = by != 0, .v = by};

    return db_exec(ctx,
                   "INSERT INTO alert_step (alert_id, at, by_account_id, change, level, owner_id,"
                   " counted, absences, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   ARGS(A(a->id), A(ctx->now), A(who), A(str_of(change)), A(a->level),
                        A(a->owner_id), A(a->counted), A(a->absences), A(message)));
}

/* So far back events are looked at twice. */
static int64_t mark_behind(const struct mark_step *s, int64_t before, int64_t to)
{
    int64_t floor = s->more ? before : s->began_at;
    int64_t window = to - 5 * s->at_most;

    return window > floor ? window : floor;
}

enum err alerts_move_mark(struct ctx *ctx, struct mark_step *s)
{
    int64_t before = 0;
    int64_t last = 0;
    int64_t newest = 0;
    int64_t since;
    int64_t to;
    enum err e = db_i64(ctx,
                        "UPDATE alert_mark SET last_id = last_id WHERE id = 1"
                        " RETURNING before_id",
                        ARGS(), &before);

    e = e ? e : db_i64(ctx, "SELECT last_id FROM alert_mark WHERE id = 1", ARGS(), &last);
    e = e ? e : db_i64(ctx, "SELECT coalesce(max(id), 0) FROM attendance_event", ARGS(), &newest);
    if (e)
        return e;
    if (s->first)
        s->began_at = last;
    since = s->first ? before : last;
    to = newest - last > s->at_most ? last + s->at_most : newest;
    s->more = to < newest;
    if (to == since)
        return ERR_OK;
    e = db_exec(ctx,
                "INSERT INTO alert_due (student_id, since)"
                " SELECT DISTINCT e.student_id, CAST($3 AS BIGINT) FROM attendance_event e"
                " WHERE e.id > $1 AND e.id <= $2 AND e.student_id IS NOT NULL"
                " ON CONFLICT (student_id) DO NOTHING",
                ARGS(A(since), A(to), A(ctx->now)));
    return e ? e
             : db_exec(ctx, "UPDATE alert_mark SET before_id = $1, last_id = $2 WHERE id = 1",
                       ARGS(A(mark_behind(s, before, to)), A(to)));
}

enum err alerts_all_due(struct ctx *ctx)
{
    return db_exec(ctx,
                   "INSERT INTO alert_due (student_id, since)"
                   " SELECT s.id, CAST($1 AS BIGINT) FROM student s WHERE s.archived = 0"
                   " ON CONFLICT (student_id) DO NOTHING",
                   ARGS(A(ctx->now)));
}

enum err alerts_fetch_due(struct ctx *ctx, int64_t limit, struct list *ret)
{
    return db_list(ctx, &id_schema, ret,
                   "SELECT student_id AS id FROM alert_due ORDER BY student_id LIMIT $1",
                   ARGS(A(limit)));
}

enum err alerts_drop_due(struct ctx *ctx, int64_t student_id)
{
    return db_exec(ctx, "DELETE FROM alert_due WHERE student_id = $1", ARGS(A(student_id)));
}

enum err alerts_fetch_lessons(struct ctx *ctx, int64_t student_id, int64_t from, struct list *ret)
{
    return db_list(ctx, &lesson_schema, ret,
                   "SELECT s.starts_at, r.weight, r.status FROM attendance_record r"
                   " JOIN session s ON s.id = r.session_id WHERE r.student_id = $1"
                   " AND s.starts_at >= $2 AND s.state <> 'cancelled' AND r.status <> 'unmarked'"
                   " ORDER BY s.starts_at, s.id LIMIT 20000",
                   ARGS(A(student_id), A(from)));
}

enum err alerts_fetch_of(struct ctx *ctx, int64_t student_id, int64_t from, struct list *ret)
{
    return db_list(ctx, &alert_schema, ret,
                   SELECT_ALERT
                   " WHERE a.student_id = $1"
                   " AND (a.state <> 'closed' OR a.closed_at >= $2)"
                   " ORDER BY a.opened_at DESC, a.id DESC LIMIT 500",
                   ARGS(A(student_id), A(from)));
}

enum err alerts_fetch_teacher(struct ctx *ctx, int64_t student_id, int64_t from,
                              struct teacher_row *ret)
{
    return db_one(ctx, &teacher_schema, ret,
                  "SELECT t.id AS trainer_id, t.account_id AS user_id FROM attendance_record r"
                  " JOIN session s ON s.id = r.session_id JOIN trainer t ON t.id = s.trainer_id"
                  " WHERE r.student_id = $1 AND s.starts_at >= $2"
                  " GROUP BY t.id, t.account_id ORDER BY count(*) DESC, t.id LIMIT 1",
                  ARGS(A(student_id), A(from)));
}
