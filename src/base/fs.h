/* SPDX-License-Identifier: MIT */
#pragma once
/* Files, whole. */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/schema.h"

/* Reads a whole file of at most `max` bytes. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_INTERNAL. */
must_check enum err fs_read(struct ctx *ctx, const char *path, size_t max, struct buf *ret);
/* Writes beside, syncs, renames: never half a file. `mode` such as 0600. ERR_STORAGE_FULL. */
must_check enum err fs_write(struct ctx *ctx, const char *path, struct str data, unsigned mode);
bool fs_exists(const char *path);
bool fs_is_folder(const char *path);
/* Whether a file that should be its owner's (and at most readable by its group) is open to more. */
bool fs_is_exposed(const char *path);
/* Makes the folder and its parents, mode 0700. */
must_check enum err fs_mkdir(struct ctx *ctx, const char *path);
/* dir + "/" + name, NUL-terminated, in ctx's arena. */
const char *fs_join(struct ctx *ctx, const char *dir, const char *name);
/* Names in the folder, sorted, without "." entries. */
must_check enum err fs_list(struct ctx *ctx, const char *dir, struct strs *ret);
/* Lower-case hex SHA-256 of a file's bytes (65 bytes with the NUL). */
must_check enum err fs_sha256(struct ctx *ctx, const char *path, char ret[65]);
