/* SPDX-License-Identifier: MIT */
/* Consent first, then quality, then doubt whether it is somebody else; only then a template. */
#include "enrolment/enrolment.h"

#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/apart.h"
#include "enrolment/duplicates.h"
#include "enrolment/enrolment_store.h"
#include "enrolment/erasure.h"
#include "enrolment/history.h"
#include "enrolment/shots.h"
#include "enrolment/templates.h"
#include "events/events.h"
#include "students/students.h"

/* Other persons that look alike (docs/models.md). */
static const double looks_alike = 0.50;

static const struct field box_fields[] = {
    FIELD(struct face_box, x, "Left edge in pixels", .required = true),
    FIELD(struct face_box, y, "Top edge in pixels", .required = true),
    FIELD(struct face_box, width, "Width in pixels", .required = true),
    FIELD(struct face_box, height, "Height in pixels", .required = true),
};
const struct schema face_box_schema = SCHEMA(face_box, box_fields);

#define F(...) FIELD(struct template_info, __VA_ARGS__)
static const struct field info_fields[] = {
    F(id, "Template", .required = true),
    F(model, "Model it belongs to", .required = true),
    F(quality, "Length of the raw embedding", .required = true, .example = "3.9"),
    F(pose, "How the head was turned; left and right are the person's own", .required = true,
      .one_of = ONE_OF("front", "slightly_left", "slightly_right")),
    F(assurance, "How sure it is", .required = true, .one_of = ONE_OF("low", "standard")),
    F(created_at, "When", .required = true, .format = "date-time"),
};
#undef F
static const struct schema info_schema = SCHEMA(template_info, info_fields);

#define F(...) FIELD(struct enrolment_flaw, __VA_ARGS__)
static const struct field flaw_fields[] = {
    F(code, "Stable name of the flaw", .required = true, .example = "\"too_small\""),
    F(detail, "In English, with numbers", .required = true,
      .example = "\"face too small: 62 px, at least 100\""),
    F(measured, "What was measured", .required = true, .example = "62"),
    F(limit, "What is asked", .required = true, .example = "100"),
};
#undef F
const struct schema enrolment_flaw_schema = SCHEMA(enrolment_flaw, flaw_fields);

#define F(...) FIELD(struct enrolment_shot, __VA_ARGS__)
static const struct field shot_fields[] = {
    F(index, "Number of the photo, from 0", .required = true),
    F(accepted, "Whether it became a template", .required = true),
    F(pose, "The pose it shows; left and right are the person's own", .required = true,
      .one_of = ONE_OF("front", "slightly_left", "slightly_right", "other")),
    F(score, "How good it is among others of its pose, 0 to 1", .required = true,
      .example = "0.71"),
    F(flaws, "Why it did not; empty: others of its pose are better", .required = true,
      .items = &enrolment_flaw_schema),
};
#undef F
static const struct schema shot_schema = SCHEMA(enrolment_shot, shot_fields);

#define F(...) FIELD(struct enrolment, __VA_ARGS__)
static const struct field enrolment_fields[] = {
    F(student_id, "Student", .required = true),
    F(enrolled, "Whether the student can be recognised", .required = true),
    F(assurance,
      "`standard`: 3 good photos or more; `low`: fewer, or an ID photo; null: not enrolled",
      .required = true, .one_of = ONE_OF("low", "standard")),
    F(due_at, "When the templates are to be renewed", .required = true, .format = "date-time"),
    F(ageing, "Whether they are to be renewed now", .required = true, .example = "false"),
    F(templates, "Stored templates", .required = true, .items = &info_schema),
    F(missing_poses, "Poses that no template shows", .required = true,
      .example = "[\"slightly_left\"]"),
    F(history, "What was enrolled when, the newest first; nothing of a face", .required = true,
      .items = &enrolment_past_schema, .max = 50),
    F(shots, "What became of each photo sent", .required = true, .items = &shot_schema),
    F(duplicate_of, "Other students whose templates look alike", .required = true),
};
#undef F
const struct schema enrolment_schema = SCHEMA(enrolment, enrolment_fields);

struct enrolment_event {
    int64_t student_id;
    bool enrolled;
};
static const struct field event_fields[] = {
    FIELD(struct enrolment_event, student_id, "Student"),
    FIELD(struct enrolment_event, enrolled, "Whether the student can be recognised"),
};
static const struct schema event_schema = SCHEMA(enrolment_event, event_fields);

static enum err tell(struct ctx *ctx, int64_t student_id, bool enrolled)
{
    struct enrolment_event ev = {student_id, enrolled};

