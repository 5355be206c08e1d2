/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The decision rule of open-set identification: the right person or an honest "unknown". The
 * threshold follows the size of the gallery, the margin is to the next person, and persons who are
 * hard to tell apart need more of both. Why these numbers: docs/models.md.
 */
#include "face/gallery.h"

enum face_decision { FACE_UNKNOWN, FACE_MATCH, FACE_AMBIGUOUS };

struct face_match {
    enum face_decision decision;
    int64_t person;    /* the best, also when it is not a match; 0 for an empty gallery */
    double similarity; /* to `person` */
    double margin;     /* to the next person, or to one of a pair who comes too close; 1: none */
    int64_t next;      /* that person; 0 when there is none */
    double threshold;  /* what was asked of the similarity */
    double base_threshold; /* the same without pairs */
    double min_margin;     /* what was asked of the margin */
    bool strict;           /* more was asked because of a pair of `apart` */
    bool second_factor;    /* a match alone does not mark: the decision is AMBIGUOUS, never MATCH */
};

/* Two persons to be kept apart with more care. `b` 0: `a` was once named for a person unknown. */
struct face_apart {
    int64_t a, b;
    double more_margin;    /* added to the margin between the two */
    double more_threshold; /* added to the threshold of either */
    bool second_factor;
};

/* What a set of models asks. Thresholds are cosines; between `few` and `many` persons the
 * threshold grows with the logarithm of their number. */
struct face_rule {
    double one, few, many;
    size_t few_persons, many_persons;
    double margin;
};
extern const struct face_rule face_rule_default;

/* Those who may be named here and now. */
struct roster {
    struct gallery *gallery; /* sealed */
    const struct face_apart *apart;
    size_t n_apart;
    const struct face_rule *rule; /* NULL: the default */
    double least_threshold;       /* the school's own; it only ever raises. 0: none */
    bool verify;                  /* 1:1: who it is was said by another way, such as signing in */
};

double face_rule_threshold(const struct face_rule *rule, size_t persons);
/* The default rule's: 0.40 for 1, 0.45 up to 200, 0.50 from 1000 on, linear in log(n) between. */
double face_threshold(size_t persons);
/* The default rule without pairs. */
struct face_match gallery_identify(const struct gallery *g, const float probe[FACE_DIM]);
struct face_match roster_identify(const struct roster *r, const float probe[FACE_DIM]);

/* How many candidates a decision looks at: the best, and those who may be in a pair with them. */
enum { FACE_CANDIDATES = 8 };
/* The decision alone: n candidates, best first, of `persons` who were searched. The roster's
 * gallery is not looked at. */
struct face_match roster_decide(const struct roster *r, size_t persons,
                                const struct gallery_hit *hits, size_t n);
/* Destroys the gallery; the pairs lie in an arena. Takes an empty one. */
void roster_finish(struct roster *r);
