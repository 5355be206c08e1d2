/* SPDX-License-Identifier: MIT */
/*
 * Each frame: age the tracks, give every face the track that it continues by place and likeness,
 * let its look vote, and decide. A face that does not look like its track any more starts a new
 * one.
 */
#include "face/track.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* A track is lost when its face was away for so long; one that named nobody may try again after
 * REFUSAL_MS; a named one proves itself anew after AGE_MS. */
enum { LOST_MS = 2000, REFUSAL_MS = 10 * 1000, AGE_MS = 5 * 60 * 1000, MEAN_OVER = 30 };
/* Same place; same face (as for 1:1); same face wherever it went meanwhile. */
/* A blink: both eyes open, both shut for so long, both open; probabilities of the eye net. */
enum { BLINK_LEAST_MS = 60, BLINK_MOST_MS = 600 };
static const double EYE_OPEN = 0.3, EYE_SHUT = 0.8, BLINK_YAW_DEG = 20;
static const double SAME_PLACE = 0.3, SAME_FACE = 0.40, SAME_ANYWHERE = 0.50;

enum blink { BLINK_NONE, BLINK_OPEN, BLINK_SHUT, BLINK_DONE };

struct track {
    int64_t id; /* 0: free */
    int64_t born_ms, seen_ms, voted_ms, decided_ms;
    struct face_box box;
    enum track_state state;
    struct face_match match;     /* of the decision */
    int64_t votes[TRACK_WINDOW]; /* persons; 0: a good look that named nobody */
    size_t n_votes;              /* filled */
    size_t looks;                /* good ones in all */
    bool torn;                   /* looks have named different persons, or two at once */
    float mean[FACE_DIM];        /* not normalised */
    size_t n_mean;
    double live_sum;
    size_t n_live;
    enum blink blink;
    int64_t shut_ms, asked_ms; /* the eyes shut; a blink was asked for, 0: not yet */
    bool taken;                /* by a face of this frame */
};

struct tracks {
    struct track at[TRACKS_MAX];
    int64_t last_id;
    int64_t clock_ms, now_ms; /* the caller's last time; our own, that never goes back */
    bool began;
};

struct tracks *tracks_create(void)
{
    return MEM_NEW(struct tracks);
}

void tracks_destroy(struct tracks *t)
{
    if (!t)
        return;
    secret_wipe(t, sizeof(*t));
    mem_free(t);
}

size_t tracks_open(const struct tracks *t)
{
    size_t n = 0;

    for (size_t i = 0; i < TRACKS_MAX; i++)
        n += t->at[i].id != 0;
    return n;
}

static void forget(struct track *k)
{
    secret_wipe(k, sizeof(*k));
}

static void advance(struct tracks *t, int64_t clock_ms)
{
    if (t->began && clock_ms > t->clock_ms)
        t->now_ms += clock_ms - t->clock_ms;
    t->clock_ms = clock_ms;
    t->began = true;
    for (size_t i = 0; i < TRACKS_MAX; i++) {
        struct track *k = &t->at[i];
        bool refused = k->state != TRACK_LOOKING && k->state != TRACK_NAMED;

        k->taken = false;
        if (k->id && (t->now_ms - k->seen_ms > LOST_MS || t->now_ms - k->born_ms > AGE_MS ||
                      (refused && t->now_ms - k->decided_ms > REFUSAL_MS)))
            forget(k);
    }
}

/* Not one broken number, and of unit length. */
static bool is_sound(const struct face_found *f)
{
    double square = 0;

    if (!f->embedded)
        return false;
    for (size_t i = 0; i < FACE_DIM; i++)
        square += (double)f->embedding[i] * (double)f->embedding[i];
    return isfinite(square) && fabs(square - 1) < 0.01;
}

static bool has_place(const struct face_box *b)
{
    return isfinite(b->x) && isfinite(b->y) && b->width > 0 && b->height > 0 &&
           isfinite(b->width) && isfinite(b->height);
}

