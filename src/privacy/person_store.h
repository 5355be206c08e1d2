/* SPDX-License-Identifier: MIT */
#pragma once
/* What is known about a person, part by part: private to privacy/. */
#include "base/ctx.h"
#include "base/schema.h"

/* A row of any part: each part shows some of these. */
struct person_row {
    struct opt_i64 id, at, session_id, starts_at, group_id, user_id, minutes_late, created_at,
        updated_at, last_used_at, from_day, to_day, marked_at, templates, bytes, times, ended_at,
        opened_at, resolved_at, finished_at, expires_at, failed, by_user_id, in_at, out_at,
        minutes_present, occurred_at;
    struct opt_str name, number, email, birth_date, locale, time_zone, role, module, status, method,
        kind, before, after, note, state, given_by, given_by_name, text_version, text_hash, channel,
        model, pose, assurance, source, reason, way, decision, policy, outcome, purpose, ip, agent,
        result, detail, document, code, derived, said;
    struct opt_f64 similarity, margin, threshold, quality, liveness;
    struct opt_bool archived, of_age;
};

struct person_part {
    const char *name; /* of the member, and of the words */
    const struct schema *schema;
    const char *sql;    /* $1: student */
    const char *tables; /* that it covers, comma-separated */
};
extern const struct person_part person_parts[];
extern const size_t n_person_parts;

/* A table that knows students and is not shown, and why. */
struct person_left_out {
    const char *table, *why;
};
extern const struct person_left_out person_left_out[];
extern const size_t n_person_left_out;

must_check enum err person_fetch(struct ctx *ctx, const struct person_part *part,
                                 int64_t student_id, struct list *ret);
