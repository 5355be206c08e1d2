/* SPDX-License-Identifier: MIT */
/*
 * The whole chain with the real nets, on the portraits of the cache folder. Without either of them
 * (scripts/fetch-models.sh, scripts/portraits.sh) these tests fail.
 */
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"

#include "ctx_test.h"
#include "face/face.h"
#include "face/identify.h"
#include "nets_test.h"
#include "pictures.h"

enum { PEOPLE = 40, FILE_MAX = 16 << 20 };

static struct str read_portrait(struct ctx *ctx, const char *name)
{
    cleanup(buf_finish) struct buf file = {0};
    const char *path = fs_join(ctx, cached(ctx, "portraits"), name);

    if (fs_read(ctx, path, FILE_MAX, &file))
        print_error("%s\n", ctx->fault.detail.at);
    assert_true(file.len);
    return arena_str(&ctx->arena, buf_view(&file));
}

static struct image decode(struct ctx *ctx, struct str file)
{
    struct image im;

    assert_int_equal(image_decode(ctx, file, &im), ERR_OK);
    return im;
}

static struct face_found *find(struct ctx *ctx, const struct image *im, enum face_options options,
                               size_t want)
{
    struct face_found *found = NULL;
    size_t n = 0;
    enum err e = face_find(ctx, im, options, &found, &n);

    if (e)
        print_error("%s\n", ctx->fault.detail.at);
    assert_int_equal(e, ERR_OK);
    assert_int_equal(n, want);
    return found;
}

/* The only face of a portrait, embedded. */
static struct face_found portrait_face(struct ctx *ctx, const char *name)
{
    struct image im = decode(ctx, read_portrait(ctx, name));
    struct face_found f = *find(ctx, &im, FACE_EMBED | FACE_EYES, 1);

    image_finish(&im);
    assert_true(f.embedded);
    return f;
}

/* What the recipe gives for one portrait; a change of model, colour order or warp shows here. */
static void test_fixed_embedding(void **state)
{
    static const float want[] = {0.1003F,  -0.0149F, -0.0289F, 0.0421F,  0.0523F, -0.0262F,
                                 -0.0150F, -0.0173F, 0.0071F,  -0.0230F, 0.0363F, 0.0517F,
                                 0.0256F,  -0.0236F, 0.0042F,  -0.0680F};
    struct ctx *ctx = *state;
    struct face_found f = portrait_face(ctx, "p02.jpg");

    for (size_t i = 0; i < COUNT(want); i++)
        if (fabsf(f.embedding[i] - want[i]) > 2e-3F) {
            print_error("number %zu is %.5f, wanted %.5f\n", i, (double)f.embedding[i],
                        (double)want[i]);
            assert_true(false);
        }
    assert_true(fabs(face_cosine(f.embedding, f.embedding) - 1) < 1e-6);
    assert_true(fabs(f.norm - 4.14) < 0.02);
    assert_true(fabs(f.box.x - 215) < 2 && fabs(f.box.y - 158) < 2);
    assert_true(fabs(f.box.width - 193) < 3 && fabs(f.box.height - 296) < 3);
    assert_true(f.score > 0.99);
    assert_true(f.eyes_closed[0] < 0.3 && f.eyes_closed[1] < 0.3);
}

static void test_same_twice(void **state)
{
    struct ctx *ctx = *state;
    struct face_found a = portrait_face(ctx, "p03.jpg"), b = portrait_face(ctx, "p03.jpg");

    assert_memory_equal(a.embedding, b.embedding, sizeof(a.embedding));
}

static double share_of_union(const struct face_box *a, const double b[4])
{
    double w = fmin(a->x + a->width, b[0] + b[2]) - fmax(a->x, b[0]);
    double h = fmin(a->y + a->height, b[1] + b[3]) - fmax(a->y, b[1]);

    if (w <= 0 || h <= 0)
        return 0;
    return w * h / (a->width * a->height + b[2] * b[3] - w * h);
}

