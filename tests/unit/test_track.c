/* SPDX-License-Identifier: MIT */
/*
 * Tracks of made-up faces: persons are unit vectors, a look is a person with noise. What a camera
 * may show that must not give a wrong name: lucky looks, swaps, crossings, look-alikes, odd clocks.
 */
#include <math.h>
#include <string.h>

#include "check.h"
#include "face/track.h"

enum { PERSONS = 4, STRANGER = 9, FRAME_MS = 120 };

/* A fixed pseudo-random direction per seed. */
static void direction(uint64_t seed, float ret[FACE_DIM])
{
    double square = 0;

    seed = seed * 2654435761U + 12345;
    for (size_t i = 0; i < FACE_DIM; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        ret[i] = (float)((double)(seed >> 40) / (1 << 24) - 0.5);
        square += (double)ret[i] * (double)ret[i];
    }
    for (size_t i = 0; i < FACE_DIM; i++)
        ret[i] = (float)((double)ret[i] / sqrt(square));
}

/* a, with so much of b in it, of unit length. */
static void mix(const float a[FACE_DIM], const float b[FACE_DIM], double share, float ret[FACE_DIM])
{
    double square = 0;

    for (size_t i = 0; i < FACE_DIM; i++) {
        ret[i] = (float)((double)a[i] * (1 - share) + (double)b[i] * share);
        square += (double)ret[i] * (double)ret[i];
    }
    for (size_t i = 0; i < FACE_DIM; i++)
        ret[i] = (float)((double)ret[i] / sqrt(square));
}

static uint64_t noise_seed;

/* A person seen once more: cosine about 0.85 with the reference. */
static struct face_found seen_at(int64_t person, double x)
{
    struct face_found f = {.box = {x, 100, 100, 120},
                           .score = 0.9,
                           .norm = 4,
                           .embedded = true,
                           .eyes_closed = {0.1, 0.1}};
    float who[FACE_DIM], noise[FACE_DIM];

    direction((uint64_t)person, who);
    direction(1000 + noise_seed++, noise);
    mix(who, noise, 0.38, f.embedding);
    return f;
}

static struct roster school(void)
{
    struct roster r = {.gallery = gallery_create(PERSONS)};

    for (int64_t p = 1; p <= PERSONS; p++) {
        float who[FACE_DIM];

        direction((uint64_t)p, who);
        gallery_add(r.gallery, p, who);
    }
    gallery_seal(r.gallery);
    return r;
}

struct scene {
    struct roster roster;
    struct tracks *tracks;
    struct track_rule rule;
    struct track_seen seen[8];
    int64_t now;
};

static struct scene begin(void)
{
    struct scene s = {.roster = school(), .tracks = tracks_create(), .now = 5000};

    return s;
}

static void end(struct scene *s)
{
    tracks_destroy(s->tracks);
    roster_finish(&s->roster);
}

static void show(struct scene *s, const struct face_found *faces, size_t n, bool good)
{
    struct track_look looks[8];

    for (size_t i = 0; i < n; i++)
        looks[i] = (struct track_look){&faces[i], good};
    s->rule.roster = &s->roster;
    s->now += FRAME_MS;
    tracks_feed(s->tracks, &s->rule, looks, n, s->now, s->seen);
}

static void show_person(struct scene *s, int64_t person, double x, int times)
{
    for (int i = 0; i < times; i++) {
        struct face_found f = seen_at(person, x);

        show(s, &f, 1, true);
    }
}

static void test_agreeing_looks_name(void **state)
{
    struct scene s = begin();

    (void)state;
    show_person(&s, 2, 50, 1);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    assert_int_equal(s.seen[0].votes, 1);
    show_person(&s, 2, 60, 1);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_person(&s, 2, 70, 1);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    assert_true(s.seen[0].news);
    assert_int_equal(s.seen[0].match.person, 2);
    assert_int_equal(s.seen[0].track, 1);
    show_person(&s, 2, 75, 3);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    assert_false(s.seen[0].news);
    end(&s);
}

static void test_a_lucky_look_names_nobody(void **state)
{
    struct scene s = begin();

    (void)state;
    for (int i = 0; i < 14; i++) {
        show_person(&s, i == 5 ? 1 : STRANGER, 50, 1);
        assert_int_not_equal(s.seen[0].state, TRACK_NAMED);
    }
    assert_int_equal(s.seen[0].state, TRACK_UNKNOWN);
    end(&s);
}

