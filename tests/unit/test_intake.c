/* SPDX-License-Identifier: MIT */
/* The door for check-ins on the real tables: doubles, replays, the past, locked registers. */
#include "base/settings.h"

#include "attendance/intake.h"
#include "attendance/ledger.h"
#include "db/db.h"
#include "db_fixture.h"
#include "school_rows.h"

#define ok(call_)     assert_int_equal((call_), ERR_OK)
#define is(call_, e_) assert_int_equal((call_), (e_))
#define START         1770109200000LL
#define MINUTE        60000LL
#define ANNA          1

static struct settings settings = {.time_zone = {"UTC", 3}, .afternoon_min = 780};
static const struct services services = {.settings = &settings};
static struct session lesson;

/* Two students, one session from START for two hours, open; the clock five minutes after it. */
static struct ctx *school(void **state, const char *ways)
{
    static const char *const rows[] = {
        "INSERT INTO student (id, student_number, name, name_norm)"
        " VALUES (1, 'S1', 'Anna', 'anna'), (2, 'S2', 'Ben', 'ben'), (3, 'S3', 'Cleo', 'cleo')",
        "INSERT INTO group_member (group_id, student_id, from_day) VALUES (1, 1, 0), (1, 2, 0)",
        "INSERT INTO session (id, module_id, trainer_id, starts_at, ends_at, time_zone, kind, mode,"
        " state) VALUES (1, 1, 1, 1770109200000, 1770116400000, 'UTC', 'course', 'in_person',"
        " 'scheduled')",
        "INSERT INTO session_group (session_id, group_id) VALUES (1, 1)",
    };
    struct ctx *ctx = small_school(*state, &services);

    for (size_t i = 0; i < COUNT(rows); i++)
        ok(db_exec(ctx, rows[i], ARGS()));
    ok(db_exec(ctx, "UPDATE session SET ways = $1", ARGS(A(str_of(ways)))));
    ctx->actor = (struct actor){.role = ROLE_ADMIN, .user_id = 1};
    ctx->now = START;
    ok(attendance_move(ctx, 1, SESSION_OPEN, STR(""), &lesson));
    ctx->now = START + 5 * MINUTE;
    return ctx;
}

static struct check_in by(enum presence_way way)
{
    return (struct check_in){.student_id = ANNA, .way = way};
}

static enum intake come(struct ctx *ctx, struct check_in c, const char *status)
{
    struct check_in_result r = {0};
    const struct words *why;

    ok(attendance_check_in(ctx, &lesson, &c, 1, &r));
    assert_string_equal(r.record.status.at, status);
    why = r.record.why.at;
    assert_true(why->en.len > 5 && why->ar.len > 5);
    return r.intake;
}

static int64_t events(struct ctx *ctx)
{
    return db_number(ctx, "SELECT count(*) FROM attendance_event WHERE student_id = 1");
}

static void holds(struct ctx *ctx)
{
    const struct ledger_wish all = {0};
    struct ledger_report r = {0};

    ok(ledger_verify(ctx, &all, &r));
    assert_int_equal(r.faults.n, 0);
    assert_int_equal(r.differences.n, 0);
    assert_int_equal(r.sessions, 1);
}

static void move(struct ctx *ctx, enum session_move how)
{
    ok(attendance_move(ctx, 1, how, STR("because"), &lesson));
}

static void test_what_says_nothing_new_is_not_written(void **state)
{
    struct ctx *ctx = school(state, "any");

    assert_int_equal(come(ctx, by(WAY_KIOSK), "present"), INTAKE_COUNTED);
    ctx->now += MINUTE;
    assert_int_equal(come(ctx, by(WAY_KIOSK), "present"), INTAKE_ALREADY);
    ctx->now += 20 * MINUTE;
    assert_int_equal(come(ctx, by(WAY_KIOSK), "present"), INTAKE_ALREADY);
    assert_int_equal(events(ctx), 1);
    /* Another way is another fact, though the record stays. */
    assert_int_equal(come(ctx, by(WAY_QR), "present"), INTAKE_ALREADY);
    assert_int_equal(events(ctx), 2);
    holds(ctx);
}

static void test_two_ways_complete_each_other(void **state)
{
    struct ctx *ctx = school(state, "qr+face|self+fence");
    struct check_in inside = by(WAY_SELF);

    assert_int_equal(come(ctx, by(WAY_QR), "unmarked"), INTAKE_KEPT);
    assert_int_equal(come(ctx, by(WAY_QR), "unmarked"), INTAKE_KEPT);
    assert_int_equal(events(ctx), 1);
    assert_int_equal(come(ctx, by(WAY_FACE), "present"), INTAKE_COUNTED);
    /* Outside the fence, then at once again inside of it. */
    inside.student_id = 2;
    assert_int_equal(come(ctx, inside, "unmarked"), INTAKE_KEPT);
    inside.facts = FACT_FENCE;
    assert_int_equal(come(ctx, inside, "present"), INTAKE_COUNTED);
    holds(ctx);
}

static void test_a_uid_counts_once(void **state)
{
    struct ctx *ctx = school(state, "any");
    struct check_in c = by(WAY_DEVICE);

    c.uid = STR("reader-1:77");
    c.occurred_at = START - MINUTE;
    assert_int_equal(come(ctx, c, "present"), INTAKE_COUNTED);
    assert_int_equal(come(ctx, c, "present"), INTAKE_REPLAYED);
    c.occurred_at = START;
    assert_int_equal(come(ctx, c, "present"), INTAKE_CONFLICT);
    c.uid = STR("no spaces");
    is(attendance_check_in(ctx, &lesson, &c, 1, &(struct check_in_result){0}), ERR_INVALID);
    assert_int_equal(events(ctx), 1);
    holds(ctx);
}

