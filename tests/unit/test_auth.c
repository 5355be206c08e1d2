/* SPDX-License-Identifier: MIT */
/* The rules of signing in, on real tables: delays, refresh families, logins, who is behind a token.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/settings.h"

#include "auth/auth.h"
#include "auth/password.h"
#include "auth/token.h"
#include "db/db.h"
#include "db_fixture.h"
#include "users/users.h"

#define ok(call_)     assert_int_equal((call_), ERR_OK)
#define is(call_, e_) assert_int_equal((call_), (e_))
#define PASSWORD      STR("seven-Teal-otters")
#define WRONG         STR("eight-Teal-otters")
#define EMAIL         STR("nora@school.example")
#define MINUTE_MS     60000LL
#define HOUR_MS       3600000LL
#define DAY_MS        86400000LL

/* 2027-01-15T08:00:00Z. */
static const int64_t start = 1800000000000;

static const struct settings settings = {.time_zone = {"UTC", 3},
                                         .access_token_min = 15,
                                         .refresh_token_days = 30,
                                         .school_name = {"School", 6}};
static struct services services = {.settings = &settings};

static void open_keys(void)
{
    char path[] = "/tmp/sp-auth-test.XXXXXX";
    int fd = mkstemp(path);
    struct ctx ctx = {0};

    assert_true(fd >= 0);
    close(fd);
    (void)unlink(path);
    ctx_reset(&ctx);
    ok(auth_keys_open(&ctx, path, &services.auth_keys));
    (void)unlink(path);
    arena_finish(&ctx.arena);
    auth_password_setup(2);
}

static void come_from(struct ctx *ctx, const char *ip, const char *program)
{
    fault_clear(ctx);
    ctx->ip = str_of(ip);
    ctx->user_agent = str_of(program);
}

/* A school with one account, at `start`. */
static struct ctx *school(void **state, int64_t *ret_account)
{
    struct db_fixture *f = *state;
    struct user_new in = {
        .email = EMAIL, .name = STR("Nora Saïdi"), .role = STR("admin"), .password = PASSWORD};
    struct user made = {0};
    int64_t n;

    ok(migrate_upgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    f->ctx.services = &services;
    f->ctx.now = start;
    come_from(&f->ctx, "192.0.2.1", "browser");
    ok(user_create(&f->ctx, &in, &made));
    *ret_account = made.id;
    return &f->ctx;
}

static struct tokens sign_in(struct ctx *ctx)
{
    struct tokens t = {0};

    fault_clear(ctx);
    ok(auth_login(ctx, EMAIL, PASSWORD, &t));
    return t;
}

/* Becomes the caller that the access token names. */
static enum err become(struct ctx *ctx, const struct tokens *t)
{
    bool by_cookie = true;

    fault_clear(ctx);
    ctx->actor = (struct actor){0};
    return auth_authenticate(
        ctx, arena_printf(&ctx->arena, "Bearer %.*s", (int)t->access.len, t->access.at), STR(""),
        &by_cookie);
}

static struct list logins(struct ctx *ctx)
{
    struct list l = {0};

    ok(auth_logins(ctx, &l));
    return l;
}

static void signing_in_gives_tokens_of_the_account(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t = sign_in(ctx);
    struct token_claims c = {0};

    assert_int_equal(t.account_id, account);
    assert_int_equal(t.expires_in, 900);
    ok(token_verify(ctx, services.auth_keys, t.access, &c));
    assert_int_equal(c.sub, account);
    assert_int_equal(c.exp - c.iat, 900);
    ok(become(ctx, &t));
    assert_int_equal(ctx->actor.role, ROLE_ADMIN);
    assert_int_equal(ctx->actor.user_id, account);
    assert_int_equal(ctx->actor.login_id, c.lid);
    /* The database knows the refresh token only by its hash. */
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM refresh_token WHERE length(hash) = 64"),
                     1);
}

static void e_mails_are_the_same_in_any_case(void **state)
{
    static const char *const rows[] = {"NORA@school.example", "Nora@School.Example",
                                       " nora@school.example "};
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t;

    for (size_t i = 0; i < COUNT(rows); i++)
        ok(auth_login(ctx, str_of(rows[i]), PASSWORD, &t));
}

