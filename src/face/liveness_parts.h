/* SPDX-License-Identifier: MIT */
#pragma once
/* What the files of the liveness engine share. Only src/face/liveness*.c include this. */
#include "face/liveness.h"

/* Turns, in face.h's yaw_offset t: from the person's own straight look, which is near 0. */
#define LIVE_TURNED    0.20
#define LIVE_FRONTAL   0.12
#define LIVE_GROWTH    1.30 /* of the box's height, for "come closer" */
#define LIVE_RELIEF    0.27 /* least relief of what turns as a head */
#define LIVE_FLAT      0.18 /* at most this: a turning picture */
#define LIVE_IS_CLOSED 0.80
#define LIVE_IS_OPEN   0.30

/* A print brought to mean 0 and spread 1000: more or less light does not matter. */
struct live_shades {
    int16_t cells[LIVE_PRINT_SIDE * LIVE_PRINT_SIDE];
};

/* What is kept of a frame. */
struct live_seen {
    int64_t at_ms;
    uint8_t digest[LIVE_DIGEST];
    struct live_shades shades;
    struct point points[5];
    bool face;
};

/* One frame's face, as the challenges see it. */
struct live_look {
    int64_t at_ms;
    const struct face_found *face;
    double t, between_eyes;
    double stretch; /* eyes to mouth over eye to eye */
};

enum live_phase { LIVE_WAITING, LIVE_READY, LIVE_MOVED };

/* How the current challenge goes. */
struct live_doing {
    enum live_phase phase;
    int64_t asked_ms, ready_ms, moved_ms;
    size_t frontal;                                     /* frames of the run that makes it ready */
    struct point points[5];                             /* mean of those frames */
    double height, between_eyes, stretch, sharpness, t; /* so are these */
    double growth;                                      /* of the frame before */
    size_t growing, grown, turned, wrong;
    double peak, depth_sum, tilt_sum;
    struct live_blink blink;
    bool steady;       /* nothing but the lids moved since they were open */
    struct point eyes; /* their middle in the frame before */
};

enum live_verdict { LIVE_GO_ON, LIVE_DONE, LIVE_FLAT_PICTURE, LIVE_WRONG, LIVE_TOO_EARLY };

void live_begin(struct live_doing *d, int64_t asked_ms);
/* Takes one frame of the track; *step gets what was measured. */
enum live_verdict live_do(struct live_doing *d, enum live_challenge c, const struct live_look *look,
                          struct live_step *step);
enum live_hint live_hint_of(const struct live_doing *d, enum live_challenge c);

/*
 * Shift of the nose along the line of the eyes, in distances between the eyes, against where it
 * would be if eyes, mouth and nose lay in one plane: the homography of eyes and mouth from `before`
 * to `now` is applied to the nose. Of a plane seen from anywhere it is 0. NAN: degenerate.
 */
double live_depth(const struct point before[5], const struct point now[5]);
/* Tangent of the angle by which a plane of eyes and mouth would have to be tilted to look from
 * `before` as it does `now`, about whichever axis; shift, scale and roll do not matter. */
double live_tilt(const struct point before[5], const struct point now[5]);
void live_shades_of(const struct live_print *p, struct live_shades *ret);
/* Mean absolute difference, in spreads. */
double live_shades_distance(const struct live_shades *a, const struct live_shades *b);
/* The largest shift among the five points, in distances between the eyes of `b`. */
double live_points_distance(const struct point a[5], const struct point b[5]);

/* The last frame came before, after others that moved on: it alone, or as part of a repeated
 * stretch of film. */
bool live_came_back(const struct live_seen *seen, size_t n);
bool live_loops(const struct live_seen *seen, size_t n);
