/* SPDX-License-Identifier: MIT */
/* The register's camera. One message, one answer; what goes wrong with a frame is told. */
#include "kiosk/stream.h"

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"

#include "auth/auth.h"
#include "kiosk/watch.h"

struct frame_in {
    struct file frame;
};
static const struct field frame_in_fields[] = {
    FIELD(struct frame_in, frame,
          "Four bytes of the frame's number, big-endian; if the next byte is 0, three bytes of the "
          "frame's age in milliseconds; then a JPEG. At most 1 MiB",
          .format = "binary"),
};
const struct schema attendance_frame_in_schema =
    SCHEMA_NAMED("attendance_frame_in", frame_in, frame_in_fields);

#define F(...) FIELD(struct stream_error, __VA_ARGS__)
static const struct field error_fields[] = {
    F(type, "Problem type", .example = "\"/problems/session-not-open\""),
    F(title, "What it means"),
    F(detail, "What exactly"),
};
#undef F
const struct schema stream_error_schema = SCHEMA_NAMED("frame_error", stream_error, error_fields);

#define F(...) FIELD(struct stream_answer, __VA_ARGS__)
static const struct field frame_fields[] = {
    F(frame, "Number of the frame answered"),
    F(dropped, "Frames of this stream that were not looked at: late, or replaced by newer ones"),
    F(late, "This frame was too old to be looked at"),
    F(result, "What was seen; null after an error and for a late frame",
      .items = &recognised_schema),
    F(error, "Why the frame was not looked at; null otherwise", .items = &stream_error_schema),
};
#undef F
const struct schema attendance_frame_schema =
    SCHEMA_NAMED("attendance_frame", stream_answer, frame_fields);

struct stream {
    int64_t session_id;
    struct stream_frames frames;
    struct watch *watch;
};

static void drop(void *user)
{
    struct stream *s = user;

    watch_destroy(s->watch);
    mem_free(s);
}

static struct stream_error *stream_error(struct ctx *ctx, enum err e)
{
    struct stream_error *out = ARENA_NEW(&ctx->arena, struct stream_error);

    if (e == ERR_INTERNAL)
        log_error(ctx, "attendance.frame_failed", LS("why", ctx->fault.detail));
    *out = (struct stream_error){
        arena_printf(&ctx->arena, "/problems/%s", err_info(e)->slug),
        str_of(err_info(e)->title),
        e == ERR_INTERNAL ? STR("") : ctx->fault.detail,
    };
    return out;
}

/* Whether the frame came too late to be looked at; `age_ms`: how old it was when it was sent. */
static bool is_late(const struct ws_message *in, int64_t age_ms)
{
    return clock_mono_ms() - in->received_ms + age_ms > WATCH_DEADLINE_MS;
}

void stream_take(struct ctx *ctx, struct stream_frames *s, const struct ws_message *in,
                 enum err welcome, struct stream_answer *ret)
{
    struct watch_frame frame = {0};
    struct stream_answer out = {0};
    enum err e = welcome;

    *in->end = e == ERR_UNAUTHENTICATED;
    if (!e)
        e = watch_frame_read(ctx, in->binary, in->data, &frame);
    out.frame = frame.number;
    if (!e && is_late(in, frame.age_ms)) {
        ws_count_late(ctx->services->sockets);
        s->late++;
        out.late = true;
    } else {
        e = e ? e : s->look(ctx, s->user, frame.picture, &out.result.at);
        if (e)
            out.error.at = stream_error(ctx, e);
    }
    out.dropped = s->late + in->replaced;
    *ret = out;
}

static enum err look(struct ctx *ctx, void *user, struct str picture, void **ret_seen)
{
    struct stream *s = user;
    struct recognised *seen = ARENA_NEW(&ctx->arena, struct recognised);
    struct session session = {0};
    struct watch_place place = {.way = "face", .sessions = &session, .n = 1};
    enum live_policy live = LIVE_OFF;
    enum err e = session_get_for(ctx, s->session_id, &session);

    e = e ? e : attendance_check_open(ctx, &session);
    e = e ? e : liveness_policy_for(ctx, place.way, session.kind, &live);
    watch_place_live(&place, live);
    e = e ? e : watch_look(ctx, s->watch, &place, picture, seen);
    if (!e)
        *ret_seen = seen;
    return e;
}

static void message(struct ctx *ctx, void *user, const struct ws_message *in, struct buf *reply)
{
    struct stream *s = user;
    struct stream_answer out;

    stream_take(ctx, &s->frames, in, auth_recheck(ctx), &out);
    json_write(reply, &attendance_frame_schema, &out);
}

enum err attendance_stream_open(struct ctx *ctx, int64_t session_id, struct ws **ret)
{
    struct session session = {0};
    struct ws_handler h = {.message = message, .drop = drop};
    struct stream *s;
    enum err e = session_get_for(ctx, session_id, &session);

    if (e)
        return e;
    s = MEM_NEW(struct stream);
    s->session_id = session_id;
    s->frames = (struct stream_frames){.look = look, .user = s};
    s->watch = watch_create();
    h.user = s;
    e = ws_open(ctx, ctx->services->sockets, &h, ret);
    if (e)
        drop(s);
    return e;
}
