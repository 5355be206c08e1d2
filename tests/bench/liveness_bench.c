/* SPDX-License-Identifier: MIT */
/*
 * Synthetic people and attackers before the real nets and the liveness engine: each session is
 * drawn, written as JPEG, read, searched for faces and judged frame by frame, as a server would.
 *
 * usage: liveness_bench MODELS_DIR RUNTIME PORTRAITS_DIR COUNT SEED THREADS [SPECIES_NUMBER INDEX]
 * Prints JSON for liveness.py to judge; with a species and an index the frames of one session.
 */
#include <math.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/passive.h"
#include "liveness_player.h"

enum {
    PEOPLE = 40,
    FPS = 10,
    FRAMES_MAX = 300,
    THREADS_MAX = 8,
    PASSIVE_EVERY = 4,
    BASE_MS = 1000
};

/* A portrait can act when it looks straight ahead and the nets see its drawn turns and lids. */
static const double STRAIGHT = 0.10;
static const double TURN_DEG = 28;
static const double TURN_SEEN = 0.2;
static const double NOSE_LEAST = 0.40;
static const double NOSE_MOST = 0.55;

struct outcome {
    bool ran, passed, reasons[LIVE_REFUSAL_COUNT];
    size_t frames, passive_frames, replays, replays_passed, done;
    double passive, relief[2];
};

/* What was measured of one frame; kept to be fed into other sessions. */
struct taken {
    struct live_frame frame;
    struct face_found faces[2];
};

struct recording {
    struct taken at[FRAMES_MAX];
    size_t n;
    uint8_t *film; /* pixels of the frames, when they are to be shown again */
};

struct bench {
    struct face_models *models;
    struct portrait people[PEOPLE];
    size_t n_people, turns_unseen, lids_unseen;
    size_t count, items;
    uint64_t seed;
    struct outcome *outcomes; /* species by species */
    atomic_size_t next;
    bool trace;
};

struct worker {
    struct bench *bench;
    struct ctx ctx;
    struct canvas canvas;
    struct recording recording;
};

_Noreturn static void fail_hard(const struct ctx *ctx, const char *what)
{
    (void)fprintf(stderr, "liveness_bench: %s: %s\n", what,
                  ctx->fault.detail.len ? ctx->fault.detail.at : "");
    exit(2);
}

/* The frame through the whole chain: JPEG, decoder, nets. */
static void take(struct worker *w, int quality, enum face_options options, struct taken *to)
{
    struct ctx *ctx = &w->ctx;
    struct image im;
    struct str file;
    struct face_found *found;
    size_t n;
    bool passive = to->frame.number % PASSIVE_EVERY == 0;

    if (canvas_jpeg(ctx, &w->canvas, quality, &file) || image_decode(ctx, file, &im) ||
        face_find(ctx, &im, options, &found, &n))
        fail_hard(ctx, "a frame");
    crypto_hash_sha256(to->frame.digest, (const unsigned char *)file.at, file.len);
    live_print_of(&im, &to->frame.print);
    to->frame.width = im.width;
    to->frame.height = im.height;
    to->frame.n = n < COUNT(to->faces) ? n : COUNT(to->faces);
    to->frame.faces = to->faces;
    to->frame.passive = NAN;
    for (size_t i = 0; i < to->frame.n; i++)
        to->faces[i] = found[i];
    if (passive && n && face_passive(ctx, &im, &found[0], &to->frame.passive))
        fail_hard(ctx, "the passive net");
    image_finish(&im);
    ctx_reset(ctx);
}

static void trace(const struct taken *t, const struct live_progress *p)
{
    const struct face_found *f = t->faces;

    printf("%5lld n%zu t%+.2f e%.2f,%.2f h%.0f s%.0f norm%.1f p%.2f | %zu %s %s\n",
           (long long)t->frame.at_ms - BASE_MS, t->frame.n, f->yaw_offset, f->eyes_closed[0],
           f->eyes_closed[1], f->box.height, f->sharpness, f->norm, t->frame.passive, p->done,
           p->state == LIVE_ONGOING ? live_challenge_name(p->current) : "over",
           live_hint_name(p->hint));
}

static void note(const struct liveness *l, struct outcome *o)
{
    struct live_result r = liveness_result(l);
    size_t turns = 0;

    o->ran = true;
    o->passed = r.passed;
    o->frames = r.frames;
    o->passive = r.passive;
    o->passive_frames = r.passive_frames;
    for (size_t i = 0; i < r.n_reasons; i++)
        o->reasons[r.reasons[i]] = true;
    for (size_t i = 0; i < r.n_steps; i++) {
        o->done += r.steps[i].passed;
        if (isfinite(r.steps[i].relief) && turns < COUNT(o->relief))
            o->relief[turns++] = r.steps[i].relief;
    }
}

