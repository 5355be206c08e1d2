/* SPDX-License-Identifier: MIT */
/*
 * Forms: the first byte chooses where the rest is cut into pieces. The same bytes in one piece must
 * give the same verdict and the same parts.
 */
#include <string.h>

#include "fuzz.h"
#include "http/multipart.h"

static const struct multipart_limits limits = {.parts = 4, .part = 4096, .total = 8192};

static void same(struct str a, struct str b)
{
    if (!str_eq(a, b))
        __builtin_trap();
}

static void compare(const struct multipart *one, const struct multipart *two)
{
    const struct form_part *a = multipart_parts(one);
    const struct form_part *b = multipart_parts(two);
    size_t total = 0, n = 0;

    for (; a && b; a = a->next, b = b->next) {
        same(a->name, b->name);
        same(a->file.name, b->file.name);
        same(a->file.type, b->file.type);
        same(a->file.data, b->file.data);
        if (a->is_file != b->is_file || !str_is_utf8(a->name))
            __builtin_trap();
        total += a->file.data.len;
        n++;
    }
    if (a || b || total > limits.total || n > limits.parts)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct multipart *whole, *pieces;
    const char *at = (const char *)data + 1;
    size_t step;
    enum err e = ERR_OK;

    if (!size--)
        return 0;
    step = (size_t)data[0] % 17 + 1;
    whole = multipart_create(STR("b"), &limits);
    pieces = multipart_create(STR("b"), &limits);
    (void)!multipart_feed(whole, at, size);
    for (size_t i = 0; i < size && !e; i += step)
        e = multipart_feed(pieces, at + i, size - i < step ? size - i : step);
    if (multipart_end(whole) != multipart_end(pieces) ||
        strcmp(multipart_why(whole), multipart_why(pieces)) != 0)
        __builtin_trap();
    compare(whole, pieces);
    multipart_destroy(whole);
    multipart_destroy(pieces);
    return 0;
}
