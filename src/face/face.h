/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Faces in pictures: pixels in, numbers out. No SQL, no HTTP, no names of people. Recipes, terms
 * and thresholds are those of docs/models.md (ISO/IEC 2382-37: a probe is compared with
 * references).
 *
 * `struct face_models` (runtime library, model files, checksums) is opened once and shared;
 * `struct face` holds one worker's inference sessions, one intra-op thread each, opened at first
 * use.
 */
#include "base/ctx.h"
#include "base/schema.h"

#define FACE_DIM 512

enum { FACE_MAX_PIXELS = 40 * 1000 * 1000, FACE_MAX_FACES = 64 };

struct face_models;
struct face;
struct face_limits;
struct face_rule;
struct settings;

/* 8-bit RGB, rows packed, upright (EXIF orientation applied). */
struct image {
    int64_t width, height;
    uint8_t *rgb;
};

struct point {
    double x, y;
};

struct face_box {
    double x, y, width, height; /* pixels of the upright image */
};

/* One face of a picture. */
struct face_found {
    struct face_box box;
    double score;           /* the detector's, 0..1 */
    struct point points[5]; /* image-left eye, image-right eye, nose, image-left and -right mouth */
    double yaw_deg, roll_deg;
    double yaw_offset;     /* t of docs/models.md: 0 frontal, > 0 nose towards image right */
    double luma;           /* mean of the aligned face, 0..255 */
    double sharpness;      /* variance of the Laplacian of the aligned face's centre */
    double norm;           /* length of the raw embedding; 0 until embedded */
    double eyes_closed[2]; /* probability for image-left and image-right eye */
    bool eyes_measured;    /* false: not asked for, or the pack has no model for eyes */
    bool has_points;       /* the detector gave the five points */
    const struct face_limits
        *limits;               /* of the pack, by purpose; it must stay open. NULL: default */
    float embedding[FACE_DIM]; /* unit length once embedded */
    bool embedded;
};

enum face_options {
    FACE_EMBED = 1 << 0,
    FACE_EYES = 1 << 1,  /* where the pack can: see eyes_measured */
    FACE_TILED = 1 << 2, /* five passes: small faces in large pictures */
};

/* What is wrong with a face for a purpose, in the order in which people should mend it. */
#define FACE_FLAW_LIST(X)                                                                          \
    X(TOO_SMALL, "too_small")                                                                      \
    X(TOO_DARK, "too_dark")                                                                        \
    X(TOO_BRIGHT, "too_bright")                                                                    \
    X(NOT_FRONTAL, "not_frontal")                                                                  \
    X(TILTED, "tilted")                                                                            \
    X(BLURRED, "blurred")                                                                          \
    X(EYES_CLOSED, "eyes_closed")                                                                  \
    X(CUT_OFF, "cut_off")                                                                          \
    X(LOW_DETAIL, "low_detail")

enum face_flaw {
#define X(id, name) FACE_FLAW_##id,
    FACE_FLAW_LIST(X)
#undef X
        FACE_FLAW_COUNT
};

struct face_flaws {
    struct {
        enum face_flaw flaw;
        double measured, limit;
    } at[FACE_FLAW_COUNT];
    size_t n;
};

const char *face_flaw_name(enum face_flaw f);
/* "face too small: 62 px, at least 100" in ctx's arena. */
struct str face_flaw_text(struct ctx *ctx, const struct face_flaws *flaws, size_t i);

enum face_purpose { FACE_FOR_ENROLMENT, FACE_FOR_RECOGNITION };

/*
 * Decodes JPEG, PNG or WebP by content: dimensions are read and limited (40 MP) before anything is
 * allocated; animated pictures are refused; EXIF orientation is applied. Pixels come from
 * mem_alloc; release by image_finish.
 * ERR_IMAGE_INVALID (says what), ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA, ERR_BUSY (memory is short).
 */
must_check enum err image_decode(struct ctx *ctx, struct str file, struct image *ret);
/* The same with a limit of its own, at most FACE_MAX_PIXELS. */
must_check enum err image_decode_within(struct ctx *ctx, struct str file, int64_t max_pixels,
                                        struct image *ret);
