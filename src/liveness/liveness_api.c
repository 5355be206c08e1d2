/* SPDX-License-Identifier: MIT */
/* Liveness sessions and the school's policy over HTTP. */
#include "liveness/liveness_api.h"

#include "check_in/place.h"
#include "liveness/liveness.h"
#include "liveness/stream.h"

#define F(...) FIELD(struct live_wish, __VA_ARGS__)
static const struct field wish_fields[] = {
    F(purpose, "check_in marks a session's register; test only tries the camera", .required = true,
      .one_of = ONE_OF("check_in", "test"), .example = "\"test\""),
    F(session_id, "Session to check in to", .min = 1, .example = "12"),
    F(place, "Where the phone is, when the session asks for it; used and forgotten",
      .items = &place_schema),
    F(client, "A random mark that the browser keeps; written down as a hash", .min = 1, .max = 64,
      .example = "\"0b6e7c5e-0b3f-4c8e-9a3e-2f1d6a7b8c9d\""),
};
#undef F
static const struct schema wish_in = SCHEMA_NAMED("liveness_wish", live_wish, wish_fields);

struct ref {
    int64_t id;
};
static const struct field ref_fields[] = {
    FIELD(struct ref, id, "Liveness session", .in = IN_PATH, .min = 1, .example = "3"),
};
static const struct schema ref_in = SCHEMA_NAMED("liveness_ref", ref, ref_fields);

struct frames_in {
    int64_t id;
    struct str nonce;
    int64_t first, every_ms;
    struct files frames;
};
#define F(...) FIELD(struct frames_in, __VA_ARGS__)
static const struct field frames_fields[] = {
    F(id, "Liveness session", .in = IN_PATH, .min = 1, .example = "3"),
    F(nonce, "The session's nonce", .required = true, .min = 1, .max = 64,
      .example = "\"aVeryLongRandomText\""),
    F(first, "Number of the first frame; numbers rise from batch to batch", .required = true,
      .min = 0, .max = UINT32_MAX - LIVE_BATCH_MAX, .example = "1"),
    F(every_ms, "Milliseconds between two frames of the batch; the last one is of now",
      .required = true, .min = 45, .max = 1000, .example = "100"),
    F(frames, "JPEGs of at most 256 KiB each, in order", .required = true, .format = "binary",
      .min = 1, .max = LIVE_BATCH_MAX),
};
#undef F
static const struct schema frames_in = SCHEMA_NAMED("liveness_frames", frames_in, frames_fields);

struct rules_in {
    struct list rules;
};
static const struct field rules_fields[] = {
    FIELD(struct rules_in, rules, "All rules of the school", .required = true,
          .items = &liveness_rule_schema, .max = 20,
          .example = "[{\"way\": \"self\", \"session_kind\": \"exam\", \"level\": \"challenge\"}]"),
};
static const struct schema rules_in = SCHEMA_NAMED("liveness_rules", rules_in, rules_fields);

static enum err policy_get(struct req *req)
{
    return liveness_policy_get(req->ctx, req->out);
}

static enum err policy_set(struct req *req)
{
    const struct rules_in *in = req->in;

    return liveness_policy_set(req->ctx, in->rules, req->out);
}

static enum err open_session(struct req *req)
{
    return live_session_open(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct ref *in = req->in;

    return live_session_get(req->ctx, in->id, req->out);
}

static enum err frames(struct req *req)
{
    const struct frames_in *in = req->in;
    struct live_shot *at = ARENA_NEW_N(&req->ctx->arena, struct live_shot, in->frames.n);
    struct live_shots shots = {
        .id = in->id,
        .nonce = in->nonce,
        .at = at,
        .n = in->frames.n,
        .every_ms = in->every_ms,
    };

    for (size_t i = 0; i < in->frames.n; i++) {
        if (in->frames.at[i].data.len > LIVE_FRAME_MAX)
            return fail(req->ctx, ERR_TOO_LARGE, "a frame is at most %d bytes", LIVE_FRAME_MAX);
        at[i] = (struct live_shot){(uint32_t)(in->first + (int64_t)i), in->frames.at[i].data};
    }
    return live_session_feed(req->ctx, &shots, req->out);
}

static enum err stream(struct req *req)
{
    const struct ref *in = req->in;
    struct ws *ws = NULL;
    enum err e = live_stream_open(req->ctx, in->id, &ws);

