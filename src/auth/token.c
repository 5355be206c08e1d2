/* SPDX-License-Identifier: MIT */
/* HS256 by libsodium's crypto_auth_hmacsha256. */
#include "auth/token.h"

#include <sodium.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"

enum { KEYS_MAX = 3, KEY_BYTES = 32, MAX_TOKEN = 1024, MAC_TEXT = 44, CLOCK_SKEW_S = 60 };

struct key {
    char kid[17];
    unsigned char secret[KEY_BYTES];
    struct str header; /* base64url of the JOSE header, in heap memory */
};

struct auth_keys {
    struct key at[KEYS_MAX];
    size_t n;
};

#define F(...) FIELD(struct token_claims, __VA_ARGS__)
static const struct field claims_fields[] = {
    F(sub, "Account", .required = true, .min = 1),
    F(lid, "Login", .required = true, .min = 1),
    F(iat, "Issued at", .required = true, .min = 1),
    F(exp, "Expires at", .required = true, .min = 1),
};
#undef F
static const struct schema claims_schema = SCHEMA(token_claims, claims_fields);

static struct str base64(struct arena *a, const void *at, size_t n)
{
    size_t cap = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(a, cap);

    sodium_bin2base64(out, cap, at, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(out);
}

static bool unbase64(struct arena *a, struct str s, struct str *ret)
{
    unsigned char *out = arena_alloc(a, s.len + 1);
    size_t n;
    const char *end;

    if (sodium_base642bin(out, s.len + 1, s.at, s.len, NULL, &n, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        end != s.at + s.len)
        return false;
    *ret = (struct str){(const char *)out, n};
    return true;
}

static void set_header(struct ctx *ctx, struct key *k)
{
    struct str text =
        arena_printf(&ctx->arena, "{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"JWT\"}", k->kid);

    k->header = str_of(mem_strdup(base64(&ctx->arena, text.at, text.len).at));
}

static bool parse_key(struct str line, struct key *ret)
{
    struct str hex = line;
    struct str kid = str_cut(&hex, ' ');
    size_t n = 0;

    hex = str_trim(hex);
    if (kid.len != 16 || hex.len != 2 * KEY_BYTES ||
        sodium_hex2bin(ret->secret, KEY_BYTES, hex.at, hex.len, NULL, &n, NULL) || n != KEY_BYTES)
        return false;
    memcpy(ret->kid, kid.at, kid.len);
    return true;
}

static struct str new_line(struct ctx *ctx)
{
    unsigned char raw[8 + KEY_BYTES];
    char kid[17];
    char hex[2 * KEY_BYTES + 1];
    struct str line;

    ctx->ports->random(raw, sizeof(raw));
    sodium_bin2hex(kid, sizeof(kid), raw, 8);
    sodium_bin2hex(hex, sizeof(hex), raw + 8, KEY_BYTES);
    line = arena_printf(&ctx->arena, "%s %s\n", kid, hex);
    secret_wipe(raw, sizeof(raw));
    secret_wipe(hex, sizeof(hex));
    return line;
}

/* The first keys of an older file; lines that hold none are left behind. */
static void keep_keys(struct buf *to, struct str text)
{
    struct key key = {0};

    for (size_t kept = 1; kept < KEYS_MAX && text.len;) {
        struct str line = str_trim(str_cut(&text, '\n'));

        if (!parse_key(line, &key))
            continue;
        buf_str(to, line);
        buf_putc(to, '\n');
        kept++;
    }
    secret_wipe(&key, sizeof(key));
}

enum err auth_keys_rotate(struct ctx *ctx, const char *path)
{
    cleanup(buf_finish) struct buf old = {0};
    cleanup(buf_finish) struct buf text = BUF(4096);
    enum err e = fs_exists(path) ? fs_read(ctx, path, 4096, &old) : ERR_OK;

    if (e)
        return e;
    buf_str(&text, new_line(ctx));
    keep_keys(&text, buf_view(&old));
    e = fs_write(ctx, path, buf_view(&text), 0600);
    secret_wipe(old.at, old.len);
    secret_wipe(text.at, text.len);
    return e;
}

enum err auth_keys_open(struct ctx *ctx, const char *path, struct auth_keys **ret)
{
    cleanup(buf_finish) struct buf text = {0};
    struct auth_keys *k;
    struct str rest;
    enum err e = fs_exists(path) ? ERR_OK : auth_keys_rotate(ctx, path);

    e = e ? e : fs_read(ctx, path, 4096, &text);
    if (e)
        return e;
    k = MEM_NEW(struct auth_keys);
    rest = buf_view(&text);
    while (rest.len && k->n < KEYS_MAX)
        if (parse_key(str_trim(str_cut(&rest, '\n')), &k->at[k->n]))
            set_header(ctx, &k->at[k->n++]);
    secret_wipe(text.at, text.len);
    if (k->n == 0) {
        auth_keys_close(k);
        return fail(ctx, ERR_INVALID, "%s holds no usable key (lines of `kid hex`)", path);
    }
    *ret = k;
    return ERR_OK;
}

void auth_keys_close(struct auth_keys *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->n; i++) {
        void *header;

        memcpy(&header, &k->at[i].header.at, sizeof(header));
        mem_free(header);
    }
    secret_wipe(k, sizeof(*k));
    mem_free(k);
}

static struct str mac_of(struct ctx *ctx, const struct key *k, struct str text)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256(mac, (const unsigned char *)text.at, text.len, k->secret);
    return base64(&ctx->arena, mac, sizeof(mac));
}

