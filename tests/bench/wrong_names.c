/* SPDX-License-Identifier: MIT */
/*
 * How often a check-in gets the wrong name. People come to sessions of 30, four in five of them on
 * the roster, and are seen by degraded photos; the product's own rule names them or does not, by
 * one look and by a track of looks. Prints rows for report.py, and a table on stderr.
 *
 * Synthetic: the portraits have one photo each, so templates and probes of a person are made from
 * the same one (which flatters the hit rate, not the wrong names); --people DIR adds folders with
 * real ones, and --same A=B says that two names are one person's. Check-ins share people and
 * photos: the interval takes them for independent.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/accuracy.h"
#include "face/calibrate.h"
#include "face/track.h"
#include "wrong_names_photos.h"

enum { TEMPLATES = 3, ROSTER = 30, PEOPLE_MAX = 400, AT_ONE_ROSTER = 20, LOOKS_MAX = 64 };
enum { LOOK_MS = 100, PICTURE_MAX = 32 << 20, OWN_PHOTOS = 16 };

struct body {
    char name[64];
    size_t same_as; /* another body that shows the same person; SIZE_MAX: none */
    bool enrollable;
    struct look templates[TEMPLATES];
    struct look looks[LOOKS_MAX];
    size_t n;
};

struct bench {
    const char *people, *same;
    int64_t looks, check_ins, seed;
    bool table;
    struct body *all;
    size_t n, enrollable;
    int64_t photos, bad;
};

struct counted {
    struct open_set set;
    int64_t ambiguous, not_compared;
};

static enum err read_picture(struct ctx *ctx, const char *path, struct image *ret)
{
    cleanup(buf_finish) struct buf file = {0};
    enum err e = fs_read(ctx, path, PICTURE_MAX, &file);

    return e ? e : image_decode(ctx, buf_view(&file), ret);
}

static void name_body(struct body *body, const char *path)
{
    const char *slash = strrchr(path, '/');

    (void)snprintf(body->name, sizeof(body->name), "%s", slash ? slash + 1 : path);
    body->same_as = SIZE_MAX;
}

/* Fills from..to-1 of a person's looks by degraded copies of the picture, one in three hard. */
static enum err add_looks(struct ctx *work, struct bench *b, struct body *body,
                          const struct image *im, size_t more)
{
    struct look plain;
    double face_px = 0;
    uint64_t seed = (uint64_t)b->seed * 7919 + b->n * 104729 + body->n + 1;
    enum err e = look_plain(work, im, &face_px, &plain);

    for (size_t i = 0; !e && plain.found && i < more && body->n < LOOKS_MAX; i++) {
        struct look *l = &body->looks[body->n];
        e = look_degraded(work, im, face_px, i % 3 == 2 ? STRENGTH_HARD : STRENGTH_PROBE, &seed, l);
        body->n++;
        b->photos++;
        b->bad += !l->good;
        ctx_reset(work);
    }
    return e;
}

static enum err add_portrait(struct ctx *work, struct bench *b, const char *path, bool enrollable)
{
    cleanup(image_finish) struct image im = {0};
    struct body *body = &b->all[b->n];
    uint64_t seed = (uint64_t)b->seed * 31 + b->n + 1;
    double face_px = 0;
    enum err e = read_picture(work, path, &im);

    e = e ? e : look_plain(work, &im, &face_px, &body->templates[0]);
    for (size_t i = 0; !e && enrollable && i < TEMPLATES; i++)
        e = look_degraded(work, &im, face_px, STRENGTH_ENROL, &seed, &body->templates[i]);
    body->enrollable = enrollable;
    for (size_t i = 0; i < TEMPLATES && enrollable; i++)
        body->enrollable = body->enrollable && body->templates[i].good;
    e = e ? e : add_looks(work, b, body, &im, (size_t)b->looks);
    name_body(body, path);
    b->enrollable += body->enrollable;
    b->n += !e && body->n > 0;
    return e;
}

