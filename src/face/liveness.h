/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Is a living person in front of the camera who does what is asked now? Measurements of frames in,
 * a verdict out. No nets, no clock of its own, no SQL; a `struct liveness` belongs to one session
 * and one thread at a time. What it resists, and what not, was measured: docs/liveness.md.
 *
 * Left and right are the person's own. In a frame as a camera takes it (not mirrored) a person who
 * turns to their left moves the nose towards the right of the image: yaw_offset > 0. Only a preview
 * may be mirrored, never the frames that are sent.
 */
#include "face/face.h"

enum {
    LIVE_MAX_CHALLENGES = 8,
    LIVE_MAX_FRAMES = 600,
    LIVE_MIN_FRAMES = 10,
    LIVE_PICKED = 4,             /* challenges in a picked sequence */
    LIVE_CHALLENGE_MS = 8000,    /* for one challenge, from when it is asked */
    LIVE_SESSION_MS = 30 * 1000, /* suggested life of a session */
    LIVE_DIGEST = 32,
    LIVE_PRINT_SIDE = 16,
};

#define LIVE_CHALLENGE_LIST(X)                                                                     \
    X(BLINK, "blink")                                                                              \
    X(TURN_LEFT, "turn_left")                                                                      \
    X(TURN_RIGHT, "turn_right")                                                                    \
    X(COME_CLOSER, "come_closer")

enum live_challenge {
#define X(id, name) LIVE_##id,
    LIVE_CHALLENGE_LIST(X)
#undef X
        LIVE_CHALLENGE_COUNT
};

/* Why a session is refused. All but the last are final: one can only begin anew. */
#define LIVE_REFUSAL_LIST(X)                                                                       \
    X(EXPIRED, "expired", "the session's time is over, or has not begun")                          \
    X(REPLAYED_FRAME, "replayed_frame", "frames were seen before in this session")                 \
    X(REORDERED, "reordered", "frame numbers do not rise")                                         \
    X(CLOCK_JUMP, "clock_jump", "the clock went backwards or leapt")                               \
    X(TOO_FAST, "too_fast", "more than 80 frames a second, or an answer before one can react")     \
    X(TOO_SLOW, "too_slow", "more than 2 s without a frame")                                       \
    X(TOO_MANY_FRAMES, "too_many_frames", "more frames than a session may have")                   \
    X(SECOND_FACE, "second_face", "more than one person is close to the camera")                   \
    X(FACE_LOST, "face_lost", "the face left the picture or leapt within it")                      \
    X(ANOTHER_PERSON, "another_person", "the face is no longer that of the same person")           \
    X(STILL_PICTURE, "still_picture", "the face moves like a flat picture, not like a head")       \
    X(INJECTED_STILL, "injected_still", "the very same faces came back between moving ones")       \
    X(WRONG_MOVEMENT, "wrong_movement", "another movement than the one that was asked")            \
    X(CHALLENGE_FAILED, "challenge_failed", "what was asked was not done in time")                 \
    X(NO_FRAMES, "no_frames", "too few frames with a face")                                        \
    X(NO_FACE_DATA, "no_face_data", "too few frames that can be compared with a person")           \
    X(UNFINISHED, "unfinished", "challenges are still open")

enum live_refusal {
#define X(id, name, text) LIVE_REFUSED_##id,
    LIVE_REFUSAL_LIST(X)
#undef X
        LIVE_REFUSAL_COUNT
};

/* What the person should do now. */
#define LIVE_HINT_LIST(X)                                                                          \
    X(NONE, "none")                                                                                \
    X(NO_FACE, "no_face")                                                                          \
    X(ONE_PERSON, "one_person")                                                                    \
    X(LOOK_STRAIGHT, "look_straight")                                                              \
    X(OPEN_EYES, "open_eyes")                                                                      \
    X(BLINK, "blink")                                                                              \
    X(TURN_LEFT, "turn_left")                                                                      \
    X(TURN_RIGHT, "turn_right")                                                                    \
    X(TURN_BACK, "turn_back")                                                                      \
    X(COME_CLOSER, "come_closer")                                                                  \
    X(FACE_TOO_SMALL, "face_too_small")

enum live_hint {
#define X(id, name) LIVE_HINT_##id,
    LIVE_HINT_LIST(X)
#undef X
        LIVE_HINT_COUNT
};

