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
        minutes_present, occurred_at, client_at, student_id, device_id;
    struct opt_str name, number, email, birth_date, locale, time_zone, role, module, status, method,
        kind, before, after, note, state, given_by, given_by_name, text_version, text_hash, channel,
        model, pose, assurance, source, reason, way, decision, policy, outcome, purpose, ip, agent,
        result, detail, document, code, derived, said, direction, client, first_day, last_day;
    struct opt_f64 similarity, margin, threshold, quality, liveness, share;
    struct opt_bool archived, of_age, active, may_sign, inside_place, school_network, proved_alive,
        offline;
};

struct person_part {
    const char *name; /* of the member, and of the words */
    const struct schema *schema;
    const char *sql;    /* $1: the person */
    const char *tables; /* that it covers, comma-separated */
};

/* A table that knows people and is not shown, and why. */
struct person_left_out {
    const char *table, *why;
};

/* What is told to one kind of person: a student by the student's number, or an account by its. */
struct person_book {
    const struct person_part *parts;
    size_t n;
    const struct person_left_out *left_out;
    size_t n_left_out;
};
extern const struct person_book student_book, account_book;

#define PERSON_FIELD(member_, ...) FIELD(struct person_row, member_, #member_, ##__VA_ARGS__)
#define PERSON_TIME(member_)       PERSON_FIELD(member_, .format = "date-time")
#define PERSON_PART(name_, ...)                                                                    \
    static const struct field name_##_fields[] = {__VA_ARGS__};                                    \
    static const struct schema name_##_schema = SCHEMA_NAMED(#name_, person_row, name_##_fields)
/* The newest are kept when there are more than fit; the first column says how new. */
#define PERSON_NEWEST " ORDER BY 1 DESC LIMIT 10000"

/*
 * A signal about several people names them in its facts: {"students":[3,17],"sessions":[…
 * Numbers between the first and the second bracket only, each between commas.
 */
#define AMONG_THE_STUDENTS                                                                         \
    "replace(replace(facts, '{\"students\":[', '{\"students\":[,'), '],\"sessions\":[',"           \
    " ',],\"sessions\":[') LIKE '{\"students\":[%,' || CAST($1 AS TEXT) || ',%],\"sessions\":[%'"

must_check enum err person_fetch(struct ctx *ctx, const struct person_part *part, int64_t id,
                                 struct list *ret);
