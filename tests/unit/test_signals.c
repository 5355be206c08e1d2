/* SPDX-License-Identifier: MIT */
/* From events to signals: what counts, what does not, and what is said about it. */
#include "ctx_test.h"
#include "presence/ways.h"
#include "signals/find.h"

enum { MINUTE = 60 * 1000, ROOM = 7, ANNA = 11, BEN = 12 };

static struct look_event check(int64_t id, int64_t student, int64_t minute, const char *method)
{
    return (struct look_event){.id = id,
                               .session_id = ROOM,
                               .student_id = student,
                               .occurred_at = minute * MINUTE,
                               .method = str_of(method),
                               .direction = STR("in")};
}

static bool has(struct str text, const char *part)
{
    return text.len && strstr(text.at, part) != NULL;
}

static void test_one_device_several_students(void **state)
{
    struct look_event e[] = {check(1, ANNA, 0, "qr"), check(2, BEN, 3, "qr"),
                             check(3, ANNA, 4, "pin")};
    const struct look_case c = {.session_id = ROOM, .client = STR("0123456789abcdef")};
    struct signal_new n = {0};

    assert_true(found_shared(*state, &c, &(struct list){e, 3}, &n));
    assert_int_equal(n.kind, SIGNAL_SHARED_DEVICE);
    assert_string_equal(n.subject.at, "shared_device:7:0123456789abcdef");
    assert_int_equal(n.session_id.v, ROOM);
    assert_false(n.student_id.set);
    assert_int_equal(n.times, 3);
    assert_true(has(n.facts, "\"students\":[11,12]"));
    assert_true(has(n.facts, "\"methods\":[\"qr\",\"pin\"]"));
    assert_true(has(n.facts, "\"minutes\":4"));
    /* The whole mark stays inside. */
    assert_true(has(n.facts, "\"client\":\"01234567\""));
    /* One student with one telephone is nothing. */
    e[1].student_id = ANNA;
    assert_false(found_shared(*state, &c, &(struct list){e, 3}, &n));
}

static struct look_case journey(double lat, double lon, double other_lat, double other_lon,
                                int64_t minutes)
{
    return (struct look_case){
        .session_id = 9,
        .other_session_id = 8,
        .student_id = ANNA,
        .event_id = 21,
        .other_event_id = 20,
        .at = 1000 * MINUTE,
        .other_at = (1000 - minutes) * MINUTE,
        .latitude = {.set = true, .v = lat},
        .longitude = {.set = true, .v = lon},
        .other_latitude = {.set = true, .v = other_lat},
        .other_longitude = {.set = true, .v = other_lon},
    };
}

static void test_too_fast(void **state)
{
    struct signal_new n = {0};
    /* Rabat to Casablanca: 86 km. */
    struct look_case c = journey(34.0209, -6.8416, 33.5731, -7.5898, 30);

    assert_true(found_travel(*state, &c, &n));
    assert_string_equal(n.subject.at, "impossible_travel:11:8:9");
    assert_int_equal(n.session_id.v, 9);
    assert_int_equal(n.student_id.v, ANNA);
    assert_true(has(n.facts, "\"sessions\":[8,9]"));
    assert_true(has(n.facts, "\"minutes\":30"));
    c = journey(34.0209, -6.8416, 33.5731, -7.5898, 60);
    assert_false(found_travel(*state, &c, &n));
    /* Both at once is an hour's walk in no time; next door is one place. */
    c = journey(34.0209, -6.8416, 34.0309, -6.8416, 0);
    assert_false(found_travel(*state, &c, &n));
    c = journey(34.0209, -6.8416, 34.0509, -6.8416, 1);
    assert_true(found_travel(*state, &c, &n));
    c = journey(34.0209, -6.8416, 34.0229, -6.8416, 0);
    assert_false(found_travel(*state, &c, &n));
    /* Rooms that nobody measured say nothing, unless the sessions are at the same time. */
    c = journey(34.0209, -6.8416, 33.5731, -7.5898, 30);
    c.other_latitude.set = false;
    assert_false(found_travel(*state, &c, &n));
    c.overlapping = true;
    assert_true(found_travel(*state, &c, &n));
    assert_true(has(n.facts, "\"km\":null"));
}

