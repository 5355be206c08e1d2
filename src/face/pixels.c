/* SPDX-License-Identifier: MIT */
/*
 * Resampling. Coordinates run in 16.16 fixed point, weights in 8 bits; sums of boxes are exact.
 * The geometry is OpenCV's, with which the recipes were measured: a warp maps pixel centres at
 * whole numbers, a resize maps them at halves.
 */
#include "face/pixels.h"

#include <math.h>
#include <string.h>

enum { ONE = 1 << 16, CHANNELS = 3 };

/* Above this the letterbox averages boxes first: beyond what its plain bilinear was measured at. */
static const double PREFILTER_FROM = 8;
static const double SANE_LIMIT = 1e6;

struct view view_of(const struct image *im)
{
    return (struct view){im->rgb, im->width, im->height, im->width * CHANNELS};
}

struct view view_crop(struct view v, int64_t x, int64_t y, int64_t width, int64_t height)
{
    return (struct view){v.rgb + y * v.stride + x * CHANNELS, width, height, v.stride};
}

struct affine affine_square(double x, double y, double side, int64_t pixels)
{
    double step = side / (double)pixels;

    return (struct affine){.a = step, .c = x, .e = step, .f = y};
}

bool affine_is_sane(struct affine m)
{
    const double all[] = {m.a, m.b, m.c, m.d, m.e, m.f};

    for (size_t i = 0; i < COUNT(all); i++)
        if (!(fabs(all[i]) < SANE_LIMIT))
            return false;
    return fabs(m.a * m.e - m.b * m.d) > 1e-9;
}

/* The mean of one box of at most k x k pixels. */
static void average_box(struct view v, int64_t x0, int64_t y0, int64_t k, uint8_t *to)
{
    int64_t x1 = x0 + k < v.width ? x0 + k : v.width;
    int64_t y1 = y0 + k < v.height ? y0 + k : v.height;
    uint64_t sum[CHANNELS] = {0};

    for (int64_t y = y0; y < y1; y++) {
        const uint8_t *p = v.rgb + y * v.stride + x0 * CHANNELS;
        for (int64_t x = x0; x < x1; x++, p += CHANNELS) {
            sum[0] += p[0];
            sum[1] += p[1];
            sum[2] += p[2];
        }
    }
    uint64_t n = (uint64_t)((x1 - x0) * (y1 - y0));
    for (int c = 0; c < CHANNELS; c++)
        to[c] = (uint8_t)((sum[c] + n / 2) / n);
}

/* The view, k times smaller, in the arena. */
static struct view shrink(struct arena *a, struct view v, int64_t k)
{
    int64_t width = (v.width + k - 1) / k;
    int64_t height = (v.height + k - 1) / k;
    uint8_t *to = arena_array(a, (size_t)(width * height), CHANNELS);

    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++)
            average_box(v, x * k, y * k, k, to + (y * width + x) * CHANNELS);
    return (struct view){to, width, height, width * CHANNELS};
}

/* The part of the source that a size x size target looks at, with one pixel around it. */
static struct view part_seen(struct view v, struct affine m, int64_t size, int64_t *ret_x,
                             int64_t *ret_y)
{
    double last = (double)(size - 1);
    double w = (double)v.width, h = (double)v.height;
    double left = m.c + fmin(0, m.a * last) + fmin(0, m.b * last);
    double right = m.c + fmax(0, m.a * last) + fmax(0, m.b * last);
    double top = m.f + fmin(0, m.d * last) + fmin(0, m.e * last);
    double bottom = m.f + fmax(0, m.d * last) + fmax(0, m.e * last);

    *ret_x = (int64_t)fmin(fmax(floor(left) - 1, 0), w);
    *ret_y = (int64_t)fmin(fmax(floor(top) - 1, 0), h);
    int64_t x1 = (int64_t)fmin(fmax(ceil(right) + 2, 0), w);
    int64_t y1 = (int64_t)fmin(fmax(ceil(bottom) + 2, 0), h);
    return view_crop(v, *ret_x, *ret_y, x1 > *ret_x ? x1 - *ret_x : 0,
                     y1 > *ret_y ? y1 - *ret_y : 0);
}