/* Intersection over union. */
static double overlap(const struct face_box *a, const struct face_box *b)
{
    double w = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double h = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
    double both = w > 0 && h > 0 ? w * h : 0;

    return both > 0 ? both / (a->width * a->height + b->width * b->height - both) : 0;
}

static double likeness(const struct track *k, const float v[FACE_DIM])
{
    double dot = 0, square = 0;

    for (size_t i = 0; i < FACE_DIM; i++) {
        dot += (double)k->mean[i] * (double)v[i];
        square += (double)k->mean[i] * (double)k->mean[i];
    }
    return square > 0 ? dot / sqrt(square) : 0;
}

/* How well a look continues a track; 0: it does not. */
static double fit(const struct track *k, const struct track_look *l, bool sound)
{
    double place = overlap(&k->box, &l->face->box), like;

    if (!k->id || k->taken || (!sound && place < SAME_PLACE))
        return 0;
    if (!sound || !k->n_mean)
        return place >= SAME_PLACE ? place : 0;
    like = likeness(k, l->face->embedding);
    if (l->good && like < SAME_FACE)
        return 0;
    if (place < SAME_PLACE && like < SAME_ANYWHERE)
        return 0;
    return place + 2 * fmax(like, 0) + 1e-6;
}

/* A free place, else the one seen longest ago that no face of this frame has; NULL: none. */
static struct track *room(struct tracks *t)
{
    struct track *oldest = NULL;

    for (size_t i = 0; i < TRACKS_MAX; i++) {
        struct track *k = &t->at[i];

        if (!k->id)
            return k;
        if (!k->taken && (!oldest || k->seen_ms < oldest->seen_ms))
            oldest = k;
    }
    return oldest;
}

static struct track *begin(struct tracks *t)
{
    struct track *k = room(t);

    if (!k)
        return NULL;
    forget(k);
    k->id = ++t->last_id;
    k->born_ms = t->now_ms;
    k->voted_ms = t->now_ms - TRACK_LOOK_MS;
    return k;
}

/* The best pairs first, so that of two faces near a track the better one continues it. */
static void associate(struct tracks *t, const struct track_look *looks, const bool *sound, size_t n,
                      struct track **ret)
{
    for (;;) {
        double best = 0;
        size_t track = 0, look = 0;

        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; !ret[i] && k < TRACKS_MAX; k++) {
                double f = has_place(&looks[i].face->box) ? fit(&t->at[k], &looks[i], sound[i]) : 0;

                if (f > best) {
                    best = f;
                    track = k;
                    look = i;
                }
            }
        if (best <= 0)
            return;
        ret[look] = &t->at[track];
        ret[look]->taken = true;
    }
}

static void add_to_mean(struct track *k, const float v[FACE_DIM])
{
    /* What was long ago fades: a face changes with the light and the way it is turned. */
    float keep = k->n_mean < MEAN_OVER ? 1.0F : 1.0F - 1.0F / MEAN_OVER;

    for (size_t i = 0; i < FACE_DIM; i++)
        k->mean[i] = k->mean[i] * keep + v[i];
    if (k->n_mean < MEAN_OVER)
        k->n_mean++;
}

/* What the votes rest on begins anew; how many looks were spent stays. */
static void restart(struct track *k)
{
    k->torn = true;
    k->n_votes = 0;
    secret_wipe(k->mean, sizeof(k->mean));
    k->n_mean = k->n_live = 0;
    k->live_sum = 0;
    k->asked_ms = 0;
    k->blink = BLINK_NONE;
}

static size_t votes_for(const struct track *k, int64_t person)
{
    size_t n = 0;

    for (size_t i = 0; i < k->n_votes; i++)
        n += person && k->votes[i] == person;
    return n;
}

static bool contradicts(const struct track *k, int64_t person)
{
    for (size_t i = 0; person && i < k->n_votes; i++)
        if (k->votes[i] && k->votes[i] != person)
            return true;
    return false;
}