/* The next frame of a film on a phone that a hand holds; the film begins anew when it ends. */
static void show_film(struct worker *w, struct player *a, size_t i)
{
    struct recording *rec = &w->recording;
    size_t shown = rec->n ? i % rec->n : 0;
    struct portrait film = {.width = FRAME_WIDTH,
                            .height = FRAME_HEIGHT,
                            .rgb = rec->film + shown * FRAME_PIXELS * 3,
                            .eyes = {FRAME_WIDTH / 2.0, FRAME_HEIGHT * 0.42}};

    player_film(a, &film, (double)i / FPS, &w->canvas);
}

static void run(struct worker *w, struct player *a, uint32_t pick, struct outcome *o)
{
    struct bench *b = w->bench;
    enum live_challenge seq[LIVE_PICKED];
    bool film = a->species == SPECIES_SCREEN_REPLAY && a->face == NULL;
    struct recording *rec = &w->recording;
    struct taken own;
    struct chance jitter = {a->chance.state ^ 77};
    int64_t end_ms = BASE_MS + LIVE_SESSION_MS;

    live_pick(pick, seq);
    struct liveness *l = liveness_create(seq, LIVE_PICKED, BASE_MS, end_ms);
    struct live_progress p = liveness_progress(l);
    size_t n = 0;
    for (; n < FRAMES_MAX && p.state == LIVE_ONGOING && a->gave_up_s <= 0; n++) {
        struct taken *t = film ? &own : &rec->at[n];
        if (film)
            show_film(w, a, n);
        else
            player_frame(a, (double)n / FPS, &p, &w->canvas);
        if (rec->film && !film)
            memcpy(rec->film + n * FRAME_PIXELS * 3, w->canvas.rgb, sizeof(w->canvas.rgb));
        bool embed = n % 3 == 0 || a->species == SPECIES_INJECTED;
        memset(t, 0, sizeof(*t));
        t->frame.number = (uint32_t)n;
        t->frame.at_ms = BASE_MS + (int64_t)n * 1000 / FPS + (int64_t)(chance_bits(&jitter) % 17);
        take(w, a->quality, FACE_EYES | (embed ? FACE_EMBED : 0), t);
        p = liveness_feed(l, &t->frame);
        if (b->trace)
            trace(t, &p);
    }
    if (!film)
        rec->n = n;
    note(l, o);
    liveness_destroy(l);
}

/* The recording into every other challenge. */
static void replay(struct worker *w, uint32_t pick, struct outcome *o)
{
    for (uint32_t other = 0; other < LIVE_PICKS; other++) {
        enum live_challenge seq[LIVE_PICKED];
        if (other == pick)
            continue;
        live_pick(other, seq);
        struct liveness *l = liveness_create(seq, LIVE_PICKED, BASE_MS, BASE_MS + LIVE_SESSION_MS);
        for (size_t i = 0; i < w->recording.n; i++)
            (void)liveness_feed(l, &w->recording.at[i].frame);
        o->replays++;
        o->replays_passed += liveness_result(l).passed;
        liveness_destroy(l);
    }
}

static void perform(struct worker *w, enum species s, size_t index, struct outcome *o)
{
    struct bench *b = w->bench;
    struct chance c = {b->seed * 1000003 + (uint64_t)s * 100003 + index};
    struct portrait *face = &b->people[index % b->n_people];
    struct portrait *other =
        &b->people[(index + 1 + chance_bits(&c) % (b->n_people - 1)) % b->n_people];
    uint32_t pick = (uint32_t)(chance_bits(&c) % LIVE_PICKS);
    bool film = s == SPECIES_SCREEN_REPLAY;
    struct player a;

    player_init(&a, film ? SPECIES_BONA_FIDE : s, face, other, chance_bits(&c));
    if (film)
        w->recording.film = mem_alloc((size_t)FRAMES_MAX * FRAME_PIXELS * 3);
    run(w, &a, pick, o);
    if (s == SPECIES_BONA_FIDE && o->passed)
        replay(w, pick, o);
    if (film) {
        uint32_t asked = (uint32_t)((pick + 1 + chance_bits(&c) % (LIVE_PICKS - 1)) % LIVE_PICKS);
        *o = (struct outcome){0};
        player_init(&a, s, NULL, NULL, chance_bits(&c));
        run(w, &a, asked, o);
        mem_free(w->recording.film);
        w->recording.film = NULL;
    }
}

