/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sealed files of other features: each has a random key of its own, wrapped by the master key
 * together with the file's name. Whole files, as libsodium's secretstream in pieces of 64 KiB: a
 * piece that is missing, doubled, altered or in another place is found. A rotation of the master
 * key wraps these keys again (rotation.c), so the table is known in keyring_store.c.
 */
#include "base/buf.h"
#include "base/ctx.h"

#include "enrolment/vault.h"

struct sealed_key {
    struct str master_key_id, wrapped;
};

/* Seals `plain` under a new key, which the caller keeps by sealing_keep and wipes. ERR_BUSY: no
 * memory for it now. */
must_check enum err sealing_seal(struct ctx *ctx, struct str plain,
                                 unsigned char key[VAULT_KEY_BYTES], struct buf *ret);
/* Wraps that key, inside the transaction that writes it down; `name` is the file's. */
must_check enum err sealing_keep(struct ctx *ctx, struct str name,
                                 const unsigned char key[VAULT_KEY_BYTES], struct sealed_key *ret);
/* Opens what sealing_seal made into ctx's arena. ERR_INTERNAL: altered, or another's. */
must_check enum err sealing_open(struct ctx *ctx, struct str name, struct str wrapped,
                                 struct str sealed, struct str *ret);
/* Bytes of the sealed form of so many. */
size_t sealing_size(size_t plain);

/* A new key of rows that are bound to a number, wrapped inside the transaction that writes them
 * down: a student's, or below zero that of something else. vault_unwrap opens it. The caller wipes
 * it. */
must_check enum err sealing_new_key(struct ctx *ctx, int64_t owner,
                                    unsigned char key[VAULT_KEY_BYTES], struct sealed_key *ret);

/* For the rotation. */
struct str sealing_wrap(struct ctx *ctx, const struct vault *v, struct str name,
                        const unsigned char key[VAULT_KEY_BYTES], struct str *ret_master);
must_check enum err sealing_unwrap(struct ctx *ctx, const struct vault *v, struct str name,
                                   struct str wrapped, unsigned char key[VAULT_KEY_BYTES]);
