/* SPDX-License-Identifier: MIT */
#pragma once
/* Tests that run the real nets: opened once for a group, a worker's own for each test. */
#include "base/fs.h"

#include "ctx_test.h"
#include "face/face.h"

static struct face_models *models;

/* A file of the cache folder; a test without it fails. */
static inline const char *cached(struct ctx *ctx, const char *name)
{
    const char *dir = getenv("SP_CACHE_DIR");

    assert_non_null(dir);
    return fs_join(ctx, dir, name);
}

static inline int open_models(void **state)
{
    struct ctx ctx = {.ports = &system_ports};

    (void)state;
    models = face_models_open(&ctx, cached(&ctx, "onnxruntime/libonnxruntime.so.1"),
                              cached(&ctx, "models"));
    struct str problem = face_models_problem(models);
    if (problem.len)
        print_error("%s\n", problem.at);
    arena_finish(&ctx.arena);
    return problem.len ? -1 : 0;
}

static inline int close_models(void **state)
{
    (void)state;
    face_models_close(models);
    return 0;
}

static inline int nets_setup(void **state)
{
    int failed = ctx_setup(state);
    struct ctx *ctx = *state;

    ctx->face = face_create(models);
    return failed;
}

static inline int nets_teardown(void **state)
{
    struct ctx *ctx = *state;

    face_destroy(ctx->face);
    return ctx_teardown(state);
}

#define nets_test(fn_) cmocka_unit_test_setup_teardown(fn_, nets_setup, nets_teardown)
