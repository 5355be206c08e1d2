/* SPDX-License-Identifier: MIT */
/* How good a face is for a purpose. Measures and limits are those of docs/models.md. */
#include <math.h>
#include <string.h>

#include "face/pack.h"

enum { CENTRE_FROM = 16, CENTRE_TO = 96 };

static const double YAW_DEG_PER_OFFSET = 80;
static const double DEG_PER_RAD = 57.29577951308232;

/* Those of packs/default/pack.json, for faces that no pack has seen. */
static const struct face_limits limits_default[] = {
    [FACE_FOR_ENROLMENT] = {.height_px = 100,
                            .luma_least = 50,
                            .luma_most = 205,
                            .yaw_offset = 0.12,
                            .roll_deg = 30,
                            .sharpness = 40,
                            .eye_closed = 0.8,
                            .cut_share = 0.03,
                            .norm = 3.2},
    [FACE_FOR_RECOGNITION] = {.height_px = 48,
                              .luma_least = 35,
                              .luma_most = INFINITY,
                              .yaw_offset = INFINITY,
                              .roll_deg = INFINITY,
                              .sharpness = -INFINITY,
                              .eye_closed = INFINITY,
                              .cut_share = INFINITY,
                              .norm = 2.8},
};

/* Of the Laplacian of the middle: what is sharp has much, what is blurred has little. */
static double laplacian_variance(const uint8_t *grey)
{
    double sum = 0, squares = 0;

    for (size_t y = CENTRE_FROM; y < CENTRE_TO; y++)
        for (size_t x = CENTRE_FROM; x < CENTRE_TO; x++) {
            const uint8_t *p = grey + y * ALIGNED_SIDE + x;
            int v = p[-1] + p[1] + p[-ALIGNED_SIDE] + p[ALIGNED_SIDE] - 4 * p[0];
            sum += v;
            squares += v * v;
        }
    double n = (CENTRE_TO - CENTRE_FROM) * (CENTRE_TO - CENTRE_FROM);
    return squares / n - (sum / n) * (sum / n);
}

void quality_measure(const struct aligned *aligned, struct face_found *f)
{
    double ex = f->points[1].x - f->points[0].x, ey = f->points[1].y - f->points[0].y;
    double nx = f->points[2].x - f->points[0].x, ny = f->points[2].y - f->points[0].y;
    double square = fmax(ex * ex + ey * ey, 1e-9);
    uint64_t luma = 0;

    f->yaw_offset = (nx * ex + ny * ey) / square - 0.5;
    f->yaw_deg = YAW_DEG_PER_OFFSET * f->yaw_offset;
    f->roll_deg = atan2(ey, ex) * DEG_PER_RAD;
    for (size_t i = 0; i < ALIGNED_PIXELS; i++)
        luma += aligned->grey[i];
    f->luma = (double)luma / ALIGNED_PIXELS;
    f->sharpness = laplacian_variance(aligned->grey);
}

/* How far the box leaves the picture, as a share of its height. */
static double cut_share(const struct face_box *b, const struct image *im)
{
    double over = fmax(fmax(-b->x, -b->y), fmax(b->x + b->width - (double)im->width,
                                                b->y + b->height - (double)im->height));

    return fmax(over, 0) / fmax(b->height, 1);
}

static void add_if(struct face_flaws *all, bool is_flawed, enum face_flaw flaw, double measured,
                   double limit)
{
    if (!is_flawed)
        return;
    all->at[all->n].flaw = flaw;
    all->at[all->n].measured = measured;
    all->at[all->n].limit = limit;
    all->n++;
}

struct face_flaws face_check(const struct face_found *f, const struct image *im,
                             enum face_purpose purpose)
{
    const struct face_limits *l = (f->limits ? f->limits : limits_default) + purpose;
    double yaw = fabs(f->yaw_offset), roll = fabs(f->roll_deg);
    double closed = fmax(f->eyes_closed[0], f->eyes_closed[1]);
    double cut = cut_share(&f->box, im);
    struct face_flaws all = {0};

