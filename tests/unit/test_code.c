/* SPDX-License-Identifier: MIT */
/* Tokens and PINs: fixed bytes give fixed texts, and nothing but the whole truth is taken. */
#include "check_in/code.h"
#include "ctx_test.h"

enum { SESSION = 12, SLOT = 119000000, MINUTE = 29750000 };

/* Made by another implementation of the same words (Python's hmac). */
static const char known_token[] = "AQAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5wR";
static const char known_pin[] = "707090";
static const char known_pin_before[] = "756796";
static const char known_client[] = "cde8d781b5f97c015c7f782854c9df48";

static const unsigned char *secret_of(int first)
{
    static unsigned char at[2][CODE_SECRET];

    for (int i = 0; i < CODE_SECRET; i++)
        at[first][i] = (unsigned char)(i + first);
    return at[first];
}

static void test_fixed_secrets_give_fixed_texts(void **state)
{
    struct ctx *ctx = *state;

    assert_string_equal(code_token(ctx, secret_of(0), SESSION, SLOT).at, known_token);
    assert_string_equal(pin_of(ctx, secret_of(0), SESSION, MINUTE).at, known_pin);
    assert_string_equal(code_client(ctx, secret_of(0), STR("phone-1")).at, known_client);
    assert_int_equal(code_client(ctx, secret_of(0), STR("")).len, 0);
    assert_string_not_equal(code_client(ctx, secret_of(1), STR("phone-1")).at, known_client);
}

static void test_slots_begin_on_the_quarter_minute(void **state)
{
    (void)state;
    assert_int_equal(code_slot(14999), 0);
    assert_int_equal(code_slot(15000), 1);
    assert_int_equal(pin_slot(59999), 0);
    assert_int_equal(pin_slot(60000), 1);
    assert_int_equal(code_slot((int64_t)SLOT * CODE_SLOT_MS), SLOT);
}

static void test_a_token_says_what_it_was_made_for(void **state)
{
    struct code c = {0};

    (void)state;
    assert_true(code_read(STR(known_token), &c));
    assert_int_equal(c.session_id, SESSION);
    assert_int_equal(c.slot, SLOT);
    assert_true(code_is_genuine(&c, secret_of(0)));
    assert_false(code_is_genuine(&c, secret_of(1)));
    c.session_id++;
    assert_false(code_is_genuine(&c, secret_of(0)));
    c.session_id--;
    c.slot++;
    assert_false(code_is_genuine(&c, secret_of(0)));
}

/* Each of its characters matters: no other text of the alphabet is taken in its place. */
static void test_no_changed_token_is_genuine(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char text[] = "AQAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5wR";
    struct code c = {0};
    size_t refused = 0;

    (void)state;
    for (size_t i = 0; i < CODE_TOKEN; i++) {
        char before = text[i];

        for (size_t k = 0; k < 64; k++) {
            text[i] = alphabet[k];
            if (text[i] != before)
                refused += !code_read(str_of(text), &c) || !code_is_genuine(&c, secret_of(0));
        }
        text[i] = before;
    }
    assert_int_equal(refused, CODE_TOKEN * 63);
    assert_true(code_read(str_of(text), &c));
}

static void test_what_is_no_token_is_not_read(void **state)
{
    static const char *const none[] = {
        "",
        "A",
        "AQAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5w",   /* short */
        "AQAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5wRA", /* long */
        "AgAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5wR",  /* another version */
        "AQAAAAAAAAAMAAAAAAcXy8AqSVMv+8SsIlZvROfzk5wR",  /* plain base64 */
        "AQAAAAAAAAAMAAAAAAcXy8AqSVMv-8SsIlZvROfzk5=R",
        "AQAAAAAAAAAAAAAAAAcXy8AqSVMv-8SsIlZvROfzk5wR", /* session 0 */
        "Af__________AAAAAAcXy8AqSVMv-8SsIlZvROfzk5wR", /* below 0 */
        "AQAAAAAAAAAMAAAAAAAAAAAqSVMv-8SsIlZvROfzk5wR", /* slot 0 */
    };
    struct code c = {.session_id = 77};

    (void)state;
    for (size_t i = 0; i < COUNT(none); i++)
        if (code_read(str_of(none[i]), &c))
            print_error("row %zu was read\n", i);
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(code_read(str_of(none[i]), &c));
}

static void test_a_pin_is_good_for_its_minute_and_the_next(void **state)
{
    const unsigned char *secret = secret_of(0);

    (void)state;
    assert_true(pin_is_right(secret, SESSION, MINUTE, STR(known_pin)));
    assert_true(pin_is_right(secret, SESSION, MINUTE + 1, STR(known_pin)));
    assert_true(pin_is_right(secret, SESSION, MINUTE, STR(known_pin_before)));
    assert_false(pin_is_right(secret, SESSION, MINUTE + 2, STR(known_pin)));
    assert_false(pin_is_right(secret, SESSION, MINUTE - 1, STR(known_pin)));
    assert_false(pin_is_right(secret, SESSION + 1, MINUTE, STR(known_pin)));
    assert_false(pin_is_right(secret_of(1), SESSION, MINUTE, STR(known_pin)));
    assert_false(pin_is_right(secret, SESSION, MINUTE, STR("")));
    assert_false(pin_is_right(secret, SESSION, MINUTE, STR("70709")));
    assert_false(pin_is_right(secret, SESSION, MINUTE, STR("7070900")));
}

/* Digits are spread evenly: of 20,000 PINs each first digit is that of a tenth, within 5 sigma. */
static void test_pins_are_spread_evenly(void **state)
{
    struct ctx *ctx = *state;
    int first[10] = {0};

    for (int64_t i = 0; i < 20000; i++)
        first[pin_of(ctx, secret_of(0), SESSION, MINUTE + i).at[0] - '0']++;
    for (size_t d = 0; d < COUNT(first); d++)
        assert_in_range(first[d], 2000 - 212, 2000 + 212);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(test_fixed_secrets_give_fixed_texts),
        ctx_test(test_slots_begin_on_the_quarter_minute),
        ctx_test(test_a_token_says_what_it_was_made_for),
        ctx_test(test_no_changed_token_is_genuine),
        ctx_test(test_what_is_no_token_is_not_read),
        ctx_test(test_a_pin_is_good_for_its_minute_and_the_next),
        ctx_test(test_pins_are_spread_evenly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
