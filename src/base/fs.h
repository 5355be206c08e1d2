/* SPDX-License-Identifier: MIT */
#pragma once
/* Files, whole. */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/schema.h"

/* Reads a whole file of at most `max` bytes. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_INTERNAL. */
must_check enum err fs_read(struct ctx *ctx, const char *path, size_t max, struct buf *ret);
/* Writes beside (`path`.new, made anew), syncs, renames, syncs the folder: never half a file, and a
 * whole one once it returned. `mode` such as 0600. ERR_STORAGE_FULL. */
must_check enum err fs_write(struct ctx *ctx, const char *path, struct str data, unsigned mode);
bool fs_exists(const char *path);
bool fs_is_folder(const char *path);
/* What is wrong with a file that should be its owner's alone, and how to mend it. */
struct fs_exposure {
    const char *problem, *mend;
};
/* By its mode and its folder's: in a folder that others may write to it can be exchanged. The
 * problem is NULL when nothing is wrong; of a file that is not there the folder is looked at. Not
 * for what systemd gives (credentials are 0440 in a folder of their own). */
struct fs_exposure fs_exposure(struct ctx *ctx, const char *path);
/* Makes the folder and its parents, mode 0700. */
must_check enum err fs_mkdir(struct ctx *ctx, const char *path);
/* dir + "/" + name, NUL-terminated, in ctx's arena. */
const char *fs_join(struct ctx *ctx, const char *dir, const char *name);
/* Names in the folder, sorted, without "." entries. */
must_check enum err fs_list(struct ctx *ctx, const char *dir, struct strs *ret);
/* Lower-case hex SHA-256 of a file's bytes (65 bytes with the NUL). */
must_check enum err fs_sha256(struct ctx *ctx, const char *path, char ret[65]);
