/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A growing byte string for writing, with a cap. The error is sticky: after the first append that
 * does not fit nothing more is written and `failed` stays set; check once at the end.
 */
#include <stdbool.h>

#include "base/macros.h"
#include "base/str.h"

struct buf {
    char *at;
    size_t len, cap;
    size_t max; /* 0 reads as 64 MiB */
    bool failed;
    bool secret; /* its memory is wiped before the heap gets it back: when it grows, and at the end
                  */
};

/* Takes `b` over a cap of `max` bytes. */
#define BUF(max_) ((struct buf){.max = (max_)})

void buf_finish(struct buf *b);
/* Makes room for `more` bytes; false (and sticky) past the cap or when memory is short. */
bool buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *at, size_t len);
void buf_str(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *c);
void buf_putc(struct buf *b, char c);
format_like(2, 3) void buf_printf(struct buf *b, const char *fmt, ...);
/* What was written; empty after a failure. */
struct str buf_view(const struct buf *b);
