/* SPDX-License-Identifier: MIT */
/*
 * MiniFASNet-SE type net: it looks at the face with what is around it, blue first, 0..255 unscaled;
 * three logits of which the first means live.
 */
#include "face/passive.h"

#include <math.h>

#include "face/parts.h"

enum { NET_SIDE = 128, NET_PIXELS = NET_SIDE * NET_SIDE, LOGITS = 3 };

static const double GROWTH = 2.7;

/* Where the target's pixels lie along one axis of a resize, whose centres map at halves. */
struct axis {
    double step, start;
};

/* The box grown as far as the picture allows, about its centre, then moved inside. */
static struct axis grown(double from, double size, double growth, double limit)
{
    double side = size * growth;
    double at = fmin(fmax(from + size / 2 - side / 2, 0), limit - side);
    double step = side / NET_SIDE;

    return (struct axis){step, at + step / 2 - 0.5};
}

enum err face_passive(struct ctx *ctx, const struct image *im, const struct face_found *f,
                      double *ret)
{
    double w = (double)im->width, h = (double)im->height;
    double growth = fmin(GROWTH, fmin(w / f->box.width, h / f->box.height));
    struct axis x = grown(f->box.x, f->box.width, growth, w);
    struct axis y = grown(f->box.y, f->box.height, growth, h);
    struct affine m = {.a = x.step, .c = x.start, .e = y.step, .f = y.start};
    struct net *net;

    if (!affine_is_sane(m))
        return fail(ctx, ERR_IMAGE_INVALID, "the face has no size");
    enum err e = face_net_of(ctx, NET_LIVENESS, &net);
    if (e)
        return e;

    uint8_t *rgb = arena_alloc(&ctx->arena, (size_t)NET_PIXELS * 3);
    float *in = net_input(net);
    pixels_warp(&ctx->arena, view_of(im), m, NET_SIDE, rgb);
    for (size_t i = 0; i < NET_PIXELS; i++)
        for (size_t c = 0; c < 3; c++)
            in[c * NET_PIXELS + i] = rgb[3 * i + 2 - c];
    e = face_net_run(ctx, net);
    if (e)
        return e;

    const float *out = net_output(net, 0);
    double logits[LOGITS] = {out[0], out[1], out[2]};
    double top = fmax(logits[0], fmax(logits[1], logits[2])), sum = 0;
    for (size_t i = 0; i < LOGITS; i++)
        sum += exp(logits[i] - top);
    *ret = exp(logits[0] - top) / sum;
    return ERR_OK;
}
