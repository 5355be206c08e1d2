/* SPDX-License-Identifier: MIT */
/* Flat or not, and the same again or not: the measures behind the liveness engine. */
#include <math.h>
#include <stdlib.h>

#include "face/liveness_parts.h"

enum { LEFT_EYE, RIGHT_EYE, NOSE, LEFT_MOUTH, RIGHT_MOUTH };
enum {
    PRINT_CELLS = LIVE_PRINT_SIDE * LIVE_PRINT_SIDE,
    FAR_BACK = 5,     /* frames: nearer ones may be alike */
    LOOP_FRAMES = 10, /* of a stretch that came before */
    MANY_ROWS = 20    /* of a cell: every second will do */
};

static const double SHADES = 1000;
/* In distances between the eyes, and of prints. */
static const double SAME_POINTS = 0.012;
static const double SAME_PRINT = 0.012;
static const double MOVED = 0.10;
static const double LOOP_MOTION = 0.20;
/* Means over the stretch. */
static const double LOOP_POINTS = 0.035;
static const double LOOP_PRINT = 0.05;

struct matrix {
    double at[3][3];
};

/* The homography that takes the unit square's corners (0,0) (1,0) (1,1) (0,1) to four points;
 * Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3. */
static bool square_to(const struct point *p, struct matrix *ret)
{
    double sx = p[0].x - p[1].x + p[2].x - p[3].x, sy = p[0].y - p[1].y + p[2].y - p[3].y;
    double dx1 = p[1].x - p[2].x, dy1 = p[1].y - p[2].y;
    double dx2 = p[3].x - p[2].x, dy2 = p[3].y - p[2].y;
    double det = dx1 * dy2 - dx2 * dy1;

    if (!(fabs(det) > 1e-6))
        return false;
    double g = (sx * dy2 - dx2 * sy) / det, h = (dx1 * sy - sx * dy1) / det;
    *ret = (struct matrix){{
        {p[1].x - p[0].x + g * p[1].x, p[3].x - p[0].x + h * p[3].x, p[0].x},
        {p[1].y - p[0].y + g * p[1].y, p[3].y - p[0].y + h * p[3].y, p[0].y},
        {g, h, 1},
    }};
    return true;
}

/* Up to a factor, which a homography does not feel. */
static struct matrix inverse(const struct matrix *m)
{
    struct matrix r;

    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            size_t a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
            r.at[i][j] = m->at[a][c] * m->at[b][d] - m->at[a][d] * m->at[b][c];
        }
    return r;
}

static struct point apply(const struct matrix *m, struct point p)
{
    double w = m->at[2][0] * p.x + m->at[2][1] * p.y + m->at[2][2];

    return (struct point){(m->at[0][0] * p.x + m->at[0][1] * p.y + m->at[0][2]) / w,
                          (m->at[1][0] * p.x + m->at[1][1] * p.y + m->at[1][2]) / w};
}

double live_depth(const struct point before[5], const struct point now[5])
{
    static const size_t corners[4] = {LEFT_EYE, RIGHT_EYE, RIGHT_MOUTH, LEFT_MOUTH};
    struct point from[4], to[4];
    struct matrix there, here;

    for (size_t i = 0; i < 4; i++) {
        from[i] = before[corners[i]];
        to[i] = now[corners[i]];
    }
    if (!square_to(from, &there) || !square_to(to, &here))
        return NAN;
    struct matrix back = inverse(&there);
    struct point flat = apply(&here, apply(&back, before[NOSE]));
    double ex = now[RIGHT_EYE].x - now[LEFT_EYE].x, ey = now[RIGHT_EYE].y - now[LEFT_EYE].y;
    double square = ex * ex + ey * ey;

    if (!(square > 1e-6))
        return NAN;
    return ((now[NOSE].x - flat.x) * ex + (now[NOSE].y - flat.y) * ey) / square;
}

/* The affine map of least squares from eyes and mouth `before` to `now`; its two singular values
 * are 1 and the cosine of the tilt, times the scale (weak perspective). */
double live_tilt(const struct point before[5], const struct point now[5])
{
    static const size_t corners[4] = {LEFT_EYE, RIGHT_EYE, RIGHT_MOUTH, LEFT_MOUTH};
    struct point b = {0}, n = {0};
    double xx = 0, xy = 0, yy = 0, ux = 0, uy = 0, vx = 0, vy = 0;

    for (size_t i = 0; i < 4; i++) {
        b.x += before[corners[i]].x / 4;
        b.y += before[corners[i]].y / 4;
        n.x += now[corners[i]].x / 4;
        n.y += now[corners[i]].y / 4;
    }
    for (size_t i = 0; i < 4; i++) {
        double x = before[corners[i]].x - b.x, y = before[corners[i]].y - b.y;
        double u = now[corners[i]].x - n.x, v = now[corners[i]].y - n.y;
        xx += x * x;
        xy += x * y;
        yy += y * y;
        ux += u * x;
        uy += u * y;
        vx += v * x;
        vy += v * y;
    }
    double a = ux * yy - uy * xy, c = uy * xx - ux * xy;
    double d = vx * yy - vy * xy, e = vy * xx - vx * xy;
    double squares = a * a + c * c + d * d + e * e, det = fabs(a * e - c * d);
    double root = sqrt(fmax(squares * squares - 4 * det * det, 0));

    if (!(squares - root > 1e-12 * squares))
        return INFINITY;
    return sqrt(fmax((squares + root) / (squares - root) - 1, 0));
}

