/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A camera that is watched for a while: its faces are followed from frame to frame, and each
 * person is marked once. What is known of faces lives in memory of the watch only and is wiped
 * with it. One frame at a time.
 */
#include "attendance/recognise.h"
#include "liveness/policy.h"

struct watch;

/* Where a frame was seen. */
struct watch_place {
    const char *way;                /* face kiosk */
    const struct session *sessions; /* checked and open, the nearest first; at most 8 */
    size_t n;
    int64_t device_id; /* 0: none */
    bool passive;      /* a face must look alive to be named */
    bool blink;        /* and blink once it is asked to */
};

/* What the school's policy asks of a face here. */
void watch_place_live(struct watch_place *place, enum live_policy policy);

struct watch *watch_create(void);
/* Wipes what it knows. Fits the hook of a WebSocket. */
void watch_destroy(void *watch);
/* Keeps a student's given name only, for screens that everybody sees. */
void watch_given_names(struct watch *w);

/*
 * Looks at one frame. ret->faces tell of each face its track, what was decided, and, in the frame
 * in which it was marked, the record.
 * ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_SESSION_NOT_OPEN (closed meanwhile),
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA
 */
must_check enum err watch_look(struct ctx *ctx, struct watch *w, const struct watch_place *place,
                               struct str picture, struct recognised *ret);

/* A frame of a stream: its number, how old it was when it was sent, the picture. */
struct watch_frame {
    int64_t number;
    int64_t age_ms;
    struct str picture;
};
/*
 * Four bytes of the number, big-endian; then, if the next byte is 0, three bytes of the age in
 * milliseconds; then the picture. ERR_BAD_REQUEST; ret->number is told when it is there.
 */
must_check enum err watch_frame_read(struct ctx *ctx, bool binary, struct str data,
                                     struct watch_frame *ret);
/* A frame older than this is not looked at: what it shows is over. */
enum { WATCH_DEADLINE_MS = 1000 };
