/* SPDX-License-Identifier: MIT */
/* From pixels to marks: find, check, identify within the roster, decide, mark. */
#include "attendance/recognise.h"

#include "attendance/sight.h"
#include "enrolment/enrolment.h"

#define F(...) FIELD(struct recognised_face, __VA_ARGS__)
static const struct field face_fields[] = {
    F(box, "Where in the picture", .required = true, .items = &face_box_schema),
    F(outcome, "What was decided; null: the face is still looked at", .items = &decision_schema),
    F(flaws, "What is wrong with the face", .required = true),
    F(track, "Of a stream: the face's number from frame to frame", .required = true),
    F(votes, "Of a stream: good looks that name the same student", .required = true),
    F(votes_needed, "Of a stream: how many of them it takes", .required = true),
    F(asks_blink, "Of a stream: the student is to blink now", .required = true),
    F(record, "The mark, of a match that was just marked", .items = &attendance_schema),
    F(already, "Whether the student had been marked before", .required = true),
};
#undef F
static const struct schema face_schema = SCHEMA(recognised_face, face_fields);

#define F(...) FIELD(struct recognised, __VA_ARGS__)
static const struct field recognised_fields[] = {
    F(faces, "The faces found, largest first, at most 64", .required = true, .items = &face_schema),
    F(more_faces, "Smaller faces beyond these, which were not looked at", .required = true,
      .example = "0"),
    F(outcome, "About the whole picture: no_face or no_consent; null otherwise",
      .items = &decision_schema),
    F(width, "Width of the picture in pixels", .required = true),
    F(height, "Height of the picture in pixels", .required = true),
    F(ms, "Milliseconds it took", .required = true),
};
#undef F
const struct schema recognised_schema = SCHEMA(recognised, recognised_fields);

/* A photo of one session. */
struct photo {
    struct session session;
    struct sight sight;
    struct face_match *match;  /* by face; of those without flaws */
    enum decision_kind *kinds; /* by face */
};

static void photo_finish(struct photo *p)
{
    sight_finish(&p->sight);
}

/* A person is once in a picture: of two faces that match the same one only the better counts. */
static void keep_best(struct photo *p)
{
    for (size_t i = 0; i < p->sight.n; i++)
        for (size_t k = 0; k < p->sight.n; k++)
            if (i != k && p->match[i].decision == FACE_MATCH &&
                p->match[k].decision == FACE_MATCH && p->match[i].person == p->match[k].person)
                p->match[p->match[i].similarity < p->match[k].similarity ? i : k].decision =
                    FACE_UNKNOWN;
}

/* *nobody: no student of the session can be recognised. */
static enum err identify(struct ctx *ctx, struct photo *p, bool *nobody)
{
    cleanup(roster_finish) struct roster r = {0};
    size_t n = p->sight.n;
    enum err e = enrolment_roster(ctx, p->session.id, &r);

    if (e)
        return e;
    *nobody = gallery_persons(r.gallery) == 0;
    p->match = ARENA_NEW_N(&ctx->arena, struct face_match, n);
    p->kinds = ARENA_NEW_N(&ctx->arena, enum decision_kind, n);
    for (size_t i = 0; i < n; i++)
        if (p->sight.flaws[i].n == 0)
            p->match[i] = roster_identify(&r, p->sight.found[i].embedding);
    keep_best(p);
    for (size_t i = 0; i < n; i++) {
        p->kinds[i] = decision_of(&p->match[i], &p->sight.flaws[i]);
        /* Look-alikes for whom a face is not enough: nobody is named by it. */
        if (p->kinds[i] == DECISION_MATCH && p->match[i].second_factor)
            p->kinds[i] = DECISION_AMBIGUOUS;
    }
    return ERR_OK;
}

static enum err check_single(struct ctx *ctx, const struct photo *p)
{
    const struct sight *s = &p->sight;
    size_t close = face_count_close(s->found, s->n);

    if (close > 1)
        return fail(ctx, ERR_FACE_MANY, "%zu faces found, exactly 1 is expected", close);
    if (s->flaws[0].n)
        return fail(ctx, ERR_FACE_QUALITY, "%s", face_flaw_text(ctx, &s->flaws[0], 0).at);
    if (p->kinds[0] == DECISION_MATCH)
        return ERR_OK;
    if (p->kinds[0] == DECISION_AMBIGUOUS)
        return fail(ctx, ERR_FACE_AMBIGUOUS, "two students match almost equally");
    return fail(ctx, ERR_FACE_UNKNOWN, "the face matches no enrolled student of this session");
}

static enum err mark(struct ctx *ctx, const struct photo *p, size_t i, struct recognised_face *ret)
{
    struct attendance *record = ARENA_NEW(&ctx->arena, struct attendance);
    const struct face_match *m = &p->match[i];
    struct attendance_evidence evidence = {
        .way = "face",
        .similarity = m->similarity,
        .margin = m->margin,
        .threshold = m->threshold,
        .model = face_model_id(ctx->services->models),
        .quality = {.set = true, .v = p->sight.found[i].norm},
    };
    enum err e =
        attendance_mark_face(ctx, &p->session, m->person, &evidence, record, &ret->already);

