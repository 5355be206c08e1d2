/* SPDX-License-Identifier: MIT */
/* Names are looked up when they are shown, so none is kept and none is out of date. */
#include "class_photo/show.h"

#include "attendance/attendance.h"

struct lists {
    const struct class_photo_row *row;
    const struct kept *kept;
    const struct attendance *all; /* the register */
    size_t n;
    struct class_photo *out;
};

static enum decision_kind kind_of(struct str name)
{
    for (int k = 0; k < DECISION_COUNT; k++)
        if (str_is(name, decision_name((enum decision_kind)k)))
            return (enum decision_kind)k;
    return DECISION_UNKNOWN;
}

static enum face_flaw flaw_of(struct str name)
{
    for (int f = 0; f < FACE_FLAW_COUNT; f++)
        if (str_is(name, face_flaw_name((enum face_flaw)f)))
            return (enum face_flaw)f;
    return FACE_FLAW_LOW_DETAIL;
}

void class_photo_word(struct ctx *ctx, const struct kept *kept, const struct kept_person *p,
                      struct opt_str name, struct decision *ret)
{
    const struct kept_face *best = p->faces.at;
    struct face_match m = {
        .person = p->student_id,
        .similarity = p->similarity,
        .margin = p->margin,
        .next = p->has_next,
        .threshold = p->threshold,
        .min_margin = p->min_margin,
        .strict = p->strict,
    };
    struct face_found *face = ARENA_NEW(&ctx->arena, struct face_found);
    struct face_flaws flaws = {.n = best->flaws.n > 0};

    face->embedded = true;
    face->norm = best->quality;
    if (flaws.n)
        flaws.at[0].flaw = flaw_of(best->flaws.at[0]);
    decision_make(ctx,
                  &(struct decision_facts){
                      .kind = kind_of(p->decision),
                      .match = &m,
                      .face = face,
                      .flaws = &flaws,
                      .student_name = name,
                      .liveness = p->liveness,
                      .policy = "roster",
                      .ms = kept->ms,
                  },
                  ret);
    ret->model = kept->model;
}

void class_photo_word_whole(struct ctx *ctx, const struct kept *kept, struct decision *ret)
{
    decision_make(ctx,
                  &(struct decision_facts){
                      .kind = kind_of(kept->outcome),
                      .policy = "roster",
                      .ms = kept->ms,
                  },
                  ret);
}

static struct class_photo_student student_at(const struct lists *l, size_t i)
{
    return (struct class_photo_student){l->all[i].student_id, l->all[i].student_name,
                                        l->all[i].student_number, l->all[i].status};
}

static struct class_photo_student *student_of(struct ctx *ctx, const struct lists *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->all[i].student_id != id)
            continue;
        struct class_photo_student *s = ARENA_NEW(&ctx->arena, struct class_photo_student);
        *s = student_at(l, i);
        return s;
    }
    return NULL; /* has left the group meanwhile */
}

static struct list faces_of(struct ctx *ctx, const struct lists *l, const struct kept_person *p)
{
    const struct kept_face *from = p->faces.at;
    struct class_photo_face *to = ARENA_NEW_N(&ctx->arena, struct class_photo_face, p->faces.n);

    for (size_t i = 0; i < p->faces.n; i++) {
        struct face_box *box = ARENA_NEW(&ctx->arena, struct face_box);
        *box = (struct face_box){from[i].x, from[i].y, from[i].width, from[i].height};
        to[i] = (struct class_photo_face){
            .face = from[i].face,
            .photo = from[i].photo,
            .box = {box},
            .quality = from[i].quality,
            .flaws = from[i].flaws,
            .crop_url = arena_printf(
                &ctx->arena, "/api/v1/sessions/%lld/class-photos/%lld/crops/%lld",
                (long long)l->row->session_id, (long long)l->row->id, (long long)from[i].face),
        };
    }
    return (struct list){to, p->faces.n};
}

