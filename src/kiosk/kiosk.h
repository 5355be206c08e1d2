/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a kiosk sees: its room, the sessions that are open there, the next one. A kiosk is a device
 * (devices/); it never sees a list of students.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "sessions/sessions.h"

enum { KIOSK_SESSIONS_MAX = 8 };

struct kiosk_session {
    int64_t id;
    struct str module_name, kind, time_zone;
    int64_t starts_at, ends_at;
    int64_t trainer_id, late_after_min, absent_after_min; /* not told */
};

struct kiosk_room {
    int64_t device_id;
    struct str device_name, room_name, school_name;
    struct str face_recognition;
    int64_t now;
    struct list sessions; /* struct kiosk_session: open now, the nearest first */
    struct obj next;      /* struct kiosk_session that is not open yet, or NULL */
};
extern const struct schema kiosk_room_schema;

/* The calling kiosk's. */
must_check enum err kiosk_room_get(struct ctx *ctx, struct kiosk_room *ret);
/* Those in which the kiosk's students are marked now, the nearest check-in first; at most
 * KIOSK_SESSIONS_MAX, in ctx's arena. */
must_check enum err kiosk_open_sessions(struct ctx *ctx, struct session **ret, size_t *n);
