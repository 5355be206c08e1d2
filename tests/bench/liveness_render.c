/* SPDX-License-Identifier: MIT */
/* Surfaces in space, drawn by looking back from each pixel of the frame to the portrait. */
#include "liveness_render.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { STEP = 4, ACROSS = FRAME_WIDTH / STEP + 1, DOWN = FRAME_HEIGHT / STEP + 1, ROUNDS = 7 };

struct turn {
    double at[3][3];
};

/* Camera from object: roll after pitch after yaw. */
static struct turn turn_of(const struct pose *p)
{
    double cy = cos(p->yaw), sy = sin(p->yaw), cp = cos(p->pitch), sp = sin(p->pitch);
    double cr = cos(p->roll), sr = sin(p->roll);

    /* x right, y down, z towards the camera. */
    return (struct turn){{
        {cr * cy + sr * sp * sy, -sr * cp, cr * sy - sr * sp * cy},
        {sr * cy - cr * sp * sy, cr * cp, sr * sy + cr * sp * cy},
        {-cp * sy, -sp, cp * cy},
    }};
}

static double lookup(const float *map, const struct portrait *p, double x, double y)
{
    x = fmin(fmax(x, 0), (double)(p->width - 2));
    y = fmin(fmax(y, 0), (double)(p->height - 2));
    int64_t ix = (int64_t)x, iy = (int64_t)y;
    double fx = x - (double)ix, fy = y - (double)iy;
    const float *q = map + iy * p->width + ix;

    return (1 - fy) * ((1 - fx) * (double)q[0] + fx * (double)q[1]) +
           fy * ((1 - fx) * (double)q[p->width] + fx * (double)q[p->width + 1]);
}

static double depth_at(const struct portrait *p, enum surface kind, const struct pose *pose,
                       double x, double y)
{
    if (kind == SURFACE_HEAD)
        return lookup(p->depth, p, p->eyes.x + x, p->eyes.y + y);
    return -pose->bend * x * x / EYES_APART;
}

/* The point of the surface that is seen at (u, v), relative to the middle of the eyes. */
static struct point look_back(const struct portrait *p, enum surface kind, const struct pose *pose,
                              const struct turn *t, struct point at)
{
    double focal = pose->size * pose->distance, far = pose->distance * EYES_APART;
    double start = depth_at(p, kind, pose, 0, 0), z = start;
    struct point found = {0};

    for (int i = 0; i < ROUNDS; i++) {
        double k = (far - (z - start)) / focal;
        double x = (at.x - pose->x) * k, y = (at.y - pose->y) * k;
        found.x = t->at[0][0] * x + t->at[1][0] * y + t->at[2][0] * z;
        found.y = t->at[0][1] * x + t->at[1][1] * y + t->at[2][1] * z;
        double deep = t->at[0][2] * x + t->at[1][2] * y + t->at[2][2] * z;
        double wanted = depth_at(p, kind, pose, found.x, found.y);
        z += 0.8 * (wanted - deep) / fmax(t->at[2][2], 0.3);
    }
    return found;
}

static void sample(const struct portrait *p, const uint8_t *rgb, double x, double y, uint8_t *to)
{
    double w = (double)(p->width - 1), h = (double)(p->height - 1);

    x = fmin(fmax(x, 0), w);
    y = fmin(fmax(y, 0), h);
    int64_t ix = (int64_t)fmin(x, w - 1), iy = (int64_t)fmin(y, h - 1);
    int fx = (int)((x - (double)ix) * 256), fy = (int)((y - (double)iy) * 256);
    const uint8_t *q = rgb + 3 * (iy * p->width + ix), *r = q + 3 * p->width;

    for (int c = 0; c < 3; c++) {
        int top = q[c] * (256 - fx) + q[c + 3] * fx, low = r[c] * (256 - fx) + r[c + 3] * fx;
        to[c] = (uint8_t)((top * (256 - fy) + low * fy + 32768) >> 16);
    }
}

/* One eye: its corners, and how far the lids are from the line between them. */
struct lids {
    struct point outer, along; /* along: unit vector to the inner corner */
    double width, upper, lower;
};

static struct lids lids_of(const struct portrait *p, size_t first)
{
    const struct point *m = p->marks + first;
    double dx = m[3].x - m[0].x, dy = m[3].y - m[0].y, width = hypot(dx, dy);
    struct lids l = {m[0], {dx / width, dy / width}, width, 0, 0};

    for (size_t i = 1; i < 6; i++) {
        double off = (m[i].y - m[0].y) * l.along.x - (m[i].x - m[0].x) * l.along.y;
        if (i < 3)
            l.upper += off / 2;
        else if (i > 3)
            l.lower += off / 2;
    }
    /* What the lens of landmarks calls an eye is a little less than the opening. */
    double open = l.lower - l.upper;
    l.upper -= 0.25 * open;
    l.lower += 0.20 * open;
    return l;
}

/* The lid at (a, b) of the eye's own axes: the skin from below the eye, shaded, with a line of
 * lashes at its edge. */
static void paint_lid(const struct portrait *p, const struct lids *l, struct point at, double edge,
                      uint8_t *to)
{
    double open = l->lower - l->upper;
    double source = l->lower + 0.35 * open + 0.5 * (edge - at.y);
    double lash = 1 - 0.7 * exp(-(at.y - edge) * (at.y - edge) / 2.2);
    double fade = fmin(1, (at.y - l->upper + 0.5 * open) / (0.5 * open));
    uint8_t skin[3];

    sample(p, p->rgb, l->outer.x + at.x * l->along.x - source * l->along.y,
           l->outer.y + at.x * l->along.y + source * l->along.x, skin);
    for (int c = 0; c < 3; c++)
        to[c] = (uint8_t)(fade * 0.93 * lash * skin[c] + (1 - fade) * to[c]);
}