static void add_vote(struct track *k, int64_t person)
{
    if (contradicts(k, person))
        restart(k);
    if (k->n_votes == TRACK_WINDOW)
        memmove(k->votes, k->votes + 1, sizeof(k->votes) - sizeof(k->votes[0]));
    else
        k->n_votes++;
    k->votes[k->n_votes - 1] = person;
    k->looks++;
}

static struct face_match match_of_mean(const struct track *k, const struct roster *r)
{
    float unit[FACE_DIM];
    double square = 0;
    struct face_match m = {0};

    for (size_t i = 0; i < FACE_DIM; i++)
        square += (double)k->mean[i] * (double)k->mean[i];
    if (square <= 0)
        return m;
    for (size_t i = 0; i < FACE_DIM; i++)
        unit[i] = (float)((double)k->mean[i] / sqrt(square));
    m = roster_identify(r, unit);
    secret_wipe(unit, sizeof(unit));
    return m;
}

static void settle(struct tracks *t, struct track *k, enum track_state state, struct face_match m)
{
    k->state = state;
    k->match = m;
    k->decided_ms = t->now_ms;
}

/* Watches for open, shut, open; what lasts too long or is too quick is no blink. */
static void watch_eyes(const struct tracks *t, struct track *k, const struct face_found *f)
{
    double most = fmax(f->eyes_closed[0], f->eyes_closed[1]);
    double least = fmin(f->eyes_closed[0], f->eyes_closed[1]);
    int64_t shut_for = t->now_ms - k->shut_ms;

    if (k->blink == BLINK_DONE)
        return;
    if (!(fabs(f->yaw_deg) < BLINK_YAW_DEG)) {
        k->blink = BLINK_NONE;
    } else if (most < EYE_OPEN) {
        bool blinked =
            k->blink == BLINK_SHUT && shut_for >= BLINK_LEAST_MS && shut_for <= BLINK_MOST_MS;

        k->blink = blinked ? BLINK_DONE : BLINK_OPEN;
    } else if (k->blink == BLINK_OPEN && least > EYE_SHUT) {
        k->blink = BLINK_SHUT;
        k->shut_ms = t->now_ms;
    }
}

/* Only what was done after it was asked for counts: a film that goes on by itself does not. */
static bool has_blinked(const struct tracks *t, struct track *k)
{
    if (!k->asked_ms) {
        k->asked_ms = t->now_ms > 0 ? t->now_ms : 1;
        k->blink = BLINK_NONE;
    }
    return k->blink == BLINK_DONE;
}

static bool is_alive(const struct track *k)
{
    return k->live_sum / (double)k->n_live >= TRACK_SPOOF_BELOW;
}

/* The looks and their mean name the same person: is that person alive, as far as is asked? */
static void name(struct tracks *t, struct track *k, const struct track_rule *rule,
                 struct face_match m)
{
    if (rule->live && k->n_live < TRACK_LIVE)
        return;
    if (rule->live && !is_alive(k))
        settle(t, k, TRACK_SPOOF, m);
    else if (!rule->blink || has_blinked(t, k))
        settle(t, k, TRACK_NAMED, m);
}

static bool is_asked_in_vain(const struct tracks *t, const struct track *k)
{
    return k->asked_ms && t->now_ms - k->asked_ms > TRACK_BLINK_MS;
}

static void decide(struct tracks *t, struct track *k, const struct track_rule *rule,
                   const struct face_match *look)
{
    bool agreed = look->decision == FACE_MATCH && votes_for(k, look->person) >= TRACK_AGREE;
    bool spent = k->looks >= TRACK_LOOKS && !k->asked_ms;
    struct face_match m;

    if (is_asked_in_vain(t, k)) {
        settle(t, k, TRACK_SPOOF, match_of_mean(k, rule->roster));
        return;
    }
    if (!agreed && !spent)
        return;
    m = match_of_mean(k, rule->roster);
    if (agreed && m.decision == FACE_MATCH && m.person == look->person)
        name(t, k, rule, m);
    else if (spent)
        settle(t, k, k->torn || m.decision == FACE_AMBIGUOUS ? TRACK_AMBIGUOUS : TRACK_UNKNOWN, m);
}

