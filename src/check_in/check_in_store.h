/* SPDX-License-Identifier: MIT */
#pragma once
/* Secrets, codes used and wrong PINs in SQL. */
#include "check_in/code.h"
#include "check_in/place.h"

/* What a session's codes are made from. */
struct session_secret {
    struct str secret;     /* CODE_SECRET bytes: tokens and PINs */
    struct str client_key; /* CODE_SECRET bytes: marks of browsers */
};

/* ERR_NOT_FOUND: no code was shown yet. */
must_check enum err check_in_store_secret(struct ctx *ctx, int64_t session_id,
                                          struct session_secret *ret);
/* Keeps these unless there are some already. */
must_check enum err check_in_store_secret_add(struct ctx *ctx, int64_t session_id,
                                              const struct session_secret *s);
must_check enum err check_in_store_secret_set(struct ctx *ctx, int64_t session_id,
                                              struct str secret);

/* Whether the student has used this slot's code before. */
must_check enum err check_in_store_used(struct ctx *ctx, const struct code *c, int64_t student_id,
                                        bool *ret);
/* *ret_new false: the student has used this slot's code before. */
must_check enum err check_in_store_use(struct ctx *ctx, const struct code *c, int64_t student_id,
                                       bool *ret_new);

/*
 * Counts a try with a PIN before it is compared, so that tries at the same moment count too.
 * ERR_NOT_FOUND: `most` wrong ones within `window_ms`; *ret_since is then the last one's time.
 */
struct pin_try {
    int64_t session_id, student_id, most, window_ms;
};
must_check enum err check_in_store_try(struct ctx *ctx, const struct pin_try *t,
                                       int64_t *ret_since);
/* It was the right one. */
must_check enum err check_in_store_try_forget(struct ctx *ctx, int64_t session_id,
                                              int64_t student_id);

/* What is older than that: secrets, codes used, wrong PINs. */
must_check enum err check_in_store_forget(struct ctx *ctx, int64_t before);

/* Where the session's room is; all unset when it has none. ERR_NOT_FOUND: no such session. */
must_check enum err check_in_store_room(struct ctx *ctx, int64_t session_id,
                                        struct place_room *ret);
