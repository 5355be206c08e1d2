/* SPDX-License-Identifier: MIT */
/* Cameras that are watched: of the register, and of kiosks with their signing in. */
#include "kiosk/kiosk_api.h"

#include "base/settings.h"

#include "devices/devices.h"
#include "kiosk/kiosk.h"
#include "kiosk/kiosk_stream.h"
#include "kiosk/stream.h"

struct login_in {
    struct str token;
};
static const struct field login_fields[] = {
    FIELD(struct login_in, token, "The token that was shown when the device was registered",
          .required = true, .min = 1, .max = 200, .secret = true),
};
static const struct schema login_in = SCHEMA_NAMED("kiosk_login", login_in, login_fields);

struct stream_in {
    int64_t session_id;
};
static const struct field stream_fields[] = {
    FIELD(struct stream_in, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
};
static const struct schema stream_in = SCHEMA_NAMED("stream_session", stream_in, stream_fields);

/* It lives as long as browsers keep cookies; the device's registration decides. */
enum { COOKIE_DAYS = 400, TRIES_PER_MINUTE = 30 };

static enum err login(struct req *req)
{
    const struct settings *s = req->ctx->services->settings;
    const struct login_in *in = req->in;
    bool secure = s->tls_cert.len || str_starts(s->public_url, "https:");
    struct str secret;
    struct device d;
    enum err e = device_login(req->ctx, in->token, &d, &secret);

    if (e)
        return e;
    /* Its other cookies are a person's: a kiosk's is sent to kiosk addresses only. */
    reply_header(req, "Set-Cookie",
                 arena_printf(&req->ctx->arena,
                              DEVICE_COOKIE "=%s; Max-Age=%d; SameSite=Strict; "
                                            "Path=/api/v1/kiosk; HttpOnly%s",
                              arena_cstr(&req->ctx->arena, secret), COOKIE_DAYS * 86400,
                              secure ? "; Secure" : ""));
    return kiosk_room_get(req->ctx, req->out);
}

static enum err room(struct req *req)
{
    return kiosk_room_get(req->ctx, req->out);
}

static enum err kiosk_stream(struct req *req)
{
    struct ws *ws = NULL;
    enum err e = kiosk_stream_open(req->ctx, &ws);

    req->stream = ws;
    return e;
}

static enum err attendance_stream(struct req *req)
{
    const struct stream_in *in = req->in;
    struct ws *ws = NULL;
    enum err e = attendance_stream_open(req->ctx, in->session_id, &ws);

    req->stream = ws;
    return e;
}

static const struct route routes[] = {
    {
        .id = "kiosk_login",
        .method = HTTP_POST,
        .path = "/api/v1/kiosk/login",
        .handler = login,
        .in = &login_in,
        .out = &kiosk_room_schema,
        .need = PERM_PUBLIC,
        .status = 200,
        .errors = ERRORS(ERR_UNAUTHENTICATED),
        .summary = "Sign a browser in as a kiosk",
        .description = "Changes the device's token for an HttpOnly cookie. A browser that was "
                       "signed in with the token before is out.",
        .cookies = true,
        .no_csrf = true,
        .per_minute = TRIES_PER_MINUTE,
    },
    {
        .id = "kiosk_room",
        .method = HTTP_GET,
        .path = "/api/v1/kiosk/room",
        .handler = room,
        .out = &kiosk_room_schema,
        .need = PERM_KIOSK_RUN,
        .status = 200,
        .summary = "Read the kiosk's room: what is open there, and what comes next",
    },
    {
        .id = "kiosk_stream",
        .method = HTTP_GET,
        .kind = ROUTE_WS,
        .path = "/api/v1/kiosk/stream",
        .handler = kiosk_stream,
        .need = PERM_KIOSK_RUN,
        .status = 101,
        .errors = ERRORS(ERR_BUSY, ERR_TOO_MANY_REQUESTS),
        .summary = "Send a kiosk's frames, receive boxes and greetings",
        .description = "Faces are matched with the students of the sessions now open in the "
                       "kiosk's room and followed from frame to frame; several looks that agree "
                       "mark a student. Frames older than a second are dropped and counted.",
        .ws_in = &attendance_frame_in_schema,
        .ws_out = &kiosk_frame_schema,
    },
    {
        .id = "attendance_stream",
        .method = HTTP_GET,
        .kind = ROUTE_WS,
        .path = "/api/v1/sessions/{session_id}/attendance/stream",
        .handler = attendance_stream,
        .in = &stream_in,
        .need = PERM_ATTENDANCE_MARK,
        .status = 101,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_BUSY, ERR_TOO_MANY_REQUESTS),
        .summary = "Send camera frames, receive boxes and marks",
        .description = "Faces are followed from frame to frame; several looks that agree mark a "
                       "student. One frame at a time: of frames sent before the answer only the "
                       "newest is looked at, and frames older than a second are dropped.",
        .ws_in = &attendance_frame_in_schema,
        .ws_out = &attendance_frame_schema,
    },
};
const struct route_table kiosk_api =
    ROUTE_TABLE("cameras", "Cameras that are watched: the register's, and kiosks", routes);