/* Draws the upper lid down over the eye. */
static void close_eye(const struct portrait *p, const struct lids *l, double closed, uint8_t *to)
{
    double open = l->lower - l->upper, margin = 0.10 * l->width;
    struct point middle = {l->outer.x + l->along.x * l->width / 2,
                           l->outer.y + l->along.y * l->width / 2};
    int64_t half = (int64_t)(l->width + open);

    for (int64_t y = (int64_t)middle.y - half; y <= (int64_t)middle.y + half; y++)
        for (int64_t x = (int64_t)middle.x - half; x <= (int64_t)middle.x + half; x++) {
            if (x < 1 || y < 1 || x >= p->width - 1 || y >= p->height - 1)
                continue;
            double dx = (double)x - l->outer.x, dy = (double)y - l->outer.y;
            double a = dx * l->along.x + dy * l->along.y, b = dy * l->along.x - dx * l->along.y;
            double u = (a + margin) / (l->width + 2 * margin);
            if (u <= 0 || u >= 1)
                continue;
            double arch = fmin(1.25 * sqrt(4 * u * (1 - u)), 1);
            double top = l->upper * arch, low = l->lower * arch;
            double edge = top + closed * (low - top);
            if (b > top - 0.3 * open * arch && b < edge + 1.5)
                paint_lid(p, l, (struct point){a, b}, edge, to + 3 * (y * p->width + x));
        }
}

/* The portrait's pixels with the lids as they are now. */
static const uint8_t *texture_of(struct canvas *c, const struct portrait *p, double closed)
{
    size_t size = (size_t)(p->width * p->height * 3);

    if (closed < 0.02)
        return p->rgb;
    if (c->texture_size < size) {
        mem_free(c->texture);
        c->texture = mem_alloc(size);
        c->texture_size = size;
    }
    memcpy(c->texture, p->rgb, size);
    for (size_t first = 36; first <= 42; first += 6) {
        struct lids l = lids_of(p, first);
        close_eye(p, &l, closed, c->texture);
    }
    return c->texture;
}

/* What of the portrait each node of a grid over the frame shows. */
static void map_grid(const struct portrait *p, enum surface kind, const struct pose *pose,
                     struct point *grid)
{
    struct pose still = *pose;
    struct turn t = turn_of(pose);

    still.yaw = still.pitch = 0;
    struct turn s = turn_of(&still);
    for (int j = 0; j < DOWN; j++)
        for (int i = 0; i < ACROSS; i++) {
            struct point at = {i * STEP, j * STEP};
            struct point q = look_back(p, kind, pose, &t, at);
            if (kind == SURFACE_HEAD) {
                struct point body = look_back(p, kind, &still, &s, at);
                double w = fmax(lookup(p->weight, p, p->eyes.x + q.x, p->eyes.y + q.y),
                                lookup(p->weight, p, p->eyes.x + body.x, p->eyes.y + body.y));
                q.x = w * q.x + (1 - w) * body.x;
                q.y = w * q.y + (1 - w) * body.y;
            }
            grid[j * ACROSS + i] = (struct point){q.x + p->eyes.x, q.y + p->eyes.y};
        }
}

static void draw_pixel(const struct portrait *p, const uint8_t *rgb, enum surface kind,
                       const struct pose *pose, struct point at, uint8_t *to)
{
    double out = fmax(fmax(-at.x, at.x - (double)(p->width - 1)),
                      fmax(-at.y, at.y - (double)(p->height - 1)));

    if (kind == SURFACE_HEAD || out <= 0)
        sample(p, rgb, at.x, at.y, to);
    else if (out <= pose->border)
        memcpy(to, pose->border_rgb, 3);
}

void draw_surface(struct canvas *c, const struct portrait *p, enum surface kind,
                  const struct pose *pose)
{
    static _Thread_local struct point grid[ACROSS * DOWN];
    const uint8_t *rgb = texture_of(c, p, pose->closed);

    map_grid(p, kind, pose, grid);
    for (int y = 0; y < FRAME_HEIGHT; y++)
        for (int x = 0; x < FRAME_WIDTH; x++) {
            const struct point *q = grid + y / STEP * ACROSS + x / STEP, *r = q + ACROSS;
            double fx = (double)(x % STEP) / STEP, fy = (double)(y % STEP) / STEP;
            struct point at = {
                (1 - fy) * ((1 - fx) * q[0].x + fx * q[1].x) +
                    fy * ((1 - fx) * r[0].x + fx * r[1].x),
                (1 - fy) * ((1 - fx) * q[0].y + fx * q[1].y) +
                    fy * ((1 - fx) * r[0].y + fx * r[1].y),
            };
            draw_pixel(p, rgb, kind, pose, at, c->rgb + 3 * (y * FRAME_WIDTH + x));
        }
}

void draw_room(struct canvas *c, uint64_t seed)
{
    struct chance chance = {seed};
    double wall[3], shade[3], edge = chance_between(&chance, 0.2, 0.8) * FRAME_WIDTH;

    for (int k = 0; k < 3; k++) {
        wall[k] = chance_between(&chance, 90, 200);
        shade[k] = chance_between(&chance, -60, 60);
    }
    for (int y = 0; y < FRAME_HEIGHT; y++)
        for (int x = 0; x < FRAME_WIDTH; x++)
            for (int k = 0; k < 3; k++) {
                double v = wall[k] + shade[k] * (x < edge) + 30.0 * y / FRAME_HEIGHT;
                c->rgb[3 * (y * FRAME_WIDTH + x) + k] = (uint8_t)fmin(fmax(v, 0), 255);
            }
}

void canvas_finish(struct canvas *c)
{
    mem_free(c->texture);
    c->texture = NULL;
    c->texture_size = 0;
}