    add_if(&all, f->box.height < l->height_px, FACE_FLAW_TOO_SMALL, f->box.height, l->height_px);
    add_if(&all, f->luma < l->luma_least, FACE_FLAW_TOO_DARK, f->luma, l->luma_least);
    add_if(&all, f->luma > l->luma_most, FACE_FLAW_TOO_BRIGHT, f->luma, l->luma_most);
    add_if(&all, yaw >= l->yaw_offset, FACE_FLAW_NOT_FRONTAL, yaw, l->yaw_offset);
    add_if(&all, roll > l->roll_deg, FACE_FLAW_TILTED, roll, l->roll_deg);
    add_if(&all, f->sharpness < l->sharpness, FACE_FLAW_BLURRED, f->sharpness, l->sharpness);
    add_if(&all, closed > l->eye_closed, FACE_FLAW_EYES_CLOSED, closed, l->eye_closed);
    add_if(&all, cut > l->cut_share, FACE_FLAW_CUT_OFF, cut, l->cut_share);
    add_if(&all, f->embedded && f->norm < l->norm, FACE_FLAW_LOW_DETAIL, f->norm, l->norm);
    return all;
}

const char *face_flaw_name(enum face_flaw f)
{
    static const char *const names[] = {
#define X(id, name) [FACE_FLAW_##id] = name,
        FACE_FLAW_LIST(X)
#undef X
    };

    return f < FACE_FLAW_COUNT ? names[f] : "unknown";
}

struct str face_flaw_text(struct ctx *ctx, const struct face_flaws *flaws, size_t i)
{
    double is = flaws->at[i].measured, limit = flaws->at[i].limit;
    struct arena *a = &ctx->arena;

    switch (flaws->at[i].flaw) {
    case FACE_FLAW_TOO_SMALL:
        return arena_printf(a, "face too small: %.0f px, at least %.0f", floor(is), limit);
    case FACE_FLAW_TOO_DARK:
        return arena_printf(a, "too dark: brightness %.0f of 255, at least %.0f", floor(is), limit);
    case FACE_FLAW_TOO_BRIGHT:
        return arena_printf(a, "too bright: brightness %.0f of 255, at most %.0f", ceil(is), limit);
    case FACE_FLAW_NOT_FRONTAL:
        return arena_printf(a, "look straight ahead: turned by %.0f°, less than %.0f°",
                            ceil(is * YAW_DEG_PER_OFFSET), ceil(limit * YAW_DEG_PER_OFFSET));
    case FACE_FLAW_TILTED:
        return arena_printf(a, "hold the head upright: tilted by %.0f°, at most %.0f°", ceil(is),
                            limit);
    case FACE_FLAW_BLURRED:
        return arena_printf(a, "blurred: sharpness %.0f, at least %.0f", floor(is), limit);
    case FACE_FLAW_EYES_CLOSED:
        return arena_printf(a, "eyes closed");
    case FACE_FLAW_CUT_OFF:
        return arena_printf(a, "the face is cut off by the edge of the picture");
    case FACE_FLAW_LOW_DETAIL:
        return arena_printf(a, "too little detail in the face: %.1f, at least %.1f",
                            floor(is * 10) / 10, limit);
    case FACE_FLAW_COUNT:
        break;
    }
    return STR("unknown flaw");
}

/* Intersection over the smaller area. */
static double overlap(const struct face_box *a, const struct face_box *b)
{
    double w = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double h = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
    double smaller = fmin(a->width * a->height, b->width * b->height);

    return w > 0 && h > 0 && smaller > 0 ? w * h / smaller : 0;
}

size_t face_count_close(const struct face_found *faces, size_t n)
{
    size_t close = 0;

    for (size_t i = 0; i < n; i++) {
        bool counts = faces[i].box.height >= 0.4 * faces[0].box.height;

        for (size_t k = 0; counts && k < i; k++)
            counts = overlap(&faces[i].box, &faces[k].box) <= 0.7;
        close += counts;
    }
    return close;
}