void image_finish(struct image *im);

/* Where the nets come from. NULL: not configured; an empty pack is the default one. */
struct face_sources {
    const char *runtime;    /* libonnxruntime.so.1 */
    const char *models_dir; /* files of the default pack */
    const char *packs_dir;  /* folders of other packs */
    const char *pack;       /* the id of the one in use */
};

struct face_model_info {
    struct str role, file, sha256, licence, source, problem; /* problem empty: well */
    int64_t bytes;
};
extern const struct schema face_model_info_schema;

/*
 * Opens the library, reads the pack and checks its files' checksums; of other packs than the
 * default one each net is also run once. Never fails as a whole: what is missing, altered or makes
 * no sense is told by face_models_problem.
 */
struct face_models *face_models_open_pack(struct ctx *ctx, const struct face_sources *from);
/* The default pack. */
struct face_models *face_models_open(struct ctx *ctx, const char *runtime, const char *dir);
/* The sources that the settings name; the pack is that of the option `pack`, else the one in the
 * file that `face models use` writes, else the default one. Texts lie in ctx's arena. */
struct face_sources face_sources_of(struct ctx *ctx, const struct settings *s);
/* Where `face models use` writes its choice: one line, the pack's id. */
const char *face_pack_choice_path(struct ctx *ctx, const struct settings *s);
struct face_models *face_models_open_chosen(struct ctx *ctx, const struct settings *s);
void face_models_close(struct face_models *m);
/* Empty when faces can be recognised; else what is missing and how to mend it. */
struct str face_models_problem(const struct face_models *m);
/* Empty when open and closed eyes can be told apart; else why a blink cannot be seen. */
struct str face_models_eyes_problem(const struct face_models *m);
/* A list of struct face_model_info; its texts may lie in `m`, so read it before closing that. */
struct list face_models_list(struct ctx *ctx, const struct face_models *m);
/* Names the embedding model; stored with every template. Empty when the pack cannot be read. */
const char *face_model_id(const struct face_models *m);
/* The id of the pack in use. */
const char *face_pack_id(const struct face_models *m);
/* What the pack asks of a match; the default rule for NULL. */
const struct face_rule *face_models_rule(const struct face_models *m);
/* Runs every net once, on pictures of nothing: shapes must fit and numbers be finite.
 * ERR_MODELS_UNAVAILABLE: says which net does what wrong. */
must_check enum err face_models_try(struct ctx *ctx, const struct face_models *m);

/* A worker's nets. Never NULL; sessions are opened at first use. */
struct face *face_create(struct face_models *m);
void face_destroy(struct face *f);
/* Microseconds that this worker has spent inside the nets so far; for benches and metrics. */
int64_t face_nets_us(const struct face *f);

/*
 * Finds the faces of a picture, largest first, at most FACE_MAX_FACES, into an array in ctx's
 * arena. ERR_MODELS_UNAVAILABLE. No face is not an error: *n is 0.
 */
must_check enum err face_find(struct ctx *ctx, const struct image *im, enum face_options options,
                              struct face_found **ret, size_t *n);
/* The same; *more: how many smaller faces than the FACE_MAX_FACES largest were left out. */
must_check enum err face_find_some(struct ctx *ctx, const struct image *im,
                                   enum face_options options, struct face_found **ret, size_t *n,
                                   size_t *more);

/*
 * Embeds a face that is already cut out and aligned to the 112 x 112 template, as test sets come.
 * ERR_IMAGE_INVALID (another size), ERR_MODELS_UNAVAILABLE.
 */
must_check enum err face_embed_aligned(struct ctx *ctx, const struct image *im,
                                       struct face_found *ret);

/*
 * How many of the faces (largest first) are of somebody in front of the camera: at least 0.4 times
 * as high as the largest, and not inside a larger one. People far behind do not count, nor does
 * what the detector takes for a face in a beard or a sleeve.
 */
size_t face_count_close(const struct face_found *faces, size_t n);

/* The flaws of one face for a purpose; none: good enough. */
struct face_flaws face_check(const struct face_found *f, const struct image *im,
                             enum face_purpose purpose);
