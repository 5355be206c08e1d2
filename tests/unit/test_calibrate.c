/* SPDX-License-Identifier: MIT */
/* Intervals against published values, leave-one-out against vectors whose angles are known. */
#include <math.h>
#include <string.h>

#include "ctx_test.h"
#include "face/calibrate.h"

static void test_exact_intervals(void **state)
{
    /* By R's binom.test; k = 0: 1 - 0.025^(1/n). */
    static const struct {
        int64_t k, n;
        double low, high;
    } rows[] = {
        {0, 10, 0, 0.3084971},
        {10, 10, 0.6915029, 1},
        {5, 10, 0.1870860, 0.8129140},
        {1, 20, 0.0012651, 0.2487328},
        {0, 20000, 0, 0.00018442747},
        {2, 20000, 0.0000121105, 0.00036119},
        {0, 0, 0, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct interval got = interval_exact(rows[i].k, rows[i].n);

        if (fabs(got.low - rows[i].low) > 1e-6 || fabs(got.high - rows[i].high) > 1e-6) {
            print_error("row %d: %.8f to %.8f\n", (int)i, got.low, got.high);
            assert_true(false);
        }
    }
}

enum { PERSONS = 6, EACH = 3, ROWS = PERSONS * EACH };

struct school {
    float vectors[ROWS * FACE_DIM];
    int64_t persons[ROWS];
};

/* Person p lies along axis p, template k turned a little towards an axis of its own: templates of
 * one person have a cosine of `same`, of different persons 0. */
static void make_school(struct school *s, double same)
{
    memset(s, 0, sizeof(*s));
    for (size_t r = 0; r < ROWS; r++) {
        s->persons[r] = 101 + (int64_t)(r / EACH);
        s->vectors[r * FACE_DIM + r / EACH] = (float)sqrt(same);
        s->vectors[r * FACE_DIM + 50 + r] = (float)sqrt(1 - same);
    }
}

static struct calibration look(struct ctx *ctx, const struct school *s, size_t n, double least)
{
    static const size_t rosters[] = {2, 30};
    struct calibrate_in in = {s->vectors, s->persons, n, rosters, COUNT(rosters), least, NULL};
    struct calibration c;

    calibrate(ctx, &in, &c);
    return c;
}

static void test_clear_cut(void **state)
{
    struct school s;
    struct calibration c;

    make_school(&s, 0.64);
    c = look(*state, &s, ROWS, 0);
    assert_true(c.enough);
    assert_int_equal(c.persons, PERSONS);
    assert_int_equal(c.genuine_n, ROWS);
    assert_int_equal(c.impostor_n, ROWS * (PERSONS - 1));
    assert_int_equal(c.pairs_n, PERSONS * (PERSONS - 1) / 2);
    assert_int_equal(c.look_alikes, 0);
    /* With the centroid of the other two: 0.64 / sqrt((1 + 0.64) / 2). */
    assert_true(fabs(c.genuine_least - 0.64 / sqrt(0.82)) < 1e-5);
    assert_true(fabs(c.impostor_most) < 1e-5);
    assert_int_equal(c.n_rosters, 2);
    assert_true(c.rosters[1].fpir < 1e-12 && c.rosters[1].fnir < 1e-12);
    /* Nothing seen in 15 pairs says little about rosters of 30. */
    assert_true(c.rosters[1].fpir_interval.high > 0.9);
    assert_true(fabs(c.floor - 0.45) < 1e-9 && fabs(c.suggested - 0.45) < 1e-9);
}

/* Two persons who are nearly one: found, named, and kept out of the threshold for all. */
static void test_look_alikes(void **state)
{
    struct school s;
    struct calibration c;

    make_school(&s, 0.64);
    for (size_t k = 0; k < EACH; k++) {
        s.vectors[(EACH + k) * FACE_DIM] = (float)(0.8 * 0.9);
        s.vectors[(EACH + k) * FACE_DIM + 1] = (float)(0.8 * sqrt(1 - 0.81));
    }
    c = look(*state, &s, ROWS, 0);
    assert_int_equal(c.look_alikes, 1);
    assert_int_equal(c.closest_a, 101);
    assert_int_equal(c.closest_b, 102);
    assert_true(c.impostor_most > 0.55);
    assert_true(c.rosters[0].fmr > 0);
    assert_true(fabs(c.rosters[0].fpir - (1 - pow(1 - c.rosters[0].fmr, 2))) < 1e-9);
    assert_true(fabs(c.suggested - 0.45) < 1e-9);
}

/* Two persons just above the floor raise it. */
static void test_suggestion_rises(void **state)
{
    struct school s;
    struct calibration c;

    make_school(&s, 0.81);
    for (size_t k = 0; k < EACH; k++) {
        s.vectors[(EACH + k) * FACE_DIM] = (float)(0.9 * 0.55);
        s.vectors[(EACH + k) * FACE_DIM + 1] = (float)(0.9 * sqrt(1 - 0.3025));
    }
    c = look(*state, &s, ROWS, 0);
    assert_true(c.impostor_most > 0.45 && c.impostor_most < 0.55);
    assert_true(c.suggested > c.impostor_most && c.suggested < c.impostor_most + 0.011);
    /* The school's own is what is judged, and only ever raises. */
    assert_true(look(*state, &s, ROWS, 0.6).rosters[0].fmr < 1e-12);
    assert_true(fabs(look(*state, &s, ROWS, 0.2).rosters[0].threshold - 0.45) < 1e-9);
}

static void test_too_little(void **state)
{
    struct school s;

    make_school(&s, 0.64);
    assert_false(look(*state, &s, 0, 0).enough);
    assert_false(look(*state, &s, 1, 0).enough);
    assert_false(look(*state, &s, EACH, 0).enough);
    assert_true(look(*state, &s, EACH + 1, 0).enough);
    /* One template each: nobody can be compared with the own. */
    for (size_t r = 0; r < ROWS; r++)
        s.persons[r] = 101 + (int64_t)r;
    assert_false(look(*state, &s, ROWS, 0).enough);
}

static void test_drawing(void **state)
{
    struct school s;
    struct calibration c;
    struct buf b = BUF(1 << 16);

    make_school(&s, 0.64);
    c = look(*state, &s, ROWS, 0);
    calibrate_draw(&b, &c, 0.45);
    buf_putc(&b, '\0');
    assert_false(b.failed);
    assert_says(b.at, "<svg xmlns=", 0);
    assert_says(b.at, "<title id=\"t\">", 1);
    assert_says(b.at, "threshold 0.45", 2);
    assert_says(b.at, "18 comparisons within persons", 3);
    assert_says(b.at, "</svg>", 4);
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_intervals),
        ctx_test(test_clear_cut),
        ctx_test(test_look_alikes),
        ctx_test(test_suggestion_rises),
        ctx_test(test_too_little),
        ctx_test(test_drawing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
