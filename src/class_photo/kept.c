/* SPDX-License-Identifier: MIT */
/* The schemas of what is kept, and of the answer to confirming. */
#include "class_photo/kept.h"

#include "base/json.h"

enum { KEPT_MAX = 1 << 20 };

#define F(...) FIELD(struct kept_face, __VA_ARGS__)
static const struct field face_fields[] = {
    F(face, "Number"), F(photo, "Photo"),   F(x, "Left"),          F(y, "Top"),
    F(width, "Width"), F(height, "Height"), F(quality, "Quality"), F(flaws, "Flaws"),
};
#undef F
static const struct schema face_schema = SCHEMA(kept_face, face_fields);

#define F(...) FIELD(struct kept_candidate, __VA_ARGS__)
static const struct field candidate_fields[] = {
    F(student_id, "Student"),
    F(similarity, "Similarity"),
    F(margin, "Distance to the next"),
};
#undef F
static const struct schema candidate_schema = SCHEMA(kept_candidate, candidate_fields);

#define F(...) FIELD(struct kept_person, __VA_ARGS__)
static const struct field person_fields[] = {
    F(bucket, "List"),
    F(decision, "Decision"),
    F(student_id, "Student"),
    F(similarity, "Similarity"),
    F(margin, "Margin"),
    F(threshold, "Threshold"),
    F(min_margin, "Least margin"),
    F(strict, "Stricter because of a pair"),
    F(has_next, "There is a next one"),
    F(liveness, "Passive liveness of the best face"),
    F(reasons, "Reasons"),
    F(candidates, "Candidates", .items = &candidate_schema),
    F(faces, "Faces", .items = &face_schema),
};
#undef F
static const struct schema person_schema = SCHEMA(kept_person, person_fields);

#define F(...) FIELD(struct class_photo_picture, __VA_ARGS__)
static const struct field picture_fields[] = {
    F(width, "Width in pixels, upright", .required = true, .example = "4000"),
    F(height, "Height in pixels", .required = true, .example = "3000"),
    F(faces, "Faces found in it, at most 160", .required = true, .example = "28"),
    /* Not required: proposals kept by an earlier program are without. */
    F(more_faces, "Smaller faces beyond these, which were not looked at", .example = "0"),
};
#undef F
const struct schema class_photo_picture_schema = SCHEMA(class_photo_picture, picture_fields);

#define F(...) FIELD(struct kept, __VA_ARGS__)
static const struct field kept_fields[] = {
    F(outcome, "Of the whole"),
    F(model, "Model"),
    F(ms, "Milliseconds"),
    F(photos, "Photos", .items = &class_photo_picture_schema),
    F(persons, "Persons", .items = &person_schema),
};
#undef F
static const struct schema kept_schema = SCHEMA(kept, kept_fields);

#define F(...) FIELD(struct class_photo_mark, __VA_ARGS__)
static const struct field mark_fields[] = {
    F(student_id, "Student", .required = true),
    F(status, "Status after it", .required = true,
      .one_of = ONE_OF("present", "late", "absent", "excused", "unmarked")),
    F(by_face, "Whether the face agreed; else marked by hand", .required = true),
    F(already, "Whether the student was marked before and stays as marked", .required = true),
};
#undef F
static const struct schema mark_schema = SCHEMA(class_photo_mark, mark_fields);

#define F(...) FIELD(struct class_photo_result, __VA_ARGS__)
static const struct field result_fields[] = {
    F(id, "Proposal", .required = true),
    F(session_id, "Session", .required = true),
    F(confirmed_at, "When it was confirmed first", .required = true, .format = "date-time"),
    F(confirmed_by, "Account that confirmed it", .required = true),
    F(students, "Who was said to be there", .required = true, .items = &mark_schema),
};
#undef F
const struct schema class_photo_result_schema = SCHEMA(class_photo_result, result_fields);

static struct str write(struct ctx *ctx, const struct schema *s, const void *at)
{
    struct buf b = BUF(KEPT_MAX);
    struct str out;

    json_write(&b, s, at);
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out;
}

static enum err read(struct ctx *ctx, const struct schema *s, struct str text, void *ret)
{
    if (!json_bind(ctx, s, text, ret))
        return ERR_OK;
    fault_clear(ctx);
    return fail(ctx, ERR_INTERNAL, "a class photo's stored numbers cannot be read");
}

struct str kept_write(struct ctx *ctx, const struct kept *k)
{
    return write(ctx, &kept_schema, k);
}

enum err kept_read(struct ctx *ctx, struct str text, struct kept *ret)
{
    return read(ctx, &kept_schema, text, ret);
}

struct str kept_result_write(struct ctx *ctx, const struct class_photo_result *r)
{
    return write(ctx, &class_photo_result_schema, r);
}

enum err kept_result_read(struct ctx *ctx, struct str text, struct class_photo_result *ret)
{
    return read(ctx, &class_photo_result_schema, text, ret);
}
