/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What was decided about a face, and why: the one form in which every way of recognising answers,
 * from the photo of a class to a tablet at the door.
 */
#include "base/ctx.h"
#include "base/schema.h"

#include "face/identify.h"

#define DECISION_LIST(X)                                                                           \
    X(MATCH, "match")                                                                              \
    X(UNKNOWN, "unknown")                                                                          \
    X(AMBIGUOUS, "ambiguous")                                                                      \
    X(LOW_QUALITY, "low_quality")                                                                  \
    X(SPOOF_SUSPECTED, "spoof_suspected")                                                          \
    X(NO_FACE, "no_face")                                                                          \
    X(NO_CONSENT, "no_consent")

enum decision_kind {
#define X(id, name) DECISION_##id,
    DECISION_LIST(X)
#undef X
        DECISION_COUNT
};

/* One sentence in each language of the UI. */
struct decision_why {
    struct str en, fr, ar;
};

struct decision {
    struct str decision; /* of DECISION_LIST */
    struct opt_i64 student_id;
    struct opt_str student_name;
    struct opt_f64 similarity, threshold, margin, min_margin;
    struct opt_f64 quality;  /* length of the raw embedding */
    struct opt_f64 liveness; /* passive score, advisory; null: not looked at */
    struct str model;        /* id of the model that compared; empty: none did */
    struct str policy;       /* by which rule: "roster", "roster+strict", "verify", … */
    double ms;
    struct obj why; /* struct decision_why */
};
extern const struct schema decision_schema;

const char *decision_name(enum decision_kind k);

/* What is known when a decision is worded. */
struct decision_facts {
    enum decision_kind kind;
    const struct face_match *match; /* NULL: nothing was compared */
    const struct face_found *face;  /* NULL: no face */
    const struct face_flaws *flaws; /* of LOW_QUALITY; may be NULL */
    struct opt_str student_name;    /* of a match */
    struct opt_f64 liveness;
    const char *policy;
    double ms;
};

/* The decision that a comparison alone leads to. */
enum decision_kind decision_of(const struct face_match *m, const struct face_flaws *flaws);
/* Words it. The student is told for a match only: who came close is nobody's business. */
void decision_make(struct ctx *ctx, const struct decision_facts *facts, struct decision *ret);

/* Where a decision was made; kept in the verification log. */
struct decision_place {
    const char *way; /* face kiosk self class_photo verify */
    int64_t session_id;
};
/* Adds it to the verification log, in the caller's transaction if there is one. */
must_check enum err decision_log(struct ctx *ctx, const struct decision_place *place,
                                 const struct decision *d);
/* Forgets what is older than `before`; *ret_n rows. */
must_check enum err decision_trim(struct ctx *ctx, int64_t before, int64_t *ret_n);
