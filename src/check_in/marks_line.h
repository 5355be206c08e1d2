/* SPDX-License-Identifier: MIT */
#pragma once
/* Lines of a list of marks: which column is which, what a status and a time mean. */
#include "base/csv.h"

#include "check_in/marks_import.h"
#include "presence/presence.h"

enum marks_column { MARKS_NUMBER, MARKS_STATUS, MARKS_AT, MARKS_NOTE, MARKS_COLUMNS };

enum { MARKS_NOTE_MAX = 500 };

struct marks_line {
    int64_t line;
    struct str number;
    enum presence_status status; /* PRESENCE_UNMARKED: by the rules, from the time */
    struct str code;             /* empty: the default of the status */
    int64_t at;                  /* 0: none */
    struct opt_str note;
};

/* What the words of a list mean. */
struct marks_reader {
    struct ctx *ctx;
    struct csv csv;
    size_t column[MARKS_COLUMNS]; /* CSV_COLUMNS_MAX: there is none */
    struct list codes;            /* struct status_code */
    struct str zone;
    int64_t starts_at; /* of the session: its day is that of times without a date */
    struct marks_report *report;
};

/* Reads the header. ERR_INVALID with a field error "list". Names in English and French; case,
 * accents, spaces and underscores aside. */
must_check enum err marks_header(struct marks_reader *r);
/* The next line that is not empty; false at the end. *ret_good false: its errors are in the
 * report. */
bool marks_next(struct marks_reader *r, struct marks_line *ret, bool *ret_good);
/* Adds an error of the line to the report. */
void marks_blame(struct marks_reader *r, int64_t line, struct marks_error error);
