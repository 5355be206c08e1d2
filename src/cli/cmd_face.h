/* SPDX-License-Identifier: MIT */
#pragma once
/* `smartpresence face …`: recognition by hand, and its measurement. */
#include "cli/cli.h"
#include "face/face.h"

struct face_args {
    const struct face_rule *rule; /* of the pack in use */
    const char *root, *pairs, *gallery, *probes, *templates;
    bool json, yes, tiled, aligned, all_pairs, curve, quality;
    char **files;
    size_t n;
};

/* As one line on stdout. */
must_check enum err face_cli_print_json(struct ctx *ctx, const struct schema *s, const void *at);
/* `face models …`. ERR_BAD_REQUEST: the arguments make no sense. */
must_check enum err face_models_cli(struct cli *cli, const struct face_args *args,
                                    const struct face_sources *from);
/* Decodes the picture file. */
must_check enum err face_cli_read(struct ctx *ctx, const char *path, struct image *ret);
bool face_cli_is_picture(struct str name);
/* Embeds the person meant in the picture; in `work`'s arena. *ret NULL: there is no face. The flaws
 * are those that keep it from being recognised; an aligned face has none. */
must_check enum err face_cli_embed(struct ctx *work, const char *path, bool aligned,
                                   const struct face_found **ret, struct face_flaws *flaws);
/* A line on stderr now and then; *last_ms: when it was last written, by the monotonic clock. */
void face_cli_progress(size_t done, size_t all, int64_t *last_ms);
/*
 * `face eval`: compares pairs of pictures and prints how well that went.
 * ERR_BAD_REQUEST: the arguments or the file of pairs make no sense.
 */
must_check enum err face_eval(struct ctx *ctx, const struct face_args *args);
/*
 * `face identify`: names the people of one folder by those of another, as a session does.
 * ERR_BAD_REQUEST: the arguments make no sense.
 */
must_check enum err face_identify(struct ctx *ctx, const struct face_args *args);
/* `face calibrate`: opens the school's database and measures its templates. The exit status. */
int face_calibrate(struct cli *cli);
