/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Access tokens: JWT (RFC 7519) with HMAC SHA-256 (RFC 7515) and nothing else. The header is one
 * fixed text per key, compared whole: no algorithm is ever read from a token.
 */
#include "base/ctx.h"
#include "base/schema.h"

struct auth_keys;

struct token_claims {
    int64_t sub; /* account */
    int64_t lid; /* login */
    int64_t iat; /* seconds */
    int64_t exp; /* seconds */
};

/* Reads the keys, newest first; makes the file (mode 0600) with one new key when it is missing. */
must_check enum err auth_keys_open(struct ctx *ctx, const char *path, struct auth_keys **ret);
void auth_keys_close(struct auth_keys *k); /* wipes; takes NULL */
/* Puts a new signing key in front; the older ones, at most two, go on verifying. */
must_check enum err auth_keys_rotate(struct ctx *ctx, const char *path);

struct str token_sign(struct ctx *ctx, const struct auth_keys *k, const struct token_claims *c);
/* ERR_UNAUTHENTICATED: malformed, unknown key, forged, expired or from the future. */
must_check enum err token_verify(struct ctx *ctx, const struct auth_keys *k, struct str token,
                                 struct token_claims *ret);

/* 32 random bytes as text, and how the database knows them (SHA-256, hex). */
struct str token_opaque(struct ctx *ctx);
struct str token_hash(struct ctx *ctx, struct str opaque);
