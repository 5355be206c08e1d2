/* SPDX-License-Identifier: MIT */
/* From faces to persons: merging over photos, and who is sure, unsure or unknown. */
#include <math.h>
#include <string.h>

#include "class_photo/gather.h"
#include "ctx_test.h"

enum { ANNA = 11, BEN = 12 };

/* A face like the `like`-th basis vector, turned towards another by `other` (a sine). */
static struct sighting seen(int64_t face, int64_t photo, size_t like, double other)
{
    struct sighting s = {.face = face, .photo = photo};

    s.found.norm = 3.5;
    s.found.embedding[like] = (float)sqrt(1 - other * other);
    s.found.embedding[200 + (size_t)face] = (float)other;
    s.match = (struct face_match){.decision = FACE_UNKNOWN, .threshold = 0.45, .min_margin = 0.05};
    return s;
}

static void compare(struct sighting *s, int64_t person, double similarity, double margin)
{
    bool close = similarity >= s->match.threshold;

    s->match.person = person;
    s->match.similarity = similarity;
    s->match.margin = margin;
    s->match.next = BEN + 1;
    if (close)
        s->match.decision = margin >= s->match.min_margin ? FACE_MATCH : FACE_AMBIGUOUS;
    s->hits[0] = (struct gallery_hit){person, similarity};
    s->hits[1] = (struct gallery_hit){BEN + 1, similarity - margin};
    s->n_hits = 2;
}

static void flaw(struct sighting *s)
{
    s->flaws.at[0].flaw = FACE_FLAW_TOO_SMALL;
    s->flaws.n = 1;
}

/* One student in two photos is one person; the better face stands for it. */
static void test_a_student_in_two_photos(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.6), seen(2, 1, 1, 0.7)};
    struct gathered *all;

    compare(&s[0], ANNA, 0.60, 0.3);
    compare(&s[1], ANNA, 0.71, 0.3);
    assert_int_equal(gather(*state, s, COUNT(s), &all), 1);
    assert_int_equal(all[0].bucket, GATHERED_SURE);
    assert_int_equal(all[0].student_id, ANNA);
    assert_int_equal(all[0].n, 2);
    assert_int_equal(all[0].faces[0]->face, 2);
    assert_int_equal(all[0].reasons, 0);
}

/* A stranger in three photos is one unknown; two strangers of one photo stay two. */
static void test_strangers(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.5), seen(2, 1, 1, 0.5), seen(3, 2, 1, 0.5),
                           seen(4, 0, 1, 0.1), seen(5, 0, 2, 0.1)};
    struct gathered *all;
    size_t largest = 0;

    for (size_t i = 0; i < COUNT(s); i++)
        compare(&s[i], ANNA, 0.2, 0.1);
    size_t n = gather(*state, s, COUNT(s), &all);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(all[i].bucket, GATHERED_UNKNOWN);
        assert_int_equal(all[i].student_id, 0);
        assert_int_equal(all[i].n_candidates, 0);
        largest = all[i].n > largest ? all[i].n : largest;
    }
    assert_int_equal(largest, 3);
}

/* What is not good, not clear or not far from the threshold is for a person to decide. */
static void test_doubts(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.1), seen(2, 0, 2, 0.1), seen(3, 0, 3, 0.1),
                           seen(4, 0, 4, 0.1), seen(5, 0, 5, 0.1)};
    const unsigned want[] = {REASON_LOW_QUALITY, REASON_AMBIGUOUS, REASON_NEAR_THRESHOLD,
                             REASON_NEAR_THRESHOLD, REASON_LOOK_ALIKE};
    struct gathered *all;

    compare(&s[0], 1, 0.70, 0.3);
    flaw(&s[0]);
    compare(&s[1], 2, 0.60, 0.02);
    compare(&s[2], 3, 0.47, 0.3);
    compare(&s[3], 4, 0.38, 0.3);
    compare(&s[4], 5, 0.70, 0.3);
    s[4].match.decision = FACE_AMBIGUOUS;
    s[4].match.second_factor = true;
    assert_int_equal(gather(*state, s, COUNT(s), &all), COUNT(s));
    for (size_t i = 0; i < COUNT(s); i++) {
        assert_int_equal(all[i].bucket, GATHERED_UNSURE);
        assert_int_equal(all[i].faces[0]->face, i + 1);
        assert_int_equal(all[i].reasons, want[i]);
        assert_int_equal(all[i].candidates[0].person, i + 1);
    }
    assert_int_equal(all[1].n_candidates, 2);
    assert_int_equal(all[3].student_id, 0);
}