    return event_emit(ctx, "enrolment.changed", &event_schema, &ev,
                      (struct audience){.student_id = student_id});
}

enum err enrolment_destroy(struct ctx *ctx, int64_t student_id, int64_t *ret_n)
{
    struct consent_row consent = {0};
    enum err e = enrolment_erase(ctx, student_id, true, ret_n);

    e = e ? e : consent_fetch(ctx, student_id, &consent);
    e = e == ERR_NOT_FOUND ? ERR_OK : e;
    e = e ? e
          : history_end(ctx, student_id,
                        str_is(consent.state, "withdrawn") || str_is(consent.state, "refused")
                            ? "consent_withdrawn"
                            : "erased");
    return e ? e : tell(ctx, student_id, false);
}

/* What the templates show and what the newest set that is in use says of itself. */
static enum err describe(struct ctx *ctx, const struct student *student, struct enrolment *ret)
{
    const struct template_info *t;
    const struct enrolment_past *past;
    unsigned have = 0;
    enum err e = enrolment_fetch_templates(ctx, ret->student_id, &ret->templates);

    e = e ? e : history_list(ctx, ret->student_id, &ret->history);
    if (e)
        return e;
    t = ret->templates.at;
    for (size_t i = 0; i < ret->templates.n; i++) {
        unsigned bit = 0;

        (void)poses_read(t[i].pose, &bit);
        have |= bit;
    }
    ret->missing_poses = poses_missing(ctx, have);
    ret->enrolled = ret->templates.n > 0;
    past = ret->history.at;
    if (!ret->enrolled || ret->history.n == 0 || past[0].ended_at.set)
        return ERR_OK;
    ret->assurance = (struct opt_str){.set = true, .v = past[0].assurance};
    ret->due_at =
        (struct opt_i64){.set = true, .v = history_due_at(ctx, past[0].at, student->birth_date)};
    ret->ageing = ret->due_at.v <= ctx->now;
    return ERR_OK;
}

enum err enrolment_get(struct ctx *ctx, int64_t student_id, struct enrolment *ret)
{
    struct student student = {0};
    struct enrolment out = {.student_id = student_id};
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : describe(ctx, &student, &out);
    if (e)
        return e;
    *ret = out;
    return ERR_OK;
}

enum err enrolment_ready(struct ctx *ctx, enum face_use use)
{
    struct str allowed = ctx->services->settings->face_recognition;
    struct str problem;

    if (str_is(allowed, "off"))
        return fail(ctx, ERR_BIOMETRICS_OFF, "this school does not use face recognition");
    if (use == FACE_USE_ROSTER && !str_is(allowed, "roster"))
        return fail(ctx, ERR_BIOMETRICS_OFF,
                    "this school compares a face with its owner's templates only");
    if (!ctx->services->models || !ctx->face)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "no models are loaded");
    problem = face_models_problem(ctx->services->models);
    if (problem.len)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%.*s", (int)problem.len, problem.at);
    return ERR_OK;
}

enum err enrolment_check_consent(struct ctx *ctx, int64_t student_id)
{
    struct consent_row row = {0};
    enum err e = consent_fetch(ctx, student_id, &row);

    if (e == ERR_NOT_FOUND || (!e && !str_is(row.state, "given")))
        return fail(ctx, ERR_CONSENT_REQUIRED, "record the student's consent first");
    return e;
}

/* Keeps the most similar of each student; there is room for all. */
static void add_alike(struct look_alike *all, size_t *n, const struct gallery_hit *hit)
{
    for (size_t i = 0; i < *n; i++)
        if (all[i].student_id == hit->person) {
            if (all[i].similarity < hit->similarity)
                all[i].similarity = hit->similarity;
            return;
        }
    all[(*n)++] = (struct look_alike){hit->person, hit->similarity};
}

/* All other students' templates; the few that look alike are told. */
static enum err find_duplicates(struct ctx *ctx, int64_t student_id, const struct shot *shots,
                                size_t n, struct look_alike **ret, size_t *ret_n)
{
    struct gallery_hit hits[8];
    struct list sealed = {0};
    struct gallery *g = NULL;
    enum err e = enrolment_fetch_sealed(ctx, student_id,
                                        str_of(face_model_id(ctx->services->models)), &sealed);

    e = e ? e : templates_open(ctx, &sealed, &g);
    if (e)
        return e;
    *ret = ARENA_NEW_N(&ctx->arena, struct look_alike, n * COUNT(hits));
    for (size_t i = 0; i < n; i++) {
        size_t found =
            shots[i].n_flaws ? 0 : gallery_search(g, shots[i].face.embedding, hits, COUNT(hits));

        for (size_t k = 0; k < found; k++)
            if (hits[k].similarity >= looks_alike)
                add_alike(*ret, ret_n, &hits[k]);
    }
    gallery_destroy(g);
    return ERR_OK;
}

