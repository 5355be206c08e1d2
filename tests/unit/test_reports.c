/* SPDX-License-Identifier: MIT */
/* Half-days of a group on the real tables: the same in one part and in many. */
#include "base/settings.h"

#include "db/db.h"
#include "db_fixture.h"
#include "reports/halves.h"
#include "school_rows.h"

#define ok(call_) assert_int_equal((call_), ERR_OK)

enum { STUDENTS = 5, SESSIONS = 8 };

static const int64_t start = 1770109200000, half_day = 12 * 3600 * 1000;
static const int64_t until = start + SESSIONS * half_day;
static struct settings settings = {.time_zone = {"UTC", 3}, .afternoon_min = 780, .term_days = 90};
static const struct services services = {.settings = &settings};

/* One letter a session, one text a student: present, absent, excused, none. By name they are in
 * the opposite order of their numbers. */
static const char *const marks[STUDENTS] = {"ppppaaee", "--------", "aaaaaaaa", "p-e-a-p-",
                                            "eeeeeeep"};

static void put_student(struct ctx *ctx, int64_t id)
{
    ok(db_exec(ctx,
               "INSERT INTO student (id, student_number, name, name_norm) VALUES ($1, $2, $2, $3)",
               ARGS(A(id), A(arena_printf(&ctx->arena, "S%d", (int)id)),
                    A(arena_printf(&ctx->arena, "%d", 9 - (int)id)))));
    ok(db_exec(ctx, "INSERT INTO group_member (group_id, student_id, from_day) VALUES (1, $1, 0)",
               ARGS(A(id))));
}

static void put_mark(struct ctx *ctx, int64_t session, int64_t student, char letter)
{
    const char *status = letter == 'p' ? "present" : letter == 'a' ? "absent" : "excused";

    ok(db_exec(ctx,
               "INSERT INTO attendance_record (session_id, student_id, status, weight)"
               " VALUES ($1, $2, $3, $4)",
               ARGS(A(session), A(student), A(str_of(status)), A(letter == 'p' ? 1000 : 0))));
}

static struct ctx *school(void **state)
{
    struct ctx *ctx = small_school(*state, &services);

    for (int64_t i = 1; i <= STUDENTS; i++)
        put_student(ctx, i);
    for (int64_t k = 0; k < SESSIONS; k++) {
        ok(db_exec(ctx,
                   "INSERT INTO session (id, module_id, trainer_id, starts_at, ends_at, time_zone,"
                   " kind, mode, state) VALUES ($1, 1, 1, $2, $3, 'UTC', 'course',"
                   " 'in_person', 'closed')",
                   ARGS(A(k + 1), A(start + k * half_day), A(start + (k + 1) * half_day))));
        ok(db_exec(ctx, "INSERT INTO session_group (session_id, group_id) VALUES ($1, 1)",
                   ARGS(A(k + 1))));
        for (size_t i = 0; i < STUDENTS; i++)
            if (marks[i][k] != '-')
                put_mark(ctx, k + 1, (int64_t)i + 1, marks[i][k]);
    }
    ctx->actor = (struct actor){.role = ROLE_ADMIN, .user_id = 1};
    ctx->now = until;
    return ctx;
}

static void check_counts(const struct report_group_halves *g)
{
    const struct report_student_halves *s = g->students.at;
    const struct report_halves *total = g->total.at;
    int64_t days = 0, absent = 0, excused = 0;

    assert_int_equal(g->students.n, STUDENTS);
    for (size_t i = 0; i < STUDENTS; i++) {
        const char *m = marks[STUDENTS - 1 - i];
        int64_t n = 0, a = 0, e = 0;

        for (size_t k = 0; k < SESSIONS; k++) {
            n += m[k] != '-';
            a += m[k] == 'a';
            e += m[k] == 'e';
        }
        assert_int_equal(s[i].student_id, STUDENTS - (int)i);
        assert_int_equal(s[i].half_days, n);
        assert_int_equal(s[i].absent, a);
        assert_int_equal(s[i].excused, e);
        days += n;
        absent += a;
        excused += e;
    }
    assert_int_equal(total->half_days, days);
    assert_int_equal(total->absent, absent);
    assert_int_equal(total->excused, excused);
}

/* The figures, and how many statements they took. */
static int64_t count(struct ctx *ctx, const struct report_group *g, int64_t at_once)
{
    struct report_group_halves halves = {0};
    int64_t before = ctx->statements;

    ok(report_halves_of_report(ctx, g, at_once, &halves));
    check_counts(&halves);
    return ctx->statements - before;
}

static void test_parts_make_no_difference(void **state)
{
    struct ctx *ctx = school(state);
    const struct report_span in = {
        .id = 1, .from = {.set = true, .v = start}, .to = {.set = true, .v = until}};
    struct report_group g = {0};

    ok(report_of_group(ctx, &in, &g));
    /* They have 8, 0, 8, 4 and 8 marks. */
    assert_int_equal(count(ctx, &g, REPORT_MARKS_AT_ONCE), 1);
    assert_int_equal(count(ctx, &g, 16), 2);
    assert_int_equal(count(ctx, &g, 12), 3);
    assert_int_equal(count(ctx, &g, 1), STUDENTS);
}

static void test_of_nobody(void **state)
{
    struct ctx *ctx = school(state);
    const struct report_span in = {
        .id = 1, .from = {.set = true, .v = -2 * half_day}, .to = {.set = true, .v = -half_day}};
    struct report_group_halves halves = {0};
    const struct report_halves *total;

    ok(report_halves_of_group(ctx, &in, &halves));
    total = halves.total.at;
    assert_int_equal(halves.students.n, 0);
    assert_int_equal(total->half_days, 0);
}

int main(void)
{
    const struct db_test tests[] = {DB_TEST(test_parts_make_no_difference),
                                    DB_TEST(test_of_nobody)};

    return db_tests_run("reports", tests, COUNT(tests));
}
