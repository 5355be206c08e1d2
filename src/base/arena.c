/* SPDX-License-Identifier: MIT */
/* A chain of blocks; only the newest is filled. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#ifdef __SANITIZE_ADDRESS__
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at_, n_)   ((void)(at_), (void)(n_))
#define ASAN_UNPOISON_MEMORY_REGION(at_, n_) ((void)(at_), (void)(n_))
#endif

struct arena_block {
    struct arena_block *next;
    size_t used, cap;
    alignas(max_align_t) char data[];
};

enum { BLOCK_SIZE = 64 << 10 };

static struct arena_block *block_new(struct arena *a, size_t need)
{
    size_t cap = need > BLOCK_SIZE ? need : BLOCK_SIZE;
    struct arena_block *b = mem_alloc(sizeof(*b) + cap);

    b->cap = cap;
    b->next = a->head;
    a->head = b;
    ASAN_POISON_MEMORY_REGION(b->data, cap);
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct arena_block *b = a->head;
    size_t need;
    void *p;

    if (__builtin_add_overflow(size, alignof(max_align_t) - 1, &need))
        abort();
    need &= ~(alignof(max_align_t) - 1);
    if (need == 0)
        need = alignof(max_align_t);
    if (!b || b->cap - b->used < need)
        b = block_new(a, need);
    p = b->data + b->used;
    b->used += need;
    ASAN_UNPOISON_MEMORY_REGION(p, size ? size : 1);
    return memset(p, 0, size ? size : 1);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t whole;

    if (__builtin_mul_overflow(n, size, &whole))
        abort();
    return arena_alloc(a, whole);
}

struct str arena_str(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);

    if (s.len)
        memcpy(copy, s.at, s.len);
    return (struct str){copy, s.len};
}

const char *arena_cstr(struct arena *a, struct str s)
{
    return arena_str(a, s).at;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *at;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return (struct str){"", 0};
    at = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    (void)vsnprintf(at, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){at, (size_t)n};
}

static void blocks_free(struct arena_block *b)
{
    while (b) {
        struct arena_block *next = b->next;

        /* It may have held an embedding or a password. */
        ASAN_UNPOISON_MEMORY_REGION(b->data, b->cap);
        secret_wipe(b->data, b->used);
        mem_free(b);
        b = next;
    }
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->head;

    while (keep && keep->cap != BLOCK_SIZE)
        keep = keep->next;
    for (struct arena_block *b = a->head; b;) {
        struct arena_block *next = b->next;

        b->next = NULL;
        if (b != keep)
            blocks_free(b);
        b = next;
    }
    a->head = keep;
    if (keep) {
        /* What one request held is not for the next one to find. */
        ASAN_UNPOISON_MEMORY_REGION(keep->data, keep->used);
        secret_wipe(keep->data, keep->used);
        keep->used = 0;
        ASAN_POISON_MEMORY_REGION(keep->data, keep->cap);
    }
}

void arena_finish(struct arena *a)
{
    blocks_free(a->head);
    a->head = NULL;
}