static void test_twice(void **state)
{
    static const struct {
        const char *ways, *method, *direction, *client;
        int64_t minute, device;
        bool want;
    } rows[] = {
        {"any", "kiosk", "in", "", 2, 0, true},       {"any", "kiosk", "in", "", 5, 0, true},
        {"any", "kiosk", "in", "", 6, 0, false},      {"any", "qr", "in", "aa", 2, 0, false},
        {"any", "qr", "in", "bb", 2, 0, true},        {"any", "qr", "in", "aa", 2, 4, true},
        {"any", "device", "out", "", 2, 4, false},    {"any", "device", "unknown", "", 2, 4, true},
        {"kiosk+qr", "kiosk", "in", "", 2, 0, false}, {"kiosk|qr", "kiosk", "in", "", 2, 0, true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct look_event e[] = {check(1, ANNA, 0, "qr"),
                                 check(2, ANNA, rows[i].minute, rows[i].method)};
        const struct look_case c = {
            .session_id = ROOM, .student_id = ANNA, .ways = str_of(rows[i].ways)};
        struct signal_new n = {0};

        e[0].client = STR("aa");
        e[0].device_id = 3;
        e[1].client = str_of(rows[i].client);
        e[1].device_id = rows[i].device;
        e[1].direction = str_of(rows[i].direction);
        bool found = found_twice(*state, &c, &(struct list){e, 2}, &n);
        if (found != rows[i].want)
            print_error("row %zu\n", i);
        assert_int_equal(found, rows[i].want);
        if (rows[i].want)
            assert_string_equal(n.subject.at, "duplicate:7:11");
    }
}

static void test_clocks(void **state)
{
    struct look_event e[] = {check(1, ANNA, 100, "manual"), check(2, BEN, 101, "manual")};
    const struct look_case c = {.session_id = ROOM, .client = STR("tablet")};
    struct signal_new n = {0};

    e[0].client_at = (struct opt_i64){.set = true, .v = 94 * MINUTE};
    e[1].client_at = (struct opt_i64){.set = true, .v = 108 * MINUTE};
    assert_true(found_skewed(*state, &c, &(struct list){e, 2}, &n));
    assert_true(has(n.facts, "\"skew_s\":-420"));
    assert_string_equal(n.subject.at, "clock_skew:7:tablet");
    assert_false(found_skewed(*state, &c, &(struct list){e, 0}, &n));
}

static void test_failures_and_networks(void **state)
{
    struct look_case c = {.session_id = ROOM, .student_id = ANNA, .failed = 4, .at = 90000000};
    struct signal_new n = {0};

    assert_true(found_failed(*state, &c, &n));
    assert_string_equal(n.subject.at, "liveness_failures:11:1");
    assert_int_equal(n.times, 4);
    c.session_id = 0;
    assert_true(found_failed(*state, &c, &n));
    assert_false(n.session_id.set);
    c.session_id = ROOM;
    c.event_id = 5;
    assert_true(found_foreign(*state, &c, &n));
    assert_string_equal(n.subject.at, "foreign_network:7:11");
    assert_true(n.keep);
}

/* Each kind has a sentence of its own in each language, with its numbers. */
static void test_sentences(void **state)
{
    struct ctx *ctx = *state;
    int64_t ids[] = {1, 2, 3};
    const struct signal_facts f = {
        .students = {ids, 3},
        .events = {ids, 3},
        .minutes = {.set = true, .v = 17},
        .failed = {.set = true, .v = 17},
        .skew_s = {.set = true, .v = 17 * 60},
        .km = {.set = true, .v = 17.25},
        .kmh = {.set = true, .v = 300},
    };
    struct str last = STR("");

    for (int k = 0; k < SIGNAL_KINDS; k++) {
        struct words w = {0};

        signal_word(ctx, (enum signal_kind)k, &f, &w);
        assert_true(w.en.len > 20 && w.fr.len > 20 && w.ar.len > 20);
        assert_false(str_eq(w.en, last));
        last = w.en;
        if (k == SIGNAL_FOREIGN_NETWORK || k == SIGNAL_DUPLICATE)
            continue;
        assert_true(has(w.en, "17") && has(w.fr, "17") && has(w.ar, "17"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_one_device_several_students),
        ctx_test(test_too_fast),
        ctx_test(test_twice),
        ctx_test(test_clocks),
        ctx_test(test_failures_and_networks),
        ctx_test(test_sentences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
