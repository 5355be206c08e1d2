/* SPDX-License-Identifier: MIT */
/*
 * Small faces in large pictures with the real nets: portraits of the cache folder, shrunk and set
 * into a noisy ground at known places.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

#include "ctx_test.h"
#include "face/pixels.h"
#include "face/scene.h"
#include "nets_test.h"
#include "pictures.h"

enum { FILE_MAX = 16 << 20, PERSON_ROOM = 2 };

/* A portrait and where its face is (portraits.json). */
struct person {
    const char *file;
    struct face_box face;
};

static const struct person people[] = {
    {"p02.jpg", {214.6, 158.2, 192.6, 296.0}}, {"p04.jpg", {138.4, 102.8, 153.8, 195.0}},
    {"p06.jpg", {119.5, 57.4, 128.7, 177.5}},  {"p13.jpg", {160.9, 94.4, 210.2, 309.0}},
    {"p17.jpg", {97.5, 84.0, 144.7, 205.6}},   {"p21.jpg", {150.0, 103.2, 196.2, 258.6}},
};

static struct image portrait(struct ctx *ctx, const char *name)
{
    cleanup(buf_finish) struct buf file = {0};
    struct image im;

    assert_int_equal(fs_read(ctx, fs_join(ctx, cached(ctx, "portraits"), name), FILE_MAX, &file),
                     ERR_OK);
    assert_int_equal(image_decode(ctx, buf_view(&file), &im), ERR_OK);
    return im;
}

/* Sets the person's head, the face `height` px high, with the face's centre at (x, y). */
static struct face_box set(struct ctx *ctx, struct image *ground, const struct person *p, double x,
                           double y, double height)
{
    struct image im = portrait(ctx, p->file);
    double k = height / p->face.height, side = p->face.height * PERSON_ROOM;
    double cx = p->face.x + p->face.width / 2, cy = p->face.y + p->face.height / 2;
    int64_t pixels = llround(side * k);
    uint8_t *rgb = arena_alloc(&ctx->arena, (size_t)(pixels * pixels * 3));
    int64_t left = llround(x) - pixels / 2, top = llround(y) - pixels / 2;

    pixels_warp(&ctx->arena, view_of(&im),
                affine_square(cx - side / 2, cy - side / 2, side, pixels), pixels, rgb);
    for (int64_t j = 0; j < pixels; j++)
        memcpy(ground->rgb + ((top + j) * ground->width + left) * 3, rgb + j * pixels * 3,
               (size_t)(pixels * 3));
    image_finish(&im);
    return (struct face_box){x - p->face.width * k / 2, y - height / 2, p->face.width * k, height};
}

static double share_of_union(const struct face_box *a, const struct face_box *b)
{
    double w = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double h = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);

    return w > 0 && h > 0 ? w * h / (a->width * a->height + b->width * b->height - w * h) : 0;
}

static struct face_found *find(struct ctx *ctx, const struct image *im, size_t *n,
                               struct scene_cost *cost)
{
    struct face_found *found = NULL;
    enum err e = scene_find(ctx, im, 0, &found, n, cost);

    if (e)
        print_error("%s\n", ctx->fault.detail.at);
    assert_int_equal(e, ERR_OK);
    return found;
}

/* Faces of 20 to 480 px side by side: each is found, where it is, once. */
static void test_all_sizes(void **state)
{
    static const double heights[] = {20, 24, 32, 48, 64, 96, 140, 210, 320, 480};
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 4400, 1100, 3);
    struct face_box truth[COUNT(heights)];
    double x = 40;
    size_t n;

    for (size_t i = 0; i < COUNT(heights); i++) {
        x += heights[i];
        truth[i] = set(ctx, &im, &people[i % COUNT(people)], x, 530, heights[i]);
        x += heights[i] + 24;
    }
    struct face_found *found = find(ctx, &im, &n, NULL);
    for (size_t i = 0; i < COUNT(heights); i++) {
        int hits = 0;
        for (size_t k = 0; k < n; k++)
            hits += share_of_union(&found[k].box, &truth[i]) > 0.4;
        if (hits != 1)
            print_error("the face of %.0f px was found %d times\n", heights[i], hits);
        assert_int_equal(hits, 1);
    }
    assert_true(n <= COUNT(heights) + 1);
    for (size_t k = 1; k < n; k++)
        assert_true(found[k - 1].box.width * found[k - 1].box.height >=
                    found[k].box.width * found[k].box.height);
}

