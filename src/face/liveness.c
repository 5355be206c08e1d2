/* SPDX-License-Identifier: MIT */
/*
 * A liveness session: first whether the frame may follow the ones before, then whose face it shows,
 * then what the current challenge makes of it. The first refusal is the last word.
 */
#include "face/liveness.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"

#include "face/liveness_parts.h"

enum {
    MAX_GAP_MS = 2000,
    LEAP_MS = 10 * 60 * 1000, /* no camera pauses so long: the clock was set */
    BURST_FRAMES = 40,
    BURST_MS = 500,
    STALLED_MAX = 10, /* equal frames in a row, of a camera slower than its reader */
    LOST_MS = 1000,
    CROWDED_RUN = 2,
    CROWDED_ALL = 4,
    STRANGE_ALL = 2,
    LEAPS_ALL = 2,
    RETURNS_ALL = 2, /* one may be chance */
    PASSIVE_FRAMES = 5,
    EMBEDDING_FRAMES = 3,
};

static const double MIN_HEIGHT = 80;
static const double PASSIVE_HEIGHT = 100;
static const double MIN_IOU = 0.2;
/* Of near-frontal frames of one track; face.h's model, docs/liveness.md. */
static const double SAME_PERSON = 0.40;
static const double STRANGER = 0.30;
static const double MIN_NORM = 2.5;

struct liveness {
    enum live_challenge seq[LIVE_MAX_CHALLENGES];
    struct live_step steps[LIVE_MAX_CHALLENGES];
    size_t n, at;
    int64_t created_ms, expires_ms, last_ms, face_ms;
    enum live_state state;
    enum live_hint hint;
    bool reasons[LIVE_REFUSAL_COUNT];

    struct live_seen *seen;
    size_t n_seen, room, stalled;
    uint32_t last_number;

    struct face_box box;
    bool tracked;
    size_t crowded_run, crowded_all, leaps_run, leaps_all, strange, returns;

    double sum[FACE_DIM], passive;
    size_t summed, passive_frames;
    uint32_t best_number;
    double best_norm, best_height, best_sharpness;

    struct live_doing doing;
};

struct liveness *liveness_create(const enum live_challenge *seq, size_t n, int64_t created_ms,
                                 int64_t expires_ms)
{
    if (n < 1 || n > LIVE_MAX_CHALLENGES)
        return NULL;

    static const double limits[] = {[LIVE_BLINK] = LIVE_IS_CLOSED,
                                    [LIVE_TURN_LEFT] = LIVE_TURNED,
                                    [LIVE_TURN_RIGHT] = LIVE_TURNED,
                                    [LIVE_COME_CLOSER] = LIVE_GROWTH};
    struct liveness *l = MEM_NEW(struct liveness);
    for (size_t i = 0; i < n; i++) {
        assert(seq[i] < LIVE_CHALLENGE_COUNT);
        l->seq[i] = seq[i];
        l->steps[i] =
            (struct live_step){.challenge = seq[i], .limit = limits[seq[i]], .relief = NAN};
    }
    l->n = n;
    l->created_ms = l->last_ms = created_ms;
    l->expires_ms = expires_ms;
    l->hint = LIVE_HINT_NO_FACE;
    return l;
}

void liveness_destroy(struct liveness *l)
{
    if (!l)
        return;
    if (l->seen)
        secret_wipe(l->seen, l->room * sizeof(*l->seen));
    mem_free(l->seen);
    secret_wipe(l, sizeof(*l));
    mem_free(l);
}

static bool refuse(struct liveness *l, enum live_refusal why)
{
    l->reasons[why] = true;
    l->state = LIVE_REFUSED;
    l->hint = LIVE_HINT_NONE;
    return false;
}

static bool check_time(struct liveness *l, int64_t at_ms)
{
    int64_t gap = at_ms - l->last_ms;

    if (gap < 0 || gap > LEAP_MS)
        return refuse(l, LIVE_REFUSED_CLOCK_JUMP);
    if (at_ms >= l->expires_ms)
        return refuse(l, LIVE_REFUSED_EXPIRED);
    if (l->n_seen && gap > MAX_GAP_MS)
        return refuse(l, LIVE_REFUSED_TOO_SLOW);
    if (l->n_seen >= BURST_FRAMES && at_ms - l->seen[l->n_seen - BURST_FRAMES].at_ms < BURST_MS)
        return refuse(l, LIVE_REFUSED_TOO_FAST);
    l->last_ms = at_ms;
    return true;
}

