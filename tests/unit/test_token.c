/* SPDX-License-Identifier: MIT */
/* Access tokens: what is signed is taken, everything else is not; keys and their rotation. */
#include <sodium.h>
#include <string.h>

#include "auth/token.h"
#include "temp_dir.h"

#define KID       "0123456789abcdef"
#define KEY       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER_KEY "f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define NOW       1800000000

static const struct token_claims good = {.sub = 7, .lid = 9, .iat = NOW, .exp = NOW + 900};

static struct auth_keys *keys(struct temp_dir *t, const char *text)
{
    struct auth_keys *k = NULL;

    assert_int_equal(auth_keys_open(&t->ctx, temp_file(t, "keys", text), &k), ERR_OK);
    return k;
}

static struct str base64(struct ctx *ctx, struct str s)
{
    size_t cap = sodium_base64_encoded_len(s.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(&ctx->arena, cap);

    sodium_bin2base64(out, cap, (const unsigned char *)s.at, s.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(out);
}

/* header.payload.signature, properly signed by KEY whatever header and payload say. */
static struct str forge(struct ctx *ctx, const char *header, const char *payload)
{
    unsigned char key[32], mac[crypto_auth_hmacsha256_BYTES];
    struct str text = arena_printf(&ctx->arena, "%s.%s", base64(ctx, str_of(header)).at,
                                   base64(ctx, str_of(payload)).at);

    sodium_hex2bin(key, sizeof(key), KEY, strlen(KEY), NULL, NULL, NULL);
    crypto_auth_hmacsha256(mac, (const unsigned char *)text.at, text.len, key);
    return arena_printf(&ctx->arena, "%s.%s", text.at,
                        base64(ctx, (struct str){(const char *)mac, sizeof(mac)}).at);
}

#define HEADER "{\"alg\":\"HS256\",\"kid\":\"" KID "\",\"typ\":\"JWT\"}"
#define CLAIMS "{\"sub\":7,\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}"

/* Refused, said why, and nothing handed out. */
static void assert_refused(struct ctx *ctx, const struct auth_keys *k, struct str token)
{
    struct token_claims c = {.sub = 42};
    enum err e = token_verify(ctx, k, token, &c);

    if (e != ERR_UNAUTHENTICATED || c.sub != 42 || c.lid)
        print_error("taken: %.*s\n", (int)token.len, token.at);
    assert_int_equal(e, ERR_UNAUTHENTICATED);
    assert_int_equal(c.sub, 42);
    assert_int_equal(c.lid, 0);
    assert_true(ctx->fault.detail.len || ctx->fault.fields);
    fault_clear(ctx);
}

static void signs_as_rfc_7515_says(void **state)
{
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");

    /* Computed by another program. */
    assert_string_equal(token_sign(&t->ctx, k, &good).at,
                        "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxMjM0NTY3ODlhYmNkZWYiLCJ0eXAiOiJKV1QifQ."
                        "eyJzdWIiOjcsImxpZCI6OSwiaWF0IjoxODAwMDAwMDAwLCJleHAiOjE4MDAwMDA5MDB9."
                        "Vl75QGbvOGTHjDPiUPCgyMuioSQICah2fxXEH0S2e20");
    auth_keys_close(k);
}

static void what_is_signed_is_taken(void **state)
{
    static const struct token_claims rows[] = {
        {7, 9, NOW, NOW + 900},
        {1, 1, 1, NOW + 1},
        {INT64_MAX, INT64_MAX, NOW, INT64_MAX},
    };
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_claims c = {0};

        assert_int_equal(token_verify(&t->ctx, k, token_sign(&t->ctx, k, &rows[i]), &c), ERR_OK);
        assert_memory_equal(&c, &rows[i], sizeof(c));
    }
    auth_keys_close(k);
}

static void forged_headers_are_refused(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"JWT\"}",
        "{\"alg\":\"none\",\"kid\":\"" KID "\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS512\",\"kid\":\"" KID "\",\"typ\":\"JWT\"}",
        "{\"alg\":\"RS256\",\"kid\":\"" KID "\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"ffffffffffffffff\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"../../../dev/null\",\"typ\":\"JWT\"}",
        "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"" KID "\"}",
        "{\"alg\":\"HS256\", \"kid\":\"" KID "\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"" KID "\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
        "{}",
        "",
    };
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");
    struct token_claims c;

    /* The forger itself is right: only the header below is not ours. */
    assert_int_equal(token_verify(&t->ctx, k, forge(&t->ctx, HEADER, CLAIMS), &c), ERR_OK);
    for (size_t i = 0; i < COUNT(headers); i++)
        assert_refused(&t->ctx, k, forge(&t->ctx, headers[i], CLAIMS));
    auth_keys_close(k);
}

