/* SPDX-License-Identifier: MIT */
/* libqrencode finds the modules; here they become one path of horizontal bars. */
#include "check_in/qr.h"

#include <qrencode.h>

#include "base/buf.h"

enum { QUIET = 4, SVG_MAX = 256 << 10 };

static void free_code(QRcode **c)
{
    QRcode_free(*c);
}

/* One line: a bar for each run of dark modules. */
static void draw_line(struct buf *b, const unsigned char *line, int width, int y)
{
    for (int x = 0; x < width;) {
        int from = x;

        while (x < width && (line[x] & 1))
            x++;
        if (x > from)
            buf_printf(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        else
            x++;
    }
}

enum err qr_svg(struct ctx *ctx, struct str text, struct str *ret)
{
    cleanup(buf_finish) struct buf b = BUF(SVG_MAX);
    cleanup(free_code) QRcode *code = NULL;
    int side;

    if (text.len > QR_TEXT_MAX)
        return fail(ctx, ERR_INTERNAL, "a code holds at most %d bytes", QR_TEXT_MAX);
    code = QRcode_encodeData((int)text.len, (const unsigned char *)text.at, 0, QR_ECLEVEL_M);
    if (!code)
        return fail(ctx, ERR_INTERNAL, "the code cannot be drawn");
    side = code->width + 2 * QUIET;
    buf_printf(&b,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
               " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
               "<path d=\"",
               side, side, side, side);
    for (int y = 0; y < code->width; y++)
        draw_line(&b, code->data + (ptrdiff_t)y * code->width, code->width, y);
    buf_puts(&b, "\"/></svg>");
    if (b.failed)
        return fail(ctx, ERR_INTERNAL, "the drawing is too large");
    *ret = arena_str(&ctx->arena, buf_view(&b));
    return ERR_OK;
}
