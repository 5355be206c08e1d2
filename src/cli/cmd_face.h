/* SPDX-License-Identifier: MIT */
#pragma once
/* `smartpresence face …`: recognition by hand, and its measurement. */
#include "face/face.h"

/* argv[0] is "face". Returns the process's exit status: 0, 1 failed, 2 wrong usage. */
int cmd_face(struct ctx *ctx, int argc, char **argv);

struct face_args {
    const char *verb;
    const char *root, *pairs, *models_dir, *runtime;
    bool json, tiled, aligned, all_pairs, help;
    char **files;
    size_t n;
};

/* Decodes the picture file. */
must_check enum err face_cli_read(struct ctx *ctx, const char *path, struct image *ret);
/* `face eval`: compares pairs of pictures and prints how well that went. */
must_check enum err face_eval(struct ctx *ctx, const struct face_args *args);