    if (!e)
        ret->record.at = record;
    return e;
}

/* Words a decision and keeps it in the log. `i` is not below n: about the whole picture. */
static enum err decide(struct ctx *ctx, const struct photo *p, size_t i, enum decision_kind kind,
                       struct recognised_face *face, struct decision **ret)
{
    struct decision_place place = {.way = "face", .session_id = p->session.id};
    bool one = i < p->sight.n;
    const struct attendance *record = face ? face->record.at : NULL;
    struct decision_facts facts = {
        .kind = kind,
        .match = one && p->sight.flaws[i].n == 0 ? &p->match[i] : NULL,
        .face = one ? &p->sight.found[i] : NULL,
        .flaws = one ? &p->sight.flaws[i] : NULL,
        .policy = "roster",
        .ms = sight_ms(&p->sight),
    };

    if (record)
        facts.student_name = (struct opt_str){.set = true, .v = record->student_name};
    *ret = ARENA_NEW(&ctx->arena, struct decision);
    decision_make(ctx, &facts, *ret);
    return decision_log(ctx, &place, *ret);
}

static enum err face_out(struct ctx *ctx, const struct photo *p, size_t i,
                         struct recognised_face *ret)
{
    struct decision *d = NULL;
    enum err e = ERR_OK;

    ret->box.at = &p->sight.found[i].box;
    ret->flaws = sight_flaws(ctx, &p->sight.flaws[i]);
    if (p->kinds[i] == DECISION_MATCH)
        e = mark(ctx, p, i, ret);
    e = e ? e : decide(ctx, p, i, p->kinds[i], ret, &d);
    ret->outcome.at = d;
    return e;
}

/* With `single`: the one face must be there and match. What is refused is logged as well. */
static enum err judge_single(struct ctx *ctx, const struct photo *p, bool nobody)
{
    struct decision *d;
    enum err why;
    enum err e;

    if (p->sight.n == 0)
        why = fail(ctx, ERR_FACE_NONE, "no face was found");
    else if (nobody)
        why = fail(ctx, ERR_CONSENT_REQUIRED,
                   "no student of this session is enrolled with consent; mark by hand");
    else
        why = check_single(ctx, p);
    if (!why)
        return ERR_OK;
    if (why == ERR_FACE_MANY)
        return why;
    e = decide(ctx, p, 0,
               p->sight.n == 0 ? DECISION_NO_FACE
               : nobody        ? DECISION_NO_CONSENT
                               : p->kinds[0],
               NULL, &d);
    return e ? e : why;
}

enum err attendance_check_open(struct ctx *ctx, const struct session *s)
{
    if (!session_is(s, "open"))
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", s->state.at);
    if (ctx->now < s->opens_at)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "check-in opens at %s",
                    time_format(&ctx->arena, s->opens_at).at);
    return ERR_OK;
}

static enum err take(struct ctx *ctx, int64_t session_id, struct str picture, struct photo *p,
                     bool *nobody)
{
    enum err e = session_get_for(ctx, session_id, &p->session);

    e = e ? e : attendance_check_open(ctx, &p->session);
    e = e ? e : enrolment_ready(ctx, FACE_USE_ROSTER);
    e = e ? e : sight_take(ctx, picture, 0, &p->sight);
    return e ? e : identify(ctx, p, nobody);
}

enum err attendance_recognise(struct ctx *ctx, int64_t session_id, struct str picture, bool single,
                              struct recognised *ret)
{
    cleanup(photo_finish) struct photo p = {0};
    struct recognised_face *faces;
    struct decision *whole = NULL;
    bool nobody = false;
    enum err e = take(ctx, session_id, picture, &p, &nobody);

    if (!e && single)
        e = judge_single(ctx, &p, nobody);
    if (!e && !single && (p.sight.n == 0 || nobody))
        e = decide(ctx, &p, p.sight.n, p.sight.n ? DECISION_NO_CONSENT : DECISION_NO_FACE, NULL,
                   &whole);
    if (e)
        return e;
    faces = ARENA_NEW_N(&ctx->arena, struct recognised_face, p.sight.n);
    for (size_t i = 0; !e && i < p.sight.n; i++) {
        if (!nobody) {
            e = face_out(ctx, &p, i, &faces[i]);
            continue;
        }
        faces[i].box.at = &p.sight.found[i].box;
        faces[i].flaws = sight_flaws(ctx, &p.sight.flaws[i]);
    }
    if (e)
        return e;
    *ret = (struct recognised){
        .faces = {faces, p.sight.n},
        .more_faces = (int64_t)p.sight.more,
        .outcome = {whole},
        .width = p.sight.image.width,
        .height = p.sight.image.height,
        .ms = sight_ms(&p.sight),
    };
    return ERR_OK;
}
