/* SPDX-License-Identifier: MIT */
/* Where a phone is: distances on the globe, what inaccuracy does to them, networks, words. */
#include <math.h>

#include "check_in/place.h"
#include "ctx_test.h"

/* On a sphere of the same radius by the law of cosines, another formula than the tested one. */
static void test_distances(void **state)
{
    static const struct {
        double a[2], b[2], metres;
    } rows[] = {
        {{48.8566, 2.3522}, {51.5074, -0.1278}, 343556.53}, /* Paris, London */
        {{33.5731, -7.5898}, {34.0209, -6.8416}, 85201.08}, /* Casablanca, Rabat */
        {{0, 179.99}, {0, -179.99}, 2223.90},               /* over the date line */
        {{0, 0}, {90, 0}, 10007557.22},                     /* a quarter of a meridian */
        {{0, 0}, {0, 180}, 20015114.44},                    /* the other end of the world */
        {{-33.5731, 70}, {-33.5731, 70}, 0},
        {{90, 12}, {90, -140}, 0}, /* at a pole all longitudes are one */
        {{48.8566, 2.3522}, {48.8567, 2.3522}, 11.12},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        double there = place_distance_m(rows[i].a[0], rows[i].a[1], rows[i].b[0], rows[i].b[1]);
        double back = place_distance_m(rows[i].b[0], rows[i].b[1], rows[i].a[0], rows[i].a[1]);

        if (fabs(there - rows[i].metres) > 0.01 || fabs(there - back) > 1e-6)
            print_error("row %zu: %f, back %f\n", i, there, back);
        assert_true(fabs(there - rows[i].metres) <= 0.01);
        assert_true(fabs(there - back) <= 1e-6);
    }
}

static struct place_room room_at(double latitude, double longitude, int64_t radius_m)
{
    return (struct place_room){
        .latitude = {.set = true, .v = latitude},
        .longitude = {.set = true, .v = longitude},
        .radius_m = {.set = true, .v = radius_m},
    };
}

/* The room is at 48.8566, 2.3522 with 50 m around it; a thousandth of a degree north is 111.2 m. */
static void test_the_fence(void **state)
{
    static const struct {
        double north_m, accuracy_m;
        enum place_fence fence;
    } rows[] = {
        {0, 5, FENCE_INSIDE},      {49, 0, FENCE_INSIDE},
        {51, 0, FENCE_OUTSIDE},    {60, 9, FENCE_OUTSIDE},
        {60, 11, FENCE_INSIDE}, /* may well be in it */
        {149, 100, FENCE_INSIDE},  {151, 100, FENCE_OUTSIDE},
        {151, 140, FENCE_OUTSIDE},                        /* only 100 m speak for the person */
        {0, 150, FENCE_INSIDE},    {0, 151, FENCE_VAGUE}, /* even in the middle of it */
        {0, 800, FENCE_VAGUE},     {500000, 20, FENCE_OUTSIDE},
    };
    struct ctx *ctx = *state;
    struct place_room room = room_at(48.8566, 2.3522, 50);

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place at = {48.8566 + rows[i].north_m / 111195.08, 2.3522, rows[i].accuracy_m};
        struct place_finding f = place_judge(ctx, &room, &at);

        if (f.fence != rows[i].fence)
            print_error("row %zu: %s\n", i, place_fence_name(f.fence));
        assert_int_equal(f.fence, rows[i].fence);
        assert_int_equal(!!(f.facts & FACT_FENCE), rows[i].fence == FENCE_INSIDE);
    }
}

static void test_nothing_is_known_without_a_circle_or_a_position(void **state)
{
    struct ctx *ctx = *state;
    struct place_room whole = room_at(48.8566, 2.3522, 50);
    struct place_room part = whole;
    struct place at = {48.8566, 2.3522, 5};

    assert_int_equal(place_judge(ctx, &whole, NULL).fence, FENCE_UNSAID);
    part.radius_m.set = false;
    assert_int_equal(place_judge(ctx, &part, &at).fence, FENCE_UNKNOWN);
    assert_int_equal(place_judge(ctx, &part, &at).facts, 0);
}

static void test_networks(void **state)
{
    static const struct {
        const char *network, *ip;
        bool in;
    } rows[] = {
        {"10.0.4.0/24", "10.0.4.9", true},
        {"10.0.4.0/24", "10.0.5.9", false},
        {"10.0.4.0/24, 192.168.7.0/24", "192.168.7.1", true},
        {"10.0.4.0/24,2001:db8::/48", "2001:db8::17", true},
        {"10.0.4.0/24,2001:db8::/48", "2001:db9::17", false},
        {"", "10.0.4.9", false},
        {",", "10.0.4.9", false},
        {"nonsense,10.0.4.9", "10.0.4.9", true},
        {"10.0.4.0/24", "", false},
        {"10.4.4.0/24", "::ffff:10.4.4.9", true},
        {"10.4.4.0/24", "::ffff:10.4.5.9", false},
        {"::ffff:10.4.4.0/120", "10.4.4.9", true},
        {"::ffff:10.4.4.0/120", "10.4.5.9", false},
        {"::ffff:10.4.4.9", "::ffff:0a04:0409", true},
        {"::/0", "10.4.4.9", false},
        {"10.4.4.0/24", "::10.4.4.9", false},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place_room room = {.network = {.set = true, .v = str_of(rows[i].network)}};
        struct place_finding f;

        ctx->ip = str_of(rows[i].ip);
        f = place_judge(ctx, &room, NULL);
        if (!!(f.facts & FACT_SUBNET) != rows[i].in)
            print_error("row %zu\n", i);
        assert_int_equal(!!(f.facts & FACT_SUBNET), rows[i].in);
    }
}

static void test_what_is_kept_and_said(void **state)
{
    struct ctx *ctx = *state;
    struct place_room room = room_at(48.8566, 2.3522, 50);
    struct place far = {48.8600, 2.3522, 23};
    struct place vague = {48.8566, 2.3522, 800};
    struct place_finding f = place_judge(ctx, &room, &far);

    /* 378 m in tens, and no coordinate. */
    assert_string_equal(place_note(ctx, &f).v.at, "380 m ± 30 m");
    assert_string_equal(place_why(ctx, &f, FACT_FENCE, "en").at,
                        "You are about 380 m away from the room.");
    assert_string_equal(place_why(ctx, &f, FACT_FENCE | FACT_SUBNET, "en").at,
                        "You are about 380 m away from the room. No network is recorded for this "
                        "room.");
    assert_int_equal(place_why(ctx, &f, FACT_LIVE, "en").len, 0);
    f = place_judge(ctx, &room, &vague);
    assert_string_equal(place_note(ctx, &f).v.at, "± 800 m");
    assert_string_equal(place_why(ctx, &f, FACT_FENCE, "en").at,
                        "Your position is only known to 800 m.");
    assert_string_equal(place_why(ctx, &f, FACT_FENCE, "fr").at,
                        "Votre position n’est connue qu’à 800 m près.");
    assert_string_equal(place_why(ctx, &f, FACT_FENCE, "ar").at, "موقعك معروف بدقة 800 م فقط.");
    f = place_judge(ctx, &room, NULL);
    assert_false(place_note(ctx, &f).set);
    assert_string_equal(place_why(ctx, &f, FACT_FENCE, "en").at, "Your position was not sent.");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(test_distances),
        ctx_test(test_the_fence),
        ctx_test(test_nothing_is_known_without_a_circle_or_a_position),
        ctx_test(test_networks),
        ctx_test(test_what_is_kept_and_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
