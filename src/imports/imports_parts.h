/* SPDX-License-Identifier: MIT */
#pragma once
/* What the files of imports/ share. */
#include "imports/imports.h"

/* Where the archive of an import lies. */
const char *import_path(struct ctx *ctx, int64_t id);
/* Deletes the archive; it may be gone already. */
void import_delete_file(struct ctx *ctx, int64_t id);
/* Puts the next slice into the queue; a full queue is no harm: imports_tend begins again. */
void import_go_on(struct ctx *ctx);
/* Emits import.progress, when `often` is false at most once a second. */
must_check enum err import_tell(struct ctx *ctx, int64_t id, bool often);
