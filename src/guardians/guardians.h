/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Who answers for a student: accounts of the role guardian, each tied to up to 8 students. A
 * guardian sees what the student sees of attendance, and signs with one who is a minor.
 */
#include "base/ctx.h"
#include "base/page.h"

struct student;

enum { GUARDIANS_MAX = 8 }; /* of one student; one guardian has at most WARDS_MAX students */

struct guardian {
    int64_t id;          /* of the tie */
    int64_t guardian_id; /* account */
    int64_t student_id;
    struct str name, email;
    struct str relation; /* "mother", "father", "guardian", "other" */
    bool may_sign;
    bool active; /* the account may sign in */
    int64_t created_at;
};

struct guardian_new {
    int64_t student_id;
    struct str email, relation;
    struct opt_bool may_sign;      /* absent: yes */
    struct opt_str name, password; /* of an account that is not there yet: both */
    struct opt_str locale, time_zone;
};

struct guardian_filter {
    struct page_query page;
    int64_t student_id;
};

/* ret->items are the struct guardian of a student, oldest first. ERR_NOT_FOUND: no such student.
 * ERR_INVALID: the cursor. */
must_check enum err guardian_list(struct ctx *ctx, const struct guardian_filter *filter,
                                  struct page *ret);
/*
 * Ties the account with this e-mail to the student, or makes it. ERR_NOT_FOUND: no such student.
 * ERR_CONFLICT: they are tied already. ERR_INVALID: an archived student, an account of another
 * role or out of use, name and password missing for a new account or there for an old one, a weak
 * password, more than 8 of either. ERR_BUSY: too many passwords are being hashed.
 */
must_check enum err guardian_add(struct ctx *ctx, const struct guardian_new *in,
                                 struct guardian *ret);
/* Ends the tie, which stays known as past; the account stays. ERR_NOT_FOUND */
must_check enum err guardian_remove(struct ctx *ctx, int64_t student_id, int64_t guardian_id);
/* ret->items are the struct student that the caller answers for; none for other roles. ERR_INVALID:
 * the cursor. */
must_check enum err guardian_wards(struct ctx *ctx, const struct page_query *query,
                                   struct page *ret);

/* Whether the caller is a guardian of the student who may sign. */
must_check enum err guardian_may_sign(struct ctx *ctx, int64_t student_id, bool *ret);
/*
 * Whether a guardian has to sign with the student at the time `at` (UTC ms): under the option
 * `adult_age` by the birth date, days counted in the school's zone. An unknown birth date: no.
 */
bool guardian_required(struct ctx *ctx, const struct student *student, int64_t at);
/* The accounts of a student's guardians, at most 8: whom to tell. */
must_check enum err guardian_accounts(struct ctx *ctx, int64_t student_id, struct i64s *ret);
