/* SPDX-License-Identifier: MIT */
/* Portraits to draw from, and what paper, screens and cameras do to pixels. */
#include <math.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/parts.h"
#include "liveness_render.h"

enum { FILE_MAX = 16 << 20, NORMALS = 4096 };

static const double PI = 3.14159265358979;

uint64_t chance_bits(struct chance *c)
{
    uint64_t z = c->state += 0x9E3779B97F4A7C15ULL;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

double chance_between(struct chance *c, double least, double most)
{
    return least + (most - least) * (double)(chance_bits(c) >> 11) / 9007199254740992.0;
}

double chance_normal(struct chance *c)
{
    double u = chance_between(c, 1e-12, 1), v = chance_between(c, 0, 1);

    return sqrt(-2 * log(u)) * cos(2 * PI * v);
}

/* Averages down: `per` source pixels for one of the target. */
static void shrink(const struct image *from, double per, struct portrait *to)
{
    int n = (int)fmax(ceil(per), 1);

    for (int64_t y = 0; y < to->height; y++)
        for (int64_t x = 0; x < to->width; x++)
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                for (int j = 0; j < n; j++)
                    for (int i = 0; i < n; i++) {
                        int64_t sx = (int64_t)(((double)x + (i + 0.5) / n) * per);
                        int64_t sy = (int64_t)(((double)y + (j + 0.5) / n) * per);
                        sx = sx < from->width ? sx : from->width - 1;
                        sy = sy < from->height ? sy : from->height - 1;
                        sum += from->rgb[3 * (sy * from->width + sx) + c];
                    }
                to->rgb[3 * (y * to->width + x) + c] = (uint8_t)(sum / (n * n) + 0.5);
            }
}

/* An ellipsoid with a nose and a mouth; a and b are in distances of the eyes from their middle. */
static double head_depth(const struct portrait *p, double a, double b, double na, double nb)
{
    double inside = 1 - a * a / (1.3 * 1.3) - (b - 0.35) * (b - 0.35) / (1.75 * 1.75);
    double z = 1.35 * sqrt(fmax(inside, 0.08));
    double along = b < nb ? fmax(b, 0) / nb : exp(-(b - nb) * (b - nb) / (2 * 0.09 * 0.09));
    double mouth = exp(-(a * a / (2 * 0.35 * 0.35) + (b - 1.1) * (b - 1.1) / (2 * 0.2 * 0.2)));

    return z + p->nose * along * exp(-(a - na) * (a - na) / (2 * 0.18 * 0.18)) + 0.06 * mouth;
}

static void fill_depth(struct portrait *p)
{
    const struct point *m = p->marks;
    struct point l = {(m[37].x + m[38].x + m[40].x + m[41].x) / 4,
                      (m[37].y + m[38].y + m[40].y + m[41].y) / 4};
    struct point r = {(m[43].x + m[44].x + m[46].x + m[47].x) / 4,
                      (m[43].y + m[44].y + m[46].y + m[47].y) / 4};
    double ux = (r.x - l.x) / EYES_APART / EYES_APART, uy = (r.y - l.y) / EYES_APART / EYES_APART;

    p->eyes = (struct point){(l.x + r.x) / 2, (l.y + r.y) / 2};
    double nx = m[30].x - p->eyes.x, ny = m[30].y - p->eyes.y;
    double na = nx * ux + ny * uy, nb = fmax(ny * ux - nx * uy, 0.2);
    for (int64_t y = 0; y < p->height; y++)
        for (int64_t x = 0; x < p->width; x++) {
            double dx = (double)x - p->eyes.x, dy = (double)y - p->eyes.y;
            double a = dx * ux + dy * uy, b = dy * ux - dx * uy;
            double out = a * a / (1.3 * 1.3) + (b - 0.35) * (b - 0.35) / (1.75 * 1.75);
            double w = fmin(fmax((1.35 - out) / 0.6, 0), 1);
            p->depth[y * p->width + x] = (float)(head_depth(p, a, b, na, nb) * EYES_APART);
            p->weight[y * p->width + x] = (float)(w * w * (3 - 2 * w));
        }
}

static enum err read_image(struct ctx *ctx, const char *path, struct image *ret)
{
    cleanup(buf_finish) struct buf file = {0};
    enum err e = fs_read(ctx, path, FILE_MAX, &file);

    return e ? e : image_decode(ctx, buf_view(&file), ret);
}

static enum err find_marks(struct ctx *ctx, struct portrait *p)
{
    struct image im = {p->width, p->height, p->rgb};
    struct face_found *found;
    size_t n;
    bool ok;
    enum err e = face_find(ctx, &im, 0, &found, &n);

    if (!e && !n)
        e = fail(ctx, ERR_FACE_NONE, "a portrait shows no face");
    if (!e)
        e = landmarks_find(ctx, view_of(&im), &found[0].box, p->marks, &ok);
    if (!e)
        fill_depth(p);
    return e;
}

