/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Checking in without a face: the trainer shows a code that changes every 15 seconds and a PIN that
 * changes every minute; a signed-in student sends one of them. All of it is by the server's clock.
 * What each way proves, and what it does not: docs/check-in.md.
 */
#include "attendance/intake.h"
#include "check_in/code.h"
#include "check_in/place.h"

enum { PIN_TRIES = 5, PIN_LOCK_MS = 15 * 60 * 1000 };

/* What the projector shows. */
struct shown_code {
    int64_t session_id, slot;
    struct str token, next_token;
    struct str url, next_url; /* with the token in the fragment, which is sent to no server */
    int64_t valid_until;      /* then next_token is the one to show */
    int64_t seconds_left;     /* whole, rounded up */
    struct str pin;
    int64_t pin_valid_until, pin_seconds_left;
    bool code_counts, pin_counts; /* by the session's ways */
};
extern const struct schema shown_code_schema;

/*
 * The code of now; the session's secret is made when it is first asked for.
 * ERR_NOT_FOUND: no such session, or not the caller's; ERR_SESSION_NOT_OPEN: its register is not.
 */
must_check enum err code_show(struct ctx *ctx, int64_t session_id, struct shown_code *ret);
/* The same after the secret was exchanged: what was shown before is of no use any more. */
must_check enum err code_regenerate(struct ctx *ctx, int64_t session_id, struct shown_code *ret);
/* The code of a slot, which is the one of now or the next, as a drawing; slot 0: of now.
 * ERR_CODE_EXPIRED: another slot. And those of code_show. */
must_check enum err code_draw(struct ctx *ctx, int64_t session_id, int64_t slot, struct str *ret);

struct code_wish {
    struct str token;
    struct obj place;      /* struct place, or NULL */
    struct opt_str client; /* a random mark that the browser keeps */
};
struct pin_wish {
    int64_t session_id;
    struct str pin;
    struct obj place;
    struct opt_str client;
};

extern const struct schema check_in_words_schema; /* of struct words */
struct check_in_answer {
    int64_t session_id;
    struct str module_name;
    struct str intake; /* intake_name */
    struct str reason; /* presence_reason_name */
    struct obj why;    /* struct words */
    struct obj record; /* struct attendance */
    struct str fence;  /* place_fence_name */
    bool in_network;
    bool already; /* the student has sent this very code before */
};
extern const struct schema check_in_answer_schema;

/*
 * The calling student checks in by the token of a code. A code that is right but sent from
 * elsewhere than the session asks for is kept and not counted (intake "kept"). Who sends a code
 * again, having lost the answer say, is told what the register says now (`already`), also when the
 * code is over or the register closed; nothing is written.
 *
 * ERR_CODE_WRONG         it is none of ours, or not made for this session
 * ERR_CODE_EXPIRED       of an earlier slot than the one before this
 * ERR_NOT_FOUND          the student is not of the session
 * ERR_SESSION_NOT_OPEN
 */
must_check enum err check_in_by_code(struct ctx *ctx, const struct code_wish *in,
                                     struct check_in_answer *ret);
/*
 * The same by the PIN of this minute or of the one before.
 * ERR_CODE_WRONG, ERR_NOT_FOUND, ERR_SESSION_NOT_OPEN;
 * ERR_TOO_MANY_REQUESTS  five wrong ones: refused, right or wrong, until 15 minutes later
 */
must_check enum err check_in_by_pin(struct ctx *ctx, const struct pin_wish *in,
                                    struct check_in_answer *ret);

/* Why the register says what it says after a check-in by `way`; of one that is kept and not counted
 * also what its place lacks. */
must_check enum err check_in_explain(struct ctx *ctx, const struct session *s,
                                     enum presence_way way, const struct check_in_result *r,
                                     const struct place_finding *found, struct words *ret);

/* What is written down of a browser's mark in this session; empty for an empty mark. */
must_check enum err check_in_client(struct ctx *ctx, int64_t session_id, struct opt_str mark,
                                    struct str *ret);

/* For jobs: forgets secrets, codes used and wrong PINs of a week ago. */
must_check enum err check_in_trim(struct ctx *ctx);
