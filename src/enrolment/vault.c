/* SPDX-License-Identifier: MIT */
/* crypto_aead_xchacha20poly1305_ietf of libsodium. */
#include "enrolment/vault.h"

#include <sodium.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

struct vault {
    unsigned char key[VAULT_KEY_BYTES];
    char id[17];
};

static enum err make_file(struct ctx *ctx, const char *path)
{
    unsigned char key[VAULT_KEY_BYTES];
    char line[2 * VAULT_KEY_BYTES + 2];
    enum err e;

    ctx->ports->random(key, sizeof(key));
    sodium_bin2hex(line, sizeof(line), key, sizeof(key));
    line[2 * VAULT_KEY_BYTES] = '\n';
    e = fs_write(ctx, path, (struct str){line, sizeof(line) - 1}, 0600);
    secret_wipe(key, sizeof(key));
    secret_wipe(line, sizeof(line));
    return e;
}

enum err vault_open(struct ctx *ctx, const char *path, struct vault **ret)
{
    cleanup(buf_finish) struct buf text = {0};
    unsigned char hash[8];
    struct vault *v;
    struct str hex;
    size_t n = 0;
    enum err e = fs_exists(path) ? ERR_OK : make_file(ctx, path);

    e = e ? e : fs_read(ctx, path, 1024, &text);
    if (e)
        return e;
    v = MEM_NEW(struct vault);
    hex = str_trim(buf_view(&text));
    if (sodium_hex2bin(v->key, sizeof(v->key), hex.at, hex.len, NULL, &n, NULL) ||
        n != sizeof(v->key)) {
        vault_close(v);
        return fail(ctx, ERR_INVALID, "%s must hold one key of 64 hexadecimal digits", path);
    }
    crypto_generichash(hash, sizeof(hash), v->key, sizeof(v->key), NULL, 0);
    sodium_bin2hex(v->id, sizeof(v->id), hash, sizeof(hash));
    secret_wipe(text.at, text.len);
    *ret = v;
    return ERR_OK;
}

void vault_close(struct vault *v)
{
    if (!v)
        return;
    secret_wipe(v, sizeof(*v));
    mem_free(v);
}

const char *vault_key_id(const struct vault *v)
{
    return v->id;
}

static struct str key_context(struct ctx *ctx, int64_t student_id)
{
    return arena_printf(&ctx->arena, "student-key:%lld", (long long)student_id);
}

struct str vault_new_key(struct ctx *ctx, const struct vault *v, int64_t student_id,
                         unsigned char key[VAULT_KEY_BYTES])
{
    ctx->ports->random(key, VAULT_KEY_BYTES);
    return vault_seal(ctx, v->key, (struct str){(const char *)key, VAULT_KEY_BYTES},
                      key_context(ctx, student_id));
}

enum err vault_unwrap(struct ctx *ctx, const struct vault *v, int64_t student_id,
                      struct str wrapped, unsigned char key[VAULT_KEY_BYTES])
{
    struct str plain;
    enum err e = vault_unseal(ctx, v->key, wrapped, key_context(ctx, student_id), &plain);

    if (!e && plain.len != VAULT_KEY_BYTES)
        e = fail(ctx, ERR_INTERNAL, "a student key has a wrong length");
    if (!e)
        memcpy(key, plain.at, VAULT_KEY_BYTES);
    return e;
}

struct str vault_seal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES], struct str plain,
                      struct str context)
{
    unsigned char *out = arena_alloc(&ctx->arena, NONCE + plain.len + TAG);
    unsigned long long n = 0;

    ctx->ports->random(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const unsigned char *)plain.at,
                                               plain.len, (const unsigned char *)context.at,
                                               context.len, NULL, out, key);
    return (struct str){(const char *)out, NONCE + (size_t)n};
}

enum err vault_unseal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES], struct str sealed,
                      struct str context, struct str *ret)
{
    unsigned char *out;
    unsigned long long n = 0;

    if (sealed.len < NONCE + TAG)
        return fail(ctx, ERR_INTERNAL, "a sealed value is too short");
    out = arena_alloc(&ctx->arena, sealed.len);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            out, &n, NULL, (const unsigned char *)sealed.at + NONCE, sealed.len - NONCE,
            (const unsigned char *)context.at, context.len, (const unsigned char *)sealed.at, key))
        return fail(ctx, ERR_INTERNAL,
                    "a sealed value cannot be opened: altered, or another master key");
    *ret = (struct str){(const char *)out, (size_t)n};
    return ERR_OK;
}
