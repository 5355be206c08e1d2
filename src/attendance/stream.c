/* SPDX-License-Identifier: MIT */
/* One message, one answer; what goes wrong with a frame is told and the next one is taken. */
#include "attendance/stream.h"

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"

#include "auth/auth.h"

enum { NUMBER_BYTES = 4 };

struct frame_in {
    struct file frame;
};
static const struct field frame_in_fields[] = {
    FIELD(struct frame_in, frame,
          "Four bytes of the frame's number, big-endian, then a JPEG of at most 1 MiB",
          .format = "binary"),
};
const struct schema attendance_frame_in_schema =
    SCHEMA_NAMED("attendance_frame_in", frame_in, frame_in_fields);

struct frame_error {
    struct str type, title, detail;
};
static const struct field error_fields[] = {
    FIELD(struct frame_error, type, "Problem type", .example = "\"/problems/session-not-open\""),
    FIELD(struct frame_error, title, "What it means"),
    FIELD(struct frame_error, detail, "What exactly"),
};
static const struct schema error_schema = SCHEMA(frame_error, error_fields);

struct frame_out {
    int64_t frame;
    struct obj result; /* struct recognised */
    struct obj error;
};
static const struct field frame_fields[] = {
    FIELD(struct frame_out, frame, "Number of the frame answered"),
    FIELD(struct frame_out, result, "What was seen; null after an error",
          .items = &recognised_schema),
    FIELD(struct frame_out, error, "Why the frame was not looked at; null otherwise",
          .items = &error_schema),
};
const struct schema attendance_frame_schema =
    SCHEMA_NAMED("attendance_frame", frame_out, frame_fields);

static struct str problem_type(struct ctx *ctx, enum err e)
{
    return arena_printf(&ctx->arena, "/problems/%s", err_info(e)->slug);
}

static enum err take(struct ctx *ctx, int64_t session_id, const struct ws_message *in,
                     int64_t *number, struct recognised *ret)
{
    const unsigned char *at = (const unsigned char *)in->data.at;
    struct str picture;
    enum err e;

    if (!in->binary || in->data.len <= NUMBER_BYTES)
        return fail(ctx, ERR_BAD_REQUEST, "a frame is binary: its number, then a JPEG");
    *number = ((int64_t)at[0] << 24) | (at[1] << 16) | (at[2] << 8) | at[3];
    picture = (struct str){in->data.at + NUMBER_BYTES, in->data.len - NUMBER_BYTES};
    e = attendance_recognise(ctx, session_id, picture, false, ret);
    if (e == ERR_FACE_NONE) {
        fault_clear(ctx);
        return ERR_OK;
    }
    return e;
}

static void message(struct ctx *ctx, void *user, const struct ws_message *in, struct buf *reply)
{
    const int64_t *session_id = user;
    struct recognised *seen = ARENA_NEW(&ctx->arena, struct recognised);
    struct frame_error *error = ARENA_NEW(&ctx->arena, struct frame_error);
    struct frame_out out = {0};
    enum err e = auth_recheck(ctx);

    e = e ? e : take(ctx, *session_id, in, &out.frame, seen);
    if (e) {
        *error = (struct frame_error){problem_type(ctx, e), str_of(err_info(e)->title),
                                      e == ERR_INTERNAL ? STR("") : ctx->fault.detail};
        out.error.at = error;
    } else {
        out.result.at = seen;
    }
    if (e == ERR_INTERNAL)
        log_error(ctx, "attendance.frame_failed", LI("session", *session_id),
                  LS("why", ctx->fault.detail));
    json_write(reply, &attendance_frame_schema, &out);
}

enum err attendance_stream_open(struct ctx *ctx, int64_t session_id, struct ws **ret)
{
    struct session s = {0};
    struct ws_handler h = {.message = message, .drop = mem_free};
    int64_t *id;
    enum err e = session_get_for(ctx, session_id, &s);

    if (e)
        return e;
    id = MEM_NEW(int64_t);
    *id = session_id;
    h.user = id;
    e = ws_open(ctx, ctx->services->sockets, &h, ret);
    if (e)
        mem_free(id);
    return e;
}