/* Signed by our own key, and still not claims: a leak elsewhere must not become a way in. */
static void odd_claims_are_refused(void **state)
{
    static const char *const claims[] = {
        "{\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":7,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":7,\"lid\":9,\"exp\":1800000900}",
        "{\"sub\":7,\"lid\":9,\"iat\":1800000000}",
        "{\"sub\":0,\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":-7,\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":\"7\",\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":7.0,\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":7,\"lid\":9,\"iat\":1800000000,\"exp\":null}",
        "{\"sub\":7,\"lid\":9,\"iat\":1800000000,\"exp\":99999999999999999999}",
        "{\"sub\":7,\"sub\":8,\"lid\":9,\"iat\":1800000000,\"exp\":1800000900}",
        "{\"sub\":7,\"lid\":9,\"iat\":1800000000,\"exp\":1800000900,\"role\":\"admin\"}",
        "[7,9,1800000000,1800000900]",
        "\"admin\"",
        "7",
        "",
        "{",
        "\xff",
    };
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");

    for (size_t i = 0; i < COUNT(claims); i++)
        assert_refused(&t->ctx, k, forge(&t->ctx, HEADER, claims[i]));
    auth_keys_close(k);
}

static void a_changed_byte_is_seen_wherever_it_is(void **state)
{
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");
    struct str token = token_sign(&t->ctx, k, &good);

    for (size_t i = 0; i < token.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            char *copy = arena_alloc(&t->ctx.arena, token.len + 1);

            memcpy(copy, token.at, token.len);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            assert_refused(&t->ctx, k, (struct str){copy, token.len});
        }
    for (size_t n = 0; n < token.len; n++)
        assert_refused(&t->ctx, k, (struct str){token.at, n});
    auth_keys_close(k);
}

static const char *a_lot_of(struct arena *a, char c, size_t n)
{
    char *text = arena_alloc(a, n + 1);

    memset(text, c, n);
    return text;
}

static void other_forms_are_refused(void **state)
{
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");
    struct str whole = token_sign(&t->ctx, k, &good), rest = whole;
    const char *token = whole.at, *header = arena_cstr(&t->ctx.arena, str_cut(&rest, '.'));
    const char *payload = arena_cstr(&t->ctx.arena, str_cut(&rest, '.')), *mac = rest.at;
    struct arena *a = &t->ctx.arena;
    const char *long_text = a_lot_of(a, 'A', 4000);
    const struct str rows[] = {
        STR(""),
        STR("."),
        STR(".."),
        STR("..."),
        arena_printf(a, "%s=", token),
        arena_printf(a, "%s.", token),
        arena_printf(a, "%s.%s", token, mac),
        arena_printf(a, " %s", token),
        arena_printf(a, "%s ", token),
        arena_printf(a, "%s\n", token),
        arena_printf(a, "%s.%s", header, payload),
        arena_printf(a, "%s.%s.", header, payload),
        arena_printf(a, ".%s.%s", payload, mac),
        arena_printf(a, "%s..%s", header, mac),
        arena_printf(a, "%s.%s.%s", payload, header, mac),
        arena_printf(a, "%s=.%s=.%s=", header, payload, mac),
        {whole.at, whole.len + 1}, /* with its NUL */
        arena_printf(a, "%s.%s%s.%s", header, long_text, payload, mac),
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_refused(&t->ctx, k, rows[i]);
    auth_keys_close(k);
}

static void another_key_of_the_same_name_is_refused(void **state)
{
    struct temp_dir *t = *state;
    struct auth_keys *ours = keys(t, KID " " KEY "\n");
    struct auth_keys *theirs = keys(t, KID " " OTHER_KEY "\n");

    assert_refused(&t->ctx, ours, token_sign(&t->ctx, theirs, &good));
    auth_keys_close(ours);
    auth_keys_close(theirs);
}

static void time_is_kept_to_the_second(void **state)
{
    static const struct {
        int64_t iat, exp, now_ms;
        bool good;
    } rows[] = {
        {NOW, NOW + 900, (NOW + 900) * 1000LL - 1, true},
        {NOW, NOW + 900, (NOW + 900) * 1000LL, false},
        {NOW, NOW + 900, (NOW + 901) * 1000LL, false},
        {NOW, NOW, NOW * 1000LL, false},
        {NOW, NOW - 1, NOW * 1000LL, false},
        /* Another machine's clock may be a minute ahead, not more. */
        {NOW + 60, NOW + 960, NOW * 1000LL, true},
        {NOW + 61, NOW + 961, NOW * 1000LL, false},
        {INT64_MAX, INT64_MAX, NOW * 1000LL, false},
    };
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, KID " " KEY "\n");

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_claims c = {.sub = 7, .lid = 9, .iat = rows[i].iat, .exp = rows[i].exp};
        struct token_claims out;

        t->ctx.now = rows[i].now_ms;
        if (rows[i].good)
            assert_int_equal(token_verify(&t->ctx, k, token_sign(&t->ctx, k, &c), &out), ERR_OK);
        else
            assert_refused(&t->ctx, k, token_sign(&t->ctx, k, &c));
    }
    auth_keys_close(k);
}

