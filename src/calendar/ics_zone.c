/* SPDX-License-Identifier: MIT */
/*
 * The changes in the calendar's own span, one by one, instead of rules: exact where rules do not
 * exist (Africa/Casablanca goes by the moon) and never wrong for the sessions that are told.
 */
#include "calendar/ics_zone.h"

#include "base/zone.h"

static const int64_t day_ms = 86400000;

/* "+0530", with seconds only where there are some. */
static struct str offset_text(struct ctx *ctx, int32_t offset_s)
{
    int32_t s = offset_s < 0 ? -offset_s : offset_s;
    struct str t =
        arena_printf(&ctx->arena, "%c%02d%02d", offset_s < 0 ? '-' : '+', s / 3600, s / 60 % 60);

    return s % 60 ? arena_printf(&ctx->arena, "%s%02d", t.at, s % 60) : t;
}

static void part(struct ctx *ctx, struct buf *b, const char *start, int32_t from, int32_t to)
{
    const char *kind = to > from ? "DAYLIGHT" : "STANDARD";

    ics_line(b, arena_printf(&ctx->arena, "BEGIN:%s", kind));
    ics_line(b, arena_printf(&ctx->arena, "DTSTART:%s", start));
    ics_line(b, arena_printf(&ctx->arena, "TZOFFSETFROM:%s", offset_text(ctx, from).at));
    ics_line(b, arena_printf(&ctx->arena, "TZOFFSETTO:%s", offset_text(ctx, to).at));
    ics_line(b, arena_printf(&ctx->arena, "TZNAME:%s", offset_text(ctx, to).at));
    ics_line(b, arena_printf(&ctx->arena, "END:%s", kind));
}

/* A change is told by the local time that the clocks showed before it. */
static void change(struct ctx *ctx, struct buf *b, int64_t at, int32_t from, int32_t to)
{
    struct local_time t = {.year = 1970, .month = 1, .day = 1};

    (void)zone_local(STR("UTC"), at + (int64_t)from * 1000, &t);
    part(ctx, b,
         arena_printf(&ctx->arena, "%04d%02d%02dT%02d%02d%02d", (int)t.year, t.month, t.day,
                      t.minute / 60, t.minute % 60, t.second)
             .at,
         from, to);
}

void ics_zone(struct ctx *ctx, struct buf *b, struct str zone, int64_t from, int64_t to)
{
    struct zone_span now;
    struct zone_span next;

    if (!zone_span_at(zone, from - day_ms, &now))
        return;
    ics_line(b, STR("BEGIN:VTIMEZONE"));
    ics_line(b, arena_printf(&ctx->arena, "TZID:%.*s", (int)zone.len, zone.at));
    part(ctx, b, "19700101T000000", now.offset_s, now.offset_s);
    for (; now.to < to + day_ms && zone_span_at(zone, now.to, &next); now = next)
        if (next.offset_s != now.offset_s)
            change(ctx, b, now.to, now.offset_s, next.offset_s);
    ics_line(b, STR("END:VTIMEZONE"));
}
