/* SPDX-License-Identifier: MIT */
/* Registers that were not taken, and hand-overs, in SQL. */
#include "registers/registers_store.h"

#include "db/db.h"

enum { MINUTE_MS = 60 * 1000 };

/* Sessions s that lack a register; $1: now, $2: the trainer's only, $3 and $4: span of starts. The
 * first words are those of the index session_unfinished: most sessions of a school are past. */
#define LACKING                                                                                    \
    " s.state IN ('scheduled', 'open') AND s.starts_at < $1 AND (s.ends_at <= $1"                  \
    " OR (s.state = 'scheduled' AND s.starts_at <= CAST($1 AS BIGINT) - 1800000))"                 \
    " AND (CAST($2 AS BIGINT) IS NULL OR s.trainer_id = $2)"                                       \
    " AND (CAST($3 AS BIGINT) IS NULL OR s.starts_at >= $3)"                                       \
    " AND (CAST($4 AS BIGINT) IS NULL OR s.starts_at < $4) "
_Static_assert(REGISTER_LATE_MIN *MINUTE_MS == 1800000, "LACKING says so too");

struct group_row {
    int64_t session_id;
    struct str name;
};
static const struct field group_fields[] = {
    FIELD(struct group_row, session_id, "Session"),
    FIELD(struct group_row, name, "Group"),
};
static const struct schema group_schema = SCHEMA(group_row, group_fields);

static void take_groups(struct ctx *ctx, struct register_due *d, const struct list *rows)
{
    const struct group_row *r = rows->at;
    size_t n = 0;

    for (size_t i = 0; i < rows->n; i++)
        n += r[i].session_id == d->id;
    d->group_names = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, n), 0};
    for (size_t i = 0; i < rows->n; i++)
        if (r[i].session_id == d->id)
            d->group_names.at[d->group_names.n++] = r[i].name;
}

/* The rows are in the order of their starts, so their groups are those of the span they cover. */
static enum err fill_groups(struct ctx *ctx, struct opt_i64 trainer, struct list *due)
{
    struct register_due *all = due->at;
    struct list rows = {0};
    enum err e;

    if (!due->n)
        return ERR_OK;
    e = db_list(
        ctx, &group_schema, &rows,
        "SELECT sg.session_id, g.name FROM session s"
        " JOIN session_group sg ON sg.session_id = s.id"
        " JOIN class_group g ON g.id = sg.group_id WHERE" LACKING "ORDER BY g.name_norm, g.id",
        ARGS(A(ctx->now), A(trainer), A(all[0].starts_at), A(all[due->n - 1].starts_at + 1)));
    for (size_t i = 0; !e && i < due->n; i++)
        take_groups(ctx, &all[i], &rows);
    return e;
}

enum err registers_fetch_due(struct ctx *ctx, const struct register_due_filter *filter,
                             struct page *ret)
{
    struct opt_i64 trainer = filter->trainer_id;
    struct db_page page = {
        .cursor = filter->page.cursor, .limit = filter->page.limit, .key = "starts_at"};
    enum err e;

