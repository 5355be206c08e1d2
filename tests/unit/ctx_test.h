/* SPDX-License-Identifier: MIT */
#pragma once
/* Tests that begin with a fresh struct ctx in *state. */
#include <string.h>

#include "base/ctx.h"
#include "base/mem.h"

#include "check.h"

static inline int ctx_setup(void **state)
{
    struct ctx *ctx = MEM_NEW(struct ctx);

    ctx_reset(ctx);
    *state = ctx;
    return 0;
}

static inline int ctx_teardown(void **state)
{
    struct ctx *ctx = *state;

    arena_finish(&ctx->arena);
    mem_free(ctx);
    return 0;
}

#define ctx_test(fn_) cmocka_unit_test_setup_teardown(fn_, ctx_setup, ctx_teardown)

/* Stops the test when `text` does not hold `part`, showing both. */
static inline void assert_says(const char *text, const char *part, size_t row)
{
    if (text && strstr(text, part))
        return;
    print_error("row %zu: wanted \"%s\" in \"%s\"\n", row, part, text ? text : "(nothing)");
    assert_true(false);
}
