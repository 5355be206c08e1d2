/* SPDX-License-Identifier: MIT */
/* The ledger's form and hashes against values computed apart (tests/api/test_ledger.py). */
#include "attendance/ledger.h"
#include "ctx_test.h"

#define ROOT_12   "9df9c0f20bcc5941579c6ddaa02b50038bb6b621182660d96a4d3f54cfaa6945"
#define HASH_1    "eba3beceb2fb30ee3a1fc7257be85364ccbf5818d32dee4e22e395425d79012e"
#define NOTE_HASH "a0266beced69dc80e96b6e883b46f1832ed15ba0476c3ab367412e84aff7189a"
#define ZEROES    "0000000000000000000000000000000000000000000000000000000000000000"

static struct opt_i64 some(int64_t v)
{
    return (struct opt_i64){.set = true, .v = v};
}

static struct opt_f64 number(double v)
{
    return (struct opt_f64){.set = true, .v = v};
}

static struct ledger_link fixed(void)
{
    return (struct ledger_link){
        .id = 99,
        .session_id = 12,
        .seq = 3,
        .uid = STR("reader-1:77"),
        .student_id = some(7),
        .kind = STR("check"),
        .method = STR("qr"),
        .at = 1770109200123,
        .occurred_at = 1770109199000,
        .client_at = some(1770109198500),
        .direction = STR("in"),
        .facts = 3,
        .status_before = STR("unmarked"),
        .status_after = STR("present"),
        .client = {.set = true, .v = STR("é\n=5:x")},
        .by_account_id = some(4),
        .similarity = number(0.71),
        .margin = number(1.0 / 3.0),
        .request_id = STR("r-1"),
        .prev_hash = STR(ZEROES),
    };
}

static void assert_text(struct str a, const char *b)
{
    assert_string_equal(a.at, b);
}

static void test_fixed_vectors(void **state)
{
    struct ctx *ctx = *state;
    struct ledger_link l = fixed();

    assert_text(ledger_root(ctx, 12), ROOT_12);
    assert_text(ledger_hash(ctx, &l), HASH_1);
    assert_text(ledger_note_hash(ctx, STR("salt"), STR("sick")), NOTE_HASH);
}

/* What is not hashed: the row, the note itself, the row that is undone. */
static void test_what_may_change(void **state)
{
    struct ctx *ctx = *state;
    struct ledger_link l = fixed();

    l.id = 1;
    l.undoes = some(5);
    l.note = (struct opt_str){.set = true, .v = STR("sick")};
    l.note_salt = l.note;
    l.hash = STR(ZEROES);
    assert_text(ledger_hash(ctx, &l), HASH_1);
    l.facts = 2;
    assert_string_not_equal(ledger_hash(ctx, &l).at, HASH_1);
}

/* No text can be read as another field, and NULL is not empty. */
static void test_texts_do_not_run_together(void **state)
{
    struct ctx *ctx = *state;
    struct ledger_link a = fixed(), b = fixed();

    a.said = (struct opt_str){.set = true, .v = STR("late\ncode=1:P")};
    b.said = (struct opt_str){.set = true, .v = STR("late")};
    b.code = (struct opt_str){.set = true, .v = STR("P\ncode=")};
    assert_string_not_equal(ledger_form(ctx, &a).at, ledger_form(ctx, &b).at);
    a = fixed();
    b = fixed();
    b.client = (struct opt_str){.set = true};
    a.client = (struct opt_str){0};
    assert_string_not_equal(ledger_form(ctx, &a).at, ledger_form(ctx, &b).at);
}

static void test_a_chain_goes_on(void **state)
{
    struct ctx *ctx = *state;
    struct ledger_link first = fixed(), second = fixed();
    int64_t seq = 0;
    struct str hash = {"", 0};

    first.uid = STR("");
    first.note = (struct opt_str){.set = true, .v = STR("sick")};
    ledger_chain(ctx, &first, &seq, &hash);
    assert_int_equal(first.seq, 1);
    assert_text(first.prev_hash, ROOT_12);
    assert_int_equal(first.uid.len, 32);
    assert_int_equal(first.note_salt.v.len, 32);
    assert_text(first.note_hash.v, ledger_note_hash(ctx, first.note_salt.v, STR("sick")).at);
    ledger_chain(ctx, &second, &seq, &hash);
    assert_int_equal(second.seq, 2);
    assert_text(second.prev_hash, first.hash.at);
    assert_text(second.uid, "reader-1:77");
    assert_false(second.note_hash.set);
    assert_text(hash, second.hash.at);
    assert_int_equal(seq, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ctx_test(test_fixed_vectors),
        ctx_test(test_what_may_change),
        ctx_test(test_texts_do_not_run_together),
        ctx_test(test_a_chain_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
