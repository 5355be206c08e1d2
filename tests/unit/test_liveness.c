/* SPDX-License-Identifier: MIT */
/* The liveness engine on measurements made by hand: each challenge, each reason to refuse. */
#include <math.h>
#include <string.h>

#include "base/mem.h"

#include "face/liveness_parts.h"
#include "live_scene.h"

static const enum live_challenge all[] = {LIVE_BLINK, LIVE_TURN_LEFT, LIVE_TURN_RIGHT,
                                          LIVE_COME_CLOSER};
static const enum live_challenge blink[] = {LIVE_BLINK};
static const enum live_challenge left[] = {LIVE_TURN_LEFT};
static const enum live_challenge right[] = {LIVE_TURN_RIGHT};
static const enum live_challenge closer[] = {LIVE_COME_CLOSER};

static int setup(void **state)
{
    *state = MEM_NEW(struct scene);
    return 0;
}

static int teardown(void **state)
{
    struct scene *s = *state;

    scene_end(s);
    mem_free(s);
    return 0;
}

static void play_all(struct scene *s)
{
    scene_blink(s);
    assert_int_equal(s->last.done, 1);
    scene_turn(s, 26, 0);
    assert_int_equal(s->last.done, 2);
    scene_turn(s, -26, 0);
    assert_int_equal(s->last.done, 3);
    scene_come(s, 1.4);
}

static void test_all_challenges(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    s->passive = 0.75;
    play_all(s);
    struct live_result r = liveness_result(s->l);
    assert_true(r.passed);
    assert_int_equal(s->last.state, LIVE_PASSED);
    assert_int_equal(r.n_reasons, 0);
    assert_int_equal(r.n_steps, COUNT(all));
    for (size_t i = 0; i < r.n_steps; i++) {
        assert_true(r.steps[i].passed);
        assert_int_equal(r.steps[i].challenge, all[i]);
        assert_true(r.steps[i].measured >= r.steps[i].limit);
        assert_true(!i || r.steps[i].at_ms > r.steps[i - 1].at_ms);
    }
    assert_true(isnan(r.steps[0].relief));
    assert_true(fabs(r.steps[1].relief - 0.55) < 0.02);
    assert_true(fabs(r.steps[2].relief - 0.55) < 0.02);
    assert_true(fabs(r.passive - 0.75) < 1e-9);
    assert_true(r.embedded);
    assert_true(fabs((double)r.embedding[1] - 1) < 1e-6);
    assert_true(r.best_norm > 3.9 && r.best_height_px > 100);
    size_t frames = r.frames;
    scene_wait(s, 3);
    assert_int_equal(liveness_result(s->l).frames, frames);
}

static void test_hints(void **state)
{
    struct scene *s = *state;

    scene_begin(s, right, 1);
    assert_int_equal(liveness_progress(s->l).hint, LIVE_HINT_NO_FACE);
    assert_int_equal(liveness_progress(s->l).left_ms, LIVE_CHALLENGE_MS);
    (void)scene_feed(s);
    assert_int_equal(s->last.hint, LIVE_HINT_LOOK_STRAIGHT);
    scene_wait(s, 2);
    assert_int_equal(s->last.hint, LIVE_HINT_TURN_RIGHT);
    assert_int_equal(s->last.left_ms, LIVE_CHALLENGE_MS - 2 * SCENE_STEP_MS);
    s->yaw = -0.45;
    scene_wait(s, 3);
    assert_int_equal(s->last.hint, LIVE_HINT_TURN_BACK);
    s->yaw = 0;
    s->size = 20;
    s->x += 10;
    scene_wait(s, 1);
    assert_int_equal(s->last.state, LIVE_ONGOING);
}

static void test_small_face(void **state)
{
    struct scene *s = *state;

    scene_begin(s, blink, 1);
    s->size = 25;
    scene_blink(s);
    assert_int_equal(s->last.done, 0);
    assert_int_equal(s->last.hint, LIVE_HINT_FACE_TOO_SMALL);
}

