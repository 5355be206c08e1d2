/* SPDX-License-Identifier: MIT */
/*
 * How many faces of a composed class photo are found, and what each step takes: on one thread, and
 * on two that work on a photo each. Prints JSON. Truth: what tools/photos/derive.py crowd said.
 */
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fs.h"

#include "face/scene.h"

enum { RUNS_MAX = 100, THREADS_MAX = 2, FILE_MAX = 16 << 20 };

static const double HIT_IOU = 0.3;

struct photo {
    struct face_models *models;
    int runs;
    struct str file;
    json_t *truth;
};

struct figures {
    double decode_ms, search_ms, describe_ms, crop_ms, total_ms, cpu_ms;
    size_t passes, skipped, faces, found, extra;
    bool failed;
};

static double share_of_union(const struct face_box *a, json_t *face)
{
    json_t *box = json_object_get(face, "box");
    double x = json_number_value(json_array_get(box, 0));
    double y = json_number_value(json_array_get(box, 1));
    double width = json_number_value(json_array_get(box, 2));
    double height = json_number_value(json_array_get(box, 3));
    double w = fmin(a->x + a->width, x + width) - fmax(a->x, x);
    double h = fmin(a->y + a->height, y + height) - fmax(a->y, y);

    return w > 0 && h > 0 ? w * h / (a->width * a->height + width * height - w * h) : 0;
}

static void count_hits(const struct photo *p, const struct face_found *faces, size_t n,
                       struct figures *ret)
{
    json_t *all = json_object_get(p->truth, "faces"), *one;
    size_t i;

    ret->faces = json_array_size(all);
    ret->found = 0;
    json_array_foreach(all, i, one)
    {
        bool hit = false;
        for (size_t k = 0; k < n && !hit; k++)
            hit = share_of_union(&faces[k].box, one) >= HIT_IOU;
        ret->found += hit;
    }
    ret->extra = n > ret->found ? n - ret->found : 0;
}

static double ms_since(int64_t us)
{
    return (double)(clock_mono_us() - us) / 1000;
}

/* What this thread has really worked: others' work beside it does not count. */
static double cpu_ms(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum err run(struct ctx *ctx, const struct photo *p, struct figures *ret)
{
    cleanup(image_finish) struct image im = {0};
    struct face_found *faces = NULL;
    struct scene_cost cost = {0};
    struct str crop;
    size_t n = 0;
    int64_t began = clock_mono_us();
    double worked = cpu_ms();
    enum err e = image_decode(ctx, p->file, &im);

    ret->decode_ms = ms_since(began);
    e = e ? e : scene_find(ctx, &im, FACE_EMBED, &faces, &n, &cost);
    int64_t found = clock_mono_us();
    for (size_t i = 0; !e && i < n; i++)
        e = scene_crop(ctx, &im, &faces[i].box, &crop);
    ret->crop_ms = ms_since(found);
    ret->total_ms = ms_since(began);
    ret->cpu_ms = cpu_ms() - worked;
    ret->search_ms = (double)cost.search_us / 1000;
    ret->describe_ms = (double)cost.describe_us / 1000;
    ret->passes = cost.passes;
    ret->skipped = cost.skipped;
    if (!e)
        count_hits(p, faces, n, ret);
    return e;
}

/* The fastest of some runs: others want the processor, too. */
static void *worker(void *arg)
{
    struct figures *best = ((void **)arg)[1];
    const struct photo *p = ((void **)arg)[0];
    struct ctx ctx = {.ports = &system_ports};

    ctx.face = face_create(p->models);
    for (int i = 0; i < p->runs; i++) {
        struct figures now = {0};
        ctx_reset(&ctx);
        if (run(&ctx, p, &now)) {
            (void)fprintf(stderr, "class_photo_bench: %s\n", ctx.fault.detail.at);
            best->failed = true;
            break;
        }
        if (i == 0 || now.total_ms < best->total_ms)
            *best = now;
    }
    face_destroy(ctx.face);
    arena_finish(&ctx.arena);
    return NULL;
}

static bool bench(const struct photo *p, size_t threads)
{
    pthread_t ids[THREADS_MAX];
    struct figures figures[THREADS_MAX] = {0};
    void *args[THREADS_MAX][2];
    const struct figures *worst = figures;

    for (size_t i = 0; i < threads; i++) {
        args[i][0] = (void *)(uintptr_t)p;
        args[i][1] = &figures[i];
        if (pthread_create(&ids[i], NULL, worker, args[i]))
            return false;
    }
    for (size_t i = 0; i < threads; i++) {
        (void)pthread_join(ids[i], NULL);
        if (figures[i].failed)
            return false;
        if (figures[i].total_ms > worst->total_ms)
            worst = &figures[i];
    }
    printf(
        "{\"threads\":%zu,\"faces\":%zu,\"found\":%zu,\"extra\":%zu,\"passes\":%zu,"
        "\"skipped\":%zu,\"decode_ms\":%.1f,\"search_ms\":%.1f,\"describe_ms\":%.1f,"
        "\"crop_ms\":%.1f,\"total_ms\":%.1f,\"cpu_ms\":%.1f}",
        threads, worst->faces, worst->found, worst->extra, worst->passes, worst->skipped,
        worst->decode_ms, worst->search_ms, worst->describe_ms, worst->crop_ms, worst->total_ms,
        worst->cpu_ms);
    return true;
}

int main(int argc, char **argv)
{
    cleanup(buf_finish) struct buf file = {0};
    struct ctx ctx = {.ports = &system_ports};
    struct photo p = {0};

    if (argc != 6) {
        (void)fputs("usage: class_photo_bench MODELS_DIR RUNTIME PHOTO TRUTH_JSON RUNS\n", stderr);
        return 2;
    }
    ctx_reset(&ctx);
    p.runs = (int)strtoll(argv[5], NULL, 10);
    if (p.runs < 1 || p.runs > RUNS_MAX)
        return 2;
    p.models = face_models_open(&ctx, argv[2], argv[1]);
    p.truth = json_load_file(argv[4], 0, NULL);
    bool good = p.truth && !fs_read(&ctx, argv[3], FILE_MAX, &file);
    p.file = buf_view(&file);
    if (good) {
        (void)fputs("[", stdout);
        good = bench(&p, 1);
        (void)fputs(",\n", stdout);
        good = good && bench(&p, 2);
        (void)fputs("]\n", stdout);
    }
    json_decref(p.truth);
    face_models_close(p.models);
    arena_finish(&ctx.arena);
    return good ? 0 : 1;
}