double live_points_distance(const struct point a[5], const struct point b[5])
{
    double apart = hypot(b[RIGHT_EYE].x - b[LEFT_EYE].x, b[RIGHT_EYE].y - b[LEFT_EYE].y);
    double worst = 0;

    for (size_t i = 0; i < 5; i++)
        worst = fmax(worst, hypot(a[i].x - b[i].x, a[i].y - b[i].y));
    return worst / fmax(apart, 1e-6);
}

void live_print_of(const struct image *im, struct live_print *ret)
{
    for (int64_t j = 0; j < LIVE_PRINT_SIDE; j++)
        for (int64_t i = 0; i < LIVE_PRINT_SIDE; i++) {
            int64_t x0 = im->width * i / LIVE_PRINT_SIDE,
                    x1 = im->width * (i + 1) / LIVE_PRINT_SIDE;
            int64_t y0 = im->height * j / LIVE_PRINT_SIDE;
            int64_t y1 = im->height * (j + 1) / LIVE_PRINT_SIDE;
            int64_t step = y1 - y0 >= MANY_ROWS ? 2 : 1;
            uint64_t sum = 0, n = (uint64_t)((x1 - x0) * ((y1 - y0 + step - 1) / step));
            for (int64_t y = y0; y < y1; y += step) {
                const uint8_t *p = im->rgb + 3 * (y * im->width + x0);
                for (int64_t x = x0; x < x1; x++, p += 3)
                    sum += p[0] * 77U + p[1] * 150U + p[2] * 29U;
            }
            ret->cells[j * LIVE_PRINT_SIDE + i] = (uint16_t)(n ? sum / n : 0);
        }
}

void live_shades_of(const struct live_print *p, struct live_shades *ret)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < PRINT_CELLS; i++) {
        sum += p->cells[i];
        squares += (double)p->cells[i] * p->cells[i];
    }
    double mean = sum / PRINT_CELLS;
    double spread = sqrt(fmax(squares / PRINT_CELLS - mean * mean, 1));
    for (size_t i = 0; i < PRINT_CELLS; i++)
        ret->cells[i] = (int16_t)fmin(fmax(SHADES * (p->cells[i] - mean) / spread, -32000), 32000);
}

double live_shades_distance(const struct live_shades *a, const struct live_shades *b)
{
    int32_t sum = 0;

    for (size_t i = 0; i < PRINT_CELLS; i++)
        sum += abs(a->cells[i] - b->cells[i]);
    return sum / SHADES / PRINT_CELLS;
}

/* Of the frames before the last one: those up to which the face was elsewhere at some time since.
 */
static size_t before_moving(const struct live_seen *seen, size_t n)
{
    for (size_t k = n - 1; k-- > 0;)
        if (seen[k].face && live_points_distance(seen[k].points, seen[n - 1].points) > MOVED)
            return k;
    return 0;
}

bool live_came_back(const struct live_seen *seen, size_t n)
{
    const struct live_seen *last = &seen[n - 1];
    size_t end = last->face ? before_moving(seen, n) : 0;

    for (size_t i = 0; i < end && i + FAR_BACK < n; i++)
        if (seen[i].face && live_points_distance(seen[i].points, last->points) < SAME_POINTS &&
            live_shades_distance(&seen[i].shades, &last->shades) < SAME_PRINT)
            return true;
    return false;
}

/* How far the face was from where it is now, in the last LOOP_FRAMES frames. */
static double motion(const struct live_seen *seen, size_t n)
{
    double most = 0;

    for (size_t k = n - LOOP_FRAMES; k < n; k++)
        if (seen[k].face)
            most = fmax(most, live_points_distance(seen[k].points, seen[n - 1].points));
    return most;
}

/* The last LOOP_FRAMES frames are those of `lag` frames before. */
static bool repeats(const struct live_seen *seen, size_t n, size_t lag)
{
    double points = 0, prints = 0;

    for (size_t k = n; k-- > n - LOOP_FRAMES;) {
        const struct live_seen *now = &seen[k], *then = &seen[k - lag];
        if (!now->face || !then->face)
            return false;
        points += live_points_distance(now->points, then->points) / LOOP_FRAMES;
        if (points > LOOP_POINTS)
            return false;
        prints += live_shades_distance(&now->shades, &then->shades) / LOOP_FRAMES;
    }
    return prints < LOOP_PRINT;
}

bool live_loops(const struct live_seen *seen, size_t n)
{
    if (n < LOOP_FRAMES || motion(seen, n) <= LOOP_MOTION)
        return false;
    for (size_t lag = FAR_BACK; lag + LOOP_FRAMES <= n; lag++)
        if (repeats(seen, n, lag))
            return true;
    return false;
}
