/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A new person who looks like an enrolled one: a case that a person judges. A verdict is kept for
 * the pair, whoever of the two comes first: different people are not asked about again.
 */
#include "base/page.h"

#include "enrolment/enrolment.h"

struct duplicate_case {
    int64_t id;
    int64_t student_id, other_student_id;
    struct str student_number, student_name, other_number, other_name;
    double similarity;
    struct str state; /* "open", "same_person", "different_people" */
    int64_t opened_at, seen_at;
    struct opt_i64 resolved_at, resolved_by;
    struct opt_str resolved_by_name, note;
};
extern const struct schema duplicate_case_schema;

struct duplicate_filter {
    struct page_query page;
    struct opt_str state;
    struct opt_i64 student_id; /* either of the two */
};

struct duplicate_verdict {
    int64_t case_id;
    struct str verdict; /* "same_person" or "different_people" */
    struct opt_str note;
};

struct look_alike {
    int64_t student_id;
    double similarity;
};

/* Opens cases for the look-alikes (or finds the open ones) and tells admins of new ones; *ret_id is
 * the first one's number. In its own transaction: the refusal that follows does not undo it. */
must_check enum err duplicates_open(struct ctx *ctx, int64_t student_id,
                                    const struct look_alike *like, size_t n, int64_t *ret_id);
/* Takes out those that a person found to be different people; *n becomes how many are left. */
must_check enum err duplicates_unjudged(struct ctx *ctx, int64_t student_id,
                                        struct look_alike *like, size_t *n);
/* Whoever enrols says that these are different people: judges them at once, in the open tx. */
must_check enum err duplicates_accept(struct ctx *ctx, int64_t student_id,
                                      const struct look_alike *like, size_t n);

/* ret->items are struct duplicate_case, the newest first. */
must_check enum err duplicate_list(struct ctx *ctx, const struct duplicate_filter *filter,
                                   struct page *ret);
/* Judges, or judges anew. Different people are kept apart with more care from then on.
 * ERR_NOT_FOUND */
must_check enum err duplicate_resolve(struct ctx *ctx, const struct duplicate_verdict *in,
                                      struct duplicate_case *ret);
