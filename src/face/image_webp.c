/* SPDX-License-Identifier: MIT */
/* WebP by libwebp: lossy and lossless stills, transparent parts over white. */
#include <string.h>
#include <webp/decode.h>

#include "face/codec.h"

enum { RIFF_HEADER_BYTES = 12, CHUNK_HEADER_BYTES = 8 };

/* EXIF has its own chunk; some writers keep JPEG's "Exif\0\0" in front of it. */
static int orientation_of(struct str riff)
{
    size_t i = RIFF_HEADER_BYTES;

    while (riff.len - i >= CHUNK_HEADER_BYTES) {
        size_t len = le32(riff.at + i + 4);
        struct str body = {riff.at + i + CHUNK_HEADER_BYTES, len};
        if (len > riff.len - i - CHUNK_HEADER_BYTES)
            break;
        if (memcmp(riff.at + i, "EXIF", 4) == 0) {
            bool prefixed = body.len > 6 && memcmp(body.at, "Exif\0\0", 6) == 0;
            return exif_orientation(prefixed ? (struct str){body.at + 6, body.len - 6} : body);
        }
        i += CHUNK_HEADER_BYTES + len;
        i += (len & 1) && i < riff.len;
    }
    return 1;
}

static enum err read_header(struct ctx *ctx, struct str file, int64_t max_pixels,
                            WebPBitstreamFeatures *ret)
{
    if (WebPGetFeatures((const uint8_t *)file.at, file.len, ret) != VP8_STATUS_OK)
        return fail(ctx, ERR_IMAGE_INVALID, "the WebP header is broken");
    if (ret->has_animation)
        return fail(ctx, ERR_UNSUPPORTED_MEDIA, "animated WebP pictures are not taken");
    return image_check_size(ctx, max_pixels, ret->width, ret->height);
}

static enum err decode_pixels(struct ctx *ctx, struct str riff, const WebPBitstreamFeatures *f,
                              struct image *ret)
{
    struct image im;
    int64_t channels = f->has_alpha ? 4 : 3;
    enum err e = image_room(ctx, f->width, f->height, channels, &im);

    if (e)
        return e;
    size_t size = (size_t)(im.width * im.height * channels);
    int stride = (int)(im.width * channels);
    const uint8_t *from = (const uint8_t *)riff.at;
    const uint8_t *done = f->has_alpha ? WebPDecodeRGBAInto(from, riff.len, im.rgb, size, stride)
                                       : WebPDecodeRGBInto(from, riff.len, im.rgb, size, stride);
    if (!done) {
        image_finish(&im);
        return fail(ctx, ERR_IMAGE_INVALID, "the WebP is damaged or cut off");
    }
    if (f->has_alpha)
        image_flatten(&im);
    *ret = im;
    return ERR_OK;
}

enum err webp_decode(struct ctx *ctx, struct str file, struct decoded *ret)
{
    WebPBitstreamFeatures features;
    enum err e = read_header(ctx, file, ret->max_pixels, &features);

    if (e)
        return e;
    size_t size = (size_t)le32(file.at + 4) + CHUNK_HEADER_BYTES;
    if (size > file.len || size < RIFF_HEADER_BYTES)
        return fail(ctx, ERR_IMAGE_INVALID, "the WebP is cut off: its end is missing");
    struct str riff = {file.at, size};
    struct str rest = {file.at + size, file.len - size};
    e = image_check_rest(ctx, rest);
    if (e)
        return e;
    struct image im;
    e = decode_pixels(ctx, riff, &features, &im);
    if (e)
        return e;
    *ret = (struct decoded){.image = im, .orientation = orientation_of(riff)};
    return ERR_OK;
}
