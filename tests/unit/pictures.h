/* SPDX-License-Identifier: MIT */
#pragma once
/* Picture files made on the spot, good and bad, in a ctx's arena. */
#include "face/face.h"

/* Red, green, blue and yellow quarters, from the top left by rows. */
struct image picture_quarters(struct ctx *ctx, int64_t width, int64_t height);
/* Smooth colours with a little noise, seeded. */
struct image picture_noise(struct ctx *ctx, int64_t width, int64_t height, uint64_t seed);

enum jpeg_kind { JPEG_PLAIN, JPEG_PROGRESSIVE, JPEG_GREY };
struct str picture_jpeg(struct ctx *ctx, const struct image *im, enum jpeg_kind kind);
/* One colour, as Adobe's programs store inks: 255 is none. */
struct str picture_cmyk(struct ctx *ctx, int width, int height, const uint8_t inks[4]);
/* Raw pixels and how they are to be read. */
struct raw {
    const void *data;
    size_t len;
    uint32_t width, height;
    uint8_t colour, depth; /* as libspng names them */
};
struct str picture_png(struct ctx *ctx, struct raw raw);
/* 8-bit colour without loss. */
struct str picture_png_of(struct ctx *ctx, const struct image *im);
struct str picture_webp(struct ctx *ctx, const struct image *im);

/* An EXIF block that asks for an orientation. */
struct str picture_exif(struct ctx *ctx, int orientation, bool little);
/* The file with the block where its format keeps EXIF. */
struct str picture_with_exif(struct ctx *ctx, struct str file, struct str exif);
/* The PNG with a chunk after IHDR. */
struct str picture_png_chunk(struct ctx *ctx, struct str png, const char type[5], struct str body);
/* The WebP still in the extended form, with these VP8X flags. */
struct str picture_webp_extended(struct ctx *ctx, struct str webp, uint8_t flags, uint32_t width,
                                 uint32_t height, struct str exif);
/* The file with another size in its header and everything else as it was. */
struct str picture_declared(struct ctx *ctx, struct str file, uint32_t width, uint32_t height);

struct str picture_joined(struct ctx *ctx, struct str a, struct str b);
/* The picture as a camera stores it whose EXIF then says `orientation`. */
struct image picture_stored(struct ctx *ctx, const struct image *upright, int orientation);
