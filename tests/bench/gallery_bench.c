/* SPDX-License-Identifier: MIT */
/*
 * Exact search in one process, on demand, so that others can take turns on the same vectors.
 *
 * usage: gallery_bench VECTORS QUERIES
 * Both files hold rows of 512 floats of unit length, one row a person, numbered from 1. Prints
 * "rows milliseconds_to_load kernel", then for each line on standard input:
 *   q I   searches for query I: "milliseconds person similarity person similarity"
 *   p I   puts query I as a new person and removes it: "milliseconds_put milliseconds_removed"
 *   m     resident megabytes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/gallery.h"
#include "face/gallery_kernel.h"

enum { AT_ONCE = 4096 };

struct queries {
    struct buf file;
    const float *at;
    size_t n;
};

static double ms_since(int64_t start)
{
    return (double)(clock_mono_us() - start) / 1000;
}

/* Reads in parts: the file may be larger than what memory is left beside the gallery. */
static bool load(const char *path, struct gallery **ret, double *ret_ms, size_t *ret_n)
{
    FILE *f = fopen(path, "rb");
    float *rows = mem_array((size_t)AT_ONCE * FACE_DIM, sizeof(float));
    size_t n, total = 0;
    long size = -1;
    double ms = 0;

    if (f && fseek(f, 0, SEEK_END) == 0)
        size = ftell(f);
    if (size > 0) {
        rewind(f);
        *ret = gallery_create((size_t)size / (FACE_DIM * sizeof(float)));
        while ((n = fread(rows, FACE_DIM * sizeof(float), AT_ONCE, f)) > 0) {
            int64_t start = clock_mono_us();

            for (size_t i = 0; i < n; i++)
                gallery_add(*ret, (int64_t)++total, rows + i * FACE_DIM);
            ms += ms_since(start);
        }
        gallery_seal(*ret);
    }
    if (f)
        (void)fclose(f);
    mem_free(rows);
    *ret_ms = ms;
    *ret_n = total;
    return total > 0;
}

static void search(const struct gallery *g, const float *probe)
{
    struct gallery_hit hits[2] = {0};
    int64_t start = clock_mono_us();
    size_t n = gallery_search(g, probe, hits, COUNT(hits));
    double ms = ms_since(start);

    printf("%.4f", ms);
    for (size_t i = 0; i < n; i++)
        printf(" %lld %.6f", (long long)hits[i].person, hits[i].similarity);
    putchar('\n');
}

static void put_and_remove(struct gallery *g, const float *vector)
{
    int64_t person = INT64_MAX, start = clock_mono_us();
    double put;

    gallery_put(g, person, vector, 1);
    put = ms_since(start);
    start = clock_mono_us();
    gallery_remove(g, person);
    printf("%.4f %.4f\n", put, ms_since(start));
}

static void print_memory(struct ctx *ctx)
{
    cleanup(buf_finish) struct buf status = {0};
    const char *at = NULL;

    if (fs_read(ctx, "/proc/self/status", 1 << 16, &status) == ERR_OK)
        at = strstr(buf_view(&status).at, "VmRSS:");
    printf("%.1f\n", at ? (double)strtoll(at + 6, NULL, 10) / 1024 : 0);
}

static int answer(struct ctx *ctx, struct gallery *g, const struct queries *q)
{
    char line[32];

    while (fgets(line, sizeof(line), stdin)) {
        size_t i = line[0] == 'm' ? 0 : (size_t)strtoul(line + 1, NULL, 10);

        if (i >= q->n) {
            (void)fprintf(stderr, "gallery_bench: there is no query %zu\n", i);
            return 1;
        }
        if (line[0] == 'm')
            print_memory(ctx);
        else if (line[0] == 'p')
            put_and_remove(g, q->at + i * FACE_DIM);
        else
            search(g, q->at + i * FACE_DIM);
        (void)fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct ctx ctx = {.ports = &system_ports};
    struct queries q = {0};
    struct gallery *g = NULL;
    double ms;
    size_t n;
    int status = 1;

    ctx_reset(&ctx);
    if (argc != 3) {
        (void)fputs("usage: gallery_bench VECTORS QUERIES\n", stderr);
        return 2;
    }
    if (!load(argv[1], &g, &ms, &n) || fs_read(&ctx, argv[2], 16 << 20, &q.file)) {
        (void)fputs("gallery_bench: the vectors cannot be read\n", stderr);
    } else {
        q.at = (const void *)q.file.at;
        q.n = q.file.len / (FACE_DIM * sizeof(float));
        printf("%zu %.1f %s\n", n, ms, gallery_kernel_name());
        (void)fflush(stdout);
        status = answer(&ctx, g, &q);
    }
    buf_finish(&q.file);
    gallery_destroy(g);
    arena_finish(&ctx.arena);
    return status;
}
