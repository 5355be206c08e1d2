/* SPDX-License-Identifier: MIT */
/* One message, one answer; what goes wrong with a frame is told and the next one is taken. */
#include "liveness/stream.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"

#include "auth/auth.h"
#include "enrolment/enrolment.h"

enum { NUMBER_BYTES = 4, NONCE_MAX = 64 };

struct stream_in {
    struct str nonce;
    struct file frame;
};
static const struct field in_fields[] = {
    FIELD(struct stream_in, nonce, "First message, as text: the session's nonce", .max = NONCE_MAX),
    FIELD(
        struct stream_in, frame,
        "Then binary: four bytes of the frame's number, big-endian, and a JPEG of at most 256 KiB",
        .format = "binary"),
};
const struct schema live_stream_in_schema =
    SCHEMA_NAMED("liveness_stream_in", stream_in, in_fields);

struct hello {
    struct str nonce;
};
static const struct field hello_fields[] = {
    FIELD(struct hello, nonce, "The session's nonce", .required = true, .min = 1, .max = NONCE_MAX),
};
static const struct schema hello_schema = SCHEMA_NAMED("liveness_hello", hello, hello_fields);

struct stream {
    int64_t id;
    char nonce[4 * NONCE_MAX + 1]; /* UTF-8; empty until it was said */
};

static enum err greet(struct ctx *ctx, struct stream *s, struct str text, struct live_reply *ret)
{
    struct hello hello = {0};
    struct live_shots none = {.id = s->id};
    enum err e = json_bind(ctx, &hello_schema, text, &hello);

    if (e)
        return fail(ctx, ERR_BAD_REQUEST, "the first message is {\"nonce\": \"…\"}");
    none.nonce = hello.nonce;
    e = live_session_feed(ctx, &none, ret);
    if (!e && hello.nonce.len < sizeof(s->nonce)) {
        memcpy(s->nonce, hello.nonce.at, hello.nonce.len);
        s->nonce[hello.nonce.len] = '\0';
    }
    return e;
}

static enum err take(struct ctx *ctx, struct stream *s, const struct ws_message *in,
                     struct live_reply *ret)
{
    const unsigned char *at = (const unsigned char *)in->data.at;
    struct live_shots shots = {.id = s->id, .nonce = str_of(s->nonce), .n = 1};
    struct live_shot shot;

    if (!in->binary)
        return greet(ctx, s, in->data, ret);
    if (in->data.len <= NUMBER_BYTES)
        return fail(ctx, ERR_BAD_REQUEST, "a frame is its number in four bytes, then a JPEG");
    shot.number =
        ((uint32_t)at[0] << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
    shot.jpeg = (struct str){in->data.at + NUMBER_BYTES, in->data.len - NUMBER_BYTES};
    ret->frame = (struct opt_i64){.set = true, .v = shot.number};
    if (!s->nonce[0])
        return fail(ctx, ERR_LIVENESS_NONCE, "say the nonce before the first frame");
    if (shot.jpeg.len > LIVE_FRAME_MAX)
        return fail(ctx, ERR_TOO_LARGE, "a frame is at most %d bytes", LIVE_FRAME_MAX);
    shots.at = &shot;
    return live_session_feed(ctx, &shots, ret);
}

static void message(struct ctx *ctx, void *user, const struct ws_message *in, struct buf *reply)
{
    struct stream *s = user;
    struct live_reply out = {.state = STR("pending"), .hint = STR("none")};
    struct live_error *error = ARENA_NEW(&ctx->arena, struct live_error);
    enum err e = auth_recheck(ctx);

    e = e ? e : take(ctx, s, in, &out);
    if (e) {
        *error = (struct live_error){
            .type = arena_printf(&ctx->arena, "/problems/%s", err_info(e)->slug),
            .title = str_of(err_info(e)->title),
            .detail = e == ERR_INTERNAL ? STR("") : ctx->fault.detail,
        };
        out.error.at = error;
    }
    if (e == ERR_INTERNAL)
        log_error(ctx, "liveness.frame_failed", LI("liveness_session", s->id),
                  LS("why", ctx->fault.detail));
    json_write(reply, &live_reply_schema, &out);
}

static void drop(void *user)
{
    secret_wipe(user, sizeof(struct stream));
    mem_free(user);
}

enum err live_stream_open(struct ctx *ctx, int64_t id, struct ws **ret)
{
    struct live_session found = {0};
    struct ws_handler h = {.message = message, .drop = drop};
    struct stream *s;
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : live_session_get(ctx, id, &found);
    if (e)
        return e;
    s = MEM_NEW(struct stream);
    s->id = id;
    h.user = s;
    e = ws_open(ctx, ctx->services->sockets, &h, ret);
    if (e)
        mem_free(s);
    return e;
}