/* Whether the file came before. The one just before may come again: *again. */
static bool check_digest(struct liveness *l, const struct live_frame *f, bool *again)
{
    *again = false;
    for (size_t i = 0; i < l->n_seen; i++) {
        if (memcmp(l->seen[i].digest, f->digest, LIVE_DIGEST) != 0)
            continue;
        if (i + 1 < l->n_seen || ++l->stalled > STALLED_MAX)
            return refuse(l, LIVE_REFUSED_REPLAYED_FRAME);
        *again = true;
    }
    if (!*again)
        l->stalled = 0;
    return true;
}

static void remember(struct liveness *l, const struct live_frame *f)
{
    if (l->n_seen == l->room) {
        l->room = l->room ? 2 * l->room : 64;
        struct live_seen *more = mem_array(l->room, sizeof(*more));
        if (l->seen) {
            memcpy(more, l->seen, l->n_seen * sizeof(*more));
            secret_wipe(l->seen, l->n_seen * sizeof(*more));
        }
        mem_free(l->seen);
        l->seen = more;
    }
    struct live_seen *s = &l->seen[l->n_seen++];
    *s = (struct live_seen){.at_ms = f->at_ms};
    live_shades_of(&f->print, &s->shades);
    memcpy(s->digest, f->digest, LIVE_DIGEST);
}

/* In order, in time, not seen before; false: refused, or nothing new (*again). */
static bool admit(struct liveness *l, const struct live_frame *f, bool *again)
{
    *again = false;
    if (!check_time(l, f->at_ms))
        return false;
    if (l->n_seen && f->number <= l->last_number)
        return refuse(l, LIVE_REFUSED_REORDERED);
    if (l->n_seen >= LIVE_MAX_FRAMES)
        return refuse(l, LIVE_REFUSED_TOO_MANY_FRAMES);
    l->last_number = f->number;
    if (!check_digest(l, f, again))
        return false;
    if (*again)
        return false;
    remember(l, f);
    return true;
}

static bool is_finite(const struct face_found *f)
{
    bool ok = isfinite(f->box.x) && isfinite(f->box.y) && isfinite(f->box.width) &&
              isfinite(f->box.height) && isfinite(f->yaw_offset) && isfinite(f->sharpness) &&
              f->box.width > 0 && f->box.height > 0;

    for (size_t i = 0; i < COUNT(f->points); i++)
        ok = ok && isfinite(f->points[i].x) && isfinite(f->points[i].y);
    return ok;
}

static double iou(const struct face_box *a, const struct face_box *b)
{
    double w = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double h = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);

    if (w <= 0 || h <= 0)
        return 0;
    return w * h / (a->width * a->height + b->width * b->height - w * h);
}

/* The face that goes on where the last frame's was, or the largest to begin with. NULL: none. */
static const struct face_found *choose(const struct liveness *l, const struct live_frame *f)
{
    const struct face_found *best = NULL;
    double most = MIN_IOU;

    for (size_t i = 0; i < f->n; i++) {
        if (!is_finite(&f->faces[i]))
            continue;
        if (!l->tracked)
            return &f->faces[i];
        double over = iou(&l->box, &f->faces[i].box);
        if (over > most) {
            most = over;
            best = &f->faces[i];
        }
    }
    return best;
}

/* A frame without the tracked face: lost for good after a while; elsewhere: it leapt. */
static bool miss(struct liveness *l, const struct live_frame *f)
{
    l->hint = LIVE_HINT_NO_FACE;
    if (!l->tracked)
        return true;
    if (f->at_ms - l->face_ms > LOST_MS)
        return refuse(l, LIVE_REFUSED_FACE_LOST);
    if (f->n && is_finite(&f->faces[0])) {
        l->leaps_all++;
        if (++l->leaps_run >= LEAPS_ALL)
            return refuse(l, LIVE_REFUSED_FACE_LOST);
        if (l->leaps_all >= LEAPS_ALL)
            return refuse(l, LIVE_REFUSED_INJECTED_STILL);
    } else {
        l->leaps_run = 0;
    }
    return true;
}

