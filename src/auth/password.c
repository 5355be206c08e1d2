/* SPDX-License-Identifier: MIT */
/* Hashing is capped: each hash takes a core for 40 ms and 19 MiB, and logins come in bursts. */
#include "auth/password.h"

#include <errno.h>
#include <pthread.h>
#include <pwquality.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

enum { MEMORY_BYTES = 19 << 20, PASSES = 2, CORE_MIN = 6 };

/* Guards `running` and, apart from it, libcrack, which keeps its dictionary in static storage. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t crack_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t running;
static int64_t most = 1;
static int64_t wait_ms = 5000;

void auth_password_setup(int64_t at_once)
{
    most = at_once > 0 ? at_once : 1;
}

void auth_password_wait(int64_t ms)
{
    wait_ms = ms;
}

static bool enter(void)
{
    struct timespec until;
    bool in;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += wait_ms % 1000 * 1000000;
    until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&lock);
    while (running >= most)
        if (pthread_cond_clockwait(&freed, &lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT)
            break;
    in = running < most;
    running += in;
    pthread_mutex_unlock(&lock);
    return in;
}

static void leave(void)
{
    pthread_mutex_lock(&lock);
    running--;
    pthread_cond_signal(&freed);
    pthread_mutex_unlock(&lock);
}

enum err auth_password_hash(struct ctx *ctx, struct str password, struct str *ret)
{
    char *out = arena_alloc(&ctx->arena, crypto_pwhash_STRBYTES);
    int failed;

    if (!enter())
        return fail(ctx, ERR_BUSY, "too many passwords are being checked");
    failed = crypto_pwhash_str_alg(out, password.at, password.len, PASSES, MEMORY_BYTES,
                                   crypto_pwhash_ALG_ARGON2ID13);
    leave();
    if (failed)
        return fail(ctx, ERR_INTERNAL, "no memory to hash a password");
    *ret = str_of(out);
    return ERR_OK;
}

/* The hash of nobody's password: same cost, never matches. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

enum err auth_password_verify(struct ctx *ctx, struct str password, struct str hash)
{
    char phc[crypto_pwhash_STRBYTES] = {0};
    bool known = hash.len > 0 && hash.len < sizeof(phc);
    int wrong;

    memcpy(phc, known ? hash.at : nobody, known ? hash.len : sizeof(nobody));
    if (!enter())
        return fail(ctx, ERR_BUSY, "too many passwords are being checked");
    wrong = crypto_pwhash_str_verify(phc, password.at, password.len);
    leave();
    return known && !wrong ? ERR_OK : ERR_BAD_CREDENTIALS;
}

/* What libpwquality says of the password; 0 or more is good. */
static int quality(const char *password, int length_min, const char *email, void **aux)
{
    pwquality_settings_t *s = pwquality_default_settings();
    int rc = PWQ_ERROR_MEM_ALLOC;

    if (!s)
        return rc;
    pwquality_set_int_value(s, PWQ_SETTING_MIN_LENGTH, length_min);
    pwquality_set_int_value(s, PWQ_SETTING_MAX_REPEAT, 4);
    pwquality_set_int_value(s, PWQ_SETTING_MAX_SEQUENCE, 5);
    pwquality_set_int_value(s, PWQ_SETTING_GECOS_CHECK, 0);
    pthread_mutex_lock(&crack_lock);
    rc = pwquality_check(s, password, NULL, email, aux);
    pthread_mutex_unlock(&crack_lock);
    pwquality_free_settings(s);
    return rc;
}

static const char *part_of(struct ctx *ctx, struct str email)
{
    struct str rest = email;

    return arena_cstr(&ctx->arena, str_cut(&rest, '@'));
}

static bool contains_word_of(struct ctx *ctx, const char *password, struct str name)
{
    while (name.len) {
        const char *word = arena_cstr(&ctx->arena, str_cut(&name, ' '));

        if (strlen(word) >= 4 && strcasestr(password, word))
            return true;
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/*
 * What is left without the digits and signs around it, when that is half of the password or more:
 * libcrack knows "password" and "password12", but not "password1234".
 */
static const char *core_of(struct ctx *ctx, struct str password)
{
    struct str core = password;

    while (core.len && !is_letter(core.at[0]))
        core = (struct str){core.at + 1, core.len - 1};
    while (core.len && !is_letter(core.at[core.len - 1]))
        core.len--;
    return core.len < password.len && core.len * 2 >= password.len ? arena_cstr(&ctx->arena, core)
                                                                   : "";
}

enum err auth_password_check(struct ctx *ctx, const char *pointer, struct str password,
                             struct str email, struct str name)
{
    const char *text = arena_cstr(&ctx->arena, password);
    char why[PWQ_MAX_ERROR_MESSAGE_LEN];
    void *aux = NULL;
    int rc;

    if (str_points(password) < PASSWORD_MIN || password.len > PASSWORD_MAX)
        return fail_field(ctx, pointer, "password_length",
                          arena_printf(&ctx->arena, "%d..%d", PASSWORD_MIN, PASSWORD_MAX).at,
                          "must have %d to %d characters", PASSWORD_MIN, PASSWORD_MAX);
    if (contains_word_of(ctx, text, name))
        return fail_field(ctx, pointer, "password_weak", "", "must not contain the name");
    rc = quality(text, PASSWORD_MIN, part_of(ctx, email), &aux);
    if (rc >= 0 &&
        quality(core_of(ctx, password), CORE_MIN, NULL, &aux) == PWQ_ERROR_CRACKLIB_CHECK)
        rc = PWQ_ERROR_CRACKLIB_CHECK;
    if (rc >= 0)
        return ERR_OK;
    return fail_field(ctx, pointer, "password_weak", "", "is too weak: %s",
                      pwquality_strerror(why, sizeof(why), rc, aux));
}
