/* SPDX-License-Identifier: MIT */
/* The demo school: its tables make sense, and at any hour of any day it is consistent and usable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/settings.h"

#include "auth/password.h"
#include "cli/demo.h"
#include "db/db.h"
#include "db_fixture.h"
#include "enrolment/signing.h"
#include "users/users.h"

#define ok(call_) assert_int_equal((call_), ERR_OK)

/* Tuesday 2026-11-24 10:12:30 UTC, in the middle of lessons. */
static const int64_t tuesday = 1795515150000;

static struct settings school = {
    .time_zone = {"UTC", 3},
    .face_recognition = {"off", 3},
    .open_before_min = 15,
    .late_after_min = 10,
    .absent_after_min = 30,
};
/* Withdrawn consents are certified: the key to sign with is made here. */
static char folder[] = "/tmp/demo-test-XXXXXX";
static char keys_file[64];
static const struct services services = {.settings = &school};

/* A fresh database at the time `now`; the demo has looked at it. */
static struct demo fresh(void **state, int64_t now, const char *zone)
{
    struct db_fixture *f = *state;
    struct demo d = {.ctx = &f->ctx, .seed = 1};
    enum demo_found found;
    int64_t n;

    auth_password_setup(1);
    school.time_zone = str_of(zone);
    school.signing_keys_file = str_of(keys_file);
    f->ctx.services = &services;
    ok(migrate_downgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    ok(migrate_upgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    f->ctx.now = now;
    ok(signing_ensure(&f->ctx, keys_file));
    ok(demo_find(&d, &found));
    assert_int_equal(found, DEMO_EMPTY);
    return d;
}

static struct demo look_again(void **state, int64_t now, enum demo_found expected)
{
    struct db_fixture *f = *state;
    struct demo d = {.ctx = &f->ctx, .seed = 1};
    enum demo_found found;

    f->ctx.now = now;
    ok(demo_find(&d, &found));
    assert_int_equal(found, expected);
    return d;
}

static void assert_no_row(struct ctx *ctx, const char *sql)
{
    int64_t n = db_number(ctx, sql);

    if (n)
        print_error("%lld rows: %s\n", (long long)n, sql);
    assert_int_equal(n, 0);
}

static void test_people(void **state)
{
    int sizes[DEMO_GROUPS] = {0};
    int minors = 0;

    (void)state;
    for (size_t i = 0; i < DEMO_STUDENTS; i++) {
        const struct demo_student *s = &demo_students[i];

        sizes[s->group]++;
        minors += s->age < 18;
        assert_int_equal(s->age < 18, s->guardian != NULL);
        assert_true(!s->portrait || s->consent == CONSENT_GIVEN);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(s->login, demo_students[k].login);
            assert_true(!s->portrait || !demo_students[k].portrait ||
                        strcmp(s->portrait, demo_students[k].portrait) != 0);
        }
    }
    assert_int_equal(minors, 2);
    for (size_t i = 0; i < DEMO_GROUPS; i++)
        assert_in_range(sizes[i], 8, 12);
}

static void test_timetable(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEMO_LESSONS; i++) {
        const struct demo_lesson *a = &demo_timetable[i];

        assert_in_range(a->day, 1, 5);
        assert_true(a->groups != 0);
        for (size_t k = 0; k < i; k++) {
            const struct demo_lesson *b = &demo_timetable[k];

            if (a->day != b->day || a->period != b->period)
                continue;
            assert_int_not_equal(demo_modules[a->module].trainer, demo_modules[b->module].trainer);
            assert_int_equal(a->groups & b->groups, 0);
            assert_true(a->room != b->room || a->room < 0);
        }
    }
    for (int i = 0; i < DEMO_TRAINERS; i++)
        assert_int_equal(demo_modules[demo_lessons_now[i].module].trainer, i);
}

static void test_password(void **state)
{
    struct ctx *ctx = &((struct db_fixture *)*state)->ctx;

    for (size_t i = 0; i < DEMO_STUDENTS; i++)
        ok(auth_password_check(ctx, "/password", STR(DEMO_PASSWORD), str_of(demo_students[i].login),
                               str_of(demo_students[i].name)));
}

/* Nobody is in two places; the register follows from its events; nothing comes from the future. */
static void assert_consistent(struct demo *d)
{
    struct ctx *ctx = d->ctx;

    assert_no_row(ctx,
                  "SELECT count(*) FROM session a JOIN session b ON b.id > a.id"
                  " WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
                  " AND (a.trainer_id = b.trainer_id OR a.room_id = b.room_id OR EXISTS"
                  " (SELECT 1 FROM session_group x JOIN session_group y"
                  " ON y.group_id = x.group_id"
                  " WHERE x.session_id = a.id AND y.session_id = b.id))");
    assert_no_row(ctx,
                  "SELECT count(*) FROM attendance_record r WHERE r.status <> 'unmarked'"
                  " AND NOT EXISTS (SELECT 1 FROM attendance_event e"
                  " WHERE e.id = r.last_event_id AND e.status_after = r.status"
                  " AND e.at = r.marked_at)");
    assert_no_row(ctx,
                  "SELECT count(*) FROM attendance_record r JOIN session s"
                  " ON s.id = r.session_id"
                  " WHERE r.status = 'unmarked' AND s.state IN ('closed', 'confirmed')");
    assert_in_range(db_number(ctx, "SELECT max(at) FROM attendance_event"), 1, d->now);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM session WHERE state = 'open'"), 1);
    assert_in_range(db_number(ctx, "SELECT count(*) FROM session WHERE state = 'cancelled'"), 1, 2);
    assert_true(db_number(ctx,
                          "SELECT count(*) FROM session"
                          " WHERE state IN ('closed', 'confirmed')") >= 30);
    assert_true(db_number(ctx, "SELECT count(*) FROM attendance_event WHERE kind = 'change'") > 0);
}

