/* SPDX-License-Identifier: MIT */
/* The kinds of files by their first bytes; pictures are decoded whole. */
#include "justifications/inspect.h"

#include <string.h>

#include "face/face.h"

struct kind {
    const char *magic;
    size_t at, len;
    const char *what;
};

#define KIND(at_, magic_, what_)                                                                   \
    {                                                                                              \
        magic_, at_, sizeof(magic_) - 1, what_                                                     \
    }
#define ELF                                                                                        \
    "\x7f"                                                                                         \
    "ELF"

/* What people send instead, by mistake or on purpose: the answer says so. */
static const struct kind others[] = {
    KIND(0, "MZ", "a Windows program"),
    KIND(0, ELF, "a Linux program"),
    KIND(0, "\xca\xfe\xba\xbe", "a program"),
    KIND(0, "\xcf\xfa\xed\xfe", "a program"),
    KIND(0, "#!", "a script"),
    KIND(0, "PK\x03\x04", "an archive or office document"),
    KIND(0, "PK\x05\x06", "an archive"),
    KIND(0, "Rar!", "an archive"),
    KIND(0, "7z\xbc\xaf", "an archive"),
    KIND(0, "\x1f\x8b", "an archive"),
    KIND(0, "\xd0\xcf\x11\xe0", "an old office document"),
    KIND(0, "{\\rtf", "a text document"),
    KIND(0, "GIF8", "a GIF picture"),
    KIND(8, "WEBP", "a WebP picture"),
    KIND(4, "ftypheic", "a HEIC picture"),
    KIND(4, "ftypheix", "a HEIC picture"),
    KIND(4, "ftypmif1", "a HEIC picture"),
    KIND(0, "II*", "a TIFF picture"),
    KIND(0, "MM\0*", "a TIFF picture"),
    KIND(0, "<", "a web page or other markup"),
};

static bool is_kind(struct str bytes, const struct kind *k)
{
    return bytes.len >= k->at + k->len && memcmp(bytes.at + k->at, k->magic, k->len) == 0;
}

static enum err refuse_other(struct ctx *ctx, struct str bytes)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (is_kind(bytes, &others[i]))
            return fail(ctx, ERR_DOCUMENT_INVALID, "this is %s; a PDF, JPEG or PNG is taken",
                        others[i].what);
    return fail(ctx, ERR_DOCUMENT_INVALID,
                "this is no PDF, JPEG or PNG: its first bytes are of none of them");
}

/* Decoded as far as the last pixel: what a viewer cannot show is no evidence. */
static enum err inspect_picture(struct ctx *ctx, struct str bytes)
{
    const struct fault before = ctx->fault;
    struct image im = {0};
    struct str why;
    enum err e = image_decode(ctx, bytes, &im);

    image_finish(&im);
    if (!e || (e != ERR_IMAGE_INVALID && e != ERR_TOO_LARGE))
        return e;
    why = ctx->fault.detail;
    ctx->fault = before;
    return fail(ctx, ERR_DOCUMENT_INVALID, "%.*s", (int)why.len, why.at);
}

enum err document_inspect(struct ctx *ctx, struct str bytes, const char **ret_type)
{
    static const struct kind pdf = KIND(0, "%PDF-", ""), jpeg = KIND(0, "\xff\xd8\xff", ""),
                             png = KIND(0, "\x89PNG\r\n\x1a\n", "");
    const char *type = is_kind(bytes, &pdf)    ? "application/pdf"
                       : is_kind(bytes, &jpeg) ? "image/jpeg"
                       : is_kind(bytes, &png)  ? "image/png"
                                               : NULL;
    enum err e;

    if (!type)
        return refuse_other(ctx, bytes);
    e = is_kind(bytes, &pdf) ? pdf_inspect(ctx, bytes) : inspect_picture(ctx, bytes);
    if (!e)
        *ret_type = type;
    return e;
}
