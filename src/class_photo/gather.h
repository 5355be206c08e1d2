/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * From faces to persons: who is in several photos is one person, and each person is sure, unsure or
 * unknown. Pure arithmetic: no database, no pictures.
 */
#include "class_photo/class_photo.h"
#include "face/identify.h"

/* One face and what the roster says of it. */
struct sighting {
    int64_t face, photo; /* face: from 1 in the order of the list */
    struct face_found found;
    struct face_flaws flaws;
    struct face_match match;
    struct gallery_hit hits[CLASS_PHOTO_CANDIDATES]; /* best first */
    size_t n_hits;
    struct opt_f64 live; /* passive, 0..1; null: not asked for, or too small to say */
    struct str crop;
};

enum gathered_bucket { GATHERED_SURE, GATHERED_UNSURE, GATHERED_UNKNOWN };

enum gathered_reason {
    REASON_AMBIGUOUS = 1 << 0,      /* two students, almost equally */
    REASON_NEAR_THRESHOLD = 1 << 1, /* a little above or below what is asked */
    REASON_LOW_QUALITY = 1 << 2,    /* too small, dark or blurred to be sure */
    REASON_LOOK_ALIKE = 1 << 3,     /* one of a pair that needs a second look */
    REASON_SEEN_TWICE = 1 << 4,     /* two faces of one photo match the same student */
    REASON_NOT_ALIVE = 1 << 5,      /* may be a picture of a face */
};

struct gathered {
    const struct sighting *faces[CLASS_PHOTO_PHOTOS_MAX]; /* the best first, one of a photo */
    size_t n;
    enum gathered_bucket bucket;
    int64_t student_id; /* whom the best face matches; else 0 */
    unsigned reasons;   /* of UNSURE */
    struct gallery_hit candidates[CLASS_PHOTO_CANDIDATES];
    size_t n_candidates;
};

/* The persons in the faces, as an array in ctx's arena: the sure ones first. */
size_t gather(struct ctx *ctx, const struct sighting *faces, size_t n, struct gathered **ret);
