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
    int64_t n;
};

static enum err open_key(struct ctx *ctx, const struct batch *b, const struct wrapped_row *row,
                         unsigned char key[VAULT_KEY_BYTES])
{
    bool student = b->range.kind == KEYRING_STUDENTS;
    enum err e = student ? vault_unwrap(ctx, b->vault, row->id, row->wrapped, key)
                         : sealing_unwrap(ctx, b->vault, row->context, row->wrapped, key);

    if (!e)
        return e;
    fault_clear(ctx);
    return fail(ctx, ERR_INVALID, "the key of %s %lld opens with neither master key; both are kept",
                student ? "student" : "document", (long long)row->id);
}

static enum err wrap_again(struct ctx *ctx, const struct batch *b, const struct wrapped_row *row)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct str master = {"", 0};
    struct str wrapped;
    enum err e = open_key(ctx, b, row, key);

    if (e)
        return e;
    wrapped = b->range.kind == KEYRING_STUDENTS
                  ? vault_wrap(ctx, b->vault, row->id, key, &master)
                  : sealing_wrap(ctx, b->vault, row->context, key, &master);
    secret_wipe(key, sizeof(key));
    return keyring_rewrap(ctx, b->range.kind, row, master, wrapped);
}

static enum err run_batch(struct ctx *ctx, void *arg)
{
    struct batch *b = arg;
    struct list rows = {0};
    const struct wrapped_row *row;
    enum err e = keyring_fetch(ctx, vault_key_id(ctx, b->vault), &b->range, &rows);

    row = rows.at;
    for (size_t i = 0; !e && i < rows.n; i++)
        e = wrap_again(ctx, b, &row[i]);
    b->n = e ? 0 : (int64_t)rows.n;
    if (b->n)
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
        struct batch b = {.vault = v, .range = {.kind = kind, .limit = r->batch}, .n = 1};

        found = 0;
        while (!e && b.n > 0) {
            e = db_transact(ctx, run_batch, &b);
            found += b.n;
            r->wrapped += b.n;
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
