/* SPDX-License-Identifier: MIT */
#pragma once
/* Passwords: argon2id (19 MiB, 2 passes, OWASP's first choice), strength by libpwquality. */
#include "base/ctx.h"

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200 };

/* How many hashes may be computed at once, each taking 19 MiB. Call before the threads start. */
void auth_password_setup(int64_t at_once);
/* How long a caller waits for its turn before ERR_BUSY: 5 s unless told otherwise here. */
void auth_password_wait(int64_t ms);

/* The PHC string to store, in ctx's arena. ERR_BUSY when too many are being computed. */
must_check enum err auth_password_hash(struct ctx *ctx, struct str password, struct str *ret);

/*
 * Compares in constant time; an empty `hash` costs the same and never matches, so that an unknown
 * account cannot be told from a known one. ERR_BAD_CREDENTIALS, ERR_BUSY.
 */
must_check enum err auth_password_verify(struct ctx *ctx, struct str password, struct str hash);

/*
 * Length, dictionary, repetition, closeness to the e-mail and the name. Adds a field error under
 * `pointer` and gives ERR_INVALID when the password is weak.
 */
must_check enum err auth_password_check(struct ctx *ctx, const char *pointer, struct str password,
                                        struct str email, struct str name);
