/* SPDX-License-Identifier: MIT */
#pragma once
/* What a proposal keeps until it is confirmed: numbers as JSON, no names, no pictures. */
#include "class_photo/class_photo.h"

struct kept_face {
    int64_t face, photo;
    double x, y, width, height, quality;
    struct strs flaws;
};

struct kept_candidate {
    int64_t student_id;
    double similarity, margin;
};

struct kept_person {
    struct str bucket;   /* sure unsure unknown */
    struct str decision; /* of DECISION_LIST */
    int64_t student_id;  /* of a match; else 0 */
    double similarity, margin, threshold, min_margin;
    bool strict, has_next;
    struct opt_f64 liveness; /* of the best face */
    struct strs reasons;
    struct list candidates; /* struct kept_candidate */
    struct list faces;      /* struct kept_face, the best first */
};

struct kept {
    struct str outcome; /* empty, no_face or no_consent */
    struct str model;
    double ms;
    struct list photos;  /* struct class_photo_picture */
    struct list persons; /* struct kept_person */
};

extern const struct schema class_photo_picture_schema;

struct str kept_write(struct ctx *ctx, const struct kept *k);
/* ERR_INTERNAL: not what was written. */
must_check enum err kept_read(struct ctx *ctx, struct str text, struct kept *ret);

/* The result, too, is kept as JSON. */
struct str kept_result_write(struct ctx *ctx, const struct class_photo_result *r);
must_check enum err kept_result_read(struct ctx *ctx, struct str text,
                                     struct class_photo_result *ret);
