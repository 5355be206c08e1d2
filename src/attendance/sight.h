/* SPDX-License-Identifier: MIT */
#pragma once
/* What a picture shows: its faces and what is wrong with each. */
#include "face/face.h"

struct sight {
    struct image image;
    struct face_found *found; /* largest first */
    struct face_flaws *flaws; /* by face */
    size_t n, more;           /* more: smaller faces that were left out */
    int64_t began_us;
};

/* `more`: beside FACE_EMBED. ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA,
 * ERR_MODELS_UNAVAILABLE. Release it by sight_finish, also after a failure. */
must_check enum err sight_take(struct ctx *ctx, struct str picture, enum face_options more,
                               struct sight *ret);
/* Takes an empty one. */
void sight_finish(struct sight *s);
/* Milliseconds since the picture was begun. */
double sight_ms(const struct sight *s);
/* Names of a face's flaws. */
struct strs sight_flaws(struct ctx *ctx, const struct face_flaws *flaws);
