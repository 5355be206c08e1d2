/* SPDX-License-Identifier: MIT */
/* Sealing: what was sealed opens with the same keys and context only, and unaltered only. */
#include <string.h>

#include "enrolment/keyfile.h"
#include "enrolment/vault.h"
#include "temp_dir.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define unpoison(at_, n_) ASAN_UNPOISON_MEMORY_REGION(at_, n_)
#else
#define unpoison(at_, n_) ((void)(at_), (void)(n_))
#endif

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

enum { NONCE = 24, TAG = 16 };

static struct vault *vault(struct temp_dir *t, const char *text)
{
    struct vault *v = NULL;

    assert_int_equal(vault_open(&t->ctx, temp_file(t, "master", text), &v), ERR_OK);
    return v;
}

static struct str new_key(struct temp_dir *t, const struct vault *v, int64_t student_id,
                          unsigned char key[VAULT_KEY_BYTES], struct str *ret_master)
{
    t->ctx.ports->random(key, VAULT_KEY_BYTES);
    return vault_wrap(&t->ctx, v, student_id, key, ret_master);
}

static struct vault *given(struct temp_dir *t, const char *key, const char *old)
{
    struct vault *v = NULL;

    assert_int_equal(vault_open_text(&t->ctx, str_of(key), str_of(old), "here", &v), ERR_OK);
    return v;
}

static void assert_closed(struct ctx *ctx, const unsigned char *key, struct str sealed,
                          struct str context)
{
    struct str out = {"untouched", 9};

    assert_int_equal(vault_unseal(ctx, key, sealed, context, &out), ERR_INTERNAL);
    assert_true(str_is(out, "untouched"));
    assert_true(ctx->fault.detail.len > 0);
    fault_clear(ctx);
}

static void what_is_sealed_opens_again(void **state)
{
    static const struct str texts[] = {{"", 0}, {"a", 1}, {"a\0b", 3}, {"a short text", 12}};
    static const unsigned char key[VAULT_KEY_BYTES] = {1, 2, 3};
    struct ctx *ctx = &((struct temp_dir *)*state)->ctx;

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct str one = vault_seal(ctx, key, texts[i], STR("here"));
        struct str two = vault_seal(ctx, key, texts[i], STR("here"));
        struct str out = {0};

        assert_int_equal(one.len, NONCE + texts[i].len + TAG);
        assert_false(str_eq(one, two));
        assert_int_equal(vault_unseal(ctx, key, one, STR("here"), &out), ERR_OK);
        assert_true(str_eq(out, texts[i]));
    }
}

static void a_large_text_goes_through(void **state)
{
    static const unsigned char key[VAULT_KEY_BYTES] = {9};
    struct ctx *ctx = &((struct temp_dir *)*state)->ctx;
    struct str text = {arena_alloc(&ctx->arena, 1 << 20), 1 << 20}, out = {0};

    assert_int_equal(vault_unseal(ctx, key, vault_seal(ctx, key, text, STR("")), STR(""), &out),
                     ERR_OK);
    assert_true(str_eq(out, text));
}

static void an_altered_byte_is_seen_wherever_it_is(void **state)
{
    static const unsigned char key[VAULT_KEY_BYTES] = {1, 2, 3};
    struct ctx *ctx = &((struct temp_dir *)*state)->ctx;
    struct str sealed = vault_seal(ctx, key, STR("a short text"), STR("here"));

    for (size_t i = 0; i < sealed.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            char *copy = arena_alloc(&ctx->arena, sealed.len);

            memcpy(copy, sealed.at, sealed.len);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            assert_closed(ctx, key, (struct str){copy, sealed.len}, STR("here"));
        }
    for (size_t n = 0; n < sealed.len; n++)
        assert_closed(ctx, key, (struct str){sealed.at, n}, STR("here"));
}

static void context_and_key_are_part_of_it(void **state)
{
    static const char *const contexts[] = {"", "her", "here ", "Here", "template:1"};
    static const unsigned char key[VAULT_KEY_BYTES] = {1, 2, 3};
    struct ctx *ctx = &((struct temp_dir *)*state)->ctx;
    struct str sealed = vault_seal(ctx, key, STR("a short text"), STR("here"));

    for (size_t i = 0; i < COUNT(contexts); i++)
        assert_closed(ctx, key, sealed, str_of(contexts[i]));
    for (size_t i = 0; i < VAULT_KEY_BYTES; i++) {
        unsigned char other[VAULT_KEY_BYTES];

        memcpy(other, key, sizeof(other));
        other[i] ^= 0x80;
        assert_closed(ctx, other, sealed, STR("here"));
    }
}

