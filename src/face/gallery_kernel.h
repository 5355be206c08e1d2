/* SPDX-License-Identifier: MIT */
#pragma once
/* The two inner loops of the gallery, written for what the processor can do. */
#include <stddef.h>
#include <stdint.h>

#include "face/face.h"

/*
 * Dot products of the probe with n rows, exact in 32 bits: 512 x 127 x 127 < 2^31. No value is
 * -128. Rows and probe are aligned to 64 bytes.
 */
void gallery_dot_i8(const int8_t *rows, size_t n, const int8_t probe[FACE_DIM], int32_t *ret);
/* In double precision and a fixed order: the same numbers on every processor. */
double gallery_dot_f32(const float a[FACE_DIM], const float b[FACE_DIM]);
/* "avx512vnni", "avx2" or "plain": which sweep runs here; for benches. */
const char *gallery_kernel_name(void);
