/* SPDX-License-Identifier: MIT */
/*
 * From a detector's numbers to boxes. UltraFace has its boxes decoded already. SCRFD
 * (github.com/deepinsight/insightface, model_zoo/scrfd) gives distances from the centres of a grid
 * at strides 8, 16, 32, in strides: left, top, right, bottom, and five points.
 */
#include <math.h>

#include "face/detect.h"

static bool is_box(const struct candidate *c)
{
    return isfinite(c->x1) && isfinite(c->y1) && isfinite(c->x2) && isfinite(c->y2) &&
           isfinite(c->score) && c->x2 > c->x1 && c->y2 > c->y1;
}

void detect_decode_ultraface(struct ctx *ctx, const struct net *net, const struct pack_net *pack,
                             struct letterbox box, struct candidates *ret)
{
    const float *scores = net_output(net, 0), *boxes = net_output(net, 1);
    double w = (double)box.width, h = (double)box.height;
    size_t all = net_output_size(net, 0) / 2, n = 0;

    for (size_t i = 0; i < all; i++)
        n += (double)scores[2 * i + 1] > pack->min_score;
    struct candidates c = {.at = ARENA_NEW_N(&ctx->arena, struct candidate, n)};
    for (size_t i = 0; i < all; i++) {
        const float *b = boxes + 4 * i;
        if (!((double)scores[2 * i + 1] > pack->min_score))
            continue;
        struct candidate one = {.x1 = b[0] * w,
                                .y1 = b[1] * h,
                                .x2 = b[2] * w,
                                .y2 = b[3] * h,
                                .score = scores[2 * i + 1]};
        if (is_box(&one))
            c.at[c.n++] = one;
    }
    *ret = c;
}

/* One level of SCRFD, as it lies in the outputs. */
struct level {
    const float *scores, *distances, *points;
    size_t n, columns;
    double stride;
};

static struct level level_of(const struct net *net, const struct pack_net *pack, size_t i)
{
    return (struct level){
        .scores = net_output(net, i),
        .distances = net_output(net, SCRFD_LEVELS + i),
        .points = net_output(net, 2 * (size_t)SCRFD_LEVELS + i),
        .n = net_output_size(net, i),
        .columns = (size_t)pack->width >> (3 + i),
        .stride = (double)(8LL << i),
    };
}

/* As the net said it, or through the sigmoid that the exporter left out. */
static double scrfd_score(const struct pack_net *pack, const struct level *l, size_t i)
{
    double said = l->scores[i];

    return pack->logits ? 1 / (1 + exp(-said)) : said;
}

static struct candidate scrfd_candidate(const struct level *l, size_t i, double sx, double sy)
{
    size_t cell = i / SCRFD_ANCHORS, row = cell / l->columns;
    double x = (double)(cell % l->columns), y = (double)row;
    const float *d = l->distances + 4 * i, *p = l->points + 10 * i;
    struct candidate c = {
        .x1 = (x - d[0]) * l->stride * sx,
        .y1 = (y - d[1]) * l->stride * sy,
        .x2 = (x + d[2]) * l->stride * sx,
        .y2 = (y + d[3]) * l->stride * sy,
    };

    for (size_t k = 0; k < COUNT(c.points); k++) {
        c.points[k].x = (x + p[2 * k]) * l->stride * sx;
        c.points[k].y = (y + p[2 * k + 1]) * l->stride * sy;
    }
    return c;
}

void detect_decode_scrfd(struct ctx *ctx, const struct net *net, const struct pack_net *pack,
                         struct letterbox box, struct candidates *ret)
{
    double sx = (double)box.width / (double)pack->width;
    double sy = (double)box.height / (double)pack->height;
    struct level levels[SCRFD_LEVELS];
    size_t n = 0;

    for (size_t i = 0; i < SCRFD_LEVELS; i++) {
        levels[i] = level_of(net, pack, i);
        for (size_t k = 0; k < levels[i].n; k++)
            n += scrfd_score(pack, &levels[i], k) > pack->min_score;
    }
    struct candidates c = {.at = ARENA_NEW_N(&ctx->arena, struct candidate, n)};
    for (size_t i = 0; i < SCRFD_LEVELS; i++)
        for (size_t k = 0; k < levels[i].n; k++) {
            double score = scrfd_score(pack, &levels[i], k);

            if (!(score > pack->min_score))
                continue;
            struct candidate one = scrfd_candidate(&levels[i], k, sx, sy);
            one.score = score;
            if (is_box(&one))
                c.at[c.n++] = one;
        }
    *ret = c;
}
