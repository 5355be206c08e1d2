/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Many small faces in a large picture: the photo of a class. The picture is searched in overlapping
 * tiles of several sizes, coarse ones first; docs/class-photo.md has the plan and what it finds.
 */
#include "face/face.h"

enum {
    SCENE_MAX_PIXELS = 24 * 1000 * 1000,
    SCENE_MAX_FACES = 160,
    SCENE_CROP_SIDE = 128,
};

/* What a search took, and what it left out. */
struct scene_cost {
    size_t passes, skipped; /* runs of the detector; tiles that need none */
    size_t left_out;        /* smaller faces than the SCENE_MAX_FACES largest */
    int64_t search_us, describe_us;
};

/*
 * The faces of a picture of at most SCENE_MAX_PIXELS, from 20 px of height on, largest first, at
 * most SCENE_MAX_FACES, into an array in ctx's arena. `cost` may be NULL.
 * ERR_TOO_LARGE, ERR_MODELS_UNAVAILABLE. No face is not an error: *n is 0.
 */
must_check enum err scene_find(struct ctx *ctx, const struct image *im, enum face_options options,
                               struct face_found **ret, size_t *n, struct scene_cost *cost);

/*
 * A face with some of its surroundings as a JPEG of SCENE_CROP_SIDE pixels a side, in ctx's arena;
 * outside the picture is black. ERR_BUSY when the encoder cannot start.
 */
must_check enum err scene_crop(struct ctx *ctx, const struct image *im, const struct face_box *box,
                               struct str *ret_jpeg);
