/* SPDX-License-Identifier: MIT */
#pragma once
/* Resampling: the one place that touches many pixels. Integer arithmetic in the loops. */
#include "face/face.h"

/* A rectangle of an image; not owned. */
struct view {
    const uint8_t *rgb;
    int64_t width, height;
    int64_t stride; /* bytes from one row to the next */
};

/* Where a target pixel (x, y) lies in the source: (a x + b y + c, d x + e y + f). */
struct affine {
    double a, b, c, d, e, f;
};

struct view view_of(const struct image *im);
struct view view_crop(struct view v, int64_t x, int64_t y, int64_t width, int64_t height);

/* The square at (x, y) with this side, as seen from a target of `pixels` a side. */
struct affine affine_square(double x, double y, double side, int64_t pixels);
/* False when numbers of the matrix are not finite or absurdly large: nothing to warp. */
bool affine_is_sane(struct affine m);

/*
 * Bilinear; outside the source is black. Where the source is more than twice as fine as the target
 * it is averaged down first, so that nothing aliases. `rgb` holds size x size pixels.
 */
void pixels_warp(struct arena *a, struct view from, struct affine m, int64_t size, uint8_t *rgb);

/* The source with its padding, in its own pixels. */
struct letterbox {
    int64_t width, height;
};
/* How 0..255 becomes a net's number, and in which order the planes lie. */
struct pixel_scale {
    double factor, shift; /* v * factor + shift */
    bool blue_first;
    uint8_t pad; /* 0..255: where the picture does not reach */
};
/* Three planes of width x height. */
struct planes {
    int64_t width, height;
    struct pixel_scale scale;
    float *at;
};
/* Fits the picture into the planes: bilinear, at the top left, the rest `pad`. */
struct letterbox pixels_letterbox(struct arena *a, struct view from, const struct planes *to);

/* Luma 0..255 by 0.299 R + 0.587 G + 0.114 B, n pixels. */
void pixels_grey(const uint8_t *rgb, size_t n, uint8_t *grey);
