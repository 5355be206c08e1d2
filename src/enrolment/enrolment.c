/* SPDX-License-Identifier: MIT */
/* Consent first, then quality, then doubt whether it is somebody else; only then a template. */
#include "enrolment/enrolment.h"

#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/apart.h"
#include "enrolment/enrolment_store.h"
#include "enrolment/templates.h"
#include "events/events.h"
#include "students/students.h"

/* Shots of one person; other persons that look alike (docs/models.md). */
static const double same_person = 0.50;
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
static const struct schema flaw_schema = SCHEMA(enrolment_flaw, flaw_fields);

#define F(...) FIELD(struct enrolment_shot, __VA_ARGS__)
static const struct field shot_fields[] = {
    F(index, "Number of the photo, from 0", .required = true),
    F(accepted, "Whether it became a template", .required = true),
    F(flaws, "Why it did not", .required = true, .items = &flaw_schema),
};
#undef F
static const struct schema shot_schema = SCHEMA(enrolment_shot, shot_fields);

#define F(...) FIELD(struct enrolment, __VA_ARGS__)
static const struct field enrolment_fields[] = {
    F(student_id, "Student", .required = true),
    F(enrolled, "Whether the student can be recognised", .required = true),
    F(templates, "Stored templates", .required = true, .items = &info_schema),
    F(shots, "What became of each photo sent", .required = true, .items = &shot_schema),
    F(duplicate_of, "Other students whose templates look alike", .required = true),
};
#undef F
const struct schema enrolment_schema = SCHEMA(enrolment, enrolment_fields);

#define F(...) FIELD(struct enrolment_check, __VA_ARGS__)
static const struct field check_fields[] = {
    F(faces, "Faces found", .required = true),
    F(ok, "Whether the photo would do", .required = true),
    F(flaws, "What is wrong with it", .required = true, .items = &flaw_schema),
    F(box, "Where the largest face is", .items = &face_box_schema),
};
#undef F
const struct schema enrolment_check_schema = SCHEMA(enrolment_check, check_fields);

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
    enum err e = enrolment_erase(ctx, student_id, true, ret_n);

    return e ? e : tell(ctx, student_id, false);
}

enum err enrolment_get(struct ctx *ctx, int64_t student_id, struct enrolment *ret)
{
    struct student student = {0};
    struct enrolment out = {.student_id = student_id};
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : enrolment_fetch_templates(ctx, student_id, &out.templates);
    if (e)
        return e;
    out.enrolled = out.templates.n > 0;
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

static enum err check_consent(struct ctx *ctx, int64_t student_id)
{
    struct consent_row row = {0};
    enum err e = consent_fetch(ctx, student_id, &row);

    if (e == ERR_NOT_FOUND || (!e && !str_is(row.state, "given")))
        return fail(ctx, ERR_CONSENT_REQUIRED, "record the student's consent first");
    return e;
}

/* One photo on its way to a template. */
struct shot {
    struct face_found face;
    size_t n_flaws;
    struct enrolment_flaw flaws[FACE_FLAW_COUNT + 1];
};

static void add_flaw(struct shot *s, struct enrolment_flaw flaw)
{
    s->flaws[s->n_flaws++] = flaw;
}

/* Finds the face and its flaws. A photo with no face or several is a flaw, not an error. */
static enum err look(struct ctx *ctx, struct str photo, enum face_options more, struct shot *ret,
                     size_t *ret_faces)
{
    cleanup(image_finish) struct image im = {0};
    struct face_found *faces = NULL;
    struct face_flaws flaws;
    size_t n = 0;
    enum err e = image_decode(ctx, photo, &im);

    e = e ? e : face_find(ctx, &im, FACE_EYES | more, &faces, &n);
    if (e)
        return e;
    n = face_count_close(faces, n);
    *ret_faces = n;
    if (n > 0)
        ret->face = faces[0];
    if (n != 1) {
        add_flaw(ret, (struct enrolment_flaw){
                          n ? STR("many_faces") : STR("no_face"),
                          arena_printf(&ctx->arena, "%zu faces found, exactly 1 is needed", n),
                          (double)n, 1});
        return ERR_OK;
    }
    flaws = face_check(&faces[0], &im, FACE_FOR_ENROLMENT);
    for (size_t i = 0; i < flaws.n; i++)
        add_flaw(ret, (struct enrolment_flaw){str_of(face_flaw_name(flaws.at[i].flaw)),
                                              face_flaw_text(ctx, &flaws, i), flaws.at[i].measured,
                                              flaws.at[i].limit});
    return ERR_OK;
}

enum err enrolment_try(struct ctx *ctx, int64_t student_id, struct file photo,
                       struct enrolment_check *ret)
{
    struct student student = {0};
    struct shot *s = ARENA_NEW(&ctx->arena, struct shot);
    size_t faces = 0;
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : student_get_for(ctx, student_id, &student);
    e = e ? e : check_consent(ctx, student_id);
    e = e ? e : look(ctx, photo.data, FACE_EMBED, s, &faces);
    if (e)
        return e;
    *ret = (struct enrolment_check){
        .faces = (int64_t)faces,
        .ok = s->n_flaws == 0,
        .flaws = {s->flaws, s->n_flaws},
        .box = {faces ? &s->face.box : NULL},
    };
    return ERR_OK;
}

/* Shots that show another person than the first good one are refused. */
static void compare_shots(struct ctx *ctx, struct shot *shots, size_t n)
{
    const struct shot *first = NULL;

    for (size_t i = 0; i < n; i++) {
        double similarity;

        if (shots[i].n_flaws)
            continue;
        if (!first) {
            first = &shots[i];
            continue;
        }
        similarity = face_cosine(first->face.embedding, shots[i].face.embedding);
        if (similarity < same_person)
            add_flaw(&shots[i], (struct enrolment_flaw){
                                    STR("another_person"),
                                    arena_printf(&ctx->arena,
                                                 "looks like another person than the first photo:"
                                                 " similarity %.2f, at least %.2f",
                                                 similarity, same_person),
                                    similarity, same_person});
    }
}

/* All other students' templates; the few that look alike are told. */
static enum err find_duplicates(struct ctx *ctx, int64_t student_id, const struct shot *shots,
                                size_t n, struct i64s *ret)
{
    struct gallery_hit hits[8];
    struct list sealed = {0};
    struct gallery *g = NULL;
    enum err e = enrolment_fetch_sealed(ctx, student_id,
                                        str_of(face_model_id(ctx->services->models)), &sealed);

    e = e ? e : templates_open(ctx, &sealed, &g);
    if (e)
        return e;
    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, n * COUNT(hits)), 0};
    for (size_t i = 0; i < n; i++) {
        size_t found =
            shots[i].n_flaws ? 0 : gallery_search(g, shots[i].face.embedding, hits, COUNT(hits));

        for (size_t k = 0; k < found; k++) {
            bool known = hits[k].similarity < looks_alike;

            for (size_t j = 0; j < ret->n; j++)
                known = known || ret->at[j] == hits[k].person;
            if (!known)
                ret->at[ret->n++] = hits[k].person;
        }
    }
    gallery_destroy(g);
    return ERR_OK;
}

