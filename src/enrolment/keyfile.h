/* SPDX-License-Identifier: MIT */
#pragma once
/* The file of the master key: one line, or two while the key is exchanged, the new one first. */
#include "base/ctx.h"

#include "enrolment/vault.h"

struct keyfile {
    size_t n;
    unsigned char keys[2][VAULT_KEY_BYTES];
};

void keyfile_wipe(struct keyfile *f);
/* 64 hexadecimal digits, or base64 of 32 bytes. */
bool keyfile_parse(struct str text, unsigned char ret[VAULT_KEY_BYTES]);
/* ERR_NOT_FOUND, ERR_INVALID */
must_check enum err keyfile_read(struct ctx *ctx, const char *path, struct keyfile *ret);
/* Makes the file with a random key. */
must_check enum err keyfile_make(struct ctx *ctx, const char *path);
/* Puts a new key before the one that is there; nothing when there are two. */
must_check enum err keyfile_begin(struct ctx *ctx, const char *path);
/* Leaves the first alone; the file that held the old one is overwritten before it goes. */
must_check enum err keyfile_end(struct ctx *ctx, const char *path);
