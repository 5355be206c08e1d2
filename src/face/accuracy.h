/* SPDX-License-Identifier: MIT */
#pragma once
/* How well comparison scores tell same from different (ISO/IEC 19795 terms). */
#include <stdbool.h>
#include <stddef.h>

#include "face/identify.h"

/* One comparison. A picture without a face scores -1: it matches nobody. */
struct compared {
    float score;
    short fold;
    bool same;
};

/* All as fractions, not percent. */
struct accuracy {
    double accuracy;     /* of the best threshold; with folds the mean over them */
    double accuracy_std; /* over the folds; 0 without */
    double eer;
    double tar_at_fmr_1e3;
    double threshold; /* the best; with folds the mean of theirs */
};

/*
 * Reorders `all`. With folds > 1 each fold is judged by the threshold that is best on all others;
 * else one threshold is the best on everything. Needs n > 0.
 */
struct accuracy accuracy_measure(struct compared *all, size_t n, int folds);

/*
 * Open-set identification, counted. A probe is mated when its person is in the gallery; else it is
 * a stranger's. A probe that was not compared (no face, too bad) counts as not named.
 */
struct open_set {
    int64_t mated, strangers;
    int64_t hits;     /* mated, named rightly */
    int64_t misnamed; /* mated, named as another person */
    int64_t accepted; /* strangers who got a name */
};

/* Fractions; 0 where there was nothing to count. */
struct open_set_rates {
    double hit_rate;        /* hits / mated */
    double fnir;            /* 1 - hit_rate: mated probes that did not get the right name */
    double fpir;            /* accepted / strangers */
    double wrong_name_rate; /* (misnamed + accepted) / all probes */
};

/* `person` 0: a stranger's probe. `m` NULL: it was not compared. */
void open_set_count(struct open_set *s, int64_t person, const struct face_match *m);
struct open_set_rates open_set_rates(const struct open_set *s);