static void nobody_is_told_why_not(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t = {.expires_in = 7};
    static const char *const rows[] = {"UPDATE account SET active = 0",
                                       "UPDATE account SET active = 1, archived = 1"};

    is(auth_login(ctx, STR("nobody@school.example"), PASSWORD, &t), ERR_BAD_CREDENTIALS);
    is(auth_login(ctx, EMAIL, WRONG, &t), ERR_BAD_CREDENTIALS);
    is(auth_login(ctx, EMAIL, STR(""), &t), ERR_BAD_CREDENTIALS);
    is(auth_login(ctx, STR(""), STR(""), &t), ERR_BAD_CREDENTIALS);
    is(auth_login(ctx, STR("x' OR '1'='1"), PASSWORD, &t), ERR_BAD_CREDENTIALS);
    for (size_t i = 0; i < COUNT(rows); i++) {
        ok(db_exec(ctx, rows[i], ARGS()));
        is(auth_login(ctx, EMAIL, PASSWORD, &t), ERR_BAD_CREDENTIALS);
    }
    assert_int_equal(ctx->fault.detail.len, 0);
    assert_int_equal(t.expires_in, 7);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM login"), 0);
}

static void the_delay_of_an_account_grows(void **state)
{
    static const int64_t waits_s[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t;

    /* Four slips cost nothing. */
    for (int i = 0; i < 4; i++)
        is(auth_login(ctx, EMAIL, WRONG, &t), ERR_BAD_CREDENTIALS);
    for (size_t i = 0; i < COUNT(waits_s); i++) {
        is(auth_login(ctx, EMAIL, WRONG, &t), ERR_BAD_CREDENTIALS);
        /* From anywhere, and with the right password too. */
        come_from(ctx, "198.51.100.7", "thief");
        is(auth_login(ctx, EMAIL, PASSWORD, &t), ERR_TOO_MANY_REQUESTS);
        assert_int_equal(ctx->fault.retry_after_s, waits_s[i]);
        ctx->now += waits_s[i] * 1000 - 1;
        fault_clear(ctx);
        is(auth_login(ctx, EMAIL, PASSWORD, &t), ERR_TOO_MANY_REQUESTS);
        assert_int_equal(ctx->fault.retry_after_s, 1);
        ctx->now++;
        come_from(ctx, "192.0.2.1", "browser");
    }
    /* Getting in starts again from nothing. */
    ok(auth_login(ctx, EMAIL, PASSWORD, &t));
    for (int i = 0; i < 4; i++)
        is(auth_login(ctx, EMAIL, WRONG, &t), ERR_BAD_CREDENTIALS);
    ok(auth_login(ctx, EMAIL, PASSWORD, &t));
}

static void unknown_accounts_are_delayed_alike(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t;

    for (int i = 0; i < 5; i++)
        is(auth_login(ctx, STR("nobody@school.example"), WRONG, &t), ERR_BAD_CREDENTIALS);
    is(auth_login(ctx, STR("NOBODY@school.example"), WRONG, &t), ERR_TOO_MANY_REQUESTS);
    /* Another account is not held up by it. */
    fault_clear(ctx);
    ok(auth_login(ctx, EMAIL, PASSWORD, &t));
}

static void failures_are_forgotten_after_an_hour(void **state)
{
    static const struct {
        int64_t later;
        enum err want;
    } rows[] = {{HOUR_MS + 1, ERR_OK}, {HOUR_MS, ERR_TOO_MANY_REQUESTS}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct db_fixture *f = *state;
        int64_t account, n;
        struct ctx *ctx = school(state, &account);
        struct tokens t;

        for (int k = 0; k < 5; k++)
            is(auth_login(ctx, EMAIL, WRONG, &t), ERR_BAD_CREDENTIALS);
        ctx->now += rows[i].later;
        is(auth_login(ctx, EMAIL, WRONG, &t), ERR_BAD_CREDENTIALS);
        /* That was the first failure again, or the sixth. */
        is(auth_login(ctx, EMAIL, PASSWORD, &t), rows[i].want);
        fault_clear(ctx);
        ok(migrate_downgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    }
}

static void an_address_that_tries_many_accounts_is_delayed(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t;

    for (int i = 0; i < 31; i++)
        is(auth_login(ctx, arena_printf(&ctx->arena, "user%d@school.example", i), WRONG, &t),
           ERR_BAD_CREDENTIALS);
    is(auth_login(ctx, EMAIL, PASSWORD, &t), ERR_TOO_MANY_REQUESTS);
    come_from(ctx, "192.0.2.2", "browser");
    ok(auth_login(ctx, EMAIL, PASSWORD, &t));
    /* Signing in well does not wash the address clean. */
    come_from(ctx, "192.0.2.1", "browser");
    is(auth_login(ctx, EMAIL, PASSWORD, &t), ERR_TOO_MANY_REQUESTS);
}

static void a_refresh_token_is_used_once(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens one = sign_in(ctx), two, three = {.expires_in = 7}, other = sign_in(ctx);

    ctx->now += MINUTE_MS;
    ok(auth_refresh(ctx, one.refresh, &two));
    assert_false(str_eq(one.refresh, two.refresh));
    ok(become(ctx, &two));
    /* A thief and the owner hold the same family: both are put out. */
    is(auth_refresh(ctx, one.refresh, &three), ERR_UNAUTHENTICATED);
    assert_int_equal(three.expires_in, 7);
    fault_clear(ctx);
    is(auth_refresh(ctx, two.refresh, &three), ERR_UNAUTHENTICATED);
    is(become(ctx, &one), ERR_UNAUTHENTICATED);
    is(become(ctx, &two), ERR_UNAUTHENTICATED);
    /* The other login of the same account lives on. */
    ok(become(ctx, &other));
    ok(auth_refresh(ctx, other.refresh, &three));
}

static void a_long_chain_of_refreshes_holds(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t = sign_in(ctx), first = t;

    for (int i = 0; i < 20; i++) {
        ctx->now += HOUR_MS;
        ok(auth_refresh(ctx, t.refresh, &t));
        ok(become(ctx, &t));
    }
    assert_int_equal(logins(ctx).n, 1);
    is(auth_refresh(ctx, first.refresh, &t), ERR_UNAUTHENTICATED);
    assert_int_equal(logins(ctx).n, 0);
}

static void what_is_no_refresh_token_is_refused(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t = sign_in(ctx), out;
    const struct str rows[] = {
        STR(""), STR("x"), t.access, {t.refresh.at, t.refresh.len - 1}, token_hash(ctx, t.refresh),
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        is(auth_refresh(ctx, rows[i], &out), ERR_UNAUTHENTICATED);
        fault_clear(ctx);
    }
    ok(auth_refresh(ctx, t.refresh, &out));
}

static void a_login_ends_with_its_days_or_its_account(void **state)
{
    static const char *const ends[] = {NULL, "UPDATE account SET active = 0",
                                       "UPDATE account SET archived = 1",
                                       "UPDATE login SET revoked_at = 1"};

    for (size_t i = 0; i < COUNT(ends); i++) {
        struct db_fixture *f = *state;
        int64_t account, n;
        struct ctx *ctx = school(state, &account);
        struct tokens t = sign_in(ctx), out;

        if (ends[i])
            ok(db_exec(ctx, ends[i], ARGS()));
        else
            ctx->now += 30 * DAY_MS;
        is(auth_refresh(ctx, t.refresh, &out), ERR_UNAUTHENTICATED);
        is(become(ctx, &t), ERR_UNAUTHENTICATED);
        fault_clear(ctx);
        ok(migrate_downgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    }
}

static void the_list_shows_living_logins(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens phone, laptop, gone;
    struct list l;

    come_from(ctx, "192.0.2.1", "phone");
    phone = sign_in(ctx);
    ctx->now += MINUTE_MS;
    come_from(ctx, "192.0.2.2", "laptop");
    laptop = sign_in(ctx);
    ctx->now += MINUTE_MS;
    gone = sign_in(ctx);
    ok(become(ctx, &gone));
    ok(auth_logout(ctx));
    ok(become(ctx, &laptop));
    l = logins(ctx);
    assert_int_equal(l.n, 2);
    assert_true(str_is(((struct login *)l.at)[0].user_agent, "laptop"));
    assert_true(((struct login *)l.at)[0].current);
    assert_true(str_is(((struct login *)l.at)[1].user_agent, "phone"));
    assert_true(str_is(((struct login *)l.at)[1].ip, "192.0.2.1"));
    assert_false(((struct login *)l.at)[1].current);
    assert_int_equal(((struct login *)l.at)[1].created_at, start);
    /* A refresh brings one to the front, with where it came from. */
    ctx->now += MINUTE_MS;
    come_from(ctx, "192.0.2.9", "phone 2");
    ok(auth_refresh(ctx, phone.refresh, &phone));
    l = logins(ctx);
    assert_true(str_is(((struct login *)l.at)[0].ip, "192.0.2.9"));
    assert_int_equal(((struct login *)l.at)[0].created_at, start);
    assert_int_equal(((struct login *)l.at)[0].last_used_at, ctx->now);
    ctx->now += 31 * DAY_MS;
    assert_int_equal(logins(ctx).n, 0);
}

static void only_own_logins_can_be_ended(void **state)
{
    int64_t account, other_login;
    struct ctx *ctx = school(state, &account);
    struct user_new in = {.email = STR("other@school.example"),
                          .name = STR("Other"),
                          .role = STR("admin"),
                          .password = PASSWORD};
    struct user made = {0};
    struct tokens other, mine = sign_in(ctx), second = sign_in(ctx);

    ok(user_create(ctx, &in, &made));
    ok(auth_login(ctx, in.email, PASSWORD, &other));
    ok(become(ctx, &other));
    other_login = ctx->actor.login_id;
    ok(become(ctx, &second));
    int64_t second_login = ctx->actor.login_id;
    ok(become(ctx, &mine));
    is(auth_login_end(ctx, other_login), ERR_NOT_FOUND);
    is(auth_login_end(ctx, 99999), ERR_NOT_FOUND);
    ok(auth_login_end(ctx, second_login));
    is(auth_login_end(ctx, second_login), ERR_NOT_FOUND);
    is(become(ctx, &second), ERR_UNAUTHENTICATED);
    ok(become(ctx, &mine));
    ok(auth_logout_everywhere(ctx));
    is(become(ctx, &mine), ERR_UNAUTHENTICATED);
    ok(become(ctx, &other));
}

/* 0 means "all" in the statement beneath; it must not from outside. */
static void login_nought_is_nobodys(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t = sign_in(ctx);

    ok(become(ctx, &t));
    is(auth_login_end(ctx, 0), ERR_NOT_FOUND);
    ok(become(ctx, &t));
}

static void a_new_password_ends_the_other_logins(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens here = sign_in(ctx), there = sign_in(ctx), t;

    ok(become(ctx, &here));
    is(auth_change_password(ctx, WRONG, STR("nine-Red-lobsters")), ERR_INVALID);
    assert_true(str_is(ctx->fault.fields->pointer, "/current_password"));
    fault_clear(ctx);
    is(auth_change_password(ctx, PASSWORD, STR("nora-was-here-2031")), ERR_INVALID);
    assert_true(str_is(ctx->fault.fields->pointer, "/new_password"));
    ok(become(ctx, &there));
    ok(become(ctx, &here));
    ok(auth_change_password(ctx, PASSWORD, STR("nine-Red-lobsters")));
    ok(become(ctx, &here));
    is(become(ctx, &there), ERR_UNAUTHENTICATED);
    is(auth_login(ctx, EMAIL, PASSWORD, &t), ERR_BAD_CREDENTIALS);
    ok(auth_login(ctx, EMAIL, STR("nine-Red-lobsters"), &t));
}

static void the_caller_is_read_from_header_or_cookie(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct str token = sign_in(ctx).access;
    const char *t = arena_cstr(&ctx->arena, token);
    struct arena *a = &ctx->arena;
    const struct {
        struct str authorization, cookie;
        enum err want;
        bool known, by_cookie;
    } rows[] = {
        {STR(""), STR(""), ERR_OK, false, true},
        {STR(""), STR("theme=dark"), ERR_OK, false, true},
        {STR(""), STR("sp_access="), ERR_OK, false, true},
        {STR(""), arena_printf(a, "sp_access=%s", t), ERR_OK, true, true},
        {STR(""), arena_printf(a, "a=b; sp_access=%s; c", t), ERR_OK, true, true},
        {STR(""), arena_printf(a, "xsp_access=%s", t), ERR_OK, false, true},
        {STR(""), STR("sp_access=x"), ERR_UNAUTHENTICATED, false, true},
        {arena_printf(a, "Bearer %s", t), STR(""), ERR_OK, true, false},
        {arena_printf(a, "bearer %s", t), STR(""), ERR_OK, true, false},
        {arena_printf(a, "Bearer  %s", t), STR(""), ERR_OK, true, false},
        {STR("Bearer"), STR(""), ERR_UNAUTHENTICATED, false, false},
        {STR("Bearer x"), arena_printf(a, "sp_access=%s", t), ERR_UNAUTHENTICATED, false, false},
        {arena_printf(a, "Basic %s", t), STR(""), ERR_UNAUTHENTICATED, false, false},
        {arena_printf(a, "%s", t), STR(""), ERR_UNAUTHENTICATED, false, false},
        {arena_printf(a, "Bearer %s %s", t, t), STR(""), ERR_UNAUTHENTICATED, false, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        bool by_cookie;

        fault_clear(ctx);
        ctx->actor = (struct actor){0};
        is(auth_authenticate(ctx, rows[i].authorization, rows[i].cookie, &by_cookie), rows[i].want);
        assert_int_equal(by_cookie, rows[i].by_cookie);
        assert_int_equal(ctx->actor.user_id, rows[i].known ? account : 0);
        assert_int_equal(ctx->actor.role, rows[i].known ? ROLE_ADMIN : ROLE_NONE);
    }
}

/* What the server answers without a worker, such as /healthz, has neither keys nor database. */
static void without_services_everybody_is_nobody(void **state)
{
    struct ctx ctx = {0};
    bool by_cookie = false;

    (void)state;
    ctx_reset(&ctx);
    ok(auth_authenticate(&ctx, STR(""), STR(""), &by_cookie));
    ok(auth_authenticate(&ctx, STR("Bearer x"), STR(""), &by_cookie));
    assert_int_equal(ctx.actor.role, ROLE_NONE);
    arena_finish(&ctx.arena);
}

static void old_traces_are_trimmed(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens ended, living, out;

    ended = sign_in(ctx);
    ok(become(ctx, &ended));
    ok(auth_logout(ctx));
    is(auth_login(ctx, EMAIL, WRONG, &out), ERR_BAD_CREDENTIALS);
    ctx->now += 6 * DAY_MS;
    living = sign_in(ctx);
    is(auth_login(ctx, STR("nobody@school.example"), WRONG, &out), ERR_BAD_CREDENTIALS);
    ok(auth_trim(ctx));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM login"), 2);
    ctx->now += 2 * DAY_MS;
    ok(auth_trim(ctx));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM login"), 1);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM refresh_token"), 1);
    /* The later failure is kept; the address it came from is the same as the first one's. */
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM login_delay"), 2);
    ok(auth_refresh(ctx, living.refresh, &out));
    ctx->now += 60 * DAY_MS;
    ok(auth_trim(ctx));
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM login"), 0);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM refresh_token"), 0);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM login_delay"), 0);
}

