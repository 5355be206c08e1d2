/* SPDX-License-Identifier: MIT */
/*
 * Access tokens as strangers send them. The first byte chooses: a token, an Authorization header, a
 * cookie header, claims to be signed by our own key, or one of our tokens with bytes changed.
 * Only what we signed may be taken: a token that verifies is one of a known few.
 */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"

#include "auth/auth.h"
#include "auth/token.h"
#include "fuzz.h"

#define NOW 1800000000
#define NEW_KEY                                                                                    \
    "0123456789abcdef 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define OLD_KEY                                                                                    \
    "fedcba9876543210 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"

enum { TOKENS = 3 };

/* What we signed: taken, taken though the key is the older one, expired. */
static char tokens[TOKENS][256];
static struct auth_keys *keys;

static int64_t now_ms(void)
{
    return NOW * 1000LL;
}

static void no_random(void *at, size_t len)
{
    memset(at, 7, len);
}

static const struct ports ports = {now_ms, no_random};

static struct auth_keys *open_keys(struct ctx *ctx, const char *text)
{
    char path[] = "/tmp/sp-fuzz-jwt.XXXXXX";
    int fd = mkstemp(path);
    struct auth_keys *k = NULL;

    assert(fd >= 0);
    close(fd);
    if (fs_write(ctx, path, str_of(text), 0600) || auth_keys_open(ctx, path, &k))
        abort();
    (void)unlink(path);
    return k;
}

static void sign(struct ctx *ctx, const struct auth_keys *k, int64_t exp, char *ret)
{
    struct token_claims c = {.sub = 7, .lid = 9, .iat = NOW - 60, .exp = exp};
    struct str token = token_sign(ctx, k, &c);

    assert(token.len < sizeof(tokens[0]));
    memcpy(ret, token.at, token.len);
}

static void setup(struct ctx *ctx)
{
    struct auth_keys *old = open_keys(ctx, OLD_KEY);

    keys = open_keys(ctx, NEW_KEY OLD_KEY);
    sign(ctx, keys, NOW + 900, tokens[0]);
    sign(ctx, old, NOW + 900, tokens[1]);
    sign(ctx, keys, NOW, tokens[2]);
    auth_keys_close(old);
}

static bool is_taken_token(struct str token)
{
    return str_is(token, tokens[0]) || str_is(token, tokens[1]);
}

/* Whatever the claims, these bounds hold for what was taken. */
static void check_claims(const struct token_claims *c)
{
    assert(c->sub >= 1 && c->lid >= 1 && c->iat >= 1);
    assert(c->exp > NOW && c->iat <= NOW + 60);
}

static void try_token(struct ctx *ctx, struct str token)
{
    struct token_claims c = {0};
    enum err e = token_verify(ctx, keys, token, &c);

    assert(e == ERR_OK || e == ERR_UNAUTHENTICATED);
    assert((e == ERR_OK) == is_taken_token(token));
    if (e == ERR_OK)
        assert(c.sub == 7 && c.lid == 9);
    else
        assert(c.sub == 0 && (ctx->fault.detail.len || ctx->fault.fields));
}

/* The header's last word is the token, or there is none. */
static void try_authorization(struct ctx *ctx, struct str header)
{
    struct token_claims c = {0};
    enum err e = auth_claims(ctx, keys, header, STR("sp_access=x"), &c);
    struct str rest = header;

    assert(e == ERR_OK || e == ERR_UNAUTHENTICATED);
    if (header.len == 0)
        assert(e == ERR_UNAUTHENTICATED);
    if (e == ERR_OK) {
        assert(str_eq_nocase(str_cut(&rest, ' '), STR("bearer")));
        assert(is_taken_token(str_trim(rest)) && c.sub == 7);
    }
}

static void try_cookie(struct ctx *ctx, struct str header)
{
    struct str value = cookie_value(header, "sp_access");
    struct token_claims c = {0};
    enum err e = auth_claims(ctx, keys, (struct str){"", 0}, header, &c);

    assert(!str_has(value, ';'));
    if (value.len) {
        const char *name = value.at - strlen("sp_access=");

        assert(name >= header.at && value.at + value.len <= header.at + header.len);
        assert(memcmp(name, "sp_access=", strlen("sp_access=")) == 0);
    }
    assert(e == ERR_OK || e == ERR_UNAUTHENTICATED);
    assert((e == ERR_OK) == (value.len == 0 || is_taken_token(str_trim(value))));
    assert((c.sub != 0) == (e == ERR_OK && value.len != 0));
}

static struct str base64(struct ctx *ctx, const unsigned char *at, size_t n)
{
    size_t cap = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(&ctx->arena, cap);

    sodium_bin2base64(out, cap, at, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(out);
}

/* Past the signature: odd claims under our own key must do no harm. */
static void try_claims(struct ctx *ctx, struct str claims)
{
    unsigned char key[32], mac[crypto_auth_hmacsha256_BYTES];
    struct str header = str_of(tokens[0]);
    struct str payload = base64(ctx, (const unsigned char *)claims.at, claims.len), text;
    struct token_claims c = {0};
    enum err e;

    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (unsigned char)i;
    header = arena_str(&ctx->arena, str_cut(&header, '.'));
    text = arena_printf(&ctx->arena, "%s.%s", header.at, payload.at);
    crypto_auth_hmacsha256(mac, (const unsigned char *)text.at, text.len, key);
    text = arena_printf(&ctx->arena, "%s.%s", text.at, base64(ctx, mac, sizeof(mac)).at);
    e = token_verify(ctx, keys, text, &c);
    assert(e == ERR_OK || e == ERR_UNAUTHENTICATED);
    if (e == ERR_OK)
        check_claims(&c);
    else
        assert(c.sub == 0);
}

/* Pairs of bytes: where, and what to flip there. */
static void try_changed(struct ctx *ctx, struct str changes)
{
    size_t which = changes.len ? (unsigned char)changes.at[0] % TOKENS : 0;
    struct str token = arena_str(&ctx->arena, str_of(tokens[which]));
    char *at = arena_alloc(&ctx->arena, token.len + 1);

    memcpy(at, token.at, token.len);
    for (size_t i = 1; i + 1 < changes.len; i += 2)
        at[(unsigned char)changes.at[i] % token.len] ^= changes.at[i + 1];
    try_token(ctx, (struct str){at, token.len});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(struct ctx *, struct str) = {
        try_token, try_authorization, try_cookie, try_claims, try_changed,
    };
    struct ctx ctx = {.ports = &ports};

    ctx_reset(&ctx);
    if (!keys)
        setup(&ctx);
    if (size)
        tries[data[0] % COUNT(tries)](&ctx, (struct str){(const char *)data + 1, size - 1});
    arena_finish(&ctx.arena);
    return 0;
}
