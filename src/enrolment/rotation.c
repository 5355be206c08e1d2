/* SPDX-License-Identifier: MIT */
/* The steps of a rotation, each of which may be the last one before a crash. */
#include "enrolment/rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#include "db/tx.h"
#include "enrolment/certificate_store.h"
#include "enrolment/keyfile.h"
#include "enrolment/keyring_store.h"
#include "enrolment/sealing.h"
#include "enrolment/vault.h"

static void unlock(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static void close_vault(struct vault **v)
{
    vault_close(*v);
}

/* The old ones first: whoever is adding a key by one of them is waited for. */
static enum err switch_keys(struct ctx *ctx, struct strs ids)
{
    enum err e = ERR_OK;

    for (size_t i = 1; !e && i < ids.n; i++)
        e = keyring_retire(ctx, ids.at[i]);
    return e ? e : keyring_use(ctx, ids.at[0]);
}

struct batch {
    const struct vault *vault;
    struct keyring_range range; /* in: after the last of the batch before; out: of this one */
    int64_t n;                  /* wrapped again */
    bool ended;                 /* there were no more rows */
};

static enum err open_key(struct ctx *ctx, const struct batch *b, const struct wrapped_row *row,
                         unsigned char key[VAULT_KEY_BYTES])
{
    static const char *const names[KEYRING_KINDS] = {"student", "document", "offline client",
                                                     "class photo"};
    enum err e = row->owner ? vault_unwrap(ctx, b->vault, row->owner, row->wrapped, key)
                            : sealing_unwrap(ctx, b->vault, row->context, row->wrapped, key);

    if (!e)
        return e;
    fault_clear(ctx);
    return fail(ctx, ERR_INVALID, "the key of %s %lld opens with neither master key; both are kept",
                names[b->range.kind], (long long)row->id);
}

static enum err wrap_again(struct ctx *ctx, const struct batch *b, const struct wrapped_row *row)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct str master = {"", 0};
    struct str wrapped;
    enum err e = open_key(ctx, b, row, key);

    if (e)
        return e;
    wrapped = row->owner ? vault_wrap(ctx, b->vault, row->owner, key, &master)
                         : sealing_wrap(ctx, b->vault, row->context, key, &master);
    secret_wipe(key, sizeof(key));
    return keyring_rewrap(ctx, b->range.kind, row, master, wrapped);
}

/* Crops of an earlier key, left by a program that did not wrap them again: nobody can look at them,
 * and they go within a day. */
static bool left_behind(struct ctx *ctx, const struct batch *b, const struct wrapped_row *row)
{
    return b->range.kind == KEYRING_CLASS_PHOTOS &&
           !vault_has_key(ctx, b->vault, row->master_key_id);
}

static enum err run_batch(struct ctx *ctx, void *arg)
{
    struct batch *b = arg;
    struct list rows = {0};
    const struct wrapped_row *row;
    int64_t n = 0;
    enum err e = keyring_fetch(ctx, vault_key_id(ctx, b->vault), &b->range, &rows);

    row = rows.at;
    for (size_t i = 0; !e && i < rows.n; i++) {
        if (left_behind(ctx, b, &row[i]))
            continue;
        e = wrap_again(ctx, b, &row[i]);
        n++;
    }
    b->n = e ? 0 : n;
    b->ended = e || !rows.n;
    if (!b->ended)
        b->range.after = row[rows.n - 1].id;
    return e;
}

static void pause_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    if (ms > 0)
        nanosleep(&t, NULL);
}

static enum err wrap_all(struct ctx *ctx, const struct vault *v, struct rotation *r,
                         enum keyring_kind kind)
{
    enum err e = ERR_OK;

    /* A whole pass that finds none is the end: a key may have been added behind the first one. */
    for (int64_t found = 1; !e && found > 0;) {
        struct batch b = {.vault = v, .range = {.kind = kind, .limit = r->batch}};

        found = 0;
        while (!e && !b.ended) {
            e = db_transact(ctx, run_batch, &b);
            found += b.n;
            r->wrapped += kind == KEYRING_STUDENTS ? b.n : 0;
            r->others += kind == KEYRING_STUDENTS ? 0 : b.n;
            pause_ms(b.n ? r->pause_ms : 0);
        }
    }
    return e;
}

enum err rotation_run(struct ctx *ctx, const struct vault *v, struct rotation *r)
{
    enum err e = switch_keys(ctx, vault_key_ids(ctx, v));

    r->wrapped = 0;
    for (int kind = 0; !e && kind < KEYRING_KINDS; kind++)
        e = wrap_all(ctx, v, r, (enum keyring_kind)kind);
    return e;
}

#define F(...) FIELD(struct rotation_kind, __VA_ARGS__)
static const struct field kind_fields[] = {
    F(kind, "What the keys are of", .required = true),
    F(keys, "How many there are", .required = true),
    F(current, "Wrapped by the key in force", .required = true),
    F(waiting, "Wrapped by another key of the file: go on with the rotation", .required = true),
    F(lost, "Wrapped by a key that is not there", .required = true),
};
#undef F
static const struct schema kind_schema = SCHEMA(rotation_kind, kind_fields);

#define F(...) FIELD(struct rotation_status, __VA_ARGS__)
static const struct field status_fields[] = {
    F(key, "Name of the key in force", .required = true),
    F(old_keys, "Names of those that still open", .required = true),
    F(kinds, "What they wrapped", .required = true, .items = &kind_schema),
};
#undef F
const struct schema rotation_status_schema = SCHEMA(rotation_status, status_fields);

enum err rotation_status(struct ctx *ctx, const struct vault *v, struct rotation_status *ret)
{
    struct strs ids = v ? vault_key_ids(ctx, v) : (struct strs){0};
    struct rotation_kind *kinds;
    struct list counts = {0};
    enum err e = keyring_counts(ctx, ids, &counts);

    if (e)
        return e;
    kinds = ARENA_NEW_N(&ctx->arena, struct rotation_kind, counts.n);
    for (size_t i = 0; i < counts.n; i++) {
        const struct keyring_count *c = (const struct keyring_count *)counts.at + i;
        kinds[i] = (struct rotation_kind){c->kind, c->keys, c->current, c->waiting,
                                          c->keys - c->current - c->waiting};
    }
    *ret = (struct rotation_status){
        .key = ids.n ? ids.at[0] : STR(""),
        .old_keys = ids.n ? (struct strs){ids.at + 1, ids.n - 1} : ids,
        .kinds = {kinds, counts.n},
    };
    return ERR_OK;
}

enum err rotation_of_file(struct ctx *ctx, const char *path, struct rotation *r)
{
    const char *lock = arena_printf(&ctx->arena, "%s.lock", path).at;
    cleanup(unlock) int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cleanup(close_vault) struct vault *v = NULL;
    enum err e;

    if (fd < 0)
        return fail(ctx, ERR_INTERNAL, "%s cannot be made", lock);
    if (flock(fd, LOCK_EX | LOCK_NB))
        return fail(ctx, ERR_BUSY, "another rotation of %s runs", path);
    e = keyfile_begin(ctx, path);
    e = e ? e : vault_open(ctx, path, &v);
    e = e ? e : rotation_run(ctx, v, r);
    e = e ? e : keyfile_end(ctx, path);
    /* What the old key wrapped is of no use to anybody now; still it need not lie about. */
    return e ? e : erasure_scrub(ctx);
}
