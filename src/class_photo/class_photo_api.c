/* SPDX-License-Identifier: MIT */
/* Class photos over HTTP: propose, look, decide or forget. */
#include "class_photo/class_photo_api.h"

#include "class_photo/class_photo.h"
#include "class_photo/kept.h"
#include "enrolment/enrolment.h"
#include "recognition/decision.h"

enum { FORM_ROOM = 64 << 10, FACES_MAX = 1000 };

#define F(...) FIELD(struct class_photo_student, __VA_ARGS__)
static const struct field student_fields[] = {
    F(id, "Student", .required = true),
    F(name, "Name", .required = true),
    F(number, "Student number", .required = true, .example = "\"S-0007\""),
    F(status, "The register's mark now", .required = true,
      .one_of = ONE_OF("present", "late", "absent", "excused", "unmarked")),
};
#undef F
static const struct schema student_schema = SCHEMA(class_photo_student, student_fields);

#define F(...) FIELD(struct class_photo_candidate, __VA_ARGS__)
static const struct field candidate_fields[] = {
    F(student, "Who it may be", .required = true, .items = &student_schema),
    F(similarity, "Cosine with the student's best template", .required = true, .example = "0.47"),
};
#undef F
static const struct schema candidate_schema = SCHEMA(class_photo_candidate, candidate_fields);

#define F(...) FIELD(struct class_photo_face, __VA_ARGS__)
static const struct field face_fields[] = {
    F(face, "Number of the face in this proposal", .required = true),
    F(photo, "Number of the photo, from 0", .required = true),
    F(box, "Where in the upright photo", .required = true, .items = &face_box_schema),
    F(quality, "Length of the raw embedding: how much detail the face has", .required = true),
    F(flaws, "What is wrong with the face", .required = true, .example = "[\"too_small\"]"),
    F(crop_url, "Where a small JPEG of it is, until the proposal ends", .required = true),
};
#undef F
static const struct schema face_schema = SCHEMA(class_photo_face, face_fields);

#define F(...) FIELD(struct class_photo_person, __VA_ARGS__)
static const struct field person_fields[] = {
    F(student, "The student; of `sure` only", .items = &student_schema),
    F(outcome, "What was decided about the best face", .required = true, .items = &decision_schema),
    F(reasons,
      "Why it is not sure: `ambiguous`, `near_threshold`, `low_quality`, `look_alike`, "
      "`seen_twice`, `not_alive`",
      .required = true),
    F(candidates, "Whom it may be, at most 3, best first; of `unsure` only", .required = true,
      .items = &candidate_schema),
    F(faces, "One face of each photo, the best first", .required = true, .items = &face_schema),
};
#undef F
static const struct schema person_schema = SCHEMA(class_photo_person, person_fields);

#define F(...) FIELD(struct class_photo, __VA_ARGS__)
static const struct field proposal_fields[] = {
    F(id, "Proposal", .required = true),
    F(session_id, "Session", .required = true),
    F(created_at, "When it was made", .required = true, .format = "date-time"),
    F(expires_at, "When it is forgotten", .required = true, .format = "date-time"),
    F(outcome, "Of the whole: `no_consent` when nobody may be recognised, `no_face`",
      .items = &decision_schema),
    F(photos, "The photos that were sent", .required = true, .items = &class_photo_picture_schema),
    F(sure, "Students who were recognised", .required = true, .items = &person_schema),
    F(unsure, "Faces for which a person must decide", .required = true, .items = &person_schema),
    F(unknown, "Faces that are like no student's", .required = true, .items = &person_schema),
    F(absent, "Expected students who were not seen, enrolled or not", .required = true,
      .items = &student_schema),
    F(ms, "Milliseconds it took", .required = true),
};
#undef F
const struct schema class_photo_schema = SCHEMA(class_photo, proposal_fields);

struct class_photo_in {
    int64_t session_id;
    struct files photos;
};
#define F(...) FIELD(struct class_photo_in, __VA_ARGS__)
static const struct field in_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(photos,
      "1 to 5 photos: JPEG, PNG or WebP, at most 24 megapixels and 12 MiB each, 40 MiB in all",
      .required = true, .format = "binary", .min = 1, .max = CLASS_PHOTO_PHOTOS_MAX),
};
#undef F
static const struct schema photos_in = SCHEMA_NAMED("class_photo_new", class_photo_in, in_fields);

