/* SPDX-License-Identifier: MIT */
/* Picture files for tests, by the encoders of the libraries whose decoders are tested. */
#include "pictures.h"

#include <assert.h>
#include <spng.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include "base/mem.h"

enum { QUALITY = 92, PNG_HEAD = 8 + 25, RIFF_HEAD = 12 };

static struct image new_image(struct ctx *ctx, int64_t width, int64_t height)
{
    return (struct image){width, height, arena_alloc(&ctx->arena, (size_t)(width * height * 3))};
}

struct image picture_quarters(struct ctx *ctx, int64_t width, int64_t height)
{
    static const uint8_t colours[4][3] = {
        {220, 30, 30}, {30, 200, 30}, {30, 30, 220}, {220, 220, 30}};
    struct image im = new_image(ctx, width, height);

    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++)
            memcpy(im.rgb + 3 * (y * width + x), colours[2 * (y >= height / 2) + (x >= width / 2)],
                   3);
    return im;
}

struct image picture_noise(struct ctx *ctx, int64_t width, int64_t height, uint64_t seed)
{
    struct image im = new_image(ctx, width, height);

    for (int64_t i = 0; i < width * height * 3; i++) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        im.rgb[i] = (uint8_t)((i / 3 % width) / 2 + (int64_t)(seed >> 60));
    }
    return im;
}

static struct str copied(struct ctx *ctx, const void *at, size_t len)
{
    return arena_str(&ctx->arena, (struct str){at, len});
}

struct str picture_joined(struct ctx *ctx, struct str a, struct str b)
{
    char *at = arena_alloc(&ctx->arena, a.len + b.len + 1);

    memcpy(at, a.at, a.len);
    memcpy(at + a.len, b.at, b.len);
    return (struct str){at, a.len + b.len};
}

/* What goes into the JPEG encoder. */
struct job {
    const uint8_t *pixels;
    int width, height, format, sampling, flags;
};

static struct str compress(struct ctx *ctx, struct job job)
{
    tjhandle h = tjInitCompress();
    unsigned char *out = NULL;
    unsigned long len = 0;

    int failed = tjCompress2(h, job.pixels, job.width, 0, job.height, job.format, &out, &len,
                             job.sampling, QUALITY, job.flags);
    assert(!failed);
    struct str file = copied(ctx, out, len);
    tjFree(out);
    (void)tjDestroy(h);
    return file;
}

struct str picture_jpeg(struct ctx *ctx, const struct image *im, enum jpeg_kind kind)
{
    return compress(ctx, (struct job){
                             .pixels = im->rgb,
                             .width = (int)im->width,
                             .height = (int)im->height,
                             .format = TJPF_RGB,
                             .sampling = kind == JPEG_GREY ? TJSAMP_GRAY : TJSAMP_444,
                             .flags = kind == JPEG_PROGRESSIVE ? TJFLAG_PROGRESSIVE : 0,
                         });
}

struct str picture_cmyk(struct ctx *ctx, int width, int height, const uint8_t inks[4])
{
    size_t n = (size_t)width * (size_t)height;
    uint8_t *pixels = arena_alloc(&ctx->arena, 4 * n);

    for (size_t i = 0; i < n; i++)
        memcpy(pixels + 4 * i, inks, 4);
    return compress(ctx, (struct job){
                             .pixels = pixels,
                             .width = width,
                             .height = height,
                             .format = TJPF_CMYK,
                             .sampling = TJSAMP_444,
                         });
}

struct str picture_png(struct ctx *ctx, struct raw raw)
{
    spng_ctx *s = spng_ctx_new(SPNG_CTX_ENCODER);
    struct spng_ihdr ihdr = {
        .width = raw.width, .height = raw.height, .bit_depth = raw.depth, .color_type = raw.colour};
    size_t size = 0;
    int failed = spng_set_option(s, SPNG_ENCODE_TO_BUFFER, 1);

    failed = failed ? failed : spng_set_ihdr(s, &ihdr);
    failed = failed ? failed
                    : spng_encode_image(s, raw.data, raw.len, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    assert(!failed);
    void *out = spng_get_png_buffer(s, &size, &failed);
    assert(out);
    struct str file = copied(ctx, out, size);
    mem_free(out);
    spng_ctx_free(s);
    return file;
}

struct str picture_png_of(struct ctx *ctx, const struct image *im)
{
    return picture_png(ctx, (struct raw){
                                .data = im->rgb,
                                .len = (size_t)(im->width * im->height * 3),
                                .width = (uint32_t)im->width,
                                .height = (uint32_t)im->height,
                                .colour = SPNG_COLOR_TYPE_TRUECOLOR,
                                .depth = 8,
                            });
}

struct str picture_webp(struct ctx *ctx, const struct image *im)
{
    uint8_t *out = NULL;
    size_t len =
        WebPEncodeRGB(im->rgb, (int)im->width, (int)im->height, (int)im->width * 3, QUALITY, &out);

    assert(len);
    struct str file = copied(ctx, out, len);
    WebPFree(out);
    return file;
}

struct str picture_exif(struct ctx *ctx, int orientation, bool little)
{
    const char l[] = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0?\0\0\0\0\0\0\0";
    const char b[] = "MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0?\0\0\0\0\0\0";
    struct str exif = little ? copied(ctx, l, sizeof(l) - 1) : copied(ctx, b, sizeof(b) - 1);
    char *at = arena_alloc(&ctx->arena, exif.len);