/* A folder of real photos: the first are templates, the rest are looked at plain and degraded. */
static enum err add_folder(struct ctx *ctx, struct ctx *work, struct bench *b, const char *dir)
{
    struct strs files;
    struct body *body = &b->all[b->n];
    double unused;
    enum err e = fs_list(ctx, dir, &files);

    for (size_t i = 0; !e && i < files.n && i < OWN_PHOTOS; i++) {
        cleanup(image_finish) struct image im = {0};
        e = read_picture(work, fs_join(ctx, dir, arena_cstr(&ctx->arena, files.at[i])), &im);
        if (!e && i < TEMPLATES) {
            e = look_plain(work, &im, &unused, &body->templates[i]);
            continue;
        }
        if (!e && body->n < LOOKS_MAX) {
            e = look_plain(work, &im, &unused, &body->looks[body->n]);
            b->photos++;
            b->bad += !body->looks[body->n++].good;
        }
        e = e ? e : add_looks(work, b, body, &im, (size_t)b->looks / 8 + 1);
    }
    name_body(body, dir);
    body->enrollable = files.n > TEMPLATES;
    for (size_t i = 0; i < TEMPLATES; i++)
        body->enrollable = body->enrollable && body->templates[i].found;
    b->enrollable += body->enrollable;
    b->n += !e && body->n > 0;
    return e;
}

static enum err load(struct ctx *ctx, struct ctx *work, struct bench *b, const char *portraits)
{
    struct strs names;
    enum err e = fs_list(ctx, portraits, &names);

    for (size_t i = 0; !e && i < names.n && b->n < PEOPLE_MAX; i++) {
        const char *name = arena_cstr(&ctx->arena, names.at[i]);
        /* p01.jpg can be enrolled, s01.jpg is a stranger: scripts/portraits.sh. */
        if (strchr("ps", name[0]) && name[1] >= '0' && name[1] <= '9')
            e = add_portrait(work, b, fs_join(ctx, portraits, name), name[0] == 'p');
    }
    if (e || !b->people)
        return e;
    e = fs_list(ctx, b->people, &names);
    for (size_t i = 0; !e && i < names.n && b->n < PEOPLE_MAX; i++)
        e = add_folder(ctx, work, b, fs_join(ctx, b->people, arena_cstr(&ctx->arena, names.at[i])));
    return e;
}

/* "A=B": two names of which it is believed that they are one person's. */
static void join_same(struct bench *b)
{
    struct str rest = str_of(b->same), first = str_cut(&rest, '=');
    size_t at[2] = {SIZE_MAX, SIZE_MAX};

    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < 2; k++)
            if (str_is(k ? rest : first, b->all[i].name))
                at[k] = i;
    if (at[0] == SIZE_MAX || at[1] == SIZE_MAX)
        return;
    b->all[at[0]].same_as = at[1];
    b->all[at[1]].same_as = at[0];
}

static bool is_double(const struct bench *b, const bool *in, size_t i)
{
    return b->all[i].same_as != SIZE_MAX && in[b->all[i].same_as];
}

/* Who is on the roster; their templates in a gallery. Person i has the id i + 1. */
static struct gallery *draw_roster(const struct bench *b, bool *in, uint64_t *seed)
{
    struct gallery *g = gallery_create(ROSTER * TEMPLATES);

    memset(in, 0, PEOPLE_MAX * sizeof(*in));
    for (size_t left = ROSTER; left;) {
        size_t i = (size_t)(next_random(seed) % b->n);
        if (in[i] || !b->all[i].enrollable || is_double(b, in, i))
            continue;
        in[i] = true;
        left--;
    }
    for (size_t i = 0; i < b->n; i++)
        for (size_t t = 0; in[i] && t < TEMPLATES; t++)
            gallery_add(g, (int64_t)i + 1, b->all[i].templates[t].embedding);
    gallery_seal(g);
    return g;
}

