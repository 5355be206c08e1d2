/* SPDX-License-Identifier: MIT */
/* Packs as folders: the built-in one, those with a pack.json, and those of InsightFace without. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/json.h"

#include "face/pack.h"
#include "face/pack_form.h"
#include "face/pack_text.h"

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* A plain file of at most `max` bytes, and no link; *fd stays open. */
static enum err open_plain(struct ctx *ctx, const char *path, const char *name, size_t max, int *fd)
{
    struct stat st = {0};

    /* Not blocking: a pipe must not hold the server up. */
    *fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(ctx, ERR_NOT_FOUND, "%s is missing", name);
    if (*fd < 0 && errno == ELOOP)
        return fail(ctx, ERR_MODELS_UNAVAILABLE,
                    "%s is a link: copy the file itself into the pack's folder", name);
    if (*fd < 0 || fstat(*fd, &st) || !S_ISREG(st.st_mode))
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s cannot be read", name);
    if (st.st_size > (off_t)max)
        return fail(ctx, ERR_TOO_LARGE, "%s is larger than %zu bytes", name, max);
    return ERR_OK;
}

enum err pack_read_file(struct ctx *ctx, const char *folder, const char *name, size_t max,
                        struct buf *ret)
{
    cleanup(close_fd) int fd = -1;
    cleanup(buf_finish) struct buf b = BUF(max + 2);
    enum err e = open_plain(ctx, fs_join(ctx, folder, name), name, max, &fd);
    ssize_t n = 1;

    while (!e && n > 0 && b.len <= max && buf_reserve(&b, 1)) {
        n = read(fd, b.at + b.len, b.cap - b.len - 1);
        if (n > 0)
            b.len += (size_t)n;
    }
    if (e)
        return e;
    if (n < 0 || b.failed || b.len > max)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s cannot be read", name);
    *ret = b;
    b = (struct buf){0};
    return ERR_OK;
}

/* The one file of the folder whose name fits the pattern. */
static enum err find_one(struct ctx *ctx, const char *pattern, const struct strs *names,
                         struct str *ret)
{
    struct str found = {0};

    for (size_t i = 0; i < names->n; i++) {
        if (fnmatch(pattern, names->at[i].at, FNM_PERIOD))
            continue;
        if (found.len)
            return fail(ctx, ERR_MODELS_UNAVAILABLE,
                        "there is no " PACK_FILE ", and both %s and %s fit %s", found.at,
                        names->at[i].at, pattern);
        found = names->at[i];
    }
    if (!found.len)
        return fail(ctx, ERR_MODELS_UNAVAILABLE,
                    "there is no " PACK_FILE ", and no %s as InsightFace names it", pattern);
    *ret = found;
    return ERR_OK;
}

enum err pack_derive(struct ctx *ctx, struct str id, const char *folder, const struct str hashes[2],
                     struct str *ret)
{
    cleanup(buf_finish) struct buf b = BUF(PACK_JSON_MAX_BYTES);
    struct pack_form form = {0};
    struct strs names = {0};

    if (fs_list(ctx, folder, &names)) {
        fault_clear(ctx);
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "its folder cannot be read");
    }
    enum err e = json_bind(ctx, &pack_form_schema, pack_text_insightface, &form);
    form.id = id;
    struct model_form *models = form.models.at;
    for (size_t i = 0; !e && i < form.models.n; i++) {
        e = find_one(ctx, arena_cstr(&ctx->arena, models[i].file), &names, &models[i].file);
        if (hashes[i].len) {
            models[i].sha256 = (struct strs){ARENA_NEW(&ctx->arena, struct str), 1};
            models[i].sha256.at[0] = hashes[i];
        }
    }
    if (e)
        return e;
    json_write(&b, &pack_form_schema, &form);
    buf_putc(&b, '\n');
    *ret = arena_str(&ctx->arena, buf_view(&b));
    return ERR_OK;
}

/* The text of the folder's pack.json, or what stands for it. */
static enum err folder_text(struct ctx *ctx, struct str id, const char *folder, bool *derived,
                            struct str *ret)
{
    static const struct str no_hashes[2];
    cleanup(buf_finish) struct buf b = {0};
    struct stat st = {0};

    if (stat(folder, &st) || !S_ISDIR(st.st_mode))
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "there is no folder of this name among the packs");
    enum err e = pack_read_file(ctx, folder, PACK_FILE, PACK_JSON_MAX_BYTES, &b);
    *derived = e == ERR_NOT_FOUND;
    if (!e)
        *ret = arena_str(&ctx->arena, buf_view(&b));
    if (!*derived)
        return e;
    fault_clear(ctx);
    return pack_derive(ctx, id, folder, no_hashes, ret);
}

static enum err read_folder(struct ctx *ctx, const char *packs_dir, struct str id, struct pack *ret)
{
    bool derived = false;
    struct str text;

    if (!pack_id_is_valid(id))
        return fail(ctx, ERR_MODELS_UNAVAILABLE,
                    "a pack's name has lower-case letters, digits, dot, dash and underscore, at "
                    "most %d",
                    PACK_ID_MAX);
    const char *folder = fs_join(ctx, packs_dir, arena_cstr(&ctx->arena, id));
    enum err e = folder_text(ctx, id, folder, &derived, &text);
    return e ? e : pack_parse(ctx, id, text, derived, ret);
}

enum err pack_read(struct ctx *ctx, const char *packs_dir, struct str id, struct pack *ret)
{
    bool builtin = pack_is_builtin(id);
    struct pack p = {.id = arena_str(&ctx->arena, builtin ? STR(PACK_DEFAULT) : id)};
    enum err e = builtin ? pack_parse(ctx, p.id, pack_text_default, false, &p)
                         : read_folder(ctx, packs_dir, p.id, &p);

    if (e) {
        struct str why = ctx->fault.detail;
        fault_clear(ctx);
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "pack %.*s: %.*s", (int)p.id.len, p.id.at,
                    (int)why.len, why.at);
    }
    p.builtin = builtin;
    *ret = p;
    return ERR_OK;
}