static struct list candidates_of(struct ctx *ctx, const struct lists *l,
                                 const struct kept_person *p)
{
    const struct kept_candidate *from = p->candidates.at;
    struct class_photo_candidate *to =
        ARENA_NEW_N(&ctx->arena, struct class_photo_candidate, p->candidates.n);
    size_t n = 0;

    for (size_t i = 0; i < p->candidates.n; i++) {
        struct class_photo_student *s = student_of(ctx, l, from[i].student_id);
        if (s)
            to[n++] = (struct class_photo_candidate){{s}, from[i].similarity};
    }
    return (struct list){to, n};
}

static void add_person(struct ctx *ctx, struct lists *l, const struct kept_person *p)
{
    struct class_photo *out = l->out;
    bool sure = str_is(p->bucket, "sure"), unsure = str_is(p->bucket, "unsure");
    struct class_photo_student *s = p->student_id ? student_of(ctx, l, p->student_id) : NULL;
    struct opt_str name = {.set = s != NULL, .v = s ? s->name : (struct str){"", 0}};
    struct decision *decision = ARENA_NEW(&ctx->arena, struct decision);
    struct list *list = &out->unknown;

    if (sure && !s)
        return;
    if (sure)
        list = &out->sure;
    else if (unsure)
        list = &out->unsure;
    class_photo_word(ctx, l->kept, p, name, decision);
    ((struct class_photo_person *)list->at)[list->n++] = (struct class_photo_person){
        .student = {list == &out->sure ? s : NULL},
        .outcome = {decision},
        .reasons = p->reasons,
        .candidates = unsure ? candidates_of(ctx, l, p) : (struct list){0},
        .faces = faces_of(ctx, l, p),
    };
}

/* Whether the student is among the sure ones or proposed for an unsure one. */
static bool was_seen(const struct kept *kept, int64_t student)
{
    const struct kept_person *p = kept->persons.at;

    for (size_t i = 0; i < kept->persons.n; i++) {
        const struct kept_candidate *c = p[i].candidates.at;
        if (str_is(p[i].bucket, "sure") && p[i].student_id == student)
            return true;
        for (size_t k = 0; k < p[i].candidates.n; k++)
            if (c[k].student_id == student)
                return true;
    }
    return false;
}

static void list_absent(struct ctx *ctx, struct lists *l)
{
    struct class_photo_student *to = ARENA_NEW_N(&ctx->arena, struct class_photo_student, l->n);
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++)
        if (!was_seen(l->kept, l->all[i].student_id))
            to[n++] = student_at(l, i);
    l->out->absent = (struct list){to, n};
}

enum err class_photo_show(struct ctx *ctx, const struct class_photo_row *row,
                          const struct kept *kept, struct class_photo *ret)
{
    struct attendance_register r = {0};
    struct class_photo out = {
        .id = row->id,
        .session_id = row->session_id,
        .created_at = row->created_at,
        .expires_at = row->expires_at,
        .photos = kept->photos,
        .ms = kept->ms,
    };
    enum err e = attendance_register_get(ctx, row->session_id, &r);

    if (e)
        return e;
    struct lists l = {row, kept, r.records.at, r.records.n, &out};
    struct list *lists[] = {&out.sure, &out.unsure, &out.unknown};
    for (size_t i = 0; i < COUNT(lists); i++)
        lists[i]->at = ARENA_NEW_N(&ctx->arena, struct class_photo_person, kept->persons.n);
    for (size_t i = 0; i < kept->persons.n; i++)
        add_person(ctx, &l, &((const struct kept_person *)kept->persons.at)[i]);
    list_absent(ctx, &l);
    if (kept->outcome.len) {
        struct decision *whole = ARENA_NEW(&ctx->arena, struct decision);
        class_photo_word_whole(ctx, kept, whole);
        out.outcome.at = whole;
    }
    *ret = out;
    return ERR_OK;
}
