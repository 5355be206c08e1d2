/* SPDX-License-Identifier: MIT */
/* Own writer: forty lines of rules (folding, escaping) instead of a library's object for each. */
#include "calendar/ics_write.h"

#include <string.h>

#include "base/buf.h"
#include "base/zone.h"

#include "calendar/ics_zone.h"

/* Of 2,000 sessions whose names and reasons are as long as can be: under 9 MiB. */
enum { TEXT_MAX = 12 << 20, LINE_OCTETS = 75 };

#define F(...) FIELD(struct ics_session, __VA_ARGS__)
static const struct field session_fields[] = {
    F(id, "Session"),        F(starts_at, "Start"),    F(ends_at, "End"),
    F(time_zone, "Zone"),    F(module_code, "Module"), F(module_name, "Module"),
    F(kind, "Kind"),         F(state, "State"),        F(room_name, "Room"),
    F(cancel_reason, "Why"), F(sequence, "Sequence"),  F(updated_at, "Changed"),
};
#undef F
const struct schema ics_session_schema = SCHEMA(ics_session, session_fields);

/* Where a line of at most `max` octets may be cut: never inside a character. */
static size_t cut_at(struct str s, size_t max)
{
    size_t n = max;

    if (s.len <= max)
        return s.len;
    while (n > 1 && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* RFC 5545, 3.1: lines of at most 75 octets, the rest on lines that begin with a space. */
void ics_line(struct buf *b, struct str line)
{
    size_t n = cut_at(line, LINE_OCTETS);

    buf_add(b, line.at, n);
    buf_puts(b, "\r\n");
    for (line = (struct str){line.at + n, line.len - n}; line.len;
         line = (struct str){line.at + n, line.len - n}) {
        n = cut_at(line, LINE_OCTETS - 1);
        buf_putc(b, ' ');
        buf_add(b, line.at, n);
        buf_puts(b, "\r\n");
    }
}

/* RFC 5545, 3.3.11. Other controls than line ends are left out. */
static struct str escaped(struct ctx *ctx, struct str s)
{
    char *at = (char *)arena_alloc(&ctx->arena, s.len * 2 + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        if (c == '\\' || c == ';' || c == ',' || c == '\n')
            at[n++] = '\\';
        if (c == '\n')
            at[n++] = 'n';
        else if (c == '\t' || (c >= 0x20 && c != 0x7F))
            at[n++] = (char)c;
    }
    return (struct str){at, n};
}

static void text(struct ctx *ctx, struct buf *b, const char *name, struct str value)
{
    struct str v = escaped(ctx, value);

    ics_line(b, arena_printf(&ctx->arena, "%s:%.*s", name, (int)v.len, v.at));
}

/* "20260329T080000Z" */
static struct str utc_time(struct ctx *ctx, int64_t ms)
{
    struct local_time t = {.year = 1970, .month = 1, .day = 1};

    (void)zone_local(STR("UTC"), ms, &t);
    return arena_printf(&ctx->arena, "%04d%02d%02dT%02d%02d%02dZ", (int)t.year, t.month, t.day,
                        t.minute / 60, t.minute % 60, t.second);
}

static bool is_utc(struct str zone)
{
    return !zone.len || str_is(zone, "UTC") || str_is(zone, "Etc/UTC");
}

/* By the session's zone; in UTC where a local time would be read as another moment: the second of
 * two equal hours, or a zone that is not known. */
static void time_line(struct ctx *ctx, struct buf *b, const char *name, struct str zone, int64_t ms)
{
    struct local_time t;
    int64_t back;

    if (is_utc(zone) || !zone_local(zone, ms, &t) || !zone_utc(zone, &t, &back, NULL) ||
        back / 1000 != ms / 1000) {
        ics_line(b, arena_printf(&ctx->arena, "%s:%s", name, utc_time(ctx, ms).at));
        return;
    }
    ics_line(b, arena_printf(&ctx->arena, "%s;TZID=%.*s:%04d%02d%02dT%02d%02d%02d", name,
                             (int)zone.len, zone.at, (int)t.year, t.month, t.day, t.minute / 60,
                             t.minute % 60, t.second));
}

static void number(struct ctx *ctx, struct buf *b, const char *name, int64_t n)
{
    ics_line(b, arena_printf(&ctx->arena, "%s:%lld", name, (long long)n));
}

static void event(struct ctx *ctx, struct buf *b, const struct ics_calendar *c,
                  const struct ics_session *s)
{
    bool cancelled = str_is(s->state, "cancelled");
    int64_t changed = s->updated_at ? s->updated_at : c->made_at;

    ics_line(b, STR("BEGIN:VEVENT"));
    ics_line(b, arena_printf(&ctx->arena, "UID:session-%lld.%.*s@smartpresence", (long long)s->id,
                             (int)c->school.len, c->school.at));
    ics_line(b, arena_printf(&ctx->arena, "DTSTAMP:%s", utc_time(ctx, changed).at));
    ics_line(b, arena_printf(&ctx->arena, "LAST-MODIFIED:%s", utc_time(ctx, changed).at));
    number(ctx, b, "SEQUENCE", s->sequence);
    time_line(ctx, b, "DTSTART", s->time_zone, s->starts_at);
    time_line(ctx, b, "DTEND", s->time_zone, s->ends_at);
    text(ctx, b, "SUMMARY", s->module_name);
    if (s->room_name.set && !s->room_name.null)
        text(ctx, b, "LOCATION", s->room_name.v);
    if (cancelled && s->cancel_reason.set && !s->cancel_reason.null)
        text(ctx, b, "DESCRIPTION", s->cancel_reason.v);
    text(ctx, b, "CATEGORIES", s->kind);
    ics_line(b, cancelled ? STR("STATUS:CANCELLED") : STR("STATUS:CONFIRMED"));
    if (cancelled)
        ics_line(b, STR("TRANSP:TRANSPARENT"));
    ics_line(b, STR("END:VEVENT"));
}

static void zones(struct ctx *ctx, struct buf *b, const struct ics_calendar *c)
{
    const struct ics_session *s = c->sessions.at;

    for (size_t i = 0; i < c->sessions.n; i++) {
        bool told = is_utc(s[i].time_zone);

        for (size_t k = i; k-- > 0 && !told;)
            told = str_eq(s[k].time_zone, s[i].time_zone);
        if (!told)
            ics_zone(ctx, b, s[i].time_zone, c->from, c->to);
    }
}

enum err ics_write(struct ctx *ctx, const struct ics_calendar *c, struct str *ret)
{
    cleanup(buf_finish) struct buf b = BUF(TEXT_MAX);
    const struct ics_session *s = c->sessions.at;

    ics_line(&b, STR("BEGIN:VCALENDAR"));
    ics_line(&b, STR("VERSION:2.0"));
    ics_line(&b, STR("PRODID:-//SmartPresence//Timetable//EN"));
    ics_line(&b, STR("CALSCALE:GREGORIAN"));
    text(ctx, &b, "X-WR-CALNAME", c->name);
    ics_line(&b, STR("REFRESH-INTERVAL;VALUE=DURATION:PT1H"));
    ics_line(&b, STR("X-PUBLISHED-TTL:PT1H"));
    zones(ctx, &b, c);
    for (size_t i = 0; i < c->sessions.n; i++)
        event(ctx, &b, c, &s[i]);
    ics_line(&b, STR("END:VCALENDAR"));
    if (b.failed)
        return fail(ctx, ERR_INTERNAL, "a calendar is larger than %d bytes", TEXT_MAX);
    *ret = arena_str(&ctx->arena, buf_view(&b));
    return ERR_OK;
}