    if (ctx->actor.role != ROLE_ADMIN)
        trainer = (struct opt_i64){.set = true, .v = ctx->actor.trainer_id};
    e = db_page(ctx, &register_due_schema, &page,
                "SELECT s.id, m.code AS module_code, m.name AS module_name, s.trainer_id,"
                " a.name AS trainer_name, ro.name AS room_name, s.starts_at, s.ends_at,"
                " s.time_zone, s.kind, s.state,"
                " CASE WHEN s.state = 'scheduled' THEN 'opening' ELSE 'closing' END AS missing,"
                " (SELECT count(DISTINCT st.id) FROM session_group sg JOIN group_member gm"
                " ON gm.group_id = sg.group_id JOIN student st ON st.id = gm.student_id"
                " WHERE sg.session_id = s.id AND st.archived = 0 AND gm.from_day <= s.starts_at"
                " AND (gm.to_day IS NULL OR gm.to_day > s.starts_at)) AS expected,"
                " (SELECT count(*) FROM attendance_record r WHERE r.session_id = s.id"
                " AND r.status <> 'unmarked') AS marked,"
                " ($1 - CASE WHEN s.ends_at <= $1 THEN s.ends_at ELSE s.starts_at END) / 60000"
                " AS minutes_overdue"
                " FROM session s JOIN module m ON m.id = s.module_id"
                " JOIN trainer t ON t.id = s.trainer_id JOIN account a ON a.id = t.account_id"
                " LEFT JOIN room ro ON ro.id = s.room_id WHERE" LACKING
                "AND (s.starts_at, s.id) > ($5, $6) ORDER BY s.starts_at, s.id LIMIT $7",
                ARGS(A(ctx->now), A(trainer), A(filter->from), A(filter->to)));
    e = e ? e : fill_groups(ctx, trainer, &page.rows);
    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

#define F(...) FIELD(struct untold_row, __VA_ARGS__)
static const struct field untold_fields[] = {
    F(session_id, "Session"), F(trainer_id, "Trainer"), F(starts_at, "Start"),
    F(ends_at, "End"),        F(module_name, "Module"), F(state, "State"),
};
#undef F
static const struct schema untold_schema = SCHEMA(untold_row, untold_fields);

enum err registers_fetch_untold(struct ctx *ctx, const char *who, int64_t after, int64_t before,
                                struct list *ret)
{
    /* A session lasts a day at most: so the index by start serves. */
    return db_list(ctx, &untold_schema, ret,
                   "SELECT s.id AS session_id, s.trainer_id, s.starts_at, s.ends_at,"
                   " m.name AS module_name, s.state FROM session s"
                   " JOIN module m ON m.id = s.module_id"
                   " WHERE s.starts_at > CAST($2 AS BIGINT) - 86400000 AND s.starts_at < $3"
                   " AND s.ends_at > $2 AND s.ends_at <= $3 AND s.state IN ('scheduled', 'open')"
                   " AND NOT EXISTS (SELECT 1 FROM register_told w WHERE w.session_id = s.id"
                   " AND w.who = $1) ORDER BY s.starts_at, s.id LIMIT 500",
                   ARGS(A(str_of(who)), A(after), A(before)));
}

enum err registers_store_told(struct ctx *ctx, int64_t session_id, const char *who)
{
    int64_t at;

    return db_i64(ctx,
                  "INSERT INTO register_told (session_id, who, at) VALUES ($1, $2, $3)"
                  " ON CONFLICT (session_id, who) DO NOTHING RETURNING at",
                  ARGS(A(session_id), A(str_of(who)), A(ctx->now)), &at);
}

enum err registers_insert_hand_over(struct ctx *ctx, const struct hand_over *h, int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO hand_over (session_id, from_trainer_id, to_trainer_id, reason,"
                  " by_account_id, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                  ARGS(A(h->session_id), A(h->from_trainer_id), A(h->to_trainer_id), A(h->reason),
                       A(ctx->actor.user_id), A(ctx->now)),
                  ret_id);
}

#define HAND_OVERS                                                                                 \
    "SELECT h.id, h.session_id, h.from_trainer_id, h.to_trainer_id, fa.name AS from_trainer_name," \
    " ta.name AS to_trainer_name, h.reason, h.by_account_id AS by_user_id, ba.name AS by_name,"    \
    " h.at FROM hand_over h JOIN trainer f ON f.id = h.from_trainer_id"                            \
    " JOIN account fa ON fa.id = f.account_id JOIN trainer t ON t.id = h.to_trainer_id"            \
    " JOIN account ta ON ta.id = t.account_id JOIN account ba ON ba.id = h.by_account_id"

enum err registers_fetch_hand_over(struct ctx *ctx, int64_t id, struct hand_over *ret)
{
    return db_one(ctx, &hand_over_schema, ret, HAND_OVERS " WHERE h.id = $1", ARGS(A(id)));
}

enum err registers_fetch_hand_overs(struct ctx *ctx, int64_t session_id,
                                    const struct page_query *query, struct page *ret)
{
    struct db_page page = db_page_asked(query, "at");
    enum err e = db_page(ctx, &hand_over_schema, &page,
                         HAND_OVERS
                         " WHERE h.session_id = $1 AND (h.at, h.id) > ($2, $3)"
                         " ORDER BY h.at, h.id LIMIT $4",
                         ARGS(A(session_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}
