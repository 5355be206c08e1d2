/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * CSV (RFC 4180) as spreadsheets write it: UTF-8 with or without a byte order mark, lines ended by
 * CRLF or LF, values separated by comma or semicolon (whichever the first line has), quotes doubled
 * inside quotes. Values keep line breaks that are in quotes and lose white space around them.
 */
#include "base/ctx.h"

enum { CSV_COLUMNS_MAX = 16 };

struct buf;

struct csv {
    struct str rest;
    char *out; /* room for all values that are still to come */
    char separator;
    int64_t line; /* number of the line in which the record began, from 1 */
    int64_t next; /* in which the next one begins */
};

enum csv_result {
    CSV_RECORD,
    CSV_END,
    CSV_COLUMNS, /* more than CSV_COLUMNS_MAX; the rest of the line was passed over */
    CSV_QUOTE,   /* a quote is not closed, or something follows a closing one: reading ends */
};

/* `text` must stay. False: it is not UTF-8 (or has a NUL). */
bool csv_open(struct ctx *ctx, struct str text, struct csv *ret);
/* The next record's values and how many; an empty line is a record with one empty value. */
enum csv_result csv_read(struct csv *r, struct str values[CSV_COLUMNS_MAX], size_t *n);

/*
 * Writes one value, quoted where it must be. What a spreadsheet would take for a formula (it begins
 * with = + - @, a tab or a carriage return) gets an apostrophe before it: the value stays text
 * (OWASP, "CSV Injection").
 */
void csv_write(struct buf *b, struct str value);
/* `value` without the apostrophe that csv_write put there. */
struct str csv_plain(struct str value);