/* What a blink must be: which frames are closed, and what else moves. */
static void test_blinks(void **state)
{
    static const struct {
        const char *lids; /* one frame each, 100 ms apart: o open, c closed, h half */
        bool blinked;
    } rows[] = {
        {"ooocoo", true},  {"ooccoo", true},         {"oohcchoo", true},      {"oooooo", false},
        {"oohhoo", false}, {"ccccoo", false},        {"ooccccccccoo", false}, {"oocccc", false},
        {"oncco", false},  {"oohhhhhhhhcoo", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct live_blink b = {0};
        bool blinked = false;
        for (size_t k = 0; rows[i].lids[k]; k++) {
            char c = rows[i].lids[k];
            double p = c == 'o' ? 0.05 : c == 'c' ? 0.95 : c == 'h' ? 0.5 : NAN;
            double closed[2] = {p, p};
            blinked |= live_blink_feed(&b, 5000 + (int64_t)k * 100, closed, 3);
        }
        if (blinked != rows[i].blinked)
            print_error("%s\n", rows[i].lids);
        assert_int_equal(blinked, rows[i].blinked);
    }
    struct live_blink b = {0};
    static const double open[2] = {0, 0}, wink[2] = {1, 0.1}, shut[2] = {1, 1};
    assert_false(live_blink_feed(&b, 100, open, 0));
    assert_false(live_blink_feed(&b, 200, wink, 0));
    assert_false(live_blink_feed(&b, 300, open, 0));
    assert_false(live_blink_feed(&b, 400, shut, 25)); /* turned away */
    assert_false(live_blink_feed(&b, 500, open, 0));
    assert_false(live_blink_feed(&b, 520, shut, 0));
    assert_false(live_blink_feed(&b, 560, open, 0)); /* 60 ms: noise */
}

static void test_blink_by_tilt(void **state)
{
    struct scene *s = *state;

    scene_begin(s, blink, 1);
    scene_wait(s, 4);
    s->closed = 0.95;
    s->pitch = 0.9;
    scene_wait(s, 2);
    s->closed = s->pitch = 0;
    scene_wait(s, 3);
    assert_int_equal(s->last.done, 0);
    scene_blink(s); /* and a real one afterwards is taken */
    assert_int_equal(s->last.state, LIVE_PASSED);
}

static void test_flat_picture(void **state)
{
    struct scene *s = *state;

    scene_begin(s, left, 1);
    s->flat = true;
    for (int i = 0; i < 9; i++)
        scene_turn(s, 45, 0); /* does not even look turned */
    assert_int_equal(s->last.state, LIVE_REFUSED);
    assert_true(scene_refused(s, LIVE_REFUSED_CHALLENGE_FAILED));
}

static void test_flat_picture_obliquely(void **state)
{
    struct scene *s = *state;

    scene_begin(s, left, 1);
    s->flat = true;
    scene_turn(s, 48, 48);
    scene_turn(s, 48, -48); /* one of them looks turned to the left */
    assert_int_equal(s->last.state, LIVE_REFUSED);
    assert_true(scene_refused(s, LIVE_REFUSED_STILL_PICTURE));
}

static void test_geometry(void **state)
{
    static const struct point head[5] = {{0, 0}, {60, 2}, {31, 35}, {8, 66}, {53, 67}};
    struct point now[5];

    (void)state;
    for (int k = 0; k < 20; k++) {
        double a = 1 + 0.02 * k, b = 0.03 * k - 0.2, g = 0.0005 * k, h = -0.0004 * k;
        for (size_t i = 0; i < 5; i++) {
            double w = 1 + g * head[i].x + h * head[i].y;
            now[i].x = (a * head[i].x + b * head[i].y + 7) / w;
            now[i].y = (0.9 * head[i].y - b * head[i].x) / w;
        }
        assert_true(fabs(live_depth(head, now)) < 1e-9); /* a plane from anywhere */
    }
    for (size_t i = 0; i < 5; i++)
        now[i] = (struct point){0.5 * head[i].x, head[i].y};
    assert_true(fabs(live_tilt(head, now) - tan(acos(0.5))) < 1e-6);
    memset(now, 0, sizeof(now));
    assert_true(isnan(live_depth(head, now)));
    assert_true(!isfinite(live_tilt(head, now)));
}

static void test_wrong_movements(void **state)
{
    struct scene *s = *state;

    scene_begin(s, left, 1);
    scene_turn(s, -26, 0);
    assert_true(scene_refused(s, LIVE_REFUSED_WRONG_MOVEMENT));
    scene_end(s);
    scene_begin(s, blink, 1);
    scene_turn(s, 26, 0);
    assert_true(scene_refused(s, LIVE_REFUSED_WRONG_MOVEMENT));
    scene_end(s);
    scene_begin(s, left, 1);
    scene_come(s, 1.5);
    assert_true(scene_refused(s, LIVE_REFUSED_WRONG_MOVEMENT));
    scene_end(s);
    scene_begin(s, closer, 1);
    scene_turn(s, 26, 0);
    assert_true(scene_refused(s, LIVE_REFUSED_WRONG_MOVEMENT));
    scene_end(s);
    scene_begin(s, left, 1);
    scene_blink(s); /* people blink: no harm, no good */
    assert_int_equal(s->last.done, 0);
    scene_turn(s, 26, 0);
    assert_int_equal(s->last.state, LIVE_PASSED);
}

static void test_leap_closer(void **state)
{
    struct scene *s = *state;

    scene_begin(s, closer, 1);
    scene_wait(s, 4);
    s->size = 85; /* another picture, not a step */
    scene_wait(s, 6);
    assert_int_equal(s->last.done, 0);
}

static void test_order_of_frames(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    scene_wait(s, 3);
    s->number = 1;
    scene_wait(s, 1);
    assert_true(scene_refused(s, LIVE_REFUSED_REORDERED));
}

static void test_clock(void **state)
{
    static const struct {
        int64_t leap_ms;
        enum live_refusal why;
    } rows[] = {
        {-500, LIVE_REFUSED_CLOCK_JUMP},
        {3600 * 1000, LIVE_REFUSED_CLOCK_JUMP},
        {LIVE_SESSION_MS, LIVE_REFUSED_EXPIRED},
        {2500, LIVE_REFUSED_TOO_SLOW},
    };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        scene_end(s);
        scene_begin(s, all, COUNT(all));
        scene_wait(s, 4);
        s->at_ms += rows[i].leap_ms;
        scene_wait(s, 1);
        assert_true(scene_refused(s, rows[i].why));
    }
    scene_end(s);
    scene_begin(s, all, COUNT(all));
    s->at_ms -= 1; /* before it was created */
    scene_wait(s, 1);
    assert_true(scene_refused(s, LIVE_REFUSED_CLOCK_JUMP));
}

