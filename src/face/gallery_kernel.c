/* SPDX-License-Identifier: MIT */
/*
 * Plain loops that the compiler vectorises, once per instruction set; the loader picks. Sanitizers
 * instrument the picking itself, which runs too early for them: there only the plain one is built.
 */
#include "face/gallery_kernel.h"

#include "face/sanitizer.h"

#if defined(__x86_64__) && !defined(SANITIZED)
#define PER_PROCESSOR __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define PER_PROCESSOR
#endif

enum { LANES = 16 };

/* Sixteen partial sums: a fixed order, and enough of them to keep the units busy. */
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef float floats __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));

/* clang 14 gives cloned functions no plain name outside their file: they stay inside. */
PER_PROCESSOR
static void dot_i8(const int8_t *rows, size_t n, const int16_t *probe, int32_t *ret)
{
    for (size_t i = 0; i < n; i++, rows += FACE_DIM) {
        int32_t sum = 0;
        for (size_t k = 0; k < FACE_DIM; k++)
            sum += rows[k] * probe[k];
        ret[i] = sum;
    }
}

PER_PROCESSOR
static double dot_f32(const float *a, const float *b)
{
    lanes sums = {0};
    double sum = 0;

    for (size_t k = 0; k < FACE_DIM; k += LANES) {
        lanes p = __builtin_convertvector(*(const floats *)(const void *)(a + k), lanes);
        lanes q = __builtin_convertvector(*(const floats *)(const void *)(b + k), lanes);
        sums += p * q;
    }
    for (size_t i = 0; i < LANES; i++)
        sum += sums[i];
    return sum;
}

void gallery_dot_i8(const int8_t *rows, size_t n, const int16_t probe[FACE_DIM], int32_t *ret)
{
    dot_i8(rows, n, probe, ret);
}

double gallery_dot_f32(const float a[FACE_DIM], const float b[FACE_DIM])
{
    return dot_f32(a, b);
}
