/* SPDX-License-Identifier: MIT */
/*
 * The detector finds a face that is at least 16 of its 320 x 240 pixels high. A tile of 352 x 264
 * therefore shows it faces from 18 px on; each coarser tile is twice as large, up to the whole
 * picture. Neighbours overlap by more than the largest face that a tile is there for, so that
 * every face is whole in one of them.
 */
#include "face/scene.h"

#include <math.h>
#include <stdlib.h>
#include <turbojpeg.h>

#include "face/parts.h"

enum {
    TILE_WIDTH = 352,
    TILE_HEIGHT = 264,
    OVERLAP = 64, /* a face of 40 px and 12 px around it; the next coarser tiles begin there */
    LEVELS_MAX = 8,
    MIN_FACE = 14,     /* px: a box may be a little smaller than its face */
    INNER_MARGIN = 2,  /* px: a box that ends here is cut by the tile */
    FLAT_STEP = 8,     /* px: of faces of 20 px every one is hit at least four times */
    FLAT_RANGE = 16,   /* grey levels: no face has less */
    CROP_QUALITY = 82, /* as libjpeg counts */
};

static const double MAX_IOU = 0.4;
/* Of the smaller box: a face and a part of it, or what looks like a face in its hair. */
static const double MAX_INSIDE = 0.7;
/* A large box this certain wins against a small one inside it, however certain that is. */
static const double CERTAIN = 0.9;
/* How much wider and higher than the box a crop is. */
static const double CROP_ROOM = 1.5;

/* One hit: the box in the picture, and what the detector said of it in its tile at (x, y). */
struct spot {
    struct face_box box;
    double score;
    const struct face_found *said;
    double x, y;
};

struct search {
    struct view im;
    struct spot *at;
    size_t n, room;
    size_t coarse; /* spots of coarser levels than this one */
    struct scene_cost cost;
};

struct tile {
    int64_t x, y, width, height;
};

static double overlap_of(const struct face_box *a, const struct face_box *b)
{
    double w = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double h = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);

    return w > 0 && h > 0 ? w * h : 0;
}

static double area_of(const struct face_box *b)
{
    return b->width * b->height;
}

/* Too little light and shade for a face. */
static bool is_flat(struct view tile)
{
    int least = 255, most = 0;

    for (int64_t y = FLAT_STEP / 2; y < tile.height; y += FLAT_STEP) {
        const uint8_t *row = tile.rgb + y * tile.stride;
        for (int64_t x = FLAT_STEP / 2; x < tile.width; x += FLAT_STEP) {
            int green = row[3 * x + 1];
            least = green < least ? green : least;
            most = green > most ? green : most;
        }
    }
    return most - least < FLAT_RANGE;
}

/* The tile shows a part of one face that was seen before. */
static bool is_inside_face(const struct search *s, const struct tile *t)
{
    for (size_t i = 0; i < s->coarse; i++) {
        const struct face_box *b = &s->at[i].box;
        if (s->at[i].score >= CERTAIN && (double)t->x >= b->x && (double)t->y >= b->y &&
            (double)(t->x + t->width) <= b->x + b->width &&
            (double)(t->y + t->height) <= b->y + b->height)
            return true;
    }
    return false;
}

/* A box that ends at a border of the tile which is none of the picture is seen whole elsewhere. */
static bool is_cut(const struct search *s, const struct tile *t, const struct face_box *b)
{
    return (t->x > 0 && b->x <= INNER_MARGIN) || (t->y > 0 && b->y <= INNER_MARGIN) ||
           (t->x + t->width < s->im.width &&
            b->x + b->width >= (double)(t->width - INNER_MARGIN)) ||
           (t->y + t->height < s->im.height &&
            b->y + b->height >= (double)(t->height - INNER_MARGIN));
}

static void add_spot(struct ctx *ctx, struct search *s, struct spot spot)
{
    if (s->n == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        struct spot *at = ARENA_NEW_N(&ctx->arena, struct spot, room);
        for (size_t i = 0; i < s->n; i++)
            at[i] = s->at[i];
        s->at = at;
        s->room = room;
    }
    s->at[s->n++] = spot;
}

