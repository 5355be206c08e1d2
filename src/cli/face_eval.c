/* SPDX-License-Identifier: MIT */
/* `face eval`: embeds every picture that is needed once, then compares. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"

#include "cli/cmd_face.h"
#include "face/accuracy.h"
#include "face/gallery.h"

enum { PAIRS_FILE_MAX = 64 << 20, ALL_PAIRS_PICTURES = 8000, FOLDS = 10 };

/* A picture without a face matches nobody. */
static const float NO_FACE = -1;

struct eval_out {
    int64_t pairs;
    double accuracy, accuracy_std, eer, tar_at_fmr_1e3, threshold;
    int64_t failed_to_detect;
    double ms_per_image;
};

#define F(...) FIELD(struct eval_out, __VA_ARGS__)
static const struct field eval_fields[] = {
    F(pairs, "Comparisons"),
    F(accuracy, "Share of right answers; with --pairs the mean over the folds"),
    F(accuracy_std, "Over the folds; 0 with --all-pairs"),
    F(eer, "Equal error rate"),
    F(tar_at_fmr_1e3, "Share of true matches when 1 in 1000 false ones is let through"),
    F(threshold, "Similarity taken for a match"),
    F(failed_to_detect, "Pictures without a face; they match nobody"),
    F(ms_per_image, "Reading, decoding, detection, alignment and embedding"),
};
#undef F
static const struct schema eval_schema = SCHEMA_NAMED("eval", eval_out, eval_fields);

struct picture {
    const char *path; /* below the root */
    size_t person;
    float *embedding; /* NULL: no face */
};

struct pair {
    const char *a, *b;
    bool same;
    short fold;
};

/* What is to be done: pictures sorted by path; pairs only with --pairs. */
struct job {
    struct picture *pictures;
    size_t pictures_n, pictures_room;
    struct pair *pairs;
    size_t pairs_n, pairs_room;
    int64_t failed, spent_us;
};

static void job_finish(struct job *job)
{
    for (size_t i = 0; i < job->pictures_n; i++)
        mem_free(job->pictures[i].embedding);
    mem_free(job->pictures);
    mem_free(job->pairs);
}

static void add_picture(struct job *job, const char *path, size_t person)
{
    if (job->pictures_n == job->pictures_room) {
        job->pictures_room = job->pictures_room ? 2 * job->pictures_room : 256;
        job->pictures = mem_resize(job->pictures, job->pictures_room, sizeof(*job->pictures));
    }
    job->pictures[job->pictures_n++] = (struct picture){.path = path, .person = person};
}

static void add_pair(struct job *job, struct pair pair)
{
    if (job->pairs_n == job->pairs_room) {
        job->pairs_room = job->pairs_room ? 2 * job->pairs_room : 1024;
        job->pairs = mem_resize(job->pairs, job->pairs_room, sizeof(*job->pairs));
    }
    job->pairs[job->pairs_n++] = pair;
}

/* Every picture in every folder of the root; one folder is one person. */
static enum err list_all(struct ctx *ctx, const char *root, struct job *job)
{
    struct strs persons, files;
    enum err e = fs_list(ctx, root, &persons);

    for (size_t p = 0; !e && p < persons.n; p++) {
        const char *person = arena_cstr(&ctx->arena, persons.at[p]);
        const char *dir = fs_join(ctx, root, person);
        if (fs_list(ctx, dir, &files)) {
            fault_clear(ctx); /* a file beside the folders */
            continue;
        }
        for (size_t i = 0; i < files.n; i++)
            if (face_cli_is_picture(files.at[i]))
                add_picture(job, fs_join(ctx, person, arena_cstr(&ctx->arena, files.at[i])), p);
    }
    if (e)
        return e;
    if (job->pictures_n < 2)
        return fail(ctx, ERR_NOT_FOUND, "%s has fewer than two pictures in its folders", root);
    if (job->pictures_n > ALL_PAIRS_PICTURES)
        return fail(ctx, ERR_TOO_LARGE, "%s has %zu pictures; --all-pairs takes at most %d", root,
                    job->pictures_n, ALL_PAIRS_PICTURES);
    return ERR_OK;
}

/* "George_W_Bush", "7" → "George_W_Bush/George_W_Bush_0007.jpg", or with the ending that exists. */
static enum err path_of(struct ctx *ctx, const char *root, struct str name, struct str number,
                        const char **ret)
{
    static const char *const ends[] = {"jpg", "png", "jpeg", "webp"};
    int64_t n;

    if (!name.len || memchr(name.at, '/', name.len) || name.at[0] == '.' ||
        !str_to_i64(number, &n) || n < 0)
        return fail(ctx, ERR_BAD_REQUEST, "\"%.*s %.*s\" names no picture", (int)name.len, name.at,
                    (int)number.len, number.at);
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct str path = arena_printf(&ctx->arena, "%.*s/%.*s_%04lld.%s", (int)name.len, name.at,
                                       (int)name.len, name.at, (long long)n, ends[i]);
        if (fs_exists(fs_join(ctx, root, path.at))) {
            *ret = path.at;
            return ERR_OK;
        }
    }
    return fail(ctx, ERR_NOT_FOUND, "no picture %.*s_%04lld under %s", (int)name.len, name.at,
                (long long)n, root);
}