    memcpy(at, exif.at, exif.len);
    at[little ? 18 : 19] = (char)orientation;
    return (struct str){at, exif.len};
}

static uint32_t crc32_of(const char *at, size_t len)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned char)at[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
    }
    return ~crc;
}

static void put_be32(char *to, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        to[i] = (char)(v >> (24 - 8 * i));
}

static void put_le(char *to, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (char)(v >> (8 * i));
}

struct str picture_png_chunk(struct ctx *ctx, struct str png, const char type[5], struct str body)
{
    struct str head = {png.at, PNG_HEAD}, rest = {png.at + PNG_HEAD, png.len - PNG_HEAD};
    char *chunk = arena_alloc(&ctx->arena, body.len + 12);

    put_be32(chunk, (uint32_t)body.len);
    memcpy(chunk + 4, type, 4);
    memcpy(chunk + 8, body.at, body.len);
    put_be32(chunk + 8 + body.len, crc32_of(chunk + 4, 4 + body.len));
    return picture_joined(ctx, picture_joined(ctx, head, (struct str){chunk, body.len + 12}), rest);
}

/* One RIFF chunk, padded to an even length. */
static struct str riff_chunk(struct ctx *ctx, const char type[5], struct str body)
{
    size_t padded = body.len + (body.len & 1);
    char *chunk = arena_alloc(&ctx->arena, padded + 8);

    memcpy(chunk, type, 4);
    put_le(chunk + 4, (uint32_t)body.len, 4);
    memcpy(chunk + 8, body.at, body.len);
    return (struct str){chunk, padded + 8};
}

struct str picture_webp_extended(struct ctx *ctx, struct str webp, uint8_t flags, uint32_t width,
                                 uint32_t height, struct str exif)
{
    char vp8x[10] = {(char)flags};
    struct str still = {webp.at + RIFF_HEAD, webp.len - RIFF_HEAD};

    put_le(vp8x + 4, width - 1, 3);
    put_le(vp8x + 7, height - 1, 3);
    struct str body =
        picture_joined(ctx, STR("WEBP"), riff_chunk(ctx, "VP8X", (struct str){vp8x, sizeof(vp8x)}));
    body = picture_joined(ctx, body, still);
    if (exif.len)
        body = picture_joined(ctx, body, riff_chunk(ctx, "EXIF", exif));
    return riff_chunk(ctx, "RIFF", body);
}

struct str picture_with_exif(struct ctx *ctx, struct str file, struct str exif)
{
    if (file.at[0] == '\x89')
        return picture_png_chunk(ctx, file, "eXIf", exif);
    assert(file.at[0] == '\xff');
    char head[10] = "\xff\xe1\0\0Exif\0";
    head[2] = (char)((exif.len + 8) >> 8);
    head[3] = (char)(exif.len + 8);
    struct str app1 = picture_joined(ctx, (struct str){head, sizeof(head)}, exif);
    struct str start = {file.at, 2}, rest = {file.at + 2, file.len - 2};
    return picture_joined(ctx, picture_joined(ctx, start, app1), rest);
}

/* Offset of the frame header of a JPEG. */
static size_t find_sof(struct str file)
{
    for (size_t i = 2; i + 9 < file.len;) {
        unsigned marker = (unsigned char)file.at[i + 1];
        if (marker == 0xc0 || marker == 0xc2)
            return i;
        i += 2 + ((size_t)(unsigned char)file.at[i + 2] << 8) + (unsigned char)file.at[i + 3];
    }
    return 0;
}

struct str picture_declared(struct ctx *ctx, struct str file, uint32_t width, uint32_t height)
{
    char *at = arena_alloc(&ctx->arena, file.len);

    memcpy(at, file.at, file.len);
    if (at[0] == '\x89') {
        put_be32(at + 16, width);
        put_be32(at + 20, height);
        put_be32(at + 29, crc32_of(at + 12, 17));
    } else if (at[0] == 'R') {
        /* A plain lossy still: the sizes follow the start code of its key frame. */
        put_le(at + 26, width, 2);
        put_le(at + 28, height, 2);
    } else {
        size_t sof = find_sof(file);
        assert(sof);
        at[sof + 5] = (char)(height >> 8);
        at[sof + 6] = (char)height;
        at[sof + 7] = (char)(width >> 8);
        at[sof + 8] = (char)width;
    }
    return (struct str){at, file.len};
}

struct image picture_stored(struct ctx *ctx, const struct image *upright, int orientation)
{
    bool swap = orientation >= 5;
    int64_t w = upright->width, h = upright->height;
    struct image im = new_image(ctx, swap ? h : w, swap ? w : h);

    for (int64_t y = 0; y < im.height; y++)
        for (int64_t x = 0; x < im.width; x++) {
            /* What EXIF calls row 0 and column 0 of the stored picture. */
            bool flip_x =
                orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
            bool flip_y =
                orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
            int64_t a = flip_x ? im.width - 1 - x : x, b = flip_y ? im.height - 1 - y : y;
            int64_t ux = swap ? b : a, uy = swap ? a : b;
            memcpy(im.rgb + 3 * (y * im.width + x), upright->rgb + 3 * (uy * w + ux), 3);
        }
    return im;
}
