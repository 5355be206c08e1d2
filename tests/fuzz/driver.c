/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over the files of folders, without a fuzzer: so that corpora and former finds
 * are part of the plain tests. usage: corpus_NAME FOLDER…   Speaks TAP, one line a folder.
 */
#include <stdio.h>

#include "base/fs.h"

#include "fuzz.h"

enum { FILE_MAX = 1 << 20 };

static enum err run_file(struct ctx *ctx, const char *path)
{
    cleanup(buf_finish) struct buf b = BUF(FILE_MAX);
    enum err e = fs_read(ctx, path, FILE_MAX, &b);

    if (!e)
        (void)LLVMFuzzerTestOneInput((const uint8_t *)(b.len ? b.at : ""), b.len);
    return e;
}

/* The number of files that were run; -1 when the folder cannot be read. */
static long run_folder(struct ctx *ctx, const char *folder)
{
    struct strs names = {0};

    if (fs_list(ctx, folder, &names))
        return -1;
    for (size_t i = 0; i < names.n; i++)
        if (run_file(ctx, fs_join(ctx, folder, arena_cstr(&ctx->arena, names.at[i]))))
            return -1;
    return (long)names.n;
}

int main(int argc, char **argv)
{
    struct ctx ctx = {0};
    int failed = 0;

    ctx_reset(&ctx);
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        long n = run_folder(&ctx, argv[i]);

        printf("%s %d - %ld inputs\n", n > 0 ? "ok" : "not ok", i, n);
        failed += n <= 0;
    }
    arena_finish(&ctx.arena);
    return failed != 0 || argc < 2;
}
