/* SPDX-License-Identifier: MIT */
#pragma once
/* The two inner loops of the gallery, compiled once per kind of processor. */
#include <stddef.h>
#include <stdint.h>

#include "face/face.h"

/*
 * Dot products of the probe with n rows, exact in 32 bits: 512 x 127 x 127 < 2^31. The probe's
 * values fit 8 bits, too; they come widened because processors multiply pairs of 16 bits.
 */
void gallery_dot_i8(const int8_t *rows, size_t n, const int16_t probe[FACE_DIM], int32_t *ret);
/* In double precision and a fixed order: the same numbers on every processor. */
double gallery_dot_f32(const float a[FACE_DIM], const float b[FACE_DIM]);
