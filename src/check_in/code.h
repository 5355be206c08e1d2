/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Rotating codes: what a token and a PIN are, without clock or database. Both follow from a secret
 * of the session by HMAC-SHA-256 (RFC 2104, RFC 6234), so nothing is stored when they change. A
 * token names its session and its slot of 15 seconds; a PIN is the same for 60 seconds.
 */
#include "base/ctx.h"

enum {
    CODE_SECRET = 32, /* bytes of a session's secret */
    CODE_MAC = 16,    /* 128 of the 256 bits: NIST SP 800-107 asks for 32 at the least */
    CODE_BYTES = 1 + 8 + 8 + CODE_MAC,
    CODE_TOKEN = 44, /* characters: base64url of 33 bytes, without padding */
    CODE_SLOT_MS = 15 * 1000,
    PIN_SLOT_MS = 60 * 1000,
    PIN_DIGITS = 6,
};

struct code {
    int64_t session_id, slot;
    unsigned char mac[CODE_MAC];
};

/* floor(now / 15 s); the slot before it is still good. */
int64_t code_slot(int64_t now_ms);
int64_t pin_slot(int64_t now_ms);

/* CODE_TOKEN characters of [A-Za-z0-9_-], in ctx's arena. */
struct str code_token(struct ctx *ctx, const unsigned char secret[CODE_SECRET], int64_t session_id,
                      int64_t slot);
/* Takes a token apart. False: it is none of ours, whatever its MAC says. */
bool code_read(struct str token, struct code *ret);
/* Whether the session's secret made it. Takes the same time whatever is wrong. */
bool code_is_genuine(const struct code *c, const unsigned char secret[CODE_SECRET]);

/* Six digits; RFC 4226's way from a MAC to digits, with 64 bits instead of 31, so that no PIN is
 * noticeably more likely than another. */
struct str pin_of(struct ctx *ctx, const unsigned char secret[CODE_SECRET], int64_t session_id,
                  int64_t slot);
/* Whether `pin` is that of the slot or of the one before, in constant time. */
bool pin_is_right(const unsigned char secret[CODE_SECRET], int64_t session_id, int64_t slot,
                  struct str pin);

/*
 * How a browser is written down: 32 hexadecimal digits of the HMAC of its mark under a key of the
 * session, so that nobody can follow it from one session to another. Empty for an empty mark.
 */
struct str code_client(struct ctx *ctx, const unsigned char key[CODE_SECRET], struct str mark);
