/* SPDX-License-Identifier: MIT */
/* JPEG by libjpeg-turbo: baseline and progressive, grey, YCbCr, CMYK and YCCK. */
#include <string.h>
#include <turbojpeg.h>

#include "base/mem.h"

#include "face/codec.h"

enum {
    MAX_SCANS = 32, /* real progressive pictures have about ten; each costs a pass over them */
    M_SOI = 0xd8,
    M_EOI = 0xd9,
    M_SOS = 0xda,
    M_APP1 = 0xe1,
    M_APP14 = 0xee,
};

/* What the segments say, read without decoding. */
struct jpeg_facts {
    int orientation;
    bool has_orientation, is_adobe, ended;
    int scans;
    size_t end; /* offset of the byte after EOI */
};

/* Where the next marker after entropy-coded data starts, or the file's length. */
static size_t skip_entropy(struct str file, size_t i)
{
    while (i + 1 < file.len) {
        const char *ff = memchr(file.at + i, 0xff, file.len - 1 - i);
        if (!ff)
            break;
        i = (size_t)(ff - file.at);
        unsigned char next = (unsigned char)file.at[i + 1];
        bool is_data = next == 0 || (next >= 0xd0 && next <= 0xd7);
        if (!is_data && next != 0xff)
            return i;
        i += is_data ? 2 : 1;
    }
    return file.len;
}

static void read_segment(struct str body, unsigned marker, struct jpeg_facts *f)
{
    if (marker == M_APP1 && !f->has_orientation && body.len > 6 &&
        memcmp(body.at, "Exif\0\0", 6) == 0) {
        f->orientation = exif_orientation((struct str){body.at + 6, body.len - 6});
        f->has_orientation = true;
    }
    if (marker == M_APP14 && body.len >= 12 && memcmp(body.at, "Adobe", 5) == 0)
        f->is_adobe = true;
    if (marker == M_SOS)
        f->scans++;
}

/* Walks the markers to the end of the picture. */
static struct jpeg_facts read_facts(struct str file)
{
    struct jpeg_facts f = {.orientation = 1};
    size_t i = 2;

    while (i + 1 < file.len && !f.ended) {
        unsigned marker = (unsigned char)file.at[i + 1];
        if ((unsigned char)file.at[i] != 0xff || marker == 0xff || marker == 0) {
            i++; /* fill bytes, and stray bytes that libjpeg skips, too */
            continue;
        }
        if (marker == M_EOI) {
            f.ended = true;
            f.end = i + 2;
            break;
        }
        if (marker == M_SOI || marker == 1 || (marker >= 0xd0 && marker <= 0xd7)) {
            i += 2;
            continue;
        }
        size_t len = i + 4 <= file.len ? be16(file.at + i + 2) : 0;
        if (len < 2 || i + 2 + len > file.len)
            break;
        read_segment((struct str){file.at + i + 4, len - 2}, marker, &f);
        i += 2 + len;
        if (marker == M_SOS)
            i = skip_entropy(file, i);
    }
    return f;
}

/* Ink to light. Adobe's programs store ink inverted: 255 is none. */
static void cmyk_to_rgb(struct image *im, bool inverted)
{
    const uint8_t *from = im->rgb;
    uint8_t *to = im->rgb;

    for (int64_t i = im->width * im->height; i > 0; i--, from += 4, to += 3) {
        unsigned k = inverted ? from[3] : 255U - from[3];
        for (int c = 0; c < 3; c++) {
            unsigned v = inverted ? from[c] : 255U - from[c];
            to[c] = (uint8_t)((v * k + 127U) / 255U);
        }
    }
}

static void tj_close(tjhandle *h)
{
    if (*h)
        (void)tjDestroy(*h);
}

/* Small slips of cameras that leave every pixel where it belongs. */
static bool is_harmless(tjhandle h)
{
    if (tjGetErrorCode(h) != TJERR_WARNING)
        return false;
    const char *text = tjGetErrorStr2(h);
    return strstr(text, "extraneous bytes") || strstr(text, "Invalid SOS parameters");
}

static enum err decode_pixels(struct ctx *ctx, tjhandle h, struct str file, bool is_cmyk,
                              struct image *im)
{
    int format = is_cmyk ? TJPF_CMYK : TJPF_RGB;
    int failed = tjDecompress2(h, (const unsigned char *)file.at, file.len, im->rgb, (int)im->width,
                               0, (int)im->height, format, TJFLAG_LIMITSCANS);

    if (failed && !is_harmless(h))
        return fail(ctx, ERR_IMAGE_INVALID, "the JPEG is damaged: %s", tjGetErrorStr2(h));
    return ERR_OK;
}

static enum err check_facts(struct ctx *ctx, struct str file, const struct jpeg_facts *f)
{
    if (!f->ended)
        return fail(ctx, ERR_IMAGE_INVALID, "the JPEG is cut off: its end is missing");
    if (f->scans > MAX_SCANS)
        return fail(ctx, ERR_IMAGE_INVALID, "the JPEG has %d scans, at most %d", f->scans,
                    MAX_SCANS);
    return image_check_rest(ctx, (struct str){file.at + f->end, file.len - f->end});
}

enum err jpeg_decode(struct ctx *ctx, struct str file, struct decoded *ret)
{
    cleanup(tj_close) tjhandle h = tjInitDecompress();
    int width = 0, height = 0, sampling = 0, space = 0;

    if (!h)
        return fail(ctx, ERR_BUSY, "the JPEG decoder could not start");
    if (tjDecompressHeader3(h, (const unsigned char *)file.at, file.len, &width, &height, &sampling,
                            &space))
        return fail(ctx, ERR_IMAGE_INVALID, "the JPEG header is broken: %s", tjGetErrorStr2(h));

    struct jpeg_facts f = read_facts(file);
    enum err e = image_check_size(ctx, ret->max_pixels, width, height);
    if (!e)
        e = check_facts(ctx, file, &f);
    if (e)
        return e;

    bool is_cmyk = space == TJCS_CMYK || space == TJCS_YCCK;
    struct image im;
    e = image_room(ctx, width, height, is_cmyk ? 4 : 3, &im);
    if (e)
        return e;
    e = decode_pixels(ctx, h, file, is_cmyk, &im);
    if (e) {
        image_finish(&im);
        return e;
    }
    if (is_cmyk)
        cmyk_to_rgb(&im, f.is_adobe);
    *ret = (struct decoded){.image = im, .orientation = f.orientation};
    return ERR_OK;
}
