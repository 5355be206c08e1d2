/* SPDX-License-Identifier: MIT */
#pragma once
/* Packs for who runs the server: which there are, whether one is well, and choosing it. */
#include "face/face.h"

struct face_pack_info {
    struct str id;
    bool builtin, in_use;
    bool recorded;      /* its checksums are; else `face models use` will do that */
    struct str problem; /* of its pack.json; the files are looked at by face_pack_verify */
};
extern const struct schema face_pack_info_schema;

/* The built-in pack and the folders of the packs folder; a list of struct face_pack_info. */
struct list face_packs(struct ctx *ctx, const struct face_sources *from);
/*
 * Looks at the pack `from->pack` wholly: its pack.json, all files and checksums, one run of each
 * net. ERR_MODELS_UNAVAILABLE: says what is wrong and how to mend it. *ret_id: its model id.
 */
must_check enum err face_pack_verify(struct ctx *ctx, const struct face_sources *from,
                                     struct str *ret_id);
/*
 * Verifies, records the checksums of a pack that has none yet in a new pack.json, and writes the
 * choice to `path`. ERR_MODELS_UNAVAILABLE, ERR_STORAGE_FULL, ERR_INTERNAL (cannot be written).
 */
must_check enum err face_pack_use(struct ctx *ctx, const struct face_sources *from,
                                  const char *path, struct str *ret_id, bool *ret_recorded);
