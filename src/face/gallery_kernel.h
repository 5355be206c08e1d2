/* SPDX-License-Identifier: MIT */
#pragma once
/* The inner loops of the gallery, written for what the processor can do. */
#include <stddef.h>
#include <stdint.h>

#include "face/face.h"

/* What the sweep needs to know of a row beside its 8-bit copy; rounded so that the bound holds. */
struct row_scale {
    float step;   /* one unit of the copy */
    float length; /* |x|, about 1 */
    float off;    /* |d|, how far the copy is off */
};

/* Fills the 8-bit copy of v, in steps of its own largest value, and tells how good it is. */
void gallery_copy_i8(const float v[FACE_DIM], int8_t copy[FACE_DIM], struct row_scale *ret);
/*
 * Dot products of the probe with n rows, exact in 32 bits: 512 x 127 x 127 < 2^31. No value is
 * -128. Rows and probe are aligned to 64 bytes.
 */
void gallery_dot_i8(const int8_t *rows, size_t n, const int8_t probe[FACE_DIM], int32_t *ret);
/* In double precision and a fixed order: the same numbers on every processor. */
double gallery_dot_f32(const float a[FACE_DIM], const float b[FACE_DIM]);
/* "avx512vnni", "avx2" or "plain": which sweep runs here; for benches. */
const char *gallery_kernel_name(void);