/* One line: "name n n" (same) or "name n name n" (different). */
static enum err read_pair(struct ctx *ctx, const char *root, struct str line, struct pair *ret)
{
    struct str words[5];
    size_t n = 0;
    char sep = str_has(line, '\t') ? '\t' : ' ';

    while (line.len && n < COUNT(words)) {
        struct str word = str_trim(str_cut(&line, sep));
        if (word.len)
            words[n++] = word;
    }
    if (n != 3 && n != 4)
        return fail(ctx, ERR_BAD_REQUEST, "a pair has 3 or 4 words, this has %zu", n);
    ret->same = n == 3;
    enum err e = path_of(ctx, root, words[0], words[1], &ret->a);
    if (!e)
        e = path_of(ctx, root, words[n == 3 ? 0 : 2], words[n - 1], &ret->b);
    return e;
}

/* Of the first line: "10 300" (folds, pairs of a kind in each), or "1000" (pairs of a kind). */
struct pairs_head {
    int64_t folds, of_kind;
};

static enum err read_head(struct ctx *ctx, struct str line, struct pairs_head *ret)
{
    struct str rest = str_trim(line);
    char sep = str_has(rest, '\t') ? '\t' : ' ';
    struct str first = str_trim(str_cut(&rest, sep));
    struct pairs_head h = {0};
    bool ok = str_to_i64(first, &h.folds);

    rest = str_trim(rest);
    if (ok && rest.len) {
        ok = str_to_i64(rest, &h.of_kind);
    } else {
        h.of_kind = h.folds;
        h.folds = 1;
    }
    if (!ok || h.folds < 1 || h.folds > 1000 || h.of_kind < 1)
        return fail(ctx, ERR_BAD_REQUEST, "line 1 must be \"FOLDS PAIRS\" or \"PAIRS\"");
    *ret = h;
    return ERR_OK;
}

/* The folds of the file; a file without gets ten, each with its share of both kinds. */
static short fold_of(const struct pairs_head *h, size_t i)
{
    int64_t at = (int64_t)i;

    if (h->folds > 1)
        return (short)(at / (2 * h->of_kind) % h->folds);
    return (short)(at % h->of_kind * FOLDS / h->of_kind);
}

static enum err read_pairs(struct ctx *ctx, const struct face_args *args, struct job *job,
                           int *ret_folds)
{
    cleanup(buf_finish) struct buf file = {0};
    enum err e = fs_read(ctx, args->pairs, PAIRS_FILE_MAX, &file);

    if (e)
        return e;
    struct str rest = arena_str(&ctx->arena, buf_view(&file));
    struct pairs_head head = {0};
    e = read_head(ctx, str_cut(&rest, '\n'), &head);
    for (size_t line = 2; !e && rest.len; line++) {
        struct str text = str_trim(str_cut(&rest, '\n'));
        struct pair pair = {.fold = fold_of(&head, job->pairs_n)};
        if (!text.len)
            continue;
        e = read_pair(ctx, args->root, text, &pair);
        if (e) {
            struct str why = ctx->fault.detail;
            fault_clear(ctx);
            return fail(ctx, e, "%s, line %zu: %.*s", args->pairs, line, (int)why.len, why.at);
        }
        add_pair(job, pair);
        add_picture(job, pair.a, 0);
        add_picture(job, pair.b, 0);
    }
    if (!e && !job->pairs_n)
        return fail(ctx, ERR_BAD_REQUEST, "%s has no pairs", args->pairs);
    *ret_folds = head.folds > 1 ? (int)head.folds : FOLDS;
    return e;
}

static int by_path(const void *a, const void *b)
{
    const struct picture *p = a, *q = b;

    return strcmp(p->path, q->path);
}

static void keep_one_of_each(struct job *job)
{
    size_t kept = 1;

    qsort(job->pictures, job->pictures_n, sizeof(*job->pictures), by_path);
    for (size_t i = 1; i < job->pictures_n; i++)
        if (strcmp(job->pictures[i].path, job->pictures[kept - 1].path) != 0)
            job->pictures[kept++] = job->pictures[i];
    job->pictures_n = kept;
}

static enum err embed_picture(struct ctx *work, const struct face_args *args, struct picture *p)
{
    const struct face_found *face = NULL;
    struct face_flaws flaws;
    enum err e =
        face_cli_embed(work, fs_join(work, args->root, p->path), args->aligned, &face, &flaws);

