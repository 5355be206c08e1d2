/* SPDX-License-Identifier: MIT */
#pragma once
/* Who stands before the camera, and what they do when something is asked. */
#include "face/liveness.h"
#include "liveness_render.h"

/* Bona fide first; then attack species, after ISO/IEC 30107-3's use of the word. */
#define SPECIES_LIST(X)                                                                            \
    X(BONA_FIDE, "bona fide (synthetic)")                                                          \
    X(STILL, "still photo: moved, turned, zoomed, tilted")                                         \
    X(PRINT, "print with paper edge: moved, zoomed, tilted")                                       \
    X(BENT, "print bent round a vertical axis")                                                    \
    X(SCREEN, "phone showing a photo: bezel, moire, glare")                                        \
    X(MASK, "cut-out mask: living eyes behind a print, flat or bent")                              \
    X(LOOP, "looped clip of a person, noise made anew")                                            \
    X(INJECTED, "still frames injected between moving ones")                                       \
    X(SECOND, "a living person beside a picture of another")                                       \
    X(REPLAY, "recorded session fed into another challenge")                                       \
    X(SCREEN_REPLAY, "recorded session on a phone, another challenge")

enum species {
#define X(id, text) SPECIES_##id,
    SPECIES_LIST(X)
#undef X
        SPECIES_COUNT
};
const char *species_name(enum species s);

/* One movement on its way. */
struct motion {
    enum live_challenge what;
    double start_s, in_s, hold_s, out_s, amount, other;
};

struct player {
    enum species species;
    struct chance chance;
    int variant;
    struct portrait *face, *other;
    uint64_t room;
    double size, distance, x, y, gain, noise, flicker, flicker_hz, sway[8];
    double bend, fineness, moire, glare;
    int quality;
    /* What is asked, and what is done about it. */
    size_t seen_done;
    bool asked;
    int tries;
    struct motion motion, natural;
    bool moving;
    double closer, closer_from, closer_to, closer_s;
    double gave_up_s; /* no more ideas since then; 0: still at it */
};

/* The same arguments give the same player. */
void player_init(struct player *a, enum species s, struct portrait *face, struct portrait *other,
                 uint64_t seed);
/* Draws what the camera sees `s` seconds after the beginning. */
void player_frame(struct player *a, double s, const struct live_progress *p, struct canvas *c);
/* The same of a film on a phone: `film` is its picture now. */
void player_film(struct player *a, const struct portrait *film, double s, struct canvas *c);
