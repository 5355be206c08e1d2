/* SPDX-License-Identifier: MIT */
#pragma once
/* A picture of a session's room: whose faces are in it, and their marks. */
#include "attendance/attendance.h"
#include "recognition/decision.h"

struct recognised_face {
    struct obj box;     /* struct face_box */
    struct obj outcome; /* struct decision; NULL: the face is still looked at */
    struct strs flaws;
    struct opt_i64 track;               /* of a stream: the same number, the same face */
    struct opt_i64 votes, votes_needed; /* of a stream: good looks that agree */
    bool asks_blink;                    /* of a stream: to be marked, the student must blink */
    struct obj record;                  /* struct attendance, of a match that was just marked */
    bool already;
};

struct recognised {
    struct list faces;
    int64_t more_faces; /* smaller ones, not looked at */
    struct obj outcome; /* struct decision about the whole picture: no_face, no_consent; or NULL */
    int64_t width, height;
    double ms;
};
extern const struct schema recognised_schema;

/*
 * Finds the faces in the picture, matches them with the session's enrolled students (nobody else)
 * and marks the matches. With `single` exactly one face is expected and must match; otherwise a
 * picture that shows nobody, and a session in which nobody consented, are outcomes.
 *
 * ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA
 * and with `single` ERR_CONSENT_REQUIRED (nobody of the session is enrolled with consent),
 * ERR_FACE_NONE, _MANY, _QUALITY, _UNKNOWN, _AMBIGUOUS
 */
must_check enum err attendance_recognise(struct ctx *ctx, int64_t session_id, struct str picture,
                                         bool single, struct recognised *ret);

/* ERR_SESSION_NOT_OPEN unless students can be marked by their faces now. */
must_check enum err attendance_check_open(struct ctx *ctx, const struct session *s);
