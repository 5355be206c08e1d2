/* SPDX-License-Identifier: MIT */
#pragma once
/* Photo files in, faces with their matches and crops out. */
#include "class_photo/gather.h"

struct look {
    struct class_photo_picture *pictures;
    struct sighting *faces;
    size_t n;
};

/*
 * With an empty roster the photos are only read, not searched: there is nobody to look for.
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA (saying which photo), ERR_BUSY,
 * ERR_MODELS_UNAVAILABLE.
 */
must_check enum err class_photo_look(struct ctx *ctx, struct files photos, const struct roster *r,
                                     struct look *ret);
