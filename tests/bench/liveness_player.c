/* SPDX-License-Identifier: MIT */
/*
 * Players react to what the session asks, as people and attackers would: after a while, with one
 * movement at a time, and again when it was not taken. All amounts are drawn from stated ranges.
 */
#include "liveness_player.h"

#include <math.h>

static const double PI = 3.14159265358979;
static const double RAD = 3.14159265358979 / 180;
static const double CLIP_S = 3.6;

const char *species_name(enum species s)
{
    static const char *const names[] = {
#define X(id, text) [SPECIES_##id] = text,
        SPECIES_LIST(X)
#undef X
    };

    return names[s];
}

static bool lives(const struct player *a)
{
    return a->species == SPECIES_BONA_FIDE || a->species == SPECIES_LOOP ||
           a->species == SPECIES_INJECTED || a->species == SPECIES_SECOND;
}

static bool eyes_live(const struct player *a)
{
    return lives(a) || a->species == SPECIES_MASK;
}

void player_init(struct player *a, enum species s, struct portrait *face, struct portrait *other,
                 uint64_t seed)
{
    struct chance c = {seed};

    *a = (struct player){.species = s, .face = face, .other = other};
    a->variant = (int)(chance_bits(&c) % 3);
    a->room = chance_bits(&c);
    a->size = chance_between(&c, 40, 46);
    a->distance = chance_between(&c, 8, 11);
    a->x = FRAME_WIDTH / 2.0 + chance_between(&c, -14, 14);
    a->y = FRAME_HEIGHT * 0.42 + chance_between(&c, -10, 10);
    a->gain = chance_between(&c, 0.8, 1.1);
    a->noise = chance_between(&c, 1.5, 4);
    a->flicker = chance_between(&c, 0, 0.02);
    a->flicker_hz = chance_between(&c, 0.5, 4);
    a->quality = (int)chance_between(&c, 70, 92);
    for (size_t i = 0; i < COUNT(a->sway); i++)
        a->sway[i] = chance_between(&c, 0, 2 * PI);
    if (s == SPECIES_BENT || (s == SPECIES_MASK && a->variant))
        a->bend = chance_between(&c, 0.10, 0.30);
    a->fineness = chance_between(&c, 0.7, 2.2);
    a->moire = chance_between(&c, 3, 10);
    a->glare = chance_between(&c, 20, 110);
    a->closer = 1;
    a->closer_from = a->closer_to = 1;
    a->natural.start_s = chance_between(&c, 0.5, 5);
    a->chance = c;
}

/* 0 to 1 and back: in, hold, out. */
static double swing(const struct motion *m, double s)
{
    double t = s - m->start_s, k;

    if (t <= 0)
        return 0;
    if (t < m->in_s)
        k = t / m->in_s;
    else if (t < m->in_s + m->hold_s)
        k = 1;
    else
        k = fmax(1 - (t - m->in_s - m->hold_s) / m->out_s, 0);
    return k * k * (3 - 2 * k);
}

static bool is_over(const struct motion *m, double s)
{
    return s > m->start_s + m->in_s + m->hold_s + m->out_s;
}

static struct motion blink_at(struct chance *c, double s)
{
    return (struct motion){LIVE_BLINK,
                           s,
                           chance_between(c, 0.06, 0.12),
                           chance_between(c, 0.10, 0.28),
                           chance_between(c, 0.10, 0.18),
                           1,
                           0};
}

/* A head that turns, or a picture that is tilted, perhaps about an oblique axis. */
static struct motion turn_at(const struct player *a, struct chance *c, enum live_challenge what,
                             double s)
{
    bool flat = !lives(a);
    struct motion m = {what,
                       s,
                       chance_between(c, 0.4, 0.8),
                       chance_between(c, 0.25, 0.6),
                       chance_between(c, 0.4, 0.8),
                       0,
                       0};

    m.amount = flat ? chance_between(c, 25, 60) : chance_between(c, 22, 34);
    m.amount =
        fmin(m.amount * (1 + 0.2 * (a->tries - 1)), 62); /* further, when it was not enough */
    m.other = flat ? chance_between(c, -50, 50) : chance_between(c, -5, 5);
    if (what == LIVE_TURN_RIGHT)
        m.amount = -m.amount;
    return m;
}