static void tell_shots(struct ctx *ctx, struct shot *shots, size_t n, struct enrolment *ret)
{
    struct enrolment_shot *out = ARENA_NEW_N(&ctx->arena, struct enrolment_shot, n);

    for (size_t i = 0; i < n; i++)
        out[i] = (struct enrolment_shot){
            .index = (int64_t)i,
            .accepted = shots[i].kept,
            .pose = str_of(pose_name(shots[i].pose)),
            .score = shots[i].score,
            .flaws = {shots[i].flaws, shots[i].n_flaws},
        };
    ret->shots = (struct list){out, n};
}

static void tell_flaws(struct ctx *ctx, const struct shot *shots, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < shots[i].n_flaws; k++)
            (void)fail_field(ctx, arena_printf(&ctx->arena, "/photos/%zu", i).at,
                             arena_cstr(&ctx->arena, shots[i].flaws[k].code), "", "%s",
                             shots[i].flaws[k].detail.at);
}

/* When too few photos passed: every flaw as a field error of its photo. */
static enum err check_enough(struct ctx *ctx, struct str source, const struct shot *shots, size_t n)
{
    size_t good = shots_good(shots, n);
    struct strs missing = poses_missing(ctx, shots_poses(shots, n));
    struct str words = {0};

    if (good >= SHOTS_WANTED || (good && !str_is(source, "webcam")))
        return ERR_OK;
    if (!good) {
        (void)fail(ctx, ERR_FACE_QUALITY, "no photo is good enough");
        tell_flaws(ctx, shots, n);
        return ERR_FACE_QUALITY;
    }
    for (size_t i = 0; i < missing.n; i++)
        words = arena_printf(&ctx->arena, "%.*s%s%s", (int)words.len, words.at, i ? ", " : "",
                             missing.at[i].at);
    (void)fail(ctx, ERR_FACE_QUALITY, "good photos: %zu, at least %d by webcam; missing poses: %s",
               good, SHOTS_WANTED, words.len ? words.at : "none");
    (void)fail_field(ctx, "/photos", "too_few_good", "3", "%zu of at least %d are good", good,
                     SHOTS_WANTED);
    tell_flaws(ctx, shots, n);
    return ERR_FACE_QUALITY;
}

static enum err check_in(struct ctx *ctx, const struct enrolment_in *in)
{
    if (str_is(in->source, "id_photo") && in->photos.n != 1)
        return fail_field(ctx, "photos", "max_items", "1", "takes one ID photo");
    return ERR_OK;
}

static enum err store_templates(struct ctx *ctx, const struct enrolment_in *in,
                                const struct shot *shots, size_t kept)
{
    bool low = kept < SHOTS_WANTED || str_is(in->source, "id_photo");
    struct enrolment_past past = {
        .student_id = in->student_id,
        .by_user_id = {.set = ctx->actor.user_id != 0, .v = ctx->actor.user_id},
        .source = in->source,
        .assurance = low ? STR("low") : STR("standard"),
        .model = str_of(face_model_id(ctx->services->models)),
        .templates = (int64_t)kept,
    };
    enum err e = history_begin(ctx, &past);

    for (size_t i = 0; !e && i < in->photos.n; i++) {
        struct template_info t = {.quality = shots[i].face.norm,
                                  .pose = str_of(pose_name(shots[i].pose)),
                                  .assurance = past.assurance};

        if (shots[i].kept)
            e = template_store(ctx, in->student_id, shots[i].face.embedding, &t);
    }
    return e;
}

struct resemblance {
    struct look_alike *at;
    size_t n;
};

static enum err store(struct ctx *ctx, const struct enrolment_in *in, struct shot *shots,
                      const struct resemblance *like)
{
    cleanup(tx_finish) struct tx tx = {0};
    size_t kept = shots_choose(shots, in->photos.n);
    int64_t erased;
    enum err e = tx_begin(ctx, &tx);

    /* Asked again, the student held: it may have been withdrawn while we looked, or just now. */
    e = e ? e : student_touch(ctx, in->student_id);
    e = e ? e : enrolment_check_consent(ctx, in->student_id);
    e = e ? e : enrolment_erase(ctx, in->student_id, false, &erased);
    e = e ? e : store_templates(ctx, in, shots, kept);
    e = e ? e : duplicates_accept(ctx, in->student_id, like->at, like->n);
    e = e ? e : tell(ctx, in->student_id, true);
    if (!e && in->also)
        e = in->also(ctx, in->also_arg);
    return e ? e : tx_commit(&tx);
}

