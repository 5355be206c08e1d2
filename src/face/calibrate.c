/* SPDX-License-Identifier: MIT */
/* Leave-one-out over a gallery, and the error rates that follow from it. */
#include "face/calibrate.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { COMPARED_MAX = 1500, BISECTIONS = 60, FRACTIONS = 300 };

static const double CONFIDENCE = 0.95;
static const double THRESHOLD_STEP = 0.01;

/* I_x(a, b) by its continued fraction, evaluated by Lentz's way (DLMF 8.17.22). */
static double fraction_of(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    double h;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    h = d;
    for (int m = 1; m <= FRACTIONS; m++) {
        for (int odd = 0; odd < 2; odd++) {
            double t = odd ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                           : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 + t * d;
            c = 1 + t / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            h *= d * c;
        }
        if (fabs(d * c - 1) < 1e-14)
            break;
    }
    return h;
}

/* The regularised incomplete beta function: the share of Beta(a, b) below x. */
static double beta_below(double a, double b, double x)
{
    double front;

    if (x <= 0 || x >= 1)
        return x >= 1;
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * fraction_of(a, b, x) / a;
    return 1 - front * fraction_of(b, a, 1 - x) / b;
}

static double beta_quantile(double share, double a, double b)
{
    double low = 0, high = 1;

    for (int i = 0; i < BISECTIONS; i++) {
        double x = (low + high) / 2;
        if (beta_below(a, b, x) < share)
            low = x;
        else
            high = x;
    }
    return (low + high) / 2;
}

struct interval interval_exact(int64_t k, int64_t n)
{
    double tail = (1 - CONFIDENCE) / 2, seen = (double)k, rest = (double)(n - k);

    if (n <= 0)
        return (struct interval){0, 1};
    return (struct interval){
        .low = k ? beta_quantile(tail, seen, rest + 1) : 0,
        .high = k < n ? beta_quantile(1 - tail, seen + 1, rest) : 1,
    };
}

/* One person's templates: rows from..to-1, and their sum. */
struct person {
    int64_t id;
    size_t from, to;
    float sum[FACE_DIM];
};

/* The highest similarity of any template of one person with another person. */
struct pairs {
    struct person *people;
    size_t n;
    float *most; /* n x n */
    float *genuine;
    size_t genuine_n;
};

static void add_to(float *sum, const float *v)
{
    for (size_t i = 0; i < FACE_DIM; i++)
        sum[i] += v[i];
}

static size_t list_people(const struct calibrate_in *in, struct person *people)
{
    size_t n = 0;

    for (size_t r = 0; r < in->n; r++) {
        if (!n || people[n - 1].id != in->persons[r])
            people[n++] = (struct person){.id = in->persons[r], .from = r};
        people[n - 1].to = r + 1;
        add_to(people[n - 1].sum, in->vectors + r * FACE_DIM);
    }
    return n;
}

/* To the best template or the centroid; `but` is left out of both (SIZE_MAX: none). */
static double similarity_to(const struct calibrate_in *in, const struct person *p,
                            const float *probe, size_t but)
{
    float centre[FACE_DIM];
    double best = -1, length;
    size_t n = 0;

    memcpy(centre, p->sum, sizeof(centre));
    for (size_t r = p->from; r < p->to; r++) {
        const float *v = in->vectors + r * FACE_DIM;
        if (r == but) {
            for (size_t i = 0; i < FACE_DIM; i++)
                centre[i] -= v[i];
            continue;
        }
        best = fmax(best, face_cosine(probe, v));
        n++;
    }
    length = sqrt(face_cosine(centre, centre));
    if (n > 1 && length > 1e-6)
        best = fmax(best, face_cosine(probe, centre) / length);
    secret_wipe(centre, sizeof(centre));
    return best;
}

static void count_bin(int64_t *bins, double similarity)
{
    double at = (similarity - calibrate_bin_from) / calibrate_bin_width;
    int64_t i = (int64_t)floor(at);

    bins[i < 0 ? 0 : i >= CALIBRATE_BINS ? CALIBRATE_BINS - 1 : i]++;
}

static void see_genuine(const struct calibrate_in *in, struct pairs *p, size_t who, size_t row,
                        struct calibration *ret)
{
    const struct person *own = &p->people[who];
    double s;

    if (own->to - own->from < 2)
        return;
    s = similarity_to(in, own, in->vectors + row * FACE_DIM, row);
    p->genuine[p->genuine_n++] = (float)s;
    count_bin(ret->genuine, s);
    ret->genuine_least = ret->genuine_n ? fmin(ret->genuine_least, s) : s;
    ret->genuine_mean += s;
    ret->genuine_n++;
}

