/* SPDX-License-Identifier: MIT */
/* Passwords: hashing and its cap, the price of an unknown account, what is too weak. */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "auth/password.h"
#include "ctx_test.h"

#define GOOD STR("seven-Teal-otters")

static struct str hash_of(struct ctx *ctx, struct str password)
{
    struct str hash = {0};

    assert_int_equal(auth_password_hash(ctx, password, &hash), ERR_OK);
    return hash;
}

static void a_hash_is_argon2id_and_salted(void **state)
{
    struct ctx *ctx = *state;
    struct str one = hash_of(ctx, GOOD), two = hash_of(ctx, GOOD);

    assert_true(str_starts(one, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_false(str_eq(one, two));
    assert_int_equal(auth_password_verify(ctx, GOOD, one), ERR_OK);
    assert_int_equal(auth_password_verify(ctx, GOOD, two), ERR_OK);
}

static void only_the_very_password_matches(void **state)
{
    static const struct str wrong[] = {
        {"", 0},
        {"seven-Teal-otter", 16},
        {"seven-Teal-otters ", 18},
        {"seven-teal-otters", 17},
        {"seven-Teal-otters\0", 18},
        {"seven-Teal\0otters", 17},
    };
    struct ctx *ctx = *state;
    struct str hash = hash_of(ctx, GOOD), nul = hash_of(ctx, (struct str){"ten\0letters", 11});

    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(auth_password_verify(ctx, wrong[i], hash), ERR_BAD_CREDENTIALS);
    assert_int_equal(auth_password_verify(ctx, STR("ten"), nul), ERR_BAD_CREDENTIALS);
    assert_int_equal(auth_password_verify(ctx, (struct str){"ten\0letters", 11}, nul), ERR_OK);
}

static void a_broken_hash_never_matches(void **state)
{
    struct ctx *ctx = *state;
    char *large = arena_alloc(&ctx->arena, 301);
    const struct str hashes[] = {
        {"", 0},
        STR("x"),
        STR("$argon2id$"),
        STR("$argon2id$v=19$m=19456,t=2,p=1$AAAA$"),
        STR("$2y$10$abcdefghijklmnopqrstuv"),
        {memset(large, '$', 300), 300},
        {large, 127},
        {large, 128},
    };

    for (size_t i = 0; i < COUNT(hashes); i++) {
        assert_int_equal(auth_password_verify(ctx, STR(""), hashes[i]), ERR_BAD_CREDENTIALS);
        assert_int_equal(auth_password_verify(ctx, GOOD, hashes[i]), ERR_BAD_CREDENTIALS);
    }
}

/* Processor time of one check, which other programs do not change. */
static double cost(struct ctx *ctx, struct str password, struct str hash)
{
    struct timespec a, b;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    (void)!auth_password_verify(ctx, password, hash);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

static void an_unknown_account_costs_the_same(void **state)
{
    struct ctx *ctx = *state;
    struct str hash = hash_of(ctx, GOOD);
    double known = 1e9, unknown = 1e9;

    for (int i = 0; i < 5; i++) {
        double a = cost(ctx, STR("wrong password"), hash);
        double b = cost(ctx, STR("wrong password"), STR(""));

        known = a < known ? a : known;
        unknown = b < unknown ? b : unknown;
    }
    if (unknown < known / 2 || unknown > known * 2)
        print_error("known %.1f ms, unknown %.1f ms\n", known * 1e3, unknown * 1e3);
    assert_true(unknown > known / 2 && unknown < known * 2);
}

static void weak_passwords_are_refused_with_a_reason(void **state)
{
    static const struct {
        const char *password, *email, *name, *code, *says;
    } rows[] = {
        {"seven-Teal-otters", "nora@school.example", "Nora Saïdi", NULL, NULL},
        {"مفتاح-طويل-جدا-للدخول", "nora@school.example", "Nora", NULL, NULL},
        {"", "", "", "password_length", "10 to 200"},
        {"aB3-x!9zQ", "", "", "password_length", "10 to 200"},
        {"éàüöéàüöé", "", "", "password_length", "10 to 200"},
        {"password12", "", "", "password_weak", "too weak"},
        {"aaaaaaaaaaaaaaa", "", "", "password_weak", "too weak"},
        {"abcdefghijklm", "", "", "password_weak", "too weak"},
        {"1234567890", "", "", "password_weak", "too weak"},
        {"xx-saïdi-2031-q", "n@school.example", "Nora Saïdi", "password_weak", "the name"},
        {"my-BENNANI-pass", "n@school.example", "Yassine Bennani", "password_weak", "the name"},
        {"karim.alaoui77", "karim.alaoui77@school.example", "K", "password_weak", "too weak"},
        {"77iuoala.mirak", "karim.alaoui77@school.example", "K", "password_weak", "too weak"},
        /* Short words of a name are in everything. */
        {"seven-Teal-otters", "x@school.example", "Al Le Ott", NULL, NULL},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        enum err e;

        fault_clear(ctx);
        e = auth_password_check(ctx, "/password", str_of(rows[i].password), str_of(rows[i].email),
                                str_of(rows[i].name));
        if (e != (rows[i].code ? ERR_INVALID : ERR_OK))
            print_error("row %zu: %s\n", i, rows[i].password);
        assert_int_equal(e, rows[i].code ? ERR_INVALID : ERR_OK);
        if (!rows[i].code)
            continue;
        assert_true(str_is(ctx->fault.fields->pointer, "/password"));
        assert_string_equal(ctx->fault.fields->code, rows[i].code);
        assert_says(ctx->fault.fields->detail.at, rows[i].says, i);
        if (*rows[i].password)
            assert_null(strstr(ctx->fault.fields->detail.at, rows[i].password));
    }
}

static void lengths_have_two_ends(void **state)
{
    /* Words of no dictionary, so that only the length decides. */
    static const char text[] =
        "kV3!tq9Zw#Lm2@xRb7$Hd5%Jn8^Pf4&Gs6*Yc1(Ua0)We+Oi=Eh-Ky_Tz~Xb{Qj}Nv[Md]Cr|Fg:Bl;Sp<Dw>Ax,"
        "Zk3!vq9Tw#Rm2@bLx7$Kd5%Hn8^Jf4&Ps6*Gc1(Ya0)Ue+Wi=Oh-Ey_Kz~Tb{Xj}Qv[Nd]Mr|Cg:Fl;Bp<Sw>Dx,"
        "Xk3!wq9Yw#Qm2@cLx7$";
    struct ctx *ctx = *state;

    assert_true(sizeof(text) > PASSWORD_MAX - 10);
    for (size_t n = 0; n < 40; n++) {
        enum err want = n >= PASSWORD_MIN ? ERR_OK : ERR_INVALID;

        fault_clear(ctx);
        assert_int_equal(auth_password_check(ctx, "/p", (struct str){text, n}, STR(""), STR("")),
                         want);
    }
    for (size_t n = PASSWORD_MAX - 1; n <= PASSWORD_MAX + 1; n++) {
        char *long_text = arena_alloc(&ctx->arena, n + 1);

        for (size_t i = 0; i < n; i++)
            long_text[i] = text[i * 7 % (sizeof(text) - 1)];
        fault_clear(ctx);
        assert_int_equal(
            auth_password_check(ctx, "/p", (struct str){long_text, n}, STR(""), STR("")),
            n <= PASSWORD_MAX ? ERR_OK : ERR_INVALID);
    }
}

enum { CROWD = 6 };

struct crowd {
    pthread_barrier_t start;
    struct str hash;
};
struct member {
    struct crowd *crowd;
    enum err err;
};

static void *verify_together(void *arg)
{
    struct member *m = arg;
    struct ctx ctx = {0};

    ctx_reset(&ctx);
    pthread_barrier_wait(&m->crowd->start);
    m->err = auth_password_verify(&ctx, GOOD, m->crowd->hash);
    arena_finish(&ctx.arena);
    return NULL;
}

/* How many of the crowd got their answer, and how many were told to come back. */
static void run_crowd(struct ctx *ctx, size_t *ret_ok, size_t *ret_busy)
{
    struct crowd crowd = {.hash = hash_of(ctx, GOOD)};
    struct member members[CROWD];
    pthread_t threads[CROWD];

    pthread_barrier_init(&crowd.start, NULL, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        members[i] = (struct member){.crowd = &crowd};
        assert_int_equal(pthread_create(&threads[i], NULL, verify_together, &members[i]), 0);
    }
    *ret_ok = *ret_busy = 0;
    for (size_t i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
        *ret_ok += members[i].err == ERR_OK;
        *ret_busy += members[i].err == ERR_BUSY;
    }
    pthread_barrier_destroy(&crowd.start);
    assert_int_equal(*ret_ok + *ret_busy, CROWD);
}

static void a_crowd_waits_its_turn(void **state)
{
    size_t ok, busy;

    for (int64_t at_once = 1; at_once <= 3; at_once++) {
        auth_password_setup(at_once);
        auth_password_wait(120000);
        run_crowd(*state, &ok, &busy);
        assert_int_equal(ok, CROWD);
    }
}

static void who_would_wait_too_long_is_told(void **state)
{
    size_t ok, busy = 0;

    auth_password_setup(1);
    auth_password_wait(1);
    /* On one slow core the threads might not meet: then once more. */
    for (int round = 0; round < 50 && !busy; round++) {
        run_crowd(*state, &ok, &busy);
        assert_true(ok >= 1);
    }
    assert_true(busy >= 1);
    /* Whoever was refused left no trace: all may go again. */
    auth_password_wait(120000);
    run_crowd(*state, &ok, &busy);
    assert_int_equal(ok, CROWD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(a_hash_is_argon2id_and_salted),
        ctx_test(only_the_very_password_matches),
        ctx_test(a_broken_hash_never_matches),
        ctx_test(an_unknown_account_costs_the_same),
        ctx_test(weak_passwords_are_refused_with_a_reason),
        ctx_test(lengths_have_two_ends),
        ctx_test(a_crowd_waits_its_turn),
        ctx_test(who_would_wait_too_long_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