static void test_200_frames_a_second(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    for (int i = 0; i < 100 && scene_feed(s) == LIVE_ONGOING; i++)
        s->at_ms += 5 - SCENE_STEP_MS;
    assert_true(scene_refused(s, LIVE_REFUSED_TOO_FAST));
}

static void test_answer_too_early(void **state)
{
    struct scene *s = *state;

    scene_begin(s, left, 1);
    for (int i = 0; i < 4; i++) {
        s->yaw = i < 2 ? 0 : 0.45;
        (void)scene_feed(s);
        s->at_ms += 50 - SCENE_STEP_MS;
    }
    assert_true(scene_refused(s, LIVE_REFUSED_TOO_FAST));
}

static void test_too_many_frames(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    s->faces = 0;
    for (int i = 0; i <= LIVE_MAX_FRAMES; i++) {
        (void)scene_feed(s);
        s->at_ms += 40 - SCENE_STEP_MS;
    }
    assert_true(scene_refused(s, LIVE_REFUSED_TOO_MANY_FRAMES));
}

static void test_replayed_frame(void **state)
{
    struct scene *s = *state;
    struct face_found faces[2];

    scene_begin(s, all, COUNT(all));
    scene_wait(s, 3);
    struct live_frame again = scene_frame(s, faces);
    (void)scene_feed(s);
    scene_wait(s, 2);
    again.at_ms = s->at_ms;
    again.number = s->number;
    (void)liveness_feed(s->l, &again);
    assert_int_equal(liveness_progress(s->l).state, LIVE_ONGOING);
    again.at_ms += SCENE_STEP_MS;
    again.number++;
    (void)liveness_feed(s->l, &again); /* the last one once more: a slow camera */
    assert_int_equal(liveness_progress(s->l).state, LIVE_ONGOING);
    s->number = again.number + 1;
    s->at_ms = again.at_ms + SCENE_STEP_MS;
    scene_wait(s, 1);
    again.number = s->number;
    again.at_ms = s->at_ms;
    (void)liveness_feed(s->l, &again); /* but not after another one */
    assert_true(scene_refused(s, LIVE_REFUSED_REPLAYED_FRAME));
}

static void test_stalled_camera(void **state)
{
    struct scene *s = *state;
    struct face_found faces[2];

    scene_begin(s, all, COUNT(all));
    struct live_frame same = scene_frame(s, faces);
    for (int i = 0; i < 11; i++, same.number++, same.at_ms += 100)
        assert_int_equal(liveness_feed(s->l, &same).state, LIVE_ONGOING);
    assert_int_equal(liveness_result(s->l).frames, 1);
    (void)liveness_feed(s->l, &same);
    assert_true(scene_refused(s, LIVE_REFUSED_REPLAYED_FRAME));
}

