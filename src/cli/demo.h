/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The demo school: made whole by the features' own rules, with the clock of ctx moved through its
 * history. All chance comes from the seed: the same seed on the same day gives the same school.
 */
#include "base/ctx.h"

#include "cli/demo_data.h"
#include "sessions/sessions.h"

struct demo {
    struct ctx *ctx;
    const char *portraits; /* folder with portraits.json; NULL: none */
    int64_t seed;
    void (*progress)(struct str line); /* NULL: silent */

    int64_t now; /* the real time; ctx->now moves */
    uint64_t dice;
    int64_t admin_id; /* account */
    int64_t programmes[DEMO_PROGRAMMES], modules[DEMO_MODULES], rooms[DEMO_ROOMS];
    int64_t groups[DEMO_GROUPS];
    struct {
        int64_t id, user_id;
    } trainers[DEMO_TRAINERS];
    int64_t students[DEMO_STUDENTS];
    bool enrolled[DEMO_STUDENTS];
    int64_t n_enrolled, n_sessions;
    bool faces; /* recognition is ready and there are portraits */
};

enum demo_found { DEMO_EMPTY, DEMO_THERE, DEMO_OTHER };

/* What the database holds, and for DEMO_THERE the ids of what is still there. */
must_check enum err demo_find(struct demo *d, enum demo_found *ret);
/* Fills an empty database, in one transaction. */
must_check enum err demo_fill(struct demo *d);
/* Gives every trainer a session to open now who has none, and enrols when nobody is. */
must_check enum err demo_refresh(struct demo *d);

/* An openable or open session of the trainer that goes on for a while. ERR_NOT_FOUND */
must_check enum err demo_session_now(struct demo *d, size_t trainer, struct session *ret);
/* File of the portrait of a student in the session who can be recognised and is not marked yet;
 * ERR_NOT_FOUND when there is none. `ret` is the student's place in demo_students. */
must_check enum err demo_face_of(struct demo *d, const struct session *s, size_t *ret);

/* The parts of demo_fill, in this order. */
must_check enum err demo_add_structure(struct demo *d);
must_check enum err demo_add_people(struct demo *d);
must_check enum err demo_add_consents(struct demo *d);
must_check enum err demo_add_faces(struct demo *d);
must_check enum err demo_add_sessions(struct demo *d);
/* For demo_refresh: a session of demo_lessons_now. */
must_check enum err demo_add_now(struct demo *d, size_t trainer);

enum { DEMO_MINUTE = 60 * 1000, DEMO_HOUR = 3600 * 1000, DEMO_DAY = 24 * 3600 * 1000 };

/* Evenly from 0 to n - 1. */
int64_t demo_dice(struct demo *d, int64_t n);
/* The admin at the time `at`. */
void demo_as_admin(struct demo *d, int64_t at);
/* S-0007 */
struct str demo_number(struct demo *d, size_t student);
struct str demo_email(struct demo *d, const char *login);
format_like(2, 3) void demo_says(struct demo *d, const char *fmt, ...);

/* Days since 1970 and minutes of a day in the school's zone; ERR_INVALID: no such zone. */
must_check enum err demo_zone(struct ctx *ctx);
int64_t demo_local(int64_t day, int64_t minute);
int64_t demo_day(int64_t at);
