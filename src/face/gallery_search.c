/* SPDX-License-Identifier: MIT */
/*
 * Exact search. Every row has a copy in 8-bit steps of its own size; the sweep over these copies
 * gives each row's similarity up to a bound that is known, and only rows that may still be among
 * the best are computed in full. The answer is that of computing every row in full.
 *
 * The bound: let the probe p = p' + e and the row x = x' + d, where p' and x' are the 8-bit copies.
 * Then p.x = p'.x' + p'.d + e.x, so |p.x - p'.x'| <= |p'| |d| + |e| |x|.
 */
#include <math.h>

#include "base/mem.h"

#include "face/gallery_parts.h"

enum { BLOCK = 64 };

/* Rounding of the double arithmetic around the bound is far below this. */
static const double SLACK = 1e-9;

/* The probe of one search, prepared. */
struct probe {
    _Alignas(64) int8_t copy[FACE_DIM];
    const float *full;
    struct row_scale scale;
    double copy_length; /* |p'| */
};

/* The best persons so far, best first. */
struct best {
    struct gallery_hit *at;
    size_t n, cap;
};

/* Equal similarities: the smaller id first, so that the answer never depends on row order. */
static bool is_better(const struct gallery_hit *a, const struct gallery_hit *b)
{
    if (a->similarity > b->similarity)
        return true;
    return !(a->similarity < b->similarity) && a->person < b->person;
}

static void offer(struct best *best, struct gallery_hit hit)
{
    size_t i = 0;

    while (i < best->n && best->at[i].person != hit.person)
        i++;
    if (i < best->n) {
        if (!is_better(&hit, &best->at[i]))
            return;
    } else if (best->n < best->cap) {
        best->n++;
    } else if (is_better(&hit, &best->at[best->n - 1])) {
        i = best->n - 1;
    } else {
        return;
    }
    for (; i > 0 && is_better(&hit, &best->at[i - 1]); i--)
        best->at[i] = best->at[i - 1];
    best->at[i] = hit;
}

/* Computes in full those rows of a block that may be among the best. */
static void rank_block(const struct chunk *c, const struct probe *p, size_t from, size_t n,
                       struct best *best)
{
    int32_t dots[BLOCK];

    gallery_dot_i8(c->copy + from * FACE_DIM, n, p->copy, dots);
    for (size_t i = 0; i < n; i++) {
        const struct row_scale *s = &c->scale[from + i];
        double about = dots[i] * (double)p->scale.step * (double)s->step;
        double most = about + p->copy_length * (double)s->off +
                      (double)p->scale.off * (double)s->length + SLACK;
        if (best->n == best->cap && most < best->at[best->n - 1].similarity)
            continue;
        offer(best, (struct gallery_hit){
                        .person = c->person[from + i],
                        .similarity = gallery_dot_f32(p->full, c->full + (from + i) * FACE_DIM),
                    });
    }
}

static void prepare(const float probe[FACE_DIM], struct probe *ret)
{
    int32_t square = 0;

    ret->full = probe;
    gallery_copy_i8(probe, ret->copy, &ret->scale);
    for (size_t i = 0; i < FACE_DIM; i++)
        square += ret->copy[i] * ret->copy[i];
    ret->copy_length = sqrt(square) * (double)ret->scale.step;
}

size_t gallery_search(const struct gallery *g, const float probe[FACE_DIM], struct gallery_hit *ret,
                      size_t cap)
{
    struct best best = {.at = ret, .cap = cap};
    struct probe p;
    size_t half;

    if (!cap || !isfinite(gallery_dot_f32(probe, probe)))
        return 0;
    prepare(probe, &p);
    const struct directory *d = gallery_enter(g, &half);
    for (size_t k = 0; k < d->n; k++) {
        struct chunk *c = d->at[k];
        size_t n = atomic_load_explicit(&c->n, memory_order_acquire);

        for (size_t from = 0; from < n; from += BLOCK)
            rank_block(c, &p, from, n - from < BLOCK ? n - from : BLOCK, &best);
    }
    gallery_leave(g, half);
    secret_wipe(p.copy, sizeof(p.copy));
    return best.n;
}

double face_cosine(const float a[FACE_DIM], const float b[FACE_DIM])
{
    return gallery_dot_f32(a, b);
}
