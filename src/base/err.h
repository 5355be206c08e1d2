/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Every way the product can fail, in one list. The same list gives the enum, the HTTP status,
 * the problem+json `type` (RFC 9457), docs/errors.md and the UI's union of problem types.
 */
#define ERR_LIST(X)                                                                                \
    X(OK, 200, "ok", "Success")                                                                    \
    X(BAD_REQUEST, 400, "bad-request", "The request cannot be understood")                         \
    X(UNAUTHENTICATED, 401, "unauthenticated", "Sign in first")                                    \
    X(BAD_CREDENTIALS, 401, "bad-credentials", "E-mail or password is wrong")                      \
    X(FORBIDDEN, 403, "forbidden", "Your role may not do this")                                    \
    X(CSRF, 403, "csrf", "The request did not come from our own page")                             \
    X(LIVENESS_NONCE, 403, "liveness-nonce", "The nonce is not the one of this check-in")          \
    X(BIOMETRICS_OFF, 403, "biometrics-off", "Face recognition is switched off")                   \
    X(NOT_FOUND, 404, "not-found", "No such thing")                                                \
    X(METHOD_NOT_ALLOWED, 405, "method-not-allowed", "This address does not take this method")     \
    X(TIMEOUT, 408, "timeout", "The request took too long to arrive")                              \
    X(CONFLICT, 409, "conflict", "It already exists")                                              \
    X(IN_USE, 409, "in-use", "Something else still needs it")                                      \
    X(IDEMPOTENCY_MISMATCH, 409, "idempotency-mismatch", "This key was used for another request")  \
    X(IDEMPOTENCY_BUSY, 409, "idempotency-busy", "The first request with this key still runs")     \
    X(SESSION_STATE, 409, "session-state", "The session's state does not allow this")              \
    X(SESSION_NOT_OPEN, 409, "session-not-open", "The session's register is not open")             \
    X(TIMETABLE_CLASH, 409, "timetable-clash", "Trainer, room or group is taken at that time")     \
    X(CONSENT_REQUIRED, 409, "consent-required", "No consent to face recognition is recorded")     \
    X(NOT_ENROLLED, 409, "not-enrolled", "No face is enrolled")                                    \
    X(LIVENESS_DONE, 409, "liveness-done", "This check-in by face has ended")                      \
    X(DUPLICATE_PERSON, 409, "duplicate-person", "This face looks like another enrolled person")   \
    X(CODE_EXPIRED, 410, "code-expired", "This code is over; take the one that is shown now")      \
    X(LIVENESS_EXPIRED, 410, "liveness-expired", "The time of this check-in is over")              \
    X(VERSION_MISMATCH, 412, "version-mismatch", "Somebody else changed it meanwhile")             \
    X(TOO_LARGE, 413, "too-large", "The request is larger than allowed")                           \
    X(URI_TOO_LONG, 414, "uri-too-long", "The address is longer than allowed")                     \
    X(UNSUPPORTED_MEDIA, 415, "unsupported-media", "This content type is not taken here")          \
    X(INVALID, 422, "invalid", "A field is missing or wrong")                                      \
    X(IMAGE_INVALID, 422, "image-invalid", "The picture cannot be read")                           \
    X(DOCUMENT_INVALID, 422, "document-invalid", "The document is not what it says it is")         \
    X(CALENDAR_INVALID, 422, "calendar-invalid", "The calendar cannot be read")                    \
    X(CODE_WRONG, 422, "code-wrong", "This code or PIN is not of this session")                    \
    X(FACE_NONE, 422, "face-none", "No face was found")                                            \
    X(FACE_MANY, 422, "face-many", "More than one face where one is expected")                     \
    X(FACE_QUALITY, 422, "face-quality", "The face is not good enough to use")                     \
    X(FACE_UNKNOWN, 422, "face-unknown", "No enrolled student of this session matches")            \
    X(FACE_AMBIGUOUS, 422, "face-ambiguous", "Two students match almost equally")                  \
    X(UPGRADE_REQUIRED, 426, "upgrade-required", "This address speaks WebSocket")                  \
    X(PRECONDITION_REQUIRED, 428, "precondition-required", "Say which version you are changing")   \
    X(TOO_MANY_REQUESTS, 429, "too-many-requests", "Too many requests; wait and try again")        \
    X(INTERNAL, 500, "internal", "Something broke on our side")                                    \
    X(BUSY, 503, "busy", "The server is busy; try again")                                          \
    X(DB_UNAVAILABLE, 503, "database-unavailable", "The database cannot be reached")               \
    X(MODELS_UNAVAILABLE, 503, "models-unavailable", "Face recognition is not available")          \
    X(STORAGE_FULL, 507, "storage-full", "The disk is full")

enum err {
#define X(id, status, slug, title) ERR_##id,
    ERR_LIST(X)
#undef X
        ERR_COUNT
};

struct err_info {
    int status;
    const char *slug;
    const char *title;
    const char *name; /* "ERR_NOT_FOUND" */
};

/* Never NULL: an unknown code reads as an internal error. */
const struct err_info *err_info(enum err e);
