/* SPDX-License-Identifier: MIT */
/* From photos to faces, flaws, poses and a choice. Limits and measures: docs/models.md. */
#include "enrolment/shots.h"

#include <math.h>

/* Shots of one person are at least so similar (docs/models.md). */
static const double same_person = 0.50;
/* Where a slight turn ends, and what it aims at. */
static const double side_most = 0.30, side_aim = 0.20;

static const char *const names[POSE_COUNT] = {"other", "front", "slightly_left", "slightly_right"};

const char *pose_name(enum shot_pose p)
{
    return (size_t)p < COUNT(names) ? names[p] : names[POSE_OTHER];
}

bool poses_read(struct str list, unsigned *ret)
{
    unsigned have = 0;

    while (list.len) {
        struct str word = str_trim(str_cut(&list, ','));
        unsigned bit = 0;

        for (int p = POSE_FRONT; p < POSE_COUNT; p++)
            if (str_is(word, names[p]))
                bit = 1U << p;
        if (!bit)
            return false;
        have |= bit;
    }
    *ret = have;
    return true;
}

enum shot_pose pose_next(unsigned have)
{
    for (int p = POSE_FRONT; p < POSE_COUNT; p++)
        if (!(have & 1U << p))
            return (enum shot_pose)p;
    return POSE_OTHER;
}

struct strs poses_missing(struct ctx *ctx, unsigned have)
{
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, POSE_COUNT), 0};

    for (int p = POSE_FRONT; p < POSE_COUNT; p++)
        if (!(have & 1U << p))
            out.at[out.n++] = str_of(names[p]);
    return out;
}

static void add_flaw(struct shot *s, struct enrolment_flaw flaw)
{
    s->flaws[s->n_flaws++] = flaw;
}

static const struct enrolment_flaw *flaw_of(const struct shot *s, const char *code)
{
    for (size_t i = 0; i < s->n_flaws; i++)
        if (str_is(s->flaws[i].code, code))
            return &s->flaws[i];
    return NULL;
}

static const char *not_frontal(void)
{
    return face_flaw_name(FACE_FLAW_NOT_FRONTAL);
}

static enum shot_pose pose_of(const struct shot *s)
{
    if (!flaw_of(s, not_frontal()))
        return POSE_FRONT;
    if (fabs(s->face.yaw_offset) > side_most)
        return POSE_OTHER;
    return s->face.yaw_offset > 0 ? POSE_LEFT : POSE_RIGHT;
}

static double clamp01(double v)
{
    return fmax(0, fmin(1, v));
}

/*
 * For choosing among shots of one pose, not for refusing any. The length of the raw embedding tells
 * best how well a face will be recognised (docs/models.md), so it weighs most; 2.8 is the gate of
 * recognition and 4.5 above what good portraits show.
 */
static double score_of(const struct shot *s)
{
    const struct face_found *f = &s->face;
    double aim = s->pose == POSE_FRONT ? 0 : side_aim;
    double detail = clamp01((f->norm - 2.8) / 1.7);
    double sharp = clamp01(f->sharpness / 200);
    double size = clamp01(f->box.height / 240);
    double light = 1 - clamp01(fabs(f->luma - 128) / 100);
    double turn = 1 - clamp01(fabs(fabs(f->yaw_offset) - aim) / 0.15);
    double open = 1 - clamp01(fmax(f->eyes_closed[0], f->eyes_closed[1]));

    return 0.35 * detail + 0.20 * sharp + 0.15 * size + 0.10 * light + 0.10 * turn + 0.10 * open;
}

static void count_flaw(struct ctx *ctx, struct shot *s)
{
    s->face.norm = s->faces ? s->face.norm : 0;
    add_flaw(s, (struct enrolment_flaw){
                    s->faces ? STR("many_faces") : STR("no_face"),
                    arena_printf(&ctx->arena, "%zu faces found, exactly 1 is needed", s->faces),
                    (double)s->faces, 1});
}

