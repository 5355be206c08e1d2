/* SPDX-License-Identifier: MIT */
#pragma once
/* Which photo is whose: from the names of the files, or from a CSV list. */
#include "base/ctx.h"
#include "base/schema.h"

/* One student's photos. */
struct photo_row {
    struct str student_number;
    struct strs files;
    struct str source;     /* "photos" or "id_photo" */
    struct str wrong, why; /* not empty: a result at once, and its words */
};

enum { PHOTOS_PER_STUDENT = 10 };

/*
 * From file names: "1234.jpg", "1234_2.jpg"; .jpg .jpeg .png .webp. `known` says whether a student
 * has the number: a whole name that is a number goes before one with a "_2" cut off.
 */
must_check enum err photo_list_from_names(struct ctx *ctx, struct strs names, struct str source,
                                          enum err (*known)(struct ctx *ctx, struct str number,
                                                            bool *ret),
                                          struct list *ret);
/*
 * From CSV (RFC 4180; comma or semicolon; UTF-8) with a header line: student_number, file and, if
 * you like, source. ERR_INVALID with field errors "list" that name the line.
 */
must_check enum err photo_list_from_csv(struct ctx *ctx, struct str text, struct strs names,
                                        struct str source, struct list *ret);
