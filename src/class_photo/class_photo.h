/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Photos of a class: the faces in 1 to 5 photos are compared with the session's roster, and a
 * proposal says who is surely there, who perhaps, who was not seen. A person decides; only that
 * marks. The photos are never kept; crops of the faces are, sealed, until the decision or the end
 * of their time.
 */
#include "base/ctx.h"
#include "base/schema.h"

enum {
    CLASS_PHOTO_PHOTOS_MAX = 5,
    CLASS_PHOTO_FILE_MAX = 12 << 20,
    CLASS_PHOTO_BODY_MAX = 40 << 20,
    CLASS_PHOTO_CANDIDATES = 3,
    CLASS_PHOTO_PRESENT_MAX = 1000,
};

struct class_photo_student {
    int64_t id;
    struct str name, number;
    struct str status; /* the register's, now */
};

struct class_photo_candidate {
    struct obj student; /* struct class_photo_student */
    double similarity;
};

struct class_photo_face {
    int64_t face; /* number within the proposal, from 1 */
    int64_t photo;
    struct obj box; /* struct face_box */
    double quality; /* length of the raw embedding */
    struct strs flaws;
    struct str crop_url;
};

/* Somebody in the photos. */
struct class_photo_person {
    struct obj student; /* of `sure` only */
    struct obj outcome; /* struct decision */
    struct strs reasons;
    struct list candidates; /* of `unsure` only: struct class_photo_candidate, best first */
    struct list faces;      /* struct class_photo_face, the best first; one of a photo */
};

struct class_photo_picture {
    int64_t width, height, faces;
    int64_t more_faces; /* smaller ones, not looked at */
};

struct class_photo {
    int64_t id, session_id;
    int64_t created_at, expires_at;
    struct obj outcome; /* struct decision: nobody may be recognised, or no face was found */
    struct list photos; /* struct class_photo_picture */
    struct list sure, unsure, unknown; /* struct class_photo_person */
    struct list absent;                /* struct class_photo_student: expected and not seen */
    double ms;
};
extern const struct schema class_photo_schema;

/*
 * Looks for the session's students in the photos and keeps a proposal; an earlier one of the same
 * person for this session, not confirmed, is discarded. Nobody is marked.
 *
 * ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE
 * ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA, ERR_BUSY
 */
must_check enum err class_photo_create(struct ctx *ctx, int64_t session_id, struct files photos,
                                       struct class_photo *ret);
/* ERR_NOT_FOUND: no such proposal, confirmed, discarded, or its time is over. */
must_check enum err class_photo_get(struct ctx *ctx, int64_t session_id, int64_t id,
                                    struct class_photo *ret);
/* A face as a small JPEG. ERR_NOT_FOUND as above. */
must_check enum err class_photo_crop(struct ctx *ctx, int64_t session_id, int64_t id, int64_t face,
                                     struct str *ret_jpeg);
/* Forgets a proposal that is not confirmed. ERR_NOT_FOUND. */
must_check enum err class_photo_discard(struct ctx *ctx, int64_t session_id, int64_t id);

/* "This face is that student." */
struct class_photo_assignment {
    int64_t face, student_id;
};
struct class_photo_answer {
    int64_t session_id, class_photo_id;
    struct i64s present;
    struct list assignments; /* struct class_photo_assignment */
};

struct class_photo_mark {
    int64_t student_id;
    struct str status;
    bool by_face; /* the face agreed; else marked by hand */
    bool already; /* was marked before and stays as it was */
};
struct class_photo_result {
    int64_t id, session_id;
    int64_t confirmed_at, confirmed_by;
    struct list students; /* struct class_photo_mark */
};
extern const struct schema class_photo_result_schema;

/*
 * Marks those whom a person says are there, in one transaction, and destroys the crops. Confirming
 * again gives the first answer back and marks nobody.
 *
 * ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN
 * ERR_INVALID  a student who is not expected or is named twice, a face that is not there
 */
must_check enum err class_photo_confirm(struct ctx *ctx, const struct class_photo_answer *in,
                                        struct class_photo_result *ret);

/* Forgets proposals that ended before `before`, crops and all; *ret_n of them. */
must_check enum err class_photo_trim(struct ctx *ctx, int64_t before, int64_t *ret_n);
/* When the oldest that waits for a person was made, and how many ended before `before`. */
must_check enum err class_photo_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                    int64_t *ret_due);