static size_t draw_person(const struct bench *b, const bool *in, bool on_roster, uint64_t *seed)
{
    size_t i;

    do
        i = (size_t)(next_random(seed) % b->n);
    while (in[i] != on_roster || (!on_roster && is_double(b, in, i)));
    return i;
}

static const struct look *draw_look(const struct body *p, uint64_t *seed)
{
    return &p->looks[next_random(seed) % p->n];
}

static bool by_one_look(const struct roster *r, const struct body *p, uint64_t *seed,
                        struct face_match *m)
{
    const struct look *l = draw_look(p, seed);

    if (l->good)
        *m = roster_identify(r, l->embedding);
    return l->good;
}

/* A track as the kiosk's: the face stays where it is, its looks differ. */
static bool by_track(const struct roster *r, const struct body *p, uint64_t *seed,
                     struct face_match *m)
{
    struct tracks *t = tracks_create();
    struct track_rule rule = {.roster = r};
    bool decided = false;

    for (int i = 0; i < TRACK_LOOKS && !decided; i++) {
        const struct look *l = draw_look(p, seed);
        struct face_found face = {.box = {100, 100, 150, 200}, .score = 1, .embedded = l->found};
        struct track_look look = {&face, l->good};
        struct track_seen seen = {0};

        memcpy(face.embedding, l->embedding, sizeof(face.embedding));
        if (!l->found)
            continue;
        tracks_feed(t, &rule, &look, 1, 1000 + LOOK_MS * i, &seen);
        decided = seen.state != TRACK_LOOKING;
        *m = seen.match;
        /* What is not decided names nobody. */
        if (seen.state != TRACK_NAMED && m->decision == FACE_MATCH)
            m->decision = FACE_UNKNOWN;
    }
    tracks_destroy(t);
    return decided;
}

static struct counted simulate(const struct bench *b, const struct face_rule *rule, bool tracks)
{
    struct counted c = {0};
    bool in[PEOPLE_MAX];
    uint64_t seed = (uint64_t)b->seed * 2654435761U + 1;

    for (int64_t done = 0; done < b->check_ins;) {
        struct roster r = {.gallery = draw_roster(b, in, &seed), .rule = rule};
        for (int k = 0; k < AT_ONE_ROSTER && done < b->check_ins; k++, done++) {
            bool mated = k % 5 != 4;
            size_t who = draw_person(b, in, mated, &seed);
            struct face_match m = {0};
            bool compared = tracks ? by_track(&r, &b->all[who], &seed, &m)
                                   : by_one_look(&r, &b->all[who], &seed, &m);
            open_set_count(&c.set, mated ? (int64_t)who + 1 : 0, compared ? &m : NULL);
            c.ambiguous += compared && m.decision == FACE_AMBIGUOUS;
            c.not_compared += !compared;
        }
        roster_finish(&r);
    }
    return c;
}

static void print_row(const char *name, const struct counted *c, bool judged, const char *end)
{
    int64_t wrong = c->set.misnamed + c->set.accepted, all = c->set.mated + c->set.strangers;
    struct interval i = interval_exact(wrong, all);
    struct open_set_rates r = open_set_rates(&c->set);

    printf(
        "{\"name\":\"%s\",\"ours\":\"%lld of %lld, 95 %% interval %.1e to %.1e\",\n"
        " \"beside\":\"found %.2f %%, strangers named %lld of %lld\",\n"
        " \"value\":%.6g,\"shown\":\"%.1e\"",
        name, (long long)wrong, (long long)all, i.low, i.high, 100 * r.hit_rate,
        (long long)c->set.accepted, (long long)c->set.strangers, r.wrong_name_rate,
        r.wrong_name_rate);
    if (judged)
        printf(",\"limit\":1e-4,\"wide\":1e-4");
    printf("}%s\n", end);
}

