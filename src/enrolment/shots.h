/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Photos on their way to templates: the face of each, its flaws, the pose it shows and how good it
 * is, and which of several are kept. Knows no database.
 */
#include "enrolment/enrolment.h"

/*
 * Left and right are the person's own: with the nose towards the right of a picture that is not
 * mirrored somebody has turned to the own left. Front is what the gate for enrolment takes (|t| <
 * 0.12 of docs/models.md), slightly is up to |t| = 0.30, about 24 degrees.
 */
enum shot_pose { POSE_OTHER, POSE_FRONT, POSE_LEFT, POSE_RIGHT, POSE_COUNT };

enum { SHOTS_WANTED = 3 }; /* good ones for a standard enrolment */

struct shot {
    struct face_found face;
    size_t faces;          /* in front of the camera */
    int64_t width, height; /* of the upright picture */
    enum shot_pose pose;   /* POSE_OTHER when there is not exactly one face */
    double score;          /* 0..1, for the choice of the best */
    bool kept;
    size_t n_flaws;
    struct enrolment_flaw flaws[FACE_FLAW_COUNT + 1];
};

/* "front", "slightly_left", "slightly_right", "other". */
const char *pose_name(enum shot_pose p);
/* The poses of "front,slightly_left" as bits 1 << pose; false: another word is in it. */
bool poses_read(struct str list, unsigned *ret);
/* The pose that is wanted next when those are there; POSE_OTHER: none is missing. */
enum shot_pose pose_next(unsigned have);
/* The names of the poses that are missing, in ctx's arena. */
struct strs poses_missing(struct ctx *ctx, unsigned have);

/* Finds the face and its flaws, against the gate for a front view. No face or several is a flaw,
 * not an error. ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA, ERR_MODELS_UNAVAILABLE */
must_check enum err shot_look(struct ctx *ctx, struct str photo, struct shot *ret);
/* A slight turn is no flaw any more: there is a front view already. */
void shot_allow_side(struct shot *s);
/* What the person should do, from the measures: a list of struct enrolment_hint. */
struct list shot_hints(struct ctx *ctx, const struct shot *s, enum shot_pose wanted);

/* Looks at all; side views count once one good front view is there; whoever looks like another
 * person than the first good front view is refused. Errors name the photo. */
must_check enum err shots_look(struct ctx *ctx, struct files photos, struct shot *shots);
/* Marks the best of each pose, then the best of the rest, up to ENROLMENT_SHOTS_MAX; returns how
 * many. */
size_t shots_choose(struct shot *shots, size_t n);
size_t shots_good(const struct shot *shots, size_t n);
/* Bits of the poses that the good ones show. */
unsigned shots_poses(const struct shot *shots, size_t n);
