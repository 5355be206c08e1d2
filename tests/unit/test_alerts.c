/* SPDX-License-Identifier: MIT */
/* When absences ask for attention: figures by hand. */
#include "alerts/rules.h"
#include "check.h"

/* Monday 2026-09-07 08:00 UTC: day 20703. */
enum { MONDAY = 20703, HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS, LESSONS = 400 };

struct year {
    struct alert_lesson at[LESSONS];
    size_t n;
};

/* One letter for a lesson of the day, from 8:00 on, one an hour: present late absent excused
 * half remote unmarked. */
static void add_day(struct year *y, int64_t day, const char *letters)
{
    static const struct {
        char letter;
        enum presence_status status;
        int64_t weight;
    } known[] = {
        {'p', PRESENCE_PRESENT, 1000}, {'l', PRESENCE_LATE, 1000},   {'a', PRESENCE_ABSENT, 0},
        {'e', PRESENCE_EXCUSED, 0},    {'h', PRESENCE_PARTIAL, 500}, {'r', PRESENCE_REMOTE, 1000},
        {'.', PRESENCE_UNMARKED, 0},
    };

    for (size_t i = 0; letters[i]; i++)
        for (size_t k = 0; k < COUNT(known); k++)
            if (known[k].letter == letters[i])
                y->at[y->n++] = (struct alert_lesson){
                    .starts_at = (MONDAY + day) * DAY_MS + (8 + (int64_t)i) * HOUR_MS,
                    .day = MONDAY + day,
                    .status = known[k].status,
                    .weight = known[k].weight,
                };
}

/* Whether something of the kind is found at the end of the day `today`. */
static bool finds(const struct year *y, int64_t today, enum alert_kind kind,
                  struct alert_finding *ret)
{
    struct alert_finding found[ALERT_FINDINGS_MAX];
    size_t n = alert_find(y->at, y->n, (MONDAY + today + 1) * (int64_t)DAY_MS, 5, found);

    for (size_t i = 0; i < n; i++) {
        if (found[i].kind != kind)
            continue;
        *ret = found[i];
        return true;
    }
    return false;
}

