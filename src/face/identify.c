/* SPDX-License-Identifier: MIT */
/* Threshold by gallery size, margin by person, more of both for pairs that are hard to tell. */
#include "face/identify.h"

#include <math.h>

const struct face_rule face_rule_default = {
    .one = 0.40,
    .few = 0.45,
    .many = 0.50,
    .few_persons = 200,
    .many_persons = 1000,
    .margin = 0.05,
};

double face_rule_threshold(const struct face_rule *rule, size_t persons)
{
    double n = (double)persons, few = (double)rule->few_persons, many = (double)rule->many_persons;

    if (persons <= 1)
        return rule->one;
    if (persons <= rule->few_persons)
        return rule->few;
    if (persons >= rule->many_persons)
        return rule->many;
    return rule->few + (rule->many - rule->few) * log(n / few) / log(many / few);
}

double face_threshold(size_t persons)
{
    return face_rule_threshold(&face_rule_default, persons);
}

static bool names(const struct face_apart *pair, int64_t person)
{
    return pair->a == person || pair->b == person;
}

/* What the pairs ask of naming m->person. */
static void demand(const struct roster *r, struct face_match *m)
{
    for (size_t i = 0; i < r->n_apart; i++) {
        const struct face_apart *pair = &r->apart[i];

        if (!names(pair, m->person))
            continue;
        m->strict = true;
        m->threshold = fmax(m->threshold, m->base_threshold + pair->more_threshold);
        m->second_factor = m->second_factor || (pair->second_factor && !r->verify);
    }
}

/* The margin asked between two persons. */
static double margin_between(const struct roster *r, double margin, int64_t a, int64_t b)
{
    double most = margin;

    for (size_t i = 0; i < r->n_apart; i++)
        if (names(&r->apart[i], a) && names(&r->apart[i], b))
            most = fmax(most, margin + r->apart[i].more_margin);
    return most;
}

/* The next person; or one further behind who, being of a pair with the best, is still too close. */
static void look_behind(const struct roster *r, double margin, const struct gallery_hit *hits,
                        size_t n, struct face_match *m)
{
    for (size_t i = 1; i < n; i++) {
        double gap = hits[0].similarity - hits[i].similarity;
        double asked = margin_between(r, margin, m->person, hits[i].person);

        if (i > 1 && gap >= asked)
            continue;
        m->next = hits[i].person;
        m->margin = gap;
        m->min_margin = asked;
        if (gap < asked)
            return;
    }
}

struct face_match roster_decide(const struct roster *r, size_t persons,
                                const struct gallery_hit *hits, size_t n)
{
    const struct face_rule *rule = r->rule ? r->rule : &face_rule_default;
    double threshold = face_rule_threshold(rule, persons);
    struct face_match m = {.decision = FACE_UNKNOWN, .min_margin = rule->margin, .margin = 1};

    if (!r->verify)
        threshold = fmax(threshold, r->least_threshold);
    m.base_threshold = m.threshold = threshold;
    if (!n)
        return m;
    m.person = hits[0].person;
    m.similarity = hits[0].similarity;
    demand(r, &m);
    look_behind(r, rule->margin, hits, n, &m);
    if (m.similarity < m.threshold)
        return m;
    m.decision = m.margin < m.min_margin || m.second_factor ? FACE_AMBIGUOUS : FACE_MATCH;
    return m;
}

static struct face_match search(const struct roster *r, const struct gallery *g,
                                const float probe[FACE_DIM])
{
    struct gallery_hit hits[FACE_CANDIDATES] = {0};
    size_t n = gallery_search(g, probe, hits, COUNT(hits));

    return roster_decide(r, gallery_persons(g), hits, n);
}

struct face_match gallery_identify(const struct gallery *g, const float probe[FACE_DIM])
{
    return search(&(struct roster){0}, g, probe);
}

struct face_match roster_identify(const struct roster *r, const float probe[FACE_DIM])
{
    return search(r, r->gallery, probe);
}

void roster_finish(struct roster *r)
{
    gallery_destroy(r->gallery);
    *r = (struct roster){0};
}
