/* SPDX-License-Identifier: MIT */
/* Series in SQL. Who may see one is part of each WHERE. */
#include "timetable/series_store.h"

#include "db/db.h"
#include "sessions/group_links.h"

/* $1: 1 for an admin, $2: the caller's trainer. */
#define SELECT_VISIBLE                                                                             \
    "SELECT e.id, e.module_id, m.code AS module_code, m.name AS module_name, e.trainer_id,"        \
    " a.name AS trainer_name, e.room_id, r.name AS room_name, e.kind, e.mode, e.time_zone,"        \
    " e.first_day, e.last_day, e.weekdays AS weekday_bits, e.every_weeks, e.starts_min,"           \
    " e.duration_min, e.skip_holidays, e.ended, e.version,"                                        \
    " (SELECT count(*) FROM session c WHERE c.series_id = e.id) AS sessions,"                      \
    " (SELECT count(*) FROM session c WHERE c.series_id = e.id AND c.state = 'cancelled')"         \
    " AS cancelled FROM series e JOIN module m ON m.id = e.module_id"                              \
    " JOIN trainer t ON t.id = e.trainer_id JOIN account a ON a.id = t.account_id"                 \
    " LEFT JOIN room r ON r.id = e.room_id"                                                        \
    " WHERE (CAST($1 AS BIGINT) = 1 OR e.trainer_id = $2)"

#define F(...) FIELD(struct occurrence, __VA_ARGS__)
static const struct field occurrence_fields[] = {
    F(id, "Session"),
    F(series_day, "Day"),
    F(state, "State"),
    F(detached, "Changed by itself"),
    F(starts_at, "Start"),
    F(trainer_id, "Who gives it"),
    F(planned_trainer_id, "For whom"),
};
#undef F
static const struct schema occurrence_schema = SCHEMA(occurrence, occurrence_fields);

static struct db_arg is_admin(const struct ctx *ctx)
{
    return A(ctx->actor.role == ROLE_ADMIN ? 1 : 0);
}

static void name_weekdays(struct ctx *ctx, struct series *s)
{
    static const char *const names[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};

    s->weekdays = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, COUNT(names)), 0};
    for (size_t i = 0; i < COUNT(names); i++)
        if (s->weekday_bits & (1 << i))
            s->weekdays.at[s->weekdays.n++] = str_of(names[i]);
}

/* What is not in their own row: groups, and names for the bits. */
static enum err complete(struct ctx *ctx, struct series *at, size_t n)
{
    struct group_linked *links = ARENA_NEW_N(&ctx->arena, struct group_linked, n);

    for (size_t i = 0; i < n; i++) {
        links[i] = (struct group_linked){at[i].id, &at[i].group_ids, &at[i].group_names};
        name_weekdays(ctx, &at[i]);
    }
    return group_links_read(ctx, LINK_SERIES, links, n);
}

enum err series_store_get(struct ctx *ctx, int64_t id, struct series *ret)
{
    enum err e = db_one(ctx, &series_schema, ret, SELECT_VISIBLE " AND e.id = $3",
                        ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(id)));

    e = e ? e : complete(ctx, ret, 1);
    return e ? e
             : db_list(ctx, &series_exception_schema, &ret->exceptions,
                       "SELECT day, reason FROM series_exception WHERE series_id = $1"
                       " ORDER BY day",
                       ARGS(A(id)));
}

#define PAGE_OF(op_, dir_)                                                                         \
    SELECT_VISIBLE                                                                                 \
    " AND (CAST($3 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM series_group fg"                    \
    " WHERE fg.series_id = e.id AND fg.group_id = $3))"                                            \
    " AND (CAST($4 AS BIGINT) IS NULL OR e.trainer_id = $4)"                                       \
    " AND (CAST($5 AS BIGINT) IS NULL OR e.module_id = $5)"                                        \
    " AND (CAST($6 AS BIGINT) IS NULL OR e.room_id = $6)"                                          \
    " AND (e.first_day, e.id) " op_ " ($7, $8) ORDER BY e.first_day " dir_ ", e.id " dir_          \
    " LIMIT $9"

