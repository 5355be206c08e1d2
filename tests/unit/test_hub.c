/* SPDX-License-Identifier: MIT */
/* Who gets which event, what a slow reader loses, and the text of an event stream. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"

#include "check.h"
#include "realtime/sse.h"

static const struct actor admin = {.role = ROLE_ADMIN, .user_id = 1};
static const struct actor trainer = {.role = ROLE_TRAINER, .user_id = 2, .trainer_id = 20};
static const struct actor student = {.role = ROLE_STUDENT, .user_id = 3, .student_id = 30};
static const struct actor guardian = {
    .role = ROLE_GUARDIAN, .user_id = 4, .wards = {31, 30}, .n_wards = 2};
static const struct actor nobody = {0};

static void count(void *user)
{
    atomic_int *n = user;

    atomic_fetch_add(n, 1);
}

static struct event event(int64_t id, struct audience to)
{
    return (struct event){.id = id, .name = STR("e"), .data = STR("{}"), .audience = to};
}

static void test_audience(void **state)
{
    struct event e = event(1, (struct audience){.trainer_id = 20});

    (void)state;
    assert_true(event_is_for(&e, &admin));
    assert_true(event_is_for(&e, &trainer));
    assert_false(event_is_for(&e, &student));
    assert_false(event_is_for(&e, &nobody));
    e = event(1, (struct audience){.student_id = 30});
    assert_false(event_is_for(&e, &trainer));
    assert_true(event_is_for(&e, &student));
    assert_true(event_is_for(&e, &guardian));
    e = event(1, (struct audience){.student_id = 32, .trainer_id = 30});
    assert_false(event_is_for(&e, &guardian));
    e = event(1, (struct audience){.user_id = 2});
    assert_true(event_is_for(&e, &trainer));
    assert_false(event_is_for(&e, &student));
    /* Numbers of another kind mean nobody. */
    e = event(1, (struct audience){.trainer_id = 30, .student_id = 20});
    assert_false(event_is_for(&e, &trainer));
    assert_false(event_is_for(&e, &student));
    e = event(1, (struct audience){0});
    assert_false(event_is_for(&e, &trainer));
    assert_false(event_is_for(&e, &nobody));
    assert_false(event_is_for(&e, &guardian));
}

static void test_an_account_is_ended(void **state)
{
    struct hub *h = hub_create(8);
    atomic_int woken = 0;
    struct hub_sub *ends = hub_subscribe(h, &guardian, count, &woken);
    struct hub_sub *stays = hub_subscribe(h, &trainer, count, &woken);
    struct event e = event(1, (struct audience){.student_id = 30, .trainer_id = 20});
    struct shared_event *got;

    (void)state;
    hub_publish(h, &e);
    hub_end_account(h, guardian.user_id);
    hub_end_account(h, guardian.user_id);
    assert_int_equal(woken, 3);
    assert_int_equal(hub_next(ends, &got), HUB_END);
    hub_publish(h, &e);
    assert_int_equal(hub_next(ends, &got), HUB_END);
    assert_int_equal(hub_next(stays, &got), HUB_EVENT);
    event_unref(got);
    hub_unsubscribe(ends);
    hub_unsubscribe(stays);
    hub_destroy(h);
}

static void test_order_and_copies(void **state)
{
    struct hub *h = hub_create(8);
    atomic_int woken = 0;
    struct hub_sub *s = hub_subscribe(h, &trainer, count, &woken);
    struct shared_event *got;
    char text[] = "{\"n\":1}";

    (void)state;
    assert_int_equal(hub_next(s, &got), HUB_NOTHING);
    for (int64_t i = 1; i <= 3; i++) {
        struct event e = event(i, (struct audience){.trainer_id = i == 2 ? 99 : 20});

        e.data = str_of(text);
        hub_publish(h, &e);
        memset(text, 'x', 3);
    }
    assert_int_equal(woken, 2);
    assert_int_equal(hub_next(s, &got), HUB_EVENT);
    assert_int_equal(event_of(got)->id, 1);
    assert_true(str_is(event_of(got)->data, "{\"n\":1}"));
    event_unref(got);
    assert_int_equal(hub_next(s, &got), HUB_EVENT);
    assert_int_equal(event_of(got)->id, 3);
    event_unref(got);
    assert_int_equal(hub_next(s, &got), HUB_NOTHING);
    hub_unsubscribe(s);
    assert_int_equal(hub_subscribers(h), 0);
    hub_destroy(h);
}