static void begin(struct player *a, enum live_challenge what, double s)
{
    struct chance *c = &a->chance;

    a->moving = true;
    a->tries++;
    switch (what) {
    case LIVE_BLINK:
        a->motion = blink_at(c, s);
        break;
    case LIVE_TURN_LEFT:
    case LIVE_TURN_RIGHT:
        a->motion = turn_at(a, c, what, s);
        break;
    case LIVE_COME_CLOSER:
        a->motion = (struct motion){what, s, chance_between(c, 0.8, 1.6), 0.8, 0.1, 0, 0};
        a->closer_from = a->closer;
        a->closer_to = a->closer * chance_between(c, 1.4, 1.55);
        a->closer_s = s;
        break;
    case LIVE_CHALLENGE_COUNT:
        break;
    }
}

/* Reacts to what is asked. */
static void answer(struct player *a, double s, const struct live_progress *p)
{
    struct chance *c = &a->chance;

    if (p->state != LIVE_ONGOING || p->hint == LIVE_HINT_NO_FACE)
        return;
    if (!a->asked || p->done != a->seen_done) {
        a->asked = true;
        a->seen_done = p->done;
        a->tries = 0;
        if (a->closer_to > 1.1 && s > a->closer_s + a->motion.in_s) { /* back to the seat */
            a->closer_from = a->closer;
            a->closer_to = 1.05;
            a->closer_s = s + 0.2;
        }
        begin(a, p->current, s + chance_between(c, 0.35, 0.8));
        return;
    }
    if (!a->moving || !is_over(&a->motion, s))
        return;
    if (a->tries >= 3) {
        if (a->gave_up_s <= 0 && s > a->motion.start_s + 2)
            a->gave_up_s = s;
        return;
    }
    begin(a, p->current, s + chance_between(c, 0.3, 0.7));
}

/* A clip of 3.6 s with a blink and a turn to each side, over and over. */
static void play_clip(struct player *a, double s)
{
    double t = fmod(s, CLIP_S);

    a->moving = true;
    if (t < 0.8)
        a->motion = (struct motion){LIVE_BLINK, 0.25, 0.1, 0.2, 0.15, 1, 0};
    else if (t < 2.2)
        a->motion = (struct motion){LIVE_TURN_LEFT, 0.9, 0.45, 0.3, 0.45, 28, 3};
    else
        a->motion = (struct motion){LIVE_TURN_RIGHT, 2.25, 0.45, 0.3, 0.45, -28, 3};
}

static double slow(const struct player *a, size_t i, double hz, double s)
{
    return sin(2 * PI * hz * s + a->sway[i]) + 0.5 * sin(2 * PI * 1.7 * hz * s + a->sway[i + 1]);
}

static double closed_now(struct player *a, double s)
{
    double closed = 0;

    if (!eyes_live(a))
        return 0;
    if (a->moving && a->motion.what == LIVE_BLINK)
        closed = swing(&a->motion, s);
    if (a->species == SPECIES_LOOP)
        return closed;
    if (a->natural.in_s <= 0 && s >= a->natural.start_s)
        a->natural = blink_at(&a->chance, s);
    if (a->natural.in_s > 0) {
        closed = fmax(closed, swing(&a->natural, s));
        if (is_over(&a->natural, s))
            a->natural = (struct motion){.start_s = s + chance_between(&a->chance, 1.5, 6)};
    }
    return closed;
}

static void move_closer(struct player *a, double s)
{
    double span = fmax(a->motion.in_s, 0.8), k = fmin(fmax((s - a->closer_s) / span, 0), 1);

    if (a->closer_to > 1.1 || a->closer_from > 1.1)
        a->closer = a->closer_from + (a->closer_to - a->closer_from) * k * k * (3 - 2 * k);
}

/* What holders of pictures try when a blink is asked. */
static void fake_blink(const struct player *a, double s, struct pose *p)
{
    double k = swing(&a->motion, s);

    if (a->variant == 1) /* a flick about the horizontal axis: everything gets flatter */
        p->pitch += 62 * RAD * k;
    if (a->variant == 2)
        p->y += 30 * k;
}

static struct pose pose_now(struct player *a, double s)
{
    bool head = lives(a);
    double t = a->species == SPECIES_LOOP ? fmod(s, CLIP_S) : s;
    struct pose p = {
        .x = a->x + 1.6 * slow(a, 0, 0.21, t),
        .y = a->y + 1.2 * slow(a, 2, 0.17, t),
        .roll = 1.2 * RAD * slow(a, 4, 0.13, t),
        .yaw = 1.3 * RAD * slow(a, 5, 0.19, t),
        .pitch = 1.2 * RAD * slow(a, 6, 0.15, t),
        .distance = a->distance * (1 + 0.008 * slow(a, 3, 0.11, t)),
        .bend = a->bend,
    };