/* Each enrolment portrait: one face, where people saw it, without a flaw; all are strangers. */
static void test_portraits(void **state)
{
    struct ctx *ctx = *state;
    struct str text = read_portrait(ctx, "portraits.json");
    json_t *all = json_loadb(text.at, text.len, 0, NULL), *one;
    static float embeddings[PEOPLE][FACE_DIM];
    size_t n = 0, i;

    assert_non_null(all);
    json_array_foreach(all, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "file"));
        double box[4];
        if (strcmp(json_string_value(json_object_get(one, "use")), "enrol") != 0 || n == PEOPLE)
            continue;
        for (size_t k = 0; k < 4; k++)
            box[k] = json_number_value(json_array_get(json_object_get(one, "face"), k));
        struct image im = decode(ctx, read_portrait(ctx, name));
        struct face_found *f = find(ctx, &im, FACE_EMBED | FACE_EYES, 1);
        struct face_flaws flaws = face_check(f, &im, FACE_FOR_ENROLMENT);
        image_finish(&im);
        if (flaws.n)
            print_error("%s: %s\n", name, face_flaw_text(ctx, &flaws, 0).at);
        assert_int_equal(flaws.n, 0);
        assert_true(share_of_union(&f->box, box) > 0.8);
        memcpy(embeddings[n++], f->embedding, sizeof(f->embedding));
    }
    json_decref(all);
    assert_true(n >= 24);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++)
            assert_true(face_cosine(embeddings[a], embeddings[b]) < face_threshold(n));
}

static void assert_flaw(struct ctx *ctx, const char *name, enum face_flaw want)
{
    struct image im = decode(ctx, read_portrait(ctx, name));
    struct face_found *f = find(ctx, &im, FACE_EMBED | FACE_EYES, 1);
    struct face_flaws flaws = face_check(f, &im, FACE_FOR_ENROLMENT);
    bool has = false;

    image_finish(&im);
    for (size_t i = 0; i < flaws.n; i++)
        has = has || flaws.at[i].flaw == want;
    if (!has)
        print_error("%s is not %s\n", name, face_flaw_name(want));
    assert_true(has);
}

static void test_unfit_portraits(void **state)
{
    struct ctx *ctx = *state;

    assert_flaw(ctx, "r-profile-1.jpg", FACE_FLAW_NOT_FRONTAL);
    assert_flaw(ctx, "r-too-small-1.jpg", FACE_FLAW_TOO_SMALL);
    assert_flaw(ctx, "r-eyes-closed-1.jpg", FACE_FLAW_EYES_CLOSED);
    assert_flaw(ctx, "r-sunglasses-1.jpg", FACE_FLAW_LOW_DETAIL);
    assert_flaw(ctx, "r-dark-1.jpg", FACE_FLAW_TILTED);

    struct image im = decode(ctx, read_portrait(ctx, "r-several-people-2.jpg"));
    struct face_found *f = find(ctx, &im, 0, 2);
    assert_true(f[0].box.height > f[1].box.height);
    assert_false(f[0].embedded);
    image_finish(&im);
    im = decode(ctx, read_portrait(ctx, "r-no-face-1.png"));
    (void)find(ctx, &im, FACE_EMBED, 0);
    image_finish(&im);
}

/* A camera held in any of the eight ways gives the same face. */
static void test_orientations(void **state)
{
    struct ctx *ctx = *state;
    struct face_found want = portrait_face(ctx, "p05.jpg");
    struct image upright = decode(ctx, read_portrait(ctx, "p05.jpg"));

    for (int o = 1; o <= 8; o++) {
        struct image stored = picture_stored(ctx, &upright, o);
        struct str file = picture_with_exif(ctx, picture_jpeg(ctx, &stored, JPEG_PLAIN),
                                            picture_exif(ctx, o, o % 2));
        struct image im = decode(ctx, file);
        struct face_found *f = find(ctx, &im, FACE_EMBED, 1);
        assert_true(face_cosine(f->embedding, want.embedding) > 0.98);
        assert_true(fabs(f->box.x - want.box.x) < 4 && fabs(f->box.y - want.box.y) < 4);
        image_finish(&im);
    }
    image_finish(&upright);
}

/* `size` x `size` pixels of grey with the picture in it, turned and scaled about its centre. */
static struct image turned(struct ctx *ctx, const struct image *im, double degrees, double scale,
                           int64_t size)
{
    struct image to = {size, size, arena_alloc(&ctx->arena, (size_t)(size * size * 3))};
    double c = cos(degrees * 3.14159265 / 180) / scale, s = sin(degrees * 3.14159265 / 180) / scale;

    memset(to.rgb, 110, (size_t)(size * size * 3));
    for (int64_t y = 0; y < size; y++)
        for (int64_t x = 0; x < size; x++) {
            int64_t half = size / 2;
            double dx = (double)(x - half), dy = (double)(y - half);
            int64_t fx = llround(c * dx + s * dy) + im->width / 2;
            int64_t fy = llround(c * dy - s * dx) + im->height / 2;
            if (fx >= 0 && fy >= 0 && fx < im->width && fy < im->height)
                memcpy(to.rgb + 3 * (y * size + x), im->rgb + 3 * (fy * im->width + fx), 3);
        }
    return to;
}

