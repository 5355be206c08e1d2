/* SPDX-License-Identifier: MIT */
/* The ledger of consent in SQL. */
#include "enrolment/consent_store.h"

#include "db/db.h"

#define F(...) FIELD(struct consent_row, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Id"),
    F(state, "State"),
    F(given_by, "Who spoke"),
    F(given_by_name, "The guardian's name"),
    F(text_version, "Text shown"),
    F(text_hash, "Its hash"),
    F(locale, "Language of the text"),
    F(channel, "How"),
    F(of_age, "What was said about age"),
    F(at, "When"),
};
#undef F
static const struct schema row_schema = SCHEMA(consent_row, row_fields);

#define COLUMNS                                                                                    \
    "SELECT id, state, given_by, given_by_name, text_version, text_hash, locale, channel, of_age," \
    " at FROM consent WHERE student_id = $1"

enum err consent_fetch(struct ctx *ctx, int64_t student_id, struct consent_row *ret)
{
    return db_one(ctx, &row_schema, ret, COLUMNS " ORDER BY id DESC LIMIT 1", ARGS(A(student_id)));
}

enum err consent_fetch_own(struct ctx *ctx, int64_t student_id, struct consent_row *ret)
{
    return db_one(ctx, &row_schema, ret,
                  COLUMNS " AND given_by = 'student' ORDER BY id DESC LIMIT 1",
                  ARGS(A(student_id)));
}

enum err consent_insert(struct ctx *ctx, int64_t student_id, const struct consent_row *row,
                        int64_t *ret_id)
{
    return db_i64(ctx,
                  "INSERT INTO consent (student_id, state, given_by, given_by_name, text_version,"
                  " text_hash, locale, channel, of_age, at, by_account_id)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
                  ARGS(A(student_id), A(row->state), A(row->given_by), A(row->given_by_name),
                       A(row->text_version), A(row->text_hash), A(row->locale), A(row->channel),
                       A(row->of_age), A(ctx->now), A(ctx->actor.user_id)),
                  ret_id);
}

enum err consent_fetch_all(struct ctx *ctx, int64_t student_id, struct list *ret)
{
    return db_list(ctx, &consent_entry_schema, ret,
                   "SELECT id, state, given_by, given_by_name, text_version, text_hash, locale,"
                   " channel, of_age, at, by_account_id FROM consent WHERE student_id = $1"
                   " ORDER BY id DESC LIMIT 1000",
                   ARGS(A(student_id)));
}
