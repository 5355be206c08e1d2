/* SPDX-License-Identifier: MIT */
#pragma once
/* `smartpresence face …`: recognition by hand, and its measurement. */
#include "cli/cli.h"
#include "face/face.h"

struct face_args {
    const char *root, *pairs;
    bool json, tiled, aligned, all_pairs;
    char **files;
    size_t n;
};

/* Decodes the picture file. */
must_check enum err face_cli_read(struct ctx *ctx, const char *path, struct image *ret);
/*
 * `face eval`: compares pairs of pictures and prints how well that went.
 * ERR_BAD_REQUEST: the arguments or the file of pairs make no sense.
 */
must_check enum err face_eval(struct ctx *ctx, const struct face_args *args);