    if (!e && face) {
        p->embedding = mem_array(FACE_DIM, sizeof(float));
        memcpy(p->embedding, face->embedding, sizeof(face->embedding));
    }
    return e;
}

static enum err embed_all(struct ctx *ctx, const struct face_args *args, struct job *job)
{
    /* Its own memory, given back after each picture. */
    struct ctx work = {.ports = ctx->ports, .face = ctx->face};
    int64_t last_ms = clock_mono_ms(), start = clock_mono_us();
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < job->pictures_n; i++) {
        e = embed_picture(&work, args, &job->pictures[i]);
        if (e)
            (void)fail(ctx, e, "%.*s", (int)work.fault.detail.len, work.fault.detail.at);
        job->failed += !job->pictures[i].embedding;
        ctx_reset(&work);
        face_cli_progress(i + 1, job->pictures_n, &last_ms);
    }
    job->spent_us = clock_mono_us() - start;
    arena_finish(&work.arena);
    return e;
}

static float score_of(const struct picture *a, const struct picture *b)
{
    if (!a || !b || !a->embedding || !b->embedding)
        return NO_FACE;
    return (float)face_cosine(a->embedding, b->embedding);
}

static const struct picture *find_picture(const struct job *job, const char *path)
{
    struct picture key = {.path = path};

    return bsearch(&key, job->pictures, job->pictures_n, sizeof(key), by_path);
}

static size_t compare_all(const struct job *job, struct compared **ret)
{
    size_t n = job->pictures_n * (job->pictures_n - 1) / 2, k = 0;
    struct compared *all = mem_array(n, sizeof(*all));

    for (size_t i = 0; i < job->pictures_n; i++)
        for (size_t j = i + 1; j < job->pictures_n; j++) {
            const struct picture *a = &job->pictures[i], *b = &job->pictures[j];
            all[k].score = score_of(a, b);
            all[k++].same = a->person == b->person;
        }
    *ret = all;
    return n;
}

static size_t compare_pairs(const struct job *job, struct compared **ret)
{
    struct compared *all = mem_array(job->pairs_n, sizeof(*all));

    for (size_t i = 0; i < job->pairs_n; i++) {
        const struct pair *p = &job->pairs[i];
        all[i].score = score_of(find_picture(job, p->a), find_picture(job, p->b));
        all[i].same = p->same;
        all[i].fold = p->fold;
    }
    *ret = all;
    return job->pairs_n;
}

static enum err print_result(struct ctx *ctx, const struct eval_out *out, bool json)
{
    cleanup(buf_finish) struct buf b = BUF(1 << 16);

    if (json) {
        json_write(&b, &eval_schema, out);
        buf_putc(&b, '\n');
    } else {
        buf_printf(&b,
                   "pairs             %lld\naccuracy          %.4f ± %.4f\n"
                   "equal error rate  %.4f\nTAR at FMR 1e-3   %.4f\nthreshold         %.3f\n"
                   "failed to detect  %lld\nms per image      %.1f\n",
                   (long long)out->pairs, out->accuracy, out->accuracy_std, out->eer,
                   out->tar_at_fmr_1e3, out->threshold, (long long)out->failed_to_detect,
                   out->ms_per_image);
    }
    if (b.failed || fwrite(b.at, 1, b.len, stdout) != b.len || fflush(stdout))
        return fail(ctx, ERR_INTERNAL, "the result could not be written");
    return ERR_OK;
}

enum err face_eval(struct ctx *ctx, const struct face_args *args)
{
    cleanup(job_finish) struct job job = {0};
    int folds = 1;
    enum err e;

    if (!args->root || args->n || !args->pairs == !args->all_pairs)
        return fail(ctx, ERR_BAD_REQUEST, "eval needs --root DIR and --pairs FILE or --all-pairs");
    e = args->pairs ? read_pairs(ctx, args, &job, &folds) : list_all(ctx, args->root, &job);
    if (e)
        return e;
    keep_one_of_each(&job);
    e = embed_all(ctx, args, &job);
    if (e)
        return e;

    cleanup(mem_free_ptr) struct compared *all = NULL;
    size_t n = args->pairs ? compare_pairs(&job, &all) : compare_all(&job, &all);
    struct accuracy a = accuracy_measure(all, n, folds);
    struct eval_out out = {
        .pairs = (int64_t)n,
        .accuracy = a.accuracy,
        .accuracy_std = a.accuracy_std,
        .eer = a.eer,
        .tar_at_fmr_1e3 = a.tar_at_fmr_1e3,
        .threshold = a.threshold,
        .failed_to_detect = job.failed,
        .ms_per_image = (double)job.spent_us / 1000 / (double)job.pictures_n,
    };
    return print_result(ctx, &out, args->json);
}
