/* SPDX-License-Identifier: MIT */
/*
 * Exact search. Every row has a copy in 8-bit steps of its own size; the sweep over these copies
 * gives each row's similarity up to a bound that is known, and only rows that may still be among
 * the best are computed in full. The answer is that of computing every row in full.
 *
 * The bound: let the probe p = p' + e and the row x = x' + d, where p' and x' are the 8-bit copies.
 * Then p.x = p'.x' + p'.d + e.x, so |p.x - p'.x'| <= |p'| |d| + |e| |x|.
 */
#include "face/gallery.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"

#include "face/gallery_kernel.h"

enum { BLOCK = 64, STEPS = 127, FIRST_ROOM = 64 };

/* Rounding of the double arithmetic around the bound is far below this. */
static const double SLACK = 1e-9;

/* What the sweep needs to know of a row beside its 8-bit copy. */
struct row {
    double step;   /* one unit of the copy */
    double length; /* |x|, about 1 */
    double off;    /* |d|, how far the copy is off */
    int64_t person;
};

struct gallery {
    float *full;  /* n x FACE_DIM */
    int8_t *copy; /* n x FACE_DIM */
    struct row *rows;
    size_t n, room, persons;
    bool sealed;
};

/* The probe of one search, prepared. */
struct probe {
    const float *full;
    int16_t copy[FACE_DIM];
    struct row row;
    double copy_length; /* |p'| */
};

static double length_of(const float v[FACE_DIM])
{
    return sqrt(gallery_dot_f32(v, v));
}

/* Fills the 8-bit copy and how good it is. */
static void make_copy(const float v[FACE_DIM], int8_t copy[FACE_DIM], struct row *row)
{
    float most = 0;
    double off = 0;

    for (size_t i = 0; i < FACE_DIM; i++)
        most = fmaxf(most, fabsf(v[i]));
    row->step = most > 0 ? (double)most / STEPS : 1;
    for (size_t i = 0; i < FACE_DIM; i++) {
        copy[i] = (int8_t)lrint((double)v[i] / row->step);
        double d = (double)v[i] - row->step * copy[i];
        off += d * d;
    }
    row->off = sqrt(off);
    row->length = length_of(v);
}

static void *grown(void *old, size_t used, size_t room)
{
    void *at = mem_try_aligned(room);

    /* A gallery that cannot be held is a server that cannot work. */
    assert(at);
    if (used)
        memcpy(at, old, used);
    secret_wipe(old, used);
    mem_free(old);
    return at;
}

static void make_room(struct gallery *g, size_t room)
{
    g->full = grown(g->full, g->n * FACE_DIM * sizeof(float), room * FACE_DIM * sizeof(float));
    g->copy = grown(g->copy, g->n * FACE_DIM, room * FACE_DIM);
    g->rows = grown(g->rows, g->n * sizeof(struct row), room * sizeof(struct row));
    g->room = room;
}

struct gallery *gallery_create(size_t n)
{
    struct gallery *g = MEM_NEW(struct gallery);

    /* Half as many again for the centroids of persons with two templates; exact for more. */
    make_room(g, n ? n + n / 2 : FIRST_ROOM);
    return g;
}

void gallery_destroy(struct gallery *g)
{
    if (!g)
        return;
    secret_wipe(g->full, g->n * FACE_DIM * sizeof(float));
    secret_wipe(g->copy, g->n * FACE_DIM);
    mem_free(g->full);
    mem_free(g->copy);
    mem_free(g->rows);
    mem_free(g);
}

/* Appends v, brought to unit length. A vector without a direction is left out. */
static bool append(struct gallery *g, int64_t person, const float v[FACE_DIM])
{
    double length = length_of(v);

    if (!isfinite(length) || length < 1e-6)
        return false;
    if (g->n == g->room)
        make_room(g, 2 * g->room);
    float *full = g->full + g->n * FACE_DIM;
    for (size_t i = 0; i < FACE_DIM; i++)
        full[i] = (float)((double)v[i] / length);
    struct row *row = &g->rows[g->n];
    make_copy(full, g->copy + g->n * FACE_DIM, row);
    row->person = person;
    g->n++;
    return true;
}

void gallery_add(struct gallery *g, int64_t person, const float vector[FACE_DIM])
{
    bool is_new = !g->n || g->rows[g->n - 1].person != person;

    assert(!g->sealed);
    if (append(g, person, vector))
        g->persons += is_new;
}

/* Adds the centroid of the rows from..to-1, which are one person's. */
static void add_centroid(struct gallery *g, size_t from, size_t to)
{
    float mean[FACE_DIM] = {0};

    if (to - from < 2)
        return;
    for (size_t r = from; r < to; r++)
        for (size_t i = 0; i < FACE_DIM; i++)
            mean[i] += g->full[r * FACE_DIM + i] / (float)(to - from);
    (void)append(g, g->rows[from].person, mean);
    secret_wipe(mean, sizeof(mean));
}

void gallery_seal(struct gallery *g)
{
    size_t templates = g->n, from = 0;

    for (size_t i = 1; i <= templates; i++) {
        if (i < templates && g->rows[i].person == g->rows[from].person)
            continue;
        add_centroid(g, from, i);
        from = i;
    }
    g->sealed = true;
}

size_t gallery_persons(const struct gallery *g)
{
    return g->persons;
}

size_t gallery_vectors(const struct gallery *g)
{
    return g->n;
}

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
static void rank_block(const struct gallery *g, const struct probe *p, size_t from, size_t n,
                       struct best *best)
{
    int32_t dots[BLOCK];

    gallery_dot_i8(g->copy + from * FACE_DIM, n, p->copy, dots);
    for (size_t i = 0; i < n; i++) {
        const struct row *row = &g->rows[from + i];
        double about = dots[i] * p->row.step * row->step;
        double most = about + p->copy_length * row->off + p->row.off * row->length + SLACK;
        if (best->n == best->cap && most < best->at[best->n - 1].similarity)
            continue;
        offer(best, (struct gallery_hit){
                        .person = row->person,
                        .similarity = gallery_dot_f32(p->full, g->full + (from + i) * FACE_DIM),
                    });
    }
}

size_t gallery_search(const struct gallery *g, const float probe[FACE_DIM], struct gallery_hit *ret,
                      size_t cap)
{
    struct probe p = {.full = probe};
    struct best best = {.at = ret, .cap = cap};

    assert(g->sealed);
    if (!cap || !isfinite(length_of(probe)))
        return 0;
    int8_t copy[FACE_DIM];
    int32_t square = 0;
    make_copy(probe, copy, &p.row);
    for (size_t i = 0; i < FACE_DIM; i++) {
        p.copy[i] = (int16_t)copy[i];
        square += copy[i] * copy[i];
    }
    p.copy_length = sqrt(square) * p.row.step;

    for (size_t from = 0; from < g->n; from += BLOCK)
        rank_block(g, &p, from, g->n - from < BLOCK ? g->n - from : BLOCK, &best);
    secret_wipe(p.copy, sizeof(p.copy));
    secret_wipe(copy, sizeof(copy));
    return best.n;
}

double face_cosine(const float a[FACE_DIM], const float b[FACE_DIM])
{
    return gallery_dot_f32(a, b);
}
