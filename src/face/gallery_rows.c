/* SPDX-License-Identifier: MIT */
/* Memory and copies of a gallery's rows. */
#include "face/gallery_rows.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"

enum { HUGE_PAGE = 2 << 20 };

/* Large rows lie in large pages: the sweep walks through them in order. */
static void *vectors(size_t size)
{
    void *at = mem_try_aligned(size);

    /* A gallery that cannot be held is a server that cannot work. */
    assert(at);
    if (size >= 2 * HUGE_PAGE) {
        uintptr_t from = ((uintptr_t)at + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
        uintptr_t to = ((uintptr_t)at + size) & ~(uintptr_t)(HUGE_PAGE - 1);

        (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
    }
    return at;
}

struct chunk *chunk_create(size_t cap)
{
    struct chunk *c = MEM_NEW(struct chunk);

    c->cap = cap;
    c->full = vectors(cap * FACE_DIM * sizeof(float));
    c->copy = vectors(cap * FACE_DIM);
    c->scale = vectors(cap * sizeof(*c->scale));
    c->person = vectors(cap * sizeof(*c->person));
    return c;
}

void chunk_destroy(struct chunk *c)
{
    size_t n = c ? atomic_load_explicit(&c->n, memory_order_acquire) : 0;

    if (!c)
        return;
    secret_wipe(c->full, n * FACE_DIM * sizeof(float));
    secret_wipe(c->copy, n * FACE_DIM);
    mem_free(c->full);
    mem_free(c->copy);
    mem_free(c->scale);
    mem_free(c->person);
    mem_free(c);
}

bool chunk_has(struct chunk *c, int64_t person)
{
    size_t n = atomic_load_explicit(&c->n, memory_order_acquire);

    for (size_t i = 0; i < n; i++)
        if (c->person[i] == person)
            return true;
    return false;
}

struct chunk *chunk_without(struct chunk *c, int64_t except)
{
    struct chunk *out = chunk_create(c->cap);
    size_t n = atomic_load_explicit(&c->n, memory_order_acquire), to = 0;

    for (size_t i = 0; i < n; i++) {
        if (c->person[i] == except)
            continue;
        memcpy(out->full + to * FACE_DIM, c->full + i * FACE_DIM, FACE_DIM * sizeof(float));
        memcpy(out->copy + to * FACE_DIM, c->copy + i * FACE_DIM, FACE_DIM);
        out->scale[to] = c->scale[i];
        out->person[to++] = c->person[i];
    }
    atomic_store_explicit(&out->n, to, memory_order_release);
    return out;
}

bool chunk_write(struct chunk *c, size_t at, int64_t person, const float v[FACE_DIM])
{
    double length = sqrt(gallery_dot_f32(v, v));
    float *full = c->full + at * FACE_DIM;

    if (!isfinite(length) || length < 1e-6)
        return false;
    for (size_t i = 0; i < FACE_DIM; i++)
        full[i] = (float)((double)v[i] / length);
    gallery_copy_i8(full, c->copy + at * FACE_DIM, &c->scale[at]);
    c->person[at] = person;
    return true;
}
