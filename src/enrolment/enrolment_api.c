/* SPDX-License-Identifier: MIT */
/* Enrolment over HTTP. */
#include "enrolment/enrolment_api.h"

#include "base/page.h"

#include "enrolment/enrolment.h"
#include "enrolment/history.h"

enum { PHOTO_MAX = 8 << 20, BODY_MAX = 5 * PHOTO_MAX /* all together */ + (64 << 10) };

struct student_ref {
    int64_t student_id;
};
static const struct field ref_fields[] = {
    FIELD(struct student_ref, student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
};
static const struct schema student_ref = SCHEMA(student_ref, ref_fields);

struct enrolment_new {
    int64_t student_id;
    struct files photos;
    struct opt_str source;
    bool accept_duplicate;
};
#define F(...) FIELD(struct enrolment_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    F(photos,
      "1 to 10 photos of the student alone: JPEG, PNG or WebP, at most 8 MiB and 40 "
      "megapixels each, 40 MiB together",
      .required = true, .format = "binary", .min = 1, .max = ENROLMENT_PHOTOS_MAX),
    F(source,
      "How they were taken: `webcam` needs 3 good ones, `id_photo` is one of low assurance, "
      "`photos` (when absent) are of standard assurance when 3 are good",
      .one_of = ONE_OF("webcam", "id_photo", "photos"), .example = "\"photos\""),
    F(accept_duplicate, "Enrol although another student looks alike", .example = "false"),
};
#undef F
static const struct schema enrolment_new = SCHEMA(enrolment_new, new_fields);

struct enrolment_photo {
    int64_t student_id;
    struct file photo;
    struct str have;
};
#define F(...) FIELD(struct enrolment_photo, __VA_ARGS__)
static const struct field photo_fields[] = {
    F(student_id, "Student", .in = IN_PATH, .min = 1, .example = "7"),
    F(photo, "One photo", .required = true, .format = "binary", .min = 1, .max = PHOTO_MAX),
    F(have,
      "Poses that are there already, with commas between: front, slightly_left, slightly_right; "
      "with front in it slight turns will do",
      .in = IN_QUERY, .max = 60, .fallback = "", .example = "\"front,slightly_left\""),
};
#undef F
static const struct schema enrolment_photo = SCHEMA(enrolment_photo, photo_fields);

static enum err get(struct req *req)
{
    const struct student_ref *in = req->in;

    return enrolment_get(req->ctx, in->student_id, req->out);
}

static enum err create(struct req *req)
{
    const struct enrolment_new *in = req->in;
    struct enrolment_in what = {
        .student_id = in->student_id,
        .photos = in->photos,
        .source = in->source.set ? in->source.v : STR("photos"),
        .accept_duplicate = in->accept_duplicate,
    };

    for (size_t i = 0; i < in->photos.n; i++)
        if (in->photos.at[i].data.len > PHOTO_MAX)
            return fail_field(req->ctx, arena_printf(&req->ctx->arena, "photos/%zu", i).at,
                              "max_bytes", "8388608", "is too large: at most 8 MiB");
    return enrolment_create(req->ctx, &what, req->out);
}

static enum err check(struct req *req)
{
    const struct enrolment_photo *in = req->in;

    return enrolment_try(req->ctx, in->student_id, in->photo, in->have, req->out);
}

struct ageing_query {
    struct page_query page;
};
static const struct field ageing_fields[] = {PAGE_FIELDS(struct ageing_query)};
static const struct schema ageing_in = SCHEMA(ageing_query, ageing_fields);
static const struct field ageing_page_fields[] = PAGE_OUT(enrolment_aged_schema);
static const struct schema ageing_page = SCHEMA_NAMED("ageing_page", page, ageing_page_fields);

static enum err ageing(struct req *req)
{
    const struct ageing_query *in = req->in;

    return enrolment_ageing(req->ctx, &in->page, req->out);
}

static enum err erase(struct req *req)
{
    const struct student_ref *in = req->in;

    return enrolment_delete(req->ctx, in->student_id);
}

#define FACE_ERRORS                                                                                \
    ERR_NOT_FOUND, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_CONSENT_REQUIRED,               \
        ERR_IMAGE_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED_MEDIA

static const struct route routes[] = {
    {
        .id = "enrolment_get",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/enrolment",
        .handler = get,
        .in = &student_ref,
        .out = &enrolment_schema,
        .need = PERM_ENROLMENT_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read what is enrolled of a student",
    },
    {
        .id = "enrolment_create",
        .method = HTTP_POST,
        .path = "/api/v1/students/{student_id}/enrolment",
        .handler = create,
        .in = &enrolment_new,
        .out = &enrolment_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 201,
        .errors = ERRORS(FACE_ERRORS, ERR_INVALID, ERR_FACE_QUALITY, ERR_DUPLICATE_PERSON),
        .summary = "Enrol a student by 1 to 10 photos",
        .description =
            "Replaces what was enrolled. Of each pose the best photo is taken, at most 5 "
            "in all; a slight turn is taken beside a front view. The photos are not "
            "kept. Who looks like another student is refused until a person has judged "
            "the case (`/api/v1/duplicates`) or accepts it here.",
        .body_max = BODY_MAX,
        .consumes = "multipart/form-data",
    },
    {
        .id = "enrolment_check",
        .method = HTTP_POST,
        .path = "/api/v1/students/{student_id}/enrolment/check",
        .handler = check,
        .in = &enrolment_photo,
        .out = &enrolment_check_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(FACE_ERRORS, ERR_INVALID),
        .summary = "Say how good a photo would be, keeping nothing",
        .body_max = PHOTO_MAX + (64 << 10),
        .consumes = "multipart/form-data",
    },
    {
        .id = "enrolment_delete",
        .method = HTTP_DELETE,
        .path = "/api/v1/students/{student_id}/enrolment",
        .handler = erase,
        .in = &student_ref,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Destroy the face templates of a student",
    },
    {
        .id = "enrolment_ageing",
        .method = HTTP_GET,
        .path = "/api/v1/enrolments/ageing",
        .handler = ageing,
        .in = &ageing_in,
        .out = &ageing_page,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List face templates that are to be renewed",
        .description = "Older than `template_months`, of students under 16 than "
                       "`template_months_minor`; the oldest first.",
    },
};

const struct route_table enrolment_api = ROUTE_TABLE("enrolment", "Face templates", routes);