static void add_live(struct track *k, const struct track_rule *rule, size_t look)
{
    double v = 0;

    if (rule->live && k->state == TRACK_LOOKING && rule->live(rule->user, look, &v) &&
        isfinite(v)) {
        k->live_sum += v;
        k->n_live++;
    }
}

/* A good look of the face that a track follows. False: it names another person than the track. */
static bool judge(struct tracks *t, struct track *k, const struct track_rule *rule,
                  const struct track_look *l, size_t look, struct track_seen *ret)
{
    struct face_match m = roster_identify(rule->roster, l->face->embedding);
    int64_t person = m.decision == FACE_MATCH ? m.person : 0;

    if (k->state == TRACK_NAMED && person && person != k->match.person)
        return false;
    ret->match = m;
    ret->compared = true;
    if (rule->blink && k->state == TRACK_LOOKING)
        watch_eyes(t, k, l->face);
    if (t->now_ms - k->voted_ms < TRACK_LOOK_MS)
        return true;
    k->voted_ms = t->now_ms;
    if (k->state == TRACK_LOOKING) {
        k->torn = k->torn || m.decision == FACE_AMBIGUOUS;
        add_vote(k, person);
        add_live(k, rule, look);
    }
    add_to_mean(k, l->face->embedding);
    if (k->state == TRACK_LOOKING) {
        decide(t, k, rule, &m);
        ret->news = k->state != TRACK_LOOKING;
    }
    return true;
}

static void tell(const struct track *k, struct track_seen *ret)
{
    ret->track = k->id;
    ret->state = k->state;
    if (k->state != TRACK_LOOKING) {
        ret->match = k->match;
        ret->compared = true;
    }
    if (ret->compared && ret->match.decision == FACE_MATCH)
        ret->votes = (int64_t)votes_for(k, ret->match.person);
    ret->asks_blink = k->state == TRACK_LOOKING && k->asked_ms;
    if (k->n_live)
        ret->live = (struct opt_f64){.set = true, .v = k->live_sum / (double)k->n_live};
}

static void follow(struct tracks *t, const struct track_rule *rule, const struct track_look *looks,
                   size_t look, struct track *k, struct track_seen *ret)
{
    const struct track_look *l = &looks[look];
    bool counts = l->good && is_sound(l->face);

    if (!k)
        k = begin(t);
    if (k && counts && !judge(t, k, rule, l, look, ret)) {
        /* Somebody else stands where the named person stood. */
        k->taken = true;
        k = begin(t);
        if (k)
            (void)judge(t, k, rule, l, look, ret);
    }
    if (!k)
        return;
    k->taken = true;
    k->seen_ms = t->now_ms;
    k->box = l->face->box;
    tell(k, ret);
}

void tracks_feed(struct tracks *t, const struct track_rule *rule, const struct track_look *looks,
                 size_t n, int64_t now_ms, struct track_seen *ret)
{
    struct track *of[FACE_MAX_FACES] = {0};
    bool sound[FACE_MAX_FACES] = {0};

    if (n)
        memset(ret, 0, n * sizeof(*ret));
    n = n < FACE_MAX_FACES ? n : FACE_MAX_FACES;
    advance(t, now_ms);
    for (size_t i = 0; i < n; i++)
        sound[i] = is_sound(looks[i].face);
    associate(t, looks, sound, n, of);
    for (size_t i = 0; i < n; i++)
        if (has_place(&looks[i].face->box))
            follow(t, rule, looks, i, of[i], &ret[i]);
}
