/* SPDX-License-Identifier: MIT */
/*
 * One answer per Idempotency-Key. Stored are a hash of the key and a fingerprint that is keyed
 * with it, so that from a stolen database nobody can guess what a request said.
 */
#include "http/replay.h"

#include <sodium.h>

#include "http/reply.h"

enum { KEY_MAX = 200, HASH_BYTES = 32 };

static bool key_is_sound(struct str key)
{
    if (key.len > KEY_MAX)
        return false;
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] <= ' ' || key.at[i] > '~')
            return false;
    return true;
}

static struct str to_hex(struct ctx *ctx, const unsigned char *hash)
{
    char *hex = arena_alloc(&ctx->arena, 2 * HASH_BYTES + 1);

    sodium_bin2hex(hex, 2 * HASH_BYTES + 1, hash, HASH_BYTES);
    return (struct str){hex, (size_t)2 * HASH_BYTES};
}

/* The length goes before the bytes, so that no two requests run together into the same text. */
static void add(crypto_generichash_state *h, struct str s)
{
    uint64_t len = s.len;

    crypto_generichash_update(h, (const unsigned char *)&len, sizeof(len));
    crypto_generichash_update(h, (const unsigned char *)(s.len ? s.at : ""), s.len);
}

static struct str fingerprint(struct ctx *ctx, const struct http_request *in,
                              const unsigned char key_hash[HASH_BYTES])
{
    unsigned char out[HASH_BYTES];
    crypto_generichash_state h;

    crypto_generichash_init(&h, key_hash, HASH_BYTES, sizeof(out));
    add(&h, str_of(in->match.route->id));
    add(&h, in->path);
    add(&h, in->source.query);
    add(&h, in->source.body);
    for (const struct form_part *p = in->source.form; p; p = p->next) {
        add(&h, p->name);
        add(&h, p->file.name);
        add(&h, p->file.type);
        add(&h, p->file.data);
    }
    crypto_generichash_final(&h, out, sizeof(out));
    return to_hex(ctx, out);
}

/* Of the key two hashes are made: one is stored, the other stays the fingerprint's secret. */
static void hash_key(struct str key, const char *purpose, unsigned char out[HASH_BYTES])
{
    crypto_generichash_state h;

    crypto_generichash_init(&h, NULL, 0, HASH_BYTES);
    add(&h, str_of(purpose));
    add(&h, key);
    crypto_generichash_final(&h, out, HASH_BYTES);
}

/* Answers of login and the like carry tokens, which must not be stored; nobody has no keys. */
static bool route_stores(const struct ctx *ctx, const struct http_options *o,
                         const struct route *route)
{
    return route->method == HTTP_POST && route->kind == ROUTE_JSON && !route->cookies &&
           ctx->actor.user_id && o->hooks.idempotency.begin;
}

enum err replay_begin(struct ctx *ctx, const struct http_options *o, const struct http_request *in,
                      struct replay *ret, bool *replayed, struct http_answer *answer)
{
    unsigned char stored[HASH_BYTES];
    unsigned char secret[HASH_BYTES];
    struct str body = {0};
    int status = 0;
    enum err e;

    if (in->idempotency_key.len == 0 || in->match.route->method != HTTP_POST)
        return ERR_OK;
    if (!key_is_sound(in->idempotency_key))
        return fail(ctx, ERR_BAD_REQUEST,
                    "Idempotency-Key must be 1 to %d visible ASCII characters", KEY_MAX);
    if (!route_stores(ctx, o, in->match.route))
        return ERR_OK;

    hash_key(in->idempotency_key, "stored", stored);
    hash_key(in->idempotency_key, "secret", secret);
    ret->key = to_hex(ctx, stored);
    e = o->hooks.idempotency.begin(ctx, ret->key, in->match.route->id, fingerprint(ctx, in, secret),
                                   &status, &body);
    if (e)
        return e;
    *replayed = status != 0;
    ret->owned = !*replayed;
    if (ret->owned)
        return ERR_OK;
    answer->status = status;
    answer->body = body;
    if (body.len)
        answer->content_type = status < 400 ? "application/json" : "application/problem+json";
    answer_header(ctx, answer, "Idempotency-Replayed", STR("true"));
    return ERR_OK;
}

void replay_end(struct ctx *ctx, const struct http_options *o, const struct replay *idem,
                const struct http_answer *answer)
{
    bool again = answer->status >= 500 || answer->status == 429;

    if (idem->owned)
        o->hooks.idempotency.finish(ctx, idem->key, answer->route->id, again ? 0 : answer->status,
                                    answer->body);
}
