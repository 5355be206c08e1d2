/* SPDX-License-Identifier: MIT */
/* Kept answers on real tables: sealed, and of the run whose they are. */
#include "db/db.h"
#include "db_fixture.h"
#include "enrolment/vault.h"
#include "groups/groups.h"
#include "idempotency/idempotency.h"
#include "justifications/reasons.h"
#include "structure/structure.h"

#define ok(call_)     assert_int_equal((call_), ERR_OK)
#define is(call_, e_) assert_int_equal((call_), (e_))
#define KEY           STR("key")
#define PRINT         STR("print")
#define KEY_A         STR("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
#define KEY_B         STR("f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")

/* 2027-01-15T08:00:00Z. */
static const int64_t start = 1800000000000;
static struct services services;

static struct ctx *school(void **state)
{
    struct db_fixture *f = *state;
    int64_t n;

    ok(migrate_upgrade(&f->ctx, migrations_embedded(&f->ctx), 0, &n));
    ok(vault_open_text(&f->ctx, KEY_A, STR(""), "here", &services.vault));
    f->ctx.services = &services;
    f->ctx.actor.user_id = 7;
    f->ctx.now = start;
    return &f->ctx;
}

static void leave(struct ctx *ctx)
{
    ctx->services = NULL;
    vault_close(services.vault);
    services.vault = NULL;
}

/* The status that is told, 0: the key is owned. */
static int begin(struct ctx *ctx, int64_t at, const char *ret_body)
{
    struct str body = {0};
    int status = -1;

    fault_clear(ctx);
    ctx->now = at;
    ok(idempotency_begin(ctx, KEY, "thing_make", PRINT, &status, &body));
    if (ret_body)
        assert_true(str_is(body, ret_body));
    return status;
}

static void finish(struct ctx *ctx, int64_t at, int status, const char *body)
{
    ctx->now = at;
    idempotency_finish(ctx, KEY, "thing_make", status, str_of(body));
}

static enum err busy(struct ctx *ctx)
{
    struct str body = {0};
    int status = -1;

    fault_clear(ctx);
    return idempotency_begin(ctx, KEY, "thing_make", PRINT, &status, &body);
}

static void an_answer_is_told_again(void **state)
{
    struct ctx *ctx = school(state);

    assert_int_equal(begin(ctx, start, NULL), 0);
    finish(ctx, start, 201, "{\"secret\":1}");
    assert_int_equal(begin(ctx, start + 5, "{\"secret\":1}"), 201);
    assert_int_equal(db_number(ctx, "SELECT count(*) FROM idempotency WHERE body = ''"), 1);
    /* Another master key: carried out, and the answer is lost. */
    vault_close(services.vault);
    ok(vault_open_text(ctx, KEY_B, STR(""), "here", &services.vault));
    is(busy(ctx), ERR_IDEMPOTENCY_BUSY);
    /* While the keys are exchanged both open. */
    vault_close(services.vault);
    ok(vault_open_text(ctx, KEY_B, KEY_A, "here", &services.vault));
    assert_int_equal(begin(ctx, start + 6, "{\"secret\":1}"), 201);
    leave(ctx);
}

/* The first run was slow; it ends after another one had taken its key over and was answered. */
static void who_was_taken_over_answers_nothing(void **state)
{
    struct ctx *ctx = school(state);
    int64_t later = start + 31000;

    assert_int_equal(begin(ctx, start, NULL), 0);
    assert_int_equal(begin(ctx, later, NULL), 0);
    /* Fails, and gives back what is not its own: the other one still runs. */
    finish(ctx, start, 0, "");
    ctx->now = later + 1;
    is(busy(ctx), ERR_IDEMPOTENCY_BUSY);
    finish(ctx, later, 201, "{}");
    finish(ctx, start, 409, "{\"title\":\"busy\"}");
    assert_int_equal(begin(ctx, later + 2, "{}"), 201);
    leave(ctx);
}

static void who_failed_gives_the_key_back(void **state)
{
    struct ctx *ctx = school(state);

    assert_int_equal(begin(ctx, start, NULL), 0);
    finish(ctx, start, 0, "");
    assert_int_equal(begin(ctx, start + 1, NULL), 0);
    leave(ctx);
}

/* The answer was lost after the work: it is not carried out again. */
static void assert_noted(struct ctx *ctx)
{
    finish(ctx, start, 0, "");
    is(busy(ctx), ERR_IDEMPOTENCY_BUSY);
    ok(db_exec(ctx, "DELETE FROM idempotency", ARGS()));
    fault_clear(ctx);
}

static void what_one_statement_did_is_noted(void **state)
{
    struct ctx *ctx = school(state);
    struct structure_new programme = {.code = STR("P"), .name = STR("P")};
    struct group_new group = {.code = STR("G"), .name = STR("G")};
    struct absence_reason_new reason = {
        .code = STR("r"), .label_en = STR("R"), .label_fr = STR("R"), .label_ar = STR("R")};
    struct structure_item made = {0};
    struct group made_group = {0};
    struct absence_reason made_reason = {0};

    assert_int_equal(begin(ctx, start, NULL), 0);
    ok(structure_create(ctx, STRUCTURE_PROGRAMME, &programme, &made));
    assert_noted(ctx);
    group.programme_id = made.id;
    assert_int_equal(begin(ctx, start, NULL), 0);
    ok(group_create(ctx, &group, &made_group));
    assert_noted(ctx);
    assert_int_equal(begin(ctx, start, NULL), 0);
    ok(reason_create(ctx, &reason, &made_reason));
    assert_noted(ctx);
    leave(ctx);
}

int main(void)
{
    static const struct db_test tests[] = {
        DB_TEST(an_answer_is_told_again),
        DB_TEST(who_was_taken_over_answers_nothing),
        DB_TEST(who_failed_gives_the_key_back),
        DB_TEST(what_one_statement_did_is_noted),
    };

    return db_tests_run("idempotency", tests, COUNT(tests));
}