    req->stream = ws;
    return e;
}

static const struct route routes[] = {
    {
        .id = "liveness_policy_get",
        .method = HTTP_GET,
        .path = "/api/v1/liveness/policy",
        .handler = policy_get,
        .out = &liveness_policy_schema,
        .need = PERM_LIVENESS_MANAGE,
        .status = 200,
        .summary = "Read how much liveness each way of checking in asks for",
    },
    {
        .id = "liveness_policy_set",
        .method = HTTP_PUT,
        .path = "/api/v1/liveness/policy",
        .handler = policy_set,
        .in = &rules_in,
        .out = &liveness_policy_schema,
        .need = PERM_LIVENESS_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "Replace the school's rules",
        .description = "What holds for a check-in: the rule for its way and the kind of its "
                       "session, else the rule for its way without a kind, else the fallback.",
    },
    {
        .id = "liveness_session_open",
        .method = HTTP_POST,
        .path = "/api/v1/liveness-sessions",
        .handler = open_session,
        .in = &wish_in,
        .out = &live_opened_schema,
        .need = PERM_CHECK_IN_SELF,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_NOT_FOUND,
                         ERR_SESSION_NOT_OPEN, ERR_CONSENT_REQUIRED, ERR_NOT_ENROLLED,
                         ERR_TOO_MANY_REQUESTS, ERR_BUSY, ERR_CONFLICT),
        .summary = "Begin to check in by one's own face, or to try the camera",
        .description = "One at a time: an earlier one that still runs ends. What is asked is "
                       "drawn anew each time.",
    },
    {
        .id = "liveness_session_get",
        .method = HTTP_GET,
        .path = "/api/v1/liveness-sessions/{id}",
        .handler = get,
        .in = &ref_in,
        .out = &live_session_schema,
        .need = PERM_CHECK_IN_SELF,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read how a liveness session stands or ended",
    },
    {
        .id = "liveness_session_frames",
        .method = HTTP_POST,
        .path = "/api/v1/liveness-sessions/{id}/frames",
        .handler = frames,
        .in = &frames_in,
        .out = &live_reply_schema,
        .need = PERM_CHECK_IN_SELF,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_NOT_FOUND,
                         ERR_LIVENESS_NONCE, ERR_LIVENESS_DONE, ERR_LIVENESS_EXPIRED, ERR_BUSY,
                         ERR_IMAGE_INVALID, ERR_UNSUPPORTED_MEDIA, ERR_TOO_LARGE),
        .summary = "Send a batch of 1 to 12 camera frames",
        .description = "For clients without WebSockets. At least two frames every second are "
                       "needed; about ten are good.",
        .body_max = LIVE_BATCH_MAX * (LIVE_FRAME_MAX + 1024) + (64 << 10),
        .consumes = "multipart/form-data",
        .per_minute = 600,
    },
    {
        .id = "liveness_session_stream",
        .method = HTTP_GET,
        .kind = ROUTE_WS,
        .path = "/api/v1/liveness-sessions/{id}/stream",
        .handler = stream,
        .in = &ref_in,
        .need = PERM_CHECK_IN_SELF,
        .status = 101,
        .errors = ERRORS(ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE, ERR_NOT_FOUND, ERR_BUSY,
                         ERR_TOO_MANY_REQUESTS),
        .summary = "Send camera frames, receive what to do and the result",
        .description = "The first message is the text {\"nonce\": \"…\"}. Of frames sent before "
                       "the answer only the newest is looked at, and at most 22 a second.",
        .ws_in = &live_stream_in_schema,
        .ws_out = &live_reply_schema,
    },
};

const struct route_table liveness_api = ROUTE_TABLE(
    "liveness", "Check-in by one's own face, with proof that a person is there", routes);
