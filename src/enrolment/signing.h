/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The key that signs certificates (Ed25519, RFC 8032): a file of lines, `secret` and 64 hexadecimal
 * digits of the seed first, then one `public` line for each key that signed before. The secret is
 * read for one signature and wiped.
 */
#include "base/ctx.h"
#include "base/schema.h"

enum { SIGNING_PUBLIC_BYTES = 32, SIGNING_SIGNATURE_BYTES = 64 };

struct signing_public {
    struct str key;       /* base64 of the 32 bytes */
    struct strs old_keys; /* those that signed before, the newest first */
};
extern const struct schema signing_public_schema;

/* Makes the file (mode 0600) when it is missing. ERR_INVALID when it holds no key. */
must_check enum err signing_ensure(struct ctx *ctx, const char *path);
/* A new key signs from now on; the public part of the one before is kept. ERR_NOT_FOUND */
must_check enum err signing_rotate(struct ctx *ctx, const char *path);
must_check enum err signing_read(struct ctx *ctx, const char *path, struct signing_public *ret);
/* Base64 of key and signature of `text`. */
must_check enum err signing_sign(struct ctx *ctx, const char *path, struct str text,
                                 struct str *ret_key, struct str *ret_signature);
/* Whether base64 `signature` is the signature of `text` by base64 `key`. */
bool signing_is_good(struct str key, struct str text, struct str signature);
