/* SPDX-License-Identifier: MIT */
/* The gallery's answer is that of comparing with everything, also when rows are made to fool it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ctx_test.h"
#include "face/accuracy.h"
#include "face/identify.h"

static const double SAME = 1e-6;

static float next_number(uint64_t *seed)
{
    double sum = 0;

    for (int i = 0; i < 4; i++) {
        *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
        sum += (double)(*seed >> 40) / (double)(1 << 24);
    }
    return (float)(sum - 2);
}

static double dot(const float *a, const float *b)
{
    double sum = 0;

    for (int i = 0; i < FACE_DIM; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

static void make_unit(float *v)
{
    double length = sqrt(dot(v, v));

    for (int i = 0; i < FACE_DIM; i++)
        v[i] = (float)((double)v[i] / length);
}

static void make_random(float *v, uint64_t *seed)
{
    for (int i = 0; i < FACE_DIM; i++)
        v[i] = next_number(seed);
    make_unit(v);
}

/* What a test put into its gallery, kept to compare with. */
struct known {
    size_t persons;
    int64_t *ids;
    size_t *templates; /* of each person */
    float *vectors;    /* five rows of each person, the sixth for the centroid */
};

enum { ROWS = 6 };

static struct known known_create(struct ctx *ctx, size_t persons)
{
    struct arena *a = &ctx->arena;

    return (struct known){
        .persons = persons,
        .ids = ARENA_NEW_N(a, int64_t, persons),
        .templates = ARENA_NEW_N(a, size_t, persons),
        .vectors = ARENA_NEW_N(a, float, persons *ROWS *FACE_DIM),
    };
}

static float *known_row(const struct known *k, size_t person, size_t row)
{
    return k->vectors + (person * ROWS + row) * FACE_DIM;
}

static struct gallery *make_gallery(const struct known *k, size_t expected)
{
    struct gallery *g = gallery_create(expected);

    for (size_t p = 0; p < k->persons; p++)
        for (size_t t = 0; t < k->templates[p]; t++)
            gallery_add(g, k->ids[p], known_row(k, p, t));
    gallery_seal(g);
    return g;
}

/* A person's similarity, the plain way: the best of all templates and their mean. */
static double plain_similarity(const struct known *k, size_t p, const float *probe)
{
    float mean[FACE_DIM] = {0};
    double best = -2;

    for (size_t t = 0; t < k->templates[p]; t++) {
        const float *row = known_row(k, p, t);
        best = fmax(best, dot(row, probe));
        for (int i = 0; i < FACE_DIM; i++)
            mean[i] += row[i];
    }
    make_unit(mean);
    return k->templates[p] > 1 ? fmax(best, dot(mean, probe)) : best;
}

static int descending(const void *a, const void *b)
{
    const double *p = a, *q = b;

    return (*p < *q) - (*p > *q);
}

/* Recall is 1: the hits are the best persons, in order, with their true similarities. */
static void assert_exact(struct ctx *ctx, const struct known *k, const struct gallery *g,
                         const float *probe, size_t cap)
{
    struct gallery_hit *hits = ARENA_NEW_N(&ctx->arena, struct gallery_hit, cap + 1);
    double *plain = ARENA_NEW_N(&ctx->arena, double, k->persons + 1);
    size_t n = gallery_search(g, probe, hits, cap);

    assert_int_equal(n, cap < k->persons ? cap : k->persons);
    for (size_t p = 0; p < k->persons; p++) {
        plain[p] = plain_similarity(k, p, probe);
        for (size_t h = 0; h < n; h++)
            if (hits[h].person == k->ids[p])
                assert_true(fabs(hits[h].similarity - plain[p]) < SAME);
    }
    qsort(plain, k->persons, sizeof(*plain), descending);
    for (size_t h = 0; h < n; h++) {
        assert_true(fabs(hits[h].similarity - plain[h]) < SAME);
        for (size_t other = 0; other < h; other++)
            assert_int_not_equal(hits[h].person, hits[other].person);
    }
}

static void fill_random(struct known *k, size_t templates_most, uint64_t *seed)
{
    for (size_t p = 0; p < k->persons; p++) {
        k->ids[p] = (int64_t)(1000000 - p);
        k->templates[p] = 1 + p % templates_most;
        make_random(known_row(k, p, 0), seed);
        for (size_t t = 1; t < k->templates[p]; t++) {
            float *row = known_row(k, p, t);
            for (int i = 0; i < FACE_DIM; i++)
                row[i] = known_row(k, p, 0)[i] + 0.03F * next_number(seed);
            make_unit(row);
        }
    }
}

