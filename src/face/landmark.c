/* SPDX-License-Identifier: MIT */
/* 68 points of a face, the five that matter, and whether its eyes are closed. */
#include <math.h>

#include "face/pack.h"

enum { NET_SIDE = 64, EYE_SIDE = 24 };

/* Of iBUG's 68: outer and inner corner, then the four points on the lids. */
struct eye {
    size_t outer, inner;
    size_t lids[4];
};

static const struct eye eyes[2] = {
    {36, 39, {37, 38, 40, 41}},
    {42, 45, {43, 44, 46, 47}},
};
static const double EYE_GROWTH = 1.6;

/* Grey pixels of a square of the picture, as the net wants them. */
static void fill_input(struct ctx *ctx, struct view im, struct affine m, enum face_net id,
                       float *to)
{
    const struct pack_net *pack = &face_pack_of(ctx)->nets[id];
    const float mean = (float)pack->mean, divisor = (float)pack->std;
    int64_t side = pack->width;
    size_t n = (size_t)(side * side);
    uint8_t *rgb = arena_alloc(&ctx->arena, n * 3);
    uint8_t *grey = arena_alloc(&ctx->arena, n);

    pixels_warp(&ctx->arena, im, m, side, rgb);
    pixels_grey(rgb, n, grey);
    for (size_t i = 0; i < n; i++)
        to[i] = ((float)grey[i] - mean) / divisor;
}

enum err landmarks_find(struct ctx *ctx, struct view im, const struct face_box *box,
                        struct point ret[LANDMARKS], bool *ok)
{
    double side = box->height;
    double left = box->x + (box->width - side) / 2;
    struct affine m = affine_square(left, box->y, side, NET_SIDE);
    struct net *net;

    *ok = affine_is_sane(m);
    if (!*ok)
        return ERR_OK;
    enum err e = face_net_of(ctx, NET_LANDMARK, &net);
    if (e)
        return e;
    fill_input(ctx, im, m, NET_LANDMARK, net_input(net));
    e = face_net_run(ctx, net);
    if (e)
        return e;

    const float *out = net_output(net, 0);
    for (size_t i = 0; i < LANDMARKS; i++) {
        ret[i] = (struct point){left + out[2 * i] * side, box->y + out[2 * i + 1] * side};
        *ok = *ok && isfinite(ret[i].x) && isfinite(ret[i].y);
    }
    return ERR_OK;
}

static struct point middle(const struct point *all, const size_t *which, size_t n)
{
    struct point sum = {0};

    for (size_t i = 0; i < n; i++) {
        sum.x += all[which[i]].x;
        sum.y += all[which[i]].y;
    }
    return (struct point){sum.x / (double)n, sum.y / (double)n};
}

void landmarks_reduce(const struct point all[LANDMARKS], struct face_found *f)
{
    static const size_t mouth[2][2] = {{48, 60}, {54, 64}};

    f->points[0] = middle(all, eyes[0].lids, 4);
    f->points[1] = middle(all, eyes[1].lids, 4);
    f->points[2] = all[30];
    f->points[3] = middle(all, mouth[0], 2);
    f->points[4] = middle(all, mouth[1], 2);
}

enum err eyes_closed(struct ctx *ctx, struct view im, const struct point all[LANDMARKS],
                     double ret[2])
{
    struct net *net;
    enum err e = face_net_of(ctx, NET_EYE, &net);

    for (size_t i = 0; !e && i < COUNT(eyes); i++) {
        struct point c = middle(all, eyes[i].lids, 4);
        double side = EYE_GROWTH * (all[eyes[i].inner].x - all[eyes[i].outer].x);
        struct affine m = affine_square(c.x - side / 2, c.y - side / 2, side, EYE_SIDE);
        if (side <= 0 || !affine_is_sane(m)) {
            ret[i] = 1; /* no eye to be seen, as in a profile */
            continue;
        }
        fill_input(ctx, im, m, NET_EYE, net_input(net));
        e = face_net_run(ctx, net);
        const float *logits = net_output(net, 0);
        double closed = 1 / (1 + exp((double)logits[1] - (double)logits[0]));
        ret[i] = isfinite(closed) ? closed : 1;
    }
    return e;
}