enum err series_store_page(struct ctx *ctx, const struct series_filter *f, struct page *ret)
{
    struct db_page page = db_page_asked(&f->page, "first_day");
    enum err e = db_page(ctx, &series_schema, &page,
                         page.descending ? PAGE_OF("<", "DESC") : PAGE_OF(">", "ASC"),
                         ARGS(is_admin(ctx), A(ctx->actor.trainer_id), A(f->group_id),
                              A(f->trainer_id), A(f->module_id), A(f->room_id)));

    e = e ? e : complete(ctx, page.rows.at, page.rows.n);
    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err series_store_insert(struct ctx *ctx, const struct series *s, int64_t *ret_id)
{
    enum err e =
        db_i64(ctx,
               "INSERT INTO series (module_id, trainer_id, room_id, kind, mode, time_zone,"
               " first_day, last_day, weekdays, every_weeks, starts_min, duration_min,"
               " skip_holidays, created_at)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
               ARGS(A(s->module_id), A(s->trainer_id), A(s->room_id), A(s->kind), A(s->mode),
                    A(s->time_zone), A(s->first_day), A(s->last_day), A(s->weekday_bits),
                    A(s->every_weeks), A(s->starts_min), A(s->duration_min), A(s->skip_holidays),
                    A(ctx->now)),
               ret_id);

    return e ? e : group_links_write(ctx, LINK_SERIES, *ret_id, s->group_ids);
}

enum err series_store_change(struct ctx *ctx, const struct series *s)
{
    enum err e =
        db_exec(ctx,
                "UPDATE series SET module_id = $2, trainer_id = $3, room_id = $4, kind = $5,"
                " mode = $6, time_zone = $7, first_day = $8, last_day = $9, weekdays = $10,"
                " every_weeks = $11, starts_min = $12, duration_min = $13, skip_holidays = $14,"
                " ended = $15, version = version + 1 WHERE id = $1",
                ARGS(A(s->id), A(s->module_id), A(s->trainer_id), A(s->room_id), A(s->kind),
                     A(s->mode), A(s->time_zone), A(s->first_day), A(s->last_day),
                     A(s->weekday_bits), A(s->every_weeks), A(s->starts_min), A(s->duration_min),
                     A(s->skip_holidays), A(s->ended)));

    return e ? e : group_links_write(ctx, LINK_SERIES, s->id, s->group_ids);
}

enum err series_store_lock(struct ctx *ctx, int64_t id, struct opt_i64 version, int64_t *ret_n)
{
    return db_exec_n(ctx,
                     "UPDATE series SET version = version WHERE id = $1"
                     " AND (CAST($2 AS BIGINT) IS NULL OR version = $2)",
                     ARGS(A(id), A(version)), ret_n);
}

enum err series_store_touch(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx, "UPDATE series SET version = version + 1 WHERE id = $1", ARGS(A(id)));
}

enum err series_store_except(struct ctx *ctx, int64_t id, struct str day, struct str reason)
{
    return db_exec(ctx,
                   "INSERT INTO series_exception (series_id, day, reason) VALUES ($1, $2, $3)"
                   " ON CONFLICT (series_id, day) DO UPDATE SET reason = $3",
                   ARGS(A(id), A(day), A(reason)));
}

enum err series_store_include(struct ctx *ctx, int64_t id, struct str day, int64_t *ret_n)
{
    return db_exec_n(ctx, "DELETE FROM series_exception WHERE series_id = $1 AND day = $2",
                     ARGS(A(id), A(day)), ret_n);
}

enum err series_store_occurrences(struct ctx *ctx, int64_t id, struct str day, struct list *ret)
{
    return db_list(ctx, &occurrence_schema, ret,
                   "SELECT id, series_day, state, detached, starts_at, trainer_id,"
                   " planned_trainer_id FROM session"
                   " WHERE series_id = $1 AND series_day >= $2 ORDER BY series_day",
                   ARGS(A(id), A(day)));
}

enum err series_store_hand_over(struct ctx *ctx, int64_t id, int64_t to, struct str day)
{
    enum err e = db_exec(ctx,
                         "UPDATE session SET series_id = $2 WHERE series_id = $1"
                         " AND series_day >= $3",
                         ARGS(A(id), A(to), A(day)));

    return e ? e
             : db_exec(ctx,
                       "UPDATE series_exception SET series_id = $2 WHERE series_id = $1"
                       " AND day >= $3",
                       ARGS(A(id), A(to), A(day)));
}
