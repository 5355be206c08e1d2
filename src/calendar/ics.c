/* SPDX-License-Identifier: MIT */
/* Cuts a calendar into its entries, line by line, and holds it to its bounds. */
#include "calendar/ics.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"

#include "calendar/ics_parts.h"

const char *const ics_problems[] = {
    "line_too_long", "no_uid",      "uid_too_long",  "no_name",       "name_too_long",
    "no_start",      "not_all_day", "bad_end",       "span_too_long", "bad_rule",
    "cancelled",     "duplicate",   "out_of_window", "unreadable",    NULL,
};

/* The properties of an entry that say which days it takes and what they are called. */
static const char *const wanted[] = {
    "UID",   "SUMMARY", "DTSTART", "DTEND",  "DURATION",
    "RRULE", "EXDATE",  "RDATE",   "STATUS", "RECURRENCE-ID",
};

struct scan {
    struct ics_out *out;
    struct str rest;  /* of the text */
    struct buf line;  /* unfolded, cut at ICS_LINE_MAX */
    bool is_cut;      /* the line was longer */
    struct buf event; /* wanted lines of the entry */
    bool in_event;    /* directly in it, not in an alarm of it */
    bool is_long;     /* a wanted line of it was cut */
    size_t depth, events;
    bool calendars;                 /* at least one VCALENDAR */
    struct str open[ICS_DEPTH_MAX]; /* names of the components around */
};

static enum err invalid(struct ctx *ctx, const char *why)
{
    return fail(ctx, ERR_CALENDAR_INVALID, "%s", why);
}