/* "turn_left"; "unknown" for nonsense. */
const char *live_challenge_name(enum live_challenge c);
const char *live_refusal_name(enum live_refusal r);
/* The English reason of the list above. */
const char *live_refusal_text(enum live_refusal r);
const char *live_hint_name(enum live_hint h);

/*
 * Picks the challenges of a session from 32 random bits: one blink and three movements, at most one
 * of them to come closer, no turn twice in a row. Two picks that differ always differ in the order
 * of their movements: people blink anyway, so where the blink stands tells nothing.
 */
enum { LIVE_PICKS = 10 };
void live_pick(uint32_t random, enum live_challenge ret[LIVE_PICKED]);

/* The picture in 16 x 16 cells of mean luma (in 256ths), by which a picture that comes back is
 * found. */
struct live_print {
    uint16_t cells[LIVE_PRINT_SIDE * LIVE_PRINT_SIDE];
};
void live_print_of(const struct image *im, struct live_print *ret);

struct live_frame {
    int64_t at_ms;               /* when the server received it */
    uint32_t number;             /* the client's, rising */
    uint8_t digest[LIVE_DIGEST]; /* SHA-256 of the file's bytes */
    struct live_print print;
    int64_t width, height;
    const struct face_found *faces; /* by face_find with FACE_EMBED | FACE_EYES, largest first */
    size_t n;
    double passive; /* of the largest face, by face_passive; NAN: not measured */
};

enum live_state { LIVE_ONGOING, LIVE_PASSED, LIVE_REFUSED };

struct live_progress {
    enum live_state state;
    size_t done, n;              /* challenges passed, and all */
    enum live_challenge current; /* meaningful while done < n */
    enum live_hint hint;
    int64_t left_ms; /* for the current challenge */
};

struct live_step {
    enum live_challenge challenge;
    bool passed;
    int64_t at_ms; /* when it was passed; 0: it was not */
    double measured, limit;
    /* Of turns: how far the nose stands out of the plane of eyes and mouth, in distances between
     * the eyes, by how it shifts; a flat picture has about 0. NAN: not measured. */
    double relief;
};

struct live_result {
    bool passed;
    struct live_step steps[LIVE_MAX_CHALLENGES];
    size_t n_steps;
    enum live_refusal reasons[LIVE_REFUSAL_COUNT]; /* empty when passed */
    size_t n_reasons;
    /* Advisory only: mean over frames whose face has at least 100 px; NAN with fewer than 5. */
    double passive;
    size_t passive_frames;
    /* Mean of the embeddings of the near-frontal frames of the one track that all of this was
     * measured on, of unit length; embedded false: too few of them. For the 1:1 or 1:N match. */
    float embedding[FACE_DIM];
    bool embedded;
    size_t embedding_frames;
    /* The best of those frames. */
    uint32_t best_number;
    double best_norm, best_height_px, best_sharpness;
    size_t frames;
};

struct liveness;

/* `n` of 1..LIVE_MAX_CHALLENGES, else NULL. Times are epoch ms of the same clock as at_ms. */
struct liveness *liveness_create(const enum live_challenge *seq, size_t n, int64_t created_ms,
                                 int64_t expires_ms);
/* Wipes it. Takes NULL. */
void liveness_destroy(struct liveness *l);
/*
 * Takes one frame; nothing of it is kept by reference. Numbers that are not finite count as "no
 * face". Once refused or passed, further frames change nothing.
 */
struct live_progress liveness_feed(struct liveness *l, const struct live_frame *f);
struct live_progress liveness_progress(const struct liveness *l);
struct live_result liveness_result(const struct liveness *l);

/* A blink, alone: both eyes open (< 0.3), closed (both > 0.8) for 0.1 to 0.5 s, open again, with
 * |yaw| < 20 degrees. Zeroed to begin. */
struct live_blink {
    int64_t open_ms;   /* last frame with both eyes open; 0: none */
    int64_t closed_ms; /* first frame with both closed after it; 0: none */
    int64_t last_closed_ms;
    double peak; /* the larger the more closed: min over the eyes, max over the frames */
};
/* True when this frame ends a blink. NAN and a turned head begin anew. */
bool live_blink_feed(struct live_blink *b, int64_t at_ms, const double closed[2], double yaw_deg);
