/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sealing with XChaCha20-Poly1305 (RFC 8439 with a 24-byte nonce): each student has a random key,
 * wrapped by the master key. Deleting the wrapped key makes the student's templates unreadable,
 * also where copies of them are left. A backup that holds both the wrapped key and the templates,
 * together with the master key, can still open them.
 *
 * The vault is a ring of master keys: the first wraps, all open. Of a file it is read again when a
 * key is missing, so that a running server follows a rotation. All threads share it.
 */
#include "base/ctx.h"

enum { VAULT_KEY_BYTES = 32, VAULT_KEYS_MAX = 4 };

struct vault;

/* Reads the master key, or the new and the old one while they are being exchanged; makes the file
 * (mode 0600) with a random key when it is missing. ERR_INVALID when it holds no key. */
must_check enum err vault_open(struct ctx *ctx, const char *path, struct vault **ret);
/* From texts of 64 hexadecimal digits or base64; `old` may be empty. `source` is named in errors.
 */
must_check enum err vault_open_text(struct ctx *ctx, struct str text, struct str old,
                                    const char *source, struct vault **ret);
void vault_close(struct vault *v); /* wipes; takes NULL */
/* Names the master key that wraps (first 8 bytes of its hash, hex). */
struct str vault_key_id(struct ctx *ctx, const struct vault *v);
/* The names of all keys that open, the one that wraps first. */
struct strs vault_key_ids(struct ctx *ctx, const struct vault *v);
/* Whether the key of that name is one of them. */
bool vault_has_key(struct ctx *ctx, const struct vault *v, struct str id);
/* Reads the file again when it changed; keys that left it are wiped a minute later, since rows read
 * before may still need them. */
must_check enum err vault_refresh(struct ctx *ctx, const struct vault *v);

/* What a student's key is bound to. */
struct str vault_key_context(struct ctx *ctx, int64_t student_id);
/* The wrapped form of a student's key, bound to `student_id`; *ret_master names the key that
 * wrapped it. */
struct str vault_wrap(struct ctx *ctx, const struct vault *v, int64_t student_id,
                      const unsigned char key[VAULT_KEY_BYTES], struct str *ret_master);
/* ERR_INTERNAL when it was wrapped by another master key, for another student, or altered. */
must_check enum err vault_unwrap(struct ctx *ctx, const struct vault *v, int64_t student_id,
                                 struct str wrapped, unsigned char key[VAULT_KEY_BYTES]);

/* The same two for keys of other things than students, bound to what `context` names. */
struct str vault_wrap_for(struct ctx *ctx, const struct vault *v, struct str context,
                          const unsigned char key[VAULT_KEY_BYTES], struct str *ret_master);
must_check enum err vault_unwrap_for(struct ctx *ctx, const struct vault *v, struct str context,
                                     struct str wrapped, unsigned char key[VAULT_KEY_BYTES]);

/* nonce ‖ ciphertext ‖ tag in ctx's arena; `context` is authenticated, not stored. */
struct str vault_seal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES], struct str plain,
                      struct str context);
/* Opens into ctx's arena, which is wiped when it is reset. ERR_INTERNAL when altered. */
must_check enum err vault_unseal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES],
                                 struct str sealed, struct str context, struct str *ret);
/* Opens into `to`, which has room for exactly what was sealed. ERR_INTERNAL when altered or of
 * another size. */
must_check enum err vault_unseal_at(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES],
                                    struct str sealed, struct str context, void *to, size_t size);
