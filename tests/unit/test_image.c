/* SPDX-License-Identifier: MIT */
/* Decoding: every kind that is taken, and everything that must be refused with a reason. */
#include <spng.h>
#include <stdlib.h>
#include <string.h>

#include "ctx_test.h"
#include "face/face.h"
#include "pictures.h"

enum { WIDTH = 48, HEIGHT = 32 };

static void assert_pixel(const struct image *im, int64_t x, int64_t y, const uint8_t want[3],
                         int tolerance)
{
    const uint8_t *p = im->rgb + 3 * (y * im->width + x);

    for (int c = 0; c < 3; c++) {
        if (abs(p[c] - want[c]) <= tolerance)
            continue;
        print_error("pixel (%lld, %lld): %d %d %d, wanted %d %d %d\n", (long long)x, (long long)y,
                    p[0], p[1], p[2], want[0], want[1], want[2]);
        assert_true(false);
    }
}

/* The four quarters are where they were made. */
static void assert_quarters(const struct image *im, int64_t width, int64_t height, int tolerance)
{
    static const uint8_t want[4][3] = {{220, 30, 30}, {30, 200, 30}, {30, 30, 220}, {220, 220, 30}};

    assert_int_equal(im->width, width);
    assert_int_equal(im->height, height);
    for (int q = 0; q < 4; q++)
        assert_pixel(im, q % 2 ? width - 4 : 3, q / 2 ? height - 4 : 3, want[q], tolerance);
}

static void assert_decodes(struct ctx *ctx, struct str file, struct image *ret)
{
    enum err e = image_decode(ctx, file, ret);

    if (e)
        print_error("%s\n", ctx->fault.detail.at);
    assert_int_equal(e, ERR_OK);
}

static void assert_refused(struct ctx *ctx, struct str file, enum err want, const char *why)
{
    struct image untouched = {7, 7, NULL};

    assert_int_equal(image_decode(ctx, file, &untouched), want);
    assert_says(ctx->fault.detail.at, why, file.len);
    assert_int_equal(untouched.width, 7);
    assert_null(untouched.rgb);
    fault_clear(ctx);
}

static void test_jpeg_kinds(void **state)
{
    struct ctx *ctx = *state;
    struct image quarters = picture_quarters(ctx, WIDTH, HEIGHT), im;

    assert_decodes(ctx, picture_jpeg(ctx, &quarters, JPEG_PLAIN), &im);
    assert_quarters(&im, WIDTH, HEIGHT, 12);
    image_finish(&im);
    assert_null(im.rgb);
    assert_decodes(ctx, picture_jpeg(ctx, &quarters, JPEG_PROGRESSIVE), &im);
    assert_quarters(&im, WIDTH, HEIGHT, 12);
    image_finish(&im);
    assert_decodes(ctx, picture_jpeg(ctx, &quarters, JPEG_GREY), &im);
    assert_pixel(&im, 3, 3, (const uint8_t[3]){87, 87, 87}, 6);
    image_finish(&im);
}

static void test_jpeg_cmyk(void **state)
{
    static const struct {
        uint8_t inks[4], rgb[3];
    } rows[] = {
        {{255, 255, 255, 255}, {255, 255, 255}},
        {{0, 255, 255, 255}, {0, 255, 255}},
        {{255, 255, 255, 0}, {0, 0, 0}},
        {{255, 128, 255, 128}, {128, 64, 128}},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im;
        assert_decodes(ctx, picture_cmyk(ctx, 16, 16, rows[i].inks), &im);
        assert_pixel(&im, 8, 8, rows[i].rgb, 6);
        image_finish(&im);
    }
}

static void test_png_kinds(void **state)
{
    struct ctx *ctx = *state;
    struct image quarters = picture_quarters(ctx, WIDTH, HEIGHT), im;
    uint8_t rgba[4 * 4] = {10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 128, 0, 0, 0, 255};
    uint16_t deep[3] = {0x1234, 0x8000, 0xffff};
    uint8_t grey = 0xa0; /* two pixels of two bits: 2 of 3 each */

    assert_decodes(ctx, picture_png_of(ctx, &quarters), &im);
    assert_quarters(&im, WIDTH, HEIGHT, 0);
    image_finish(&im);

    assert_decodes(
        ctx, picture_png(ctx, (struct raw){rgba, 16, 2, 2, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA, 8}),
        &im);
    assert_pixel(&im, 0, 0, (const uint8_t[3]){10, 20, 30}, 0);
    assert_pixel(&im, 1, 0, (const uint8_t[3]){255, 255, 255}, 0);
    assert_pixel(&im, 0, 1, (const uint8_t[3]){132, 137, 142}, 1);
    image_finish(&im);

    assert_decodes(
        ctx, picture_png(ctx, (struct raw){deep, 6, 1, 1, SPNG_COLOR_TYPE_TRUECOLOR, 16}), &im);
    assert_pixel(&im, 0, 0, (const uint8_t[3]){0x12, 0x80, 0xff}, 1);
    image_finish(&im);

    assert_decodes(
        ctx, picture_png(ctx, (struct raw){&grey, 1, 2, 1, SPNG_COLOR_TYPE_GRAYSCALE, 2}), &im);
    assert_pixel(&im, 1, 0, (const uint8_t[3]){170, 170, 170}, 0);
    image_finish(&im);
}

