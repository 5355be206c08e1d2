/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a gallery says about itself: how alike templates of one person are, and those of different
 * persons, and what error rates follow. Pure statistics: numbers in, numbers out.
 */
#include "base/buf.h"

#include "face/identify.h"

struct interval {
    double low, high;
};
/* The exact two-sided 95 % interval of Clopper and Pearson (Biometrika 26, 1934) for a share of
 * which k of n were seen; 0..1 when n is 0. The n must be independent of each other. */
struct interval interval_exact(int64_t k, int64_t n);

/* Similarities are counted in steps of 0.02 from -0.2 to 1. */
enum { CALIBRATE_BINS = 60, CALIBRATE_ROSTERS_MAX = 8 };
static const double calibrate_bin_from = -0.2, calibrate_bin_width = 0.02;

/* Below this suggestion is refused, whatever a gallery says; above it nobody is found. */
static const double calibrate_most = 0.80;
/* Two persons this alike are told apart by more margin, not by the threshold (docs/models.md). */
static const double calibrate_look_alike = 0.40;
/* Strangers who may be named, of those who try, at the largest roster. */
static const double calibrate_fpir_goal = 0.005;

/* Templates, those of a person side by side. */
struct calibrate_in {
    const float *vectors; /* n x FACE_DIM, of unit length */
    const int64_t *persons;
    size_t n;
    const size_t *rosters; /* sizes in use, ascending; at most CALIBRATE_ROSTERS_MAX */
    size_t n_rosters;
    double least_threshold;       /* the school's own; 0: none */
    const struct face_rule *rule; /* NULL: the default */
};

/* Expected at one size of roster and the threshold in use there. */
struct calibrate_roster {
    int64_t persons;
    double threshold;
    double fmr;  /* share of pairs of persons that reach it */
    double fpir; /* 1 - (1 - fmr)^persons: as if those compared with were independent */
    double fnir; /* share of templates that would not find their person */
    struct interval fpir_interval, fnir_interval;
};

struct calibration {
    int64_t persons, templates;
    int64_t genuine_n, impostor_n, pairs_n; /* pairs_n: pairs of persons, look-alikes left out */
    int64_t genuine[CALIBRATE_BINS], impostor[CALIBRATE_BINS];
    double genuine_least, genuine_mean, impostor_most, impostor_mean;
    int64_t closest_a, closest_b; /* whose similarity is impostor_most; 0: nobody to compare */
    int64_t look_alikes;          /* pairs from calibrate_look_alike on */
    struct calibrate_roster rosters[CALIBRATE_ROSTERS_MAX];
    size_t n_rosters;
    double floor;     /* the least threshold that may be asked, for the largest roster */
    double suggested; /* the lowest from the floor on that keeps to the goal */
    bool enough;      /* at least two persons, one of them with two templates */
};

/*
 * Leave one out: each template is compared with the others of its person (genuine) and with each
 * other person (impostor), a person's similarity being that of the best template or the centroid.
 * At most 1500 templates, evenly chosen, are compared; galleries up to that are compared whole.
 */
void calibrate(struct ctx *ctx, const struct calibrate_in *in, struct calibration *ret);

/* An SVG picture of both distributions and the thresholds: texts in English, no names. */
void calibrate_draw(struct buf *b, const struct calibration *c, double threshold);
