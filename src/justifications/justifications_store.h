/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of justifications: private to the feature. */
#include "justifications/justifications.h"

/* As the caller may see it, without the lists in it. ERR_NOT_FOUND */
must_check enum err justifications_store_get_for(struct ctx *ctx, int64_t id,
                                                 struct justification *ret);
/* For the server's own work. ERR_NOT_FOUND */
must_check enum err justifications_store_get(struct ctx *ctx, int64_t id,
                                             struct justification *ret);
must_check enum err justifications_store_page(struct ctx *ctx, const struct justification_filter *f,
                                              struct page *ret);
must_check enum err justifications_store_sessions(struct ctx *ctx, int64_t id, struct i64s *ret);
/* A list of struct justification_step, oldest first. */
must_check enum err justifications_store_steps(struct ctx *ctx, int64_t id, struct list *ret);

/* Holds the student until the commit, so that two of the same time wait for each other. */
must_check enum err justifications_store_hold_student(struct ctx *ctx, int64_t student_id);
/* Members id…reason_id, message, state, late, guardian_missing, signed_at of `j`. */
must_check enum err justifications_store_insert(struct ctx *ctx, const struct justification *j,
                                                int64_t *ret_id);
must_check enum err justifications_store_add_session(struct ctx *ctx, int64_t id,
                                                     int64_t session_id);
/* When one of the student's sessions is that was not cancelled. ERR_NOT_FOUND: it is none. */
must_check enum err justifications_store_session(struct ctx *ctx, int64_t student_id,
                                                 int64_t session_id, int64_t *ret_starts,
                                                 int64_t *ret_ends);
/* Another one, undecided or approved, of the same student at the same time; 0: none. */
must_check enum err justifications_store_overlap(struct ctx *ctx, int64_t student_id, int64_t id,
                                                 int64_t *ret);
/* How many of the student's are undecided. */
must_check enum err justifications_store_undecided(struct ctx *ctx, int64_t student_id,
                                                   int64_t *ret);
/* How many accounts could sign for the student. */
must_check enum err justifications_store_signers(struct ctx *ctx, int64_t student_id, int64_t *ret);

/* Counts a version and holds the row. *ret_n 0: not there, or of another version (0: any). */
must_check enum err justifications_store_hold(struct ctx *ctx, int64_t id, int64_t version,
                                              int64_t *ret_n);
must_check enum err justifications_store_set_state(struct ctx *ctx, int64_t id, const char *state);
must_check enum err justifications_store_sign(struct ctx *ctx, int64_t id);
/* `due_at` absent: none. By nobody when the server decides. */
must_check enum err justifications_store_decide(struct ctx *ctx, int64_t id, const char *state,
                                                struct opt_str answer, struct opt_i64 due_at);
must_check enum err justifications_store_note(struct ctx *ctx, int64_t id,
                                              const struct justification_step *step);
/* The school takes it up without a signature; `missing`: for want of an account that could sign. */
must_check enum err justifications_store_release(struct ctx *ctx, int64_t id, bool missing);
/* Numbers of those that wait for a guardian in vain, at most `limit`: nobody can sign any more, or
 * the student was born on `adult` (a date) or before, or on a day that is not known. */
must_check enum err justifications_store_in_vain(struct ctx *ctx, struct str adult, int64_t limit,
                                                 struct i64s *ret);
/* Numbers of those whose question was due before now, at most `limit`. */
must_check enum err justifications_store_due(struct ctx *ctx, int64_t limit, struct i64s *ret);

/* A session that an approval covers, or should. */
struct cover_row {
    int64_t justification_id, session_id, student_id;
    int64_t covers_from, covers_to; /* 0, 0: the whole session */
    struct opt_str status_code;
};
/* Of one that is approved: not yet covered; covered, but no longer so. Lists of struct cover_row.
 */
must_check enum err cover_store_missing(struct ctx *ctx, int64_t id, struct list *ret);
must_check enum err cover_store_stale(struct ctx *ctx, int64_t id, struct list *ret);
/* Numbers of approvals that ended after `since` and have some of either. */
must_check enum err cover_store_due(struct ctx *ctx, int64_t since, int64_t limit,
                                    struct i64s *ret);
/* Holds the justification until the commit, and says whether it is still approved. */
must_check enum err cover_store_hold(struct ctx *ctx, int64_t id, bool *ret_approved);
/* All that it covers: a list of struct cover_row. */
must_check enum err cover_store_of(struct ctx *ctx, int64_t id, struct list *ret);
must_check enum err cover_store_insert(struct ctx *ctx, const struct cover_row *row);
must_check enum err cover_store_delete(struct ctx *ctx, const struct cover_row *row);