struct str token_sign(struct ctx *ctx, const struct auth_keys *k, const struct token_claims *c)
{
    cleanup(buf_finish) struct buf b = BUF(512);
    struct str payload;
    struct str text;

    json_write(&b, &claims_schema, c);
    payload = base64(&ctx->arena, buf_view(&b).at, buf_view(&b).len);
    text = arena_printf(&ctx->arena, "%s.%s", k->at[0].header.at, payload.at);
    return arena_printf(&ctx->arena, "%s.%s", text.at, mac_of(ctx, &k->at[0], text).at);
}

static const struct key *key_of(const struct auth_keys *k, struct str header)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(header, k->at[i].header))
            return &k->at[i];
    return NULL;
}

enum err token_verify(struct ctx *ctx, const struct auth_keys *k, struct str token,
                      struct token_claims *ret)
{
    struct str rest = token;
    struct str header = str_cut(&rest, '.');
    struct str payload = str_cut(&rest, '.');
    struct str signed_text = {token.at, header.len + 1 + payload.len};
    const struct key *key = key_of(k, header);
    struct token_claims c = {0};
    struct str json;
    struct str mac;
    enum err e;

    if (token.len > MAX_TOKEN || !key || !payload.len || !rest.len)
        return fail(ctx, ERR_UNAUTHENTICATED, "the access token is not one of ours");
    mac = mac_of(ctx, key, signed_text);
    if (mac.len != rest.len || sodium_memcmp(mac.at, rest.at, mac.len) != 0 ||
        !unbase64(&ctx->arena, payload, &json))
        return fail(ctx, ERR_UNAUTHENTICATED, "the access token is not one of ours");
    e = json_bind(ctx, &claims_schema, json, &c);
    if (e)
        return ERR_UNAUTHENTICATED;
    if (c.exp <= ctx->now / 1000)
        return fail(ctx, ERR_UNAUTHENTICATED, "the access token has expired");
    if (c.iat > ctx->now / 1000 + CLOCK_SKEW_S)
        return fail(ctx, ERR_UNAUTHENTICATED, "the access token is from the future");
    *ret = c;
    return ERR_OK;
}

struct str token_opaque(struct ctx *ctx)
{
    unsigned char raw[32];

    ctx->ports->random(raw, sizeof(raw));
    return base64(&ctx->arena, raw, sizeof(raw));
}

struct str token_hash(struct ctx *ctx, struct str opaque)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(&ctx->arena, 2 * sizeof(digest) + 1);

    crypto_hash_sha256(digest, (const unsigned char *)opaque.at, opaque.len);
    sodium_bin2hex(hex, 2 * sizeof(digest) + 1, digest, sizeof(digest));
    return str_of(hex);
}