    move_closer(a, s);
    p.distance /= a->closer;
    p.size = a->size * a->distance / p.distance;
    p.closed = closed_now(a, t);
    if (!a->moving)
        return p;
    double k = swing(&a->motion, t);
    if (a->motion.what == LIVE_TURN_LEFT || a->motion.what == LIVE_TURN_RIGHT) {
        p.yaw += k * a->motion.amount * RAD;
        p.pitch += k * a->motion.other * RAD;
        if (!head)
            p.x += k * (a->motion.amount > 0 ? 8 : -8);
    } else if (a->motion.what == LIVE_BLINK && !eyes_live(a)) {
        fake_blink(a, s, &p);
    }
    return p;
}

static void edge_of(const struct player *a, struct pose *p)
{
    static const uint8_t white[3] = {238, 236, 230}, black[3] = {18, 18, 20};
    bool dark = a->species == SPECIES_SCREEN || a->species == SPECIES_SCREEN_REPLAY;

    p->border = a->species == SPECIES_STILL ? 0 : 14;
    for (int i = 0; i < 3; i++)
        p->border_rgb[i] = dark ? black[i] : white[i];
}

static void draw_picture(struct player *a, const struct pose *p, double s, struct canvas *c)
{
    bool screen = a->species == SPECIES_SCREEN || a->species == SPECIES_SCREEN_REPLAY;

    /* A still photo fed in as it is fills the frame and fades into the room at its edges. */
    draw_room(c, a->room);
    draw_surface(c, a->face, SURFACE_PICTURE, p);
    if (screen) {
        look_screened(c, a->fineness, 0.3 + 0.05 * slow(a, 1, 0.2, s), a->moire);
        look_glare(c, p->x + 30, p->y - 25, a->glare);
    } else if (a->species != SPECIES_STILL) {
        look_printed(c);
    }
    if (a->species != SPECIES_MASK && a->variant == 0 && a->moving &&
        a->motion.what == LIVE_BLINK && swing(&a->motion, s) > 0.3)
        draw_strip(c, p->y, p->size * 0.45); /* a finger over the eyes */
}

void player_film(struct player *a, const struct portrait *film, double s, struct canvas *c)
{
    struct pose pose = pose_now(a, s);

    pose.size = 0.86 * EYES_APART;
    pose.yaw *= 0.5;
    pose.pitch *= 0.5;
    edge_of(a, &pose);
    draw_room(c, a->room);
    draw_surface(c, film, SURFACE_PICTURE, &pose);
    look_screened(c, a->fineness, 0.3 + 0.05 * slow(a, 1, 0.2, s), 0.6 * a->moire);
    look_glare(c, pose.x + 60, pose.y - 45, 0.6 * a->glare);
    look_filmed(c, &a->chance, a->gain, a->noise);
}

static void draw_live(struct player *a, const struct pose *p, struct canvas *c)
{
    draw_surface(c, a->face, SURFACE_HEAD, p);
    if (a->species != SPECIES_SECOND)
        return;
    struct pose beside = *p;
    beside.yaw = beside.pitch = beside.bend = 0;
    beside.closed = 0;
    beside.border = 6;
    beside.size = 0.62 * p->size;
    beside.x = a->variant ? 40 : FRAME_WIDTH - 40;
    beside.y = a->y + 30;
    for (int i = 0; i < 3; i++)
        beside.border_rgb[i] = 235;
    draw_surface(c, a->other, SURFACE_PICTURE, &beside);
}

/* Every third frame a still of somebody else, or of the same person while they move. */
static bool inject(struct player *a, double s, struct canvas *c)
{
    int frame = (int)(s * 10 + 0.5);
    struct pose still = {.x = a->x, .y = a->y, .size = a->size, .distance = a->distance};

    if (frame < 8 || frame % 3)
        return false;
    bool other = a->variant == 0;
    if (!other && !(a->moving && swing(&a->motion, s) > 0.05))
        return false;
    draw_surface(c, other ? a->other : a->face, SURFACE_HEAD, &still);
    return true;
}

void player_frame(struct player *a, double s, const struct live_progress *p, struct canvas *c)
{
    if (a->species == SPECIES_LOOP)
        play_clip(a, s);
    else
        answer(a, s, p);

    struct pose pose = pose_now(a, s);
    edge_of(a, &pose);
    if (!(a->species == SPECIES_INJECTED && inject(a, s, c))) {
        if (lives(a))
            draw_live(a, &pose, c);
        else
            draw_picture(a, &pose, s, c);
    }
    double flicker = 1 + a->flicker * sin(2 * PI * a->flicker_hz * s);
    look_filmed(c, &a->chance, a->gain * flicker, a->noise);
}