static void test_random(void **state)
{
    static const size_t sizes[] = {1, 2, 5, 63, 64, 65, 129, 700, 3000};
    static const size_t caps[] = {1, 2, 3, 10};
    struct ctx *ctx = *state;
    uint64_t seed = 1;

    for (size_t s = 0; s < COUNT(sizes); s++) {
        struct known k = known_create(ctx, sizes[s]);
        fill_random(&k, 5, &seed);
        struct gallery *g = make_gallery(&k, s % 2 ? 0 : 3 * sizes[s]);
        assert_int_equal(gallery_persons(g), sizes[s]);
        for (int round = 0; round < 8; round++) {
            float probe[FACE_DIM];
            make_random(probe, &seed);
            /* Half of the probes are of a person in the gallery. */
            for (int i = 0; round % 2 && i < FACE_DIM; i++)
                probe[i] += 1.5F * known_row(&k, sizes[s] / 2, 0)[i];
            make_unit(probe);
            for (size_t c = 0; c < COUNT(caps); c++)
                assert_exact(ctx, &k, g, probe, caps[c]);
        }
        gallery_destroy(g);
    }
}

/* Rows nearly alike, beyond what 8 bits can tell: only the bound saves the answer. */
static void test_nearly_alike(void **state)
{
    static const float spreads[] = {1e-2F, 1e-3F, 1e-4F};
    struct ctx *ctx = *state;
    uint64_t seed = 2;

    for (size_t s = 0; s < COUNT(spreads); s++) {
        struct known k = known_create(ctx, 500);
        float base[FACE_DIM], probe[FACE_DIM];
        make_random(base, &seed);
        for (size_t p = 0; p < k.persons; p++) {
            float *row = known_row(&k, p, 0);
            k.ids[p] = (int64_t)p + 1;
            k.templates[p] = 1;
            for (int i = 0; i < FACE_DIM; i++)
                row[i] = base[i] + spreads[s] * next_number(&seed);
            make_unit(row);
        }
        struct gallery *g = make_gallery(&k, 0);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < FACE_DIM; i++)
                probe[i] = base[i] + 0.02F * next_number(&seed);
            make_unit(probe);
            struct gallery_hit hit;
            size_t best = 0;
            for (size_t p = 1; p < k.persons; p++)
                if (face_cosine(known_row(&k, p, 0), probe) >
                    face_cosine(known_row(&k, best, 0), probe))
                    best = p;
            assert_int_equal(gallery_search(g, probe, &hit, 1), 1);
            /* Bringing rows to unit length again may move the last bit, not more. */
            assert_true(face_cosine(known_row(&k, best, 0), probe) - hit.similarity < 2e-7);
            assert_exact(ctx, &k, g, probe, 2);
        }
        gallery_destroy(g);
    }
}

/* One huge number beside small ones: the 8-bit copies lose nearly everything. */
static void test_spiky(void **state)
{
    struct ctx *ctx = *state;
    struct known k = known_create(ctx, 400);
    uint64_t seed = 3;
    float probe[FACE_DIM];

    for (size_t p = 0; p < k.persons; p++) {
        float *row = known_row(&k, p, 0);
        k.ids[p] = (int64_t)p;
        k.templates[p] = 1;
        make_random(row, &seed);
        for (int i = 0; i < FACE_DIM; i++)
            row[i] *= 0.05F;
        row[p % 3] = p % 2 ? 1.0F : -1.0F;
        make_unit(row);
    }
    struct gallery *g = make_gallery(&k, 400);
    for (int round = 0; round < 20; round++) {
        make_random(probe, &seed);
        probe[round % 3] = round % 2 ? 2.0F : 0.0F;
        make_unit(probe);
        assert_exact(ctx, &k, g, probe, 1);
        assert_exact(ctx, &k, g, probe, 7);
    }
    gallery_destroy(g);
}

static void test_ties(void **state)
{
    struct ctx *ctx = *state;
    struct known k = known_create(ctx, 200);
    struct gallery_hit hits[3];
    uint64_t seed = 4;

    make_random(known_row(&k, 0, 0), &seed);
    for (size_t p = 0; p < k.persons; p++) {
        memcpy(known_row(&k, p, 0), known_row(&k, 0, 0), FACE_DIM * sizeof(float));
        k.ids[p] = (int64_t)(500 - p);
        k.templates[p] = 1;
    }
    struct gallery *g = make_gallery(&k, 0);
    assert_int_equal(gallery_search(g, known_row(&k, 0, 0), hits, 3), 3);
    assert_int_equal(hits[0].person, 301);
    assert_int_equal(hits[1].person, 302);
    assert_int_equal(hits[2].person, 303);
    assert_int_equal(gallery_identify(g, known_row(&k, 0, 0)).decision, FACE_AMBIGUOUS);
    gallery_destroy(g);
}

static void test_nonsense(void **state)
{
    struct gallery *g = gallery_create(0);
    float zero[FACE_DIM] = {0}, broken[FACE_DIM] = {0}, good[FACE_DIM] = {0};
    struct gallery_hit hit;

    (void)state;
    broken[3] = NAN;
    good[5] = 1;
    gallery_add(g, 1, zero);
    gallery_add(g, 2, broken);
    gallery_seal(g);
    assert_int_equal(gallery_persons(g), 0);
    assert_int_equal(gallery_search(g, good, &hit, 1), 0);
    struct face_match m = gallery_identify(g, good);
    assert_int_equal(m.decision, FACE_UNKNOWN);
    assert_int_equal(m.person, 0);
    gallery_destroy(g);

    g = gallery_create(1);
    gallery_add(g, 9, good);
    gallery_seal(g);
    assert_int_equal(gallery_search(g, broken, &hit, 1), 0);
    assert_int_equal(gallery_search(g, good, &hit, 0), 0);
    assert_int_equal(gallery_search(g, zero, &hit, 1), 1);
    gallery_destroy(g);
    gallery_destroy(NULL);
}