struct class_photo_ref {
    int64_t session_id, class_photo_id, face;
};
static const struct field ref_fields[] = {
    FIELD(struct class_photo_ref, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    FIELD(struct class_photo_ref, class_photo_id, "Proposal", .in = IN_PATH, .min = 1,
          .example = "3"),
};
static const struct schema ref_in = SCHEMA(class_photo_ref, ref_fields);

static const struct field crop_fields[] = {
    FIELD(struct class_photo_ref, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    FIELD(struct class_photo_ref, class_photo_id, "Proposal", .in = IN_PATH, .min = 1,
          .example = "3"),
    FIELD(struct class_photo_ref, face, "Face", .in = IN_PATH, .min = 1, .example = "1"),
};
static const struct schema crop_in = SCHEMA_NAMED("class_photo_crop", class_photo_ref, crop_fields);

#define F(...) FIELD(struct class_photo_assignment, __VA_ARGS__)
static const struct field assignment_fields[] = {
    F(face, "Face", .required = true, .min = 1, .example = "4"),
    F(student_id, "Who it is", .required = true, .min = 1, .example = "7"),
};
#undef F
static const struct schema assignment_schema = SCHEMA(class_photo_assignment, assignment_fields);

#define F(...) FIELD(struct class_photo_answer, __VA_ARGS__)
static const struct field answer_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(class_photo_id, "Proposal", .in = IN_PATH, .min = 1, .example = "3"),
    F(present, "Students who are there, whether seen in the photos or not", .required = true,
      .max = CLASS_PHOTO_PRESENT_MAX, .example = "[7, 8]"),
    F(assignments, "Faces that are these students, who are there", .required = true,
      .max = FACES_MAX, .items = &assignment_schema),
};
#undef F
static const struct schema answer_in = SCHEMA(class_photo_answer, answer_fields);

static enum err create(struct req *req)
{
    const struct class_photo_in *in = req->in;

    return class_photo_create(req->ctx, in->session_id, in->photos, req->out);
}

static enum err get(struct req *req)
{
    const struct class_photo_ref *in = req->in;

    return class_photo_get(req->ctx, in->session_id, in->class_photo_id, req->out);
}

static enum err crop(struct req *req)
{
    const struct class_photo_ref *in = req->in;
    enum err e =
        class_photo_crop(req->ctx, in->session_id, in->class_photo_id, in->face, &req->reply->raw);

    if (!e)
        req->reply->raw_type = "image/jpeg";
    return e;
}

static enum err discard(struct req *req)
{
    const struct class_photo_ref *in = req->in;

    return class_photo_discard(req->ctx, in->session_id, in->class_photo_id);
}

static enum err confirm(struct req *req)
{
    return class_photo_confirm(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "class_photo_create",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/class-photos",
        .handler = create,
        .in = &photos_in,
        .out = &class_photo_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 201,
        .errors =
            ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE,
                   ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA, ERR_BUSY),
        .summary = "Propose who is in photos of the class",
        .description = "Marks nobody. Only the session's own enrolled students are searched. The "
                       "photos are not kept; crops of the faces are, sealed, until the proposal is "
                       "confirmed, discarded or forgotten.",
        .body_max = CLASS_PHOTO_BODY_MAX + FORM_ROOM,
        .consumes = "multipart/form-data",
    },
    {
        .id = "class_photo_get",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/class-photos/{class_photo_id}",
        .handler = get,
        .in = &ref_in,
        .out = &class_photo_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a proposal that waits for a decision",
    },
    {
        .id = "class_photo_crop",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/class-photos/{class_photo_id}/crops/{face}",
        .handler = crop,
        .in = &crop_in,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read one face of a proposal as a small JPEG",
        .produces = "image/jpeg",
    },
    {
        .id = "class_photo_discard",
        .method = HTTP_DELETE,
        .path = "/api/v1/sessions/{session_id}/class-photos/{class_photo_id}",
        .handler = discard,
        .in = &ref_in,
        .need = PERM_ATTENDANCE_MARK,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Forget a proposal with its crops",
    },
    {
        .id = "class_photo_confirm",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/class-photos/{class_photo_id}/confirm",
        .handler = confirm,
        .in = &answer_in,
        .out = &class_photo_result_schema,
        .need = PERM_ATTENDANCE_MARK,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN),
        .summary = "Mark those who are there, and forget the crops",
        .description = "Marks in one transaction. Who is marked already stays as marked. "
                       "Confirming again answers the same and marks nobody.",
    },
};

const struct route_table class_photo_api =
    ROUTE_TABLE("class-photos", "Attendance from photos of a class", routes);