/* Nobody is twice in one photo: two equal matches are a doubt about both. */
static void test_twice_in_one_photo(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.1), seen(2, 0, 2, 0.1)};
    struct gathered *all;

    compare(&s[0], ANNA, 0.62, 0.3);
    compare(&s[1], ANNA, 0.60, 0.3);
    assert_int_equal(gather(*state, s, COUNT(s), &all), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(all[i].bucket, GATHERED_UNSURE);
        assert_true(all[i].reasons & REASON_SEEN_TWICE);
    }
    compare(&s[1], ANNA, 0.52, 0.3);
    assert_int_equal(gather(*state, s, COUNT(s), &all), 2);
    assert_int_equal(all[0].bucket, GATHERED_SURE);
    assert_int_equal(all[0].faces[0]->face, 1);
    assert_int_equal(all[1].bucket, GATHERED_UNSURE);
}

/* Who surely is another face of the same photo is not proposed when somebody else is. */
static void test_taken_students_are_not_proposed(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.1), seen(2, 0, 2, 0.1)};
    struct gathered *all;

    compare(&s[0], ANNA, 0.70, 0.3);
    compare(&s[1], ANNA, 0.43, 0.02);
    assert_int_equal(gather(*state, s, COUNT(s), &all), 2);
    assert_int_equal(all[1].bucket, GATHERED_UNSURE);
    assert_int_equal(all[1].n_candidates, 1);
    assert_int_equal(all[1].candidates[0].person, BEN + 1);
}

/* What may be a picture of a face is for a person to decide; a score that is missing says nothing.
 */
static void test_not_alive(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.1), seen(2, 0, 2, 0.1), seen(3, 0, 3, 0.1)};
    struct gathered *all;

    for (size_t i = 0; i < COUNT(s); i++)
        compare(&s[i], (int64_t)i + 1, 0.70, 0.3);
    s[0].live = (struct opt_f64){.set = true, .v = 0.29};
    s[1].live = (struct opt_f64){.set = true, .v = 0.3};
    assert_int_equal(gather(*state, s, COUNT(s), &all), 3);
    assert_int_equal(all[0].student_id, 2);
    assert_int_equal(all[1].student_id, 3);
    assert_int_equal(all[1].bucket, GATHERED_SURE);
    assert_int_equal(all[2].bucket, GATHERED_UNSURE);
    assert_int_equal(all[2].reasons, REASON_NOT_ALIVE);
    assert_int_equal(all[2].candidates[0].person, 1);
}

/* A poor face joins the person that it is like; a good one then speaks for both. */
static void test_a_poor_second_look(void **state)
{
    struct sighting s[] = {seen(1, 0, 1, 0.2), seen(2, 1, 1, 0.3)};
    struct gathered *all;

    compare(&s[0], ANNA, 0.39, 0.3);
    flaw(&s[0]);
    compare(&s[1], ANNA, 0.66, 0.3);
    assert_int_equal(gather(*state, s, COUNT(s), &all), 1);
    assert_int_equal(all[0].bucket, GATHERED_SURE);
    assert_int_equal(all[0].faces[0]->face, 2);
    assert_int_equal(gather(*state, s, 0, &all), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_a_student_in_two_photos),
        ctx_test(test_strangers),
        ctx_test(test_doubts),
        ctx_test(test_twice_in_one_photo),
        ctx_test(test_taken_students_are_not_proposed),
        ctx_test(test_a_poor_second_look),
        ctx_test(test_not_alive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