static enum err look_at_all(struct ctx *ctx, struct files photos, struct shot *shots)
{
    size_t faces;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < photos.n; i++) {
        e = look(ctx, photos.at[i].data, FACE_EMBED, &shots[i], &faces);
        if (e == ERR_IMAGE_INVALID)
            (void)fail_field(ctx, arena_printf(&ctx->arena, "/photos/%zu", i).at, "image", "",
                             "cannot be read");
    }
    if (!e)
        compare_shots(ctx, shots, photos.n);
    return e;
}

static void tell_shots(struct ctx *ctx, struct shot *shots, size_t n, struct enrolment *ret)
{
    struct enrolment_shot *out = ARENA_NEW_N(&ctx->arena, struct enrolment_shot, n);

    for (size_t i = 0; i < n; i++)
        out[i] = (struct enrolment_shot){
            .index = (int64_t)i,
            .accepted = shots[i].n_flaws == 0,
            .flaws = {shots[i].flaws, shots[i].n_flaws},
        };
    ret->shots = (struct list){out, n};
}

/* When no photo passed: every flaw as a field error of its photo. */
static enum err check_any_good(struct ctx *ctx, const struct shot *shots, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (shots[i].n_flaws == 0)
            return ERR_OK;
    (void)fail(ctx, ERR_FACE_QUALITY, "no photo is good enough");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < shots[i].n_flaws; k++)
            (void)fail_field(ctx, arena_printf(&ctx->arena, "/photos/%zu", i).at,
                             arena_cstr(&ctx->arena, shots[i].flaws[k].code), "", "%s",
                             shots[i].flaws[k].detail.at);
    return ERR_FACE_QUALITY;
}

static enum err store(struct ctx *ctx, int64_t student_id, const struct shot *shots, size_t n)
{
    cleanup(tx_finish) struct tx tx = {0};
    int64_t erased;
    enum err e = tx_begin(ctx, &tx);

    /* Asked again, the student held: it may have been withdrawn while we looked, or just now. */
    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : check_consent(ctx, student_id);
    e = e ? e : enrolment_erase(ctx, student_id, false, &erased);
    for (size_t i = 0; !e && i < n; i++)
        if (shots[i].n_flaws == 0)
            e = template_store(ctx, student_id, shots[i].face.embedding, shots[i].face.norm);
    e = e ? e : tell(ctx, student_id, true);
    return e ? e : tx_commit(&tx);
}

enum err enrolment_create(struct ctx *ctx, int64_t student_id, struct files photos,
                          bool accept_duplicate, struct enrolment *ret)
{
    struct student student = {0};
    struct enrolment out = {.student_id = student_id, .enrolled = true};
    struct shot *shots = ARENA_NEW_N(&ctx->arena, struct shot, photos.n);
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : student_get_for(ctx, student_id, &student);
    e = e ? e : check_consent(ctx, student_id);
    e = e ? e : look_at_all(ctx, photos, shots);
    e = e ? e : check_any_good(ctx, shots, photos.n);
    e = e ? e : find_duplicates(ctx, student_id, shots, photos.n, &out.duplicate_of);
    if (!e && out.duplicate_of.n && !accept_duplicate)
        e = fail(ctx, ERR_DUPLICATE_PERSON, "looks like the enrolled student %lld",
                 (long long)out.duplicate_of.at[0]);
    e = e ? e : store(ctx, student_id, shots, photos.n);
    e = e ? e : enrolment_fetch_templates(ctx, student_id, &out.templates);
    if (e)
        return e;
    tell_shots(ctx, shots, photos.n, &out);
    *ret = out;
    return ERR_OK;
}

enum err enrolment_delete(struct ctx *ctx, int64_t student_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct student student = {0};
    int64_t n = 0;
    enum err e = student_get_for(ctx, student_id, &student);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : student_touch(ctx, student_id);
    e = e ? e : enrolment_destroy(ctx, student_id, &n);
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

    e = e ? e : templates_open(ctx, sealed, &out.gallery);
    if (e)
        return e;
    out.apart = pairs;
    out.n_apart = n;
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

    return e ? e : open_roster(ctx, &sealed, ret);
}
