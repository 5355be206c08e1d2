/* SPDX-License-Identifier: MIT */
/* Rotation, size, light, blur and noise, drawn at random, and the product's own pipeline after. */
#include "wrong_names_photos.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

#include "face/pixels.h"

struct range {
    double low, high;
};

struct ranges {
    struct range rotation, scale, gain, gamma, cast, side, blur, noise;
    double smallest;
};

/* clang-format off */
static const struct ranges all_ranges[] = {
    [STRENGTH_ENROL] = {{-5, 5}, {0.85, 1}, {0.90, 1.12}, {0.92, 1.10}, {-0.03, 0.03}, {-0.06, 0.06}, {0, 0.4}, {0, 2}, 112},
    [STRENGTH_PROBE] = {{-12, 12}, {0.5, 1}, {0.75, 1.25}, {0.85, 1.20}, {-0.06, 0.06}, {-0.15, 0.15}, {0, 0.9}, {0, 4}, 72},
    [STRENGTH_HARD] = {{-22, 22}, {0.3, 0.7}, {0.5, 1.5}, {0.7, 1.4}, {-0.10, 0.10}, {-0.30, 0.30}, {0.6, 1.6}, {2, 8}, 52},
};
/* clang-format on */

uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717ULL;
}

static double uniform(uint64_t *seed, struct range r)
{
    return r.low + (r.high - r.low) * (double)(next_random(seed) >> 11) / (double)(1ULL << 53);
}

/* About normal: the sum of four numbers from 0 to 1. */
static double normal(uint64_t *seed)
{
    double sum = 0;

    for (int i = 0; i < 4; i++)
        sum += uniform(seed, (struct range){0, 1});
    return (sum - 2) * 1.7320508;
}

/* Turned about its middle and resized, in a square. */
static struct image turned(struct ctx *work, const struct image *im, double degrees, double scale)
{
    double radians = degrees / 57.29577951308232, c = cos(radians) / scale,
           s = sin(radians) / scale;
    double longer = (double)(im->width > im->height ? im->width : im->height);
    int64_t size = (int64_t)fmax(longer * scale, 32);
    double half = (double)size / 2;
    struct affine m = {c, -s, (double)im->width / 2 - (c - s) * half,
                       s, c,  (double)im->height / 2 - (s + c) * half};
    struct image out = {size, size, mem_alloc((size_t)(size * size * 3))};

    pixels_warp(&work->arena, view_of(im), m, size, out.rgb);
    return out;
}

static void light(struct image *im, const struct ranges *r, uint64_t *seed)
{
    double gain = uniform(seed, r->gain), gamma = uniform(seed, r->gamma);
    double side = uniform(seed, r->side);
    double level[3][256];

    for (int k = 0; k < 3; k++) {
        double cast = 1 + uniform(seed, r->cast);
        for (int v = 0; v < 256; v++)
            level[k][v] = 255 * pow(v / 255.0, gamma) * gain * cast;
    }
    for (int64_t y = 0; y < im->height; y++)
        for (int64_t x = 0; x < im->width; x++) {
            uint8_t *p = im->rgb + 3 * (y * im->width + x);
            double ramp = 1 + side * (2 * (double)x / (double)im->width - 1);
            for (int k = 0; k < 3; k++)
                p[k] = (uint8_t)fmin(fmax(level[k][p[k]] * ramp, 0), 255);
        }
}

/* One pass along rows (step 3) or columns (step 3 * width). */
static void smear(const uint8_t *from, uint8_t *to, const struct image *im, double sigma, bool rows)
{
    int reach = (int)ceil(3 * sigma);
    float weight[64], sum = 0;

    reach = reach > 31 ? 31 : reach;
    for (int i = -reach; i <= reach; i++)
        sum += weight[i + reach] = (float)exp(-i * i / (2 * sigma * sigma));
    for (int64_t y = 0; y < im->height; y++)
        for (int64_t x = 0; x < im->width; x++)
            for (int k = 0; k < 3; k++) {
                float v = 0;
                for (int i = -reach; i <= reach; i++) {
                    int64_t at = (rows ? x : y) + i, end = (rows ? im->width : im->height) - 1;
                    at = at < 0 ? 0 : at > end ? end : at;
                    v += weight[i + reach] *
                         (float)from[3 * (rows ? y * im->width + at : at * im->width + x) + k];
                }
                to[3 * (y * im->width + x) + k] = (uint8_t)(v / sum + 0.5F);
            }
}

static void blur(struct image *im, double sigma)
{
    uint8_t *between;

    if (sigma < 0.3)
        return;
    between = mem_alloc((size_t)(im->width * im->height * 3));
    smear(im->rgb, between, im, sigma, true);
    smear(between, im->rgb, im, sigma, false);
    mem_free(between);
}

static void add_noise(struct image *im, double sd, uint64_t *seed)
{
    for (int64_t i = 0; i < im->width * im->height; i++) {
        double luma = sd * normal(seed);
        for (int k = 0; k < 3; k++)
            im->rgb[3 * i + k] = (uint8_t)fmin(fmax(im->rgb[3 * i + k] + luma, 0), 255);
    }
}

/* The large face near the middle: photos of one person may show others at the side. */
static const struct face_found *main_face(const struct face_found *found, size_t n,
                                          const struct image *im)
{
    const struct face_found *best = NULL;
    double most = -INFINITY;

    for (size_t i = 0; i < n; i++) {
        const struct face_box *b = &found[i].box;
        double worth = sqrt(b->width * b->height) -
                       fabs(b->x + b->width / 2 - (double)im->width / 2) / 2 -
                       fabs(b->y + b->height / 2 - (double)im->height / 2) / 2;
        if (found[i].embedded && worth > most) {
            most = worth;
            best = &found[i];
        }
    }
    return best;
}

enum err look_plain(struct ctx *work, const struct image *im, double *face_px, struct look *ret)
{
    struct face_found *found = NULL;
    size_t n = 0;
    enum err e = face_find(work, im, FACE_EMBED, &found, &n);

    const struct face_found *face = e ? NULL : main_face(found, n, im);

    *ret = (struct look){.found = face};
    if (!face)
        return e;
    *face_px = face->box.height;
    ret->good = face_check(face, im, FACE_FOR_RECOGNITION).n == 0;
    memcpy(ret->embedding, face->embedding, sizeof(ret->embedding));
    return ERR_OK;
}

enum err look_degraded(struct ctx *work, const struct image *im, double face_px,
                       enum strength strength, uint64_t *seed, struct look *ret)
{
    const struct ranges *r = &all_ranges[strength];
    double scale = fmin(1, fmax(uniform(seed, r->scale), r->smallest / face_px));
    struct image out = turned(work, im, uniform(seed, r->rotation), scale);
    double unused;
    enum err e;

    light(&out, r, seed);
    blur(&out, uniform(seed, r->blur) * face_px * scale / 100);
    add_noise(&out, uniform(seed, r->noise), seed);
    e = look_plain(work, &out, &unused, ret);
    image_finish(&out);
    return e;
}
