/* SPDX-License-Identifier: MIT */
#pragma once
/* What the files of justifications/ share. */
#include "justifications/justifications.h"

/* Whether the caller speaks for the student or decides, and so sees all of it. */
bool justification_is_full(const struct ctx *ctx);
/* Undecided: it takes signatures, words and papers, and holds its time. */
bool justification_is_open(const struct justification *j);
/*
 * Inside a transaction: holds the row until the commit, counts a version and reads it as the caller
 * sees it; `version` 0: whichever. ERR_NOT_FOUND, ERR_VERSION_MISMATCH
 */
must_check enum err justification_hold(struct ctx *ctx, int64_t id, int64_t version,
                                       struct justification *ret);
/* ERR_CONFLICT that names the state. */
enum err justification_wrong_state(struct ctx *ctx, const struct justification *j,
                                   const char *what);
/* Tells live clients; inside the transaction. */
must_check enum err justification_tell(struct ctx *ctx, int64_t id);
/* Words or a paper of the family answer a question: pending again. */
must_check enum err justification_answered(struct ctx *ctx, const struct justification *j);
/* Words and papers are taken until its history is full: ERR_CONFLICT. */
must_check enum err justification_room_to_say(struct ctx *ctx, int64_t id);
/* Writes down who did what; `kind` and the state of `j` as it will be. */
must_check enum err justification_note(struct ctx *ctx, int64_t id, const char *kind,
                                       const char *state, struct str message);

/*
 * The records follow an approval, in the caller's transaction: what it covers and no ledger was
 * told yet is excused; what is no longer so, or (after a revocation) all of it, is taken back.
 */
must_check enum err cover_add(struct ctx *ctx, int64_t id);
must_check enum err cover_remove(struct ctx *ctx, int64_t id);
/* For the job: all approvals of which sessions came, moved or went. */
must_check enum err cover_tend(struct ctx *ctx);
