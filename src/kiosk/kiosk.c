/* SPDX-License-Identifier: MIT */
/* A kiosk's view of its room. */
#include "kiosk/kiosk.h"

#include "base/settings.h"

#include "devices/devices.h"
#include "kiosk/kiosk_store.h"

#define F(...) FIELD(struct kiosk_session, __VA_ARGS__)
static const struct field session_fields[] = {
    F(id, "Session", .required = true),
    F(module_name, "What is taught", .required = true),
    F(kind, "Kind of session", .required = true),
    F(time_zone, "Zone of its times", .required = true),
    F(starts_at, "Start", .required = true, .format = "date-time"),
    F(ends_at, "End", .required = true, .format = "date-time"),
};
#undef F
static const struct schema kiosk_session_schema = SCHEMA(kiosk_session, session_fields);

#define F(...) FIELD(struct kiosk_room, __VA_ARGS__)
static const struct field room_fields[] = {
    F(device_id, "The kiosk", .required = true),
    F(device_name, "Its name", .required = true),
    F(room_name, "Its room", .required = true),
    F(school_name, "The school", .required = true),
    F(face_recognition, "What the school uses faces for", .required = true,
      .one_of = ONE_OF("off", "verify", "roster")),
    F(now, "The server's clock", .required = true, .format = "date-time"),
    F(sessions, "Open in the room now, the nearest first", .required = true,
      .items = &kiosk_session_schema),
    F(next, "The next one; null: none is planned", .items = &kiosk_session_schema),
};
#undef F
const struct schema kiosk_room_schema = SCHEMA(kiosk_room, room_fields);

enum err kiosk_room_get(struct ctx *ctx, struct kiosk_room *ret)
{
    const struct settings *s = ctx->services->settings;
    struct kiosk_session *next = ARENA_NEW(&ctx->arena, struct kiosk_session);
    struct device d = {0};
    struct list open = {0};
    enum err e = device_must_be(ctx, "kiosk");
    enum err found;

    e = e ? e : device_get(ctx, ctx->actor.device_id, &d);
    e = e ? e : device_touch(ctx);
    e = e ? e : kiosk_fetch_open(ctx, d.room_id, &open);
    if (e)
        return e;
    found = kiosk_fetch_next(ctx, d.room_id, next);
    if (found && found != ERR_NOT_FOUND)
        return found;
    fault_clear(ctx);
    *ret = (struct kiosk_room){
        .device_id = d.id,
        .device_name = d.name,
        .room_name = d.room_name,
        .school_name = s->school_name,
        .face_recognition = s->face_recognition,
        .now = ctx->now,
        .sessions = open,
        .next = {found ? NULL : next},
    };
    return ERR_OK;
}

enum err kiosk_open_sessions(struct ctx *ctx, struct session **ret, size_t *n)
{
    struct list rows = {0};
    const struct kiosk_session *at;
    enum err e = kiosk_fetch_open(ctx, ctx->actor.room_id, &rows);

    if (e)
        return e;
    if (rows.n == 0)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "no session is open in this room");
    at = rows.at;
    *ret = ARENA_NEW_N(&ctx->arena, struct session, rows.n);
    *n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*ret)[i] = (struct session){
            .id = at[i].id,
            .module_name = at[i].module_name,
            .kind = at[i].kind,
            .time_zone = at[i].time_zone,
            .trainer_id = at[i].trainer_id,
            .starts_at = at[i].starts_at,
            .ends_at = at[i].ends_at,
            .late_after_min = at[i].late_after_min,
            .absent_after_min = at[i].absent_after_min,
            .state = STR("open"),
        };
    return ERR_OK;
}