static void a_student_key_is_bound_to_student_and_master(void **state)
{
    struct temp_dir *t = *state;
    struct vault *a = vault(t, KEY_A "\n"), *b = vault(t, KEY_B "\n");
    unsigned char key[VAULT_KEY_BYTES], again[VAULT_KEY_BYTES] = {0}, other[VAULT_KEY_BYTES];
    static const unsigned char zero[VAULT_KEY_BYTES];
    struct str master;
    struct str wrapped = new_key(t, a, 5, key, &master);

    assert_int_equal(vault_unwrap(&t->ctx, a, 5, wrapped, again), ERR_OK);
    assert_memory_equal(key, again, sizeof(key));
    memset(again, 0, sizeof(again));
    assert_int_equal(vault_unwrap(&t->ctx, a, 6, wrapped, again), ERR_INTERNAL);
    assert_int_equal(vault_unwrap(&t->ctx, b, 5, wrapped, again), ERR_INTERNAL);
    assert_memory_equal(again, zero, sizeof(zero));
    /* Another student's key opens nothing of this one. */
    (void)new_key(t, a, 6, other, &master);
    assert_memory_not_equal(key, other, sizeof(key));
    assert_closed(&t->ctx, other, vault_seal(&t->ctx, key, STR("x"), STR("")), STR(""));
    vault_close(a);
    vault_close(b);
}

static void a_wrapped_text_of_another_length_is_no_key(void **state)
{
    struct temp_dir *t = *state;
    struct vault *v = vault(t, KEY_A);
    unsigned char master[VAULT_KEY_BYTES], key[VAULT_KEY_BYTES] = {0};

    for (size_t i = 0; i < sizeof(master); i++)
        master[i] = (unsigned char)i;
    assert_int_equal(
        vault_unwrap(&t->ctx, v, 5,
                     vault_seal(&t->ctx, master, STR("31 bytes"), STR("student-key:5")), key),
        ERR_INTERNAL);
    assert_non_null(strstr(t->ctx.fault.detail.at, "length"));
    vault_close(v);
}

static void the_key_has_a_name_that_tells_nothing_of_it(void **state)
{
    struct temp_dir *t = *state;
    struct vault *a = vault(t, KEY_A), *same = vault(t, " " KEY_A " \r\n"), *b = vault(t, KEY_B);

    assert_int_equal(vault_key_id(&t->ctx, a).len, 16);
    assert_string_equal(vault_key_id(&t->ctx, a).at, vault_key_id(&t->ctx, same).at);
    assert_string_not_equal(vault_key_id(&t->ctx, a).at, vault_key_id(&t->ctx, b).at);
    assert_null(strstr(KEY_A, vault_key_id(&t->ctx, a).at));
    vault_close(a);
    vault_close(same);
    vault_close(b);
    vault_close(NULL);
}

static void the_file_is_made_once(void **state)
{
    struct temp_dir *t = *state;
    const char *path = temp_path(t, "made");
    struct vault *one = NULL, *two = NULL;

    assert_int_equal(vault_open(&t->ctx, path, &one), ERR_OK);
    assert_mode(path, 0600);
    assert_int_equal(vault_open(&t->ctx, path, &two), ERR_OK);
    assert_string_equal(vault_key_id(&t->ctx, one).at, vault_key_id(&t->ctx, two).at);
    vault_close(one);
    vault_close(two);
}

static void a_file_without_a_key_is_refused(void **state)
{
    static const char *const texts[] = {
        "", "\n", "00", KEY_A "00", KEY_A "\n" KEY_B "\n" KEY_A, "zz" KEY_A, "# " KEY_A, "0x" KEY_A,
    };
    struct temp_dir *t = *state;
    struct vault *v = NULL;

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_int_equal(vault_open(&t->ctx, temp_file(t, "bad", texts[i]), &v), ERR_INVALID);
        assert_non_null(strstr(t->ctx.fault.detail.at, "/bad"));
        assert_null(strstr(t->ctx.fault.detail.at, "0001"));
        assert_null(v);
        fault_clear(&t->ctx);
    }
    assert_int_equal(vault_open(&t->ctx, temp_path(t, "no/such/folder"), &v), ERR_NOT_FOUND);
}

static void two_keys_open_and_the_first_wraps(void **state)
{
    struct temp_dir *t = *state;
    struct vault *old = given(t, KEY_A, ""), *both = given(t, KEY_B, KEY_A);
    struct vault *new = given(t, KEY_B, "");
    unsigned char key[VAULT_KEY_BYTES], again[VAULT_KEY_BYTES];
    struct str master, wrapped = new_key(t, old, 5, key, &master);

    assert_int_equal(vault_unwrap(&t->ctx, both, 5, wrapped, again), ERR_OK);
    assert_memory_equal(key, again, sizeof(key));
    wrapped = vault_wrap(&t->ctx, both, 5, key, &master);
    assert_true(str_eq(master, vault_key_id(&t->ctx, new)));
    assert_int_equal(vault_unwrap(&t->ctx, new, 5, wrapped, again), ERR_OK);
    assert_int_equal(vault_unwrap(&t->ctx, old, 5, wrapped, again), ERR_INTERNAL);
    vault_close(old);
    vault_close(both);
    vault_close(new);
}

