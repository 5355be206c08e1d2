/* SPDX-License-Identifier: MIT */
/* crypto_aead_xchacha20poly1305_ietf of libsodium. */
#include "enrolment/vault.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"

#include "enrolment/keyfile.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

/* A key that left the file stays as long: rows that were read before may need it. */
enum { GONE_KEPT_MS = 60000 };

struct master {
    unsigned char key[VAULT_KEY_BYTES];
    char id[17];
    int64_t gone_at; /* monotonic ms; 0: in force */
};

struct ring {
    pthread_mutex_t lock; /* guards the rest */
    char *path;           /* NULL: not of a file */
    struct timespec changed;
    ino_t inode;
    size_t n;
    struct master keys[VAULT_KEYS_MAX];
};

struct vault {
    struct ring *ring;
};

static void name_key(struct master *m)
{
    unsigned char hash[8];

    crypto_generichash(hash, sizeof(hash), m->key, sizeof(m->key), NULL, 0);
    sodium_bin2hex(m->id, sizeof(m->id), hash, sizeof(hash));
}

static struct vault *vault_new(const char *path, const struct keyfile *f)
{
    struct vault *v = MEM_NEW(struct vault);
    struct ring *r = MEM_NEW(struct ring);

    pthread_mutex_init(&r->lock, NULL);
    r->path = path ? mem_strdup(path) : NULL;
    for (r->n = 0; r->n < f->n; r->n++) {
        memcpy(r->keys[r->n].key, f->keys[r->n], VAULT_KEY_BYTES);
        name_key(&r->keys[r->n]);
    }
    v->ring = r;
    return v;
}

/* Whether the file is another one than the last time; remembers it. */
static bool file_changed(struct ring *r)
{
    struct stat st;

    if (!r->path || stat(r->path, &st))
        return false;
    if (st.st_ino == r->inode && st.st_mtim.tv_sec == r->changed.tv_sec &&
        st.st_mtim.tv_nsec == r->changed.tv_nsec)
        return false;
    r->inode = st.st_ino;
    r->changed = st.st_mtim;
    return true;
}

enum err vault_open(struct ctx *ctx, const char *path, struct vault **ret)
{
    cleanup(keyfile_wipe) struct keyfile f = {0};
    enum err e = fs_exists(path) ? ERR_OK : keyfile_make(ctx, path);
    struct vault *v;

    e = e ? e : keyfile_read(ctx, path, &f);
    if (e)
        return e;
    v = vault_new(path, &f);
    (void)file_changed(v->ring);
    *ret = v;
    return ERR_OK;
}

enum err vault_open_text(struct ctx *ctx, struct str text, struct str old, const char *source,
                         struct vault **ret)
{
    cleanup(keyfile_wipe) struct keyfile f = {.n = old.len ? 2 : 1};

    if (!keyfile_parse(str_trim(text), f.keys[0]) ||
        (old.len && !keyfile_parse(str_trim(old), f.keys[1])))
        return fail(ctx, ERR_INVALID,
                    "%s must hold one key of 64 hexadecimal digits, or base64 of 32 bytes", source);
    *ret = vault_new(NULL, &f);
    return ERR_OK;
}

void vault_close(struct vault *v)
{
    if (!v)
        return;
    pthread_mutex_destroy(&v->ring->lock);
    mem_free(v->ring->path);
    secret_wipe(v->ring, sizeof(*v->ring));
    mem_free(v->ring);
    mem_free(v);
}

/* A copy that no other thread changes; wipe it. */
static size_t copy_keys(const struct vault *v, struct master ret[VAULT_KEYS_MAX])
{
    size_t n;

    pthread_mutex_lock(&v->ring->lock);
    n = v->ring->n;
    memcpy(ret, v->ring->keys, n * sizeof(ret[0]));
    pthread_mutex_unlock(&v->ring->lock);
    return n;
}

struct strs vault_key_ids(struct ctx *ctx, const struct vault *v)
{
    struct master keys[VAULT_KEYS_MAX];
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, VAULT_KEYS_MAX), copy_keys(v, keys)};

    for (size_t i = 0; i < out.n; i++)
        out.at[i] = arena_str(&ctx->arena, str_of(keys[i].id));
    secret_wipe(keys, sizeof(keys));
    return out;
}

struct str vault_key_id(struct ctx *ctx, const struct vault *v)
{
    return vault_key_ids(ctx, v).at[0];
}

bool vault_has_key(struct ctx *ctx, const struct vault *v, struct str id)
{
    struct strs ids = vault_key_ids(ctx, v);

    for (size_t i = 0; i < ids.n; i++)
        if (str_eq(ids.at[i], id))
            return true;
    return false;
}

static bool ring_has(const struct master *keys, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(str_of(id), keys[i].id))
            return true;
    return false;
}

/* The file's keys, then those that left it and are still young. */
static void take_keys(struct ring *r, const struct keyfile *f)
{
    struct master keys[VAULT_KEYS_MAX] = {0};
    size_t n = 0;

    for (; n < f->n; n++) {
        memcpy(keys[n].key, f->keys[n], VAULT_KEY_BYTES);
        name_key(&keys[n]);
    }
    for (size_t i = 0; i < r->n && n < VAULT_KEYS_MAX; i++) {
        if (ring_has(keys, n, r->keys[i].id))
            continue;
        keys[n] = r->keys[i];
        keys[n].gone_at = keys[n].gone_at ? keys[n].gone_at : clock_mono_ms();
        n++;
    }
    memcpy(r->keys, keys, sizeof(keys));
    r->n = n;
    secret_wipe(keys, sizeof(keys));
}