/* Averages the seen part down when one target pixel spans more than two source pixels. */
static void prefilter(struct arena *a, struct view *v, struct affine *m, int64_t size)
{
    double span = sqrt(fabs(m->a * m->e - m->b * m->d));
    int64_t x, y;

    if (span <= 2)
        return;
    struct view part = part_seen(*v, *m, size, &x, &y);
    if (!part.width || !part.height)
        return;
    /* A pixel of the shrunk part stands for the centre of its k x k box. */
    int64_t k = (int64_t)span;
    double per = 1 / (double)k;
    double middle = (double)(k - 1) / 2;
    *v = shrink(a, part, k);
    *m = (struct affine){
        .a = m->a * per,
        .b = m->b * per,
        .c = (m->c - (double)x - middle) * per,
        .d = m->d * per,
        .e = m->e * per,
        .f = (m->f - (double)y - middle) * per,
    };
}

/* One pixel whose four neighbours are not all inside: the missing ones are black. */
static void sample_edge(const struct view *v, int64_t x, int64_t y, uint8_t *to)
{
    int64_t fx = (x & (ONE - 1)) >> 8, fy = (y & (ONE - 1)) >> 8;
    int64_t sum[CHANNELS] = {0};

    for (int64_t j = 0; j < 2; j++)
        for (int64_t i = 0; i < 2; i++) {
            int64_t px = (x >> 16) + i, py = (y >> 16) + j;
            if (px < 0 || py < 0 || px >= v->width || py >= v->height)
                continue;
            int64_t weight = (i ? fx : 256 - fx) * (j ? fy : 256 - fy);
            for (int c = 0; c < CHANNELS; c++)
                sum[c] += weight * v->rgb[py * v->stride + px * CHANNELS + c];
        }
    for (int c = 0; c < CHANNELS; c++)
        to[c] = (uint8_t)((sum[c] + 32768) >> 16);
}

static void sample_inside(const struct view *v, int64_t x, int64_t y, uint8_t *to)
{
    unsigned fx = (unsigned)(x & (ONE - 1)) >> 8, fy = (unsigned)(y & (ONE - 1)) >> 8;
    const uint8_t *p = v->rgb + (y >> 16) * v->stride + (x >> 16) * CHANNELS;
    const uint8_t *q = p + v->stride;

    for (int c = 0; c < CHANNELS; c++) {
        unsigned top = p[c] * (256 - fx) + p[c + CHANNELS] * fx;
        unsigned bottom = q[c] * (256 - fx) + q[c + CHANNELS] * fx;
        to[c] = (uint8_t)((top * (256 - fy) + bottom * fy + 32768) >> 16);
    }
}

void pixels_warp(struct arena *a, struct view from, struct affine m, int64_t size, uint8_t *rgb)
{
    prefilter(a, &from, &m, size);

    int64_t step_x = llround(m.a * ONE), step_y = llround(m.d * ONE);
    /* A point is inside when its right and lower neighbours are, too. */
    uint64_t inside_x = from.width > 1 ? (uint64_t)(from.width - 1) << 16 : 0;
    uint64_t inside_y = from.height > 1 ? (uint64_t)(from.height - 1) << 16 : 0;
    for (int64_t j = 0; j < size; j++) {
        int64_t x = llround((m.b * (double)j + m.c) * ONE);
        int64_t y = llround((m.e * (double)j + m.f) * ONE);
        for (int64_t i = 0; i < size; i++, x += step_x, y += step_y, rgb += CHANNELS) {
            if ((uint64_t)x < inside_x && (uint64_t)y < inside_y)
                sample_inside(&from, x, y, rgb);
            else
                sample_edge(&from, x, y, rgb);
        }
    }
}

/* For one axis of a resize: the two source pixels of each target pixel and the second's weight. */
struct tap {
    int32_t at, next;
    uint16_t weight; /* of 256 */
};