/* Refuses, with a case for a person to judge, unless somebody has judged or accepts. */
static enum err check_duplicates(struct ctx *ctx, const struct enrolment_in *in,
                                 struct resemblance *like)
{
    int64_t id = 0;
    enum err e = duplicates_unjudged(ctx, in->student_id, like->at, &like->n);

    if (e || like->n == 0 || in->accept_duplicate)
        return e;
    if (in->rehearse)
        return fail(ctx, ERR_DUPLICATE_PERSON, "looks like the enrolled student %lld",
                    (long long)like->at[0].student_id);
    e = duplicates_open(ctx, in->student_id, like->at, like->n, &id);
    return e ? e
             : fail(ctx, ERR_DUPLICATE_PERSON,
                    "looks like the enrolled student %lld; case %lld waits for a verdict",
                    (long long)like->at[0].student_id, (long long)id);
}

static void tell_duplicates(struct ctx *ctx, const struct look_alike *like, size_t n,
                            struct enrolment *ret)
{
    ret->duplicate_of = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, n), n};
    for (size_t i = 0; i < n; i++)
        ret->duplicate_of.at[i] = like[i].student_id;
}

enum err enrolment_create(struct ctx *ctx, const struct enrolment_in *in, struct enrolment *ret)
{
    struct student student = {0};
    struct enrolment out = {.student_id = in->student_id};
    struct shot *shots = ARENA_NEW_N(&ctx->arena, struct shot, in->photos.n);
    struct resemblance like = {0};
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : check_in(ctx, in);
    e = e ? e : student_get_for(ctx, in->student_id, &student);
    e = e ? e : enrolment_check_consent(ctx, in->student_id);
    e = e ? e : shots_look(ctx, in->photos, shots);
    e = e ? e : check_enough(ctx, in->source, shots, in->photos.n);
    e = e ? e : find_duplicates(ctx, in->student_id, shots, in->photos.n, &like.at, &like.n);
    if (!e)
        tell_duplicates(ctx, like.at, like.n, &out);
    e = e ? e : check_duplicates(ctx, in, &like);
    if (!e && !in->rehearse)
        e = store(ctx, in, shots, &like);
    if (!e && !in->rehearse)
        e = apart_find_for(ctx, in->student_id);
    e = e ? e : describe(ctx, &student, &out);
    if (e)
        return e;
    tell_shots(ctx, shots, in->photos.n, &out);
    *ret = out;
    return ERR_OK;
}

enum err enrolment_delete(struct ctx *ctx, int64_t student_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct student student = {0};
    struct erasure what = {.student_id = student_id, .reason = "enrolment_deleted"};
    int64_t n = 0;
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : erasure_run(ctx, &what, &n);
    if (!e && n == 0)
        return fail(ctx, ERR_NOT_FOUND, "the student is not enrolled");
    return e ? e : tx_commit(&tx);
}

static enum err open_roster(struct ctx *ctx, const struct list *sealed, struct roster *ret)
{
    struct face_apart *pairs = NULL;
    size_t n = 0;
    struct roster out = {0};
    enum err e = apart_list(ctx, &pairs, &n);

    e = e ? e : apart_threshold(ctx, &out.least_threshold);
    e = e ? e : templates_open(ctx, sealed, &out.gallery);
    if (e)
        return e;
    out.apart = pairs;
    out.n_apart = n;
    out.rule = face_models_rule(ctx->services->models);
    *ret = out;
    return ERR_OK;
}

static struct str model_in_use(const struct ctx *ctx)
{
    return str_of(face_model_id(ctx->services->models));
}

enum err enrolment_roster_of(struct ctx *ctx, struct i64s session_ids, struct roster *ret)
{
    struct list sealed = {0};
    enum err e = enrolment_fetch_sealed_of(ctx, session_ids, model_in_use(ctx), &sealed);

    return e ? e : open_roster(ctx, &sealed, ret);
}

enum err enrolment_roster(struct ctx *ctx, int64_t session_id, struct roster *ret)
{
    return enrolment_roster_of(ctx, (struct i64s){&session_id, 1}, ret);
}

enum err enrolment_roster_one(struct ctx *ctx, int64_t student_id, struct roster *ret)
{
    struct list sealed = {0};
    enum err e = enrolment_fetch_sealed_one(ctx, student_id, model_in_use(ctx), &sealed);

    e = e ? e : open_roster(ctx, &sealed, ret);
    if (!e)
        ret->verify = true;
    return e;
}