static void test_webp(void **state)
{
    struct ctx *ctx = *state;
    struct image quarters = picture_quarters(ctx, WIDTH, HEIGHT), im;

    assert_decodes(ctx, picture_webp(ctx, &quarters), &im);
    assert_quarters(&im, WIDTH, HEIGHT, 16);
    image_finish(&im);
}

static void test_orientation(void **state)
{
    struct ctx *ctx = *state;
    struct image upright = picture_quarters(ctx, 80, 48), im;

    for (int o = 1; o <= 8; o++) {
        struct image stored = picture_stored(ctx, &upright, o);
        uint32_t w = (uint32_t)stored.width, h = (uint32_t)stored.height;
        struct str exif = picture_exif(ctx, o, o % 2);
        struct str png = picture_png_of(ctx, &stored);
        struct str files[] = {
            picture_with_exif(ctx, picture_jpeg(ctx, &stored, JPEG_PLAIN), exif),
            picture_with_exif(ctx, png, exif),
            picture_webp_extended(ctx, picture_webp(ctx, &stored), 8, w, h, exif),
        };
        for (size_t i = 0; i < COUNT(files); i++) {
            assert_decodes(ctx, files[i], &im);
            assert_quarters(&im, 80, 48, 16);
            image_finish(&im);
        }
    }
}

/* A broken EXIF block is no reason to refuse a picture. */
static void test_broken_exif(void **state)
{
    static const char bad[] = "II*\0\xff\xff\xff\xff";
    struct ctx *ctx = *state;
    struct image upright = picture_quarters(ctx, WIDTH, HEIGHT), im;
    struct str jpeg = picture_jpeg(ctx, &upright, JPEG_PLAIN);
    struct str exif = picture_exif(ctx, 9, true);

    struct str files[] = {
        picture_with_exif(ctx, jpeg, exif),
        picture_with_exif(ctx, jpeg, (struct str){exif.at, 12}),
        picture_with_exif(ctx, jpeg, (struct str){bad, sizeof(bad) - 1}),
        picture_with_exif(ctx, jpeg, STR("")),
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        assert_decodes(ctx, files[i], &im);
        assert_quarters(&im, WIDTH, HEIGHT, 12);
        image_finish(&im);
    }
}

static void test_declared_too_large(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 32, 32, 1);
    struct str files[] = {
        picture_jpeg(ctx, &im, JPEG_PLAIN),
        picture_png_of(ctx, &im),
        picture_webp(ctx, &im),
    };

    for (size_t i = 0; i < COUNT(files); i++)
        assert_refused(ctx, picture_declared(ctx, files[i], 10000, 10000), ERR_TOO_LARGE,
                       "100.0 megapixels (10000 x 10000), at most 40");
    assert_refused(ctx, picture_declared(ctx, files[0], 40000, 20), ERR_TOO_LARGE,
                   "at most 16384 a side");
    assert_refused(ctx, picture_declared(ctx, files[1], 2000000000, 2000000000), ERR_TOO_LARGE, "");
    /* Within the limits, but the pixels are not there. */
    assert_refused(ctx, picture_declared(ctx, files[0], 6000, 6000), ERR_IMAGE_INVALID, "damaged");
    assert_refused(ctx, picture_declared(ctx, files[1], 6000, 6000), ERR_IMAGE_INVALID, "damaged");
}

static void test_cut_off(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 64, 48, 2);
    struct str files[] = {
        picture_jpeg(ctx, &im, JPEG_PLAIN),
        picture_jpeg(ctx, &im, JPEG_PROGRESSIVE),
        picture_png_of(ctx, &im),
        picture_webp(ctx, &im),
    };

    for (size_t i = 0; i < COUNT(files); i++)
        for (size_t len = 16; len < files[i].len; len += len < 400 ? 1 : 97)
            assert_refused(ctx, (struct str){files[i].at, len}, ERR_IMAGE_INVALID, "");
}

static void test_animated(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 32, 32, 3);
    struct str png = picture_png_of(ctx, &im);
    struct str actl = {"\0\0\0\2\0\0\0\0", 8};

    assert_refused(ctx, picture_png_chunk(ctx, png, "acTL", actl), ERR_UNSUPPORTED_MEDIA,
                   "animated PNG");
    assert_refused(ctx, picture_webp_extended(ctx, picture_webp(ctx, &im), 2, 32, 32, STR("")),
                   ERR_UNSUPPORTED_MEDIA, "animated WebP");
    assert_refused(ctx, STR("GIF89a\1\0\1\0\0\0\0;"), ERR_UNSUPPORTED_MEDIA, "GIF");
}

