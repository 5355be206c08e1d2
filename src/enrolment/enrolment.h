/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Consent and face templates: the one door to biometric data. No template without a consent record;
 * withdrawing it destroys the templates and the student's key in the same transaction. Templates
 * are sealed under the student's key and opened only for the moment of a comparison.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "enrolment/consent.h"
#include "face/identify.h"

enum { ENROLMENT_SHOTS_MAX = 5, ENROLMENT_PHOTOS_MAX = 10 }; /* kept, and sent */

struct template_info {
    int64_t id;
    struct str model;
    double quality; /* length of the raw embedding */
    struct str pose, assurance;
    int64_t created_at;
};

struct enrolment_flaw {
    struct str code, detail;
    double measured, limit;
};
extern const struct schema enrolment_flaw_schema;

struct enrolment_shot {
    int64_t index;
    bool accepted;
    struct str pose;
    double score;
    struct list flaws;
};

struct enrolment {
    int64_t student_id;
    bool enrolled;
    struct opt_str assurance;  /* "low", "standard" */
    struct opt_i64 due_at;     /* when the templates are to be renewed */
    bool ageing;               /* they are to be renewed now */
    struct list templates;     /* struct template_info */
    struct strs missing_poses; /* of the templates */
    struct list history;       /* struct enrolment_past, newest first */
    struct list shots;         /* struct enrolment_shot; empty when reading */
    struct i64s duplicate_of;  /* other students whose templates look alike */
};
extern const struct schema enrolment_schema;

/* Photos to enrol. */
struct enrolment_in {
    int64_t student_id;
    struct files photos;
    struct str source; /* "webcam": at least 3 good shots; "id_photo": one; "photos" */
    bool accept_duplicate;
    bool rehearse; /* look, compare and tell, but keep nothing and open no case */
    /* May be NULL: what else is done in the transaction that stores the templates. */
    enum err (*also)(struct ctx *ctx, void *arg);
    void *also_arg;
};

/* What the person in front of the camera should do. */
struct enrolment_hint {
    struct str code;
    double measured, limit;
};

struct enrolment_check {
    int64_t faces;
    bool ok;
    struct list flaws, hints;
    struct obj box; /* struct face_box of the largest face */
    struct str pose;
    double yaw_offset, score;
    struct opt_str wanted;
};
extern const struct schema enrolment_check_schema;
extern const struct schema face_box_schema;

must_check enum err enrolment_get(struct ctx *ctx, int64_t student_id, struct enrolment *ret);

/*
 * Replaces the student's templates (of the model in use) by those of the best photos that pass: of
 * each pose the best, at most ENROLMENT_SHOTS_MAX. Low assurance: an ID photo, or fewer than 3.
 *
 * ERR_NOT_FOUND, ERR_CONSENT_REQUIRED, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA
 * ERR_INVALID           an ID photo is one photo
 * ERR_FACE_QUALITY      no photo passed, or by webcam fewer than 3; every flaw is a field error of
 *                       its photo
 * ERR_DUPLICATE_PERSON  looks like another enrolled student, nobody has found them to be different
 *                       people, and `accept_duplicate` is false: a case is open (duplicates.h)
 */
must_check enum err enrolment_create(struct ctx *ctx, const struct enrolment_in *in,
                                     struct enrolment *ret);
/* How good a photo would be and what to do, for live hints; keeps nothing. `have`: poses that are
 * there already, "front,slightly_left". ERR_INVALID: another word in it */
must_check enum err enrolment_try(struct ctx *ctx, int64_t student_id, struct file photo,
                                  struct str have, struct enrolment_check *ret);
/* Emits enrolment.ageing for templates that are to be renewed, once per set. A periodic job. */
must_check enum err enrolment_remind(struct ctx *ctx);
/* Destroys the templates and the key. ERR_NOT_FOUND: there are none. */
must_check enum err enrolment_delete(struct ctx *ctx, int64_t student_id);

/*
 * Those students of a session who consented and are enrolled with the model in use, and the pairs
 * among them that need more care. Release it by roster_finish. No caller check: the session was
 * checked before.
 */
must_check enum err enrolment_roster(struct ctx *ctx, int64_t session_id, struct roster *ret);
/* The same of several sessions at once (1 to 8): those now open in a room. */
must_check enum err enrolment_roster_of(struct ctx *ctx, struct i64s session_ids,
                                        struct roster *ret);
/* One student's own templates, for 1:1. An empty gallery: not enrolled, or no consent. */
must_check enum err enrolment_roster_one(struct ctx *ctx, int64_t student_id, struct roster *ret);

/*
 * For start-up: every sealed template can be opened with the master key of `path`, as far as the
 * key's name tells. ERR_INVALID: the file is missing or another one although templates were sealed.
 */
must_check enum err enrolment_check_key(struct ctx *ctx, const char *path);

/* Follows a master key that was exchanged, and forgets the old one; periodic. */
must_check enum err enrolment_refresh_keys(struct ctx *ctx);

/* What faces are used for: the school's switch allows none, the first, or both. */
enum face_use { FACE_USE_VERIFY, FACE_USE_ROSTER };

/* ERR_BIOMETRICS_OFF when the school does not use faces for this; ERR_MODELS_UNAVAILABLE with the
 * reason. Enrolment itself asks for FACE_USE_VERIFY. */
must_check enum err enrolment_ready(struct ctx *ctx, enum face_use use);
