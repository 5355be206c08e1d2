/* SPDX-License-Identifier: MIT */
/* The decision rule, row by row: threshold, margin, pairs to keep apart, the school's own. */
#include <math.h>

#include "ctx_test.h"
#include "face/accuracy.h"
#include "face/identify.h"

enum { MANY = 30 };

struct row {
    const char *what;
    struct gallery_hit hits[4];
    size_t n;
    struct face_apart apart[2];
    size_t n_apart;
    double least;
    bool verify;
    size_t persons;
    enum face_decision decision;
    int64_t next;
    bool strict, second_factor;
};

#define PAIR(...)                                                                                  \
    .apart = {__VA_ARGS__},                                                                        \
    .n_apart = sizeof((struct face_apart[]){__VA_ARGS__}) / sizeof(struct face_apart)

/* clang-format off */
static const struct row rows[] = {
    {"nobody", .persons = 0, .decision = FACE_UNKNOWN},
    {"alone, reached", {{1, 0.40}}, 1, .persons = 1, .decision = FACE_MATCH},
    {"alone, not reached", {{1, 0.3999}}, 1, .persons = 1, .decision = FACE_UNKNOWN},
    {"of many, reached", {{1, 0.45}, {2, 0.2}}, 2, .persons = MANY, .decision = FACE_MATCH, .next = 2},
    {"of many, not reached", {{1, 0.4499}, {2, 0.2}}, 2, .persons = MANY, .decision = FACE_UNKNOWN, .next = 2},
    {"two too close", {{1, 0.60}, {2, 0.58}}, 2, .persons = MANY, .decision = FACE_AMBIGUOUS, .next = 2},
    {"two too close, neither reached", {{1, 0.40}, {2, 0.39}}, 2, .persons = MANY, .decision = FACE_UNKNOWN, .next = 2},
    {"a pair asks for more", {{1, 0.80}, {2, 0.66}}, 2, PAIR({1, 2, .more_margin = 0.1}),
     .persons = MANY, .decision = FACE_AMBIGUOUS, .next = 2, .strict = true},
    {"a pair the other way round", {{2, 0.80}, {1, 0.66}}, 2, PAIR({1, 2, .more_margin = 0.1}),
     .persons = MANY, .decision = FACE_AMBIGUOUS, .next = 1, .strict = true},
    {"a pair far enough apart", {{1, 0.90}, {2, 0.66}}, 2, PAIR({1, 2, .more_margin = 0.1}),
     .persons = MANY, .decision = FACE_MATCH, .next = 2, .strict = true},
    {"a pair of others", {{1, 0.80}, {2, 0.66}}, 2, PAIR({3, 4, .more_margin = 0.5, .more_threshold = 0.5}),
     .persons = MANY, .decision = FACE_MATCH, .next = 2},
    {"the other of the pair is third", {{1, 0.90}, {3, 0.79}, {2, 0.76}}, 3, PAIR({1, 2, .more_margin = 0.1}),
     .persons = MANY, .decision = FACE_AMBIGUOUS, .next = 2, .strict = true},
    {"a correction asks for more similarity", {{1, 0.48}, {2, 0.1}}, 2, PAIR({1, 2, .more_threshold = 0.04}),
     .persons = MANY, .decision = FACE_UNKNOWN, .next = 2, .strict = true},
    {"named for somebody unknown", {{1, 0.48}, {2, 0.1}}, 2, PAIR({1, 0, .more_threshold = 0.04}),
     .persons = MANY, .decision = FACE_UNKNOWN, .next = 2, .strict = true},
    {"the highest demand counts, not the sum", {{1, 0.50}, {2, 0.1}}, 2,
     PAIR({1, 0, .more_threshold = 0.04}, {1, 3, .more_threshold = 0.03}),
     .persons = MANY, .decision = FACE_MATCH, .next = 2, .strict = true},
    {"a second factor never matches alone", {{1, 0.99}, {2, 0.1}}, 2, PAIR({1, 5, .second_factor = true}),
     .persons = MANY, .decision = FACE_AMBIGUOUS, .next = 2, .strict = true, .second_factor = true},
    {"a second factor is no match either", {{1, 0.2}, {2, 0.1}}, 2, PAIR({1, 5, .second_factor = true}),
     .persons = MANY, .decision = FACE_UNKNOWN, .next = 2, .strict = true, .second_factor = true},
    {"signed in: that is the second factor", {{1, 0.6}}, 1, PAIR({1, 5, .second_factor = true}),
     .verify = true, .persons = 1, .decision = FACE_MATCH, .strict = true},
    {"the school asks for more", {{1, 0.49}, {2, 0.1}}, 2, .least = 0.5, .persons = MANY,
     .decision = FACE_UNKNOWN, .next = 2},
    {"the school cannot ask for less", {{1, 0.44}, {2, 0.1}}, 2, .least = 0.3, .persons = MANY,
     .decision = FACE_UNKNOWN, .next = 2},
    {"the school's own is for searching", {{1, 0.41}}, 1, .least = 0.5, .verify = true, .persons = 1,
     .decision = FACE_MATCH},
};
/* clang-format on */

