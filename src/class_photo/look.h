/* SPDX-License-Identifier: MIT */
#pragma once
/* Photo files in, faces with their matches and crops out. */
#include "class_photo/gather.h"

struct look {
    struct class_photo_picture *pictures;
    struct sighting *faces;
    size_t n;
    bool passive; /* liveness was asked for */
};

/*
 * With an empty roster the photos are only read, not searched: there is nobody to look for.
 * `passive`: whether large faces look alive is measured too, as far as that net is there.
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA (saying which photo), ERR_BUSY,
 * ERR_MODELS_UNAVAILABLE.
 */
must_check enum err class_photo_look(struct ctx *ctx, struct files photos, const struct roster *r,
                                     bool passive, struct look *ret);
