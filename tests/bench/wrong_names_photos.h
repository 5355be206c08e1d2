/* SPDX-License-Identifier: MIT */
#pragma once
/* Worse photos of a person, made from a good one, and their embeddings. */
#include "face/face.h"

/* How bad: as the ranges of tools/photos/vary.py, which are drawn uniformly; no JPEG step. */
enum strength { STRENGTH_ENROL, STRENGTH_PROBE, STRENGTH_HARD };

struct look {
    float embedding[FACE_DIM];
    bool found; /* a face was found */
    bool good;  /* and a session would compare it */
};

/* xorshift64*: the same photos on every machine. */
uint64_t next_random(uint64_t *seed);
/* Degrades the picture (face_px: height of its face) and embeds what came of it. */
enum err look_degraded(struct ctx *work, const struct image *im, double face_px,
                       enum strength strength, uint64_t *seed, struct look *ret);
/* Embeds the picture as it is; *face_px is the height of its face. */
enum err look_plain(struct ctx *work, const struct image *im, double *face_px, struct look *ret);
