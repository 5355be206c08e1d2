/* SPDX-License-Identifier: MIT */
#pragma once
/* What the detectors' decoders give to the choice among it. Private to detect*.c. */
#include "face/pack.h"

struct candidate {
    double x1, y1, x2, y2, score;
    struct point points[5]; /* where the detector gives them */
};

struct candidates {
    struct candidate *at; /* in ctx's arena */
    size_t n;
};

/*
 * Boxes above the least score, from the outputs of the last run, in pixels of a picture that with
 * its padding is width x height. What is not finite or has no area is left out.
 */
void detect_decode_ultraface(struct ctx *ctx, const struct net *net, const struct pack_net *pack,
                             struct letterbox box, struct candidates *ret);
void detect_decode_scrfd(struct ctx *ctx, const struct net *net, const struct pack_net *pack,
                         struct letterbox box, struct candidates *ret);
