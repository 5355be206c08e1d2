/* SPDX-License-Identifier: MIT */
/* Rate limits: bursts, refills, callers apart, a full table. */
#include "ctx_test.h"
#include "http/limit.h"

static void a_bucket_empties_and_refills(void **state)
{
    struct limiter *l = limiter_create(64);
    struct limit_state s = {0};

    (void)state;
    for (int64_t i = 0; i < 6; i++) {
        s = limiter_take(l, STR("a"), 6, 1000);
        assert_true(s.allowed);
        assert_int_equal(s.limit, 6);
        assert_int_equal(s.remaining, 5 - i);
        assert_int_equal(s.reset_s, 10 * (i + 1));
    }
    s = limiter_take(l, STR("a"), 6, 1000);
    assert_false(s.allowed);
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.retry_after_s, 10);

    assert_false(limiter_take(l, STR("a"), 6, 10999).allowed);
    assert_true(limiter_take(l, STR("a"), 6, 11000).allowed);
    assert_false(limiter_take(l, STR("a"), 6, 11000).allowed);
    /* After any long time it is full, not more. */
    s = limiter_take(l, STR("a"), 6, 1000000000000);
    assert_true(s.allowed);
    assert_int_equal(s.remaining, 5);
    limiter_destroy(l);
}

static void small_steps_are_not_lost(void **state)
{
    struct limiter *l = limiter_create(64);
    int64_t passed = 0;

    (void)state;
    for (int64_t ms = 0; ms < 60000; ms++)
        passed += limiter_take(l, STR("a"), 7, ms).allowed;
    assert_int_equal(passed, 7 + 6);
    limiter_destroy(l);
}

static void callers_and_rules_are_apart(void **state)
{
    struct limiter *l = limiter_create(64);

    (void)state;
    assert_true(limiter_take(l, STR("a"), 1, 0).allowed);
    assert_false(limiter_take(l, STR("a"), 1, 0).allowed);
    assert_true(limiter_take(l, STR("b"), 1, 0).allowed);
    assert_true(limiter_take(l, STR("a"), 2, 0).allowed);
    limiter_destroy(l);
}

static void the_clock_may_jump_back(void **state)
{
    struct limiter *l = limiter_create(64);

    (void)state;
    assert_true(limiter_take(l, STR("a"), 1, 5000).allowed);
    assert_false(limiter_take(l, STR("a"), 1, 0).allowed);
    assert_true(limiter_take(l, STR("a"), 1, 60000).allowed);
    limiter_destroy(l);
}

static void a_flood_of_callers_keeps_its_size(void **state)
{
    struct limiter *l = limiter_create(16);
    struct ctx *ctx = *state;

    /* Every caller is served, whatever it pushes out. */
    for (int i = 0; i < 5000; i++) {
        struct str key = arena_printf(&ctx->arena, "caller %d", i);

        assert_true(limiter_take(l, key, 1, i).allowed);
    }
    /* The last one is still known. */
    assert_false(limiter_take(l, STR("caller 4999"), 1, 5000).allowed);
    limiter_destroy(l);
}

static void no_limiter_no_limit(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(limiter_take(NULL, STR("a"), 1, 0).allowed);
    limiter_destroy(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(a_bucket_empties_and_refills),      ctx_test(small_steps_are_not_lost),
        ctx_test(callers_and_rules_are_apart),       ctx_test(the_clock_may_jump_back),
        ctx_test(a_flood_of_callers_keeps_its_size), ctx_test(no_limiter_no_limit),
    };

    return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