static void test_second_face(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    scene_wait(s, 3);
    s->faces = 2;
    (void)scene_feed(s); /* somebody walks by */
    assert_int_equal(s->last.hint, LIVE_HINT_ONE_PERSON);
    s->faces = 1;
    assert_int_equal(scene_feed(s), LIVE_ONGOING);
    s->faces = 2;
    scene_wait(s, 2);
    assert_true(scene_refused(s, LIVE_REFUSED_SECOND_FACE));
}

static void test_face_lost(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    scene_wait(s, 3);
    s->faces = 0;
    scene_wait(s, 8);
    assert_int_equal(s->last.state, LIVE_ONGOING);
    assert_int_equal(s->last.hint, LIVE_HINT_NO_FACE);
    scene_wait(s, 4);
    assert_true(scene_refused(s, LIVE_REFUSED_FACE_LOST));
    scene_end(s);
    scene_begin(s, all, COUNT(all));
    scene_wait(s, 3);
    s->x -= 260; /* elsewhere, and it stays there */
    scene_wait(s, 2);
    assert_true(scene_refused(s, LIVE_REFUSED_FACE_LOST));
}

static const enum live_challenge left_blink[] = {LIVE_TURN_LEFT, LIVE_BLINK};

static void test_injected_stills(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    scene_wait(s, 3);
    for (int i = 0; i < 2; i++) { /* twice for one frame elsewhere */
        s->x -= 260;
        (void)scene_feed(s);
        s->x += 260;
        (void)scene_feed(s);
    }
    assert_true(scene_refused(s, LIVE_REFUSED_INJECTED_STILL));
    scene_end(s);
    scene_begin(s, left_blink, 2);
    s->still = s->same_print = true;
    scene_wait(s, 3);
    s->yaw = 0.35;
    scene_wait(s, 4);
    s->yaw = 0; /* exactly as before */
    scene_wait(s, 1);
    assert_int_equal(s->last.state, LIVE_ONGOING); /* once may be chance */
    scene_wait(s, 1);
    assert_true(scene_refused(s, LIVE_REFUSED_INJECTED_STILL));
}

static void test_loop(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    s->still = s->same_print = true;
    for (int i = 0; i < 60 && s->last.state == LIVE_ONGOING; i++) {
        /* Never exactly the same, but again and again the same way. */
        s->x = 320 + 12 * sin(i * 0.4189) + 1.4 * (i % 3);
        s->y = 200 + 6 * cos(i * 0.4189) + (i / 15 % 2);
        (void)scene_feed(s);
    }
    assert_true(scene_refused(s, LIVE_REFUSED_REPLAYED_FRAME));
}

static void test_another_person(void **state)
{
    struct scene *s = *state;

    scene_begin(s, all, COUNT(all));
    scene_wait(s, 5);
    s->person = 2;
    scene_wait(s, 2);
    assert_true(scene_refused(s, LIVE_REFUSED_ANOTHER_PERSON));
    assert_true((double)liveness_result(s->l).embedding[1] > 0.99); /* none of the other's */
}

static void test_not_a_number(void **state)
{
    struct scene *s = *state;
    struct face_found faces[2];

    scene_begin(s, blink, 1);
    scene_wait(s, 3);
    for (int i = 0; i < 6; i++) {
        struct live_frame f = scene_frame(s, faces);
        double *bad[] = {&faces[0].box.height,     &faces[0].points[2].x, &faces[0].yaw_offset,
                         &faces[0].eyes_closed[1], &faces[0].sharpness,   &faces[0].box.x};
        *bad[i] = i % 2 ? NAN : INFINITY;
        (void)liveness_feed(s->l, &f);
        s->at_ms += 50;
        s->number++;
    }
    struct live_frame f = scene_frame(s, faces);
    f.passive = NAN;
    faces[0].embedding[7] = NAN;
    (void)liveness_feed(s->l, &f);
    s->at_ms += 100;
    s->number++;
    scene_blink(s);
    struct live_result r = liveness_result(s->l);
    assert_true(r.passed);
    assert_true(isnan(r.passive));
    assert_true(isfinite(r.embedding[7]));
}

