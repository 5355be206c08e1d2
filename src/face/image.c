/* SPDX-License-Identifier: MIT */
/*
 * Picture files in, upright RGB pixels out. The kind is told by content, never by name; sizes are
 * judged from the header before memory is taken.
 */
#include <string.h>

#include "base/mem.h"

#include "face/codec.h"

enum { TURN_BLOCK = 32 };

static bool starts_with(struct str file, const char *magic, size_t len)
{
    return file.len >= len && memcmp(file.at, magic, len) == 0;
}

#define STARTS(file_, magic_) starts_with((file_), (magic_), sizeof(magic_) - 1)

void image_finish(struct image *im)
{
    mem_free(im->rgb);
    *im = (struct image){0};
}

enum err image_check_size(struct ctx *ctx, int64_t max_pixels, int64_t width, int64_t height)
{
    if (width < 1 || height < 1)
        return fail(ctx, ERR_IMAGE_INVALID, "the picture has no pixels");
    if (width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE)
        return fail(ctx, ERR_TOO_LARGE, "the picture is %lld x %lld pixels, at most %d a side",
                    (long long)width, (long long)height, IMAGE_MAX_SIDE);
    if (width * height > max_pixels)
        return fail(ctx, ERR_TOO_LARGE,
                    "the picture has %.1f megapixels (%lld x %lld), at most %lld",
                    (double)(width * height) / 1e6, (long long)width, (long long)height,
                    (long long)(max_pixels / 1000000));
    return ERR_OK;
}

enum err image_room(struct ctx *ctx, int64_t width, int64_t height, int64_t channels,
                    struct image *ret)
{
    uint8_t *at = mem_try_aligned((size_t)(width * height * channels));

    if (!at)
        return fail(ctx, ERR_BUSY, "there is not enough memory for this picture now");
    *ret = (struct image){.width = width, .height = height, .rgb = at};
    return ERR_OK;
}

void image_flatten(struct image *im)
{
    const uint8_t *from = im->rgb;
    uint8_t *to = im->rgb;

    for (int64_t i = im->width * im->height; i > 0; i--, from += 4, to += 3) {
        unsigned a = from[3];
        for (int c = 0; c < 3; c++)
            to[c] = (uint8_t)((from[c] * a + 255U * (255U - a) + 127U) / 255U);
    }
}

enum err image_check_rest(struct ctx *ctx, struct str rest)
{
    while (rest.len && strchr(" \t\r\n", rest.at[0])) { /* also skips NULs */
        rest.at++;
        rest.len--;
    }
    bool other = STARTS(rest, "<") || STARTS(rest, "PK\x03\x04") || STARTS(rest, "%PDF") ||
                 STARTS(rest, "MZ") ||
                 STARTS(rest,
                        "\x7f"
                        "ELF") ||
                 STARTS(rest, "#!") || STARTS(rest, "Rar!") || STARTS(rest, "7z\xbc\xaf") ||
                 STARTS(rest, "GIF8");
    /* An archive is found from its end: the directory record may follow any padding. */
    if (!other && rest.len)
        other = memmem(rest.at, rest.len, "PK\x05\x06", 4) != NULL;
    if (other)
        return fail(ctx, ERR_IMAGE_INVALID, "another file is hidden behind the picture");
    return ERR_OK;
}

/* Where the pixel (x, y) of the stored picture goes; the upright picture is `width` wide. */
struct turn {
    int64_t start, per_x, per_y;
};

static struct turn turn_of(int orientation, int64_t w, int64_t h)
{
    switch (orientation) {
    case 2: /* mirrored */
        return (struct turn){w - 1, -1, w};
    case 3: /* upside down */
        return (struct turn){w * h - 1, -1, -w};
    case 4: /* upside down, mirrored */
        return (struct turn){w * (h - 1), 1, -w};
    case 5: /* mirrored along the main diagonal */
        return (struct turn){0, h, 1};
    case 6: /* to be turned right */
        return (struct turn){h - 1, h, -1};
    case 7: /* mirrored along the other diagonal */
        return (struct turn){w * h - 1, -h, -1};
    case 8: /* to be turned left */
        return (struct turn){(w - 1) * h, -h, 1};
    default:
        return (struct turn){0, 1, w};
    }
}

