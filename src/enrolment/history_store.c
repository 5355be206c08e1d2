/* SPDX-License-Identifier: MIT */
/* The enrolment history in SQL. */
#include "enrolment/history_store.h"

#include "db/db.h"

#define F(...) FIELD(struct enrolment_aged, __VA_ARGS__)
static const struct field aged_fields[] = {
    F(id, "Row"),
    F(student_id, "Student"),
    F(student_number, "Number"),
    F(student_name, "Name"),
    F(birth_date, "Born"),
    F(assurance, "Assurance"),
    F(at, "When"),
};
#undef F
static const struct schema aged_row = SCHEMA(enrolment_aged, aged_fields);

enum err history_store_insert(struct ctx *ctx, const struct enrolment_past *row)
{
    return db_exec(ctx,
                   "INSERT INTO enrolment_history (student_id, at, by_account_id, source,"
                   " assurance, templates, model) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   ARGS(A(row->student_id), A(ctx->now), A(row->by_user_id), A(row->source),
                        A(row->assurance), A(row->templates), A(row->model)));
}

enum err history_store_end(struct ctx *ctx, int64_t student_id, struct str model, const char *why)
{
    struct opt_i64 by = {.set = ctx->actor.user_id != 0, .v = ctx->actor.user_id};

    return db_exec(ctx,
                   "UPDATE enrolment_history SET ended_at = $2, ended_why = $3, ended_by = $4"
                   " WHERE student_id = $1 AND ended_at IS NULL"
                   " AND (CAST($5 AS TEXT) = '' OR model = $5)",
                   ARGS(A(student_id), A(ctx->now), A(str_of(why)), A(by), A(model)));
}

enum err history_store_list(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    return db_list(ctx, &enrolment_past_schema, ret,
                   "SELECT h.id, h.student_id, h.at, h.by_account_id AS by_user_id,"
                   " a.name AS by_name, h.source, h.assurance, h.model, h.templates, h.ended_at,"
                   " h.ended_why FROM enrolment_history h"
                   " LEFT JOIN account a ON a.id = h.by_account_id"
                   " WHERE h.student_id = $1 ORDER BY h.id DESC LIMIT 50",
                   ARGS(A(student_id)));
}

#define AGED                                                                                       \
    "SELECT h.id, h.student_id, s.student_number, s.name AS student_name, s.birth_date,"           \
    " h.assurance, h.at FROM enrolment_history h JOIN student s ON s.id = h.student_id"            \
    " WHERE h.ended_at IS NULL AND s.archived = 0 AND h.at <"                                      \
    " CASE WHEN s.birth_date > CAST($1 AS TEXT) THEN CAST($2 AS BIGINT)"                           \
    " ELSE CAST($3 AS BIGINT) END"

enum err history_store_aged(struct ctx *ctx, const struct age_cut *cut, const struct page_query *q,
                            struct page *ret)
{
    struct db_page page = db_page_asked(q, "at");
    enum err e = db_page(ctx, &aged_row, &page,
                         AGED " AND (h.at, h.id) > ($4, $5) ORDER BY h.at, h.id LIMIT $6",
                         ARGS(A(cut->young), A(cut->made_before_minor), A(cut->made_before)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

enum err history_store_untold(struct ctx *ctx, const struct age_cut *cut, struct list *ret)
{
    return db_list(ctx, &aged_row, ret, AGED " AND h.reminded_at IS NULL ORDER BY h.id LIMIT 200",
                   ARGS(A(cut->young), A(cut->made_before_minor), A(cut->made_before)));
}

enum err history_store_told(struct ctx *ctx, int64_t id)
{
    return db_exec(ctx,
                   "UPDATE enrolment_history SET reminded_at = $2"
                   " WHERE id = $1 AND reminded_at IS NULL",
                   ARGS(A(id), A(ctx->now)));
}
