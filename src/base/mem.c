/* SPDX-License-Identifier: MIT */
/* Heap memory for long-lived objects. A server out of small memory is dead anyway: it says so. */
#include "base/mem.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *at)
{
    if (!at) {
        (void)fputs("smartpresence: out of memory\n", stderr);
        abort();
    }
    return at;
}

void *mem_alloc(size_t size)
{
    return or_die(calloc(1, size ? size : 1));
}

void *mem_array(size_t n, size_t size)
{
    return or_die(calloc(n ? n : 1, size ? size : 1));
}

void *mem_resize(void *at, size_t n, size_t size)
{
    return or_die(reallocarray(at, n ? n : 1, size ? size : 1));
}

void *mem_try_aligned(size_t size)
{
    size_t whole;
    void *at;

    if (__builtin_add_overflow(size, (size_t)63, &whole))
        return NULL;
    whole &= ~(size_t)63;
    at = aligned_alloc(64, whole ? whole : 64);
    if (at)
        memset(at, 0, whole ? whole : 64);
    return at;
}

void mem_free(void *at)
{
    free(at);
}

void mem_free_ptr(void *at)
{
    void *what;

    memcpy(&what, at, sizeof(what));
    free(what);
}

char *mem_strdup(const char *s)
{
    return or_die(strdup(s));
}

void secret_wipe(void *at, size_t size)
{
    if (at)
        sodium_memzero(at, size);
}
