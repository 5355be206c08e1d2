/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The rows of a gallery, in chunks that never move and are never changed where somebody may read:
 * rows are only appended behind the count, and published by raising it. Private to the gallery.
 */
#include <stdatomic.h>

#include "face/gallery_kernel.h"

struct chunk {
    size_t cap;
    atomic_size_t n;         /* rows that may be read */
    float *full;             /* cap x FACE_DIM */
    int8_t *copy;            /* cap x FACE_DIM, each row aligned to 64 bytes */
    struct row_scale *scale; /* cap */
    int64_t *person;         /* cap */
};

struct chunk *chunk_create(size_t cap);
/* Wipes the vectors; takes NULL. */
void chunk_destroy(struct chunk *c);
/* The rows of c that are not `except`'s, in a new chunk of the same capacity. */
struct chunk *chunk_without(struct chunk *c, int64_t except);
bool chunk_has(struct chunk *c, int64_t person);
/*
 * Writes row `at`, brought to unit length, without publishing it. False, and nothing is written,
 * for a vector without a direction.
 */
bool chunk_write(struct chunk *c, size_t at, int64_t person, const float v[FACE_DIM]);
