/* SPDX-License-Identifier: MIT */
/*
 * `face identify`: open-set identification over folders of pictures, by the rule that marks in
 * sessions: the threshold for the gallery's size and the margin; with --quality also the quality
 * asked before.
 */
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"

#include "cli/cmd_face.h"
#include "face/accuracy.h"

enum { TEMPLATES_MAX = 5, PICTURES_MAX = 200000, OUT_MAX = 4 << 20 };
/* --curve: random rosters of each size, the same ones every time. */
enum { DRAWS = 20, FIRST_CENT = 30, LAST_CENT = 70, STEP_CENTS = 5, SIZES_MAX = 12 };

struct curve_row {
    int64_t roster;
    double threshold, hit_rate, fpir, fnir, wrong_name_rate;
    bool in_use;
};

struct identify_out {
    double hit_rate;
    double fpir, fnir, wrong_name_rate;
    double threshold;
    int64_t probes, strangers;
    double margin;
    int64_t persons, templates, not_enrolled, mated, hits, misnamed, strangers_named;
    int64_t ambiguous, failed_to_detect, low_quality, skipped;
    double ms_per_image;
    struct list curve;
};

#define F(...) FIELD(struct curve_row, __VA_ARGS__)
static const struct field curve_fields[] = {
    F(roster, "Persons in the roster"),
    F(threshold, "Similarity asked for"),
    F(hit_rate, "As above, mean over random rosters"),
    F(fpir, "As above"),
    F(fnir, "As above"),
    F(wrong_name_rate, "As above"),
    F(in_use, "Whether this is the threshold in use for a roster of this size"),
};
#undef F
static const struct schema curve_schema = SCHEMA_NAMED("identify_curve", curve_row, curve_fields);

#define F(...) FIELD(struct identify_out, __VA_ARGS__)
static const struct field identify_fields[] = {
    F(hit_rate, "Probes of people in the gallery that got the right name"),
    F(fpir, "Probes of strangers that got a name"),
    F(fnir, "Probes of people in the gallery that did not get the right name"),
    F(wrong_name_rate, "Of all probes, those that got a name that is not theirs"),
    F(threshold, "Similarity asked for, by the number of persons"),
    F(probes, "Probes, those of strangers too"),
    F(strangers, "Probes of people who are not in the gallery"),
    F(margin, "Distance to the next person that was asked for"),
    F(persons, "Persons in the gallery"),
    F(templates, "Templates in the gallery"),
    F(not_enrolled, "Pictures of the gallery without a face"),
    F(mated, "Probes of people in the gallery"),
    F(hits, "Of these, named rightly"),
    F(misnamed, "Of these, named as another person"),
    F(strangers_named, "Probes of strangers that got a name"),
    F(ambiguous, "Probes that two persons matched almost equally"),
    F(failed_to_detect, "Probes without a face; they get no name"),
    F(low_quality, "Probes that a session would not compare; with --quality they get no name"),
    F(skipped, "Probes left out because the same file is a template"),
    F(ms_per_image, "Reading, decoding, detection, alignment and embedding"),
    F(curve, "With --curve", .items = &curve_schema), /* last: left out without */
};
#undef F

struct person {
    struct str name;
    int64_t id; /* in the gallery; 0: a stranger */
    const char *const *files;
    size_t n;
};

/* The similarity of one probe with everybody. */
struct probe {
    int64_t person;
    bool compared;
    struct gallery_hit *hits; /* best first */
    size_t n;
};

struct job {
    const struct face_args *args;
    struct person *enrolled, *asked;
    size_t enrolled_n, asked_n;
    char (*hashes)[65]; /* of the templates' files */
    size_t hashes_n;
    struct gallery *gallery;
    struct probe *probes;
    size_t probes_n;
    size_t pictures, done;
    int64_t last_ms;
    struct identify_out out;
};

static void job_finish(struct job *job)
{
    gallery_destroy(job->gallery);
}

