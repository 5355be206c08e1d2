/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Synthetic camera frames of a head made from one portrait, of that portrait as a flat or bent
 * picture, and of what surrounds them. Everything is a model: a depth map from an ellipsoid and a
 * nose, lids that are stretched over the eyes, noise, flicker and JPEG. Seeded and repeatable.
 */
#include "face/face.h"

enum { FRAME_WIDTH = 320, FRAME_HEIGHT = 240, FRAME_PIXELS = FRAME_WIDTH * FRAME_HEIGHT };

/* Seeded numbers (SplitMix64). */
struct chance {
    uint64_t state;
};
uint64_t chance_bits(struct chance *c);
double chance_between(struct chance *c, double least, double most);
double chance_normal(struct chance *c);

/* One portrait, scaled so that the eyes are EYES_APART pixels apart. */
struct portrait {
    int64_t width, height;
    uint8_t *rgb;
    float *depth;  /* pixels towards the camera, from the axis of the neck */
    float *weight; /* 1: moves with the head, 0: stays with the body */
    struct point marks[68];
    struct point eyes; /* their middle */
    double nose;       /* height of the nose over the ellipsoid, in distances of the eyes */
};
#define EYES_APART 56.0

must_check enum err portrait_load(struct ctx *ctx, const char *path, double nose,
                                  struct portrait *ret);
void portrait_finish(struct portrait *p);

enum surface { SURFACE_HEAD, SURFACE_PICTURE };

/* Where a surface is and how it looks, in one frame. Angles in radians. */
struct pose {
    double yaw, pitch, roll; /* yaw > 0: nose towards image right */
    double x, y;             /* of the middle of the eyes in a frontal pose, frame pixels */
    double size;             /* distance of the eyes in a frontal pose, frame pixels */
    double distance;         /* of the camera, in distances of the eyes */
    double closed;           /* lids: 0 open, 1 closed */
    double bend;             /* of a picture about its vertical axis: sagitta, 1 / eyes' distance */
    double border;           /* of a picture: beyond its edge, pixels of the portrait */
    uint8_t border_rgb[3];
};

struct canvas {
    uint8_t rgb[FRAME_PIXELS * 3];
    uint8_t *texture; /* scratch for lids */
    size_t texture_size;
    int64_t video_width; /* unless 0, a film frame replaces the portrait's pixels */
};

/* A room that is not a face; the seed chooses it. */
void draw_room(struct canvas *c, uint64_t seed);
void draw_surface(struct canvas *c, const struct portrait *p, enum surface kind,
                  const struct pose *pose);
void canvas_finish(struct canvas *c);

/* What printing, a screen and a camera add. */
void look_printed(struct canvas *c);
void look_screened(struct canvas *c, double fineness, double angle, double strength);
void look_glare(struct canvas *c, double x, double y, double strength);
void look_filmed(struct canvas *c, struct chance *chance, double gain, double noise);
void draw_strip(struct canvas *c, double y, double height);
/* The JPEG file in ctx's arena. */
must_check enum err canvas_jpeg(struct ctx *ctx, const struct canvas *c, int quality,
                                struct str *ret);