static void test_a_stranger_is_unknown_and_may_try_again(void **state)
{
    struct scene s = begin();
    int64_t first;

    (void)state;
    show_person(&s, STRANGER, 50, TRACK_LOOKS);
    assert_int_equal(s.seen[0].state, TRACK_UNKNOWN);
    assert_true(s.seen[0].news);
    first = s.seen[0].track;
    show_person(&s, STRANGER, 50, 10);
    assert_int_equal(s.seen[0].track, first);
    assert_false(s.seen[0].news);
    show_person(&s, STRANGER, 50, 90);
    assert_int_not_equal(s.seen[0].track, first);
    end(&s);
}

static void test_a_swap_starts_a_new_track(void **state)
{
    struct scene s = begin();
    int64_t first;

    (void)state;
    show_person(&s, 1, 50, 4);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    first = s.seen[0].track;
    /* Same place, another face: at once somebody else, and not yet anybody. */
    show_person(&s, STRANGER, 50, 1);
    assert_int_not_equal(s.seen[0].track, first);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_person(&s, 3, 50, 1);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_person(&s, 3, 50, 2);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    assert_int_equal(s.seen[0].match.person, 3);
    end(&s);
}

static void test_two_cross(void **state)
{
    struct scene s = begin();
    int64_t of[2] = {0};

    (void)state;
    for (int i = 0; i <= 20; i++) {
        struct face_found both[2] = {seen_at(1, 10 + 25.0 * i), seen_at(2, 510 - 25.0 * i)};

        show(&s, both, 2, true);
        for (int k = 0; k < 2; k++) {
            if (s.seen[k].state == TRACK_NAMED)
                assert_int_equal(s.seen[k].match.person, k + 1);
            if (of[k])
                assert_int_equal(s.seen[k].track, of[k]);
            of[k] = s.seen[k].track;
        }
    }
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    assert_int_equal(s.seen[1].state, TRACK_NAMED);
    end(&s);
}

static void test_hidden_for_a_moment(void **state)
{
    struct scene s = begin();
    int64_t first;

    (void)state;
    show_person(&s, 1, 50, 3);
    first = s.seen[0].track;
    for (int i = 0; i < 8; i++)
        show(&s, NULL, 0, true);
    show_person(&s, 1, 400, 1);
    assert_int_equal(s.seen[0].track, first);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    for (int i = 0; i < 20; i++)
        show(&s, NULL, 0, true);
    assert_int_equal(tracks_open(s.tracks), 0);
    show_person(&s, 1, 50, 1);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    end(&s);
}

/* The best match flips between two who look alike: never a name. */
static void test_look_alikes_flicker(void **state)
{
    struct scene s = begin();
    float a[FACE_DIM], b[FACE_DIM];

    (void)state;
    direction(1, a);
    direction(2, b);
    for (int i = 0; i < 16; i++) {
        struct face_found f = seen_at(1, 50);

        mix(a, b, i % 2 ? 0.42 : 0.58, f.embedding);
        show(&s, &f, 1, true);
        assert_int_not_equal(s.seen[0].state, TRACK_NAMED);
    }
    assert_int_equal(s.seen[0].state, TRACK_AMBIGUOUS);
    end(&s);
}

/* Looks 5 ms apart are one look. */
static void test_two_hundred_frames_a_second(void **state)
{
    struct scene s = begin();
    struct face_found f = seen_at(1, 50);
    struct track_look look = {&f, true};

    (void)state;
    s.rule.roster = &s.roster;
    for (int i = 0; i < 36; i++) {
        tracks_feed(s.tracks, &s.rule, &look, 1, 1000 + 5 * i, s.seen);
        assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    }
    for (int i = 36; i < 200; i++)
        tracks_feed(s.tracks, &s.rule, &look, 1, 1000 + 5 * i, s.seen);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    assert_int_equal(tracks_open(s.tracks), 1);
    end(&s);
}

static void test_the_clock_jumps_back(void **state)
{
    struct scene s = begin();
    int64_t first;

    (void)state;
    show_person(&s, 1, 50, 2);
    first = s.seen[0].track;
    s.now -= 60 * 60 * 1000;
    show_person(&s, 1, 50, 1);
    assert_int_equal(s.seen[0].track, first);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_person(&s, 1, 50, 1);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    s.now += 60 * 60 * 1000;
    show_person(&s, 1, 50, 1);
    assert_int_not_equal(s.seen[0].track, first);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    end(&s);
}