static void see_impostors(const struct calibrate_in *in, struct pairs *p, size_t who, size_t row,
                          struct calibration *ret)
{
    for (size_t k = 0; k < p->n; k++) {
        double s;
        size_t a = who < k ? who : k, b = who < k ? k : who;

        if (k == who)
            continue;
        s = similarity_to(in, &p->people[k], in->vectors + row * FACE_DIM, SIZE_MAX);
        p->most[a * p->n + b] = fmaxf(p->most[a * p->n + b], (float)s);
        count_bin(ret->impostor, s);
        ret->impostor_mean += s;
        if (!ret->impostor_n++ || s > ret->impostor_most) {
            ret->impostor_most = s;
            ret->closest_a = p->people[a].id;
            ret->closest_b = p->people[b].id;
        }
    }
}

/* Pairs of persons whose similarity reaches it; look-alikes have a rule of their own. */
static int64_t pairs_from(const struct pairs *p, double threshold, double below)
{
    int64_t n = 0;

    for (size_t a = 0; a < p->n; a++)
        for (size_t b = a + 1; b < p->n; b++) {
            double s = (double)p->most[a * p->n + b];
            n += s >= threshold && s < below;
        }
    return n;
}

static int64_t genuine_below(const struct pairs *p, double threshold)
{
    int64_t n = 0;

    for (size_t i = 0; i < p->genuine_n; i++)
        n += (double)p->genuine[i] < threshold;
    return n;
}

static double fold(double fmr, double persons)
{
    return -expm1(persons * log1p(-fmin(fmr, 1 - 1e-12)));
}

static double share(int64_t part, int64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static double asked_of(const struct calibrate_in *in, size_t persons)
{
    return face_rule_threshold(in->rule ? in->rule : &face_rule_default, persons);
}

static void expect(const struct pairs *p, const struct calibrate_in *in, struct calibration *ret)
{
    for (size_t i = 0; i < in->n_rosters && i < CALIBRATE_ROSTERS_MAX; i++) {
        double n = (double)in->rosters[i];
        double t = fmax(asked_of(in, in->rosters[i]), in->least_threshold);
        int64_t reach = pairs_from(p, t, 2), missed = genuine_below(p, t);
        struct interval fmr = interval_exact(reach, ret->pairs_n);

        ret->rosters[ret->n_rosters++] = (struct calibrate_roster){
            .persons = (int64_t)in->rosters[i],
            .threshold = t,
            .fmr = share(reach, ret->pairs_n),
            .fpir = fold(share(reach, ret->pairs_n), n),
            .fnir = share(missed, ret->genuine_n),
            .fpir_interval = {fold(fmr.low, n), fold(fmr.high, n)},
            .fnir_interval = interval_exact(missed, ret->genuine_n),
        };
    }
}

static void suggest(const struct pairs *p, const struct calibrate_in *in, struct calibration *ret)
{
    size_t largest = in->n_rosters ? in->rosters[in->n_rosters - 1] : 2;
    double least, most;

    ret->floor = asked_of(in, largest < 2 ? 2 : largest);
    /* Look-alikes left out: a threshold for everybody that parts two would lose many others. */
    least = ceil(ret->floor / THRESHOLD_STEP - 1e-6) * THRESHOLD_STEP;
    most = fmax(calibrate_look_alike, ret->floor) + 0.1;
    ret->suggested = least;
    while (ret->suggested < calibrate_most - 1e-9 &&
           fold(share(pairs_from(p, ret->suggested, most), ret->pairs_n), (double)largest) >
               calibrate_fpir_goal)
        ret->suggested += THRESHOLD_STEP;
}

void calibrate(struct ctx *ctx, const struct calibrate_in *in, struct calibration *ret)
{
    struct pairs p = {.people = ARENA_NEW_N(&ctx->arena, struct person, in->n)};
    size_t step = in->n / COMPARED_MAX + 1, who = 0;

    *ret = (struct calibration){.templates = (int64_t)in->n, .genuine_least = 1};
    p.n = list_people(in, p.people);
    p.most = ARENA_NEW_N(&ctx->arena, float, p.n *p.n);
    p.genuine = ARENA_NEW_N(&ctx->arena, float, in->n);
    for (size_t i = 0; i < p.n * p.n; i++)
        p.most[i] = -1;
    for (size_t row = 0; row < in->n; row += step) {
        while (p.people[who].to <= row)
            who++;
        see_genuine(in, &p, who, row, ret);
        see_impostors(in, &p, who, row, ret);
    }
    ret->persons = (int64_t)p.n;
    ret->pairs_n = pairs_from(&p, -0.999, 2);
    ret->look_alikes = pairs_from(&p, calibrate_look_alike, 2);
    ret->genuine_mean = ret->genuine_n ? ret->genuine_mean / (double)ret->genuine_n : 0;
    ret->impostor_mean = ret->impostor_n ? ret->impostor_mean / (double)ret->impostor_n : 0;
    ret->enough = ret->genuine_n > 0 && ret->impostor_n > 0;
    expect(&p, in, ret);
    suggest(&p, in, ret);
    secret_wipe(p.people, p.n * sizeof(*p.people));
}
