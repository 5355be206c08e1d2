/* SPDX-License-Identifier: MIT */
/*
 * A gallery is a directory of chunks. Readers take the directory as it is and walk through it; a
 * writer never changes what a reader may see but publishes a new directory, waits until the readers
 * of the old one are gone, and wipes what only that one held.
 */
#include "face/gallery.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

#include "face/gallery_kernel.h"
#include "face/gallery_parts.h"

/* 4096 rows: 2 MB of 8-bit copies, copied in about 2 ms. */
enum { CHUNK_ROWS = 4096, FIRST_ROWS = 64, WAIT_NS = 50 * 1000 };

/* What searches touch while others write. */
struct shared {
    _Atomic(struct directory *) directory;
    atomic_size_t persons;
    /* Readers are counted in two halves, so that a writer can wait for those before it. */
    atomic_size_t half;
    atomic_size_t readers[2];
};

struct gallery {
    struct shared *shared;
    pthread_mutex_t writer;
    int64_t building; /* person whose rows are being added; only before sealing */
    size_t templates; /* of that person */
    double mean[FACE_DIM];
    bool sealed;
};

const struct directory *gallery_enter(const struct gallery *g, size_t *half)
{
    struct shared *s = g->shared;

    for (;;) {
        *half = atomic_load(&s->half);
        atomic_fetch_add(&s->readers[*half], 1);
        if (atomic_load(&s->half) == *half)
            return atomic_load(&s->directory);
        atomic_fetch_sub(&s->readers[*half], 1);
    }
}

void gallery_leave(const struct gallery *g, size_t half)
{
    atomic_fetch_sub(&g->shared->readers[half], 1);
}

/* Returns once nobody reads what was published before. */
static void wait_for_readers(struct shared *s)
{
    const struct timespec pause = {.tv_nsec = WAIT_NS};
    size_t old = atomic_load(&s->half);

    atomic_store(&s->half, 1 - old);
    while (atomic_load(&s->readers[old]))
        nanosleep(&pause, NULL);
}

static struct directory *directory_create(size_t n)
{
    struct directory *d = mem_alloc(sizeof(*d) + n * sizeof(struct chunk *));

    d->n = n;
    return d;
}

static struct directory *current(const struct gallery *g)
{
    return atomic_load(&g->shared->directory);
}

/* The same chunks and one more. */
static struct directory *with_chunk(const struct directory *d, struct chunk *more)
{
    struct directory *out = directory_create(d->n + 1);

    memcpy(out->at, d->at, d->n * sizeof(*d->at));
    out->at[d->n] = more;
    return out;
}

/* Publishes `next` in place of the directory and destroys the chunks that it no longer has. */
static void replace(struct gallery *g, struct directory *next)
{
    struct directory *old = atomic_exchange(&g->shared->directory, next);

    wait_for_readers(g->shared);
    for (size_t i = 0; i < old->n; i++)
        if (old->at[i] != next->at[i])
            chunk_destroy(old->at[i]);
    mem_free(old);
}

struct gallery *gallery_create(size_t n)
{
    struct gallery *g = MEM_NEW(struct gallery);
    /* Half as many again for the centroids of persons with two templates; exact for more. */
    size_t rows = n ? n + n / 2 : FIRST_ROWS;
    struct directory *d = directory_create(1);

    d->at[0] = chunk_create(rows < CHUNK_ROWS ? rows : CHUNK_ROWS);
    g->shared = MEM_NEW(struct shared);
    pthread_mutex_init(&g->writer, NULL);
    atomic_store(&g->shared->directory, d);
    return g;
}

void gallery_destroy(struct gallery *g)
{
    struct directory *d = g ? current(g) : NULL;

    if (!g)
        return;
    for (size_t i = 0; i < d->n; i++)
        chunk_destroy(d->at[i]);
    mem_free(d);
    mem_free(g->shared);
    pthread_mutex_destroy(&g->writer);
    secret_wipe(g->mean, sizeof(g->mean));
    mem_free(g);
}

/* The last chunk, with room for one row. */
static struct chunk *room(struct gallery *g)
{
    struct directory *d = current(g);
    struct chunk *last = d->at[d->n - 1];

    if (atomic_load(&last->n) < last->cap)
        return last;
    last = chunk_create(CHUNK_ROWS);
    replace(g, with_chunk(d, last));
    return last;
}

/* Appends and publishes one row. A vector without a direction is left out. */
static bool append(struct gallery *g, int64_t person, const float v[FACE_DIM])
{
    struct chunk *c = room(g);
    size_t n = atomic_load(&c->n);

    if (!chunk_write(c, n, person, v))
        return false;
    atomic_store_explicit(&c->n, n + 1, memory_order_release);
    return true;
}

