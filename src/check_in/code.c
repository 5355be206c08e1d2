/* SPDX-License-Identifier: MIT */
/* Bytes in, bytes out: HMAC-SHA-256 by libsodium over a purpose, the session and the slot. */
#include "check_in/code.h"

#include <sodium.h>
#include <string.h>

#include "base/mem.h"

enum { VERSION = 1, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

int64_t code_slot(int64_t now_ms)
{
    return now_ms / CODE_SLOT_MS;
}

int64_t pin_slot(int64_t now_ms)
{
    return now_ms / PIN_SLOT_MS;
}

static void put_i64(unsigned char at[8], int64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        at[i] = (unsigned char)(v & 0xff);
}

static int64_t get_i64(const unsigned char at[8])
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | at[i];
    return (int64_t)v;
}

/* `purpose` keeps tokens and PINs of the same numbers apart. */
static void mac_of(const char *purpose, const unsigned char secret[CODE_SECRET],
                   const struct code *c, unsigned char ret[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    unsigned char numbers[16];

    put_i64(numbers, c->session_id);
    put_i64(numbers + 8, c->slot);
    crypto_auth_hmacsha256_init(&state, secret, CODE_SECRET);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_auth_hmacsha256_update(&state, numbers, sizeof(numbers));
    crypto_auth_hmacsha256_final(&state, ret);
    secret_wipe(&state, sizeof(state));
}

struct str code_token(struct ctx *ctx, const unsigned char secret[CODE_SECRET], int64_t session_id,
                      int64_t slot)
{
    struct code c = {.session_id = session_id, .slot = slot};
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    unsigned char raw[CODE_BYTES];
    char *text = arena_alloc(&ctx->arena, CODE_TOKEN + 1);

    mac_of("code", secret, &c, mac);
    raw[0] = VERSION;
    put_i64(raw + 1, session_id);
    put_i64(raw + 9, slot);
    memcpy(raw + 17, mac, CODE_MAC);
    sodium_bin2base64(text, CODE_TOKEN + 1, raw, sizeof(raw), VARIANT);
    return (struct str){text, CODE_TOKEN};
}

bool code_read(struct str token, struct code *ret)
{
    unsigned char raw[CODE_BYTES];
    size_t n = 0;

    if (token.len != CODE_TOKEN ||
        sodium_base642bin(raw, sizeof(raw), token.at, token.len, NULL, &n, NULL, VARIANT) ||
        n != sizeof(raw) || raw[0] != VERSION)
        return false;
    ret->session_id = get_i64(raw + 1);
    ret->slot = get_i64(raw + 9);
    memcpy(ret->mac, raw + 17, CODE_MAC);
    return ret->session_id > 0 && ret->slot > 0;
}

bool code_is_genuine(const struct code *c, const unsigned char secret[CODE_SECRET])
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];

    mac_of("code", secret, c, mac);
    return sodium_memcmp(mac, c->mac, CODE_MAC) == 0;
}

static void pin_digits(const unsigned char secret[CODE_SECRET], int64_t session_id, int64_t slot,
                       char ret[PIN_DIGITS])
{
    struct code c = {.session_id = session_id, .slot = slot};
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    uint64_t number;

    mac_of("pin", secret, &c, mac);
    number = (uint64_t)get_i64(mac);
    for (int i = PIN_DIGITS - 1; i >= 0; i--, number /= 10)
        ret[i] = (char)('0' + number % 10);
}

struct str pin_of(struct ctx *ctx, const unsigned char secret[CODE_SECRET], int64_t session_id,
                  int64_t slot)
{
    char *text = arena_alloc(&ctx->arena, PIN_DIGITS + 1);

    pin_digits(secret, session_id, slot, text);
    return (struct str){text, PIN_DIGITS};
}

bool pin_is_right(const unsigned char secret[CODE_SECRET], int64_t session_id, int64_t slot,
                  struct str pin)
{
    char now[PIN_DIGITS], before[PIN_DIGITS];
    char said[PIN_DIGITS] = {0};
    int a;
    int b;

    pin_digits(secret, session_id, slot, now);
    pin_digits(secret, session_id, slot - 1, before);
    if (pin.len == PIN_DIGITS)
        memcpy(said, pin.at, PIN_DIGITS);
    a = sodium_memcmp(now, said, PIN_DIGITS);
    b = sodium_memcmp(before, said, PIN_DIGITS);
    return a == 0 || b == 0;
}

struct str code_client(struct ctx *ctx, const unsigned char key[CODE_SECRET], struct str mark)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char *hex = arena_alloc(&ctx->arena, 2 * CODE_MAC + 1);

    if (!mark.len)
        return (struct str){"", 0};
    crypto_auth_hmacsha256(mac, (const unsigned char *)mark.at, mark.len, key);
    sodium_bin2hex(hex, 2 * CODE_MAC + 1, mac, CODE_MAC);
    return (struct str){hex, (size_t)2 * CODE_MAC};
}