/* Unit vectors in a plane: their angles are their similarities. */
static void at_angle(float v[FACE_DIM], double cosine)
{
    memset(v, 0, FACE_DIM * sizeof(float));
    v[0] = (float)cosine;
    v[1] = (float)sqrt(1 - cosine * cosine);
}

static void test_decisions(void **state)
{
    static const struct {
        double first, second; /* similarities of persons 1 and 2; 9: there is none */
        enum face_decision want;
    } rows[] = {
        {0.46, 0.30, FACE_MATCH},     {0.46, 0.42, FACE_AMBIGUOUS}, {0.44, 0.10, FACE_UNKNOWN},
        {0.41, 9, FACE_MATCH},        {0.39, 9, FACE_UNKNOWN},      {0.30, 0.60, FACE_MATCH},
        {-0.50, -0.90, FACE_UNKNOWN}, {0.455, 0.404, FACE_MATCH},   {0.99, 0.95, FACE_AMBIGUOUS},
    };
    float probe[FACE_DIM], v[FACE_DIM];

    (void)state;
    at_angle(probe, 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gallery *g = gallery_create(2);
        bool two = rows[i].second < 2;
        at_angle(v, rows[i].first);
        gallery_add(g, 1, v);
        at_angle(v, two ? rows[i].second : 0);
        if (two)
            gallery_add(g, 2, v);
        gallery_seal(g);
        struct face_match m = gallery_identify(g, probe);
        bool first = !two || rows[i].first > rows[i].second;
        assert_int_equal(m.decision, rows[i].want);
        assert_int_equal(m.person, first ? 1 : 2);
        assert_true(fabs(m.similarity - (first ? rows[i].first : rows[i].second)) < SAME);
        assert_true(fabs(m.margin - (two ? fabs(rows[i].first - rows[i].second) : 1)) < SAME);
        assert_true(fabs(m.threshold - (two ? 0.45 : 0.40)) < SAME);
        gallery_destroy(g);
    }
}

/* The centroid of two shots is nearer to the truth than either. */
static void test_centroid(void **state)
{
    struct gallery *g = gallery_create(2);
    float v[FACE_DIM] = {0}, probe[FACE_DIM] = {0};
    struct gallery_hit hit;

    (void)state;
    v[0] = 0.8F;
    v[1] = 0.6F;
    gallery_add(g, 5, v);
    v[1] = -0.6F;
    gallery_add(g, 5, v);
    gallery_seal(g);
    assert_int_equal(gallery_persons(g), 1);
    assert_int_equal(gallery_vectors(g), 3);
    probe[0] = 1;
    assert_int_equal(gallery_search(g, probe, &hit, 1), 1);
    assert_true(fabs(hit.similarity - 1) < SAME);
    gallery_destroy(g);
}

static void test_thresholds(void **state)
{
    static const struct {
        size_t persons;
        double want;
    } rows[] = {
        {0, 0.40}, {1, 0.40}, {2, 0.45}, {200, 0.45}, {447, 0.475}, {1000, 0.50}, {5000, 0.50},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(fabs(face_threshold(rows[i].persons) - rows[i].want) < 1e-3);
}

static void test_accuracy_figures(void **state)
{
    /* Ten genuine at .5, one at .1; ten impostors at .0, one at .3. */
    struct compared all[22], again[22];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 11; i++) {
        all[n++] =
            (struct compared){.score = i ? 0.5F : 0.1F, .same = true, .fold = (short)(i % 2)};
        all[n++] = (struct compared){.score = i ? 0.0F : 0.3F, .fold = (short)(i % 2)};
    }
    memcpy(again, all, sizeof(all));
    struct accuracy a = accuracy_measure(all, n, 1);
    assert_true(fabs(a.accuracy - 21.0 / 22) < SAME);
    assert_true(fabs(a.threshold - 0.4) < SAME);
    assert_true(fabs(a.eer - 1.0 / 11) < SAME);
    assert_true(fabs(a.tar_at_fmr_1e3 - 10.0 / 11) < SAME);
    assert_true(a.accuracy_std < SAME);

    /* Fold 0 holds both odd ones: 10 of 12 right there, and all 10 of fold 1. */
    a = accuracy_measure(again, n, 2);
    assert_true(fabs(a.accuracy - (10.0 / 12 + 1) / 2) < SAME);
    assert_true(fabs(a.accuracy_std - (1 - 10.0 / 12) / 2) < SAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_random),   ctx_test(test_nearly_alike), ctx_test(test_spiky),
        ctx_test(test_ties),     ctx_test(test_nonsense),     ctx_test(test_decisions),
        ctx_test(test_centroid), ctx_test(test_thresholds),   ctx_test(test_accuracy_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