static void test_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *w = &rows[i];
        struct roster r = {.apart = w->apart,
                           .n_apart = w->n_apart,
                           .least_threshold = w->least,
                           .verify = w->verify};
        struct face_match m = roster_decide(&r, w->persons, w->hits, w->n);

        if (m.decision != w->decision || m.next != w->next || m.strict != w->strict ||
            m.second_factor != w->second_factor) {
            print_error("%s: decision %d, next %d\n", w->what, (int)m.decision, (int)m.next);
            assert_true(false);
        }
        assert_int_equal(m.person, w->hits[0].person);
    }
}

static void test_what_was_asked_is_told(void **state)
{
    const struct face_apart pair = {1, 2, 0.1, 0.03, false};
    const struct gallery_hit hits[] = {{1, 0.7}, {2, 0.3}};
    struct roster r = {.apart = &pair, .n_apart = 1};
    struct face_match m = roster_decide(&r, MANY, hits, 2);

    (void)state;
    assert_true(fabs(m.base_threshold - 0.45) < 1e-9);
    assert_true(fabs(m.threshold - 0.48) < 1e-9);
    assert_true(fabs(m.min_margin - face_rule_default.margin - 0.1) < 1e-9);
    assert_true(fabs(m.margin - 0.4) < 1e-9);
}

static void test_another_rule(void **state)
{
    const struct face_rule rule = {0.5, 0.6, 0.7, 10, 1000, 0.2};
    const struct gallery_hit hits[] = {{1, 0.65}, {2, 0.5}};
    struct roster r = {.rule = &rule};

    (void)state;
    assert_true(fabs(face_rule_threshold(&rule, 100) - 0.65) < 1e-9);
    assert_int_equal(roster_decide(&r, 100, hits, 2).decision, FACE_AMBIGUOUS);
    assert_int_equal(roster_decide(&r, 100, hits, 1).decision, FACE_MATCH);
    assert_int_equal(roster_decide(&r, 1000, hits, 1).decision, FACE_UNKNOWN);
}

static void test_open_set(void **state)
{
    struct face_match right = {.decision = FACE_MATCH, .person = 1};
    struct face_match other = {.decision = FACE_MATCH, .person = 2};
    struct face_match doubt = {.decision = FACE_AMBIGUOUS, .person = 1};
    struct open_set s = {0};
    struct open_set_rates r = open_set_rates(&s);

    (void)state;
    assert_true(r.hit_rate + r.fnir + r.fpir + r.wrong_name_rate < 1e-12);
    open_set_count(&s, 1, &right);
    open_set_count(&s, 1, &other);
    open_set_count(&s, 1, &doubt);
    open_set_count(&s, 1, NULL);
    open_set_count(&s, 0, &right);
    open_set_count(&s, 0, &doubt);
    open_set_count(&s, 0, NULL);
    r = open_set_rates(&s);
    assert_true(fabs(r.hit_rate - 0.25) < 1e-12);
    assert_true(fabs(r.fnir - 0.75) < 1e-12);
    assert_true(fabs(r.fpir - 1.0 / 3) < 1e-12);
    assert_true(fabs(r.wrong_name_rate - 2.0 / 7) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule),
        cmocka_unit_test(test_what_was_asked_is_told),
        cmocka_unit_test(test_another_rule),
        cmocka_unit_test(test_open_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