static void test_turned_and_scaled(void **state)
{
    static const struct {
        double degrees, scale;
        int64_t size;
        double least;
    } rows[] = {
        {15, 1, 640, 0.90}, {-25, 1, 640, 0.85}, {0, 0.5, 480, 0.85},
        {0, 3, 1600, 0.90}, {10, 7, 4000, 0.85},
    };
    struct ctx *ctx = *state;
    struct face_found want = portrait_face(ctx, "p07.jpg");
    struct image im = decode(ctx, read_portrait(ctx, "p07.jpg"));

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image other = turned(ctx, &im, rows[i].degrees, rows[i].scale, rows[i].size);
        struct face_found *f = find(ctx, &other, FACE_EMBED, 1);
        double cosine = face_cosine(f->embedding, want.embedding);
        if (cosine < rows[i].least)
            print_error("row %zu: %.3f\n", i, cosine);
        assert_true(cosine >= rows[i].least);
        assert_true(fabs(f->roll_deg - want.roll_deg - rows[i].degrees) < 5);
        double height = want.box.height * rows[i].scale;
        assert_true(fabs(f->box.height - height) < 0.2 * height);
    }
    image_finish(&im);
}

/* Too small for one pass over the whole picture; the corner passes see it. */
static void test_tiles(void **state)
{
    struct ctx *ctx = *state;
    struct image portrait = decode(ctx, read_portrait(ctx, "p02.jpg"));
    struct image small = turned(ctx, &portrait, 0, 0.15, 90);
    struct image im = {1600, 1200, arena_alloc(&ctx->arena, (size_t)1600 * 1200 * 3)};
    struct face_found *f;

    memset(im.rgb, 110, (size_t)im.width * (size_t)im.height * 3);
    for (int64_t y = 0; y < small.height; y++)
        memcpy(im.rgb + 3 * ((y + 200) * im.width + 300), small.rgb + 3 * y * small.width,
               (size_t)(3 * small.width));
    (void)find(ctx, &im, 0, 0);
    f = find(ctx, &im, FACE_TILED, 1);
    assert_true(fabs(f->box.x + f->box.width / 2 - 345) < 10);
    assert_true(f->box.y > 195 && f->box.y + f->box.height < 290);

    /* A face that several passes see is still one. */
    (void)find(ctx, &portrait, FACE_TILED, 1);
    image_finish(&portrait);
}

static void test_odd_shapes(void **state)
{
    static const int64_t sizes[][2] = {{1, 1}, {2, 1}, {1, 4000}, {16384, 1}, {3, 7}, {320, 240}};
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct image im = picture_noise(ctx, sizes[i][0], sizes[i][1], i);
        (void)find(ctx, &im, FACE_EMBED | FACE_EYES | FACE_TILED, 0);
    }
}

static void test_aligned(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 112, 112, 9), wrong = picture_noise(ctx, 112, 111, 9);
    struct face_found f = {.score = 7};

    assert_int_equal(face_embed_aligned(ctx, &wrong, &f), ERR_IMAGE_INVALID);
    assert_true(f.score > 6);
    assert_int_equal(face_embed_aligned(ctx, &im, &f), ERR_OK);
    assert_true(f.embedded);
}

/* A face that is good for everything, to be spoilt. */
static struct face_found good_face(void)
{
    return (struct face_found){.box = {50, 50, 120, 150},
                               .score = 1,
                               .luma = 120,
                               .sharpness = 300,
                               .norm = 4,
                               .embedded = true};
}