static void test_too_little(void **state)
{
    struct scene *s = *state;
    struct face_found faces[2];

    scene_begin(s, blink, 1);
    scene_wait(s, 2);
    assert_true(scene_refused(s, LIVE_REFUSED_NO_FRAMES));
    assert_true(scene_refused(s, LIVE_REFUSED_UNFINISHED));
    scene_blink(s);
    assert_true(scene_refused(s, LIVE_REFUSED_NO_FRAMES));
    scene_end(s);
    scene_begin(s, blink, 1);
    for (int i = 0; i < 14; i++) {
        struct live_frame f = scene_frame(s, faces);
        faces[0].embedded = false;
        faces[0].eyes_closed[0] = faces[0].eyes_closed[1] = i == 11 || i == 12;
        (void)liveness_feed(s->l, &f);
        s->at_ms += 100;
        s->number++;
        s->x += 0.8;
    }
    assert_true(scene_refused(s, LIVE_REFUSED_NO_FACE_DATA));
    assert_false(liveness_result(s->l).embedded);
    assert_null(liveness_create(blink, 0, 1, 2));
    assert_null(liveness_create(blink, LIVE_MAX_CHALLENGES + 1, 1, 2));
    liveness_destroy(NULL);
}

static void test_picks(void **state)
{
    enum live_challenge moves[LIVE_PICKS][LIVE_PICKED - 1], seq[LIVE_PICKED];

    (void)state;
    for (uint32_t k = 0; k < LIVE_PICKS; k++) {
        size_t blinks = 0, closers = 0, n = 0;
        live_pick(k, seq);
        for (size_t i = 0; i < LIVE_PICKED; i++) {
            blinks += seq[i] == LIVE_BLINK;
            closers += seq[i] == LIVE_COME_CLOSER;
            if (seq[i] == LIVE_BLINK)
                continue;
            assert_true(n < LIVE_PICKED - 1);
            assert_true(!n || moves[k][n - 1] != seq[i]);
            moves[k][n++] = seq[i];
        }
        assert_int_equal(blinks, 1);
        assert_true(closers <= 1);
        for (uint32_t other = 0; other < k; other++)
            assert_memory_not_equal(moves[k], moves[other], sizeof(moves[k]));
    }
    live_pick(UINT32_MAX, seq);
    assert_string_equal(live_challenge_name(LIVE_TURN_LEFT), "turn_left");
    assert_string_equal(live_refusal_name(LIVE_REFUSED_STILL_PICTURE), "still_picture");
    assert_string_equal(live_hint_name(LIVE_HINT_TURN_BACK), "turn_back");
    assert_string_equal(live_refusal_name((enum live_refusal)99), "unknown");
    assert_true(strlen(live_refusal_text(LIVE_REFUSED_EXPIRED)) > 5);
}

static void test_prints(void **state)
{
    static uint8_t pixels[3 * 40 * 30];
    struct live_print a, b;
    struct live_shades sa, sb;

    (void)state;
    for (size_t i = 0; i < sizeof(pixels); i++)
        pixels[i] = (uint8_t)(i * 7 % 251);
    live_print_of(&(struct image){40, 30, pixels}, &a);
    for (size_t i = 0; i < sizeof(pixels); i++)
        pixels[i] = (uint8_t)(pixels[i] / 2); /* less light */
    live_print_of(&(struct image){40, 30, pixels}, &b);
    live_shades_of(&a, &sa);
    live_shades_of(&b, &sb);
    assert_true(live_shades_distance(&sa, &sb) < 0.05);
    memset(pixels, 200, sizeof(pixels) / 2);
    live_print_of(&(struct image){40, 30, pixels}, &b);
    live_shades_of(&b, &sb);
    assert_true(live_shades_distance(&sa, &sb) > 0.5);
    live_print_of(&(struct image){1, 1, pixels}, &b); /* fewer pixels than cells */
    live_shades_of(&b, &sb);
    assert_true(isfinite(live_shades_distance(&sa, &sb)));
}

#define live_test(fn_) cmocka_unit_test_setup_teardown(fn_, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        live_test(test_all_challenges),
        live_test(test_hints),
        live_test(test_small_face),
        cmocka_unit_test(test_blinks),
        live_test(test_blink_by_tilt),
        live_test(test_flat_picture),
        live_test(test_flat_picture_obliquely),
        cmocka_unit_test(test_geometry),
        live_test(test_wrong_movements),
        live_test(test_leap_closer),
        live_test(test_order_of_frames),
        live_test(test_clock),
        live_test(test_200_frames_a_second),
        live_test(test_answer_too_early),
        live_test(test_too_many_frames),
        live_test(test_replayed_frame),
        live_test(test_stalled_camera),
        live_test(test_second_face),
        live_test(test_face_lost),
        live_test(test_injected_stills),
        live_test(test_loop),
        live_test(test_another_person),
        live_test(test_not_a_number),
        live_test(test_too_little),
        cmocka_unit_test(test_picks),
        cmocka_unit_test(test_prints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