static void an_open_vault_follows_its_file(void **state)
{
    struct temp_dir *t = *state;
    struct vault *v = vault(t, KEY_A), *new = NULL;
    const char *path = temp_path(t, "master");
    unsigned char key[VAULT_KEY_BYTES], again[VAULT_KEY_BYTES];
    struct str master, old = new_key(t, v, 5, key, &master), wrapped;

    assert_int_equal(keyfile_begin(&t->ctx, path), ERR_OK);
    assert_mode(path, 0600);
    assert_int_equal(keyfile_begin(&t->ctx, path), ERR_OK); /* goes on with the one it began */
    assert_int_equal(vault_open(&t->ctx, path, &new), ERR_OK);
    assert_int_equal(vault_key_ids(&t->ctx, new).n, 2);
    wrapped = vault_wrap(&t->ctx, new, 5, key, &master);
    /* Met before anybody told: the file is read again. */
    assert_int_equal(vault_unwrap(&t->ctx, v, 5, wrapped, again), ERR_OK);
    assert_memory_equal(key, again, sizeof(key));
    assert_true(str_eq(vault_key_id(&t->ctx, v), master));
    assert_int_equal(keyfile_end(&t->ctx, path), ERR_OK);
    assert_int_equal(vault_refresh(&t->ctx, v), ERR_OK);
    /* A row that was read before the end still opens. */
    assert_int_equal(vault_unwrap(&t->ctx, v, 5, old, again), ERR_OK);
    vault_close(new);
    assert_int_equal(vault_open(&t->ctx, path, &new), ERR_OK);
    assert_int_equal(vault_key_ids(&t->ctx, new).n, 1);
    assert_int_equal(vault_unwrap(&t->ctx, new, 5, old, again), ERR_INTERNAL);
    vault_close(new);
    vault_close(v);
}

static void a_given_key_is_hex_or_base64(void **state)
{
    static const char *const bad[] = {"", "00", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                                      KEY_A "0"};
    struct temp_dir *t = *state;
    struct vault *hex = vault(t, KEY_A), *v = NULL;

    assert_int_equal(vault_open_text(&t->ctx, STR("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"),
                                     STR(""), "here", &v),
                     ERR_OK);
    assert_true(str_eq(vault_key_id(&t->ctx, v), vault_key_id(&t->ctx, hex)));
    vault_close(v);
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(vault_open_text(&t->ctx, str_of(bad[i]), STR(""), "here", &v),
                         ERR_INVALID);
        assert_non_null(strstr(t->ctx.fault.detail.at, "here must hold"));
        fault_clear(&t->ctx);
    }
    vault_close(hex);
}

/* Opened templates lie in the arena: a reset leaves nothing of them in its memory. */
static void what_was_opened_is_wiped_with_the_arena(void **state)
{
    static const unsigned char key[VAULT_KEY_BYTES] = {7};
    static const char mark[] = "a template in plain text, 32 byte";
    struct ctx *ctx = &((struct temp_dir *)*state)->ctx;
    struct str sealed, out = {0};
    const char *at;
    char copy[256];

    ctx_reset(ctx);
    sealed = vault_seal(ctx, key, (struct str){mark, sizeof(mark)}, STR(""));
    memcpy(copy, sealed.at, sealed.len);
    assert_int_equal(vault_unseal(ctx, key, (struct str){copy, sealed.len}, STR(""), &out), ERR_OK);
    assert_memory_equal(out.at, mark, sizeof(mark));
    at = out.at;
    ctx_reset(ctx);
    /* The one block that is kept, before anybody takes and zeroes it. */
    unpoison(at, sizeof(mark));
    for (size_t i = 0; i < sizeof(mark); i++)
        assert_int_equal(((const volatile char *)at)[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        temp_dir_test(what_is_sealed_opens_again),
        temp_dir_test(a_large_text_goes_through),
        temp_dir_test(an_altered_byte_is_seen_wherever_it_is),
        temp_dir_test(context_and_key_are_part_of_it),
        temp_dir_test(a_student_key_is_bound_to_student_and_master),
        temp_dir_test(a_wrapped_text_of_another_length_is_no_key),
        temp_dir_test(the_key_has_a_name_that_tells_nothing_of_it),
        temp_dir_test(the_file_is_made_once),
        temp_dir_test(a_file_without_a_key_is_refused),
        temp_dir_test(two_keys_open_and_the_first_wraps),
        temp_dir_test(an_open_vault_follows_its_file),
        temp_dir_test(a_given_key_is_hex_or_base64),
        temp_dir_test(what_was_opened_is_wiped_with_the_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