static enum err search_tile(struct ctx *ctx, struct search *s, const struct tile *t)
{
    bool whole = t->width == s->im.width && t->height == s->im.height;
    struct view part = view_crop(s->im, t->x, t->y, t->width, t->height);
    struct face_found *found;
    size_t n, more;

    if (!whole && (is_flat(part) || is_inside_face(s, t))) {
        s->cost.skipped++;
        return ERR_OK;
    }
    s->cost.passes++;
    enum err e = detect_faces(ctx, part, false, &found, &n, &more);
    for (size_t i = 0; !e && i < n; i++) {
        struct spot spot = {found[i].box, found[i].score, &found[i], (double)t->x, (double)t->y};
        if (is_cut(s, t, &spot.box) || spot.box.height < MIN_FACE)
            continue;
        spot.box.x += spot.x;
        spot.box.y += spot.y;
        add_spot(ctx, s, spot);
    }
    return e;
}

/* How many tiles cover a side, and where the i-th begins. */
static int64_t tiles_along(int64_t side, int64_t tile, int64_t overlap)
{
    if (side <= tile)
        return 1;
    return (side - overlap + tile - overlap - 1) / (tile - overlap);
}

static int64_t tile_start(int64_t i, int64_t n, int64_t side, int64_t tile)
{
    return n > 1 ? i * (side - tile) / (n - 1) : 0;
}

/* All tiles of one size; level 0 is the finest. */
static enum err search_level(struct ctx *ctx, struct search *s, int level)
{
    int64_t width = (int64_t)TILE_WIDTH << level, height = (int64_t)TILE_HEIGHT << level;
    int64_t overlap = (int64_t)OVERLAP << level;
    struct tile t = {
        .width = width < s->im.width ? width : s->im.width,
        .height = height < s->im.height ? height : s->im.height,
    };
    int64_t columns = tiles_along(s->im.width, t.width, overlap);
    int64_t rows = tiles_along(s->im.height, t.height, overlap);
    enum err e = ERR_OK;

    s->coarse = s->n;
    for (int64_t j = 0; !e && j < rows; j++)
        for (int64_t i = 0; !e && i < columns; i++) {
            t.x = tile_start(i, columns, s->im.width, t.width);
            t.y = tile_start(j, rows, s->im.height, t.height);
            e = search_tile(ctx, s, &t);
        }
    return e;
}

static int by_score(const void *a, const void *b)
{
    const struct spot *p = a, *q = b;

    return (p->score < q->score) - (p->score > q->score);
}

static int by_size(const void *a, const void *b)
{
    const struct spot *p = a, *q = b;
    double pa = area_of(&p->box), qa = area_of(&q->box);

    return (pa < qa) - (pa > qa);
}

/* Of boxes of the same face the surest stays. */
static void suppress(struct search *s)
{
    size_t kept = 0;

    qsort(s->at, s->n, sizeof(*s->at), by_score);
    for (size_t i = 0; i < s->n; i++) {
        bool good = true;
        for (size_t k = 0; k < kept && good; k++) {
            double both = overlap_of(&s->at[k].box, &s->at[i].box);
            good = both <= MAX_IOU * (area_of(&s->at[k].box) + area_of(&s->at[i].box) - both);
        }
        if (good)
            s->at[kept++] = s->at[i];
    }
    s->n = kept;
}

/* Of a box inside a larger one, one of the two goes. */
static void drop_inner(struct search *s)
{
    size_t kept = 0;

    qsort(s->at, s->n, sizeof(*s->at), by_size);
    for (size_t i = 0; i < s->n; i++) {
        bool good = true;
        for (size_t k = 0; k < kept && good; k++) {
            double both = overlap_of(&s->at[k].box, &s->at[i].box);
            if (both <= MAX_INSIDE * area_of(&s->at[i].box))
                continue;
            good = s->at[k].score < CERTAIN && s->at[k].score < s->at[i].score;
            if (good)
                s->at[k].score = 0;
        }
        if (good)
            s->at[kept++] = s->at[i];
    }
    s->n = 0;
    for (size_t i = 0; i < kept; i++)
        if (s->at[i].score > 0)
            s->at[s->n++] = s->at[i];
}