static struct auth_keys *open_at(struct temp_dir *t, const char *path)
{
    struct auth_keys *k = NULL;

    assert_int_equal(auth_keys_open(&t->ctx, path, &k), ERR_OK);
    return k;
}

static void rotation_keeps_two_older_keys(void **state)
{
    enum { ROUNDS = 5 };
    struct temp_dir *t = *state;
    const char *path = temp_path(t, "made");
    struct str tokens[ROUNDS];

    for (size_t i = 0; i < ROUNDS; i++) {
        struct auth_keys *k;
        struct token_claims c;

        if (i)
            assert_int_equal(auth_keys_rotate(&t->ctx, path), ERR_OK);
        k = open_at(t, path);
        assert_mode(path, 0600);
        tokens[i] = token_sign(&t->ctx, k, &good);
        for (size_t old = 0; old <= i; old++) {
            if (old)
                assert_false(str_eq(tokens[old], tokens[old - 1]));
            if (i - old <= 2)
                assert_int_equal(token_verify(&t->ctx, k, tokens[old], &c), ERR_OK);
            else
                assert_refused(&t->ctx, k, tokens[old]);
        }
        auth_keys_close(k);
    }
}

/* Lines that people add, and lines that went wrong, beside a good key. */
#define JUNK                                                                                       \
    "# signing keys\n\n" KID "\n" KID                                                              \
    " 0011\n"                                                                                      \
    "short " KEY "\n" KID " " KEY "00\n" KID                                                       \
    " zz0102030405060708090a0b0c0d0e0f"                                                            \
    "101112131415161718191a1b1c1d1e1f\n"

static void junk_lines_are_passed_over(void **state)
{
    struct temp_dir *t = *state;
    struct auth_keys *k = keys(t, JUNK "  " KID "  " KEY " \r\n");
    struct str token = token_sign(&t->ctx, k, &good);
    struct token_claims c;

    assert_true(str_eq(token, forge(&t->ctx, HEADER, CLAIMS)));
    auth_keys_close(k);
    /* Junk must not push a good key out of the file either. */
    assert_int_equal(auth_keys_rotate(&t->ctx, temp_path(t, "keys")), ERR_OK);
    k = open_at(t, temp_path(t, "keys"));
    assert_int_equal(token_verify(&t->ctx, k, token, &c), ERR_OK);
    assert_false(str_eq(token_sign(&t->ctx, k, &good), token));
    auth_keys_close(k);
}

static void a_file_without_a_key_is_refused(void **state)
{
    struct temp_dir *t = *state;
    struct auth_keys *k = NULL;
    const char *large = a_lot_of(&t->ctx.arena, '#', 5000);

    assert_int_equal(auth_keys_open(&t->ctx, temp_file(t, "junk", JUNK), &k), ERR_INVALID);
    assert_non_null(strstr(t->ctx.fault.detail.at, "/junk"));
    fault_clear(&t->ctx);
    assert_int_equal(auth_keys_open(&t->ctx, temp_file(t, "empty", ""), &k), ERR_INVALID);
    fault_clear(&t->ctx);
    assert_int_equal(auth_keys_open(&t->ctx, temp_file(t, "large", large), &k), ERR_TOO_LARGE);
    assert_null(k);
    auth_keys_close(NULL);
}

static void opaque_tokens_are_long_and_known_by_hash(void **state)
{
    struct temp_dir *t = *state;
    struct str one = token_opaque(&t->ctx), two = token_opaque(&t->ctx);

    assert_int_equal(one.len, 43);
    assert_false(str_eq(one, two));
    assert_string_equal(token_hash(&t->ctx, STR("abc")).at,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        temp_dir_test(signs_as_rfc_7515_says),
        temp_dir_test(what_is_signed_is_taken),
        temp_dir_test(forged_headers_are_refused),
        temp_dir_test(odd_claims_are_refused),
        temp_dir_test(a_changed_byte_is_seen_wherever_it_is),
        temp_dir_test(other_forms_are_refused),
        temp_dir_test(another_key_of_the_same_name_is_refused),
        temp_dir_test(time_is_kept_to_the_second),
        temp_dir_test(rotation_keeps_two_older_keys),
        temp_dir_test(junk_lines_are_passed_over),
        temp_dir_test(a_file_without_a_key_is_refused),
        temp_dir_test(opaque_tokens_are_long_and_known_by_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
