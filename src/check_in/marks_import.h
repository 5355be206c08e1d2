/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A session's register from a list: CSV with the columns student_number, status, at and note. A
 * line with a time is a check-in of way `import` at that time; its status, where the rules say
 * another, and the status of a line without a time are the word of whoever sends the list. All of a
 * list or nothing of it, and sent twice it changes once.
 */
#include "base/ctx.h"
#include "base/schema.h"

enum {
    MARKS_BYTES_MAX = 2 << 20,
    MARKS_LINES_MAX = 10000,
    MARKS_ERRORS_MAX = 1000, /* told one by one; more are counted */
};

struct marks_wish {
    int64_t session_id;
    struct file list;
    struct opt_bool dry_run; /* absent: true */
    struct opt_bool partial; /* absent: false */
};

struct marks_error {
    int64_t line;      /* as an editor counts */
    struct str column; /* empty: of the whole line */
    struct str code;   /* required unknown_student duplicate status time columns quote max_length */
    struct str detail; /* English */
    struct str value;  /* what stands there, cut to 100 bytes */
};

struct marks_report {
    bool dry_run, applied;
    int64_t lines, good, bad; /* without the header and empty lines */
    int64_t changes;          /* records that the good lines change, or changed */
    struct list errors;       /* struct marks_error, at most MARKS_ERRORS_MAX */
};
extern const struct schema marks_report_schema;

/*
 * Looks at a list; without dry_run applies it when all lines are good, or with `partial` the good
 * ones. ERR_NOT_FOUND: no such session of the caller; ERR_SESSION_NOT_OPEN: its register takes no
 * marks; ERR_INVALID: field errors of `list` (not UTF-8, no header, too many lines).
 */
must_check enum err marks_import(struct ctx *ctx, const struct marks_wish *in,
                                 struct marks_report *ret);