static void test_check(void **state)
{
    struct ctx *ctx = *state;
    const struct image im = {.width = 400, .height = 300};
    struct face_found rows[12];
    static const struct {
        enum face_flaw flaw;
        bool also_to_recognise;
        const char *says;
    } want[] = {
        {FACE_FLAW_TOO_SMALL, false, "face too small: 62 px, at least 100"},
        {FACE_FLAW_TOO_SMALL, true, "face too small: 47 px"},
        {FACE_FLAW_TOO_DARK, false, "too dark: brightness 49 of 255, at least 50"},
        {FACE_FLAW_TOO_DARK, true, "too dark: brightness 34"},
        {FACE_FLAW_TOO_BRIGHT, false, "too bright: brightness 206 of 255, at most 205"},
        {FACE_FLAW_NOT_FRONTAL, false, "look straight ahead: turned by 16°, less than 10°"},
        {FACE_FLAW_TILTED, false, "hold the head upright: tilted by 31°, at most 30°"},
        {FACE_FLAW_BLURRED, false, "blurred: sharpness 39, at least 40"},
        {FACE_FLAW_EYES_CLOSED, false, "eyes closed"},
        {FACE_FLAW_CUT_OFF, false, "cut off"},
        {FACE_FLAW_LOW_DETAIL, false, "too little detail in the face: 3.1, at least 3.2"},
        {FACE_FLAW_LOW_DETAIL, true, "too little detail in the face: 2.7"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i] = good_face();
    assert_int_equal(face_check(&rows[0], &im, FACE_FOR_ENROLMENT).n, 0);
    rows[0].box.height = 62;
    rows[1].box.height = 47.9;
    rows[2].luma = 49.9;
    rows[3].luma = 34.9;
    rows[4].luma = 205.5;
    rows[5].yaw_offset = -0.2;
    rows[6].roll_deg = -30.5;
    rows[7].sharpness = 39.9;
    rows[8].eyes_closed[1] = 0.9;
    rows[9].box.x = -10;
    rows[10].norm = 3.19;
    rows[11].norm = 2.79;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct face_flaws flaws = face_check(&rows[i], &im, FACE_FOR_ENROLMENT);
        assert_int_equal(flaws.n, 1);
        assert_int_equal(flaws.at[0].flaw, want[i].flaw);
        assert_says(face_flaw_text(ctx, &flaws, 0).at, want[i].says, i);
        flaws = face_check(&rows[i], &im, FACE_FOR_RECOGNITION);
        assert_int_equal(flaws.n, want[i].also_to_recognise);
    }
    assert_string_equal(face_flaw_name(FACE_FLAW_EYES_CLOSED), "eyes_closed");
}

static void copy_file(struct ctx *ctx, const char *from, const char *to, size_t flip_at)
{
    cleanup(buf_finish) struct buf file = {0};

    assert_int_equal(fs_read(ctx, from, FILE_MAX, &file), ERR_OK);
    if (flip_at)
        file.at[flip_at] = (char)~file.at[flip_at];
    assert_int_equal(fs_write(ctx, to, buf_view(&file), 0600), ERR_OK);
}

static void copy_models(struct ctx *ctx, const char *dir)
{
    static const char *const names[] = {"fr_detect.onnx", "fr_landmark.onnx", "fr_feature.onnx",
                                        "fr_eye.onnx"};

    for (size_t i = 0; i < COUNT(names); i++)
        copy_file(ctx, fs_join(ctx, cached(ctx, "models"), names[i]), fs_join(ctx, dir, names[i]),
                  0);
}

/* The models cannot be used, the reason names `part`, and recognising says the same. */
static void assert_unusable(struct ctx *ctx, const char *runtime, const char *dir, const char *part)
{
    struct face_models *m = face_models_open(ctx, runtime, dir);
    struct image im = picture_noise(ctx, 64, 64, 1);
    struct face_found *found = NULL;
    size_t n = 77;

    assert_says(face_models_problem(m).at, part, 0);
    assert_says(face_models_problem(m).at, "run ./scripts/fetch-models.sh", 0);
    ctx->face = face_create(m);
    assert_int_equal(face_find(ctx, &im, FACE_EMBED, &found, &n), ERR_MODELS_UNAVAILABLE);
    assert_says(ctx->fault.detail.at, part, 0);
    assert_int_equal(n, 77);
    fault_clear(ctx);
    face_destroy(ctx->face);
    ctx->face = NULL;
    face_models_close(m);
}