static void test_the_past_counts_into_a_closed_register(void **state)
{
    struct ctx *ctx = school(state, "any");
    struct check_in c = by(WAY_KIOSK);

    move(ctx, SESSION_CLOSE);
    is(attendance_check_in(ctx, &lesson, &c, 1, &(struct check_in_result){0}),
       ERR_SESSION_NOT_OPEN);
    fault_clear(ctx);
    c.belated = true;
    c.facts = FACT_OFFLINE;
    c.occurred_at = START + 12 * MINUTE;
    assert_int_equal(come(ctx, c, "late"), INTAKE_COUNTED);
    /* Of the past every event is kept: an earlier one may come last. */
    c.occurred_at = START + 14 * MINUTE;
    assert_int_equal(come(ctx, c, "late"), INTAKE_ALREADY);
    c.occurred_at = START - 2 * MINUTE;
    assert_int_equal(come(ctx, c, "present"), INTAKE_COUNTED);
    assert_int_equal(come(ctx, c, "present"), INTAKE_ALREADY);
    assert_int_equal(events(ctx), 4); /* the closing and three check-ins */
    holds(ctx);
}

static void test_a_confirmed_register_keeps_what_comes(void **state)
{
    struct ctx *ctx = school(state, "any");
    struct check_in c = by(WAY_KIOSK);

    move(ctx, SESSION_CLOSE);
    move(ctx, SESSION_CONFIRM);
    c.belated = true;
    c.occurred_at = START;
    assert_int_equal(come(ctx, c, "absent"), INTAKE_LOCKED);
    /* An excuse is allowed, and does not bring in what is locked. */
    const struct excuse x = {.justification_id = 5, .session_id = 1, .student_id = ANNA};
    ok(attendance_excuse(ctx, &x, 1));
    assert_int_equal(db_number(ctx,
                               "SELECT count(*) FROM attendance_record WHERE student_id = 1"
                               " AND status = 'excused' AND weight = 0"),
                     1);
    move(ctx, SESSION_REOPEN);
    assert_int_equal(db_number(ctx,
                               "SELECT count(*) FROM attendance_record WHERE student_id = 1"
                               " AND status = 'present' AND weight = 1000"),
                     1);
    holds(ctx);
}

static void test_an_excuse_once_and_taken_back(void **state)
{
    struct ctx *ctx = school(state, "any");
    struct excuse x = {.justification_id = 5, .session_id = 1, .student_id = 2};
    const char *excused =
        "SELECT count(*) FROM attendance_record WHERE student_id = 2"
        " AND status = 'excused'";

    move(ctx, SESSION_CLOSE);
    ok(attendance_excuse(ctx, &x, 1));
    ok(attendance_excuse(ctx, &x, 1));
    assert_int_equal(db_number(ctx, excused), 1);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM attendance_event WHERE kind = 'excuse'"),
                     1);
    x.take_back = true;
    ok(attendance_excuse(ctx, &x, 1));
    ok(attendance_excuse(ctx, &x, 1));
    assert_int_equal(db_number(ctx, excused), 0);
    x.student_id = 3;
    is(attendance_excuse(ctx, &x, 1), ERR_NOT_FOUND);
    fault_clear(ctx);
    holds(ctx);
}

static void test_words_of_the_past_and_strangers(void **state)
{
    struct ctx *ctx = school(state, "any");
    struct check_in two[2] = {by(WAY_KIOSK), by(WAY_KIOSK)};
    struct check_in_result r[2] = {{0}};
    struct check_in word = by(WAY_MANUAL);

    two[1].student_id = 3;
    is(attendance_check_in(ctx, &lesson, two, 2, r), ERR_NOT_FOUND);
    fault_clear(ctx);
    assert_int_equal(events(ctx), 0);
    word.belated = true;
    word.status = STR("excused");
    word.uid = STR("tablet:1");
    assert_int_equal(come(ctx, word, "excused"), INTAKE_COUNTED);
    assert_int_equal(come(ctx, word, "excused"), INTAKE_REPLAYED);
    word.uid = STR("tablet:2");
    word.status = STR("absent");
    word.occurred_at = START - MINUTE; /* said earlier: the later word stands */
    come(ctx, word, "excused");
    holds(ctx);
}

static void test_the_clock_goes_back(void **state)
{
    struct ctx *ctx = school(state, "any");
    struct attendance_mark m = {.session_id = 1, .student_id = ANNA, .status = STR("absent")};
    struct attendance out;

    ok(attendance_set(ctx, &m, (struct opt_i64){0}, &out));
    ctx->now -= 60 * MINUTE;
    m.status = STR("late");
    ok(attendance_set(ctx, &m, (struct opt_i64){0}, &out));
    assert_string_equal(out.status.at, "late");
    ok(attendance_undo(ctx, 1, ANNA, &out));
    assert_string_equal(out.status.at, "absent");
    holds(ctx);
}

int main(void)
{
    const struct db_test tests[] = {
        DB_TEST(test_what_says_nothing_new_is_not_written),
        DB_TEST(test_two_ways_complete_each_other),
        DB_TEST(test_a_uid_counts_once),
        DB_TEST(test_the_past_counts_into_a_closed_register),
        DB_TEST(test_a_confirmed_register_keeps_what_comes),
        DB_TEST(test_an_excuse_once_and_taken_back),
        DB_TEST(test_words_of_the_past_and_strangers),
        DB_TEST(test_the_clock_goes_back),
    };

    return db_tests_run("intake", tests, COUNT(tests));
}