/* How many sessions of a kind: all where a limit is tight, fewer where none is set. */
static size_t sessions_of(const struct bench *b, enum species s)
{
    static const size_t percent[SPECIES_COUNT] = {
        [SPECIES_BONA_FIDE] = 50,     [SPECIES_STILL] = 100,   [SPECIES_PRINT] = 50,
        [SPECIES_BENT] = 20,          [SPECIES_SCREEN] = 50,   [SPECIES_MASK] = 20,
        [SPECIES_LOOP] = 20,          [SPECIES_INJECTED] = 20, [SPECIES_SECOND] = 20,
        [SPECIES_REPLAY] = 0, /* comes with the bona fide sessions */
        [SPECIES_SCREEN_REPLAY] = 20,
    };
    size_t n = b->count * percent[s] / 100;

    return n || !percent[s] ? n : 1;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct bench *b = w->bench;

    for (;;) {
        size_t i = atomic_fetch_add(&b->next, 1);
        if (i >= b->items)
            return NULL;
        enum species s = (enum species)(i / b->count);
        if (i % b->count < sessions_of(b, s))
            perform(w, s, i % b->count, &b->outcomes[i]);
    }
}

static void worker_init(struct worker *w, struct bench *b)
{
    w->bench = b;
    w->ctx.ports = &system_ports;
    ctx_reset(&w->ctx);
    w->ctx.face = face_create(b->models);
}

static void worker_finish(struct worker *w)
{
    face_destroy(w->ctx.face);
    canvas_finish(&w->canvas);
    arena_finish(&w->ctx.arena);
}

/* What the nets see of the portrait in one pose. */
static void look_at(struct worker *w, struct portrait *p, double yaw_deg, double closed,
                    struct taken *ret)
{
    struct pose pose = {.yaw = yaw_deg * 3.14159265 / 180,
                        .x = FRAME_WIDTH / 2.0,
                        .y = 100,
                        .size = 43,
                        .distance = 9,
                        .closed = closed};
    struct chance c = {5};

    draw_surface(&w->canvas, p, SURFACE_HEAD, &pose);
    look_filmed(&w->canvas, &c, 1, 2);
    take(w, 85, FACE_EYES, ret);
}

/* Whether the nets see this portrait alone and straight, its drawn turns, and its drawn lids. */
static bool can_act(struct worker *w, struct portrait *p)
{
    static struct taken open, shut, left, right;

    look_at(w, p, 0, 0, &open);
    look_at(w, p, 0, 1, &shut);
    look_at(w, p, TURN_DEG, 0, &left);
    look_at(w, p, -TURN_DEG, 0, &right);
    double t = open.faces[0].yaw_offset;
    if (open.frame.n != 1 || left.frame.n != 1 || right.frame.n != 1 || fabs(t) > STRAIGHT ||
        left.faces[0].yaw_offset - t < TURN_SEEN || right.faces[0].yaw_offset - t > -TURN_SEEN) {
        w->bench->turns_unseen++;
        return false;
    }
    const double *o = open.faces[0].eyes_closed, *s = shut.faces[0].eyes_closed;
    if (!shut.frame.n || fmax(o[0], o[1]) > 0.3 || fmin(s[0], s[1]) < 0.8) {
        w->bench->lids_unseen++;
        return false;
    }
    return true;
}

static void load_people(struct worker *w, const char *dir)
{
    struct bench *b = w->bench;
    struct chance c = {b->seed};

    for (int i = 1; i <= PEOPLE; i++) {
        char name[32];
        struct portrait *p = &b->people[b->n_people];
        (void)snprintf(name, sizeof(name), "p%02d.jpg", i);
        double nose = chance_between(&c, NOSE_LEAST, NOSE_MOST);
        if (portrait_load(&w->ctx, fs_join(&w->ctx, dir, name), nose, p))
            fail_hard(&w->ctx, name);
        if (can_act(w, p))
            b->n_people++;
        else
            portrait_finish(p);
        ctx_reset(&w->ctx);
    }
    if (b->n_people < 2)
        fail_hard(&w->ctx, "too few portraits can act");
}

static int by_value(const void *a, const void *b)
{
    const double *p = a, *q = b;

    return (*p > *q) - (*p < *q);
}

static void print_reliefs(const struct outcome *o, size_t n)
{
    double *all = mem_array(2 * n, sizeof(*all));
    size_t k = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < 2; j++)
            if (o[i].relief[j] != 0)
                all[k++] = o[i].relief[j];
    if (k)
        qsort(all, k, sizeof(*all), by_value);
    printf("\"relief\":[");
    for (int q = 0; k && q <= 4; q++)
        printf("%s%.3f", q ? "," : "",
               all[(size_t)((double)(k - 1) * (q == 0   ? 0.02
                                               : q == 4 ? 0.98
                                                        : q * 0.25))]);
    printf("],");
    mem_free(all);
}