/* One folder, one person; at most `most` pictures of each, by name. */
static enum err list_people(struct ctx *ctx, const char *root, size_t most, struct person **ret,
                            size_t *n)
{
    struct strs names, files;
    enum err e = fs_list(ctx, root, &names);

    if (e)
        return e;
    *ret = ARENA_NEW_N(&ctx->arena, struct person, names.n);
    *n = 0;
    for (size_t p = 0; p < names.n; p++) {
        struct person person = {.name = names.at[p]};
        const char *dir = fs_join(ctx, root, arena_cstr(&ctx->arena, names.at[p]));
        const char **paths;

        if (fs_list(ctx, dir, &files)) {
            fault_clear(ctx); /* a file beside the folders */
            continue;
        }
        paths = ARENA_NEW_N(&ctx->arena, const char *, files.n);
        for (size_t i = 0; i < files.n && person.n < most; i++)
            if (face_cli_is_picture(files.at[i]))
                paths[person.n++] = fs_join(ctx, dir, arena_cstr(&ctx->arena, files.at[i]));
        person.files = paths;
        if (person.n)
            (*ret)[(*n)++] = person;
    }
    if (!*n)
        return fail(ctx, ERR_NOT_FOUND, "%s has no folder with pictures", root);
    return ERR_OK;
}

static size_t count_pictures(const struct person *people, size_t n)
{
    size_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += people[i].n;
    return sum;
}

static enum err embed(struct ctx *ctx, struct job *job, struct ctx *work, const char *path,
                      const struct face_found **ret, struct face_flaws *flaws)
{
    enum err e = face_cli_embed(work, path, job->args->aligned, ret, flaws);

    if (e)
        (void)fail(ctx, e, "%.*s", (int)work->fault.detail.len, work->fault.detail.at);
    face_cli_progress(++job->done, job->pictures, &job->last_ms);
    return e;
}

static enum err enrol(struct ctx *ctx, struct job *job, struct ctx *work)
{
    const struct face_found *face;
    struct face_flaws flaws;
    enum err e = ERR_OK;

    job->gallery = gallery_create(count_pictures(job->enrolled, job->enrolled_n));
    for (size_t p = 0; p < job->enrolled_n; p++) {
        struct person *person = &job->enrolled[p];

        person->id = (int64_t)p + 1;
        for (size_t i = 0; !e && i < person->n; i++) {
            e = embed(ctx, job, work, person->files[i], &face, &flaws);
            e = e ? e : fs_sha256(ctx, person->files[i], job->hashes[job->hashes_n++]);
            if (!e && face)
                gallery_add(job->gallery, person->id, face->embedding);
            job->out.templates += !e && face;
            job->out.not_enrolled += !e && !face;
            ctx_reset(work);
        }
    }
    gallery_seal(job->gallery);
    return e;
}

static int64_t id_of(const struct job *job, struct str name)
{
    for (size_t p = 0; p < job->enrolled_n; p++)
        if (str_eq(job->enrolled[p].name, name))
            return job->enrolled[p].id;
    return 0;
}

static bool is_template(const struct job *job, const char hash[65])
{
    for (size_t i = 0; i < job->hashes_n; i++)
        if (strcmp(job->hashes[i], hash) == 0)
            return true;
    return false;
}

static enum err ask_one(struct ctx *ctx, struct job *job, struct ctx *work, int64_t person,
                        const char *path)
{
    const struct face_found *face;
    struct face_flaws flaws;
    struct probe *p = &job->probes[job->probes_n];
    char hash[65];
    enum err e = fs_sha256(ctx, path, hash);

    if (!e && is_template(job, hash)) {
        job->out.skipped++;
        job->done++;
        return ERR_OK;
    }
    e = e ? e : embed(ctx, job, work, path, &face, &flaws);
    if (e)
        return e;
    job->probes_n++;
    p->person = person;
    p->compared = face && (!flaws.n || !job->args->quality);
    job->out.failed_to_detect += !face;
    job->out.low_quality += face && flaws.n;
    if (p->compared) {
        size_t persons = gallery_persons(job->gallery);
        p->hits = ARENA_NEW_N(&ctx->arena, struct gallery_hit, persons);
        p->n = gallery_search(job->gallery, face->embedding, p->hits, persons);
    }
    ctx_reset(work);
    return ERR_OK;
}

static enum err ask_all(struct ctx *ctx, struct job *job, struct ctx *work)
{
    enum err e = ERR_OK;

    job->probes = ARENA_NEW_N(&ctx->arena, struct probe, count_pictures(job->asked, job->asked_n));
    for (size_t p = 0; p < job->asked_n; p++) {
        const struct person *person = &job->asked[p];

        for (size_t i = 0; !e && i < person->n; i++)
            e = ask_one(ctx, job, work, id_of(job, person->name), person->files[i]);
    }
    return e;
}

