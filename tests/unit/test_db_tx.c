/* SPDX-License-Identifier: MIT */
/* db/: transactions, on both engines. */
#include <string.h>

#include "db_fixture.h"

static const char *const COUNTER =
    "CREATE TABLE counter (id @bigint@ PRIMARY KEY, n @bigint@ NOT NULL) @strict@;"
    "INSERT INTO counter (id, n) VALUES (1, 0), (2, 0);";

static const char *const ADD = "UPDATE counter SET n = n + $1 WHERE id = 1";
static const char *const READ = "SELECT n FROM counter WHERE id = 1";
static const char *const TWICE = "INSERT INTO counter (id, n) VALUES (1, 1)";

static void an_unfinished_one_is_rolled_back(void **state)
{
    struct db_fixture *f = *state;

    db_make(f, COUNTER);
    {
        cleanup(tx_finish) struct tx tx = {0};

        assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
        assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(5))), ERR_OK);
        assert_int_equal(db_number(&f->ctx, READ), 5);
        assert_int_equal(db_number(&f->other, READ), 0);
    }
    assert_int_equal(db_number(&f->ctx, READ), 0);
}

static void a_committed_one_is_seen_by_all(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx tx = {0};

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(5))), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_number(&f->other, READ), 5);
    assert_int_equal(tx_commit(&tx), ERR_INTERNAL);
}

static void an_inner_one_joins_the_outer(void **state)
{
    struct db_fixture *f = *state;

    db_make(f, COUNTER);
    {
        cleanup(tx_finish) struct tx outer = {0};
        cleanup(tx_finish) struct tx inner = {0};

        assert_int_equal(tx_begin(&f->ctx, &outer), ERR_OK);
        assert_int_equal(tx_begin(&f->ctx, &inner), ERR_OK);
        assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
        assert_int_equal(tx_commit(&inner), ERR_OK);
        assert_int_equal(db_number(&f->other, READ), 0);
    }
    assert_int_equal(db_number(&f->ctx, READ), 0);
}

static void inner_without_commit(struct ctx *ctx, const char *sql, enum err expected)
{
    cleanup(tx_finish) struct tx tx = {0};
    int64_t n;

    assert_int_equal(tx_begin(ctx, &tx), ERR_OK);
    assert_int_equal(db_i64(ctx, sql, ARGS(), &n), expected);
}

static void an_inner_rollback_fails_the_outer_when_it_wrote(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx outer = {0};

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &outer), ERR_OK);
    inner_without_commit(&f->ctx, "UPDATE counter SET n = 7 WHERE id = 1 RETURNING n", ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_INTERNAL);
    assert_int_equal(tx_commit(&outer), ERR_INTERNAL);
    assert_int_equal(db_number(&f->ctx, READ), 0);
}

static void an_inner_rollback_after_reading_is_harmless(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx outer = {0};

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &outer), ERR_OK);
    inner_without_commit(&f->ctx, "SELECT n FROM counter WHERE id = 99", ERR_NOT_FOUND);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(tx_commit(&outer), ERR_OK);
    assert_int_equal(db_number(&f->ctx, READ), 1);
}

static void an_error_fails_the_whole(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx tx = {0};
    struct tx inner = {0};
    int64_t n;

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, TWICE, ARGS()), ERR_CONFLICT);
    assert_int_equal(db_i64(&f->ctx, READ, ARGS(), &n), ERR_CONFLICT);
    assert_int_equal(tx_begin(&f->ctx, &inner), ERR_CONFLICT);
    assert_int_equal(tx_commit(&tx), ERR_CONFLICT);
    assert_int_equal(db_number(&f->ctx, READ), 0);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
}

static void not_found_fails_nothing(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx tx = {0};
    int64_t n;

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_i64(&f->ctx, "SELECT n FROM counter WHERE id = 99", ARGS(), &n),
                     ERR_NOT_FOUND);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_number(&f->ctx, READ), 1);
}

static void bad_arguments_fail_the_whole_too(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx tx = {0};

    db_make(f, COUNTER);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(STR("\xff")))), ERR_INVALID);
    assert_int_equal(tx_commit(&tx), ERR_INVALID);
    assert_int_equal(db_number(&f->ctx, READ), 0);
}

struct note {
    char *log;
    char letter;
};

