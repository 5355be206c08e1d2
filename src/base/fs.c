/* SPDX-License-Identifier: MIT */
/* Whole files: read with a cap, written beside and renamed. */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static enum err fail_errno(struct ctx *ctx, const char *what, const char *path)
{
    enum err e = errno == ENOENT                                        ? ERR_NOT_FOUND
                 : errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_STORAGE_FULL
                                                                        : ERR_INTERNAL;

    return fail(ctx, e, "cannot %s %s: %s", what, path, strerror(errno));
}

enum err fs_read(struct ctx *ctx, const char *path, size_t max, struct buf *ret)
{
    cleanup(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    cleanup(buf_finish) struct buf b = BUF(max + 1);
    ssize_t n = 1;

    if (fd < 0)
        return fail_errno(ctx, "open", path);
    /* One byte past the cap may be read: it tells a full file from one that is too large. */
    while (n > 0 && b.len <= max && buf_reserve(&b, 1)) {
        size_t room = b.cap - b.len - 1;
        size_t left = max + 1 - b.len;

        n = read(fd, b.at + b.len, room < left ? room : left);
        if (n > 0)
            b.len += (size_t)n;
    }
    if (n < 0)
        return fail_errno(ctx, "read", path);
    if (b.len > max || b.failed)
        return fail(ctx, ERR_TOO_LARGE, "%s is larger than %zu bytes", path, max);
    b.at[b.len] = '\0';
    *ret = b;
    b = (struct buf){0};
    return ERR_OK;
}

static enum err write_all(struct ctx *ctx, int fd, const char *path, struct str data)
{
    while (data.len) {
        ssize_t n = write(fd, data.at, data.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(ctx, "write", path);
        data.at += n;
        data.len -= (size_t)n;
    }
    return fsync(fd) ? fail_errno(ctx, "sync", path) : ERR_OK;
}

static const char *folder_of(struct ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ".";
    return slash == path ? "/"
                         : arena_cstr(&ctx->arena, (struct str){path, (size_t)(slash - path)});
}

/* So that the new name outlives a power failure. Not every file system can: it did what it could.
 */
static void sync_folder(struct ctx *ctx, const char *path)
{
    cleanup(close_fd) int fd = open(folder_of(ctx, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        (void)fsync(fd);
}

enum err fs_write(struct ctx *ctx, const char *path, struct str data, unsigned mode)
{
    const char *beside = arena_printf(&ctx->arena, "%s.new", path).at;
    /* One that was left behind may be somebody's link, or readable by more than `mode` says. */
    bool none = unlink(beside) == 0 || errno == ENOENT;
    cleanup(close_fd) int fd =
        none ? open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode) : -1;
    enum err e;

    if (fd < 0)
        return fail_errno(ctx, "create", beside);
    e = write_all(ctx, fd, beside, data);
    if (!e && rename(beside, path))
        e = fail_errno(ctx, "rename", path);
    if (e)
        unlink(beside);
    else
        sync_folder(ctx, path);
    return e;
}

bool fs_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool fs_is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

struct fs_exposure fs_exposure(struct ctx *ctx, const char *path)
{
    struct stat file = {0};
    struct stat folder = {0};
    bool is_there = stat(path, &file) == 0 && S_ISREG(file.st_mode);

    if (is_there && (file.st_mode & 037))
        return (struct fs_exposure){"is open to others than its owner",
                                    "chmod 600 the file; when somebody may have read it, exchange "
                                    "the key"};
    if (is_there && (file.st_mode & 040))
        return (struct fs_exposure){"may be read by its group",
                                    "make it the service's own (chown) and chmod 600 it"};
    if (stat(folder_of(ctx, path), &folder) == 0 && (folder.st_mode & 022))
        return (struct fs_exposure){
            "is in a folder that others may write to, so they can exchange "
            "it",
            "chmod go-w the folder"};
    return (struct fs_exposure){0};
}

enum err fs_mkdir(struct ctx *ctx, const char *path)
{
    char *copy = arena_alloc(&ctx->arena, strlen(path) + 1);

    memcpy(copy, path, strlen(path) + 1);
    for (char *p = copy + 1;; p++) {
        char c = *p;

        if (c != '/' && c != '\0')
            continue;
        *p = '\0';
        if (mkdir(copy, 0700) && errno != EEXIST)
            return fail_errno(ctx, "create", copy);
        *p = c;
        if (c == '\0')
            return ERR_OK;
    }
}

const char *fs_join(struct ctx *ctx, const char *dir, const char *name)
{
    size_t n = strlen(dir);

    return arena_printf(&ctx->arena, "%s%s%s", dir, n && dir[n - 1] == '/' ? "" : "/", name).at;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct str *)a)->at, ((const struct str *)b)->at);
}

static void close_dir(DIR **d)
{
    if (*d)
        closedir(*d);
}

enum err fs_list(struct ctx *ctx, const char *dir, struct strs *ret)
{
    cleanup(close_dir) DIR *d = opendir(dir);
    struct str *names = NULL;
    size_t n = 0;

    if (!d)
        return fail_errno(ctx, "open", dir);
    for (struct dirent *entry = readdir(d); entry; entry = readdir(d)) {
        if (str_is(str_of(entry->d_name), ".") || str_is(str_of(entry->d_name), ".."))
            continue;
        if ((n & (n - 1)) == 0) {
            struct str *more = ARENA_NEW_N(&ctx->arena, struct str, n ? n * 2 : 1);

            if (n)
                memcpy(more, names, n * sizeof(*names));
            names = more;
        }
        names[n++] = arena_str(&ctx->arena, str_of(entry->d_name));
    }
    if (n)
        qsort(names, n, sizeof(*names), by_name);
    *ret = (struct strs){names, n};
    return ERR_OK;
}

enum err fs_sha256(struct ctx *ctx, const char *path, char ret[65])
{
    cleanup(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES];
    unsigned char *block = arena_alloc(&ctx->arena, 64 << 10);
    ssize_t n;

    if (fd < 0)
        return fail_errno(ctx, "open", path);
    crypto_hash_sha256_init(&state);
    while ((n = read(fd, block, 64 << 10)) > 0)
        crypto_hash_sha256_update(&state, block, (unsigned long long)n);
    if (n < 0)
        return fail_errno(ctx, "read", path);
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(ret, 65, digest, sizeof(digest));
    return ERR_OK;
}