static void forget_gone(struct ring *r)
{
    while (r->n > 1 && r->keys[r->n - 1].gone_at &&
           r->keys[r->n - 1].gone_at < clock_mono_ms() - GONE_KEPT_MS)
        secret_wipe(&r->keys[--r->n], sizeof(r->keys[0]));
}

enum err vault_refresh(struct ctx *ctx, const struct vault *v)
{
    cleanup(keyfile_wipe) struct keyfile f = {0};
    struct ring *r = v->ring;
    enum err e = ERR_OK;

    pthread_mutex_lock(&r->lock);
    if (file_changed(r)) {
        e = keyfile_read(ctx, r->path, &f);
        if (!e)
            take_keys(r, &f);
    }
    forget_gone(r);
    pthread_mutex_unlock(&r->lock);
    return e;
}

struct str vault_key_context(struct ctx *ctx, int64_t student_id)
{
    return arena_printf(&ctx->arena, "student-key:%lld", (long long)student_id);
}

struct str vault_wrap_for(struct ctx *ctx, const struct vault *v, struct str context,
                          const unsigned char key[VAULT_KEY_BYTES], struct str *ret_master)
{
    struct master keys[VAULT_KEYS_MAX];
    struct str wrapped;

    (void)copy_keys(v, keys);
    wrapped =
        vault_seal(ctx, keys[0].key, (struct str){(const char *)key, VAULT_KEY_BYTES}, context);
    *ret_master = arena_str(&ctx->arena, str_of(keys[0].id));
    secret_wipe(keys, sizeof(keys));
    return wrapped;
}

struct str vault_wrap(struct ctx *ctx, const struct vault *v, int64_t student_id,
                      const unsigned char key[VAULT_KEY_BYTES], struct str *ret_master)
{
    return vault_wrap_for(ctx, v, vault_key_context(ctx, student_id), key, ret_master);
}

/* With each key of the ring. */
static enum err try_keys(struct ctx *ctx, const struct vault *v, struct str wrapped,
                         struct str context, struct str *ret)
{
    const struct fault before = ctx->fault;
    struct master keys[VAULT_KEYS_MAX];
    size_t n = copy_keys(v, keys);
    enum err e = ERR_INTERNAL;

    for (size_t i = 0; e && i < n; i++) {
        ctx->fault = before;
        e = vault_unseal(ctx, keys[i].key, wrapped, context, ret);
    }
    secret_wipe(keys, sizeof(keys));
    return e;
}

enum err vault_unwrap_for(struct ctx *ctx, const struct vault *v, struct str context,
                          struct str wrapped, unsigned char key[VAULT_KEY_BYTES])
{
    const struct fault before = ctx->fault;
    struct str plain = {"", 0};
    enum err e = try_keys(ctx, v, wrapped, context, &plain);

    if (e && !vault_refresh(ctx, v)) {
        ctx->fault = before;
        e = try_keys(ctx, v, wrapped, context, &plain);
    }
    if (!e && plain.len != VAULT_KEY_BYTES)
        e = fail(ctx, ERR_INTERNAL, "a sealed key has a wrong length");
    if (!e)
        memcpy(key, plain.at, VAULT_KEY_BYTES);
    return e;
}

enum err vault_unwrap(struct ctx *ctx, const struct vault *v, int64_t student_id,
                      struct str wrapped, unsigned char key[VAULT_KEY_BYTES])
{
    return vault_unwrap_for(ctx, v, vault_key_context(ctx, student_id), wrapped, key);
}

struct str vault_seal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES], struct str plain,
                      struct str context)
{
    unsigned char *out = arena_alloc(&ctx->arena, NONCE + plain.len + TAG);
    unsigned long long n = 0;

    ctx->ports->random(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const unsigned char *)plain.at,
                                               plain.len, (const unsigned char *)context.at,
                                               context.len, NULL, out, key);
    return (struct str){(const char *)out, NONCE + (size_t)n};
}

enum err vault_unseal_at(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES],
                         struct str sealed, struct str context, void *to, size_t size)
{
    if (sealed.len != NONCE + TAG + size)
        return fail(ctx, ERR_INTERNAL, "a sealed value has a wrong length");
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            to, NULL, NULL, (const unsigned char *)sealed.at + NONCE, sealed.len - NONCE,
            (const unsigned char *)context.at, context.len, (const unsigned char *)sealed.at, key))
        return fail(ctx, ERR_INTERNAL,
                    "a sealed value cannot be opened: altered, or another master key");
    return ERR_OK;
}

enum err vault_unseal(struct ctx *ctx, const unsigned char key[VAULT_KEY_BYTES], struct str sealed,
                      struct str context, struct str *ret)
{
    size_t size = sealed.len < NONCE + TAG ? 0 : sealed.len - NONCE - TAG;
    char *out = arena_alloc(&ctx->arena, size);
    enum err e = vault_unseal_at(ctx, key, sealed, context, out, size);

    if (!e)
        *ret = (struct str){out, size};
    return e;
}