static bool check_crowd(struct liveness *l, const struct live_frame *f)
{
    bool crowded = f->n > 1 && face_count_close(f->faces, f->n) > 1;

    l->crowded_run = crowded ? l->crowded_run + 1 : 0;
    l->crowded_all += crowded;
    if (l->crowded_run >= CROWDED_RUN || l->crowded_all >= CROWDED_ALL)
        return refuse(l, LIVE_REFUSED_SECOND_FACE);
    return true;
}

static double similarity(const struct liveness *l, const struct face_found *f)
{
    double dot = 0, square = 0;

    for (size_t i = 0; i < FACE_DIM; i++) {
        dot += l->sum[i] * (double)f->embedding[i];
        square += l->sum[i] * l->sum[i];
    }
    return dot / sqrt(fmax(square, 1e-12));
}

/* The same person as in the frames before, as far as a frame can tell; adds it to them. */
static bool check_person(struct liveness *l, const struct live_frame *frame,
                         const struct face_found *f)
{
    bool tells = f->embedded && f->norm >= MIN_NORM && fabs(f->yaw_offset) < LIVE_FRONTAL;

    if (!tells)
        return true;
    double like = l->summed ? similarity(l, f) : 1;
    if (!isfinite(like))
        return true;
    if (like < STRANGER && ++l->strange >= STRANGE_ALL)
        return refuse(l, LIVE_REFUSED_ANOTHER_PERSON);
    if (like < SAME_PERSON)
        return true;
    for (size_t i = 0; i < FACE_DIM; i++)
        l->sum[i] += (double)f->embedding[i];
    l->summed++;
    if (f->norm > l->best_norm) {
        l->best_norm = f->norm;
        l->best_number = frame->number;
        l->best_height = f->box.height;
        l->best_sharpness = f->sharpness;
    }
    return true;
}

static void finish_step(struct liveness *l, int64_t at_ms)
{
    struct live_step *step = &l->steps[l->at];

    step->passed = true;
    step->at_ms = at_ms;
    l->at++;
    live_begin(&l->doing, at_ms);
    if (l->at < l->n)
        return;
    if (l->n_seen < LIVE_MIN_FRAMES)
        (void)refuse(l, LIVE_REFUSED_NO_FRAMES);
    else if (l->summed < EMBEDDING_FRAMES)
        (void)refuse(l, LIVE_REFUSED_NO_FACE_DATA);
    else
        l->state = LIVE_PASSED;
}

/* What the challenge makes of the frame. */
static void challenge(struct liveness *l, const struct live_frame *frame,
                      const struct face_found *f)
{
    const struct point *p = f->points;
    double ex = (p[0].x + p[1].x) / 2, ey = (p[0].y + p[1].y) / 2;
    double mx = (p[3].x + p[4].x) / 2, my = (p[3].y + p[4].y) / 2;
    double apart = fmax(hypot(p[1].x - p[0].x, p[1].y - p[0].y), 1e-6);
    struct live_look look = {.at_ms = frame->at_ms,
                             .face = f,
                             .t = f->yaw_offset,
                             .between_eyes = apart,
                             .stretch = hypot(mx - ex, my - ey) / apart};

    switch (live_do(&l->doing, l->seq[l->at], &look, &l->steps[l->at])) {
    case LIVE_GO_ON:
        break;
    case LIVE_DONE:
        finish_step(l, frame->at_ms);
        break;
    case LIVE_FLAT_PICTURE:
        (void)refuse(l, LIVE_REFUSED_STILL_PICTURE);
        break;
    case LIVE_WRONG:
        (void)refuse(l, LIVE_REFUSED_WRONG_MOVEMENT);
        break;
    case LIVE_TOO_EARLY:
        (void)refuse(l, LIVE_REFUSED_TOO_FAST);
        break;
    }
    if (l->state == LIVE_ONGOING)
        l->hint = live_hint_of(&l->doing, l->seq[l->at]);
}

