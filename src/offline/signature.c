/* SPDX-License-Identifier: MIT */
/* What a client signs, and the times in it made those of the server. No database, no clock. */
#include <sodium.h>

#include "base/buf.h"

#include "offline/offline.h"

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING, LINE_BYTES = 16 << 10 };

/* Free text as base64url, so that no tab or end of line is in it. */
static void put_text(struct buf *b, struct ctx *ctx, struct opt_str text)
{
    size_t size;
    char *at;

    if (!text.set || text.null || text.v.len == 0)
        return;
    size = sodium_base64_encoded_len(text.v.len, VARIANT);
    at = arena_alloc(&ctx->arena, size);
    sodium_bin2base64(at, size, (const unsigned char *)text.v.at, text.v.len, VARIANT);
    buf_puts(b, at);
}

static void put_line(struct buf *b, struct ctx *ctx, const struct offline_event *ev)
{
    struct str direction = ev->direction.set && !ev->direction.null ? ev->direction.v : STR("in");
    struct str status = ev->status.set && !ev->status.null ? ev->status.v : STR("");

    buf_printf(b, "%.*s\t%lld\t%lld\t%.*s\t%.*s\t%lld\t%.*s\t", (int)ev->uid.len, ev->uid.at,
               (long long)ev->session_id, (long long)ev->student_id, (int)ev->way.len, ev->way.at,
               (int)direction.len, direction.at, (long long)ev->at_ms, (int)status.len, status.at);
    put_text(b, ctx, ev->code);
    buf_putc(b, '\t');
    put_text(b, ctx, ev->note);
}

struct str offline_line(struct ctx *ctx, const struct offline_event *ev)
{
    cleanup(buf_finish) struct buf b = BUF(LINE_BYTES);

    put_line(&b, ctx, ev);
    return arena_str(&ctx->arena, buf_view(&b));
}

struct str offline_text(struct ctx *ctx, const struct offline_batch *in)
{
    cleanup(buf_finish) struct buf b = BUF((size_t)LINE_BYTES * (OFFLINE_EVENTS + 1));
    const struct offline_event *ev = in->events.at;

    buf_printf(&b, "smartpresence-offline-1\t%lld\t%lld\t%zu\n", (long long)in->client_id,
               (long long)in->sent_ms, in->events.n);
    for (size_t i = 0; i < in->events.n; i++) {
        put_line(&b, ctx, &ev[i]);
        buf_putc(&b, '\n');
    }
    return arena_str(&ctx->arena, buf_view(&b));
}

bool offline_signed(struct ctx *ctx, const unsigned char key[OFFLINE_KEY_BYTES],
                    const struct offline_batch *in)
{
    struct str text = offline_text(ctx, in);
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    size_t n = 0;

    if (sodium_base642bin(mac, sizeof(mac), in->signature.at, in->signature.len, NULL, &n, NULL,
                          VARIANT) ||
        n != sizeof(mac))
        return false;
    return crypto_auth_hmacsha256_verify(mac, (const unsigned char *)text.at, text.len, key) == 0;
}

bool offline_skew(const struct offline_clock *c, int64_t *ret)
{
    int64_t skew;

    if (__builtin_sub_overflow(c->now, c->sent_at, &skew) || skew > OFFLINE_SKEW_MS ||
        skew < -OFFLINE_SKEW_MS)
        return false;
    *ret = skew > OFFLINE_TRAVEL_MS || skew < -OFFLINE_TRAVEL_MS ? skew : 0;
    return true;
}

bool offline_repair(const struct offline_clock *c, int64_t at, int64_t *ret)
{
    int64_t skew, when;

    if (at > c->sent_at || !offline_skew(c, &skew) || __builtin_add_overflow(at, skew, &when) ||
        when < 0)
        return false;
    if (when < c->oldest)
        return false;
    if (when < c->registered_at - OFFLINE_TRAVEL_MS && c->registered_at <= c->now)
        return false;
    *ret = when > c->now ? c->now : when;
    return true;
}
