/* SPDX-License-Identifier: MIT */
/*
 * How fast recognition is: one 640 x 480 frame with a face (detect, align, embed) beside the time
 * the nets themselves take in the same runs, and the gallery beside computing every row in full.
 *
 * usage: face_bench MODELS_DIR RUNTIME PORTRAIT [--smoke]
 * Prints one JSON object, for report.py to judge. --smoke: fewer runs and small galleries.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/gallery.h"

enum { WIDTH = 640, HEIGHT = 480, WARM_UP = 20, RUNS = 200, FEW_RUNS = 20, SEARCHES = 15 };

static int by_value(const void *a, const void *b)
{
    const double *p = a, *q = b;

    return (*p > *q) - (*p < *q);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof(*v), by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* The portrait in the middle of a grey frame, cut where it is larger. */
static struct image make_frame(const struct image *portrait)
{
    struct image frame = {WIDTH, HEIGHT, mem_alloc((size_t)WIDTH * HEIGHT * 3)};
    int64_t w = portrait->width < WIDTH ? portrait->width : WIDTH;
    int64_t h = portrait->height < HEIGHT ? portrait->height : HEIGHT;
    int64_t left = (WIDTH - w) / 2, from = (portrait->height - h) / 2;

    memset(frame.rgb, 96, (size_t)WIDTH * HEIGHT * 3);
    for (int64_t y = 0; y < h; y++)
        memcpy(frame.rgb + 3 * (y * WIDTH + left), portrait->rgb + 3 * (from + y) * portrait->width,
               (size_t)(3 * w));
    return frame;
}

static enum err bench_frame(struct ctx *ctx, const struct image *frame, int runs)
{
    /* Its own memory, given back after each frame, as a worker does. */
    struct ctx work = {.ports = ctx->ports, .face = ctx->face};
    double whole[RUNS], nets[RUNS], ours[RUNS];
    struct face_found *found;
    size_t n = 0;

    for (int i = -WARM_UP; i < runs; i++) {
        int64_t nets_before = face_nets_us(work.face), start = clock_mono_us();
        enum err e = face_find(&work, frame, FACE_EMBED, &found, &n);
        int64_t all = clock_mono_us() - start, inside = face_nets_us(work.face) - nets_before;
        if (e)
            return fail(ctx, e, "%s", work.fault.detail.at);
        if (n != 1 || !found[0].embedded)
            return fail(ctx, ERR_FACE_NONE, "the frame shows %zu faces, not 1", n);
        ctx_reset(&work);
        if (i < 0)
            continue;
        whole[i] = (double)all / 1000;
        nets[i] = (double)inside / 1000;
        ours[i] = (double)(all - inside) / (double)inside;
    }
    arena_finish(&work.arena);
    printf(
        "{\"frame\":{\"width\":%d,\"height\":%d,\"runs\":%d,\"median_ms\":%.3f,\"nets_ms\":%.3f,"
        "\"overhead\":%.4f},\n",
        WIDTH, HEIGHT, runs, median(whole, (size_t)runs), median(nets, (size_t)runs),
        median(ours, (size_t)runs));
    return ERR_OK;
}

/* Seeded numbers, about normal. */
static float next_number(uint64_t *seed)
{
    uint64_t sum = 0;

    for (int i = 0; i < 4; i++) {
        *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
        sum += *seed >> 40;
    }
    return (float)((double)sum / (double)(1ULL << 25) - 1);
}

static void bench_gallery(struct ctx *ctx, size_t persons, const char *end)
{
    size_t floats = persons * FACE_DIM;
    float *rows = ARENA_NEW_N(&ctx->arena, float, floats);
    struct gallery *g = gallery_create(persons);
    double sweep[SEARCHES], plain[SEARCHES];
    float probe[FACE_DIM];
    struct gallery_hit hits[2];
    uint64_t seed = 7;
    volatile double sink = 0;

    for (size_t i = 0; i < floats; i++)
        rows[i] = next_number(&seed);
    for (size_t i = 0; i < persons; i++) {
        double length = sqrt(face_cosine(rows + i * FACE_DIM, rows + i * FACE_DIM));
        for (size_t k = 0; k < FACE_DIM; k++)
            rows[i * FACE_DIM + k] /= (float)length;
        gallery_add(g, (int64_t)i + 1, rows + i * FACE_DIM);
    }
    gallery_seal(g);
    for (size_t r = 0; r < SEARCHES; r++) {
        for (size_t k = 0; k < FACE_DIM; k++)
            probe[k] = rows[(persons / 3 + r) * FACE_DIM + k] + 0.05F * next_number(&seed);
        int64_t start = clock_mono_us();
        (void)gallery_search(g, probe, hits, COUNT(hits));
        sweep[r] = (double)(clock_mono_us() - start) / 1000;
        start = clock_mono_us();
        double best = -1;
        for (size_t i = 0; i < persons; i++)
            best = fmax(best, face_cosine(probe, rows + i * FACE_DIM));
        sink = best;
        plain[r] = (double)(clock_mono_us() - start) / 1000;
    }
    (void)sink;
    gallery_destroy(g);
    printf("{\"persons\":%zu,\"search_ms\":%.3f,\"every_row_in_full_ms\":%.3f}%s\n", persons,
           median(sweep, SEARCHES), median(plain, SEARCHES), end);
}

static enum err read_portrait(struct ctx *ctx, const char *path, struct image *ret)
{
    cleanup(buf_finish) struct buf file = {0};
    enum err e = fs_read(ctx, path, 16 << 20, &file);

    return e ? e : image_decode(ctx, buf_view(&file), ret);
}

int main(int argc, char **argv)
{
    struct ctx ctx = {.ports = &system_ports};
    struct image portrait = {0};
    bool smoke = argc == 5 && strcmp(argv[4], "--smoke") == 0;

    if (argc != 4 && !smoke) {
        (void)fputs("usage: face_bench MODELS_DIR RUNTIME PORTRAIT [--smoke]\n", stderr);
        return 2;
    }
    ctx_reset(&ctx);
    struct face_models *models = face_models_open(&ctx, argv[2], argv[1]);
    ctx.face = face_create(models);
    enum err e = read_portrait(&ctx, argv[3], &portrait);
    if (!e) {
        struct image frame = make_frame(&portrait);
        e = bench_frame(&ctx, &frame, smoke ? FEW_RUNS : RUNS);
        image_finish(&frame);
    }
    if (!e) {
        (void)fputs("\"gallery\":[", stdout);
        bench_gallery(&ctx, 1000, ",");
        bench_gallery(&ctx, 10000, smoke ? "]}" : ",");
        if (!smoke)
            bench_gallery(&ctx, 100000, "]}");
    } else {
        (void)fprintf(stderr, "face_bench: %s\n", ctx.fault.detail.at);
    }
    image_finish(&portrait);
    face_destroy(ctx.face);
    face_models_close(models);
    arena_finish(&ctx.arena);
    return e != ERR_OK;
}
