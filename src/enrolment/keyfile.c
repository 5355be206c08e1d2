/* SPDX-License-Identifier: MIT */
/* Master keys in a file: read, made, exchanged. */
#include "enrolment/keyfile.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

enum { FILE_MAX = 1024, HEX = 2 * VAULT_KEY_BYTES };

void keyfile_wipe(struct keyfile *f)
{
    secret_wipe(f, sizeof(*f));
}

bool keyfile_parse(struct str text, unsigned char ret[VAULT_KEY_BYTES])
{
    const char *end = NULL;
    size_t n = 0;

    if (text.len == HEX)
        return !sodium_hex2bin(ret, VAULT_KEY_BYTES, text.at, text.len, NULL, &n, NULL) &&
               n == VAULT_KEY_BYTES;
    return !sodium_base642bin(ret, VAULT_KEY_BYTES, text.at, text.len, NULL, &n, &end,
                              sodium_base64_VARIANT_ORIGINAL) &&
           n == VAULT_KEY_BYTES && end == text.at + text.len;
}

enum err keyfile_read(struct ctx *ctx, const char *path, struct keyfile *ret)
{
    cleanup(buf_finish) struct buf text = {0};
    struct str rest;
    bool good = true;
    enum err e = fs_read(ctx, path, FILE_MAX, &text);

    if (e)
        return e;
    rest = str_trim(buf_view(&text));
    *ret = (struct keyfile){0};
    do {
        good = ret->n < COUNT(ret->keys) &&
               keyfile_parse(str_trim(str_cut(&rest, '\n')), ret->keys[ret->n++]);
    } while (good && rest.len);
    secret_wipe(text.at, text.len);
    if (good)
        return ERR_OK;
    keyfile_wipe(ret);
    return fail(ctx, ERR_INVALID,
                "%s must hold one key of 64 hexadecimal digits, or base64 of 32 bytes", path);
}

static enum err write_keys(struct ctx *ctx, const char *path, const struct keyfile *f)
{
    char text[2 * (HEX + 1) + 1];
    size_t len = 0;
    enum err e;

    for (size_t i = 0; i < f->n; i++) {
        sodium_bin2hex(text + len, HEX + 1, f->keys[i], VAULT_KEY_BYTES);
        len += HEX;
        text[len++] = '\n';
    }
    e = fs_write(ctx, path, (struct str){text, len}, 0600);
    secret_wipe(text, sizeof(text));
    return e;
}

enum err keyfile_make(struct ctx *ctx, const char *path)
{
    struct keyfile f = {.n = 1};
    enum err e;

    ctx->ports->random(f.keys[0], VAULT_KEY_BYTES);
    e = write_keys(ctx, path, &f);
    keyfile_wipe(&f);
    return e;
}

/* Overwrites the bytes of a file that has lost its name: as much as a file system lets us. */
static void shred(int *fd)
{
    static const char zeros[FILE_MAX];
    off_t size = *fd >= 0 ? lseek(*fd, 0, SEEK_END) : 0;

    if (size > 0 && size <= FILE_MAX && pwrite(*fd, zeros, (size_t)size, 0) == size)
        (void)fsync(*fd);
    if (*fd >= 0)
        close(*fd);
}

static enum err replace(struct ctx *ctx, const char *path, const struct keyfile *f)
{
    /* Opened before the new file takes its name. */
    int old = open(path, O_WRONLY | O_CLOEXEC);
    enum err e = write_keys(ctx, path, f);

    shred(&old);
    return e;
}

enum err keyfile_begin(struct ctx *ctx, const char *path)
{
    cleanup(keyfile_wipe) struct keyfile f = {0};
    enum err e = keyfile_read(ctx, path, &f);

    if (e || f.n == 2)
        return e;
    memcpy(f.keys[1], f.keys[0], VAULT_KEY_BYTES);
    ctx->ports->random(f.keys[0], VAULT_KEY_BYTES);
    f.n = 2;
    return write_keys(ctx, path, &f);
}

enum err keyfile_end(struct ctx *ctx, const char *path)
{
    cleanup(keyfile_wipe) struct keyfile f = {0};
    enum err e = keyfile_read(ctx, path, &f);

    if (e || f.n == 1)
        return e;
    f.n = 1;
    return replace(ctx, path, &f);
}
