/* SPDX-License-Identifier: MIT */
/* Live hints before an enrolment: what to do, in codes and figures, and which pose comes next. */
#include <math.h>

#include "enrolment/shots.h"
#include "enrolment/templates.h"
#include "students/students.h"

/* A face whose middle is further from the picture's than this share of its width is off centre. */
static const double off_centre_most = 0.25;

#define F(...) FIELD(struct enrolment_hint, __VA_ARGS__)
static const struct field hint_fields[] = {
    F(code, "What to do", .required = true,
      .one_of = ONE_OF("show_face", "one_person", "closer", "more_light", "less_light",
                       "turn_to_front", "turn_left", "turn_right", "straighten", "hold_still",
                       "eyes_open", "centred", "more_detail"),
      .example = "\"closer\""),
    F(measured, "What was measured", .required = true, .example = "72"),
    F(limit, "What is asked", .required = true, .example = "100"),
};
#undef F
static const struct schema hint_schema = SCHEMA(enrolment_hint, hint_fields);

#define F(...) FIELD(struct enrolment_check, __VA_ARGS__)
static const struct field check_fields[] = {
    F(faces, "Faces found", .required = true),
    F(ok, "Whether the photo would do", .required = true),
    F(flaws, "What is wrong with it", .required = true, .items = &enrolment_flaw_schema),
    F(box, "Where the largest face is", .items = &face_box_schema),
    F(hints, "What the person should do, the most urgent first", .required = true,
      .items = &hint_schema, .max = 16),
    F(pose,
      "The pose seen; left and right are the person's own (the nose towards the right of a "
      "picture that is not mirrored: slightly_left)",
      .required = true, .one_of = ONE_OF("front", "slightly_left", "slightly_right", "other")),
    F(yaw_offset, "The measure of the turn: 0 frontal, over 0 towards the person's left",
      .required = true, .example = "0.04"),
    F(score, "How good the photo is among others of its pose, 0 to 1", .required = true,
      .example = "0.71"),
    F(wanted, "The pose that is wanted next; null when none is missing", .required = true,
      .one_of = ONE_OF("front", "slightly_left", "slightly_right")),
};
#undef F
const struct schema enrolment_check_schema = SCHEMA(enrolment_check, check_fields);

/* What mends a flaw; NULL: nothing that the person can do. */
static const char *remedy(struct str flaw)
{
    static const struct {
        const char *flaw, *hint;
    } table[] = {
        {"no_face", "show_face"},   {"many_faces", "one_person"},  {"too_small", "closer"},
        {"too_dark", "more_light"}, {"too_bright", "less_light"},  {"not_frontal", "turn_to_front"},
        {"tilted", "straighten"},   {"blurred", "hold_still"},     {"eyes_closed", "eyes_open"},
        {"cut_off", "centred"},     {"low_detail", "more_detail"},
    };

    for (size_t i = 0; i < COUNT(table); i++)
        if (str_is(flaw, table[i].flaw))
            return table[i].hint;
    return NULL;
}

static void add_hint(struct list *hints, const char *code, double measured, double limit)
{
    struct enrolment_hint *at = hints->at;

    for (size_t i = 0; i < hints->n; i++)
        if (str_is(at[i].code, code))
            return;
    at[hints->n++] = (struct enrolment_hint){str_of(code), measured, limit};
}

static double off_centre(const struct shot *s)
{
    double middle = s->face.box.x + s->face.box.width / 2;

    return s->width ? fabs(middle / (double)s->width - 0.5) : 0;
}

struct list shot_hints(struct ctx *ctx, const struct shot *s, enum shot_pose wanted)
{
    struct list out = {ARENA_NEW_N(&ctx->arena, struct enrolment_hint, FACE_FLAW_COUNT + 4), 0};

    for (size_t i = 0; i < s->n_flaws; i++) {
        const char *hint = remedy(s->flaws[i].code);

        if (hint)
            add_hint(&out, hint, s->flaws[i].measured, s->flaws[i].limit);
    }
    if (s->faces != 1)
        return out;
    if (off_centre(s) > off_centre_most)
        add_hint(&out, "centred", off_centre(s), off_centre_most);
    if (wanted > POSE_FRONT && s->pose != wanted && s->pose != POSE_OTHER)
        add_hint(&out, wanted == POSE_LEFT ? "turn_left" : "turn_right", s->face.yaw_offset,
                 wanted == POSE_LEFT ? 0.12 : -0.12);
    return out;
}

enum err enrolment_try(struct ctx *ctx, int64_t student_id, struct file photo, struct str have,
                       struct enrolment_check *ret)
{
    struct student student = {0};
    struct shot *s = ARENA_NEW(&ctx->arena, struct shot);
    unsigned poses = 0;
    enum shot_pose wanted;
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    if (!e && !poses_read(have, &poses))
        e = fail_field(ctx, "have", "one_of", "front,slightly_left,slightly_right",
                       "must be names of poses with commas between");
    e = e ? e : student_get_for(ctx, student_id, &student);
    e = e ? e : enrolment_check_consent(ctx, student_id);
    e = e ? e : shot_look(ctx, photo.data, s);
    if (e)
        return e;
    wanted = pose_next(poses);
    if (poses & 1U << POSE_FRONT)
        shot_allow_side(s);
    *ret = (struct enrolment_check){
        .faces = (int64_t)s->faces,
        .ok = s->n_flaws == 0,
        .flaws = {s->flaws, s->n_flaws},
        .box = {s->faces ? &s->face.box : NULL},
        .hints = shot_hints(ctx, s, wanted),
        .pose = str_of(pose_name(s->pose)),
        .yaw_offset = s->faces == 1 ? s->face.yaw_offset : 0,
        .score = s->score,
        .wanted = {.set = wanted != POSE_OTHER, .v = str_of(pose_name(wanted))},
    };
    return ERR_OK;
}
