/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Justifications: somebody says why a student was or will be away; a guardian signs for a minor;
 * an administrator decides, and the records follow at once, also those of sessions to come.
 *
 *     awaiting_guardian → pending ⇄ needs_info → approved → revoked
 *                                             → rejected
 *     undecided → withdrawn
 *
 * A student sees the own ones, a guardian those of the wards, an administrator all; a trainer those
 * that touch the own sessions, and of these only who, when, which reason and which state.
 */
#include "base/ctx.h"
#include "base/page.h"

enum {
    JUSTIFICATION_MESSAGE_MAX = 2000,
    JUSTIFICATION_SESSIONS_MAX = 50,
    JUSTIFICATION_DAYS_MAX = 366,  /* of one, and ahead */
    JUSTIFICATION_BACK_DAYS = 730, /* how long ago one may begin */
    JUSTIFICATION_STEPS_MAX = 200, /* of one: then it takes no more messages and papers */
    JUSTIFICATIONS_OPEN_MAX = 50,  /* undecided ones of a student that the family may have */
};

struct justification {
    int64_t id, student_id;
    struct str student_number, student_name;
    struct str scope; /* "span" "sessions" */
    int64_t starts_at, ends_at;
    bool partial; /* a part of one day */
    int64_t reason_id;
    struct str reason_code, reason_en, reason_fr, reason_ar;
    bool needs_document;
    struct str state;
    bool late, guardian_missing;
    struct opt_str message, answer; /* absent for trainers */
    struct opt_i64 created_by;      /* so is this, and the rest of the accounts */
    struct opt_str created_by_name;
    int64_t created_at;
    struct opt_i64 signed_by, signed_at, decided_by, decided_at, due_at;
    struct opt_str signed_by_name, decided_by_name;
    int64_t n_documents, forgotten;
    int64_t version;
    struct opt_str status_code; /* the reason's; hidden */
    /* of one alone */
    struct i64s session_ids;
    struct list documents;   /* struct justification_document */
    struct list steps;       /* struct justification_step */
    struct strs actions;     /* what the caller may do with it now */
    struct obj answer_words; /* struct words; NULL: a person wrote the answer */
};
extern const struct schema justification_schema;      /* whole */
extern const struct schema justification_item_schema; /* in lists */

/* Messages that the server writes itself; they are shown in all languages. */
#define JUSTIFICATION_NOT_ANSWERED "the question was not answered in time"
#define JUSTIFICATION_NO_GUARDIAN  "no guardian can sign any more"
#define JUSTIFICATION_OF_AGE       "the student is of age: no signature is needed"

struct justification_step {
    int64_t id, at;
    struct str kind, state, message;
    struct obj message_words;  /* struct words; NULL: a person wrote the message */
    struct opt_i64 by_user_id; /* absent: the server itself */
    struct opt_str by_name;
};

struct justification_new {
    struct opt_i64 student_id;         /* absent: the caller */
    struct opt_str from, to;           /* whole days of the school's zone */
    struct opt_i64 starts_at, ends_at; /* or a span */
    struct i64s session_ids;           /* or sessions */
    int64_t reason_id;
    struct opt_str message;
};

struct justification_filter {
    struct page_query page;
    struct opt_str state;
    struct opt_i64 student_id, group_id, reason_id, from, to;
};

struct justification_decision {
    int64_t justification_id;
    struct str decision; /* "approve" "reject" "needs_info" */
    struct opt_str message;
    struct opt_bool without_document;
};

/* ERR_NOT_FOUND also when the caller may not see it. */
must_check enum err justification_get(struct ctx *ctx, int64_t id, struct justification *ret);
/* ret->items are struct justification without the lists in them. ERR_INVALID: the cursor. */
must_check enum err justification_list(struct ctx *ctx, const struct justification_filter *f,
                                       struct page *ret);
/*
 * ERR_INVALID: no or several kinds of time, one that is too long or too far away, sessions that are
 * not the student's, an unusable reason. ERR_CONFLICT: another one of the student that is approved
 * or undecided covers some of it, the detail names it; or 50 of the family's are undecided.
 * ERR_NOT_FOUND: no such student for the caller.
 */
must_check enum err justification_create(struct ctx *ctx, const struct justification_new *in,
                                         struct justification *ret);
/* Adds words; those of the family answer a question. ERR_NOT_FOUND, ERR_CONFLICT: decided. */
must_check enum err justification_say(struct ctx *ctx, int64_t id, struct str message,
                                      struct justification *ret);
/* By a guardian who may sign. ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_CONFLICT: nothing to sign. */
must_check enum err justification_sign(struct ctx *ctx, int64_t id, struct str statement,
                                       struct justification *ret);
/* ERR_NOT_FOUND, ERR_CONFLICT: decided. */
must_check enum err justification_withdraw(struct ctx *ctx, int64_t id, struct justification *ret);
/*
 * An approval changes the records in the same transaction. ERR_NOT_FOUND, ERR_VERSION_MISMATCH,
 * ERR_INVALID: a message is missing. ERR_CONFLICT: it is not to be decided now, or its reason needs
 * a paper that is not there (unless `without_document`).
 */
must_check enum err justification_decide(struct ctx *ctx, int64_t version,
                                         const struct justification_decision *in,
                                         struct justification *ret);
/* Takes an approval back, and the records with it. ERR_NOT_FOUND, ERR_CONFLICT: not approved. */
must_check enum err justification_revoke(struct ctx *ctx, int64_t id, struct str message,
                                         struct justification *ret);

/* A periodic job: what was not answered in time is rejected; sessions that came, moved or went are
 * covered as the approvals say. */
must_check enum err justifications_tend(struct ctx *ctx);
