/* SPDX-License-Identifier: MIT */
/* What a client signs, and its clock made ours: also when ours went back. */
#include <sodium.h>

#include "ctx_test.h"
#include "offline/offline.h"

#define NOW  1764576000000LL
#define HOUR (3600 * 1000LL)

static const unsigned char key[OFFLINE_KEY_BYTES] = "0123456789abcdef0123456789abcde";

static struct offline_event events[] = {
    {
        .uid = {"a1", 2},
        .session_id = 7,
        .student_id = 12,
        .way = {"kiosk", 5},
        .at_ms = NOW - 5000,
    },
    {
        .uid = {"a2", 2},
        .session_id = 7,
        .student_id = 13,
        .way = {"manual", 6},
        .direction = {.set = true, .v = {"out", 3}},
        .at_ms = NOW - 4000,
        .status = {.set = true, .v = {"late", 4}},
        .code = {.set = true, .v = {"L", 1}},
        .note = {.set = true, .v = {"bus\tlate\n", 9}},
    },
};

static struct offline_batch batch(void)
{
    return (struct offline_batch){.client_id = 4, .sent_ms = NOW, .events = {events, 2}};
}

static struct str sign(struct ctx *ctx, const struct offline_batch *in)
{
    struct str text = offline_text(ctx, in);
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char *out = arena_alloc(&ctx->arena, 44);

    crypto_auth_hmacsha256(mac, (const unsigned char *)text.at, text.len, key);
    return str_of(
        sodium_bin2base64(out, 44, mac, sizeof(mac), sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

/* The form of docs/offline.md, to the byte. */
static void test_the_text_that_is_signed(void **state)
{
    struct offline_batch in = batch();

    assert_string_equal(offline_text(*state, &in).at,
                        "smartpresence-offline-1\t4\t1764576000000\t2\n"
                        "a1\t7\t12\tkiosk\tin\t1764575995000\t\t\t\n"
                        "a2\t7\t13\tmanual\tout\t1764575996000\tlate\tTA\tYnVzCWxhdGUK\n");
}

static void test_a_signature_is_of_everything(void **state)
{
    struct offline_batch in = batch(), other;
    struct offline_event changed[2];

    in.signature = sign(*state, &in);
    assert_true(offline_signed(*state, key, &in));
    other = in;
    other.sent_ms++;
    assert_false(offline_signed(*state, key, &other));
    other = in;
    other.events.n = 1;
    assert_false(offline_signed(*state, key, &other));
    for (int member = 0; member < 3; member++) {
        memcpy(changed, events, sizeof(changed));
        other = in;
        other.events.at = changed;
        changed[0].student_id += member == 0;
        changed[1].at_ms += member == 1;
        if (member == 2)
            changed[1].note.v = STR("bus late");
        assert_false(offline_signed(*state, key, &other));
    }
    for (size_t i = 0; i < 44; i++) {
        other = in;
        other.signature = (struct str){in.signature.at, i < 43 ? i : 0};
        assert_false(offline_signed(*state, key, &other));
    }
    other.signature = STR("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!");
    assert_false(offline_signed(*state, key, &other));
}

static void test_times_are_repaired(void **state)
{
    static const struct {
        const char *name;
        int64_t sent_at, registered_at, at, want; /* from now on; -1: refused */
        bool good;
    } rows[] = {
        {"a right clock", 0, -HOUR, -5000, -5000, true},
        {"the way of the request is no skew", -5000, -HOUR, -9000, -9000, true},
        {"nor is the other way; not in the future", 5000, -HOUR, 4000, 0, true},
        {"a slow clock", -5001, -HOUR, -9000, -3999, true},
        {"a fast clock", 5001, -HOUR, 4000, -1001, true},
        {"at the very sending", HOUR, -HOUR, HOUR, 0, true},
        {"after the sending", HOUR, -HOUR, HOUR + 1, 0, false},
        {"a day slow", -24 * HOUR, -48 * HOUR, -25 * HOUR, -HOUR, true},
        {"more than a day slow", -24 * HOUR - 1, -48 * HOUR, -25 * HOUR, 0, false},
        {"a day fast", 24 * HOUR, -48 * HOUR, 23 * HOUR, -HOUR, true},
        {"more than a day fast", 24 * HOUR + 1, -48 * HOUR, 23 * HOUR, 0, false},
        {"as it was registered", 0, -HOUR, -HOUR - OFFLINE_TRAVEL_MS, -HOUR - OFFLINE_TRAVEL_MS,
         true},
        {"before it was registered", 0, -HOUR, -HOUR - OFFLINE_TRAVEL_MS - 1, 0, false},
        {"as long ago as is taken", 0, -200 * HOUR, -100 * HOUR, -100 * HOUR, true},
        {"longer ago", 0, -200 * HOUR, -100 * HOUR - 1, 0, false},
        {"longer ago by a clock that is right now", -HOUR, -200 * HOUR, -101 * HOUR - 1, 0, false},
        {"registered after now: the server's clock went back", 0, HOUR, -5000, -5000, true},
        {"the same, before the sending all the same", 0, HOUR, 1, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct offline_clock c = {NOW, NOW + rows[i].sent_at, NOW + rows[i].registered_at,
                                  NOW - 100 * HOUR};
        int64_t at = 0;
        bool good = offline_repair(&c, NOW + rows[i].at, &at);

        if (good != rows[i].good || (good && at != NOW + rows[i].want))
            print_error("%s: %d, %lld\n", rows[i].name, good, (long long)(at - NOW));
        assert_int_equal(good, rows[i].good);
        assert_true(!good || at == NOW + rows[i].want);
    }
}

/* Whatever a client sends, the time is neither in the future nor overflows. */
static void test_extreme_times(void **state)
{
    const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, NOW, INT64_MAX - 1, INT64_MAX};

    (void)state;
    for (size_t i = 0; i < COUNT(times); i++)
        for (size_t k = 0; k < COUNT(times); k++) {
            struct offline_clock c = {NOW, times[i], 0, 0};
            int64_t at = 0;

            if (offline_repair(&c, times[k], &at))
                assert_true(at <= NOW && at >= -OFFLINE_TRAVEL_MS);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_the_text_that_is_signed),
        ctx_test(test_a_signature_is_of_everything),
        ctx_test(test_times_are_repaired),
        cmocka_unit_test(test_extreme_times),
    };

    return cmocka_run_group_tests_name("offline", tests, NULL, NULL);
}
