/* SPDX-License-Identifier: MIT */
/* crypto_secretstream_xchacha20poly1305 of libsodium: header, then pieces, the last one tagged. */
#include "enrolment/sealing.h"

#include <sodium.h>

#include "base/mem.h"

#include "enrolment/keyring_store.h"

enum {
    PIECE = 64 << 10,
    MORE = crypto_secretstream_xchacha20poly1305_ABYTES,
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
};

_Static_assert((int)VAULT_KEY_BYTES == (int)crypto_secretstream_xchacha20poly1305_KEYBYTES,
               "one size of keys");

static struct str context_of(struct ctx *ctx, struct str name)
{
    return arena_printf(&ctx->arena, "file-key:%.*s", (int)name.len, name.at);
}

struct str sealing_wrap(struct ctx *ctx, const struct vault *v, struct str name,
                        const unsigned char key[VAULT_KEY_BYTES], struct str *ret_master)
{
    return vault_wrap_for(ctx, v, context_of(ctx, name), key, ret_master);
}

enum err sealing_unwrap(struct ctx *ctx, const struct vault *v, struct str name, struct str wrapped,
                        unsigned char key[VAULT_KEY_BYTES])
{
    return vault_unwrap_for(ctx, v, context_of(ctx, name), wrapped, key);
}

/* A retired master key wraps nothing new: the file holds another one by now. */
static enum err keep(struct ctx *ctx, struct str context, const unsigned char key[VAULT_KEY_BYTES],
                     struct sealed_key *ret)
{
    const struct vault *v = ctx->services->vault;

    for (int attempt = 0; attempt < 2; attempt++) {
        bool good = false;
        enum err e;

        ret->wrapped = vault_wrap_for(ctx, v, context, key, &ret->master_key_id);
        e = keyring_claim(ctx, ret->master_key_id, &good);
        if (e || good)
            return e;
        e = vault_refresh(ctx, v);
        if (e)
            return e;
    }
    return fail(ctx, ERR_INTERNAL, "the master key was replaced: restart with the new one");
}

enum err sealing_keep(struct ctx *ctx, struct str name, const unsigned char key[VAULT_KEY_BYTES],
                      struct sealed_key *ret)
{
    return keep(ctx, context_of(ctx, name), key, ret);
}

enum err sealing_new_key(struct ctx *ctx, int64_t owner, unsigned char key[VAULT_KEY_BYTES],
                         struct sealed_key *ret)
{
    ctx->ports->random(key, VAULT_KEY_BYTES);
    return keep(ctx, vault_key_context(ctx, owner), key, ret);
}

size_t sealing_size(size_t plain)
{
    return HEADER + plain + (plain / PIECE + 1) * (size_t)MORE;
}

/* Room for everything was reserved. */
static void seal_pieces(crypto_secretstream_xchacha20poly1305_state *state, struct str plain,
                        struct buf *ret)
{
    for (size_t at = 0; at <= plain.len; at += PIECE) {
        bool last = plain.len - at < PIECE;
        size_t n = last ? plain.len - at : (size_t)PIECE;

        crypto_secretstream_xchacha20poly1305_push(
            state, (unsigned char *)ret->at + ret->len, NULL, (const unsigned char *)plain.at + at,
            n, NULL, 0, last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        ret->len += n + MORE;
    }
}

enum err sealing_seal(struct ctx *ctx, struct str plain, unsigned char key[VAULT_KEY_BYTES],
                      struct buf *ret)
{
    crypto_secretstream_xchacha20poly1305_state state;

    if (!buf_reserve(ret, sealing_size(plain.len)))
        return fail(ctx, ERR_BUSY, "there is not enough memory for this file now");
    ctx->ports->random(key, VAULT_KEY_BYTES);
    crypto_secretstream_xchacha20poly1305_init_push(&state, (unsigned char *)ret->at + ret->len,
                                                    key);
    ret->len += HEADER;
    seal_pieces(&state, plain, ret);
    secret_wipe(&state, sizeof(state));
    return ERR_OK;
}

/* False unless every piece is whole and the last one, and only it, says that it is the last. */
static bool open_pieces(crypto_secretstream_xchacha20poly1305_state *state, struct str sealed,
                        char *out, size_t *ret_len)
{
    unsigned char tag = 0;

    for (*ret_len = 0; sealed.len && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL;) {
        size_t n = sealed.len < PIECE + MORE ? sealed.len : (size_t)PIECE + MORE;
        unsigned long long plain = 0;

        if (crypto_secretstream_xchacha20poly1305_pull(
                state, (unsigned char *)out + *ret_len, &plain, &tag,
                (const unsigned char *)sealed.at, n, NULL, 0))
            return false;
        *ret_len += plain;
        sealed.at += n;
        sealed.len -= n;
    }
    return !sealed.len && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

enum err sealing_open(struct ctx *ctx, struct str name, struct str wrapped, struct str sealed,
                      struct str *ret)
{
    crypto_secretstream_xchacha20poly1305_state state = {0};
    unsigned char key[VAULT_KEY_BYTES];
    char *out = arena_alloc(&ctx->arena, sealed.len + 1);
    size_t len = 0;
    enum err e = sealing_unwrap(ctx, ctx->services->vault, name, wrapped, key);
    bool good;

    if (e)
        return e;
    good = sealed.len > HEADER &&
           !crypto_secretstream_xchacha20poly1305_init_pull(
               &state, (const unsigned char *)sealed.at, key) &&
           open_pieces(&state, (struct str){sealed.at + HEADER, sealed.len - HEADER}, out, &len);
    secret_wipe(key, sizeof(key));
    secret_wipe(&state, sizeof(state));
    if (!good)
        return fail(ctx, ERR_INTERNAL, "a sealed file is damaged");
    *ret = (struct str){out, len};
    return ERR_OK;
}
