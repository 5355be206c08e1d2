/* SPDX-License-Identifier: MIT */
/* Frame by frame: what is open in the room, who is seen, what a screen at the door may show. */
#include "kiosk/kiosk_stream.h"

#include "base/json.h"
#include "base/mem.h"

#include "devices/devices.h"
#include "enrolment/enrolment.h"
#include "kiosk/kiosk.h"
#include "kiosk/stream.h"
#include "kiosk/watch.h"

enum { TOUCH_MS = 60 * 1000 };

/* Of a mark only what its owner may see in passing. */
struct kiosk_mark {
    int64_t session_id;
    struct str status;
    struct opt_i64 marked_at;
};
#define F(...) FIELD(struct kiosk_mark, __VA_ARGS__)
static const struct field mark_fields[] = {
    F(session_id, "Session", .required = true),
    F(status, "What was marked", .required = true),
    F(marked_at, "When", .required = true, .format = "date-time"),
};
#undef F
static const struct schema mark_schema = SCHEMA(kiosk_mark, mark_fields);

struct kiosk_face {
    struct obj box, outcome;
    struct strs flaws;
    struct opt_i64 track, votes, votes_needed;
    bool asks_blink;
    struct obj mark;
    bool already;
};
#define F(...) FIELD(struct kiosk_face, __VA_ARGS__)
static const struct field face_fields[] = {
    F(box, "Where in the picture", .required = true, .items = &face_box_schema),
    F(outcome, "What was decided, with the given name of a match; null: still looked at",
      .items = &decision_schema),
    F(flaws, "What is wrong with the face", .required = true),
    F(track, "The face's number from frame to frame; null: too many to follow", .required = true),
    F(votes, "Good looks that name the same student", .required = true),
    F(votes_needed, "How many of them it takes", .required = true),
    F(asks_blink, "The student is to blink now", .required = true),
    F(mark, "The mark, in the frame in which the student was recognised", .items = &mark_schema),
    F(already, "Whether the student had been marked before", .required = true),
};
#undef F
static const struct schema face_schema = SCHEMA(kiosk_face, face_fields);

struct kiosk_seen {
    struct list faces;
    struct obj outcome;
    int64_t width, height;
    double ms;
};
#define F(...) FIELD(struct kiosk_seen, __VA_ARGS__)
static const struct field seen_fields[] = {
    F(faces, "Every face found, largest first", .required = true, .items = &face_schema),
    F(outcome, "About the whole picture: no_face or no_consent; null otherwise",
      .items = &decision_schema),
    F(width, "Width of the picture in pixels", .required = true),
    F(height, "Height of the picture in pixels", .required = true),
    F(ms, "Milliseconds it took", .required = true),
};
#undef F
static const struct schema seen_schema = SCHEMA(kiosk_seen, seen_fields);

#define F(...) FIELD(struct stream_answer, __VA_ARGS__)
static const struct field frame_fields[] = {
    F(frame, "Number of the frame answered"),
    F(dropped, "Frames of this stream that were not looked at: late, or replaced by newer ones"),
    F(late, "This frame was too old to be looked at"),
    F(result, "What was seen; null after an error and for a late frame", .items = &seen_schema),
    F(error, "Why the frame was not looked at; null otherwise", .items = &stream_error_schema),
};
#undef F
const struct schema kiosk_frame_schema = SCHEMA_NAMED("kiosk_frame", stream_answer, frame_fields);

struct stream {
    struct watch *watch;
    struct stream_frames frames;
    int64_t touched_ms; /* 0: never */
};

static void drop(void *user)
{
    struct stream *s = user;

    watch_destroy(s->watch);
    mem_free(s);
}

static struct kiosk_face for_screen(struct ctx *ctx, const struct recognised_face *face)
{
    const struct attendance *record = face->record.at;
    struct kiosk_mark *mark = NULL;

    if (record) {
        mark = ARENA_NEW(&ctx->arena, struct kiosk_mark);
        *mark = (struct kiosk_mark){record->session_id, record->status, record->marked_at};
    }
    return (struct kiosk_face){
        .box = face->box,
        .outcome = face->outcome,
        .flaws = face->flaws,
        .track = face->track,
        .votes = face->votes,
        .votes_needed = face->votes_needed,
        .asks_blink = face->asks_blink,
        .mark = {mark},
        .already = face->already,
    };
}

/* The strictest of what the open sessions ask for. */
static enum err ask_policy(struct ctx *ctx, struct watch_place *place)
{
    enum live_policy most = LIVE_OFF;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < place->n; i++) {
        enum live_policy p = LIVE_OFF;

        e = liveness_policy_for(ctx, place->way, place->sessions[i].kind, &p);
        most = p > most ? p : most;
    }
    watch_place_live(place, most);
    return e;
}

static enum err look(struct ctx *ctx, void *user, struct str picture, void **ret_seen)
{
    struct stream *s = user;
    struct kiosk_seen *out = ARENA_NEW(&ctx->arena, struct kiosk_seen);
    struct watch_place place = {.way = "kiosk", .device_id = ctx->actor.device_id};
    struct session *sessions = NULL;
    struct recognised seen = {0};
    struct kiosk_face *faces;
    enum err e = kiosk_open_sessions(ctx, &sessions, &place.n);

    place.sessions = sessions;
    e = e ? e : ask_policy(ctx, &place);
    e = e ? e : watch_look(ctx, s->watch, &place, picture, &seen);
    if (e)
        return e;
    faces = ARENA_NEW_N(&ctx->arena, struct kiosk_face, seen.faces.n);
    for (size_t i = 0; i < seen.faces.n; i++)
        faces[i] = for_screen(ctx, (const struct recognised_face *)seen.faces.at + i);
    *out = (struct kiosk_seen){
        .faces = {faces, seen.faces.n},
        .outcome = seen.outcome,
        .width = seen.width,
        .height = seen.height,
        .ms = seen.ms,
    };
    *ret_seen = out;
    return ERR_OK;
}

static enum err still_welcome(struct ctx *ctx, struct stream *s)
{
    int64_t now = clock_mono_ms();
    enum err e = device_recheck(ctx);

    if (e || (s->touched_ms && now - s->touched_ms < TOUCH_MS))
        return e;
    s->touched_ms = now;
    return device_touch(ctx);
}

static void message(struct ctx *ctx, void *user, const struct ws_message *in, struct buf *reply)
{
    struct stream *s = user;
    struct stream_answer out;

    stream_take(ctx, &s->frames, in, still_welcome(ctx, s), &out);
    json_write(reply, &kiosk_frame_schema, &out);
}

enum err kiosk_stream_open(struct ctx *ctx, struct ws **ret)
{
    struct ws_handler h = {.message = message, .drop = drop};
    enum err e = device_must_be(ctx, "kiosk");
    struct stream *s;

    if (e)
        return e;
    s = MEM_NEW(struct stream);
    s->watch = watch_create();
    watch_given_names(s->watch);
    s->frames = (struct stream_frames){.look = look, .user = s};
    h.user = s;
    e = ws_open(ctx, ctx->services->sockets, &h, ret);
    if (e)
        drop(s);
    return e;
}