static void turn_block(const struct image *from, uint8_t *to, struct turn t, int64_t x0, int64_t y0)
{
    int64_t x1 = x0 + TURN_BLOCK < from->width ? x0 + TURN_BLOCK : from->width;
    int64_t y1 = y0 + TURN_BLOCK < from->height ? y0 + TURN_BLOCK : from->height;

    for (int64_t y = y0; y < y1; y++) {
        const uint8_t *src = from->rgb + 3 * y * from->width;
        for (int64_t x = x0; x < x1; x++)
            memcpy(to + 3 * (t.start + t.per_y * y + t.per_x * x), src + 3 * x, 3);
    }
}

/* Turns the picture upright: block by block, so that both sides stay in the cache. */
static enum err make_upright(struct ctx *ctx, struct decoded *d)
{
    if (d->orientation < 2 || d->orientation > 8)
        return ERR_OK;

    const struct image *from = &d->image;
    bool swap = d->orientation >= 5;
    struct image to;
    enum err e = image_room(ctx, swap ? from->height : from->width,
                            swap ? from->width : from->height, 3, &to);
    if (e)
        return e;

    struct turn t = turn_of(d->orientation, from->width, from->height);
    for (int64_t y = 0; y < from->height; y += TURN_BLOCK)
        for (int64_t x = 0; x < from->width; x += TURN_BLOCK)
            turn_block(from, to.rgb, t, x, y);
    image_finish(&d->image);
    d->image = to;
    return ERR_OK;
}

/* The name of a kind of picture that people do send and that is not taken; NULL: not known. */
static const char *other_kind(struct str file)
{
    if (STARTS(file, "GIF87a") || STARTS(file, "GIF89a"))
        return "GIF";
    if (STARTS(file, "BM"))
        return "BMP";
    if (STARTS(file, "II*\0") || STARTS(file, "MM\0*"))
        return "TIFF";
    if (file.len >= 12 && memcmp(file.at + 4, "ftyp", 4) == 0)
        return memcmp(file.at + 8, "avi", 3) == 0 ? "AVIF" : "HEIC";
    if (STARTS(file, "<svg") || STARTS(file, "<?xml"))
        return "SVG";
    if (STARTS(file, "%PDF"))
        return "PDF";
    return NULL;
}

static enum err refuse_kind(struct ctx *ctx, struct str file)
{
    const char *kind = other_kind(file);

    if (kind)
        return fail(ctx, ERR_UNSUPPORTED_MEDIA, "%s pictures are not taken; send JPEG, PNG or WebP",
                    kind);
    return fail(ctx, ERR_UNSUPPORTED_MEDIA, "this is not a JPEG, PNG or WebP picture");
}

enum err image_decode(struct ctx *ctx, struct str file, struct image *ret)
{
    return image_decode_within(ctx, file, FACE_MAX_PIXELS, ret);
}

enum err image_decode_within(struct ctx *ctx, struct str file, int64_t max_pixels,
                             struct image *ret)
{
    struct decoded d = {.max_pixels = max_pixels};
    enum err e;

    if (!file.len)
        return fail(ctx, ERR_IMAGE_INVALID, "the picture file is empty");
    if (STARTS(file, "\xff\xd8\xff"))
        e = jpeg_decode(ctx, file, &d);
    else if (STARTS(file, "\x89PNG\r\n\x1a\n"))
        e = png_decode(ctx, file, &d);
    else if (STARTS(file, "RIFF") && file.len >= 12 && memcmp(file.at + 8, "WEBP", 4) == 0)
        e = webp_decode(ctx, file, &d);
    else
        return refuse_kind(ctx, file);
    if (e)
        return e;

    e = make_upright(ctx, &d);
    if (e) {
        image_finish(&d.image);
        return e;
    }
    *ret = d.image;
    return ERR_OK;
}
