/* SPDX-License-Identifier: MIT */
/* PNG by libspng: every colour type and depth, interlaced too, transparent parts over white. */
#include <spng.h>
#include <string.h>

#include "face/codec.h"

enum { WIDTH_AT = 16, HEIGHT_AT = 20, HEADER_END = 33 };
enum {
    SIGNATURE_BYTES = 8,
    CHUNK_FRAME_BYTES = 12,
    CHUNK_MAX = 1 << 20,
    CHUNK_CACHE_MAX = 4 << 20
};

/* What the chunks say, read without decoding. */
struct png_facts {
    int orientation;
    bool is_animated, ended;
    size_t end;
};

static struct png_facts read_facts(struct str file)
{
    struct png_facts f = {.orientation = 1};
    size_t i = SIGNATURE_BYTES;

    while (!f.ended && file.len - i >= CHUNK_FRAME_BYTES) {
        size_t len = be32(file.at + i);
        const char *type = file.at + i + 4;
        if (len > file.len - i - CHUNK_FRAME_BYTES)
            break;
        if (memcmp(type, "acTL", 4) == 0)
            f.is_animated = true;
        if (memcmp(type, "eXIf", 4) == 0)
            f.orientation = exif_orientation((struct str){type + 4, len});
        i += CHUNK_FRAME_BYTES + len;
        if (memcmp(type, "IEND", 4) == 0) {
            f.ended = true;
            f.end = i;
        }
    }
    return f;
}

static enum err check_facts(struct ctx *ctx, struct str file, const struct png_facts *f)
{
    if (f->is_animated)
        return fail(ctx, ERR_UNSUPPORTED_MEDIA, "animated PNG pictures are not taken");
    if (!f->ended)
        return fail(ctx, ERR_IMAGE_INVALID, "the PNG is cut off: its end is missing");
    return image_check_rest(ctx, (struct str){file.at + f->end, file.len - f->end});
}

static void spng_close(spng_ctx **s)
{
    spng_ctx_free(*s);
}

/* Reads all chunks before the pixels: texts and profiles may be larger than we keep. */
static enum err read_alpha(struct ctx *ctx, spng_ctx *s, const struct spng_ihdr *ihdr, bool *ret)
{
    struct spng_trns trns;
    int failed = spng_get_trns(s, &trns);

    *ret = !failed || ihdr->color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
           ihdr->color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
    if (!failed || failed == SPNG_ECHUNKAVAIL)
        return ERR_OK;
    if (failed == SPNG_ECHUNK_LIMITS)
        return fail(ctx, ERR_IMAGE_INVALID,
                    "the PNG's texts or colour profile are too large: leave them out, or keep them "
                    "under 512 KiB in all");
    return fail(ctx, ERR_IMAGE_INVALID, "the PNG is damaged: %s", spng_strerror(failed));
}

static enum err decode_pixels(struct ctx *ctx, spng_ctx *s, const struct spng_ihdr *ihdr,
                              struct image *ret)
{
    bool alpha = false;
    struct image im;
    enum err e = read_alpha(ctx, s, ihdr, &alpha);
    int64_t channels = alpha ? 4 : 3;

    e = e ? e : image_room(ctx, ihdr->width, ihdr->height, channels, &im);
    if (e)
        return e;
    int failed =
        spng_decode_image(s, im.rgb, (size_t)(im.width * im.height * channels),
                          alpha ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8, alpha ? SPNG_DECODE_TRNS : 0);
    if (failed) {
        image_finish(&im);
        return fail(ctx, ERR_IMAGE_INVALID, "the PNG is damaged: %s", spng_strerror(failed));
    }
    if (alpha)
        image_flatten(&im);
    *ret = im;
    return ERR_OK;
}

enum err png_decode(struct ctx *ctx, struct str file, struct decoded *ret)
{
    cleanup(spng_close) spng_ctx *s = spng_ctx_new(0);
    struct spng_ihdr ihdr;

    /* The header is always first; its sizes are judged before the library sees them. */
    if (file.len < HEADER_END)
        return fail(ctx, ERR_IMAGE_INVALID, "the PNG is cut off: its header is missing");
    enum err e =
        image_check_size(ctx, ret->max_pixels, be32(file.at + WIDTH_AT), be32(file.at + HEIGHT_AT));
    if (e)
        return e;
    if (!s)
        return fail(ctx, ERR_BUSY, "the PNG decoder could not start");
    (void)spng_set_chunk_limits(s, CHUNK_MAX, CHUNK_CACHE_MAX);
    int failed = spng_set_png_buffer(s, file.at, file.len);
    if (!failed)
        failed = spng_get_ihdr(s, &ihdr);
    if (failed)
        return fail(ctx, ERR_IMAGE_INVALID, "the PNG header is broken: %s", spng_strerror(failed));

    struct png_facts f = read_facts(file);
    e = check_facts(ctx, file, &f);
    if (e)
        return e;
    struct image im;
    e = decode_pixels(ctx, s, &ihdr, &im);
    if (e)
        return e;
    *ret = (struct decoded){.image = im, .orientation = f.orientation};
    return ERR_OK;
}
