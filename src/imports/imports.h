/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Photos of many students at once: a ZIP whose files are named by student number, or with a CSV
 * list that says which file is whose. First every row is looked at (a dry run), then somebody runs
 * it. The work goes on in slices of one student on the worker pool, one slice at a time, so that it
 * never holds more than one worker; a crash costs at most the slice, and nothing is done twice. The
 * archive lies in the data folder (mode 0600) until the end and no longer; of the rows only student
 * numbers and codes are kept.
 */
#include "base/ctx.h"
#include "base/page.h"

enum {
    IMPORT_ARCHIVE_MAX = 64 << 20, /* bytes of the ZIP, which is held in memory while it comes */
    IMPORT_LIST_MAX = 1 << 20,     /* bytes of the CSV */
    IMPORT_ENTRIES_MAX = 5000,
    IMPORT_PHOTO_MAX = 8 << 20,   /* bytes of one photo, unpacked */
    IMPORT_TOTAL_MAX = 512 << 20, /* bytes of all photos, unpacked */
    IMPORT_RATIO_MAX = 100,       /* unpacked to packed */
    IMPORT_NAME_MAX = 200,        /* bytes of a file's name */
};

struct import_new {
    struct file archive, list;
    struct opt_str source;   /* "photos" when absent */
    struct opt_bool dry_run; /* absent: true */
};

struct import {
    int64_t id;
    struct str state; /* "checking" "checked" "running" "done" "cancelled" "expired" "failed" */
    struct str source;
    int64_t total, done, failed; /* rows; of them looked at in this pass; of those refused */
    int64_t by_user_id;
    struct str by_name;
    int64_t created_at;
    struct opt_i64 finished_at;
};
extern const struct schema import_schema;

struct import_row {
    int64_t id;
    struct str student_number;
    struct opt_i64 student_id;
    struct strs files;
    struct str source;
    struct opt_str result; /* of IMPORT_RESULTS; absent: not looked at yet */
    struct opt_str detail; /* English, with figures */
};
extern const struct schema import_row_schema;

struct import_rows_query {
    struct page_query page;
    int64_t import_id;
    struct opt_str result;
};

/*
 * Reads the archive and the list, keeps the archive and starts to look at it (or, without dry_run,
 * to enrol). ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_STORAGE_FULL
 * ERR_INVALID  a field error of `archive` or `list`: its code says what is wrong with the file
 */
must_check enum err import_create(struct ctx *ctx, const struct import_new *in, struct import *ret);
/* ret->items are struct import, the newest first. */
must_check enum err import_list(struct ctx *ctx, const struct page_query *q, struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err import_get(struct ctx *ctx, int64_t id, struct import *ret);
/* ret->items are struct import_row, in the order of the list or of the names. ERR_NOT_FOUND */
must_check enum err import_rows(struct ctx *ctx, const struct import_rows_query *q,
                                struct page *ret);
/* After the dry run. ERR_NOT_FOUND, ERR_CONFLICT: not checked, or ended */
must_check enum err import_run(struct ctx *ctx, int64_t id, struct import *ret);
/* Stops and deletes the photos; who is enrolled stays so. ERR_NOT_FOUND, ERR_CONFLICT: ended */
must_check enum err import_cancel(struct ctx *ctx, int64_t id, struct import *ret);

/* Goes on with what a stop or a crash interrupted; at start, where nobody else serves this
 * database. */
must_check enum err imports_resume(struct ctx *ctx);
/* A periodic job: goes on where a full queue ended the chain of slices, deletes photos that nobody
 * ran for import_keep_hours, files that belong to nothing, and old reports. */
must_check enum err imports_tend(struct ctx *ctx);
