/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Figures of attendance: of a group, of a student, of a day. All rates are presence/rate.h's over
 * the same columns, so that they agree with each other, with registers and with alerts. An admin
 * sees all sessions, a trainer the own ones only.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "presence/rate.h"

enum { REPORT_STUDENTS_MAX = 2000, REPORT_SESSIONS_MAX = 3000, REPORT_DAYS_MAX = 800 };

/* From inclusive, to exclusive, by the sessions' starts, ms. Absent: the last term_days, to now. */
struct report_span {
    int64_t id; /* of the group or student */
    struct opt_i64 from, to;
    bool bom; /* of CSV: begin with the mark by which spreadsheets know UTF-8 */
};

struct report_student {
    int64_t student_id;
    struct str student_number, student_name;
    struct presence_tally tally;
    double rate; /* 0..1 */
    struct str level;
};
extern const struct schema report_student_schema;

/* The members of a tally in a field table of a struct that has one, named `tally`. */
/* clang-format off */
#define TALLY_FIELD(type_, member_, doc_, ...)                                                     \
    {.name = #member_, .doc = doc_, .offset = offsetof(type_, tally.member_),                      \
     .type = FIELD_TYPE(type_, tally.member_), __VA_ARGS__}
#define REPORT_TALLY(type_)                                                                        \
    TALLY_FIELD(type_, sessions, "Sessions with a mark", .required = true, .example = "42"),       \
    TALLY_FIELD(type_, present, "Present", .required = true, .example = "36"),                     \
    TALLY_FIELD(type_, late, "Late", .required = true, .example = "2"),                            \
    TALLY_FIELD(type_, partial, "There for a part", .required = true, .example = "0"),             \
    TALLY_FIELD(type_, left_early, "Left before the end", .required = true, .example = "0"),       \
    TALLY_FIELD(type_, remote, "Present remotely", .required = true, .example = "1"),              \
    TALLY_FIELD(type_, absent, "Absent", .required = true, .example = "2"),                        \
    TALLY_FIELD(type_, excused, "Excused: do not count", .required = true, .example = "1"),        \
    TALLY_FIELD(type_, weight, "Thousandths of sessions attended, of those that count",            \
                .required = true, .example = "39000")
/* clang-format on */

/* Several students or sessions together. */
struct report_total {
    struct presence_tally tally;
    double rate;
    struct str level;
};
extern const struct schema report_total_schema;

/* Half-days of one or several students (presence/half_days.h). */
struct report_halves {
    int64_t half_days; /* with a mark */
    int64_t absent, excused;
    double rate; /* presence/rate.h's, over half-days */
};
extern const struct schema report_halves_schema;

struct report_student_halves {
    int64_t student_id;
    struct str student_number, student_name;
    int64_t half_days, absent, excused;
    double rate;
};
struct report_group_halves {
    int64_t group_id;
    struct str code, name;
    int64_t from, to;
    struct list students; /* struct report_student_halves, by name, those of report_group */
    struct obj total;     /* struct report_halves */
};
extern const struct schema report_group_halves_schema;

struct report_group {
    int64_t group_id;
    struct str code, name;
    int64_t from, to;
    struct list students; /* struct report_student, by name: who was in the group in that time */
    struct obj total;     /* struct report_total */
};
extern const struct schema report_group_schema;

struct report_module {
    int64_t module_id;
    struct str code, name;
    struct presence_tally tally;
    double rate;
    struct str level;
};
struct report_week {
    struct str week; /* its Monday in the school's zone, "2026-09-07" */
    struct presence_tally tally;
    double rate;
};
extern const struct schema report_module_schema, report_week_schema;
struct report_method {
    struct str method;
    int64_t sessions;
};
extern const struct schema report_method_schema;
struct report_one {
    int64_t student_id;
    struct str student_number, student_name;
    int64_t from, to;
    struct obj total;    /* struct report_total */
    struct obj halves;   /* struct report_halves */
    struct list modules; /* struct report_module, by code */
    struct list weeks;   /* struct report_week, the oldest first; weeks without marks are not in */
    struct list methods; /* struct report_method, the most frequent first */
};
extern const struct schema report_one_schema;

struct report_day_query {
    struct opt_str day; /* in the school's zone; absent: today */
    int64_t limit;
    struct str cursor;
};
struct report_session {
    int64_t id;
    int64_t starts_at, ends_at;
    struct str module_code, module_name, trainer_name, state;
    struct strs group_names;
    struct opt_str room_name;
    int64_t expected, unmarked;
    struct presence_tally tally;
    double rate;
};
extern const struct schema report_session_schema;
struct report_day {
    struct str day;
    struct obj total;  /* struct report_total, of the sessions below */
    struct list items; /* struct report_session, by start */
    struct opt_str next_cursor;
};
extern const struct schema report_day_schema;

/* ERR_NOT_FOUND: no such group, or a trainer who has no session with it. ERR_INVALID: the span. */
must_check enum err report_of_group(struct ctx *ctx, const struct report_span *in,
                                    struct report_group *ret);
/* As above, by half-days. */
must_check enum err report_halves_of_group(struct ctx *ctx, const struct report_span *in,
                                           struct report_group_halves *ret);
/* ERR_NOT_FOUND, ERR_INVALID as above. */
must_check enum err report_of_student(struct ctx *ctx, const struct report_span *in,
                                      struct report_one *ret);
/* ERR_INVALID: no such day, a malformed cursor. */
must_check enum err report_of_day(struct ctx *ctx, const struct report_day_query *in,
                                  struct report_day *ret);
/* A group's report with its half-days, and a register, as CSV (base/csv.h); `id` of the second is a
 * session. Errors as above; ERR_TOO_LARGE: more than 16 MiB. */
must_check enum err report_group_csv(struct ctx *ctx, const struct report_span *in,
                                     struct str *ret);
must_check enum err report_register_csv(struct ctx *ctx, const struct report_span *in,
                                        struct str *ret);