static void test_models_missing_or_altered(void **state)
{
    struct ctx *ctx = *state;
    const char *runtime = cached(ctx, "onnxruntime/libonnxruntime.so.1");
    char dir[] = "/tmp/sp-models-XXXXXX";

    assert_non_null(mkdtemp(dir));
    copy_models(ctx, dir);
    struct face_models *m = face_models_open(ctx, runtime, dir);
    assert_int_equal(face_models_problem(m).len, 0);
    face_models_close(m);

    assert_unusable(ctx, NULL, dir, "libonnxruntime.so.1");
    assert_unusable(ctx, "/nonexistent/lib.so", dir, "is missing");
    const char *fake = fs_join(ctx, dir, "fake.so");
    assert_int_equal(fs_write(ctx, fake, STR("no library"), 0600), ERR_OK);
    assert_unusable(ctx, fake, dir, "cannot be loaded");
    assert_unusable(ctx, runtime, NULL, "fr_detect.onnx is missing");
    assert_unusable(ctx, runtime, dir + 4, "fr_feature.onnx is missing");

    const char *detect = fs_join(ctx, dir, "fr_detect.onnx");
    copy_file(ctx, fs_join(ctx, cached(ctx, "models"), "fr_detect.onnx"), detect, 5000);
    assert_unusable(ctx, runtime, dir, "fr_detect.onnx is not the one that was measured");
    assert_int_equal(unlink(detect), 0);
    assert_unusable(ctx, runtime, dir, "fr_detect.onnx is missing");

    struct strs left;
    assert_int_equal(fs_list(ctx, dir, &left), ERR_OK);
    for (size_t i = 0; i < left.n; i++)
        unlink(fs_join(ctx, dir, arena_cstr(&ctx->arena, left.at[i])));
    assert_int_equal(rmdir(dir), 0);
}

static void test_models_list(void **state)
{
    struct ctx *ctx = *state;
    struct list all = face_models_list(ctx, models);
    const struct face_model_info *info = all.at;

    assert_int_equal(all.n, 6);
    assert_true(str_is(info[0].role, "runtime"));
    for (size_t i = 0; i < all.n; i++) {
        assert_int_equal(info[i].problem.len, 0);
        assert_int_equal(info[i].sha256.len, 64);
        assert_true(str_is(info[i].licence, "MIT"));
        assert_true(info[i].bytes > 0);
    }
    assert_true(strlen(face_model_id(models)) > 8);
}

static void test_no_models_configured(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 8, 8, 1);
    struct face_found *found;
    size_t n;

    assert_int_equal(face_find(ctx, &im, 0, &found, &n), ERR_MODELS_UNAVAILABLE);
}

struct worker {
    struct image im;
    float embedding[FACE_DIM];
    bool ok;
};

static void *work(void *at)
{
    struct worker *w = at;
    struct ctx ctx = {.ports = &system_ports, .face = face_create(models)};

    for (int i = 0; i < 5; i++) {
        struct face_found *found = NULL;
        size_t n = 0;
        w->ok = face_find(&ctx, &w->im, FACE_EMBED, &found, &n) == ERR_OK && n == 1;
        if (w->ok)
            memcpy(w->embedding, found[0].embedding, sizeof(w->embedding));
        ctx_reset(&ctx);
    }
    face_destroy(ctx.face);
    arena_finish(&ctx.arena);
    return NULL;
}

/* Workers share the models and nothing else. */
static void test_two_workers(void **state)
{
    struct ctx *ctx = *state;
    struct worker workers[2] = {{.im = decode(ctx, read_portrait(ctx, "p01.jpg"))},
                                {.im = decode(ctx, read_portrait(ctx, "p01.jpg"))}};
    pthread_t threads[2];

    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(workers[i].ok);
        image_finish(&workers[i].im);
    }
    assert_memory_equal(workers[0].embedding, workers[1].embedding, sizeof(workers[0].embedding));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        nets_test(test_fixed_embedding),
        nets_test(test_same_twice),
        nets_test(test_portraits),
        nets_test(test_unfit_portraits),
        nets_test(test_orientations),
        nets_test(test_turned_and_scaled),
        nets_test(test_tiles),
        nets_test(test_odd_shapes),
        nets_test(test_aligned),
        ctx_test(test_check),
        ctx_test(test_models_missing_or_altered),
        ctx_test(test_models_list),
        ctx_test(test_no_models_configured),
        ctx_test(test_two_workers),
    };

    return cmocka_run_group_tests(tests, open_models, close_models);
}