/* Wherever it lies on the borders of the tiles. */
static void test_across_borders(void **state)
{
    struct ctx *ctx = *state;
    struct image clean = picture_noise(ctx, 1200, 900, 5);
    size_t len = (size_t)(clean.width * clean.height * 3), n;
    struct image im = {clean.width, clean.height, arena_alloc(&ctx->arena, len)};

    for (int step = 0; step < 12; step++) {
        double height = step % 2 ? 26 : 44;
        memcpy(im.rgb, clean.rgb, len);
        struct face_box truth = set(ctx, &im, &people[step % (int)COUNT(people)], 250 + 19 * step,
                                    180 + 13 * step, height);
        struct face_found *found = find(ctx, &im, &n, NULL);
        assert_int_equal(n, 1);
        assert_true(share_of_union(&found[0].box, &truth) > 0.4);
    }
}

/* A small picture is searched once, as by face_find. */
static void test_small_picture(void **state)
{
    struct ctx *ctx = *state;
    struct image im = portrait(ctx, "p16.jpg"), tiny = picture_noise(ctx, 1, 1, 1);
    struct face_found *plain;
    struct scene_cost cost;
    size_t n, m;

    struct face_found *found = find(ctx, &im, &n, &cost);
    assert_int_equal(face_find(ctx, &im, 0, &plain, &m), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(m, 1);
    assert_true(share_of_union(&found->box, &plain->box) > 0.6);
    image_finish(&im);
    (void)find(ctx, &tiny, &n, &cost);
    assert_int_equal(n, 0);
    assert_int_equal(cost.passes, 1);
}

/* One face over the whole of a large picture: its skin is not searched for faces, and at most an
 * ear is taken for one more. */
static void test_one_large_face(void **state)
{
    struct ctx *ctx = *state;
    struct image im = {3000, 3000, arena_alloc(&ctx->arena, 3000UL * 3000 * 3)};
    struct scene_cost cost;
    size_t n;
    struct face_box truth = set(ctx, &im, &people[0], 1500, 1500, 1480);
    struct face_found *found = find(ctx, &im, &n, &cost);

    assert_true(n >= 1 && n <= 2);
    assert_true(share_of_union(&found->box, &truth) > 0.6);
    assert_true(cost.skipped > 20);
}

/* Where there is nothing there is little to do. */
static void test_flat_picture(void **state)
{
    struct ctx *ctx = *state;
    struct image im = {2400, 1800, arena_alloc(&ctx->arena, 2400UL * 1800 * 3)};
    struct scene_cost cost;
    size_t n;

    memset(im.rgb, 120, 2400UL * 1800 * 3);
    (void)find(ctx, &im, &n, &cost);
    assert_int_equal(n, 0);
    assert_int_equal(cost.passes, 1);
    assert_true(cost.skipped > 60);
}

static void test_too_large(void **state)
{
    struct ctx *ctx = *state;
    struct image im = {6000, 4001, NULL};
    struct face_found *found;
    size_t n;

    assert_int_equal(scene_find(ctx, &im, 0, &found, &n, NULL), ERR_TOO_LARGE);
    assert_string_equal(ctx->fault.detail.at, "the picture has 24.0 megapixels, at most 24");
}

/* A crop is a small JPEG, also where the face leaves the picture. */
static void test_crop(void **state)
{
    struct ctx *ctx = *state;
    struct image im = portrait(ctx, "p02.jpg"), crop;
    static const struct face_box boxes[] = {
        {214.6, 158.2, 192.6, 296.0}, {-80, -90, 200, 260}, {560, 560, 18, 22}};

    for (size_t i = 0; i < COUNT(boxes); i++) {
        struct str jpeg = {0};
        assert_int_equal(scene_crop(ctx, &im, &boxes[i], &jpeg), ERR_OK);
        assert_true(jpeg.len < 16384);
        assert_int_equal(image_decode(ctx, jpeg, &crop), ERR_OK);
        assert_int_equal(crop.width, SCENE_CROP_SIDE);
        assert_int_equal(crop.height, SCENE_CROP_SIDE);
        image_finish(&crop);
    }
    image_finish(&im);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        nets_test(test_all_sizes),     nets_test(test_across_borders),
        nets_test(test_small_picture), nets_test(test_one_large_face),
        nets_test(test_flat_picture),  nets_test(test_too_large),
        nets_test(test_crop),
    };

    return cmocka_run_group_tests(tests, open_models, close_models);
}