/* The thread's own time: a busy machine does not make a calendar wrong. */
static int64_t cpu_us(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

enum err ics_check_time(const struct ics_out *out)
{
    return cpu_us() > out->until_us ? invalid(out->ctx, "the calendar takes too long to read")
                                    : ERR_OK;
}

enum err ics_add(struct ics_out *out, const struct ics_found *f)
{
    if (out->n == ICS_ENTRIES_MAX)
        return fail(out->ctx, ERR_CALENDAR_INVALID,
                    "the calendar has more than %d entries, days of rules counted",
                    ICS_ENTRIES_MAX);
    out->at[out->n++] = *f;
    return ERR_OK;
}

/* One physical line off the front, without its end. */
static struct str take_physical(struct str *rest)
{
    struct str line = str_cut(rest, '\n');

    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static void put_cut(struct scan *s, struct str part)
{
    size_t room = ICS_LINE_MAX - s->line.len;

    if (part.len > room) {
        s->is_cut = true;
        part.len = room;
    }
    buf_str(&s->line, part);
}

/* The next logical line into s->line. False at the end of the text. */
static bool take_line(struct scan *s)
{
    s->line.len = 0;
    s->is_cut = false;
    if (!s->rest.len)
        return false;
    put_cut(s, take_physical(&s->rest));
    while (s->rest.len && (s->rest.at[0] == ' ' || s->rest.at[0] == '\t')) {
        struct str more = take_physical(&s->rest);

        put_cut(s, (struct str){more.at + 1, more.len - 1});
    }
    return true;
}

static struct str name_of(struct str line)
{
    size_t n = 0;

    while (n < line.len && line.at[n] != ':' && line.at[n] != ';')
        n++;
    return (struct str){line.at, n};
}

static enum err begin(struct scan *s, struct str name)
{
    if (s->depth == ICS_DEPTH_MAX)
        return fail(s->out->ctx, ERR_CALENDAR_INVALID,
                    "components lie more than %d deep in one another", ICS_DEPTH_MAX);
    if (s->depth == 0 && !str_eq_nocase(name, STR("VCALENDAR")))
        return invalid(s->out->ctx, "the text does not begin with BEGIN:VCALENDAR");
    s->calendars = true;
    s->open[s->depth++] = arena_str(&s->out->ctx->arena, name);
    if (s->depth == 2 && str_eq_nocase(name, STR("VEVENT"))) {
        if (++s->events > ICS_ENTRIES_MAX)
            return fail(s->out->ctx, ERR_CALENDAR_INVALID, "the calendar has more than %d entries",
                        ICS_ENTRIES_MAX);
        s->in_event = true;
        s->is_long = false;
        s->event.len = 0;
        buf_puts(&s->event, "BEGIN:VEVENT\r\n");
    } else {
        s->in_event = false;
    }
    return ERR_OK;
}

static enum err end_event(struct scan *s)
{
    struct ics_found f = {.entry.problem = "line_too_long"};

    enum err e = ics_check_time(s->out);

    if (e)
        return e;
    if (s->is_long)
        return ics_add(s->out, &f);
    buf_puts(&s->event, "END:VEVENT\r\n");
    return ics_event(s->out, buf_view(&s->event));
}

static enum err end(struct scan *s, struct str name)
{
    bool was_event = s->in_event;

    if (s->depth == 0 || !str_eq_nocase(s->open[s->depth - 1], name))
        return invalid(s->out->ctx, "a BEGIN and an END do not fit each other");
    s->depth--;
    /* Back from an alarm. */
    s->in_event = s->depth == 2 && str_eq_nocase(s->open[1], STR("VEVENT"));
    return was_event ? end_event(s) : ERR_OK;
}

static bool is_wanted(struct str name)
{
    for (size_t i = 0; i < COUNT(wanted); i++)
        if (str_eq_nocase(name, str_of(wanted[i])))
            return true;
    return false;
}

static void keep(struct scan *s, struct str line)
{
    if (s->is_cut || s->event.len + line.len > ICS_EVENT_MAX) {
        s->is_long = true;
        return;
    }
    buf_str(&s->event, line);
    buf_puts(&s->event, "\r\n");
}

static enum err take(struct scan *s)
{
    struct str line = buf_view(&s->line);
    struct str name = name_of(line);
    struct str value = {line.at + name.len, line.len - name.len};

    value = str_trim(value.len ? (struct str){value.at + 1, value.len - 1} : value);
    if (str_eq_nocase(name, STR("BEGIN")))
        return begin(s, value);
    if (str_eq_nocase(name, STR("END")))
        return end(s, value);
    if (s->depth == 0 && str_trim(line).len)
        return invalid(s->out->ctx, "the text does not begin with BEGIN:VCALENDAR");
    if (s->in_event && is_wanted(name))
        keep(s, line);
    return ERR_OK;
}

static void scan_finish(struct scan *s)
{
    buf_finish(&s->line);
    buf_finish(&s->event);
}

static enum err scan_all(struct ics_out *out, struct str text)
{
    cleanup(scan_finish) struct scan s = {
        .out = out,
        .rest = text,
        .line = BUF(ICS_LINE_MAX + 1),
        .event = BUF(ICS_EVENT_MAX + 64),
    };
    enum err e = ERR_OK;

    while (!e && take_line(&s))
        e = take(&s);
    if (!e && !s.calendars)
        e = invalid(out->ctx, "there is no calendar in it");
    if (!e && s.depth)
        e = invalid(out->ctx, "the calendar is cut off: an END is missing");
    return e;
}

/* What stands in for a day of a rule takes its place; a second one of the same name is told. */
static void settle_twins(struct ics_out *out)
{
    for (size_t i = 0; i < out->n; i++) {
        struct ics_found *f = &out->at[i];

        for (size_t k = 0; k < i && f->entry.uid.len; k++) {
            struct ics_found *other = &out->at[k];

            if (other->dropped || !str_eq(other->entry.uid, f->entry.uid))
                continue;
            if (f->overrides == other->overrides)
                f->entry.problem = "duplicate";
            else if (f->overrides)
                other->dropped = true;
            else
                f->dropped = true;
        }
    }
}

enum err ics_read(struct ctx *ctx, struct str text, struct ics_days window, struct list *ret)
{
    struct ics_out out = {
        .ctx = ctx,
        .window = window,
        .at = ARENA_NEW_N(&ctx->arena, struct ics_found, ICS_ENTRIES_MAX),
        .until_us = cpu_us() + ICS_MILLISECONDS * 1000,
    };
    struct ics_entry *rows;
    size_t n = 0;
    enum err e;

    if (text.len > ICS_MAX)
        return invalid(ctx, "the calendar is larger than 1 MiB");
    if (str_starts(text, "\xEF\xBB\xBF"))
        text = (struct str){text.at + 3, text.len - 3};
    if (!str_is_utf8(text))
        return invalid(ctx, "the text is not UTF-8");
    e = scan_all(&out, text);
    if (e)
        return e;
    settle_twins(&out);
    rows = ARENA_NEW_N(&ctx->arena, struct ics_entry, out.n);
    for (size_t i = 0; i < out.n; i++)
        if (!out.at[i].dropped)
            rows[n++] = out.at[i].entry;
    *ret = (struct list){rows, n};
    return ERR_OK;
}
