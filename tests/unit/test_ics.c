/* SPDX-License-Identifier: MIT */
/* Calendars read within their bounds, and written so that others read them. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/zone.h"

#include "calendar/calendar.h"
#include "calendar/ics.h"
#include "calendar/ics_write.h"
#include "ctx_test.h"

static int64_t day(const char *date)
{
    int64_t n = 0;

    assert_true(day_number(str_of(date), &n));
    return n;
}

static enum err read_text(struct ctx *ctx, struct str text, struct list *ret)
{
    struct ics_days window = {day("2026-01-01"), day("2029-01-01")};

    fault_clear(ctx);
    return ics_read(ctx, text, window, ret);
}

static struct list read_event(struct ctx *ctx, const char *lines)
{
    struct list rows = {0};

    assert_int_equal(read_text(ctx,
                               arena_printf(&ctx->arena,
                                            "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n%s"
                                            "END:VEVENT\nEND:VCALENDAR\n",
                                            lines),
                               &rows),
                     ERR_OK);
    return rows;
}

/* "2026-05-01..2026-05-02 Name [uid]" or "problem" */
static const char *told(struct ctx *ctx, const struct ics_entry *e)
{
    if (e->problem)
        return e->problem;
    return arena_printf(&ctx->arena, "%s..%s %.*s [%.*s]",
                        date_of_day(&ctx->arena, e->days.from).at,
                        date_of_day(&ctx->arena, e->days.to).at, (int)e->name.len, e->name.at,
                        (int)e->uid.len, e->uid.at)
        .at;
}

#define NAMED "UID:a\nSUMMARY:Rest\n"