enum err portrait_load(struct ctx *ctx, const char *path, double nose, struct portrait *ret)
{
    struct image im;
    struct face_found *found;
    size_t n;
    enum err e = read_image(ctx, path, &im);

    if (e)
        return e;
    e = face_find(ctx, &im, 0, &found, &n);
    if (!e && !n)
        e = fail(ctx, ERR_FACE_NONE, "%s shows no face", path);
    if (!e) {
        double apart = hypot(found[0].points[1].x - found[0].points[0].x,
                             found[0].points[1].y - found[0].points[0].y);
        double per = apart / EYES_APART;
        struct portrait p = {.width = (int64_t)((double)im.width / per),
                             .height = (int64_t)((double)im.height / per),
                             .nose = nose};
        size_t pixels = (size_t)(p.width * p.height);
        p.rgb = mem_array(pixels, 3);
        p.depth = mem_array(pixels, sizeof(float));
        p.weight = mem_array(pixels, sizeof(float));
        shrink(&im, per, &p);
        e = find_marks(ctx, &p);
        if (e)
            portrait_finish(&p);
        else
            *ret = p;
    }
    image_finish(&im);
    return e;
}

void portrait_finish(struct portrait *p)
{
    mem_free(p->rgb);
    mem_free(p->depth);
    mem_free(p->weight);
    *p = (struct portrait){0};
}

static uint8_t clamp(double v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

void look_printed(struct canvas *c)
{
    static const double paper[3] = {1.0, 0.98, 0.93};

    for (size_t i = 0; i < FRAME_PIXELS * 3; i++)
        c->rgb[i] = clamp((40 + 0.74 * c->rgb[i]) * paper[i % 3]);
}

void look_screened(struct canvas *c, double fineness, double angle, double strength)
{
    double fx = cos(angle) * fineness, fy = sin(angle) * fineness;

    for (int y = 0; y < FRAME_HEIGHT; y++)
        for (int x = 0; x < FRAME_WIDTH; x++) {
            double wave = sin(fx * x + fy * y) + 0.6 * sin(fy * x - 1.13 * fx * y);
            uint8_t *p = c->rgb + 3 * (y * FRAME_WIDTH + x);
            p[0] = clamp(p[0] * 0.98 + strength * wave);
            p[1] = clamp(p[1] + strength * 0.8 * wave);
            p[2] = clamp(p[2] * 1.06 + 6 - strength * wave);
        }
}

void look_glare(struct canvas *c, double gx, double gy, double strength)
{
    for (int y = 0; y < FRAME_HEIGHT; y++)
        for (int x = 0; x < FRAME_WIDTH; x++) {
            double dx = (x - gx) / 45, dy = (y - gy) / 22, add = strength * exp(-dx * dx - dy * dy);
            uint8_t *p = c->rgb + 3 * (y * FRAME_WIDTH + x);
            for (int k = 0; k < 3; k++)
                p[k] = clamp(p[k] + add);
        }
}

void look_filmed(struct canvas *c, struct chance *chance, double gain, double noise)
{
    static _Thread_local double normals[NORMALS];
    uint64_t bits = 0;

    if (normals[0] == 0) {
        struct chance fixed = {1};
        for (size_t i = 0; i < NORMALS; i++)
            normals[i] = chance_normal(&fixed);
    }
    for (size_t i = 0; i < FRAME_PIXELS; i++) {
        bits = i % 4 ? bits >> 12 : chance_bits(chance);
        double add = noise * normals[bits % NORMALS];
        for (size_t k = 0; k < 3; k++)
            c->rgb[3 * i + k] = clamp(gain * c->rgb[3 * i + k] + add + 0.5);
    }
}

void draw_strip(struct canvas *c, double y, double height)
{
    for (int j = (int)fmax(y - height / 2, 0); j < (int)fmin(y + height / 2, FRAME_HEIGHT); j++)
        for (int x = 0; x < FRAME_WIDTH; x++) {
            uint8_t *p = c->rgb + 3 * (j * FRAME_WIDTH + x);
            p[0] = 196;
            p[1] = 150;
            p[2] = 126;
        }
}

enum err canvas_jpeg(struct ctx *ctx, const struct canvas *c, int quality, struct str *ret)
{
    tjhandle h = tjInitCompress();
    unsigned char *file = NULL;
    unsigned long size = 0;
    int failed = !h || tjCompress2(h, c->rgb, FRAME_WIDTH, 0, FRAME_HEIGHT, TJPF_RGB, &file, &size,
                                   TJSAMP_420, quality, TJFLAG_FASTDCT);

    if (!failed)
        *ret = arena_str(&ctx->arena, (struct str){(const char *)file, size});
    tjFree(file);
    if (h)
        (void)tjDestroy(h);
    return failed ? fail(ctx, ERR_INTERNAL, "a frame cannot be written as JPEG") : ERR_OK;
}