/* The rule as it is in sessions, over the whole gallery. */
static void judge(struct job *job)
{
    struct roster rule = {.rule = job->args->rule};
    size_t persons = gallery_persons(job->gallery);
    struct open_set set = {0};
    struct open_set_rates rates;

    for (size_t i = 0; i < job->probes_n; i++) {
        const struct probe *p = &job->probes[i];
        struct face_match m = roster_decide(&rule, persons, p->hits, p->n);

        open_set_count(&set, p->person, p->compared ? &m : NULL);
        job->out.ambiguous += p->compared && m.decision == FACE_AMBIGUOUS;
    }
    rates = open_set_rates(&set);
    job->out.hit_rate = rates.hit_rate;
    job->out.fpir = rates.fpir;
    job->out.fnir = rates.fnir;
    job->out.wrong_name_rate = rates.wrong_name_rate;
    job->out.threshold = face_rule_threshold(rule.rule, persons);
    job->out.margin = rule.rule->margin;
    job->out.persons = (int64_t)persons;
    job->out.probes = (int64_t)job->probes_n;
    job->out.strangers = set.strangers;
    job->out.mated = set.mated;
    job->out.hits = set.hits;
    job->out.misnamed = set.misnamed;
    job->out.strangers_named = set.accepted;
}

static uint64_t next_random(uint64_t *seed)
{
    /* xorshift64*: the same rosters on every machine. */
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717ULL;
}

/* `size` persons of the gallery by chance, `must` among them. */
static void draw(bool *in, size_t persons, size_t size, int64_t must, uint64_t *seed)
{
    size_t left = size, i = 0;

    memset(in, 0, (persons + 1) * sizeof(*in));
    if (must) {
        in[must] = true;
        left--;
    }
    while (left && persons) {
        i = (size_t)(next_random(seed) % persons) + 1;
        left -= !in[i];
        in[i] = true;
    }
}

static size_t those_in(const struct probe *p, const bool *in, struct gallery_hit *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n && n < FACE_CANDIDATES; i++)
        if (in[p->hits[i].person])
            ret[n++] = p->hits[i];
    return n;
}

static void curve_row(const struct job *job, size_t size, double threshold, bool *in,
                      struct curve_row *ret)
{
    double in_use = face_rule_threshold(job->args->rule, size);
    struct face_rule rule = {threshold, threshold, threshold, 1, 2, job->args->rule->margin};
    struct roster roster = {.rule = &rule};
    struct gallery_hit hits[FACE_CANDIDATES];
    struct open_set set = {0};
    struct open_set_rates rates;
    uint64_t seed = 88172645463325252ULL;

    for (size_t k = 0; k < DRAWS; k++) {
        for (size_t i = 0; i < job->probes_n; i++) {
            const struct probe *p = &job->probes[i];
            struct face_match m;

            draw(in, job->enrolled_n, size, p->person, &seed);
            m = roster_decide(&roster, size, hits, those_in(p, in, hits));
            open_set_count(&set, p->person, p->compared ? &m : NULL);
        }
    }
    rates = open_set_rates(&set);
    *ret = (struct curve_row){
        .roster = (int64_t)size,
        .threshold = threshold,
        .hit_rate = rates.hit_rate,
        .fpir = rates.fpir,
        .fnir = rates.fnir,
        .wrong_name_rate = rates.wrong_name_rate,
        .in_use = threshold >= in_use - 1e-9 && threshold - STEP_CENTS / 100.0 < in_use - 1e-9,
    };
}

static size_t roster_sizes(size_t persons, size_t ret[SIZES_MAX])
{
    static const size_t round[] = {2, 5, 10, 20, 30, 50, 100, 200, 500, 1000};
    size_t n = 0;

    while (n < COUNT(round) && round[n] < persons) {
        ret[n] = round[n];
        n++;
    }
    ret[n] = persons;
    return n + 1;
}

static void make_curve(struct ctx *ctx, struct job *job)
{
    size_t sizes[SIZES_MAX], n = roster_sizes(job->enrolled_n, sizes), k = 0;
    size_t steps = (LAST_CENT - FIRST_CENT) / STEP_CENTS + 1;
    struct curve_row *rows = ARENA_NEW_N(&ctx->arena, struct curve_row, n * steps);
    bool *in = ARENA_NEW_N(&ctx->arena, bool, job->enrolled_n + 1);

    for (size_t i = 0; i < n; i++)
        for (int cents = FIRST_CENT; cents <= LAST_CENT; cents += STEP_CENTS)
            curve_row(job, sizes[i], cents / 100.0, in, &rows[k++]);
    job->out.curve = (struct list){rows, k};
}