static void assert_usable(struct demo *d)
{
    for (size_t i = 0; i < DEMO_TRAINERS; i++) {
        struct session s;

        ok(demo_session_now(d, i, &s));
        assert_true(session_is(&s, "scheduled"));
        assert_true(s.opens_at <= d->now && s.starts_at <= d->now + 10 * DEMO_MINUTE);
        assert_in_range(s.expected, 8, 12);
        ok(session_move(d->ctx, s.id, SESSION_OPEN, STR(""), &s));
    }
}

static void test_any_hour(void **state)
{
    static const struct {
        int64_t now;
        const char *zone;
    } cases[] = {
        {1795515150000, "UTC"},                 /* Tuesday morning */
        {1795910390000, "UTC"},                 /* Saturday, a minute before midnight */
        {1795478405000, "Africa/Casablanca"},   /* just after midnight UTC */
        {1792889999000, "Europe/Paris"},        /* the night in which summer time ends */
        {1795515150000, "America/Los_Angeles"}, /* still the small hours there */
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct demo d = fresh(state, cases[i].now, cases[i].zone);

        ok(demo_fill(&d));
        assert_consistent(&d);
        assert_usable(&d);
    }
}

static int64_t fingerprint(struct ctx *ctx)
{
    return db_number(ctx,
                     "SELECT sum((id * 31 + student_id * 7 + session_id) * (at % 1000003))"
                     " FROM attendance_event");
}

static void test_same_seed(void **state)
{
    struct demo d = fresh(state, tuesday, "UTC");
    int64_t first, again, other;

    ok(demo_fill(&d));
    first = fingerprint(d.ctx);
    d = fresh(state, tuesday, "UTC");
    ok(demo_fill(&d));
    again = fingerprint(d.ctx);
    d = fresh(state, tuesday, "UTC");
    d.dice = 2;
    ok(demo_fill(&d));
    other = fingerprint(d.ctx);
    assert_int_equal(first, again);
    assert_int_not_equal(first, other);
}

static void test_again(void **state)
{
    struct demo d = fresh(state, tuesday, "UTC");
    int64_t sessions;

    ok(demo_fill(&d));
    sessions = db_number(d.ctx, "SELECT count(*) FROM session");
    d = look_again(state, tuesday + 20 * DEMO_MINUTE, DEMO_THERE);
    ok(demo_refresh(&d));
    assert_int_equal(db_number(d.ctx, "SELECT count(*) FROM session"), sessions);

    /* Late in the evening nothing goes on any more. */
    d = look_again(state, tuesday + 10 * DEMO_HOUR, DEMO_THERE);
    ok(demo_refresh(&d));
    assert_int_equal(db_number(d.ctx, "SELECT count(*) FROM session"), sessions + DEMO_TRAINERS);
    assert_usable(&d);
}

static void test_other_data(void **state)
{
    struct demo d = fresh(state, tuesday, "UTC");
    struct user_new in = {.email = STR("a@x.example"),
                          .name = STR("Ada"),
                          .role = STR("admin"),
                          .password = STR("seven-Teal-otters")};
    struct user u;

    ok(user_create(d.ctx, &in, &u));
    (void)look_again(state, tuesday, DEMO_OTHER);
}

static void test_nothing_is_left_of_a_failure(void **state)
{
    struct demo d = fresh(state, tuesday, "Nowhere/Land");

    assert_int_equal(demo_fill(&d), ERR_INVALID);
    fault_clear(d.ctx);
    school.time_zone = STR("UTC");
    /* The rules of sessions refuse this, when people and groups are made already. */
    school.absent_after_min = school.late_after_min;
    assert_int_equal(demo_fill(&d), ERR_INVALID);
    school.absent_after_min = 30;
    fault_clear(d.ctx);
    (void)look_again(state, tuesday, DEMO_EMPTY);
}

int main(void)
{
    static const struct db_test tests[] = {
        DB_TEST_SQLITE(test_people),   DB_TEST_SQLITE(test_timetable),
        DB_TEST_SQLITE(test_password), DB_TEST(test_any_hour),
        DB_TEST(test_same_seed),       DB_TEST(test_again),
        DB_TEST(test_other_data),      DB_TEST(test_nothing_is_left_of_a_failure),
    };

    int failed;

    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(keys_file, sizeof(keys_file), "%s/signing.keys", folder);
    failed = db_tests_run("demo", tests, COUNT(tests));
    (void)unlink(keys_file);
    (void)rmdir(folder);
    return failed;
}
