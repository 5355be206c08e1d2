/* SPDX-License-Identifier: MIT */
/* Pairs of students that recognition keeps apart with more care. */
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

enum err apart_fetch(struct ctx *ctx, struct list *ret)
{
    return db_list(ctx, &apart_schema, ret,
                   "SELECT a_student_id, COALESCE(b_student_id, 0) AS b_student_id, reason, times,"
                   " second_factor FROM strict_pair ORDER BY id",
                   ARGS());
}