/* For docs/models.md: one look, every margin and threshold. */
static void print_table(const struct bench *b)
{
    static const double thresholds[] = {0.35, 0.40, 0.45, 0.50, 0.55};

    fprintf(stderr,
            "threshold margin  found %%   FNIR %%   FPIR %%  misnamed  wrong/10000 ambiguous\n");
    for (size_t t = 0; t < COUNT(thresholds); t++)
        for (int cents = 0; cents <= 15; cents += t == 2 ? 1 : 5) {
            double th = thresholds[t];
            struct face_rule rule = {th, th, th, 1, 2, cents / 100.0};
            struct counted c = simulate(b, &rule, false);
            struct open_set_rates r = open_set_rates(&c.set);

            fprintf(stderr, "   %.2f    %.2f   %7.3f  %7.3f  %7.3f  %7lld   %9.2f  %8lld\n", th,
                    rule.margin, 100 * r.hit_rate, 100 * r.fnir, 100 * r.fpir,
                    (long long)c.set.misnamed, 1e4 * r.wrong_name_rate, (long long)c.ambiguous);
        }
}

static bool parse(int argc, char **argv, struct bench *b)
{
    if (argc < 4)
        return false;
    for (int i = 4; i < argc; i++) {
        int64_t *number = strcmp(argv[i], "--looks") == 0       ? &b->looks
                          : strcmp(argv[i], "--check-ins") == 0 ? &b->check_ins
                          : strcmp(argv[i], "--seed") == 0      ? &b->seed
                                                                : NULL;
        if (strcmp(argv[i], "--table") == 0)
            b->table = true;
        else if (strcmp(argv[i], "--same") == 0 && i + 1 < argc)
            b->same = argv[++i];
        else if (strcmp(argv[i], "--people") == 0 && i + 1 < argc)
            b->people = argv[++i];
        else if (!number || i + 1 >= argc || !str_to_i64(str_of(argv[++i]), number) || *number < 1)
            return false;
    }
    return b->looks <= LOOKS_MAX;
}

static enum err run(struct ctx *ctx, struct bench *b, const char *portraits)
{
    struct ctx work = {.ports = ctx->ports, .face = ctx->face};
    struct counted one, track;
    enum err e = load(ctx, &work, b, portraits);

    if (e)
        return fail(ctx, e, "%.*s", (int)work.fault.detail.len, work.fault.detail.at);
    arena_finish(&work.arena);
    join_same(b);
    if (b->enrollable < ROSTER)
        return fail(ctx, ERR_NOT_FOUND, "%zu people to enrol; at least %d", b->enrollable, ROSTER);
    fprintf(stderr, "%zu people, %zu enrollable; %lld photos, %lld too bad to compare; seed %lld\n",
            b->n, b->enrollable, (long long)b->photos, (long long)b->bad, (long long)b->seed);
    one = simulate(b, NULL, false);
    track = simulate(b, NULL, true);
    puts("[");
    print_row("wrong names: check-ins by a track of looks", &track, true, ",");
    print_row("wrong names: check-ins by one look", &one, true, "");
    puts("]");
    if (b->table)
        print_table(b);
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct ctx ctx = {.ports = &system_ports};
    struct bench b = {.looks = 30, .check_ins = 20000, .seed = 1};
    enum err e;

    if (!parse(argc, argv, &b)) {
        (void)fputs(
            "usage: wrong_names MODELS_DIR RUNTIME PORTRAITS [--people DIR] [--same A=B] [--looks "
            "N]"
            " [--check-ins N] [--seed N] [--table]\n",
            stderr);
        return 2;
    }
    ctx_reset(&ctx);
    b.all = mem_array(PEOPLE_MAX + 1, sizeof(*b.all));
    struct face_models *models = face_models_open(&ctx, argv[2], argv[1]);
    ctx.face = face_create(models);
    e = run(&ctx, &b, argv[3]);
    if (e)
        (void)fprintf(stderr, "wrong_names: %.*s\n", (int)ctx.fault.detail.len,
                      ctx.fault.detail.at);
    face_destroy(ctx.face);
    face_models_close(models);
    mem_free(b.all);
    arena_finish(&ctx.arena);
    return e != ERR_OK;
}
