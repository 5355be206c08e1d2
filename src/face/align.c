/* SPDX-License-Identifier: MIT */
/*
 * Five points onto the template of 112 x 112, by the similarity (turn, scale, shift; no reflection)
 * of least squares. In the plane Umeyama's method has this closed form.
 */
#include "face/parts.h"

static struct point mean5(const struct point *p)
{
    struct point m = {0};

    for (size_t i = 0; i < 5; i++) {
        m.x += p[i].x / 5;
        m.y += p[i].y / 5;
    }
    return m;
}

bool align_map(const struct point template[5], const struct point points[5], struct affine *ret)
{
    struct point from = mean5(points), to = mean5(template);
    double dot = 0, cross = 0, spread = 0;

    for (size_t i = 0; i < 5; i++) {
        double sx = points[i].x - from.x, sy = points[i].y - from.y;
        double tx = template[i].x - to.x, ty = template[i].y - to.y;
        dot += sx * tx + sy * ty;
        cross += sx * ty - sy * tx;
        spread += sx * sx + sy * sy;
    }
    double strength = dot * dot + cross * cross;
    if (!(spread > 1e-6) || !(strength > 1e-6))
        return false;

    /* Forward: scale * turn = (dot, cross) / spread. The warp needs the way back. */
    double c = dot * spread / strength, s = cross * spread / strength;
    struct affine m = {.a = c, .b = s, .d = -s, .e = c};
    m.c = from.x - (m.a * to.x + m.b * to.y);
    m.f = from.y - (m.d * to.x + m.e * to.y);
    *ret = m;
    return affine_is_sane(m);
}

void align_warp(struct arena *a, struct view im, struct affine m, struct aligned *ret)
{
    pixels_warp(a, im, m, ALIGNED_SIDE, ret->rgb);
    pixels_grey(ret->rgb, ALIGNED_PIXELS, ret->grey);
}
