/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Exact search: the references of persons, int8 sweep then float re-rank. A person has 1–5
 * templates and their centroid; a match is a person, and the margin is to the next person.
 *
 * One thread builds a gallery (add, seal). A sealed one may be searched by any number of threads
 * while others put and remove persons: searches never wait, and see a person wholly or not at all.
 */
#include "face/face.h"

struct gallery;

struct gallery_hit {
    int64_t person;
    double similarity; /* cosine with the person's best reference (templates and centroid) */
};

/* n: expected number of vectors, to allocate once. */
struct gallery *gallery_create(size_t n);
void gallery_destroy(struct gallery *g); /* wipes the vectors; takes NULL */
/* Adds one reference. Add a person's references one after the other; the centroid follows. */
void gallery_add(struct gallery *g, int64_t person, const float vector[FACE_DIM]);
/* Ends the building. */
void gallery_seal(struct gallery *g);

/* Puts a person with these n templates into a sealed gallery, in place of those it had. Takes as
 * long as copying the chunks that hold the person; writers wait for each other. */
void gallery_put(struct gallery *g, int64_t person, const float *vectors, size_t n);
/* Removes and wipes a person's references; returns once no search can still see them. */
void gallery_remove(struct gallery *g, int64_t person);

size_t gallery_persons(const struct gallery *g);
size_t gallery_vectors(const struct gallery *g);

/* The best `cap` persons by similarity, exact, best first; returns how many. */
size_t gallery_search(const struct gallery *g, const float probe[FACE_DIM], struct gallery_hit *ret,
                      size_t cap);

double face_cosine(const float a[FACE_DIM], const float b[FACE_DIM]);
