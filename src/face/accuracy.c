/* SPDX-License-Identifier: MIT */
/* Accuracy figures from sorted scores; every threshold lies midway between two of them. */
#include "face/accuracy.h"

#include <math.h>
#include <stdlib.h>

static const double FMR_ASKED = 1e-3;

static int by_score(const void *a, const void *b)
{
    const struct compared *p = a, *q = b;

    return (p->score < q->score) - (p->score > q->score);
}

/* The pairs outside one fold; fold -1: all of them. */
static size_t count(const struct compared *all, size_t n, int without, bool same)
{
    size_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += all[i].fold != without && all[i].same == same;
    return sum;
}

/* `all` is sorted, highest first: accepting the first i gives `right` right answers. */
static double best_threshold(const struct compared *all, size_t n, int without, double *ret_share)
{
    size_t right = count(all, n, without, false), most = 0;
    size_t whole = right + count(all, n, without, true);
    double above = 1, threshold = 1;

    for (size_t i = 0; i < n; i++) {
        double score = (double)all[i].score;
        if (all[i].fold == without)
            continue;
        /* Equal scores cannot be told apart: a threshold goes only between different ones. */
        if (score < above && right > most) {
            most = right;
            threshold = (above + score) / 2;
        }
        right = all[i].same ? right + 1 : right - 1;
        above = score;
    }
    if (right > most) {
        most = right;
        threshold = -1;
    }
    *ret_share = whole ? (double)most / (double)whole : 0;
    return threshold;
}

static double share_right(const struct compared *all, size_t n, int fold, double threshold)
{
    size_t right = 0, whole = 0;

    for (size_t i = 0; i < n; i++) {
        if (all[i].fold != fold)
            continue;
        right += ((double)all[i].score >= threshold) == all[i].same;
        whole++;
    }
    return whole ? (double)right / (double)whole : 0;
}

static void cross_validate(const struct compared *all, size_t n, int folds, struct accuracy *ret)
{
    double sum = 0, squares = 0, thresholds = 0, unused;

    for (int f = 0; f < folds; f++) {
        double threshold = best_threshold(all, n, f, &unused);
        double share = share_right(all, n, f, threshold);
        sum += share;
        squares += share * share;
        thresholds += threshold;
    }
    ret->accuracy = sum / folds;
    ret->accuracy_std = sqrt(fmax(squares / folds - ret->accuracy * ret->accuracy, 0));
    ret->threshold = thresholds / folds;
}

/* Walks down the scores once: the equal error rate, and the matches at the asked false rate. */
static void error_rates(const struct compared *all, size_t n, struct accuracy *ret)
{
    double same = fmax((double)count(all, n, -1, true), 1);
    double other = fmax((double)count(all, n, -1, false), 1);
    double accepted = 0, wrong = 0, nearest = 2;

    for (size_t i = 0; i <= n; i++) {
        bool may_cut = i == 0 || i == n || all[i].score < all[i - 1].score;
        double fmr = wrong / other, fnmr = 1 - accepted / same;
        if (may_cut && fabs(fmr - fnmr) < nearest) {
            nearest = fabs(fmr - fnmr);
            ret->eer = (fmr + fnmr) / 2;
        }
        if (may_cut && fmr <= FMR_ASKED)
            ret->tar_at_fmr_1e3 = accepted / same;
        if (i < n && all[i].same)
            accepted++;
        else
            wrong++;
    }
}

struct accuracy accuracy_measure(struct compared *all, size_t n, int folds)
{
    struct accuracy result = {0};

    qsort(all, n, sizeof(*all), by_score);
    error_rates(all, n, &result);
    if (folds > 1)
        cross_validate(all, n, folds, &result);
    else
        result.threshold = best_threshold(all, n, -1, &result.accuracy);
    return result;
}

void open_set_count(struct open_set *s, int64_t person, const struct face_match *m)
{
    bool named = m && m->decision == FACE_MATCH;

    if (!person) {
        s->strangers++;
        s->accepted += named;
        return;
    }
    s->mated++;
    s->hits += named && m->person == person;
    s->misnamed += named && m->person != person;
}

static double share(int64_t part, int64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

struct open_set_rates open_set_rates(const struct open_set *s)
{
    return (struct open_set_rates){
        .hit_rate = share(s->hits, s->mated),
        .fnir = share(s->mated - s->hits, s->mated),
        .fpir = share(s->accepted, s->strangers),
        .wrong_name_rate = share(s->misnamed + s->accepted, s->mated + s->strangers),
    };
}
