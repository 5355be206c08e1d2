/* SPDX-License-Identifier: MIT */
/* A gallery that is searched while persons come, change and go. */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "ctx_test.h"
#include "face/gallery.h"

enum { CHANGES = 40, PERSONS = 600, STAYS = 77, COMES_AND_GOES = 9999 };

/* A unit vector of its own for each (person, template): seeded, so that it is known everywhere. */
static void vector_of(int64_t person, int64_t template, float ret[FACE_DIM])
{
    uint64_t seed = (uint64_t)(person * 131 + template + 1);
    double square = 0;

    for (int i = 0; i < FACE_DIM; i++) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        ret[i] = (float)((double)(seed >> 40) / (double)(1 << 23) - 1);
        square += (double)ret[i] * (double)ret[i];
    }
    for (int i = 0; i < FACE_DIM; i++)
        ret[i] = (float)((double)ret[i] / sqrt(square));
}

static struct gallery *make(size_t persons)
{
    struct gallery *g = gallery_create(persons);
    float v[FACE_DIM];

    for (size_t p = 1; p <= persons; p++) {
        vector_of((int64_t)p, 0, v);
        gallery_add(g, (int64_t)p, v);
    }
    gallery_seal(g);
    return g;
}

static struct gallery_hit best_for(const struct gallery *g, int64_t person, int64_t template)
{
    struct gallery_hit hit = {0};
    float v[FACE_DIM];

    vector_of(person, template, v);
    (void)gallery_search(g, v, &hit, 1);
    return hit;
}

static void assert_found(const struct gallery *g, int64_t person, int64_t template)
{
    struct gallery_hit hit = best_for(g, person, template);

    assert_int_equal(hit.person, person);
    assert_true(fabs(hit.similarity - 1) < 1e-6);
}

static void assert_missing(const struct gallery *g, int64_t person, int64_t template)
{
    struct gallery_hit hit = best_for(g, person, template);

    assert_true(hit.person != person || hit.similarity < 0.5);
}

static void test_put_and_remove(void **state)
{
    struct gallery *g = make(PERSONS);
    float two[2 * FACE_DIM];

    (void)state;
    vector_of(COMES_AND_GOES, 1, two);
    vector_of(COMES_AND_GOES, 2, two + FACE_DIM);
    gallery_put(g, COMES_AND_GOES, two, 2);
    assert_int_equal(gallery_persons(g), PERSONS + 1);
    assert_int_equal(gallery_vectors(g), PERSONS + 3); /* and their centroid */
    assert_found(g, COMES_AND_GOES, 1);
    assert_found(g, COMES_AND_GOES, 2);

    /* In place of what there was, not beside it. */
    vector_of(COMES_AND_GOES, 3, two);
    gallery_put(g, COMES_AND_GOES, two, 1);
    assert_int_equal(gallery_persons(g), PERSONS + 1);
    assert_int_equal(gallery_vectors(g), PERSONS + 1);
    assert_found(g, COMES_AND_GOES, 3);
    assert_missing(g, COMES_AND_GOES, 1);

    gallery_remove(g, COMES_AND_GOES);
    gallery_remove(g, COMES_AND_GOES);
    assert_int_equal(gallery_persons(g), PERSONS);
    assert_missing(g, COMES_AND_GOES, 3);
    for (int64_t p = 1; p <= PERSONS; p += 97)
        assert_found(g, p, 0);
    gallery_destroy(g);
}

static void test_from_nothing(void **state)
{
    struct gallery *g = gallery_create(0);
    float v[FACE_DIM], nothing[FACE_DIM] = {0};
    struct gallery_hit hit;

    (void)state;
    gallery_seal(g);
    vector_of(1, 0, v);
    assert_int_equal(gallery_search(g, v, &hit, 1), 0);
    gallery_put(g, 1, nothing, 1);
    assert_int_equal(gallery_persons(g), 0);
    for (int64_t p = 1; p <= 200; p++) {
        vector_of(p, 0, v);
        gallery_put(g, p, v, 1);
    }
    assert_int_equal(gallery_persons(g), 200);
    for (int64_t p = 1; p <= 200; p += 2)
        gallery_remove(g, p);
    assert_int_equal(gallery_persons(g), 100);
    assert_missing(g, 1, 0);
    assert_found(g, 200, 0);
    gallery_destroy(g);
}

struct shared {
    struct gallery *g;
    atomic_bool over;
    atomic_size_t searches, wrong;
};

/* Who stays is always found; who comes and goes is found with one of its two faces or not at all:
 * both show the same template 5, never a half-written one. */
static void *search(void *arg)
{
    struct shared *s = arg;

    while (!atomic_load(&s->over)) {
        struct gallery_hit stays = best_for(s->g, STAYS, 0);
        struct gallery_hit other = best_for(s->g, COMES_AND_GOES, 5);
        bool whole = other.person == COMES_AND_GOES && other.similarity > 0.99;
        bool absent = other.person != COMES_AND_GOES && other.similarity < 0.5;

        if (stays.person != STAYS || stays.similarity < 0.99 || !(whole || absent))
            atomic_fetch_add(&s->wrong, 1);
        atomic_fetch_add(&s->searches, 1);
    }
    return NULL;
}

static void test_searched_meanwhile(void **state)
{
    struct shared s = {.g = make(PERSONS)};
    float two[2 * FACE_DIM];
    pthread_t readers[2];
    size_t seen = 0;

    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, search, &s), 0);
    vector_of(COMES_AND_GOES, 5, two);
    /* On one processor all changes may be over before anybody has searched. */
    while (!atomic_load(&s.searches))
        (void)sched_yield();
    for (int i = 0; i < CHANGES; i++) {
        vector_of(COMES_AND_GOES, 100 + i, two + FACE_DIM);
        gallery_put(s.g, COMES_AND_GOES, two, 2);
        gallery_put(s.g, COMES_AND_GOES, two, 1);
        if (i % 3 == 0)
            gallery_remove(s.g, COMES_AND_GOES);
        seen = atomic_load(&s.searches);
    }
    atomic_store(&s.over, true);
    for (size_t i = 0; i < 2; i++)
        pthread_join(readers[i], NULL);
    assert_true(seen > 0);
    assert_int_equal(atomic_load(&s.wrong), 0);
    assert_int_equal(gallery_persons(s.g), PERSONS + ((CHANGES - 1) % 3 ? 1 : 0));
    gallery_destroy(s.g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_put_and_remove),
        cmocka_unit_test(test_from_nothing),
        cmocka_unit_test(test_searched_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
