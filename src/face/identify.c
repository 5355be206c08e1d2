/* SPDX-License-Identifier: MIT */
/* Threshold by gallery size, margin by person, more of both for pairs that are hard to tell. */
#include "face/identify.h"

#include <math.h>

static const double MIN_MARGIN = 0.05;

double face_threshold(size_t persons)
{
    const double one = 0.40, few = 0.45, many = 0.50;
    const double few_persons = 200, many_persons = 1000;
    double n = (double)persons;

    if (n <= 1)
        return one;
    if (n <= few_persons)
        return few;
    if (n >= many_persons)
        return many;
    return few + (many - few) * log(n / few_persons) / log(many_persons / few_persons);
}

/* What a pair asks of a match of m->person with m->next behind it. */
static void demand(const struct face_apart *pair, struct face_match *m)
{
    bool named = pair->a == m->person || pair->b == m->person;
    bool both = named && m->next && (pair->a == m->next || pair->b == m->next);

    if (!named)
        return;
    m->strict = true;
    m->threshold = fmax(m->threshold, m->base_threshold + pair->more_threshold);
    m->second_factor = m->second_factor || pair->second_factor;
    if (both)
        m->min_margin = fmax(m->min_margin, MIN_MARGIN + pair->more_margin);
}

static struct face_match identify(const struct gallery *g, const struct face_apart *apart,
                                  size_t n_apart, const float probe[FACE_DIM])
{
    struct gallery_hit hits[2] = {0};
    size_t n = gallery_search(g, probe, hits, COUNT(hits));
    double threshold = face_threshold(gallery_persons(g));
    struct face_match m = {
        .decision = FACE_UNKNOWN,
        .base_threshold = threshold,
        .threshold = threshold,
        .min_margin = MIN_MARGIN,
        .margin = 1,
    };

    if (!n)
        return m;
    m.person = hits[0].person;
    m.similarity = hits[0].similarity;
    if (n > 1) {
        m.next = hits[1].person;
        m.margin = hits[0].similarity - hits[1].similarity;
    }
    for (size_t i = 0; i < n_apart; i++)
        demand(&apart[i], &m);
    if (m.similarity < m.threshold)
        return m;
    m.decision = m.margin < m.min_margin ? FACE_AMBIGUOUS : FACE_MATCH;
    return m;
}

struct face_match gallery_identify(const struct gallery *g, const float probe[FACE_DIM])
{
    return identify(g, NULL, 0, probe);
}

struct face_match roster_identify(const struct roster *r, const float probe[FACE_DIM])
{
    return identify(r->gallery, r->apart, r->n_apart, probe);
}

void roster_finish(struct roster *r)
{
    gallery_destroy(r->gallery);
    *r = (struct roster){0};
}