/* The mean of a person's rows, once there are two of them. */
static void end_person(struct gallery *g)
{
    float mean[FACE_DIM];

    if (g->templates > 1) {
        for (size_t i = 0; i < FACE_DIM; i++)
            mean[i] = (float)(g->mean[i] / (double)g->templates);
        (void)append(g, g->building, mean);
        secret_wipe(mean, sizeof(mean));
    }
    g->templates = 0;
    secret_wipe(g->mean, sizeof(g->mean));
}

void gallery_add(struct gallery *g, int64_t person, const float vector[FACE_DIM])
{
    const struct chunk *c;

    assert(!g->sealed);
    if (g->building != person)
        end_person(g);
    if (!append(g, person, vector))
        return;
    g->building = person;
    if (g->templates++ == 0)
        atomic_fetch_add(&g->shared->persons, 1);
    /* The row as it is kept: of unit length. */
    c = current(g)->at[current(g)->n - 1];
    const float *row = c->full + (atomic_load(&c->n) - 1) * FACE_DIM;
    for (size_t i = 0; i < FACE_DIM; i++)
        g->mean[i] += (double)row[i];
}

void gallery_seal(struct gallery *g)
{
    end_person(g);
    g->sealed = true;
}

/* A directory without the person's rows; chunks that held some are made anew. */
static struct directory *without(const struct directory *d, int64_t person, bool *ret_had)
{
    struct directory *out = directory_create(d->n);

    *ret_had = false;
    for (size_t i = 0; i < d->n; i++) {
        bool had = chunk_has(d->at[i], person);

        out->at[i] = had ? chunk_without(d->at[i], person) : d->at[i];
        *ret_had = *ret_had || had;
    }
    return out;
}

void gallery_remove(struct gallery *g, int64_t person)
{
    struct directory *next;
    bool had;

    assert(g->sealed);
    pthread_mutex_lock(&g->writer);
    next = without(current(g), person, &had);
    if (had) {
        atomic_fetch_sub(&g->shared->persons, 1);
        replace(g, next);
    } else {
        mem_free(next);
    }
    pthread_mutex_unlock(&g->writer);
}

/* Templates and centroid into an unpublished or last chunk, published at once. */
static bool write_person(struct chunk *c, int64_t person, const float *vectors, size_t n)
{
    size_t from = atomic_load(&c->n), to = from;
    float mean[FACE_DIM] = {0};

    for (size_t t = 0; t < n; t++)
        to += chunk_write(c, to, person, vectors + t * FACE_DIM);
    for (size_t r = from; r < to; r++)
        for (size_t i = 0; i < FACE_DIM; i++)
            mean[i] += c->full[r * FACE_DIM + i] / (float)(to - from);
    if (to - from > 1)
        to += chunk_write(c, to, person, mean);
    secret_wipe(mean, sizeof(mean));
    atomic_store_explicit(&c->n, to, memory_order_release);
    return to > from;
}

void gallery_put(struct gallery *g, int64_t person, const float *vectors, size_t n)
{
    struct directory *next, *longer;
    struct chunk *last;
    bool had, wrote;

    assert(g->sealed);
    assert(n < CHUNK_ROWS);
    pthread_mutex_lock(&g->writer);
    next = without(current(g), person, &had);
    last = next->at[next->n - 1];
    if (last->cap - atomic_load(&last->n) <= n) {
        last = chunk_create(CHUNK_ROWS);
        longer = with_chunk(next, last);
        mem_free(next);
        next = longer;
    } else if (had && last == current(g)->at[next->n - 1]) {
        /* What is put behind others in a chunk that is read already shows at once; a person who
         * is replaced must show when the old rows go. */
        last = next->at[next->n - 1] = chunk_without(last, person);
    }
    wrote = write_person(last, person, vectors, n);
    atomic_fetch_add(&g->shared->persons, (size_t)wrote - (size_t)had);
    replace(g, next);
    pthread_mutex_unlock(&g->writer);
}

size_t gallery_persons(const struct gallery *g)
{
    return atomic_load(&g->shared->persons);
}

size_t gallery_vectors(const struct gallery *g)
{
    size_t half, n = 0;
    const struct directory *d = gallery_enter(g, &half);

    for (size_t i = 0; i < d->n; i++)
        n += atomic_load(&d->at[i]->n);
    gallery_leave(g, half);
    return n;
}