static void write_note(struct ctx *ctx, void *arg)
{
    const struct note *note = arg;
    char text[2] = {note->letter, '\0'};

    memcpy(note->log + strlen(note->log), text, sizeof(text));
    /* The connection is free again: a hook may use the database. */
    assert_int_equal(db_exec(ctx, ADD, ARGS(A(1))), ERR_OK);
}

static void note_later(struct ctx *ctx, char *log, char letter)
{
    struct note *note = ARENA_NEW(&ctx->arena, struct note);

    *note = (struct note){log, letter};
    db_after_commit(ctx, write_note, note);
}

static void what_comes_after_the_commit_keeps_its_order(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx outer = {0}, inner = {0};
    char log[8] = "";

    db_make(f, COUNTER);
    note_later(&f->ctx, log, 'a');
    assert_string_equal(log, "a");
    assert_int_equal(tx_begin(&f->ctx, &outer), ERR_OK);
    note_later(&f->ctx, log, 'b');
    assert_int_equal(tx_begin(&f->ctx, &inner), ERR_OK);
    note_later(&f->ctx, log, 'c');
    assert_int_equal(tx_commit(&inner), ERR_OK);
    assert_string_equal(log, "a");
    assert_int_equal(tx_commit(&outer), ERR_OK);
    assert_string_equal(log, "abc");
    assert_int_equal(db_number(&f->ctx, READ), 3);
}

static void a_rollback_drops_what_would_come_after(void **state)
{
    struct db_fixture *f = *state;
    char log[8] = "";

    db_make(f, COUNTER);
    for (int with_error = 0; with_error < 2; with_error++) {
        cleanup(tx_finish) struct tx tx = {0};

        assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
        note_later(&f->ctx, log, 'x');
        if (with_error) {
            assert_int_equal(db_exec(&f->ctx, TWICE, ARGS()), ERR_CONFLICT);
            assert_int_equal(tx_commit(&tx), ERR_CONFLICT);
        }
    }
    {
        cleanup(tx_finish) struct tx tx = {0};

        assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
        assert_int_equal(tx_commit(&tx), ERR_OK);
    }
    assert_string_equal(log, "");
}

struct last_word {
    int asked;
    enum err answer;
};

/* Writes with what is committed, and may forbid it. */
static enum err have_last_word(struct ctx *ctx, void *arg)
{
    struct last_word *w = arg;

    w->asked++;
    assert_int_equal(db_exec(ctx, ADD, ARGS(A(10))), ERR_OK);
    return w->answer;
}

static enum err count_up(struct ctx *ctx, bool write)
{
    cleanup(tx_finish) struct tx outer = {0}, inner = {0};

