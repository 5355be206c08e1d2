/* SPDX-License-Identifier: MIT */
#pragma once
/* A ZIP from outside: looked through before anything of it is unpacked. */
#include "base/ctx.h"
#include "base/schema.h"

struct archive;

/* From memory, which must outlive it, with all its rules; ERR_INVALID with a field error "archive"
 * whose code says what is wrong. */
must_check enum err archive_open(struct ctx *ctx, struct str bytes, struct archive **ret);
/* From a file that was taken before. ERR_IMAGE_INVALID: it is gone or damaged. */
must_check enum err archive_open_file(struct ctx *ctx, const char *path, struct archive **ret);
void archive_close(struct archive *a); /* takes NULL */
/* Names in the order of the archive, in ctx's arena. */
struct strs archive_names(struct ctx *ctx, const struct archive *a);
/* Unpacks one file of at most IMPORT_PHOTO_MAX bytes, whatever its header says, into `ret`.
 * ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_IMAGE_INVALID: it cannot be unpacked */
struct buf;
must_check enum err archive_read(struct ctx *ctx, const struct archive *a, struct str name,
                                 struct buf *ret);