static void the_ladder_has_three_steps(void **state)
{
    static const struct {
        const char *lessons;
        int level; /* -1: none */
        int64_t counted, absences;
    } cases[] = {
        {"ppppppppppppppppppaa", -1, 0, 0},              /* 2 of 20: 10 % */
        {"pppppppppppppppppaaa", ALERT_WARNING, 20, 3},  /* 15 % exactly */
        {"ppppppppppppppppaaaa", ALERT_CRITICAL, 20, 4}, /* 20 % exactly */
        {"pppppppppppppppaaaaa", ALERT_FAILING, 20, 5},  /* 25 % exactly */
        {"ppppppppaaee", ALERT_CRITICAL, 10, 2},         /* excused ones do not count */
        {"lllrrrpppppppppppaaa", ALERT_WARNING, 20, 3},  /* late and remote are there */
        {"hhhhhhpppppppppppppp", ALERT_WARNING, 20, 0},  /* six halves are three absences */
        {"aaaa", -1, 0, 0},                              /* fewer than five sessions */
        {"aaaap", ALERT_FAILING, 5, 4},
        {"aaaa.", -1, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct year y = {0};
        struct alert_finding f = {0};
        bool found;

        add_day(&y, 0, cases[i].lessons);
        found = finds(&y, 0, ALERT_LADDER, &f);
        assert_int_equal(found ? (int)f.level : -1, cases[i].level);
        if (!found)
            continue;
        assert_int_equal(f.counted, cases[i].counted);
        assert_int_equal(f.absences, cases[i].absences);
    }
}

static void three_in_a_row(void **state)
{
    struct alert_finding f = {0};
    struct year y = {0};

    (void)state;
    add_day(&y, 0, "pppa");
    add_day(&y, 1, "ea.");
    assert_false(finds(&y, 1, ALERT_CONSECUTIVE, &f));
    add_day(&y, 2, "a");
    assert_true(
        finds(&y, 2, ALERT_CONSECUTIVE, &f)); /* the excused and the unmarked one are passed over */
    assert_int_equal(f.absences, 3);
    assert_int_equal(f.level, ALERT_WARNING);
    assert_int_equal(f.since_at, (int64_t)MONDAY * DAY_MS + 11 * HOUR_MS);
    assert_int_equal(f.latest_at, (int64_t)(MONDAY + 2) * DAY_MS + 8 * HOUR_MS);
    add_day(&y, 3, "l");
    assert_false(finds(&y, 3, ALERT_CONSECUTIVE, &f));
}

static void the_same_weekday(void **state)
{
    struct alert_finding f = {0};
    struct year y = {0};

    (void)state;
    add_day(&y, 0, "aa");
    add_day(&y, 1, "pppp");
    assert_false(finds(&y, 1, ALERT_WEEKDAY, &f)); /* two absences */
    add_day(&y, 7, "pa");
    add_day(&y, 8, "pppp");
    assert_true(finds(&y, 8, ALERT_WEEKDAY, &f)); /* 3 of 4: 75 % */
    assert_int_equal(f.weekday, 1);
    assert_int_equal(f.absences, 3);
    assert_int_equal(f.counted, 4);
    assert_int_equal(f.level, ALERT_NOTICE);
    add_day(&y, 14, "p");
    assert_true(finds(&y, 14, ALERT_WEEKDAY, &f)); /* 3 of 5: 60 % exactly */
    assert_int_equal(f.counted, 5);
    add_day(&y, 21, "p");
    assert_false(finds(&y, 21, ALERT_WEEKDAY, &f)); /* 3 of 6 */
}

static void one_long_day_is_no_weekday_pattern(void **state)
{
    struct alert_finding f = {0};
    struct year y = {0};

    (void)state;
    add_day(&y, 2, "aaaa");
    assert_false(finds(&y, 2, ALERT_WEEKDAY, &f));
    add_day(&y, 9, "appp");
    assert_true(finds(&y, 9, ALERT_WEEKDAY, &f)); /* 5 of 8 on two Wednesdays: 62.5 % */
    assert_int_equal(f.weekday, 3);
    /* After six weeks the first one is forgotten. */
    assert_false(finds(&y, 2 + 43, ALERT_WEEKDAY, &f));
}

static void only_the_first_lesson(void **state)
{
    struct alert_finding f = {0};
    struct year y = {0};

    (void)state;
    add_day(&y, 0, "app");
    add_day(&y, 1, "lpp");
    add_day(&y, 2, "aaa"); /* not there at all: says nothing of mornings */
    add_day(&y, 3, "pap");
    assert_false(finds(&y, 3, ALERT_FIRST_LESSON, &f));
    add_day(&y, 4, ".ar"); /* the first that counts */
    assert_true(finds(&y, 4, ALERT_FIRST_LESSON, &f));
    assert_int_equal(f.absences, 3);
    assert_int_equal(f.counted, 5);
    assert_int_equal(f.level, ALERT_NOTICE);
    assert_false(finds(&y, 4 + 28, ALERT_FIRST_LESSON, &f));
}

static void all_at_once_fit(void **state)
{
    struct alert_finding found[ALERT_FINDINGS_MAX];
    struct year y = {0};

    (void)state;
    for (int64_t day = 0; day < 14; day++)
        add_day(&y, day, day < 3 ? "aap" : "aaa");
    /* Ladder, row, seven weekdays, first lesson. */
    assert_int_equal(alert_find(y.at, y.n, (MONDAY + 14) * (int64_t)DAY_MS, 5, found),
                     ALERT_FINDINGS_MAX);
    assert_int_equal(alert_find(y.at, 0, 0, 5, found), 0);
}

static void names_come_back(void **state)
{
    (void)state;
    for (int k = 0; k < ALERT_KINDS; k++)
        assert_int_equal(alert_kind_of(str_of(alert_kind_name((enum alert_kind)k))), k);
    for (int l = 0; l < ALERT_LEVELS; l++)
        assert_int_equal(alert_level_of(str_of(alert_level_name((enum alert_level)l))), l);
    assert_int_equal(alert_kind_of(STR("none")), ALERT_KINDS);
    assert_int_equal(alert_level_of(STR("fine")), ALERT_LEVELS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder_has_three_steps),
        cmocka_unit_test(three_in_a_row),
        cmocka_unit_test(the_same_weekday),
        cmocka_unit_test(one_long_day_is_no_weekday_pattern),
        cmocka_unit_test(only_the_first_lesson),
        cmocka_unit_test(all_at_once_fit),
        cmocka_unit_test(names_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
