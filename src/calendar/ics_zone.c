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

static int32_t offset_at(struct str zone, int64_t ms)
{
    struct local_time t;

    return zone_local(zone, ms, &t) ? t.offset_s : 0;
}

/* The first second with the new offset, between two moments whose offsets differ. */
static int64_t find_change(struct str zone, int64_t before, int64_t after)
{
    int32_t old = offset_at(zone, before);

    while (after - before > 1000) {
        int64_t middle = before + (after - before) / 2000 * 1000;

        if (middle == before)
            middle += 1000;
        if (offset_at(zone, middle) == old)
            before = middle;
        else
            after = middle;
    }
    return after;
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
    int64_t at = (from / 1000 - day_ms / 1000) * 1000;
    struct local_time t;
    int32_t now;

    if (!zone_local(zone, at, &t))
        return;
    now = t.offset_s;
    ics_line(b, STR("BEGIN:VTIMEZONE"));
    ics_line(b, arena_printf(&ctx->arena, "TZID:%.*s", (int)zone.len, zone.at));
    part(ctx, b, "19700101T000000", now, now);
    for (; at < to + day_ms; at += day_ms) {
        int32_t next = offset_at(zone, at + day_ms);

        if (next == now)
            continue;
        change(ctx, b, find_change(zone, at, at + day_ms), now, next);
        now = next;
    }
    ics_line(b, STR("END:VTIMEZONE"));
}
