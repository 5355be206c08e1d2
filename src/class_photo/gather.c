/* SPDX-License-Identifier: MIT */
/* Matched faces gather by student, the others by likeness; then each person gets a list. */
#include "class_photo/gather.h"

#include <math.h>
#include <stdlib.h>

#include "face/track.h"

/* Unknown faces of two photos are one person from here on (docs/models.md: shots of one person). */
static const double SAME_PERSON = 0.50;
/* So far above the threshold a match is sure; so far below it a student is still proposed. */
static const double SURE_BAND = 0.05;
static const double CLOSE_BAND = 0.10;
/* Of two faces in one photo that match the same student, the better is sure only by so much. */
static const double TWICE_BAND = 0.05;

static bool is_match(const struct sighting *s)
{
    return s->match.decision == FACE_MATCH;
}

/* Good before flawed, then matches by similarity and the others by detail. */
static int better_first(const void *a, const void *b)
{
    const struct sighting *p = *(const struct sighting *const *)a;
    const struct sighting *q = *(const struct sighting *const *)b;
    bool pm = is_match(p), qm = is_match(q);

    if (pm != qm)
        return pm ? -1 : 1;
    if ((p->flaws.n == 0) != (q->flaws.n == 0))
        return p->flaws.n == 0 ? -1 : 1;
    double pv = pm ? p->match.similarity : p->found.norm;
    double qv = qm ? q->match.similarity : q->found.norm;
    if (pv < qv || pv > qv)
        return pv < qv ? 1 : -1;
    return p->face < q->face ? -1 : 1;
}

static const struct sighting *of_photo(const struct gathered *g, int64_t photo)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->faces[i]->photo == photo)
            return g->faces[i];
    return NULL;
}

static double likeness(const struct gathered *g, const struct sighting *s)
{
    double best = -1;

    for (size_t i = 0; i < g->n; i++)
        best = fmax(best, face_cosine(g->faces[i]->found.embedding, s->found.embedding));
    return best;
}

static void join(struct gathered *g, const struct sighting *s)
{
    g->faces[g->n++] = s;
}

/* A student is one person; a second face of the same photo is somebody else, or a doubt. */
static bool join_student(struct gathered *all, size_t n, const struct sighting *s)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].student_id != s->match.person)
            continue;
        const struct sighting *there = of_photo(&all[i], s->photo);
        if (!there) {
            join(&all[i], s);
            return true;
        }
        if (there->match.similarity - s->match.similarity < TWICE_BAND && s->flaws.n == 0)
            all[i].reasons |= REASON_SEEN_TWICE;
    }
    return false;
}

static bool join_alike(struct gathered *all, size_t n, const struct sighting *s)
{
    struct gathered *best = NULL;
    double most = SAME_PERSON;

    for (size_t i = 0; i < n; i++) {
        double like = of_photo(&all[i], s->photo) ? -1 : likeness(&all[i], s);
        if (like >= most) {
            most = like;
            best = &all[i];
        }
    }
    if (best)
        join(best, s);
    return best != NULL;
}

static bool is_taken(const struct gathered *all, size_t n, int64_t student)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].student_id == student)
            return true;
    return false;
}

static size_t make_groups(const struct sighting **order, size_t n, struct gathered *all)
{
    size_t groups = 0;

    for (size_t i = 0; i < n; i++) {
        const struct sighting *s = order[i];
        if (is_match(s) ? join_student(all, groups, s) : join_alike(all, groups, s))
            continue;
        struct gathered *g = &all[groups];
        join(g, s);
        if (is_match(s) && is_taken(all, groups, s->match.person))
            g->reasons |= REASON_SEEN_TWICE;
        else if (is_match(s))
            g->student_id = s->match.person;
        groups++;
    }
    return groups;
}

/* Why the best face does not settle it. */
static unsigned doubts(const struct gathered *g)
{
    const struct sighting *best = g->faces[0];
    unsigned reasons = g->reasons;

    if (best->flaws.n)
        reasons |= REASON_LOW_QUALITY;
    if (best->match.second_factor)
        reasons |= REASON_LOOK_ALIKE;
    else if (best->match.decision == FACE_AMBIGUOUS)
        reasons |= REASON_AMBIGUOUS;
    if (fabs(best->match.similarity - best->match.threshold) < SURE_BAND ||
        best->match.similarity < best->match.threshold)
        reasons |= REASON_NEAR_THRESHOLD;
    if (best->live.set && best->live.v < TRACK_SPOOF_BELOW)
        reasons |= REASON_NOT_ALIVE;
    return reasons;
}

static void judge(struct gathered *g)
{
    const struct sighting *best = g->faces[0];
    double close = best->match.threshold - CLOSE_BAND;

    g->reasons = doubts(g);
    if (g->student_id && !g->reasons) {
        g->bucket = GATHERED_SURE;
        return;
    }
    for (size_t i = 0; i < best->n_hits; i++)
        if (best->hits[i].similarity >= close)
            g->candidates[g->n_candidates++] = best->hits[i];
    g->bucket = g->n_candidates ? GATHERED_UNSURE : GATHERED_UNKNOWN;
    if (g->bucket == GATHERED_UNKNOWN) {
        g->reasons = 0;
        g->student_id = 0;
    }
}

/* Whether the student surely is another face of one of the person's photos. */
static bool is_elsewhere(const struct gathered *all, size_t n, const struct gathered *g,
                         int64_t student)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].bucket != GATHERED_SURE || all[i].student_id != student)
            continue;
        for (size_t k = 0; k < g->n; k++)
            if (of_photo(&all[i], g->faces[k]->photo))
                return true;
    }
    return false;
}

/* Nobody is twice in a photo: such students are proposed only when nobody else is. */
static void drop_elsewhere(const struct gathered *all, size_t n, struct gathered *g)
{
    struct gallery_hit left[CLASS_PHOTO_CANDIDATES];
    size_t kept = 0;

    for (size_t i = 0; i < g->n_candidates; i++)
        if (!is_elsewhere(all, n, g, g->candidates[i].person))
            left[kept++] = g->candidates[i];
    if (!kept)
        return;
    for (size_t i = 0; i < kept; i++)
        g->candidates[i] = left[i];
    g->n_candidates = kept;
}

static int by_bucket(const void *a, const void *b)
{
    const struct gathered *p = a, *q = b;

    if (p->bucket != q->bucket)
        return p->bucket < q->bucket ? -1 : 1;
    return p->faces[0]->face < q->faces[0]->face ? -1 : 1;
}

size_t gather(struct ctx *ctx, const struct sighting *faces, size_t n, struct gathered **ret)
{
    const struct sighting **order = ARENA_NEW_N(&ctx->arena, const struct sighting *, n);
    struct gathered *all = ARENA_NEW_N(&ctx->arena, struct gathered, n);

    *ret = all;
    if (!n)
        return 0;
    for (size_t i = 0; i < n; i++)
        order[i] = &faces[i];
    qsort(order, n, sizeof(*order), better_first);
    size_t groups = make_groups(order, n, all);
    for (size_t i = 0; i < groups; i++)
        judge(&all[i]);
    for (size_t i = 0; i < groups; i++)
        if (all[i].bucket == GATHERED_UNSURE)
            drop_elsewhere(all, groups, &all[i]);
    qsort(all, groups, sizeof(*all), by_bucket);
    return groups;
}