static enum err search(struct ctx *ctx, struct search *s)
{
    int level = 0;
    enum err e = ERR_OK;

    while (level < LEVELS_MAX && (((int64_t)TILE_WIDTH << level) < s->im.width ||
                                  ((int64_t)TILE_HEIGHT << level) < s->im.height))
        level++;
    for (; !e && level >= 0; level--)
        e = search_level(ctx, s, level);
    if (e || !s->n)
        return e;
    suppress(s);
    drop_inner(s);
    return ERR_OK;
}

static struct face_found moved(const struct spot *spot)
{
    struct face_found f = *spot->said;

    f.box = spot->box;
    for (size_t i = 0; i < COUNT(f.points); i++) {
        f.points[i].x += spot->x;
        f.points[i].y += spot->y;
    }
    return f;
}

enum err scene_find(struct ctx *ctx, const struct image *im, enum face_options options,
                    struct face_found **ret, size_t *n, struct scene_cost *cost)
{
    struct search s = {.im = view_of(im)};
    int64_t began = clock_mono_us();
    size_t kept = 0;

    if (im->width * im->height > SCENE_MAX_PIXELS)
        return fail(ctx, ERR_TOO_LARGE, "the picture has %.1f megapixels, at most %d",
                    (double)(im->width * im->height) / 1e6, SCENE_MAX_PIXELS / 1000000);
    enum err e = search(ctx, &s);
    if (e)
        return e;
    s.cost.search_us = clock_mono_us() - began;

    size_t count = s.n < SCENE_MAX_FACES ? s.n : SCENE_MAX_FACES;
    struct face_found *found = ARENA_NEW_N(&ctx->arena, struct face_found, count);
    for (size_t i = 0; !e && i < count; i++) {
        bool ok = false;
        found[kept] = moved(&s.at[i]);
        e = face_describe(ctx, s.im, options, &found[kept], &ok);
        kept += ok;
    }
    if (e)
        return e;
    s.cost.left_out = s.n - count;
    s.cost.describe_us = clock_mono_us() - began - s.cost.search_us;
    if (cost)
        *cost = s.cost;
    *ret = found;
    *n = kept;
    return ERR_OK;
}

static void tj_close(tjhandle *h)
{
    if (*h)
        (void)tjDestroy(*h);
}

enum err scene_crop(struct ctx *ctx, const struct image *im, const struct face_box *box,
                    struct str *ret_jpeg)
{
    cleanup(tj_close) tjhandle h = tjInitCompress();
    double side = fmax(box->width, box->height) * CROP_ROOM;
    struct affine map = affine_square(box->x + (box->width - side) / 2,
                                      box->y + (box->height - side) / 2, side, SCENE_CROP_SIDE);
    uint8_t *rgb = arena_alloc(&ctx->arena, (size_t)SCENE_CROP_SIDE * SCENE_CROP_SIDE * 3);
    unsigned long len = tjBufSize(SCENE_CROP_SIDE, SCENE_CROP_SIDE, TJSAMP_420);
    unsigned char *out = arena_alloc(&ctx->arena, len);

    if (!h)
        return fail(ctx, ERR_BUSY, "the JPEG encoder could not start");
    pixels_warp(&ctx->arena, view_of(im), map, SCENE_CROP_SIDE, rgb);
    if (tjCompress2(h, rgb, SCENE_CROP_SIDE, 0, SCENE_CROP_SIDE, TJPF_RGB, &out, &len, TJSAMP_420,
                    CROP_QUALITY, TJFLAG_NOREALLOC))
        return fail(ctx, ERR_INTERNAL, "a crop cannot be written: %s", tjGetErrorStr2(h));
    *ret_jpeg = (struct str){(const char *)out, len};
    return ERR_OK;
}