static void test_broken_numbers(void **state)
{
    struct scene s = begin();

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct face_found f[3] = {seen_at(1, 50), seen_at(2, 300), seen_at(3, NAN)};

        f[0].embedding[i] = NAN;
        f[1].embedding[7] = INFINITY;
        show(&s, f, 3, true);
        for (int k = 0; k < 3; k++) {
            assert_int_equal(s.seen[k].state, TRACK_LOOKING);
            assert_false(s.seen[k].compared);
        }
        assert_int_equal(s.seen[2].track, 0);
    }
    show_person(&s, 1, 50, 3);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    end(&s);
}

static void test_poor_looks_do_not_count(void **state)
{
    struct scene s = begin();

    (void)state;
    for (int i = 0; i < 30; i++) {
        struct face_found f = seen_at(1, 50);

        show(&s, &f, 1, false);
        assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    }
    assert_int_equal(s.seen[0].track, 1);
    end(&s);
}

static void test_a_crowd(void **state)
{
    struct scene s = begin();
    struct face_found faces[40];
    struct track_look looks[40];
    struct track_seen seen[40];

    (void)state;
    s.rule.roster = &s.roster;
    for (int i = 0; i < 40; i++) {
        faces[i] = seen_at(100 + i, 150.0 * i);
        looks[i] = (struct track_look){&faces[i], true};
    }
    tracks_feed(s.tracks, &s.rule, looks, 40, 1, seen);
    assert_int_equal(tracks_open(s.tracks), TRACKS_MAX);
    for (int i = 0; i < 40; i++)
        assert_int_equal(seen[i].track, i < TRACKS_MAX ? i + 1 : 0);
    end(&s);
}

static bool live_score(void *user, size_t look, double *ret)
{
    (void)look;
    *ret = *(const double *)user;
    return true;
}

static void test_what_does_not_look_alive(void **state)
{
    struct scene s = begin();
    double score = 0.1;

    (void)state;
    s.rule.live = live_score;
    s.rule.user = &score;
    show_person(&s, 1, 50, TRACK_LIVE - 1);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_person(&s, 1, 50, 1);
    assert_int_equal(s.seen[0].state, TRACK_SPOOF);
    assert_true(s.seen[0].live.set);
    end(&s);
    s = begin();
    score = 0.9;
    s.rule.live = live_score;
    s.rule.user = &score;
    show_person(&s, 1, 50, TRACK_LIVE);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    end(&s);
}

static void show_eyes(struct scene *s, double closed, int times)
{
    for (int i = 0; i < times; i++) {
        struct face_found f = seen_at(1, 50);

        f.eyes_closed[0] = f.eyes_closed[1] = closed;
        show(s, &f, 1, true);
    }
}

static void test_a_blink_is_asked_for(void **state)
{
    struct scene s = begin();

    (void)state;
    s.rule.blink = true;
    show_eyes(&s, 0.1, 4);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    assert_true(s.seen[0].asks_blink);
    show_eyes(&s, 0.95, 2);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_eyes(&s, 0.1, 1);
    assert_int_equal(s.seen[0].state, TRACK_NAMED);
    end(&s);
    /* Eyes that stay open, or shut for seconds, are no blink. */
    s = begin();
    s.rule.blink = true;
    show_eyes(&s, 0.1, 4);
    show_eyes(&s, 0.95, 20);
    show_eyes(&s, 0.1, 4);
    assert_int_equal(s.seen[0].state, TRACK_LOOKING);
    show_eyes(&s, 0.1, 80);
    assert_int_equal(s.seen[0].state, TRACK_SPOOF);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agreeing_looks_name),
        cmocka_unit_test(test_a_lucky_look_names_nobody),
        cmocka_unit_test(test_a_stranger_is_unknown_and_may_try_again),
        cmocka_unit_test(test_a_swap_starts_a_new_track),
        cmocka_unit_test(test_two_cross),
        cmocka_unit_test(test_hidden_for_a_moment),
        cmocka_unit_test(test_look_alikes_flicker),
        cmocka_unit_test(test_two_hundred_frames_a_second),
        cmocka_unit_test(test_the_clock_jumps_back),
        cmocka_unit_test(test_broken_numbers),
        cmocka_unit_test(test_poor_looks_do_not_count),
        cmocka_unit_test(test_a_crowd),
        cmocka_unit_test(test_what_does_not_look_alive),
        cmocka_unit_test(test_a_blink_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
