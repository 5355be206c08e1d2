/* SPDX-License-Identifier: MIT */
/*
 * The sweep is as fast as memory gives rows away, so each kind of processor gets the widest loads
 * and the fewest instructions it has. All give the same numbers.
 */
#include "face/gallery_kernel.h"

#include <math.h>

#include "face/sanitizer.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Sanitizers instrument the loader's picking, which runs too early for them. */
#if defined(__x86_64__) && !defined(SANITIZED)
#define PER_PROCESSOR __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define PER_PROCESSOR
#endif

enum { LANES = 16, AHEAD = 4096, STEPS = 127 };

/* More than what is lost by keeping a double as a float. */
static const double ROUND_UP = 1 + 1e-6;

typedef void sweep_fn(const int8_t *rows, size_t n, const int8_t *probe, int32_t *ret);

struct sweep {
    const char *name;
    sweep_fn *run;
};

/* Sixteen partial sums: a fixed order, and enough of them to keep the units busy. */
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef float floats __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));

static void sweep_plain(const int8_t *rows, size_t n, const int8_t *probe, int32_t *ret)
{
    for (size_t i = 0; i < n; i++, rows += FACE_DIM) {
        int32_t sum = 0;
        for (size_t k = 0; k < FACE_DIM; k++)
            sum += rows[k] * probe[k];
        ret[i] = sum;
    }
}

#if defined(__x86_64__)
/* |probe| x (row with the probe's signs): no pair of products leaves 16 bits. */
__attribute__((target("avx2"))) static void sweep_avx2(const int8_t *rows, size_t n,
                                                       const int8_t *probe, int32_t *ret)
{
    const __m256i ones = _mm256_set1_epi16(1);
    const __m256i *p = (const void *)probe;

    for (size_t i = 0; i < n; i++, rows += FACE_DIM) {
        const __m256i *row = (const void *)rows;
        __m256i sum = _mm256_setzero_si256();

        for (size_t k = 0; k < FACE_DIM / sizeof(*row); k++) {
            _mm_prefetch((const char *)(row + k) + AHEAD, _MM_HINT_T0);
            __m256i pairs =
                _mm256_maddubs_epi16(_mm256_abs_epi8(p[k]), _mm256_sign_epi8(row[k], p[k]));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
        }
        __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
        ret[i] = _mm_cvtsi128_si32(half);
    }
}

/* (row + 128) x probe, less 128 x the probe's sum: the instruction wants one side unsigned. */
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void sweep_vnni(const int8_t *rows,
                                                                              size_t n,
                                                                              const int8_t *probe,
                                                                              int32_t *ret)
{
    const __m512i flip = _mm512_set1_epi8((char)0x80);
    const __m512i *p = (const void *)probe;
    int32_t shift = 0;

    for (size_t k = 0; k < FACE_DIM; k++)
        shift += 128 * probe[k];
    for (size_t i = 0; i < n; i++, rows += FACE_DIM) {
        const __m512i *row = (const void *)rows;
        __m512i even = _mm512_setzero_si512(), odd = even;

        for (size_t k = 0; k < FACE_DIM / sizeof(*row); k += 2) {
            _mm_prefetch((const char *)(row + k) + AHEAD, _MM_HINT_T0);
            _mm_prefetch((const char *)(row + k + 1) + AHEAD, _MM_HINT_T0);
            even = _mm512_dpbusd_epi32(even, _mm512_xor_si512(row[k], flip), p[k]);
            odd = _mm512_dpbusd_epi32(odd, _mm512_xor_si512(row[k + 1], flip), p[k + 1]);
        }
        ret[i] = _mm512_reduce_add_epi32(_mm512_add_epi32(even, odd)) - shift;
    }
}
#endif

static const struct sweep *sweep_of_processor(void)
{
    static const struct sweep plain = {"plain", sweep_plain};
#if defined(__x86_64__)
    static const struct sweep avx2 = {"avx2", sweep_avx2};
    static const struct sweep vnni = {"avx512vnni", sweep_vnni};

    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw"))
        return &vnni;
    if (__builtin_cpu_supports("avx2"))
        return &avx2;
#endif
    return &plain;
}

/* clang 14 gives cloned functions no plain name outside their file: they stay inside. */
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

/* The least step that keeps every value within STEPS of them. */
PER_PROCESSOR
static float step_of(const float *v)
{
    float most = 0;

    for (size_t i = 0; i < FACE_DIM; i++)
        most = fabsf(v[i]) > most ? fabsf(v[i]) : most;
    return most > 0 ? (float)((double)most * ROUND_UP / STEPS) : 1;
}

PER_PROCESSOR
static double copy_i8(const float *v, float step, int8_t *copy)
{
    lanes off = {0};
    float inverse = 1 / step;
    double sum = 0;

    for (size_t k = 0; k < FACE_DIM; k += LANES)
        for (size_t i = 0; i < LANES; i++) {
            float steps = rintf(v[k + i] * inverse);
            double d = (double)v[k + i] - (double)step * (double)steps;

            copy[k + i] = (int8_t)steps;
            off[i] += d * d;
        }
    for (size_t i = 0; i < LANES; i++)
        sum += off[i];
    return sum;
}

void gallery_copy_i8(const float v[FACE_DIM], int8_t copy[FACE_DIM], struct row_scale *ret)
{
    ret->step = step_of(v);
    ret->off = (float)(sqrt(copy_i8(v, ret->step, copy)) * ROUND_UP);
    ret->length = (float)(sqrt(dot_f32(v, v)) * ROUND_UP);
}

void gallery_dot_i8(const int8_t *rows, size_t n, const int8_t probe[FACE_DIM], int32_t *ret)
{
    sweep_of_processor()->run(rows, n, probe, ret);
}

double gallery_dot_f32(const float a[FACE_DIM], const float b[FACE_DIM])
{
    return dot_f32(a, b);
}

const char *gallery_kernel_name(void)
{
    return sweep_of_processor()->name;
}
