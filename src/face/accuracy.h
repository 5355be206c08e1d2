/* SPDX-License-Identifier: MIT */
#pragma once
/* How well comparison scores tell same from different (ISO/IEC 19795 terms). */
#include <stdbool.h>
#include <stddef.h>

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