static void own_data_can_be_changed(void **state)
{
    int64_t account;
    struct ctx *ctx = school(state, &account);
    struct tokens t = sign_in(ctx);
    struct me_change in = {.locale = {.set = true, .v = STR("ar")}};
    struct me me = {0};

    ok(become(ctx, &t));
    ok(auth_me_change(ctx, (struct opt_i64){0}, &in, &me));
    assert_true(str_is(me.locale, "ar"));
    assert_true(str_is(me.name, "Nora Saïdi"));
    assert_int_equal(me.version, 2);
    assert_true(str_is(me.school_name, "School"));
    assert_false(me.trainer_id.set && !me.trainer_id.null);
}

int main(void)
{
    static const struct db_test tests[] = {
        DB_TEST(signing_in_gives_tokens_of_the_account),
        DB_TEST(e_mails_are_the_same_in_any_case),
        DB_TEST(nobody_is_told_why_not),
        DB_TEST(the_delay_of_an_account_grows),
        DB_TEST(unknown_accounts_are_delayed_alike),
        DB_TEST(failures_are_forgotten_after_an_hour),
        DB_TEST(an_address_that_tries_many_accounts_is_delayed),
        DB_TEST(a_refresh_token_is_used_once),
        DB_TEST(a_long_chain_of_refreshes_holds),
        DB_TEST(what_is_no_refresh_token_is_refused),
        DB_TEST(a_login_ends_with_its_days_or_its_account),
        DB_TEST(the_list_shows_living_logins),
        DB_TEST(only_own_logins_can_be_ended),
        DB_TEST(login_nought_is_nobodys),
        DB_TEST(a_new_password_ends_the_other_logins),
        DB_TEST(the_caller_is_read_from_header_or_cookie),
        DB_TEST_SQLITE(without_services_everybody_is_nobody),
        DB_TEST(old_traces_are_trimmed),
        DB_TEST(own_data_can_be_changed),
    };
    int failures;

    open_keys();
    failures = db_tests_run("auth", tests, COUNT(tests));
    auth_keys_close(services.auth_keys);
    return failures;
}