static struct tap *make_taps(struct arena *a, int64_t target, int64_t source)
{
    struct tap *taps = ARENA_NEW_N(a, struct tap, (size_t)target);
    double span = (double)source / (double)target;

    for (int64_t i = 0; i < target; i++) {
        double at = fmin(fmax(((double)i + 0.5) * span - 0.5, 0), (double)(source - 1));
        int64_t whole = (int64_t)at;
        taps[i].at = (int32_t)whole;
        taps[i].next = (int32_t)(whole + 1 < source ? whole + 1 : whole);
        taps[i].weight = (uint16_t)((at - (double)whole) * 256);
    }
    return taps;
}

/* Two rows mixed, 256 times as large. Plain enough for the compiler to vectorise. */
static void mix_rows(const uint8_t *restrict p, const uint8_t *restrict q, unsigned weight,
                     size_t n, uint16_t *restrict to)
{
    uint16_t wq = (uint16_t)weight, wp = (uint16_t)(256 - weight);

    for (size_t i = 0; i < n; i++)
        to[i] = (uint16_t)(p[i] * wp + q[i] * wq);
}

static void mix_columns(const uint16_t *row, const struct tap *taps, const struct planes *planes,
                        float *const *to)
{
    const float scale = (float)(planes->scale.factor / (256 * 256));
    const float shift = (float)planes->scale.shift;

    for (int64_t i = 0; i < planes->width; i++) {
        const uint16_t *p = row + (ptrdiff_t)taps[i].at * CHANNELS;
        const uint16_t *q = row + (ptrdiff_t)taps[i].next * CHANNELS;
        int32_t w = taps[i].weight;
        for (int c = 0; c < CHANNELS; c++)
            to[c][i] = (float)(p[c] * (256 - w) + q[c] * w) * scale + shift;
    }
}

/* The padded source is never made: rows and columns past the picture read as the padding. */
static void resize_padded(struct arena *a, struct view v, struct letterbox box,
                          const struct planes *planes)
{
    const struct tap *across = make_taps(a, planes->width, box.width);
    const struct tap *down = make_taps(a, planes->height, box.height);
    size_t used = (size_t)(v.width * CHANNELS), whole = (size_t)(box.width * CHANNELS);
    uint8_t *pad = arena_alloc(a, used);
    uint16_t *row = ARENA_NEW_N(a, uint16_t, whole);

    memset(pad, planes->scale.pad, used);
    for (size_t i = used; i < whole; i++)
        row[i] = (uint16_t)(planes->scale.pad * 256);
    for (int64_t j = 0; j < planes->height; j++) {
        const uint8_t *p = down[j].at < v.height ? v.rgb + down[j].at * v.stride : pad;
        const uint8_t *q = down[j].next < v.height ? v.rgb + down[j].next * v.stride : pad;
        float *to[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            int plane = planes->scale.blue_first ? CHANNELS - 1 - c : c;
            to[c] = planes->at + (plane * planes->height + j) * planes->width;
        }
        mix_rows(p, q, down[j].weight, used, row);
        mix_columns(row, across, planes, to);
    }
}

struct letterbox pixels_letterbox(struct arena *a, struct view from, const struct planes *to)
{
    double w = (double)to->width, h = (double)to->height;
    double span = fmax((double)from.width / w, (double)from.height / h);
    int64_t k = span >= PREFILTER_FROM ? (int64_t)(span / 2) : 1;
    struct view v = k > 1 ? shrink(a, from, k) : from;

    span /= (double)k;
    struct letterbox box = {llround(w * span), llround(h * span)};
    if (box.width < v.width)
        box.width = v.width;
    if (box.height < v.height)
        box.height = v.height;
    resize_padded(a, v, box, to);
    return (struct letterbox){box.width * k, box.height * k};
}

void pixels_grey(const uint8_t *rgb, size_t n, uint8_t *grey)
{
    for (size_t i = 0; i < n; i++, rgb += CHANNELS)
        grey[i] = (uint8_t)((rgb[0] * 19595U + rgb[1] * 38470U + rgb[2] * 7471U + 32768U) >> 16);
}
