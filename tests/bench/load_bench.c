/* SPDX-License-Identifier: MIT */
/*
 * From sealed templates, as the database gives them, to a gallery that can be searched: unwrap each
 * student's key, open each template, add it. The database's own time is not in it.
 *
 * usage: load_bench MODELS_DIR RUNTIME STUDENTS TEMPLATES_EACH FOLDER
 * Prints "templates milliseconds megabytes_resident". FOLDER takes the master key.
 */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

#include "enrolment/enrolment_store.h"
#include "enrolment/templates.h"
#include "enrolment/vault.h"

enum { RUNS = 5, EACH_MOST = 5 };

static void make_vector(uint64_t *seed, float ret[FACE_DIM])
{
    double square = 0;

    for (size_t i = 0; i < FACE_DIM; i++) {
        *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
        ret[i] = (float)((double)(*seed >> 40) / (double)(1 << 23) - 1);
        square += (double)ret[i] * (double)ret[i];
    }
    for (size_t i = 0; i < FACE_DIM; i++)
        ret[i] = (float)((double)ret[i] / sqrt(square));
}

/* What template_store writes, without a database. */
static struct list seal_all(struct ctx *ctx, int64_t students, int64_t each)
{
    struct sealed_row *rows =
        ARENA_NEW_N(&ctx->arena, struct sealed_row, (size_t)(students * each));
    const struct vault *v = ctx->services->vault;
    unsigned char key[VAULT_KEY_BYTES];
    float vector[FACE_DIM];
    struct str master, plain = {(const char *)vector, sizeof(vector)};
    uint64_t seed = 11;
    size_t n = 0;

    for (int64_t s = 1; s <= students; s++) {
        ctx->ports->random(key, VAULT_KEY_BYTES);
        struct str wrapped = vault_wrap(ctx, v, s, key, &master);
        struct str context = arena_printf(&ctx->arena, "template:%lld:%s", (long long)s,
                                          face_model_id(ctx->services->models));

        for (int64_t t = 0; t < each; t++) {
            make_vector(&seed, vector);
            rows[n++] =
                (struct sealed_row){s, master, wrapped, vault_seal(ctx, key, plain, context)};
        }
    }
    return (struct list){rows, n};
}

static double resident_mb(struct ctx *ctx)
{
    cleanup(buf_finish) struct buf status = {0};
    const char *at = NULL;

    if (fs_read(ctx, "/proc/self/status", 1 << 16, &status) == ERR_OK)
        at = strstr(buf_view(&status).at, "VmRSS:");
    return at ? (double)strtoll(at + 6, NULL, 10) / 1024 : 0;
}

/* So that the nets are in memory: a frame without a face, and a face cut out. */
static enum err open_nets(struct ctx *ctx)
{
    struct image frame = {640, 480, mem_alloc((size_t)640 * 480 * 3)};
    struct image face = {112, 112, mem_alloc((size_t)112 * 112 * 3)};
    struct face_found one, *found;
    size_t n;
    enum err e = face_find(ctx, &frame, FACE_EMBED | FACE_EYES, &found, &n);

    e = e ? e : face_embed_aligned(ctx, &face, &one);
    image_finish(&frame);
    image_finish(&face);
    return e;
}

static int by_value(const void *a, const void *b)
{
    const double *p = a, *q = b;

    return (*p > *q) - (*p < *q);
}

/* `input` holds the sealed templates; it is given back before the memory is read. */
static enum err run(struct ctx *ctx, struct ctx *input, const struct list *sealed)
{
    struct gallery *g = NULL;
    double ms[RUNS];
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < RUNS; i++) {
        /* Its own memory, given back after each load, as a worker does. */
        struct ctx work = {.ports = ctx->ports, .services = ctx->services, .face = ctx->face};
        int64_t start;

        gallery_destroy(g);
        g = NULL;
        start = clock_mono_us();
        e = templates_open(&work, sealed, &g);
        ms[i] = (double)(clock_mono_us() - start) / 1000;
        arena_finish(&work.arena);
    }
    arena_finish(&input->arena);
    /* As the server does each minute. */
    malloc_trim(0);
    qsort(ms, RUNS, sizeof(*ms), by_value);
    if (!e)
        printf("%zu %.1f %.1f\n", sealed->n, ms[RUNS / 2], resident_mb(ctx));
    gallery_destroy(g);
    return e;
}

int main(int argc, char **argv)
{
    struct ctx ctx = {.ports = &system_ports};
    struct services services = {0};
    int64_t students = 0, each = 0;
    struct list sealed;
    enum err e;

    if (argc != 6 || !str_to_i64(str_of(argv[3]), &students) ||
        !str_to_i64(str_of(argv[4]), &each) || students < 1 || each < 1 || each > EACH_MOST) {
        (void)fputs("usage: load_bench MODELS_DIR RUNTIME STUDENTS TEMPLATES_EACH FOLDER\n",
                    stderr);
        return 2;
    }
    ctx_reset(&ctx);
    ctx.services = &services;
    services.models = face_models_open(&ctx, argv[2], argv[1]);
    ctx.face = face_create(services.models);
    e = vault_open(&ctx, fs_join(&ctx, argv[5], "master.key"), &services.vault);
    e = e ? e : open_nets(&ctx);
    if (!e) {
        struct ctx input = {.ports = ctx.ports, .services = &services};

        sealed = seal_all(&input, students, each);
        e = run(&ctx, &input, &sealed);
    }
    if (e)
        (void)fprintf(stderr, "load_bench: %s\n", ctx.fault.detail.at);
    face_destroy(ctx.face);
    face_models_close(services.models);
    vault_close(services.vault);
    arena_finish(&ctx.arena);
    return e != ERR_OK;
}
