/* SPDX-License-Identifier: MIT */
/* base/zone.h: local times and UTC over daylight saving; base/tzif.h: files that lie. */
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tzif.h"
#include "base/zone.h"

#include "check.h"

/* 2026-02-03T04:05:06Z and the like. */
static int64_t at(const char *text)
{
    int64_t ms = -1;

    assert_true(time_parse(str_of(text), &ms));
    return ms;
}

static void local_times_follow_daylight_saving(void **state)
{
    static const struct {
        const char *zone, *utc, *local;
    } rows[] = {
        {"Europe/Paris", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"},
        {"Europe/Paris", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"},
        {"Europe/Paris", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00"},
        {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00"},
        /* Ramadan 2026: an hour back from 15 February to 22 March. */
        {"Africa/Casablanca", "2026-02-14T12:00:00Z", "2026-02-14T13:00:00+01:00"},
        {"Africa/Casablanca", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00+00:00"},
        {"Africa/Casablanca", "2026-03-23T12:00:00Z", "2026-03-23T13:00:00+01:00"},
        {"Asia/Kathmandu", "2026-07-01T18:15:00Z", "2026-07-02T00:00:00+05:45"},
        /* After all that the file spells out. What a country's clocks will do then is for its laws
         * (zone_python.py asks the same tz database); this one is no country's. */
        {"Etc/GMT+5", "9999-12-31T12:00:00Z", "9999-12-31T07:00:00-05:00"},
        {"UTC", "2026-07-01T12:00:00.250Z", "2026-07-01T12:00:00.250+00:00"},
    };
    struct arena a = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(zone_format(&a, str_of(rows[i].zone), at(rows[i].utc)).at,
                            rows[i].local);
    arena_finish(&a);
}

static void a_local_minute_becomes_utc(void **state)
{
    static const struct {
        const char *zone, *day;
        int minute;
        const char *utc;
        enum zone_fit fit;
    } rows[] = {
        {"Europe/Paris", "2026-03-28", 540, "2026-03-28T08:00:00Z", ZONE_ONE},
        {"Europe/Paris", "2026-03-29", 540, "2026-03-29T07:00:00Z", ZONE_ONE},
        {"Europe/Paris", "2026-03-29", 119, "2026-03-29T00:59:00Z", ZONE_ONE},
        {"Europe/Paris", "2026-03-29", 120, "2026-03-29T01:00:00Z", ZONE_GAP},
        {"Europe/Paris", "2026-03-29", 150, "2026-03-29T01:30:00Z", ZONE_GAP},
        {"Europe/Paris", "2026-03-29", 180, "2026-03-29T01:00:00Z", ZONE_ONE},
        {"Europe/Paris", "2026-10-25", 150, "2026-10-25T00:30:00Z", ZONE_OVERLAP},
        {"Europe/Paris", "2026-10-25", 180, "2026-10-25T02:00:00Z", ZONE_ONE},
        {"America/New_York", "2026-03-08", 150, "2026-03-08T07:30:00Z", ZONE_GAP},
        {"America/New_York", "2026-11-01", 90, "2026-11-01T05:30:00Z", ZONE_OVERLAP},
        {"Africa/Casablanca", "2026-02-15", 150, "2026-02-15T01:30:00Z", ZONE_OVERLAP},
        {"Africa/Casablanca", "2026-03-22", 150, "2026-03-22T02:30:00Z", ZONE_GAP},
        {"Africa/Casablanca", "2026-03-02", 510, "2026-03-02T08:30:00Z", ZONE_ONE},
        {"Asia/Kathmandu", "2026-03-29", 600, "2026-03-29T04:15:00Z", ZONE_ONE},
        {"Etc/GMT-1", "9999-03-28", 150, "9999-03-28T01:30:00Z", ZONE_ONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum zone_fit fit = ZONE_ONE;
        int64_t ms = 0;

        assert_true(
            zone_utc_day(str_of(rows[i].zone), str_of(rows[i].day), rows[i].minute, &ms, &fit));
        assert_int_equal(ms, at(rows[i].utc));
        assert_int_equal(fit, rows[i].fit);
    }
}

static void the_edges_are_1969_and_9999(void **state)
{
    struct local_time t;
    int64_t ms;

    (void)state;
    assert_true(zone_local(STR("Europe/Paris"), -86400000LL * 200, &t));
    assert_int_equal(t.year, 1969);
    assert_int_equal(t.offset_s, 3600);
    assert_false(zone_local(STR("Europe/Paris"), -86400000LL * 366, &t));
    assert_false(zone_local(STR("UTC"), at("9999-12-31T23:59:59Z") + 1000, &t));
    assert_false(zone_local(STR("UTC"), INT64_MAX, &t));
    assert_false(zone_local(STR("UTC"), INT64_MIN, &t));
    assert_true(zone_utc_day(STR("Asia/Kathmandu"), STR("1969-01-01"), 0, &ms, NULL));
    assert_int_equal(ms, -86400000LL * 365 - 19800000);
    assert_false(zone_utc_day(STR("UTC"), STR("1968-12-31"), 0, &ms, NULL));
    assert_false(zone_utc_day(STR("UTC"), STR("2026-02-29"), 0, &ms, NULL));
    assert_false(zone_utc_day(STR("UTC"), STR("2026-02-28"), 1440, &ms, NULL));
    assert_false(zone_utc_day(STR("UTC"), STR("2026-02-28"), -1, &ms, NULL));
}

static void names_that_are_no_zones_are_refused(void **state)
{
    static const char *const names[] = {
        "",
        "Mars/Olympus",
        "../../etc/passwd",
        "/etc/passwd",
        "Europe",
        "Europe/",
        "zone.tab",
        "right/Europe/Paris",
        "posix/Europe/Paris",
        "Europe/Paris ",
        "leapseconds",
        "europe/paris\n",
        "tzdata.zi",
    };
    struct local_time t;
    char longest[80];

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_false(zone_is_valid(str_of(names[i])));
        assert_false(zone_local(str_of(names[i]), 0, &t));
    }
    memset(longest, 'a', sizeof(longest));
    assert_false(zone_is_valid((struct str){longest, sizeof(longest)}));
    assert_false(zone_is_valid((struct str){"UTC\0x", 5}));
    assert_true(zone_is_valid(STR("America/Argentina/Buenos_Aires")));
    assert_true(zone_is_valid(STR("Etc/GMT+5")));
}

static void days_are_numbers(void **state)
{
    struct arena a = {0};
    int64_t n;

    (void)state;
    assert_true(day_number(STR("1970-01-01"), &n));
    assert_int_equal(n, 0);
    assert_true(day_number(STR("2026-09-07"), &n));
    assert_int_equal(day_weekday(n), 1);
    assert_int_equal(day_weekday(n + 6), 7);
    assert_int_equal(day_weekday(-1), 3); /* 1969-12-31 was a Wednesday */
    assert_string_equal(date_of_day(&a, n).at, "2026-09-07");
    assert_string_equal(date_of_day(&a, -1).at, "1969-12-31");
    assert_true(day_number(STR("2028-02-29"), &n));
    assert_false(day_number(STR("2027-02-29"), &n));
    assert_false(day_number(STR("2027-2-09"), &n));
    arena_finish(&a);
}

static void rules_of_years_to_come_are_read(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", true},
        {"<+01>-1", true},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", true},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true},
        {"EST5EDT,J60/2:30:15,300/167", true},
        {"", false},
        {"CET", false},
        {"CE-1", false},
        {"<+01-1", false},
        {"CET-1CEST", false},
        {"CET-1CEST,M13.1.0,M10.5.0", false},
        {"CET-1CEST,M3.6.0,M10.5.0", false},
        {"CET-1CEST,M3.5.7,M10.5.0", false},
        {"CET-1CEST,M3.5.0/168,M10.5.0", false},
        {"CET-1CEST,M3.5.0,M10.5.0/3x", false},
        {"CET-99", false},
        {"EST5EDT,J0,J365", false},
        {"EST5EDT,366,1", false},
    };
    struct tz_rule rule;
    struct tzif z = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(
            tz_rule_read(str_of(rows[i].text), &rule) == rows[i].good ? "" : rows[i].text, "");
    /* Summer time all year, as RFC 8536 has it. */
    assert_true(tz_rule_read(STR("XXX3EDT4,0/0,J365/23"), &z.rule));
    for (int64_t s = at("2026-01-01T00:00:00Z") / 1000; s < at("2028-02-01T00:00:00Z") / 1000;
         s += 1800)
        assert_int_equal(tzif_span(&z, s).offset, -4 * 3600);
    /* The south: daylight saving over the turn of the year. */
    assert_true(tz_rule_read(STR("AEST-10AEDT,M10.1.0,M4.1.0/3"), &z.rule));
    assert_int_equal(tzif_span(&z, at("2050-12-31T23:59:59Z") / 1000).offset, 11 * 3600);
    assert_int_equal(tzif_span(&z, at("2050-07-01T00:00:00Z") / 1000).offset, 10 * 3600);
    /* The north, to the end of years. */
    assert_true(tz_rule_read(STR("CET-1CEST,M3.5.0,M10.5.0/3"), &z.rule));
    assert_int_equal(tzif_span(&z, at("2090-07-01T12:00:00Z") / 1000).offset, 2 * 3600);
    assert_int_equal(tzif_span(&z, at("9999-03-28T00:59:59Z") / 1000).offset, 3600);
    assert_int_equal(tzif_span(&z, at("9999-03-28T01:00:00Z") / 1000).offset, 2 * 3600);
    assert_int_equal(tzif_span(&z, at("9999-12-31T12:00:00Z") / 1000).offset, 3600);
}

/* Any one byte wrong, or the end missing: refused or read, never out of bounds (asan). */
static void files_that_lie_are_refused(void **state)
{
    /* Two headers of 44 bytes, each with the counts of its block; one change in the second. */
    enum { FIRST = 44 + 10, SECOND = FIRST + 44 + 8 + 1 + 10, N = SECOND + 6 };
    char sound[N] = {0};
    struct tzif z;

    (void)state;
    memcpy(sound, "TZif2", 5);
    memcpy(sound + FIRST, "TZif2", 5);
    sound[39] = sound[FIRST + 39] = 1;
    sound[43] = sound[FIRST + 43] = 4;
    sound[FIRST + 35] = 1;
    memcpy(sound + SECOND, "\nUTC0\n", 6);
    assert_true(tzif_read((struct str){sound, N}, &z));
    assert_int_equal(z.n, 1);
    tzif_finish(&z);
    for (size_t n = 0; n < N; n++) {
        char *cut = mem_alloc(n + 1);

        memcpy(cut, sound, n);
        assert_false(tzif_read((struct str){cut, n}, &z));
        mem_free(cut);
    }
    for (size_t i = 0; i < N; i++)
        for (int bit = 0; bit < 8; bit++) {
            char *bent = mem_alloc(N);

            memcpy(bent, sound, N);
            bent[i] = (char)(bent[i] ^ (1 << bit));
            if (tzif_read((struct str){bent, N}, &z)) {
                (void)tzif_span(&z, 1700000000);
                tzif_finish(&z);
            }
            mem_free(bent);
        }
}

static void *look(void *arg)
{
    static const char *const zones[] = {"Asia/Tokyo", "Asia/Kolkata", "Pacific/Chatham", "Nowhere"};
    int64_t *wrong = arg;
    struct local_time t;

    for (int i = 0; i < 400; i++) {
        const char *zone = zones[i % 4];

        *wrong += zone_local(str_of(zone), 1700000000000, &t) != (i % 4 != 3);
    }
    return NULL;
}

static void many_threads_ask_at_once(void **state)
{
    pthread_t threads[8];
    int64_t wrong[8] = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look, &wrong[i]), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(wrong[i], 0);
    }
}

static void days_begin_and_deadlines_end_by_the_local_clock(void **state)
{
    static const struct {
        const char *zone, *at, *start, *week_later;
    } rows[] = {
        {"Europe/Paris", "2026-10-19T22:00:00Z", "2026-10-19T22:00:00Z", "2026-10-26T23:00:00Z"},
        {"Europe/Paris", "2026-03-24T12:34:56.789Z", "2026-03-23T23:00:00Z",
         "2026-03-31T11:34:56.789Z"},
        {"Asia/Kathmandu", "2026-03-11T18:14:59Z", "2026-03-10T18:15:00Z", "2026-03-18T18:14:59Z"},
        {"Asia/Kathmandu", "2026-03-11T18:15:00Z", "2026-03-11T18:15:00Z", "2026-03-18T18:15:00Z"},
        {"Africa/Casablanca", "2025-07-11T23:00:00Z", "2025-07-11T23:00:00Z",
         "2025-07-18T23:00:00Z"},
        /* Ramadan begins on the way: an hour back. */
        {"Africa/Casablanca", "2026-02-12T11:00:00Z", "2026-02-11T23:00:00Z",
         "2026-02-19T12:00:00Z"},
        /* Clocks go from midnight to one: the day begins at one; what ended then too. */
        {"America/Havana", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-15T12:00:00Z"},
        {"America/Havana", "2026-03-01T05:00:00Z", "2026-03-01T05:00:00Z", "2026-03-08T05:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct str zone = str_of(rows[i].zone);
        int64_t at = 0, start = 0, want = 0;

        assert_true(time_parse(str_of(rows[i].at), &at));
        assert_true(zone_day_start(zone, at, &start));
        assert_true(time_parse(str_of(rows[i].start), &want));
        if (start != want)
            print_error("row %zu: %s\n", i, time_format(&a, start).at);
        assert_int_equal(start, want);
        assert_true(time_parse(str_of(rows[i].week_later), &want));
        if (zone_days_later(zone, at, 7) != want)
            print_error("row %zu: %s\n", i, time_format(&a, zone_days_later(zone, at, 7)).at);
        assert_int_equal(zone_days_later(zone, at, 7), want);
        arena_finish(&a);
    }
    assert_false(zone_day_start(STR("No/Zone"), 0, &(int64_t){0}));
    assert_int_equal(zone_days_later(STR("No/Zone"), 5, 1), 86400005);
    assert_int_equal(zone_days_later(STR("UTC"), 253402300799999, 2), 253402473599999);
}

static void a_stretch_has_one_offset(void **state)
{
    struct zone_span s = {0};

    (void)state;
    assert_true(zone_span_at(STR("Africa/Casablanca"), at("2026-03-01T00:00:00.5Z"), &s));
    assert_int_equal(s.from, at("2026-02-15T02:00:00Z"));
    assert_int_equal(s.to, at("2026-03-22T02:00:00Z"));
    assert_int_equal(s.offset_s, 0);
    assert_true(zone_span_at(STR("Africa/Casablanca"), s.to, &s));
    assert_int_equal(s.offset_s, 3600);
    assert_int_equal(s.from, at("2026-03-22T02:00:00Z"));
    assert_true(zone_span_at(STR("Asia/Kathmandu"), 0, &s));
    assert_int_equal(s.offset_s, 5 * 3600 + 1800);
    assert_int_equal(s.to, at("1985-12-31T18:30:00Z"));
    assert_true(zone_span_at(STR("UTC"), 0, &s));
    assert_true(s.from == INT64_MIN && s.to == INT64_MAX);
    assert_false(zone_span_at(STR("No/Zone"), 0, &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_times_follow_daylight_saving),
        cmocka_unit_test(a_local_minute_becomes_utc),
        cmocka_unit_test(the_edges_are_1969_and_9999),
        cmocka_unit_test(names_that_are_no_zones_are_refused),
        cmocka_unit_test(days_are_numbers),
        cmocka_unit_test(rules_of_years_to_come_are_read),
        cmocka_unit_test(files_that_lie_are_refused),
        cmocka_unit_test(days_begin_and_deadlines_end_by_the_local_clock),
        cmocka_unit_test(a_stretch_has_one_offset),
        cmocka_unit_test(many_threads_ask_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
