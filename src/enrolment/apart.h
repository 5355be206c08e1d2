/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Pairs of students whom recognition keeps apart with more care: look-alikes, which are looked for
 * here, and corrections, which people make. What a pair asks more: docs/models.md.
 */
#include "base/page.h"
#include "base/schema.h"

#include "face/identify.h"

/* All pairs in force, in ctx's arena: a school has few. */
must_check enum err apart_list(struct ctx *ctx, struct face_apart **ret, size_t *n);

/*
 * Looks for look-alikes of one student among those who share a group, and forgets pairs that are
 * no longer alike. Does nothing while no faces are compared. In its own transaction.
 */
must_check enum err apart_find_for(struct ctx *ctx, int64_t student_id);
/* The same for everybody: a nightly job. */
must_check enum err apart_find_all(struct ctx *ctx);

/* The face of somebody else was taken for the student's. */
struct apart_correction {
    int64_t event_id;          /* the mark, of attendance_event */
    int64_t student_id;        /* who was named */
    int64_t actual_student_id; /* who it was; 0: not known */
};
/* Makes the pair (or the student alone) stricter, once per mark; joins the caller's transaction. */
must_check enum err apart_correct(struct ctx *ctx, const struct apart_correction *c);
/* Whether some mark of the student in the session was corrected. */
must_check enum err apart_was_corrected(struct ctx *ctx, int64_t session_id, int64_t student_id,
                                        bool *ret);

/* A pair as the admin sees it. `b` is null where only the named student is known. */
struct apart_pair {
    int64_t id;
    struct str reason; /* "look_alike", "correction" */
    int64_t a_student_id;
    struct str a_number, a_name;
    struct opt_i64 b_student_id;
    struct opt_str b_number, b_name;
    struct opt_f64 similarity;
    int64_t place; /* what the list is ordered by, descending */
    int64_t times;
    bool second_factor, seen;
    double more_margin, more_threshold; /* what it asks */
    int64_t since, updated_at;
};
extern const struct schema apart_pair_schema;

struct apart_change {
    int64_t pair_id;
    struct opt_bool second_factor, seen;
};
struct apart_query {
    struct page_query page;
};
/* Corrections, then the most alike first: struct apart_pair. ERR_INVALID: the cursor. */
must_check enum err apart_pairs(struct ctx *ctx, const struct apart_query *q, struct page *ret);
/* ERR_NOT_FOUND */
must_check enum err apart_set(struct ctx *ctx, const struct apart_change *in,
                              struct apart_pair *ret);

/* The school's own threshold; 0: none. */
must_check enum err apart_threshold(struct ctx *ctx, double *ret);
/* 0 takes it back. The caller checks the bounds. */
must_check enum err apart_set_threshold(struct ctx *ctx, double threshold);

/* Templates in the clear, in ctx's arena, which is wiped when it is reset. */
struct apart_gallery {
    float *vectors; /* n x FACE_DIM */
    int64_t *persons;
    size_t n;
};
/* Everybody who can be recognised, those of a person side by side. */
must_check enum err apart_gallery(struct ctx *ctx, struct apart_gallery *ret);
/* How many of each group can be recognised; only groups with at least two, ascending. */
must_check enum err apart_roster_sizes(struct ctx *ctx, struct i64s *ret);
