/* SPDX-License-Identifier: MIT */
/* Frames of a running liveness session: found, measured, fed to the engine, answered. */
#include <math.h>
#include <sodium.h>
#include <string.h>

#include "base/json.h"

#include "auth/token.h"
#include "enrolment/enrolment.h"
#include "face/passive.h"
#include "liveness/finish.h"
#include "liveness/liveness.h"
#include "liveness/liveness_store.h"
#include "liveness/runs.h"

enum {
    GAP_MS = 45,       /* a frame sooner after the last one is left out: at most 22 a second */
    PASSIVE_EVERY = 3, /* frames: the passive net alone costs about as much as all others */
    PIXELS_MAX = 4 << 20,
};

#define F(...) FIELD(struct live_error, __VA_ARGS__)
static const struct field error_fields[] = {
    F(type, "Problem type", .required = true, .example = "\"/problems/image-invalid\""),
    F(title, "What it means", .required = true),
    F(detail, "What exactly", .required = true),
};
#undef F
static const struct schema error_schema = SCHEMA_NAMED("liveness_error", live_error, error_fields);

#define F(...) FIELD(struct live_reply, __VA_ARGS__)
static const struct field reply_fields[] = {
    F(frame, "Number of the last frame", .required = true),
    F(state, "State of the session", .required = true,
      .one_of = ONE_OF("pending", "passed", "failed", "expired")),
    F(challenge, "What is asked now; null: nothing", .required = true,
      .one_of = ONE_OF("blink", "turn_left", "turn_right", "come_closer")),
    F(hint, "What the person should do now", .required = true,
      .one_of = ONE_OF("none", "no_face", "one_person", "look_straight", "open_eyes", "blink",
                       "turn_left", "turn_right", "turn_back", "come_closer", "face_too_small")),
    F(done, "Challenges done", .required = true),
    F(total, "Challenges in all", .required = true),
    F(left_ms, "Milliseconds left for what is asked now", .required = true),
    F(looked, "False: the frame came too soon after another one and was left out",
      .required = true),
    F(box, "The largest face in the frame", .items = &face_box_schema),
    F(result, "The session, once it has ended", .items = &live_session_schema),
    F(error, "Why the frame was not looked at", .items = &error_schema),
};
#undef F
const struct schema live_reply_schema = SCHEMA_NAMED("liveness_reply", live_reply, reply_fields);

/* Why a session has no run: it ended, or the process that ran it did. */
static enum err say_gone(struct ctx *ctx, int64_t id)
{
    struct live_session s = {0};
    enum err e = live_session_get(ctx, id, &s);

    if (e)
        return e;
    if (str_is(s.state, "passed") || str_is(s.state, "failed"))
        return fail(ctx, ERR_LIVENESS_DONE, "the session has %s: its result is final", s.state.at);
    return fail(ctx, ERR_LIVENESS_EXPIRED, "the time of this session is over: begin a new one");
}

static enum err take(struct ctx *ctx, const struct live_shots *shots, struct live_run **ret)
{
    struct str hash = token_hash(ctx, shots->nonce);
    struct live_runs *runs = ctx->services->live_runs;
    enum err e = live_runs_take(ctx, runs, shots->id, ctx->actor.student_id, ret);

    if (e == ERR_NOT_FOUND)
        return say_gone(ctx, shots->id);
    if (e || str_is(hash, (*ret)->nonce_hash))
        return e;
    live_runs_give(runs, *ret, false);
    *ret = NULL;
    return fail(ctx, ERR_LIVENESS_NONCE, "the nonce is not the one of this session");
}

/* The row goes with the student's consent: then nobody's face is looked at any more. */
static enum err check_pending(struct ctx *ctx, const struct live_run *run)
{
    struct live_row row = {0};
    enum err e = live_store_get(ctx, run->id, run->student_id, &row);

    return e || str_is(row.state, "pending") ? e : say_gone(ctx, run->id);
}

static struct live_progress feed(struct live_run *run, const struct live_frame *f,
                                 const struct image *im)
{
    bool clear;

    if (run->engine)
        return liveness_feed(run->engine, f);
    clear = f->n && face_check(&f->faces[0], im, FACE_FOR_RECOGNITION).n == 0;
    return steady_feed(run->steady, f, clear);
}

static enum err check_pixels(struct ctx *ctx, const struct image *im)
{
    if (im->width * im->height > PIXELS_MAX)
        return fail(ctx, ERR_TOO_LARGE, "a frame has at most %d pixels", PIXELS_MAX);
    return ERR_OK;
}

/* One frame that is to be looked at. */
static enum err look(struct ctx *ctx, struct live_run *run, const struct live_shot *shot,
                     struct live_progress *progress, struct live_reply *ret)
{
    cleanup(image_finish) struct image im = {0};
    struct live_frame f = {.at_ms = run->last_ms, .number = shot->number, .passive = NAN};
    struct face_found *faces = NULL;
    enum err e;