static void test_large_texts(void **state)
{
    enum { MANY = 5 << 20, FEW = 512 << 10 };
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 32, 32, 3), out = {0};
    struct str png = picture_png_of(ctx, &im);
    char *text = arena_alloc(&ctx->arena, MANY);

    memset(text, 'x', MANY);
    memcpy(text, "Comment", sizeof("Comment"));
    assert_refused(ctx, picture_png_chunk(ctx, png, "tEXt", (struct str){text, MANY}),
                   ERR_IMAGE_INVALID, "texts or colour profile are too large");
    assert_decodes(ctx, picture_png_chunk(ctx, png, "tEXt", (struct str){text, FEW}), &out);
    image_finish(&out);
}

static void test_other_files(void **state)
{
    static const struct {
        struct str file;
        enum err want;
        const char *why;
    } rows[] = {
        {{"", 0}, ERR_IMAGE_INVALID, "empty"},
        {{"x", 1}, ERR_UNSUPPORTED_MEDIA, "not a JPEG"},
        {{"hello, this is text", 19}, ERR_UNSUPPORTED_MEDIA, "not a JPEG"},
        {{"<svg xmlns='http://www.w3.org/2000/svg'/>", 41}, ERR_UNSUPPORTED_MEDIA, "SVG"},
        {{"%PDF-1.7 and more", 17}, ERR_UNSUPPORTED_MEDIA, "PDF"},
        {{"\0\0\0\x18"
          "ftypheic\0\0\0\0",
          16},
         ERR_UNSUPPORTED_MEDIA,
         "HEIC"},
        {{"\xff\xd8\xff", 3}, ERR_IMAGE_INVALID, "no pixels"},
        {{"\xff\xd8\xff\xd9", 4}, ERR_IMAGE_INVALID, "no pixels"},
        {{"\x89PNG\r\n\x1a\n", 8}, ERR_IMAGE_INVALID, "PNG"},
        {{"RIFF\4\0\0\0WEBP", 12}, ERR_IMAGE_INVALID, "WebP"},
        {{"RIFF\xff\xff\xff\xffWEBPVP8 ", 16}, ERR_IMAGE_INVALID, "WebP"},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_refused(ctx, rows[i].file, rows[i].want, rows[i].why);
}

/* A second file behind the picture is refused; what cameras put there is not. */
static void test_polyglots(void **state)
{
    static const struct {
        struct str rest;
        bool taken;
    } rows[] = {
        {{"PK\3\4 an archive", 15}, false},
        {{"\r\n<html><script>", 16}, false},
        {{"<?php system();", 15}, false},
        {{"%PDF-1.4", 8}, false},
        {{"\0\0\0MZ", 5}, false},
        {{"#!/bin/sh", 9}, false},
        {{"padding padding PK\5\6", 20}, false},
        {{"\0\0\0\0", 4}, true},
        {{"\0\0\1\1Image_UTC_Data1600000000000SEFH", 34}, true},
        {{"\xff\xd8\xff\xe0 a thumbnail", 16}, true},
    };
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 32, 32, 4);
    struct str files[] = {
        picture_jpeg(ctx, &im, JPEG_PLAIN),
        picture_png_of(ctx, &im),
        picture_webp(ctx, &im),
    };

    for (size_t f = 0; f < COUNT(files); f++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            struct str file = picture_joined(ctx, files[f], rows[i].rest);
            if (!rows[i].taken) {
                assert_refused(ctx, file, ERR_IMAGE_INVALID, "another file is hidden");
                continue;
            }
            assert_decodes(ctx, file, &im);
            image_finish(&im);
        }
}

/* Damaged bytes give an answer, never a crash; memory is checked by the sanitizer builds. */
static void test_damaged_bytes(void **state)
{
    struct ctx *ctx = *state;
    struct image im = picture_noise(ctx, 64, 48, 5);
    struct str files[] = {
        picture_with_exif(ctx, picture_jpeg(ctx, &im, JPEG_PROGRESSIVE),
                          picture_exif(ctx, 6, true)),
        picture_png_of(ctx, &im),
        picture_webp(ctx, &im),
    };
    uint64_t seed = 11;
    size_t refused = 0, rounds = 1500;

    for (size_t i = 0; i < rounds; i++) {
        struct str file = files[i % COUNT(files)];
        char *at = mem_alloc(file.len);
        memcpy(at, file.at, file.len);
        for (int k = 0; k < 3; k++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            at[(seed >> 20) % file.len] = (char)(seed >> 56);
        }
        enum err e = image_decode(ctx, (struct str){at, file.len}, &im);
        if (!e)
            image_finish(&im);
        refused += e != ERR_OK;
        fault_clear(ctx);
        mem_free(at);
    }
    assert_true(refused > rounds / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_jpeg_kinds),    ctx_test(test_jpeg_cmyk),          ctx_test(test_png_kinds),
        ctx_test(test_webp),          ctx_test(test_large_texts),        ctx_test(test_orientation),
        ctx_test(test_broken_exif),   ctx_test(test_declared_too_large), ctx_test(test_cut_off),
        ctx_test(test_animated),      ctx_test(test_other_files),        ctx_test(test_polyglots),
        ctx_test(test_damaged_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