static void print_text(struct buf *b, const struct identify_out *o)
{
    const struct curve_row *rows = o->curve.at;

    buf_printf(
        b,
        "persons           %lld (%lld templates)\nprobes            %lld, %lld of strangers\n"
        "hit rate          %.4f\nFNIR              %.4f\nFPIR              %.4f\n"
        "wrong names       %.4f\nthreshold         %.3f, margin %.3f\nambiguous         %lld\n"
        "failed to detect  %lld\nlow quality       %lld\nms per image      %.1f\n",
        (long long)o->persons, (long long)o->templates, (long long)o->probes,
        (long long)o->strangers, o->hit_rate, o->fnir, o->fpir, o->wrong_name_rate, o->threshold,
        o->margin, (long long)o->ambiguous, (long long)o->failed_to_detect,
        (long long)o->low_quality, o->ms_per_image);
    if (o->curve.n)
        buf_puts(b, "roster threshold hit rate  FNIR    FPIR    wrong names\n");
    for (size_t i = 0; i < o->curve.n; i++)
        buf_printf(b, "%6lld    %.2f%c   %.4f    %.4f  %.4f  %.5f\n", (long long)rows[i].roster,
                   rows[i].threshold, rows[i].in_use ? '*' : ' ', rows[i].hit_rate, rows[i].fnir,
                   rows[i].fpir, rows[i].wrong_name_rate);
}

static enum err print_result(struct ctx *ctx, const struct job *job)
{
    cleanup(buf_finish) struct buf b = BUF(OUT_MAX);
    struct schema schema = SCHEMA_NAMED("identify", identify_out, identify_fields);

    schema.n -= !job->args->curve;
    if (job->args->json) {
        json_write(&b, &schema, &job->out);
        buf_putc(&b, '\n');
    } else {
        print_text(&b, &job->out);
    }
    if (b.failed || fwrite(b.at, 1, b.len, stdout) != b.len || fflush(stdout))
        return fail(ctx, ERR_INTERNAL, "the result could not be written");
    return ERR_OK;
}

static enum err prepare(struct ctx *ctx, struct job *job)
{
    const struct face_args *args = job->args;
    int64_t templates = TEMPLATES_MAX;
    enum err e;

    if (!args->gallery || !args->probes || args->n)
        return fail(ctx, ERR_BAD_REQUEST, "identify needs --gallery DIR and --probes DIR");
    if (args->templates && (!str_to_i64(str_of(args->templates), &templates) || templates < 1 ||
                            templates > TEMPLATES_MAX))
        return fail(ctx, ERR_BAD_REQUEST, "--templates takes a number from 1 to %d", TEMPLATES_MAX);
    e = list_people(ctx, args->gallery, (size_t)templates, &job->enrolled, &job->enrolled_n);
    e = e ? e : list_people(ctx, args->probes, PICTURES_MAX, &job->asked, &job->asked_n);
    if (e)
        return e;
    job->pictures = count_pictures(job->enrolled, job->enrolled_n);
    job->hashes = arena_array(&ctx->arena, job->pictures, sizeof(*job->hashes));
    job->pictures += count_pictures(job->asked, job->asked_n);
    if (job->pictures > PICTURES_MAX)
        return fail(ctx, ERR_TOO_LARGE, "%zu pictures; at most %d", job->pictures, PICTURES_MAX);
    return ERR_OK;
}

enum err face_identify(struct ctx *ctx, const struct face_args *args)
{
    cleanup(job_finish) struct job job = {.args = args, .last_ms = clock_mono_ms()};
    /* Its own memory, given back after each picture. */
    struct ctx work = {.ports = ctx->ports, .face = ctx->face};
    int64_t start = clock_mono_us();
    enum err e = prepare(ctx, &job);

    e = e ? e : enrol(ctx, &job, &work);
    if (!e && !job.out.templates)
        e = fail(ctx, ERR_FACE_NONE, "no picture of the gallery shows a face");
    e = e ? e : ask_all(ctx, &job, &work);
    arena_finish(&work.arena);
    if (e)
        return e;
    job.out.ms_per_image = (double)(clock_mono_us() - start) / 1000 / (double)job.pictures;
    judge(&job);
    if (args->curve)
        make_curve(ctx, &job);
    return print_result(ctx, &job);
}
