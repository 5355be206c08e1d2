/* SPDX-License-Identifier: MIT */
#pragma once
/* Measurements of frames without pictures: five points in space, seen from the front. */
#include "check.h"
#include "face/liveness.h"

enum { SCENE_START_MS = 1000000, SCENE_STEP_MS = 100 };

/* A face, and what the next frame shows of it. */
struct scene {
    struct liveness *l;
    int64_t at_ms;
    uint32_t number;
    uint64_t seed;
    bool flat;         /* a picture: the nose lies in the plane of the eyes */
    bool still;        /* does not sway */
    bool same_print;   /* the picture behind does not change either */
    double yaw, pitch; /* radians; yaw > 0: nose towards image right */
    double size;       /* distance of the eyes, pixels */
    double x, y, closed;
    double passive;
    int person, faces;
    struct live_progress last;
};

void scene_begin(struct scene *s, const enum live_challenge *seq, size_t n);
/* For test teardown. */
void scene_end(struct scene *s);
/* What the next frame would be; `faces` holds two. */
struct live_frame scene_frame(struct scene *s, struct face_found *faces);
/* Feeds the next frame SCENE_STEP_MS later. */
enum live_state scene_feed(struct scene *s);
void scene_wait(struct scene *s, int frames);
void scene_blink(struct scene *s);
/* To `yaw_deg` and back; a picture is also tilted by `pitch_deg`. */
void scene_turn(struct scene *s, double yaw_deg, double pitch_deg);
void scene_come(struct scene *s, double growth);
bool scene_refused(const struct scene *s, enum live_refusal why);
