/* SPDX-License-Identifier: MIT */
/* A person's decision: everybody is marked, the answer kept and the crops gone, or nothing. */
#include "attendance/attendance.h"
#include "class_photo/class_photo_store.h"
#include "class_photo/kept.h"
#include "db/tx.h"

/* One student to mark, and where the caller named him or her. */
struct named {
    int64_t student_id, face; /* face 0: of `present` */
    const char *field;
};

struct marking {
    const struct kept *kept;
    struct named *named;
    size_t n;
};

static const struct kept_person *with_face(const struct kept *kept, int64_t face)
{
    const struct kept_person *p = kept->persons.at;

    for (size_t i = 0; i < kept->persons.n; i++) {
        const struct kept_face *f = p[i].faces.at;
        for (size_t k = 0; k < p[i].faces.n; k++)
            if (f[k].face == face)
                return &p[i];
    }
    return NULL;
}

static const struct kept_person *sure_of(const struct kept *kept, int64_t student_id)
{
    const struct kept_person *p = kept->persons.at;

    for (size_t i = 0; i < kept->persons.n; i++)
        if (str_is(p[i].bucket, "sure") && p[i].student_id == student_id)
            return &p[i];
    return NULL;
}

static struct attendance_evidence *evidence_with(struct ctx *ctx, const struct kept *kept,
                                                 const struct kept_person *p, double similarity,
                                                 double margin)
{
    struct attendance_evidence *e = ARENA_NEW(&ctx->arena, struct attendance_evidence);

    *e = (struct attendance_evidence){
        .way = "class_photo",
        .similarity = similarity,
        .margin = margin,
        .threshold = p->threshold,
        .model = kept->model.at,
        .quality = {.set = true, .v = ((const struct kept_face *)p->faces.at)->quality},
        .liveness = p->liveness,
    };
    return e;
}

/* What the photo says for this student; NULL: nothing, it is the caller's word alone. */
static struct attendance_evidence *evidence_of(struct ctx *ctx, const struct kept *kept,
                                               const struct named *who)
{
    const struct kept_person *p =
        who->face ? with_face(kept, who->face) : sure_of(kept, who->student_id);

    if (!p)
        return NULL;
    if (str_is(p->bucket, "sure") && p->student_id == who->student_id)
        return evidence_with(ctx, kept, p, p->similarity, p->margin);
    const struct kept_candidate *c = p->candidates.at;
    for (size_t i = 0; i < p->candidates.n; i++)
        if (c[i].student_id == who->student_id)
            return evidence_with(ctx, kept, p, c[i].similarity, c[i].margin);
    return NULL;
}

static void name_all(struct ctx *ctx, const struct class_photo_answer *in, struct marking *m)
{
    const struct class_photo_assignment *a = in->assignments.at;

    m->named = ARENA_NEW_N(&ctx->arena, struct named, in->present.n + in->assignments.n);
    for (size_t i = 0; i < in->present.n; i++)
        m->named[m->n++] =
            (struct named){in->present.at[i], 0, arena_printf(&ctx->arena, "/present/%zu", i).at};
    for (size_t i = 0; i < in->assignments.n; i++)
        m->named[m->n++] = (struct named){a[i].student_id, a[i].face,
                                          arena_printf(&ctx->arena, "/assignments/%zu", i).at};
}

static bool is_expected(const struct attendance_register *r, int64_t student_id)
{
    const struct attendance *all = r->records.at;

    for (size_t i = 0; i < r->records.n; i++)
        if (all[i].student_id == student_id)
            return true;
    return false;
}

/* Every mistake is told, with the place where it was made. */
static enum err check(struct ctx *ctx, const struct marking *m, const struct attendance_register *r)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < m->n; i++) {
        const struct named *who = &m->named[i];
        if (!is_expected(r, who->student_id))
            e = fail_field(ctx, who->field, "one_of", "",
                           "student %lld is not expected in this session",
                           (long long)who->student_id);
        if (who->face && !with_face(m->kept, who->face))
            e = fail_field(ctx, who->field, "one_of", "", "there is no face %lld in the photos",
                           (long long)who->face);
        for (size_t k = 0; k < i; k++) {
            if (m->named[k].student_id == who->student_id)
                e = fail_field(ctx, who->field, "duplicate", "",
                               "student %lld is named more than once", (long long)who->student_id);
            if (who->face && m->named[k].face &&
                with_face(m->kept, m->named[k].face) == with_face(m->kept, who->face))
                e = fail_field(ctx, who->field, "duplicate", "",
                               "face %lld is of one person, who was named before",
                               (long long)who->face);
        }
    }
    return e;
}

static enum err mark(struct ctx *ctx, const struct session *s, const struct marking *m,
                     struct list *ret)
{
    struct attendance_seen *seen = ARENA_NEW_N(&ctx->arena, struct attendance_seen, m->n);
    struct class_photo_mark *marks = ARENA_NEW_N(&ctx->arena, struct class_photo_mark, m->n);
    enum err e;

    for (size_t i = 0; i < m->n; i++) {
        seen[i].student_id = m->named[i].student_id;
        seen[i].evidence = evidence_of(ctx, m->kept, &m->named[i]);
    }
    e = attendance_mark_seen(ctx, s, seen, m->n);
    if (e)
        return e;
    for (size_t i = 0; i < m->n; i++)
        marks[i] = (struct class_photo_mark){
            .student_id = seen[i].student_id,
            .status = seen[i].status,
            .by_face = seen[i].evidence != NULL,
            .already = seen[i].already,
        };
    *ret = (struct list){marks, m->n};
    return ERR_OK;
}

static enum err settle(struct ctx *ctx, const struct session *s, const struct class_photo_row *row,
                       const struct class_photo_answer *in, struct class_photo_result *ret)
{
    struct attendance_register r = {0};
    struct kept kept = {0};
    struct marking m = {.kept = &kept};
    struct class_photo_result out = {
        .id = row->id,
        .session_id = row->session_id,
        .confirmed_at = ctx->now,
        .confirmed_by = ctx->actor.user_id,
    };
    enum err e = kept_read(ctx, row->kept, &kept);

    e = e ? e : attendance_register_get(ctx, s->id, &r);
    if (e)
        return e;
    name_all(ctx, in, &m);
    e = check(ctx, &m, &r);
    e = e ? e : mark(ctx, s, &m, &out.students);
    e = e ? e : class_photo_settle(ctx, row->id, kept_result_write(ctx, &out));
    if (!e)
        *ret = out;
    return e;
}

enum err class_photo_confirm(struct ctx *ctx, const struct class_photo_answer *in,
                             struct class_photo_result *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct class_photo_row row = {0};
    struct class_photo_result out = {0};
    struct session s = {0};
    enum err e = session_get_for(ctx, in->session_id, &s);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : class_photo_hold(ctx, in->session_id, in->class_photo_id, &row);
    if (e)
        return e;
    if (str_is(row.state, "confirmed"))
        e = kept_result_read(ctx, row.result.v, &out);
    else
        e = settle(ctx, &s, &row, in, &out);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = out;
    return e;
}