    crypto_hash_sha256(f.digest, (const unsigned char *)shot->jpeg.at, shot->jpeg.len);
    if (live_runs_seen(ctx->services->live_runs, run->id, f.digest)) {
        run->foreign = true;
        run->state = progress->state = LIVE_REFUSED;
        return ERR_OK;
    }
    e = image_decode(ctx, shot->jpeg, &im);
    e = e ? e : check_pixels(ctx, &im);
    e = e ? e : face_find(ctx, &im, FACE_EMBED | FACE_EYES, &faces, &f.n);
    if (e)
        return e;
    f.faces = faces;
    f.width = im.width;
    f.height = im.height;
    live_print_of(&im, &f.print);
    if (f.n && run->looked % PASSIVE_EVERY == 0 &&
        face_passive(ctx, &im, &faces[0], &f.passive) != ERR_OK) {
        f.passive = NAN; /* advisory: without its net there is no score */
        fault_clear(ctx);
    }
    run->looked++;
    *progress = feed(run, &f, &im);
    run->state = progress->state;
    ret->box.at = f.n ? &faces[0].box : NULL;
    return ERR_OK;
}

/*
 * When a frame of a batch was taken: the last one now, the others so long before as the client
 * says, but never before the frames that came earlier.
 */
static int64_t time_of(const struct ctx *ctx, const struct live_shots *shots, size_t i,
                       int64_t after_ms)
{
    int64_t n = (int64_t)shots->n;
    int64_t every = shots->every_ms;

    if (n > 1 && (n - 1) * every > ctx->now - after_ms)
        every = ctx->now > after_ms ? (ctx->now - after_ms) / n : 0;
    return ctx->now - (n - 1 - (int64_t)i) * every;
}

static enum err look_at_all(struct ctx *ctx, struct live_run *run, const struct live_shots *shots,
                            struct live_progress *progress, struct live_reply *ret)
{
    int64_t after_ms = run->last_ms;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < shots->n && run->state == LIVE_ONGOING; i++) {
        int64_t at_ms = time_of(ctx, shots, i, after_ms);

        ret->frame = (struct opt_i64){.set = true, .v = shots->at[i].number};
        ret->looked = run->looked == 0 || at_ms < run->last_ms || at_ms - run->last_ms >= GAP_MS;
        if (!ret->looked)
            continue;
        run->last_ms = at_ms;
        e = look(ctx, run, &shots->at[i], progress, ret);
    }
    return e;
}

static struct live_progress progress_of(const struct live_run *run, int64_t now)
{
    if (run->engine)
        return liveness_progress(run->engine);
    return (struct live_progress){
        .state = run->state,
        .hint = LIVE_HINT_LOOK_STRAIGHT,
        .left_ms = run->expires_ms > now ? run->expires_ms - now : 0,
    };
}

static void tell(const struct live_progress *p, struct live_reply *ret)
{
    ret->state = STR("pending");
    ret->hint = str_of(live_hint_name(p->hint));
    ret->done = (int64_t)p->done;
    ret->total = (int64_t)p->n;
    ret->left_ms = p->left_ms > 0 ? p->left_ms : 0;
    if (p->done < p->n)
        ret->challenge =
            (struct opt_str){.set = true, .v = str_of(live_challenge_name(p->current))};
}

enum err live_session_feed(struct ctx *ctx, const struct live_shots *shots, struct live_reply *ret)
{
    int64_t began = clock_mono_us();
    struct live_run *run = NULL;
    struct live_progress progress;
    bool ended = false;
    enum err e = enrolment_ready(ctx, FACE_USE_VERIFY);

    e = e ? e : take(ctx, shots, &run);
    if (e)
        return e;
    e = check_pending(ctx, run);
    if (e) {
        /* What only the database could not say now may be asked again. */
        ended = e == ERR_NOT_FOUND || e == ERR_LIVENESS_DONE || e == ERR_LIVENESS_EXPIRED;
        live_runs_give(ctx->services->live_runs, run, ended);
        return e;
    }
    progress = progress_of(run, ctx->now);
    e = look_at_all(ctx, run, shots, &progress, ret);
    run->spent_us += clock_mono_us() - began;
    tell(&progress, ret);
    if (!e && run->state != LIVE_ONGOING) {
        struct live_session *result = ARENA_NEW(&ctx->arena, struct live_session);

        e = live_finish(ctx, run, result);
        ended = !e || e == ERR_LIVENESS_DONE || e == ERR_NOT_FOUND;
        if (!e) {
            ret->state = result->state;
            ret->result.at = result;
        }
    }
    live_runs_give(ctx->services->live_runs, run, ended);
    return e;
}
