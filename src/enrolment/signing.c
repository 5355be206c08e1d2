/* SPDX-License-Identifier: MIT */
/* crypto_sign_ed25519 of libsodium. */
#include "enrolment/signing.h"

#include <sodium.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

enum { OLD_MAX = 100, HEX = 2 * crypto_sign_SEEDBYTES, FILE_MAX = 16 << 10 };

#define F(...) FIELD(struct signing_public, __VA_ARGS__)
static const struct field public_fields[] = {
    F(key, "Ed25519 public key that certificates are signed by, base64", .required = true,
      .example = "\"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\""),
    F(old_keys, "Keys that signed before, the newest first", .required = true),
};
#undef F
const struct schema signing_public_schema = SCHEMA(signing_public, public_fields);

struct keys {
    unsigned char secret[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES];
    size_t n_old;
    unsigned char old[OLD_MAX][crypto_sign_PUBLICKEYBYTES];
};

static void keys_wipe(struct keys **k)
{
    secret_wipe(*k, sizeof(**k));
}

static bool unhex(struct str hex, unsigned char ret[32])
{
    size_t n = 0;

    return hex.len == HEX && !sodium_hex2bin(ret, 32, hex.at, hex.len, NULL, &n, NULL) && n == 32;
}

static bool read_line(struct str line, struct keys *k)
{
    struct str word = str_cut(&line, ' ');
    unsigned char seed[crypto_sign_SEEDBYTES];
    bool first = sodium_is_zero(k->public, sizeof(k->public));

    if (first) {
        if (!str_is(word, "secret") || !unhex(str_trim(line), seed))
            return false;
        crypto_sign_seed_keypair(k->public, k->secret, seed);
        secret_wipe(seed, sizeof(seed));
        return true;
    }
    return str_is(word, "public") && k->n_old < OLD_MAX &&
           unhex(str_trim(line), k->old[k->n_old++]);
}

static enum err load(struct ctx *ctx, const char *path, struct keys *ret)
{
    cleanup(buf_finish) struct buf text = {0};
    struct str rest;
    bool good = true;
    enum err e = fs_read(ctx, path, FILE_MAX, &text);

    if (e)
        return e;
    rest = str_trim(buf_view(&text));
    good = rest.len > 0;
    while (good && rest.len)
        good = read_line(str_cut(&rest, '\n'), ret);
    secret_wipe(text.at, text.len);
    return good ? ERR_OK
                : fail(ctx, ERR_INVALID, "%s holds no signing key: see docs/operations.md", path);
}

static enum err store(struct ctx *ctx, const char *path, const struct keys *old)
{
    cleanup(buf_finish) struct buf b = BUF(FILE_MAX);
    unsigned char seed[crypto_sign_SEEDBYTES];
    char hex[HEX + 1];
    enum err e;

    ctx->ports->random(seed, sizeof(seed));
    buf_printf(&b, "secret %s\n", sodium_bin2hex(hex, sizeof(hex), seed, sizeof(seed)));
    if (old)
        buf_printf(&b, "public %s\n", sodium_bin2hex(hex, sizeof(hex), old->public, 32));
    for (size_t i = 0; old && i < old->n_old && i + 1 < OLD_MAX; i++)
        buf_printf(&b, "public %s\n", sodium_bin2hex(hex, sizeof(hex), old->old[i], 32));
    e = fs_write(ctx, path, buf_view(&b), 0600);
    secret_wipe(seed, sizeof(seed));
    secret_wipe(hex, sizeof(hex));
    secret_wipe(b.at, b.len);
    return e;
}

enum err signing_ensure(struct ctx *ctx, const char *path)
{
    struct signing_public p;

    return fs_exists(path) ? signing_read(ctx, path, &p) : store(ctx, path, NULL);
}

enum err signing_rotate(struct ctx *ctx, const char *path)
{
    cleanup(keys_wipe) struct keys *k = ARENA_NEW(&ctx->arena, struct keys);
    enum err e = load(ctx, path, k);

    return e ? e : store(ctx, path, k);
}

static struct str base64(struct ctx *ctx, const unsigned char *at, size_t n)
{
    size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(&ctx->arena, size);

    return str_of(sodium_bin2base64(text, size, at, n, sodium_base64_VARIANT_ORIGINAL));
}

enum err signing_read(struct ctx *ctx, const char *path, struct signing_public *ret)
{
    cleanup(keys_wipe) struct keys *k = ARENA_NEW(&ctx->arena, struct keys);
    struct str *old;
    enum err e = load(ctx, path, k);

    if (e)
        return e;
    old = ARENA_NEW_N(&ctx->arena, struct str, k->n_old);
    for (size_t i = 0; i < k->n_old; i++)
        old[i] = base64(ctx, k->old[i], sizeof(k->old[i]));
    *ret = (struct signing_public){base64(ctx, k->public, sizeof(k->public)), {old, k->n_old}};
    return ERR_OK;
}

enum err signing_sign(struct ctx *ctx, const char *path, struct str text, struct str *ret_key,
                      struct str *ret_signature)
{
    cleanup(keys_wipe) struct keys *k = ARENA_NEW(&ctx->arena, struct keys);
    unsigned char signature[crypto_sign_BYTES];
    enum err e = load(ctx, path, k);

    if (e)
        return e;
    crypto_sign_detached(signature, NULL, (const unsigned char *)text.at, text.len, k->secret);
    *ret_key = base64(ctx, k->public, sizeof(k->public));
    *ret_signature = base64(ctx, signature, sizeof(signature));
    return ERR_OK;
}

static bool unbase64(struct str text, unsigned char *ret, size_t size)
{
    const char *end = NULL;
    size_t n = 0;

    return !sodium_base642bin(ret, size, text.at, text.len, NULL, &n, &end,
                              sodium_base64_VARIANT_ORIGINAL) &&
           n == size && end == text.at + text.len;
}

bool signing_is_good(struct str key, struct str text, struct str signature)
{
    unsigned char public[SIGNING_PUBLIC_BYTES], sig[SIGNING_SIGNATURE_BYTES];

    return unbase64(key, public, sizeof(public)) && unbase64(signature, sig, sizeof(sig)) &&
           crypto_sign_verify_detached(sig, (const unsigned char *)text.at, text.len, public) == 0;
}
