/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory that lives as long as one request or job and is given back at once.
 * Not for sizes that a user chooses without a limit: those go through struct buf.
 */
#include "base/macros.h"
#include "base/str.h"

struct arena_block;

struct arena {
    struct arena_block *head;
};

/* Zeroed, aligned for any type. Dies when the machine is out of memory: a caller never checks. */
void *arena_alloc(struct arena *a, size_t size);
/* n items of `size` bytes; dies when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* A copy with a NUL after it. */
struct str arena_str(struct arena *a, struct str s);
/* NUL-terminated copy for C-library borders. */
const char *arena_cstr(struct arena *a, struct str s);
format_like(2, 3) struct str arena_printf(struct arena *a, const char *fmt, ...);
/* Wipes everything and frees all but one block, which is poisoned under ASan until it is used. */
void arena_reset(struct arena *a);
void arena_finish(struct arena *a);

#define ARENA_NEW(arena_, type_)       ((type_ *)arena_alloc((arena_), sizeof(type_)))
#define ARENA_NEW_N(arena_, type_, n_) ((type_ *)arena_array((arena_), (n_), sizeof(type_)))
