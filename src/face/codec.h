/* SPDX-License-Identifier: MIT */
#pragma once
/* The picture decoders behind image_decode. Only src/face/image*.c include this. */
#include "face/face.h"

enum { IMAGE_MAX_SIDE = 16384 };

/* One decoded file: the picture as stored and how to turn it upright. */
struct decoded {
    struct image image;
    int orientation;    /* 1–8, as EXIF counts */
    int64_t max_pixels; /* set by the caller: what is larger is refused */
};

/* Refuses what is too large before anything is allocated. ERR_TOO_LARGE, ERR_IMAGE_INVALID. */
must_check enum err image_check_size(struct ctx *ctx, int64_t max_pixels, int64_t width,
                                     int64_t height);
/* Room for `channels` bytes a pixel. ERR_BUSY when memory is short. */
must_check enum err image_room(struct ctx *ctx, int64_t width, int64_t height, int64_t channels,
                               struct image *ret);
/* Turns four bytes a pixel (RGBA) into three, in place, over a white ground. */
void image_flatten(struct image *im);
/*
 * Bytes after the end of the picture. Cameras put thumbnails, depth maps and short films there, so
 * they are left alone; what starts like a document, an archive or a program is refused: such a file
 * pretends to be two things. ERR_IMAGE_INVALID.
 */
must_check enum err image_check_rest(struct ctx *ctx, struct str rest);

must_check enum err jpeg_decode(struct ctx *ctx, struct str file, struct decoded *ret);
must_check enum err png_decode(struct ctx *ctx, struct str file, struct decoded *ret);
must_check enum err webp_decode(struct ctx *ctx, struct str file, struct decoded *ret);

/* The orientation an EXIF block (a TIFF file) asks for; 1 when it says none or is broken. */
int exif_orientation(struct str tiff);

static inline uint32_t be32(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;

    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t be16(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;

    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t le32(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;

    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t le16(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;

    return (uint32_t)p[1] << 8 | p[0];
}