static void test_slow_reader_is_cut_off(void **state)
{
    struct hub *h = hub_create(4);
    atomic_int woken = 0;
    struct hub_sub *slow = hub_subscribe(h, &admin, count, &woken);
    struct hub_sub *quick = hub_subscribe(h, &admin, count, &woken);
    struct shared_event *got;

    (void)state;
    for (int64_t i = 1; i <= 5; i++) {
        struct event e = event(i, (struct audience){0});

        hub_publish(h, &e);
        assert_int_equal(hub_next(quick, &got), HUB_EVENT);
        event_unref(got);
    }
    assert_int_equal(hub_next(slow, &got), HUB_END);
    assert_int_equal(hub_next(quick, &got), HUB_NOTHING);
    hub_unsubscribe(slow);
    hub_unsubscribe(quick);
    hub_destroy(h);
}

static void test_close_ends_all(void **state)
{
    struct hub *h = hub_create(0);
    atomic_int woken = 0;
    struct hub_sub *s = hub_subscribe(h, &admin, count, &woken);
    struct hub_sub *late;
    struct shared_event *got;

    (void)state;
    hub_close(h);
    assert_int_equal(woken, 1);
    assert_int_equal(hub_next(s, &got), HUB_END);
    late = hub_subscribe(h, &admin, count, &woken);
    assert_int_equal(hub_next(late, &got), HUB_END);
    hub_unsubscribe(s);
    hub_unsubscribe(late);
    hub_destroy(h);
}

enum { THREADS = 4, EACH = 2000 };

static void *publish_many(void *arg)
{
    struct hub *h = arg;

    for (int64_t i = 0; i < EACH; i++) {
        struct event e = event(i, (struct audience){0});

        hub_publish(h, &e);
    }
    return NULL;
}

static void test_many_threads(void **state)
{
    struct hub *h = hub_create((size_t)THREADS * EACH);
    atomic_int woken = 0;
    struct hub_sub *s = hub_subscribe(h, &admin, count, &woken);
    struct shared_event *got;
    pthread_t threads[THREADS];
    int n = 0;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, publish_many, h), 0);
    for (int i = 0; i < 200; i++) {
        struct hub_sub *brief = hub_subscribe(h, &admin, count, &woken);

        hub_unsubscribe(brief);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    while (hub_next(s, &got) == HUB_EVENT) {
        event_unref(got);
        n++;
    }
    assert_int_equal(n, THREADS * EACH);
    hub_unsubscribe(s);
    hub_destroy(h);
}

static char text[4096];

static const char *read_all(struct sse *s, size_t piece)
{
    size_t n = 0;

    for (;;) {
        ssize_t got = sse_read(s, text + n, piece);

        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    return text;
}

static void test_stream_text(void **state)
{
    struct hub *h = hub_create(0);
    struct sse *s = sse_open(h, &trainer, 4);
    atomic_int woken = 0;

    (void)state;
    sse_attach(s, count, &woken);
    hub_publish(h, &(struct event){7, STR("late"), STR("{}"), {.trainer_id = 20}});
    sse_backlog(s, &(struct event){3, STR("old"), STR("{}"), {.trainer_id = 20}});
    sse_backlog(s, &(struct event){5, STR("missed"), STR("{\n}"), {.trainer_id = 20}});
    sse_backlog(s, &(struct event){6, STR("foreign"), STR("{}"), {.trainer_id = 21}});
    sse_backlog(s, &(struct event){7, STR("late"), STR("{}"), {.trainer_id = 20}});
    hub_publish(h, &(struct event){9, STR("next"), STR("[9]"), {.trainer_id = 20}});
    hub_publish(h, &(struct event){8, STR("slower"), STR("[8]"), {.trainer_id = 20}});
    assert_string_equal(read_all(s, 5),
                        "retry: 3000\n\n"
                        "id: 5\nevent: missed\ndata: {\ndata: }\n\n"
                        "id: 7\nevent: late\ndata: {}\n\n"
                        "id: 9\nevent: next\ndata: [9]\n\n"
                        "event: slower\ndata: [8]\n\n");
    assert_int_equal(woken, 3);
    hub_close(h);
    assert_int_equal(sse_read(s, text, sizeof(text)), -1);
    sse_drop(s);
    hub_destroy(h);
}

static void test_stream_reset(void **state)
{
    struct hub *h = hub_create(0);
    struct sse *s = sse_open(h, &admin, 4);

    (void)state;
    sse_reset(s, 90);
    hub_publish(h, &(struct event){91, STR("e"), STR("{}"), {0}});
    assert_string_equal(read_all(s, 4000),
                        "retry: 3000\n\nid: 90\nevent: reset\ndata: {}\n\n"
                        "id: 91\nevent: e\ndata: {}\n\n");
    sse_drop(s);
    hub_destroy(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audience),         cmocka_unit_test(test_an_account_is_ended),
        cmocka_unit_test(test_order_and_copies), cmocka_unit_test(test_slow_reader_is_cut_off),
        cmocka_unit_test(test_close_ends_all),   cmocka_unit_test(test_many_threads),
        cmocka_unit_test(test_stream_text),      cmocka_unit_test(test_stream_reset),
    };

    return cmocka_run_group_tests_name("hub", tests, NULL, NULL);
}