    assert_int_equal(tx_begin(ctx, &outer), ERR_OK);
    assert_int_equal(tx_begin(ctx, &inner), ERR_OK);
    if (write)
        assert_int_equal(db_exec(ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(tx_commit(&inner), ERR_OK);
    return tx_commit(&outer);
}

static void somebody_has_the_last_word_before_a_commit(void **state)
{
    struct db_fixture *f = *state;
    struct last_word w = {0};

    db_make(f, COUNTER);
    db_before_commit(&f->ctx, have_last_word, &w);
    assert_int_equal(count_up(&f->ctx, false), ERR_OK);
    assert_int_equal(w.asked, 0);
    assert_int_equal(count_up(&f->ctx, true), ERR_OK);
    assert_int_equal(w.asked, 1);
    assert_int_equal(db_number(&f->other, READ), 11);
    w.answer = ERR_IDEMPOTENCY_BUSY;
    assert_int_equal(count_up(&f->ctx, true), ERR_IDEMPOTENCY_BUSY);
    assert_int_equal(w.asked, 2);
    assert_int_equal(db_number(&f->other, READ), 11);
    db_before_commit(&f->ctx, NULL, NULL);
    assert_int_equal(count_up(&f->ctx, true), ERR_OK);
    assert_int_equal(db_number(&f->other, READ), 12);
    assert_int_equal(w.asked, 2);
}

struct plan {
    struct ctx *other;
    int tries;
    int conflicts; /* in how many tries somebody else is quicker */
    enum err result;
    bool hooked;
};

static void set_true(struct ctx *ctx, void *arg)
{
    (void)ctx;
    *(bool *)arg = true;
}

static enum err add_one(struct ctx *ctx, void *arg)
{
    struct plan *p = arg;
    int64_t n;
    enum err e;

    p->tries++;
    db_after_commit(ctx, set_true, &p->hooked);
    if (db_engine(ctx) == DB_POSTGRES) {
        e = db_exec(ctx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", ARGS());
        if (e)
            return e;
    }
    e = db_i64(ctx, READ, ARGS(), &n);
    if (e)
        return e;
    if (p->tries <= p->conflicts)
        assert_int_equal(db_exec(p->other, ADD, ARGS(A(100))), ERR_OK);
    e = db_exec(ctx, "UPDATE counter SET n = $1 WHERE id = 1", ARGS(A(n + 1)));
    if (e)
        return e;
    return p->result;
}

static void a_transaction_in_one_call_commits(void **state)
{
    struct db_fixture *f = *state;
    struct plan p = {.other = &f->other};

    db_make(f, COUNTER);
    assert_int_equal(db_transact(&f->ctx, add_one, &p), ERR_OK);
    assert_int_equal(p.tries, 1);
    assert_true(p.hooked);
    assert_int_equal(db_number(&f->ctx, READ), 1);
    p.result = ERR_FORBIDDEN;
    p.hooked = false;
    assert_int_equal(db_transact(&f->ctx, add_one, &p), ERR_FORBIDDEN);
    assert_int_equal(p.tries, 2);
    assert_false(p.hooked);
    assert_int_equal(db_number(&f->ctx, READ), 1);
}

static void a_serialisation_failure_is_tried_again(void **state)
{
    struct db_fixture *f = *state;
    struct plan p = {.other = &f->other, .conflicts = 2};

    db_make(f, COUNTER);
    assert_int_equal(db_transact(&f->ctx, add_one, &p), ERR_OK);
    assert_int_equal(p.tries, 3);
    assert_true(p.hooked);
    assert_int_equal(f->ctx.fault.err, ERR_OK);
    assert_int_equal(db_number(&f->ctx, READ), 201);
}

static void trying_again_ends(void **state)
{
    struct db_fixture *f = *state;
    struct plan p = {.other = &f->other, .conflicts = 99};

    db_make(f, COUNTER);
    assert_int_equal(db_transact(&f->ctx, add_one, &p), ERR_BUSY);
    assert_int_equal(p.tries, 5);
    assert_false(p.hooked);
    assert_int_equal(db_number(&f->ctx, READ), 500);
}

/* SQLite: the writer's turn does not come. PostgreSQL: the row's lock does not. */
static void waiting_for_another_ends_in_busy(void **state)
{
    struct db_fixture *f = *state;
    cleanup(tx_finish) struct tx tx = {0};

    db_make(f, COUNTER);
    db_hurry(f);
    assert_int_equal(tx_begin(&f->ctx, &tx), ERR_OK);
    assert_int_equal(db_exec(&f->ctx, ADD, ARGS(A(1))), ERR_OK);
    assert_int_equal(db_exec(&f->other, ADD, ARGS(A(10))), ERR_BUSY);
    assert_int_equal(db_number(&f->other, READ), 0);
    assert_int_equal(tx_commit(&tx), ERR_OK);
    assert_int_equal(db_exec(&f->other, ADD, ARGS(A(10))), ERR_OK);
    assert_int_equal(db_number(&f->ctx, READ), 11);
}

static const struct db_test tests[] = {
    DB_TEST(an_unfinished_one_is_rolled_back),
    DB_TEST(a_committed_one_is_seen_by_all),
    DB_TEST(an_inner_one_joins_the_outer),
    DB_TEST(an_inner_rollback_fails_the_outer_when_it_wrote),
    DB_TEST(an_inner_rollback_after_reading_is_harmless),
    DB_TEST(an_error_fails_the_whole),
    DB_TEST(not_found_fails_nothing),
    DB_TEST(bad_arguments_fail_the_whole_too),
    DB_TEST(what_comes_after_the_commit_keeps_its_order),
    DB_TEST(a_rollback_drops_what_would_come_after),
    DB_TEST(somebody_has_the_last_word_before_a_commit),
    DB_TEST(a_transaction_in_one_call_commits),
    DB_TEST_POSTGRES(a_serialisation_failure_is_tried_again),
    DB_TEST_POSTGRES(trying_again_ends),
    DB_TEST(waiting_for_another_ends_in_busy),
};

int main(void)
{
    return db_tests_run("db_tx", tests, COUNT(tests));
}
