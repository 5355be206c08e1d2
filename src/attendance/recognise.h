/* SPDX-License-Identifier: MIT */
#pragma once
/* A picture of a session's room: whose faces are in it, and their marks. */
#include "attendance/attendance.h"

struct recognised_face {
    struct obj box;      /* struct face_box */
    struct str decision; /* match unknown ambiguous low_quality */
    struct opt_i64 student_id;
    struct opt_str student_name;
    struct opt_f64 similarity, margin, threshold;
    struct strs flaws;
    struct obj record; /* struct attendance, of a match */
    bool already;
};

struct recognised {
    struct list faces;
    int64_t width, height;
    double ms;
};
extern const struct schema recognised_schema;

/*
 * Finds the faces in the picture, matches them with the session's enrolled students (nobody else)
 * and marks the matches. With `single` exactly one face is expected and must match.
 *
 * ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE
 * ERR_CONSENT_REQUIRED  no student of the session is enrolled with consent
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA
 * ERR_FACE_NONE, and with `single` ERR_FACE_MANY, _QUALITY, _UNKNOWN, _AMBIGUOUS
 */
must_check enum err attendance_recognise(struct ctx *ctx, int64_t session_id, struct str picture,
                                         bool single, struct recognised *ret);
