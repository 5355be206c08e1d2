/* SPDX-License-Identifier: MIT */
/* From pixels to marks: find, check, identify within the roster, mark. */
#include "attendance/recognise.h"

#include "enrolment/enrolment.h"

#define F(...) FIELD(struct recognised_face, __VA_ARGS__)
static const struct field face_fields[] = {
    F(box, "Where in the picture", .required = true, .items = &face_box_schema),
    F(decision, "What was decided", .required = true,
      .one_of = ONE_OF("match", "unknown", "ambiguous", "low_quality")),
    F(student_id, "The student, of a match", .required = true),
    F(student_name, "The student's name", .required = true),
    F(similarity, "Cosine with the best student's best template", .required = true),
    F(margin, "Distance to the next student", .required = true),
    F(threshold, "Similarity asked for", .required = true),
    F(flaws, "What is wrong with the face", .required = true),
    F(record, "The mark, of a match", .items = &attendance_schema),
    F(already, "Whether the student had been marked before", .required = true),
};
#undef F
static const struct schema face_schema = SCHEMA(recognised_face, face_fields);

#define F(...) FIELD(struct recognised, __VA_ARGS__)
static const struct field recognised_fields[] = {
    F(faces, "Every face found, largest first", .required = true, .items = &face_schema),
    F(width, "Width of the picture in pixels", .required = true),
    F(height, "Height of the picture in pixels", .required = true),
    F(ms, "Milliseconds it took", .required = true),
};
#undef F
const struct schema recognised_schema = SCHEMA(recognised, recognised_fields);

struct sight {
    struct face_found *found;
    struct face_match *match; /* by face; of those without flaws */
    struct face_flaws *flaws;
    size_t n;
    int64_t width, height;
};

static enum err see(struct ctx *ctx, struct str picture, struct sight *ret)
{
    cleanup(image_finish) struct image im = {0};
    enum err e = image_decode(ctx, picture, &im);

    e = e ? e : face_find(ctx, &im, FACE_EMBED, &ret->found, &ret->n);
    if (e)
        return e;
    ret->width = im.width;
    ret->height = im.height;
    ret->match = ARENA_NEW_N(&ctx->arena, struct face_match, ret->n);
    ret->flaws = ARENA_NEW_N(&ctx->arena, struct face_flaws, ret->n);
    for (size_t i = 0; i < ret->n; i++)
        ret->flaws[i] = face_check(&ret->found[i], &im, FACE_FOR_RECOGNITION);
    return ERR_OK;
}

/* A person is once in a picture: of two faces that match the same one only the better counts. */
static void keep_best(struct sight *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < s->n; k++)
            if (i != k && s->match[i].decision == FACE_MATCH &&
                s->match[k].decision == FACE_MATCH && s->match[i].person == s->match[k].person)
                s->match[s->match[i].similarity < s->match[k].similarity ? i : k].decision =
                    FACE_UNKNOWN;
}

static enum err identify(struct ctx *ctx, int64_t session_id, struct sight *s)
{
    cleanup(roster_finish) struct roster r = {0};
    enum err e = enrolment_roster(ctx, session_id, &r);

    if (e)
        return e;
    if (gallery_persons(r.gallery) == 0)
        e = fail(ctx, ERR_CONSENT_REQUIRED,
                 "no student of this session is enrolled with consent; mark by hand");
    for (size_t i = 0; !e && i < s->n; i++)
        if (s->flaws[i].n == 0)
            s->match[i] = roster_identify(&r, s->found[i].embedding);
    if (!e)
        keep_best(s);
    return e;
}

static enum err check_single(struct ctx *ctx, const struct sight *s)
{
    size_t close = face_count_close(s->found, s->n);

