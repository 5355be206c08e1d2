/* SPDX-License-Identifier: MIT */
/*
 * The challenges: when one was done, when something else was done instead, and when it was done as
 * a flat picture would. Each begins with a face that looks straight ahead, and is measured against
 * that.
 */
#include <math.h>
#include <string.h>

#include "face/liveness_parts.h"

enum {
    READY_FRAMES = 2,
    PEAK_FRAMES = 2, /* turned far enough in so many */
    WRONG_FRAMES = 2,
    GROWING_FRAMES = 2, /* between the first size and the last */
    REACTION_MS = 200,
    TURN_LEAST_MS = 300,
    TURN_MOST_MS = 6000,
};

enum {
    BLINK_LEAST_MS = 100,
    BLINK_MOST_MS = 500,
    /* From open to open again: two steps of a slow camera more. */
    BLINK_SPAN_MS = 900,
};

static const double BLINK_YAW_DEG = 20;
/* A turn is never taken for a smaller one: noise would make a relief of it. */
static const double LEAST_TILT = 0.2;
/* While the lids move, the rest stands still: relative, in shares of the eyes' distance. */
static const double STEADY_STRETCH = 0.10;
static const double STEADY_HEIGHT = 0.12;
static const double STEADY_STEP = 0.25;
static const double STEADY_TURN = 0.10;
static const double STEADY_SHARPNESS = 0.4;
/* Growth that counts as on the way; and the most from one frame to the next. */
static const double GROWING_FROM = 1.06;
static const double GROWTH_STEP = 1.22;
/* The box and the distance of the eyes grow alike. */
static const double GROWTH_AGREES = 0.2;

bool live_blink_feed(struct live_blink *b, int64_t at_ms, const double closed[2], double yaw_deg)
{
    double less = fmin(closed[0], closed[1]), more = fmax(closed[0], closed[1]);

    if (!isfinite(less) || !isfinite(more) || !(fabs(yaw_deg) < BLINK_YAW_DEG)) {
        *b = (struct live_blink){0};
        return false;
    }
    if (more < LIVE_IS_OPEN) {
        struct live_blink was = *b;
        *b = (struct live_blink){.open_ms = at_ms, .peak = was.peak};
        return was.open_ms && was.closed_ms && at_ms - was.open_ms >= BLINK_LEAST_MS &&
               at_ms - was.open_ms <= BLINK_SPAN_MS &&
               was.last_closed_ms - was.closed_ms <= BLINK_MOST_MS;
    }
    b->peak = b->closed_ms ? fmax(b->peak, less) : less;
    if (less > LIVE_IS_CLOSED && b->open_ms) {
        if (!b->closed_ms)
            b->closed_ms = at_ms;
        b->last_closed_ms = at_ms;
    }
    return false;
}

void live_begin(struct live_doing *d, int64_t asked_ms)
{
    *d = (struct live_doing){.asked_ms = asked_ms};
}

static double eye_distance(const struct point p[5])
{
    return hypot(p[1].x - p[0].x, p[1].y - p[0].y);
}

/* Collects the frames that look straight ahead: the mean of a run of them is what is compared. */
static void get_ready(struct live_doing *d, const struct live_look *look)
{
    const struct face_found *f = look->face;

    if (!(fabs(look->t) < LIVE_FRONTAL)) {
        d->frontal = 0;
        return;
    }
    double old = (double)d->frontal, all = old + 1;
    for (size_t i = 0; i < 5; i++) {
        d->points[i].x = (d->points[i].x * old + f->points[i].x) / all;
        d->points[i].y = (d->points[i].y * old + f->points[i].y) / all;
    }
    d->t = (d->t * old + look->t) / all;
    d->height = (d->height * old + f->box.height) / all;
    d->stretch = (d->stretch * old + look->stretch) / all;
    d->sharpness = (d->sharpness * old + f->sharpness) / all;
    d->frontal++;
    if (d->frontal < READY_FRAMES)
        return;
    d->phase = LIVE_READY;
    d->ready_ms = look->at_ms;
    d->between_eyes = eye_distance(d->points);
    d->growth = 1;
}

static enum live_verdict wrong(struct live_doing *d, bool is_wrong)
{
    d->wrong = is_wrong ? d->wrong + 1 : 0;
    return d->wrong >= WRONG_FRAMES ? LIVE_WRONG : LIVE_GO_ON;
}

static double turn_of(const struct live_doing *d, const struct live_look *look)
{
    return look->t - d->t;
}

static double growth_of(const struct live_doing *d, const struct live_look *look)
{
    return look->face->box.height / d->height;
}

static bool is_steady(const struct live_doing *d, const struct live_look *look, struct point eyes)
{
    double apart = d->between_eyes;

    return fabs(look->stretch / d->stretch - 1) < STEADY_STRETCH &&
           fabs(growth_of(d, look) - 1) < STEADY_HEIGHT + fabs(d->growth - 1) &&
           fabs(turn_of(d, look)) < STEADY_TURN &&
           hypot(eyes.x - d->eyes.x, eyes.y - d->eyes.y) < STEADY_STEP * apart &&
           look->face->sharpness > STEADY_SHARPNESS * d->sharpness;
}

static enum live_verdict do_blink(struct live_doing *d, const struct live_look *look,
                                  struct live_step *step)
{
    const struct face_found *f = look->face;
    struct point eyes = {(f->points[0].x + f->points[1].x) / 2,
                         (f->points[0].y + f->points[1].y) / 2};
    int64_t opened = d->blink.open_ms;
    bool closing = d->blink.closed_ms != 0;