static void print_species(const struct bench *b, enum species s)
{
    const struct outcome *o = b->outcomes + (size_t)s * b->count;
    size_t n = 0, passed = 0, frames = 0, passive = 0, live = 0, reasons[LIVE_REFUSAL_COUNT] = {0};

    if (s == SPECIES_REPLAY)
        o = b->outcomes;
    for (size_t i = 0; i < b->count; i++) {
        bool replayed = s == SPECIES_REPLAY;
        n += replayed ? o[i].replays : o[i].ran;
        passed += replayed ? o[i].replays_passed : o[i].passed;
        frames += o[i].frames;
        if (isfinite(o[i].passive) && o[i].ran && !replayed) {
            passive++;
            live += o[i].passive > 0.5;
        }
        for (size_t r = 0; r < LIVE_REFUSAL_COUNT; r++)
            reasons[r] += !replayed && o[i].reasons[r];
    }
    printf(
        "{\"species\":\"%s\",\"n\":%zu,\"passed\":%zu,\"frames\":%zu,\"passive_n\":%zu,"
        "\"passive_live\":%zu,",
        species_name(s), n, passed, frames, passive, live);
    print_reliefs(o, b->count);
    printf("\"reasons\":{");
    for (size_t r = 0, any = 0; r < LIVE_REFUSAL_COUNT; r++)
        if (reasons[r])
            printf("%s\"%s\":%zu", any++ ? "," : "", live_refusal_name((enum live_refusal)r),
                   reasons[r]);
    printf("}}%s\n", s + 1 < SPECIES_COUNT ? "," : "");
}

static void print_all(const struct bench *b)
{
    printf(
        "{\"seed\":%llu,\"portraits\":%zu,\"turns_unseen\":%zu,\"lids_unseen\":%zu,"
        "\"fps\":%d,\"width\":%d,\"height\":%d,\"species\":[\n",
        (unsigned long long)b->seed, b->n_people, b->turns_unseen, b->lids_unseen, FPS, FRAME_WIDTH,
        FRAME_HEIGHT);
    for (int s = 0; s < SPECIES_COUNT; s++)
        print_species(b, (enum species)s);
    printf("]}\n");
}

static void run_all(struct worker *workers, size_t threads)
{
    pthread_t ids[THREADS_MAX];

    for (size_t i = 1; i < threads; i++)
        if (pthread_create(&ids[i], NULL, work, &workers[i]) != 0)
            fail_hard(&workers[0].ctx, "a thread");
    (void)work(&workers[0]);
    for (size_t i = 1; i < threads; i++)
        (void)pthread_join(ids[i], NULL);
}

static uint64_t number_of(const char *text)
{
    return strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
    static struct bench b;
    static struct worker workers[THREADS_MAX];

    if (argc != 7 && argc != 9) {
        (void)fputs(
            "usage: liveness_bench MODELS_DIR RUNTIME PORTRAITS_DIR COUNT SEED THREADS "
            "[SPECIES_NUMBER INDEX]\n",
            stderr);
        return 2;
    }
    struct ctx ctx = {.ports = &system_ports};
    ctx_reset(&ctx);
    size_t threads = (size_t)number_of(argv[6]);
    threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    b.models = face_models_open(&ctx, argv[2], argv[1]);
    b.count = (size_t)number_of(argv[4]);
    b.seed = number_of(argv[5]);
    b.items = b.count * SPECIES_COUNT;
    b.outcomes = mem_array(b.items, sizeof(*b.outcomes));
    for (size_t i = 0; i < threads; i++)
        worker_init(&workers[i], &b);
    load_people(&workers[0], argv[3]);
    if (argc == 9) {
        struct outcome o = {0};
        b.trace = true;
        perform(&workers[0], (enum species)number_of(argv[7]), (size_t)number_of(argv[8]), &o);
        for (size_t r = 0; r < LIVE_REFUSAL_COUNT; r++)
            if (o.reasons[r])
                printf("%s\n", live_refusal_name((enum live_refusal)r));
        printf("passed %d, relief %.2f %.2f\n", o.passed, o.relief[0], o.relief[1]);
    } else {
        run_all(workers, threads);
        print_all(&b);
    }
    for (size_t i = 0; i < threads; i++)
        worker_finish(&workers[i]);
    for (size_t i = 0; i < b.n_people; i++)
        portrait_finish(&b.people[i]);
    mem_free(b.outcomes);
    face_models_close(b.models);
    arena_finish(&ctx.arena);
    return 0;
}
