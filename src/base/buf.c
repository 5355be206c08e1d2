/* SPDX-License-Identifier: MIT */
/* Growing byte string with a cap and a sticky error. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DEFAULT_MAX = 64 << 20 };

void buf_finish(struct buf *b)
{
    if (b->secret)
        secret_wipe(b->at, b->cap);
    mem_free(b->at);
    *b = (struct buf){.max = b->max, .secret = b->secret};
}

/* What was there is not left behind in memory that the heap gives to others. */
static char *move_secret(const struct buf *b, size_t cap)
{
    char *at = malloc(cap);

    if (!at)
        return NULL;
    if (b->len)
        memcpy(at, b->at, b->len);
    secret_wipe(b->at, b->cap);
    mem_free(b->at);
    return at;
}

bool buf_reserve(struct buf *b, size_t more)
{
    size_t max = b->max ? b->max : DEFAULT_MAX;
    size_t want;
    size_t cap;
    char *at;

    if (b->failed)
        return false;
    if (__builtin_add_overflow(b->len, more, &want) || want > max) {
        b->failed = true;
        return false;
    }
    if (want < b->cap)
        return true;
    cap = b->cap * 2 > want + 1 ? b->cap * 2 : want + 1;
    if (cap < 256)
        cap = 256;
    at = b->secret ? move_secret(b, cap) : realloc(b->at, cap);
    if (!at) {
        b->failed = true;
        return false;
    }
    b->at = at;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *at, size_t len)
{
    if (!buf_reserve(b, len))
        return;
    if (len)
        memcpy(b->at + b->len, at, len);
    b->len += len;
    b->at[b->len] = '\0';
}

void buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.at, s.len);
}

void buf_puts(struct buf *b, const char *c)
{
    buf_add(b, c, strlen(c));
}

void buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !buf_reserve(b, (size_t)n)) {
        b->failed = true;
        return;
    }
    va_start(ap, fmt);
    (void)vsnprintf(b->at + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

struct str buf_view(const struct buf *b)
{
    return b->failed || !b->at ? (struct str){"", 0} : (struct str){b->at, b->len};
}