static void entries_of_whole_days(void **state)
{
    static const char *const rows[][2] = {
        {NAMED "DTSTART;VALUE=DATE:20260501\n", "2026-05-01..2026-05-02 Rest [a]"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260508\n",
         "2026-05-01..2026-05-08 Rest [a]"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501\n",
         "2026-05-01..2026-05-02 Rest [a]"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDURATION:P2W\n", "2026-05-01..2026-05-15 Rest [a]"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDURATION:P3D\n", "2026-05-01..2026-05-04 Rest [a]"},
        {"uid:a\nsummary;LANGUAGE=fr:Re\n st\ndtstart;value=date:20260501\n",
         "2026-05-01..2026-05-02 Rest [a]"},
        {"UID:a\nSUMMARY:Aïd\\, fête\\; \\\"x\\n y\nDTSTART;VALUE=DATE:20260501\n",
         "2026-05-01..2026-05-02 Aïd, fête; \"x y [a]"},
        {NAMED "DTSTART;VALUE=DATE:20280229\nBEGIN:VALARM\nSUMMARY:Not this\nUID:b\nEND:VALARM\n",
         "2028-02-29..2028-03-01 Rest [a]"},
        {"SUMMARY:Rest\nDTSTART;VALUE=DATE:20260501\n", "no_uid"},
        {"UID:a\nDTSTART;VALUE=DATE:20260501\n", "no_name"},
        {"UID:a\nSUMMARY: \\n \nDTSTART;VALUE=DATE:20260501\n", "no_name"},
        {NAMED, "no_start"},
        {NAMED "DTSTART:20260501T080000Z\n", "not_all_day"},
        {NAMED "DTSTART;TZID=Europe/Paris:20260501T080000\n", "not_all_day"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260430\n", "bad_end"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDTEND:20260502T080000Z\n", "bad_end"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDURATION:-P1D\n", "bad_end"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDURATION:PT5H\n", "bad_end"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20270601\n", "span_too_long"},
        {NAMED "DTSTART;VALUE=DATE:20250501\n", "out_of_window"},
        {NAMED "DTSTART;VALUE=DATE:19690101\n", "out_of_window"},
        {NAMED "DTSTART;VALUE=DATE:99990101\n", "out_of_window"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED\n", "cancelled"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=SECONDLY\n", "bad_rule"},
        {NAMED "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=DAILY;BYHOUR=1,2,3\n", "bad_rule"},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct list got = read_event(ctx, rows[i][0]);

        if (got.n != 1)
            print_error("row %zu: %zu entries\n", i, got.n);
        assert_int_equal(got.n, 1);
        assert_says(told(ctx, got.at), rows[i][1], i);
    }
}

static void assert_rule(struct ctx *ctx, const char *lines, const char *want)
{
    struct list got = read_event(ctx, lines);
    struct str all = STR("");

    for (size_t i = 0; i < got.n; i++)
        all = arena_printf(&ctx->arena, "%s%s;", all.at,
                           told(ctx, (const struct ics_entry *)got.at + i));
    assert_string_equal(all.at, want);
}

static void rules_day_by_day(void **state)
{
    struct ctx *ctx = *state;

    assert_rule(ctx, NAMED "DTSTART;VALUE=DATE:20000501\nRRULE:FREQ=YEARLY\n",
                "2026-05-01..2026-05-02 Rest [a#2026-05-01];"
                "2027-05-01..2027-05-02 Rest [a#2027-05-01];"
                "2028-05-01..2028-05-02 Rest [a#2028-05-01];");
    assert_rule(ctx,
                NAMED
                "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=WEEKLY;COUNT=4\n"
                "EXDATE;VALUE=DATE:20260508,20260515\n",
                "2026-05-01..2026-05-02 Rest [a#2026-05-01];"
                "2026-05-22..2026-05-23 Rest [a#2026-05-22];");
    assert_rule(ctx,
                NAMED
                "DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261127\n"
                "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20271231\n",
                "2026-11-26..2026-11-28 Rest [a#2026-11-26];"
                "2027-11-25..2027-11-27 Rest [a#2027-11-25];");
    assert_rule(ctx, NAMED "DTSTART;VALUE=DATE:20260501\nRDATE;VALUE=DATE:20260601,20260701\n",
                "2026-05-01..2026-05-02 Rest [a#2026-05-01];"
                "2026-06-01..2026-06-02 Rest [a#2026-06-01];"
                "2026-07-01..2026-07-02 Rest [a#2026-07-01];");
}

static void one_day_of_a_rule_is_stood_in_for(void **state)
{
    struct ctx *ctx = *state;

    assert_rule(ctx,
                NAMED
                "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:a\nSUMMARY:Moved\nRECURRENCE-ID;VALUE=DATE:20260502\n"
                "DTSTART;VALUE=DATE:20260509\n",
                "2026-05-01..2026-05-02 Rest [a#2026-05-01];"
                "2026-05-09..2026-05-10 Moved [a#2026-05-02];");
    assert_rule(ctx,
                NAMED "DTSTART;VALUE=DATE:20260501\nEND:VEVENT\nBEGIN:VEVENT\n" NAMED
                      "DTSTART;VALUE=DATE:20260601\n",
                "2026-05-01..2026-05-02 Rest [a];duplicate;");
}

static void what_is_no_calendar(void **state)
{
    static const char *const rows[][2] = {
        {"", "no calendar"},
        {"\n\n", "no calendar"},
        {"<html>", "does not begin with"},
        {"BEGIN:VEVENT\nEND:VEVENT\n", "does not begin with"},
        {"BEGIN:VCALENDAR\n", "cut off"},
        {"BEGIN:VCALENDAR\nEND:VEVENT\n", "do not fit"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", "do not fit"},
        {"BEGIN:VCALENDAR\nX:\xff\nEND:VCALENDAR\n", "not UTF-8"},
        {"BEGIN:VCALENDAR\nX:\xed\xa0\x80\nEND:VCALENDAR\n", "not UTF-8"},
    };
    struct ctx *ctx = *state;
    struct list got = {0};

    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(read_text(ctx, str_of(rows[i][0]), &got), ERR_CALENDAR_INVALID);
        assert_says(arena_cstr(&ctx->arena, ctx->fault.detail), rows[i][1], i);
    }
    assert_int_equal(read_text(ctx,
                               STR("\xEF\xBB\xBF"
                                   "BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
                               &got),
                     ERR_OK);
    assert_int_equal(got.n, 0);
}

/* Many times `one` between a head and a tail, to nearly 1 MiB. */
static struct str many(struct buf *b, const char *head, const char *one, const char *tail)
{
    size_t len = strlen(one);

    b->len = 0;
    buf_puts(b, head);
    while (b->len + len + strlen(tail) <= ICS_MAX)
        buf_add(b, one, len);
    buf_puts(b, tail);
    return buf_view(b);
}

#define HEAD  "BEGIN:VCALENDAR\n"
#define TAIL  "END:VCALENDAR\n"
#define EVENT "BEGIN:VEVENT\nUID:u\nSUMMARY:s\nDTSTART;VALUE=DATE:20260101\n"

/* The thread's own: tests run beside each other. */
static int64_t cpu_ms(void)
{
    struct timespec t = {0};

    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void bombs_are_defused(void **state)
{
    static const struct {
        const char *head, *one, *tail, *says; /* NULL: it is read, each entry told */
    } rows[] = {
        {HEAD, "BEGIN:VEVENT\nEND:VEVENT\n", TAIL, "more than 2000"},
        {HEAD, "BEGIN:X\n", "", "deep"},
        {HEAD EVENT, "BEGIN:VALARM\n", "", "deep"},
        {HEAD EVENT "DESCRIPTION:", "0123456789", "\nEND:VEVENT\n" TAIL, NULL},
        {HEAD EVENT "X:", "y\n ", "\nEND:VEVENT\n" TAIL, NULL},
        {HEAD "BEGIN:VEVENT\nSUMMARY:", "\\\\", "\nEND:VEVENT\n" TAIL, NULL},
        {HEAD EVENT, "EXDATE;VALUE=DATE:20260101\n", "END:VEVENT\n" TAIL, NULL},
        {HEAD EVENT, "RRULE:FREQ=DAILY\n", "END:VEVENT\n" TAIL, NULL},
        {HEAD, EVENT "RRULE:FREQ=DAILY\nEND:VEVENT\n", TAIL, "more than 2000"},
        {HEAD, EVENT "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n", TAIL, ""},
        {HEAD, EVENT "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;INTERVAL=1\nEND:VEVENT\n", TAIL,
         ""},
        {HEAD, EVENT "RRULE:FREQ=DAILY;BYYEARDAY=-366;BYDAY=MO;BYWEEKNO=1\nEND:VEVENT\n", TAIL, ""},
        {HEAD, EVENT "RRULE:FREQ=MONTHLY;BYSETPOS=-366;COUNT=2000000000\nEND:VEVENT\n", TAIL, ""},
        {HEAD, EVENT "RRULE:RSCALE=CHINESE;FREQ=YEARLY;SKIP=FORWARD\nEND:VEVENT\n", TAIL, ""},
        {HEAD, "\n", TAIL, NULL},
    };
    struct ctx *ctx = *state;
    cleanup(buf_finish) struct buf b = BUF(ICS_MAX + 64);

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str text = many(&b, rows[i].head, rows[i].one, rows[i].tail);
        struct list got = {0};
        int64_t began = cpu_ms();
        enum err e = read_text(ctx, text, &got);
        int64_t ms = cpu_ms() - began;

        if (rows[i].says && rows[i].says[0])
            assert_says(arena_cstr(&ctx->arena, ctx->fault.detail), rows[i].says, i);
        if (!rows[i].says)
            assert_int_equal(e, ERR_OK);
        assert_true(e == ERR_OK || e == ERR_CALENDAR_INVALID);
        print_message("# bomb %zu: %s, %zu entries, %lld ms\n", i, err_info(e)->slug, got.n,
                      (long long)ms);
        /* The budget, one rule that never comes true, and room for sanitizers. */
        assert_in_range(ms, 0, 4 * (ICS_MILLISECONDS + 750));
        arena_finish(&ctx->arena);
        ctx_reset(ctx);
    }
}

static struct ics_session session(int64_t id, const char *zone, const char *start)
{
    struct ics_session s = {
        .id = id,
        .time_zone = str_of(zone),
        .module_code = STR("M"),
        .module_name = STR("Réseaux, \\ \"TP\"; lundi\nsuite"),
        .kind = STR("course"),
        .state = STR("scheduled"),
        .sequence = 3,
    };

    assert_true(time_parse(str_of(start), &s.starts_at));
    s.ends_at = s.starts_at + 5400000;
    return s;
}

static const char *written(struct ctx *ctx, struct ics_session *at, size_t n)
{
    struct ics_calendar c = {
        .name = STR("الفوج أ، ب; ج"),
        .school = STR("abc"),
        .made_at = 1000,
        .sessions = {at, n},
    };
    struct str text;

    assert_true(time_parse(STR("2025-10-01T00:00:00Z"), &c.from));
    c.to = c.from + (int64_t)210 * 86400000;
    assert_int_equal(ics_write(ctx, &c, &text), ERR_OK);
    return text.at;
}

static void what_is_written(void **state)
{
    struct ctx *ctx = *state;
    struct ics_session at[] = {
        session(7, "Europe/Paris", "2025-10-26T09:00:00Z"),
        session(8, "Europe/Paris", "2025-10-26T00:30:00Z"), /* 02:30, the first of two */
        session(9, "Europe/Paris", "2025-10-26T01:30:00Z"), /* 02:30 again */
        session(10, "Asia/Kathmandu", "2025-10-27T00:15:00Z"),
        session(11, "UTC", "2025-10-27T00:15:00Z"),
        session(12, "Nowhere/Land", "2025-10-27T00:15:00Z"),
    };
    static const char *const parts[] = {
        "\r\nX-WR-CALNAME:الفوج أ، ب\\; ج\r\n",
        "\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0200",
        "BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100",
        "BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200",
        "\r\nTZOFFSETTO:+0545\r\n",
        "\r\nUID:session-7.abc@smartpresence\r\n",
        "\r\nDTSTART;TZID=Europe/Paris:20251026T100000\r\nDTEND;TZID=Europe/Paris:20251026T113000",
        "\r\nDTSTART;TZID=Europe/Paris:20251026T023000\r\n",
        "\r\nDTSTART:20251026T013000Z\r\n",
        "\r\nDTSTART;TZID=Asia/Kathmandu:20251027T060000\r\n",
        "\r\nDTSTART:20251027T001500Z\r\n",
        "\r\nSUMMARY:Réseaux\\, \\\\ \"TP\"\\; lundi\\nsuite\r\n",
        "\r\nSEQUENCE:3\r\n",
        "\r\nDTSTAMP:19700101T000001Z\r\n",
    };
    const char *text = written(ctx, at, COUNT(at));

    for (size_t i = 0; i < COUNT(parts); i++)
        assert_says(text, parts[i], i);
    assert_null(strstr(text, "TZID=Nowhere"));
}

static void lines_are_folded_between_characters(void **state)
{
    struct ctx *ctx = *state;
    struct ics_session s = session(1, "UTC", "2025-10-27T00:15:00Z");
    cleanup(buf_finish) struct buf name = BUF(4096);
    struct str text;

    for (size_t i = 0; i < 100; i++)
        buf_puts(&name, i % 3 ? "م" : i % 2 ? "€" : "😀");
    s.module_name = buf_view(&name);
    text = str_of(written(ctx, &s, 1));
    while (text.len) {
        struct str line = str_cut(&text, '\n');

        assert_true(line.len > 0 && line.at[line.len - 1] == '\r');
        assert_in_range(line.len, 1, 76);
        assert_true(str_is_utf8(line));
    }
}

/* 200 characters of four bytes, 500 of a reason: as much as the API takes. */
static void the_longest_names_fit(void **state)
{
    static struct ics_session at[FEED_EVENTS_MAX];
    struct ctx *ctx = *state;
    cleanup(buf_finish) struct buf words = BUF(4096);

    for (size_t i = 0; i < 500; i++)
        buf_puts(&words, "😀");
    for (size_t i = 0; i < COUNT(at); i++) {
        at[i] = session((int64_t)i + 1, "Europe/Paris", "2025-10-27T00:15:00Z");
        at[i].module_name = (struct str){words.at, 800};
        at[i].room_name = (struct opt_str){.set = true, .v = {words.at, 800}};
        at[i].cancel_reason = (struct opt_str){.set = true, .v = buf_view(&words)};
        at[i].state = STR("cancelled");
    }
    assert_non_null(strstr(written(ctx, at, COUNT(at)), "UID:session-2000.abc@"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(entries_of_whole_days),
        ctx_test(rules_day_by_day),
        ctx_test(one_day_of_a_rule_is_stood_in_for),
        ctx_test(what_is_no_calendar),
        ctx_test(bombs_are_defused),
        ctx_test(what_is_written),
        ctx_test(lines_are_folded_between_characters),
        ctx_test(the_longest_names_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
