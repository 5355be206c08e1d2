/* SPDX-License-Identifier: MIT */
/*
 * Faces of a picture: the pack's detector gives boxes with scores; what is left to do is to choose.
 * Tiled: also four overlapping corners, in which small faces are larger.
 */
#include "face/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TILES = 4, INNER_MARGIN = 2 };

/* Of the smaller box: the same face seen whole and in part. */
static const double MAX_INSIDE = 0.7;
static const double TILE_SHARE = 0.6;

enum overlap { OVER_UNION, OVER_SMALLER };

static double area(const struct candidate *c)
{
    return (c->x2 - c->x1) * (c->y2 - c->y1);
}

static double overlap(const struct candidate *a, const struct candidate *b, enum overlap over)
{
    double w = fmin(a->x2, b->x2) - fmax(a->x1, b->x1);
    double h = fmin(a->y2, b->y2) - fmax(a->y1, b->y1);

    if (w <= 0 || h <= 0)
        return 0;
    double both = w * h;
    double whole = over == OVER_UNION ? area(a) + area(b) - both : fmin(area(a), area(b));
    return both / (whole + 1e-9);
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *p = a, *q = b;

    return (p->score < q->score) - (p->score > q->score);
}

static int by_size(const void *a, const void *b)
{
    const struct face_found *p = a, *q = b;
    double pa = p->box.width * p->box.height, qa = q->box.width * q->box.height;

    return (pa < qa) - (pa > qa);
}

/* Non-maximum suppression: keeps, best first, what does not overlap something better too much. */
static void suppress(struct candidates *c, double limit, enum overlap over)
{
    size_t kept = 0;

    if (c->n)
        qsort(c->at, c->n, sizeof(*c->at), by_score);
    for (size_t i = 0; i < c->n; i++) {
        bool good = true;
        for (size_t k = 0; k < kept && good; k++)
            good = overlap(&c->at[k], &c->at[i], over) <= limit;
        if (good)
            c->at[kept++] = c->at[i];
    }
    c->n = kept;
}

/* One pass over a picture or a tile; boxes in its pixels. */
static enum err detect_pass(struct ctx *ctx, struct view im, struct candidates *ret)
{
    struct net *net;
    enum err e = face_net_of(ctx, NET_DETECT, &net);

    if (e)
        return e;
    const struct pack_net *pack = &face_pack_of(ctx)->nets[NET_DETECT];
    struct planes planes = {pack->width, pack->height, pack_scale(pack), net_input(net)};
    struct letterbox box = pixels_letterbox(&ctx->arena, im, &planes);
    e = face_net_run(ctx, net);
    if (e)
        return e;
    if (pack->adapter == ADAPTER_SCRFD)
        detect_decode_scrfd(ctx, net, pack, box, ret);
    else
        detect_decode_ultraface(ctx, net, pack, box, ret);
    suppress(ret, pack->max_iou, OVER_UNION);
    return ERR_OK;
}

/* A face cut by a tile's inner border is seen whole elsewhere. */
static bool is_cut(const struct candidate *c, bool left_inner, bool top_inner, struct view tile)
{
    bool x = left_inner ? c->x1 <= INNER_MARGIN : c->x2 >= (double)(tile.width - INNER_MARGIN);
    bool y = top_inner ? c->y1 <= INNER_MARGIN : c->y2 >= (double)(tile.height - INNER_MARGIN);

    return x || y;
}

static void move(struct candidate *c, double x, double y)
{
    c->x1 += x;
    c->x2 += x;
    c->y1 += y;
    c->y2 += y;
    for (size_t i = 0; i < COUNT(c->points); i++) {
        c->points[i].x += x;
        c->points[i].y += y;
    }
}

static void append(struct ctx *ctx, struct candidates *all, const struct candidates *more)
{
    struct candidate *at = ARENA_NEW_N(&ctx->arena, struct candidate, all->n + more->n);

    for (size_t i = 0; i < all->n; i++)
        at[i] = all->at[i];
    for (size_t i = 0; i < more->n; i++)
        at[all->n + i] = more->at[i];
    all->at = at;
    all->n += more->n;
}

static enum err detect_tile(struct ctx *ctx, struct view im, size_t tile, struct candidates *all)
{
    int64_t w = (int64_t)((double)im.width * TILE_SHARE);
    int64_t h = (int64_t)((double)im.height * TILE_SHARE);
    bool right = tile & 1, low = tile & 2;
    int64_t x = right ? im.width - w : 0, y = low ? im.height - h : 0;
    struct candidates c, kept;
    enum err e;

    if (w < 1 || h < 1)
        return ERR_OK;
    struct view part = view_crop(im, x, y, w, h);
    e = detect_pass(ctx, part, &c);
    if (e)
        return e;
    kept = (struct candidates){.at = c.at};
    for (size_t i = 0; i < c.n; i++) {
        struct candidate one = c.at[i];
        if (is_cut(&one, right, low, part))
            continue;
        move(&one, (double)x, (double)y);
        kept.at[kept.n++] = one;
    }
    append(ctx, all, &kept);
    return ERR_OK;
}

enum err detect_faces(struct ctx *ctx, struct view im, bool tiled, struct face_found **ret,
                      size_t *ret_n, size_t *ret_more)
{
    struct candidates c;
    enum err e = detect_pass(ctx, im, &c);

    for (size_t i = 0; tiled && !e && i < TILES; i++)
        e = detect_tile(ctx, im, i, &c);
    if (e)
        return e;
    const struct pack_net *pack = &face_pack_of(ctx)->nets[NET_DETECT];
    if (tiled) {
        suppress(&c, pack->max_iou, OVER_UNION);
        suppress(&c, MAX_INSIDE, OVER_SMALLER);
    }

    struct face_found *found = ARENA_NEW_N(&ctx->arena, struct face_found, c.n);
    for (size_t i = 0; i < c.n; i++) {
        const struct candidate *b = &c.at[i];
        found[i].box = (struct face_box){b->x1, b->y1, b->x2 - b->x1, b->y2 - b->y1};
        found[i].score = b->score;
        found[i].has_points = pack->adapter == ADAPTER_SCRFD;
        memcpy(found[i].points, b->points, sizeof(b->points));
    }
    if (c.n)
        qsort(found, c.n, sizeof(*found), by_size);
    *ret = found;
    *ret_n = c.n < FACE_MAX_FACES ? c.n : FACE_MAX_FACES;
    *ret_more = c.n - *ret_n;
    return ERR_OK;
}
