/* SPDX-License-Identifier: MIT */
#pragma once
/* Tests with files: a folder of their own, and a clock and random numbers that they set. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

#include "check.h"

struct temp_dir {
    struct ctx ctx;
    char dir[64];
};

/* What the fixed ports give: the test's own time, and bytes that count upwards. */
static int64_t fixed_now = 1800000000000;
static unsigned fixed_byte;

static int64_t fixed_now_ms(void)
{
    return fixed_now;
}

static void fixed_random(void *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)at)[i] = (unsigned char)(++fixed_byte * 167 >> 3);
}

static const struct ports fixed_ports = {fixed_now_ms, fixed_random};

static inline int temp_dir_setup(void **state)
{
    struct temp_dir *t = MEM_NEW(struct temp_dir);

    *state = t;
    fixed_now = 1800000000000;
    fixed_byte = 0;
    t->ctx.ports = &fixed_ports;
    ctx_reset(&t->ctx);
    (void)snprintf(t->dir, sizeof(t->dir), "/tmp/sp-unit-test.XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    return 0;
}

static inline int temp_dir_teardown(void **state)
{
    struct temp_dir *t = *state;
    struct strs names = {0};

    if (!fs_list(&t->ctx, t->dir, &names))
        for (size_t i = 0; i < names.n; i++)
            (void)unlink(fs_join(&t->ctx, t->dir, arena_cstr(&t->ctx.arena, names.at[i])));
    (void)rmdir(t->dir);
    arena_finish(&t->ctx.arena);
    mem_free(t);
    return 0;
}

#define temp_dir_test(fn_) cmocka_unit_test_setup_teardown(fn_, temp_dir_setup, temp_dir_teardown)

static inline const char *temp_path(struct temp_dir *t, const char *name)
{
    return fs_join(&t->ctx, t->dir, name);
}

/* The path of a new file of the folder. */
static inline const char *temp_file(struct temp_dir *t, const char *name, const char *text)
{
    const char *path = temp_path(t, name);

    assert_int_equal(fs_write(&t->ctx, path, str_of(text), 0600), ERR_OK);
    return path;
}

static inline void assert_mode(const char *path, unsigned mode)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, mode);
}