static bool check_repeats(struct liveness *l, const struct face_found *f)
{
    struct live_seen *last = &l->seen[l->n_seen - 1];

    memcpy(last->points, f->points, sizeof(last->points));
    last->face = true;
    if (live_came_back(l->seen, l->n_seen) && ++l->returns >= RETURNS_ALL)
        return refuse(l, LIVE_REFUSED_INJECTED_STILL);
    if (live_loops(l->seen, l->n_seen))
        return refuse(l, LIVE_REFUSED_REPLAYED_FRAME);
    return true;
}

/* The track goes on with this face. */
static void follow(struct liveness *l, const struct live_frame *frame, const struct face_found *f)
{
    if (!l->tracked)
        live_begin(&l->doing, frame->at_ms);
    l->tracked = true;
    l->box = f->box;
    l->face_ms = frame->at_ms;
    l->leaps_run = 0;
    if (isfinite(frame->passive) && f == frame->faces && f->box.height >= PASSIVE_HEIGHT) {
        l->passive += frame->passive;
        l->passive_frames++;
    }
}

struct live_progress liveness_feed(struct liveness *l, const struct live_frame *f)
{
    bool again;

    if (l->state != LIVE_ONGOING || !admit(l, f, &again) || !check_crowd(l, f))
        return liveness_progress(l);
    const struct face_found *face = choose(l, f);
    if (l->tracked && f->at_ms - l->doing.asked_ms > LIVE_CHALLENGE_MS) {
        (void)refuse(l, LIVE_REFUSED_CHALLENGE_FAILED);
    } else if (!face) {
        (void)miss(l, f);
    } else {
        follow(l, f, face);
        if (l->crowded_run)
            l->hint = LIVE_HINT_ONE_PERSON;
        else if (face->box.height < MIN_HEIGHT)
            l->hint = LIVE_HINT_FACE_TOO_SMALL;
        else if (check_person(l, f, face) && check_repeats(l, face))
            challenge(l, f, face);
    }
    return liveness_progress(l);
}

struct live_progress liveness_progress(const struct liveness *l)
{
    struct live_progress p = {.state = l->state, .done = l->at, .n = l->n, .hint = l->hint};

    if (l->state == LIVE_ONGOING) {
        int64_t from = l->tracked ? l->doing.asked_ms : l->last_ms;
        p.current = l->seq[l->at];
        p.left_ms = from + LIVE_CHALLENGE_MS - l->last_ms;
    }
    return p;
}

static void add_reasons(const struct liveness *l, struct live_result *r)
{
    for (size_t i = 0; i < LIVE_REFUSAL_COUNT; i++)
        if (l->reasons[i])
            r->reasons[r->n_reasons++] = (enum live_refusal)i;
    if (l->state != LIVE_ONGOING)
        return;
    if (l->n_seen < LIVE_MIN_FRAMES)
        r->reasons[r->n_reasons++] = LIVE_REFUSED_NO_FRAMES;
    r->reasons[r->n_reasons++] = LIVE_REFUSED_UNFINISHED;
}

struct live_result liveness_result(const struct liveness *l)
{
    struct live_result r = {
        .passed = l->state == LIVE_PASSED,
        .n_steps = l->n,
        .passive = NAN,
        .passive_frames = l->passive_frames,
        .embedding_frames = l->summed,
        .embedded = l->summed >= EMBEDDING_FRAMES,
        .best_number = l->best_number,
        .best_norm = l->best_norm,
        .best_height_px = l->best_height,
        .best_sharpness = l->best_sharpness,
        .frames = l->n_seen,
    };
    double square = 0;

    memcpy(r.steps, l->steps, sizeof(r.steps));
    add_reasons(l, &r);
    if (l->passive_frames >= PASSIVE_FRAMES)
        r.passive = l->passive / (double)l->passive_frames;
    for (size_t i = 0; i < FACE_DIM; i++)
        square += l->sum[i] * l->sum[i];
    for (size_t i = 0; r.embedded && i < FACE_DIM; i++)
        r.embedding[i] = (float)(l->sum[i] / sqrt(square));
    return r;
}
