/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Faces followed from frame to frame. One look may be lucky, or of somebody who steps in between,
 * so nobody is named by one: a track names a person once several good looks agree and their mean
 * agrees too. No nets, no SQL. One thread at a time. Rules and figures: docs/adr/0012.
 */
#include "face/identify.h"

enum {
    TRACKS_MAX = 16,           /* faces followed at once; the largest ones */
    TRACK_WINDOW = 5,          /* good looks remembered */
    TRACK_AGREE = 3,           /* of them must name the same person */
    TRACK_LOOKS = 12,          /* good looks after which nobody is named */
    TRACK_LIVE = 5,            /* scores whose mean says whether a face is alive */
    TRACK_LOOK_MS = 90,        /* looks nearer in time than this are one look */
    TRACK_BLINK_MS = 10 * 1000 /* to blink, once it is asked for */
};
/* Mean passive liveness below which a picture of a face is suspected. */
#define TRACK_SPOOF_BELOW 0.3

struct tracks;

enum track_state {
    TRACK_LOOKING,   /* nothing is decided yet */
    TRACK_NAMED,     /* `match` says whom; stays so as long as the track lives */
    TRACK_UNKNOWN,   /* nobody of the roster, for as long as a refusal holds */
    TRACK_AMBIGUOUS, /* the looks contradict each other, or two persons are too close */
    TRACK_SPOOF,     /* would be named, but the looks do not seem alive */
};

/* One face of a frame. */
struct track_look {
    const struct face_found *face;
    bool good; /* fit to be compared */
};

/* By what tracks are named. */
struct track_rule {
    const struct roster *roster; /* asked for good looks only */
    /* Passive liveness of a look, 0..1; false: it cannot be told now. Nobody is named before there
     * are TRACK_LIVE of them. NULL: liveness is not asked for. */
    bool (*live)(void *user, size_t look, double *ret);
    void *user;
    bool blink; /* who would be named must blink first; looks need their eyes measured */
};

/* What a frame's face is known as. */
struct track_seen {
    int64_t track; /* counts from 1; 0: too many faces to follow */
    enum track_state state;
    bool news;               /* the state was reached by this frame */
    struct face_match match; /* of the track's mean when decided, else of this look */
    bool compared;           /* `match` is filled */
    int64_t votes;           /* good looks that name match.person so far, of TRACK_AGREE */
    struct opt_f64 live;     /* mean so far */
    bool asks_blink;         /* would be named, and has not blinked yet */
};

struct tracks *tracks_create(void);
/* Wipes the embeddings; takes NULL. */
void tracks_destroy(struct tracks *t);
/*
 * Takes one frame's faces, largest first, and says of each what it is known as. `now_ms` is
 * monotonic; for a clock that jumps back time stands still.
 */
void tracks_feed(struct tracks *t, const struct track_rule *rule, const struct track_look *looks,
                 size_t n, int64_t now_ms, struct track_seen *ret);
size_t tracks_open(const struct tracks *t);