    if (close > 1)
        return fail(ctx, ERR_FACE_MANY, "%zu faces found, exactly 1 is expected", close);
    if (s->flaws[0].n)
        return fail(ctx, ERR_FACE_QUALITY, "%s", face_flaw_text(ctx, &s->flaws[0], 0).at);
    switch (s->match[0].decision) {
    case FACE_MATCH:
        return ERR_OK;
    case FACE_AMBIGUOUS:
        return fail(ctx, ERR_FACE_AMBIGUOUS, "two students match almost equally");
    case FACE_UNKNOWN:
        break;
    }
    return fail(ctx, ERR_FACE_UNKNOWN, "the face matches no enrolled student of this session");
}

static const char *decision_of(const struct sight *s, size_t i)
{
    static const char *const names[] = {
        [FACE_UNKNOWN] = "unknown",
        [FACE_MATCH] = "match",
        [FACE_AMBIGUOUS] = "ambiguous",
    };

    return s->flaws[i].n ? "low_quality" : names[s->match[i].decision];
}

static struct opt_f64 number(double v)
{
    return (struct opt_f64){.set = true, .v = v};
}

static void describe(struct ctx *ctx, const struct sight *s, size_t i, struct recognised_face *ret)
{
    ret->box.at = &s->found[i].box;
    ret->decision = str_of(decision_of(s, i));
    ret->flaws = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, s->flaws[i].n), 0};
    for (size_t k = 0; k < s->flaws[i].n; k++)
        ret->flaws.at[ret->flaws.n++] = str_of(face_flaw_name(s->flaws[i].at[k].flaw));
    if (s->flaws[i].n)
        return;
    ret->similarity = number(s->match[i].similarity);
    ret->margin = number(s->match[i].margin);
    ret->threshold = number(s->match[i].threshold);
}

static enum err mark(struct ctx *ctx, const struct session *session, const struct face_match *m,
                     struct recognised_face *ret)
{
    struct attendance *record = ARENA_NEW(&ctx->arena, struct attendance);
    struct attendance_evidence evidence = {
        .way = "face",
        .similarity = m->similarity,
        .margin = m->margin,
        .threshold = m->threshold,
        .model = face_model_id(ctx->services->models),
    };
    enum err e = attendance_mark_face(ctx, session, m->person, &evidence, record, &ret->already);

    if (e)
        return e;
    ret->record.at = record;
    ret->student_id = (struct opt_i64){.set = true, .v = record->student_id};
    ret->student_name = (struct opt_str){.set = true, .v = record->student_name};
    return ERR_OK;
}

static enum err check_open(struct ctx *ctx, const struct session *s)
{
    if (!session_is(s, "open"))
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", s->state.at);
    if (ctx->now < s->opens_at)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "check-in opens at %s",
                    time_format(&ctx->arena, s->opens_at).at);
    return ERR_OK;
}

enum err attendance_recognise(struct ctx *ctx, int64_t session_id, struct str picture, bool single,
                              struct recognised *ret)
{
    int64_t began = clock_mono_us();
    struct session session = {0};
    struct sight s = {0};
    struct recognised_face *faces;
    enum err e = session_get_for(ctx, session_id, &session);

    e = e ? e : check_open(ctx, &session);
    e = e ? e : enrolment_ready(ctx, FACE_USE_ROSTER);
    e = e ? e : see(ctx, picture, &s);
    if (!e && s.n == 0)
        e = fail(ctx, ERR_FACE_NONE, "no face was found");
    e = e ? e : identify(ctx, session_id, &s);
    if (!e && single)
        e = check_single(ctx, &s);
    if (e)
        return e;
    faces = ARENA_NEW_N(&ctx->arena, struct recognised_face, s.n);
    for (size_t i = 0; !e && i < s.n; i++) {
        describe(ctx, &s, i, &faces[i]);
        if (s.flaws[i].n == 0 && s.match[i].decision == FACE_MATCH)
            e = mark(ctx, &session, &s.match[i], &faces[i]);
    }
    if (e)
        return e;
    *ret = (struct recognised){
        .faces = {faces, s.n},
        .width = s.width,
        .height = s.height,
        .ms = (double)(clock_mono_us() - began) / 1000.0,
    };
    return ERR_OK;
}