    if (wrong(d, fabs(turn_of(d, look)) > LIVE_TURNED || growth_of(d, look) > LIVE_GROWTH))
        return LIVE_WRONG;
    bool steady = is_steady(d, look, eyes);
    bool blinked = live_blink_feed(&d->blink, look->at_ms, f->eyes_closed, f->yaw_deg);
    d->eyes = eyes;
    if (blinked && d->steady && opened >= d->asked_ms) {
        step->measured = d->blink.peak;
        return LIVE_DONE;
    }
    if (!closing && d->blink.open_ms == look->at_ms) { /* open and at rest: from here on */
        d->steady = true;
        d->stretch += 0.3 * (look->stretch - d->stretch);
        d->sharpness += 0.3 * (f->sharpness - d->sharpness);
        d->growth = growth_of(d, look);
        d->between_eyes = look->between_eyes;
    } else {
        d->steady = d->steady && steady;
    }
    if (d->blink.closed_ms)
        step->measured = fmax(step->measured, d->blink.peak);
    return LIVE_GO_ON;
}

/* The turn is over: as of a head, as of a picture, or neither for certain. */
static enum live_verdict judge_turn(struct live_doing *d, const struct live_look *look,
                                    struct live_step *step)
{
    int64_t took = look->at_ms - d->moved_ms;

    if (d->turned >= PEAK_FRAMES) {
        double relief = d->depth_sum / d->tilt_sum;
        step->measured = d->peak;
        step->relief = relief;
        if (relief < LIVE_FLAT)
            return LIVE_FLAT_PICTURE;
        if (relief >= LIVE_RELIEF && took >= TURN_LEAST_MS && took <= TURN_MOST_MS)
            return LIVE_DONE;
    }
    live_begin(d, d->asked_ms); /* once more, from the beginning */
    return LIVE_GO_ON;
}

static enum live_verdict do_turn(struct live_doing *d, double direction,
                                 const struct live_look *look, struct live_step *step)
{
    double turn = turn_of(d, look) * direction;

    if (wrong(d, turn < -LIVE_TURNED || growth_of(d, look) > LIVE_GROWTH))
        return LIVE_WRONG;
    if (d->phase == LIVE_READY && turn > LIVE_FRONTAL) {
        d->phase = LIVE_MOVED;
        d->moved_ms = look->at_ms;
    }
    if (d->phase != LIVE_MOVED)
        return LIVE_GO_ON;
    d->peak = fmax(d->peak, turn);
    step->measured = fmax(step->measured, turn);
    if (turn > LIVE_TURNED) {
        if (look->at_ms - d->asked_ms < REACTION_MS)
            return LIVE_TOO_EARLY;
        double depth = direction * live_depth(d->points, look->face->points);
        double tilt = live_tilt(d->points, look->face->points);
        d->turned++;
        d->depth_sum += isfinite(depth) ? depth : 0;
        d->tilt_sum += fmax(isfinite(tilt) ? tilt : 0, LEAST_TILT);
    }
    return turn < LIVE_FRONTAL ? judge_turn(d, look, step) : LIVE_GO_ON;
}

static enum live_verdict do_closer(struct live_doing *d, const struct live_look *look,
                                   struct live_step *step)
{
    double growth = growth_of(d, look), eyes = look->between_eyes / d->between_eyes;

    if (wrong(d, fabs(turn_of(d, look)) > LIVE_TURNED))
        return LIVE_WRONG;
    step->measured = fmax(step->measured, growth);
    if (growth > d->growth * GROWTH_STEP || growth * GROWTH_STEP < d->growth) {
        live_begin(d, d->asked_ms); /* a leap: not how a person comes */
        return LIVE_GO_ON;
    }
    d->growth = growth;
    if (growth < 1) { /* they lean back first: measured from there */
        d->height = look->face->box.height;
        d->between_eyes = look->between_eyes;
        d->growth = 1;
    }
    bool enough = growth >= LIVE_GROWTH && fabs(eyes / growth - 1) < GROWTH_AGREES;
    d->growing += growth > GROWING_FROM && growth < LIVE_GROWTH;
    d->grown = enough ? d->grown + 1 : 0;
    return d->grown >= PEAK_FRAMES && d->growing >= GROWING_FRAMES ? LIVE_DONE : LIVE_GO_ON;
}

enum live_verdict live_do(struct live_doing *d, enum live_challenge c, const struct live_look *look,
                          struct live_step *step)
{
    if (d->phase == LIVE_WAITING) {
        get_ready(d, look);
        return LIVE_GO_ON;
    }
    switch (c) {
    case LIVE_BLINK:
        return do_blink(d, look, step);
    case LIVE_TURN_LEFT:
        return do_turn(d, 1, look, step);
    case LIVE_TURN_RIGHT:
        return do_turn(d, -1, look, step);
    case LIVE_COME_CLOSER:
        return do_closer(d, look, step);
    case LIVE_CHALLENGE_COUNT:
        break;
    }
    return LIVE_GO_ON;
}

enum live_hint live_hint_of(const struct live_doing *d, enum live_challenge c)
{
    if (d->phase == LIVE_WAITING)
        return LIVE_HINT_LOOK_STRAIGHT;
    switch (c) {
    case LIVE_BLINK:
        return d->blink.closed_ms ? LIVE_HINT_OPEN_EYES : LIVE_HINT_BLINK;
    case LIVE_TURN_LEFT:
        return d->turned >= PEAK_FRAMES ? LIVE_HINT_TURN_BACK : LIVE_HINT_TURN_LEFT;
    case LIVE_TURN_RIGHT:
        return d->turned >= PEAK_FRAMES ? LIVE_HINT_TURN_BACK : LIVE_HINT_TURN_RIGHT;
    case LIVE_COME_CLOSER:
        return LIVE_HINT_COME_CLOSER;
    case LIVE_CHALLENGE_COUNT:
        break;
    }
    return LIVE_HINT_NONE;
}
