/* SPDX-License-Identifier: MIT */
#pragma once
/* The steps behind face_find, each in its own file. Only src/face includes this. */
#include "face/face.h"
#include "face/ort.h"
#include "face/pixels.h"

/* The last one is optional: faces are found and recognised without it. */
enum face_net { NET_DETECT, NET_LANDMARK, NET_FEATURE, NET_EYE, NET_LIVENESS, NET_COUNT };

enum { NETS_NEEDED = NET_LIVENESS };

enum { ALIGNED_SIDE = 112, ALIGNED_PIXELS = ALIGNED_SIDE * ALIGNED_SIDE, LANDMARKS = 68 };

/* The upright 112 x 112 picture of one face. */
struct aligned {
    uint8_t rgb[ALIGNED_PIXELS * 3];
    uint8_t grey[ALIGNED_PIXELS];
};

/* Makes the session of one net. ERR_MODELS_UNAVAILABLE. */
must_check enum err face_models_net(struct ctx *ctx, const struct face_models *m, enum face_net id,
                                    struct net **ret);
/* A worker's net, opened at first use. ERR_MODELS_UNAVAILABLE. */
must_check enum err face_net_of(struct ctx *ctx, enum face_net id, struct net **ret);
/* Runs it and adds to the worker's time in nets. ERR_MODELS_UNAVAILABLE. */
must_check enum err face_net_run(struct ctx *ctx, struct net *n);

/* Boxes and scores, largest first, at most FACE_MAX_FACES; *ret_more: how many are left out. */
must_check enum err detect_faces(struct ctx *ctx, struct view im, bool tiled,
                                 struct face_found **ret, size_t *ret_n, size_t *ret_more);
/* Points, quality, eyes and embedding of one detected face. False in *ok: it is no face, or its
 * embedding is no number or nothing: nobody may be enrolled or named by it. */
must_check enum err face_describe(struct ctx *ctx, struct view im, enum face_options options,
                                  struct face_found *f, bool *ok);
/* The 68 points of iBUG's order, in pixels. False in *ok: the net saw nonsense. */
must_check enum err landmarks_find(struct ctx *ctx, struct view im, const struct face_box *box,
                                   struct point ret[LANDMARKS], bool *ok);
/* Sets f's five points from the 68. */
void landmarks_reduce(const struct point all[LANDMARKS], struct face_found *f);
must_check enum err eyes_closed(struct ctx *ctx, struct view im, const struct point all[LANDMARKS],
                                double ret[2]);
/* Where the pixels of the aligned face lie in the picture; false when the points coincide. */
bool align_map(const struct point template[5], const struct point points[5], struct affine *ret);
void align_warp(struct arena *a, struct view im, struct affine m, struct aligned *ret);
/* Sets f's embedding and norm. */
must_check enum err embed_aligned(struct ctx *ctx, const uint8_t *rgb, struct face_found *f);
/* Sets f's angles from its points, luma and sharpness from the aligned face. */
void quality_measure(const struct aligned *aligned, struct face_found *f);