enum err shot_look(struct ctx *ctx, struct str photo, struct shot *ret)
{
    cleanup(image_finish) struct image im = {0};
    struct face_found *faces = NULL;
    struct face_flaws flaws;
    size_t n = 0;
    enum err e = image_decode(ctx, photo, &im);

    e = e ? e : face_find(ctx, &im, FACE_EYES | FACE_EMBED, &faces, &n);
    if (e)
        return e;
    *ret =
        (struct shot){.faces = face_count_close(faces, n), .width = im.width, .height = im.height};
    if (ret->faces > 0)
        ret->face = faces[0];
    if (ret->faces != 1) {
        count_flaw(ctx, ret);
        return ERR_OK;
    }
    flaws = face_check(&faces[0], &im, FACE_FOR_ENROLMENT);
    for (size_t i = 0; i < flaws.n; i++)
        add_flaw(ret, (struct enrolment_flaw){str_of(face_flaw_name(flaws.at[i].flaw)),
                                              face_flaw_text(ctx, &flaws, i), flaws.at[i].measured,
                                              flaws.at[i].limit});
    ret->pose = pose_of(ret);
    ret->score = score_of(ret);
    return ERR_OK;
}

void shot_allow_side(struct shot *s)
{
    size_t n = 0;

    if (s->pose != POSE_LEFT && s->pose != POSE_RIGHT)
        return;
    for (size_t i = 0; i < s->n_flaws; i++)
        if (!str_is(s->flaws[i].code, not_frontal()))
            s->flaws[n++] = s->flaws[i];
    s->n_flaws = n;
}

/* The first good front view; NULL: there is none. */
static const struct shot *first_front(const struct shot *shots, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (shots[i].n_flaws == 0 && shots[i].pose == POSE_FRONT)
            return &shots[i];
    return NULL;
}

static void compare(struct ctx *ctx, struct shot *shots, size_t n)
{
    const struct shot *first = first_front(shots, n);

    for (size_t i = 0; first && i < n; i++) {
        double similarity;

        shot_allow_side(&shots[i]);
        if (&shots[i] == first || shots[i].n_flaws)
            continue;
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

enum err shots_look(struct ctx *ctx, struct files photos, struct shot *shots)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < photos.n; i++) {
        e = shot_look(ctx, photos.at[i].data, &shots[i]);
        if (e == ERR_IMAGE_INVALID)
            (void)fail_field(ctx, arena_printf(&ctx->arena, "/photos/%zu", i).at, "image", "",
                             "cannot be read");
    }
    if (!e)
        compare(ctx, shots, photos.n);
    return e;
}

/* Marks the best one that is good, not kept yet, and of the pose (POSE_OTHER: of any). */
static bool keep_best(struct shot *shots, size_t n, enum shot_pose pose)
{
    struct shot *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (!shots[i].n_flaws && !shots[i].kept && (!pose || shots[i].pose == pose) &&
            (!best || shots[i].score > best->score))
            best = &shots[i];
    if (best)
        best->kept = true;
    return best;
}

size_t shots_choose(struct shot *shots, size_t n)
{
    size_t kept = 0;

    for (int p = POSE_FRONT; p < POSE_COUNT; p++)
        kept += keep_best(shots, n, (enum shot_pose)p);
    while (kept < ENROLMENT_SHOTS_MAX && keep_best(shots, n, POSE_OTHER))
        kept++;
    return kept;
}

size_t shots_good(const struct shot *shots, size_t n)
{
    size_t good = 0;

    for (size_t i = 0; i < n; i++)
        good += shots[i].n_flaws == 0;
    return good;
}

unsigned shots_poses(const struct shot *shots, size_t n)
{
    unsigned have = 0;

    for (size_t i = 0; i < n; i++)
        if (shots[i].n_flaws == 0)
            have |= 1U << shots[i].pose;
    return have;
}
