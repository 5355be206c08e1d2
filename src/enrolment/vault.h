/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sealing with XChaCha20-Poly1305 (RFC 8439 with a 24-byte nonce): each student has a random key,
 * wrapped by the master key of a file. Deleting the wrapped key makes the student's templates
 * unreadable, also where copies of them are left. A backup that holds both the wrapped key and the
 * templates, together with the master key, can still open them.
 */
#include "base/ctx.h"

enum { VAULT_KEY_BYTES = 32 };

struct vault;

/* Reads the master key; makes the file (mode 0600) with a random key when it is missing.
 * ERR_INVALID when it holds no key. */
must_check enum err vault_open(struct ctx *ctx, const char *path, struct vault **ret);
void vault_close(struct vault *v); /* wipes; takes NULL */
/* Names the master key (first 8 bytes of its hash, hex); stored beside what it wrapped. */
const char *vault_key_id(const struct vault *v);

/* A new random student key, in `key`, and its wrapped form, bound to `student_id`. */
struct str vault_new_key(struct ctx *ctx, const struct vault *v, int64_t student_id,
                         unsigned char key[VAULT_KEY_BYTES]);
/* ERR_INTERNAL when it was wrapped by another master key, for another student, or altered. */
must_check enum err vault_unwrap(struct ctx *ctx, const struct vault *v, int64_t student_id,
                                 struct str wrapped, unsigned char key[VAULT_KEY_BYTES]);

/* nonce ‖ ciphertext ‖ tag in ctx's arena; `context` is authenticated, not stored. */
struct str vault_seal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES], struct str plain,
                      struct str context);
/* Opens into ctx's arena, which is wiped when it is reset. ERR_INTERNAL when altered. */
must_check enum err vault_unseal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES],
                                 struct str sealed, struct str context, struct str *ret);
