/* SPDX-License-Identifier: MIT */
/* Which packs there are, whether one is well, and choosing it. */
#include "face/pack_admin.h"

#include <sys/stat.h>

#include "base/fs.h"

#include "face/pack.h"

#define F(...) FIELD(struct face_pack_info, __VA_ARGS__)
static const struct field info_fields[] = {
    F(id, "Name, and that of its folder"),
    F(builtin, "Comes with the program"),
    F(in_use, "The server uses it"),
    F(recorded, "The checksums of its files are recorded"),
    F(problem, "What is wrong with its description; empty: nothing"),
};
#undef F
const struct schema face_pack_info_schema = SCHEMA(face_pack_info, info_fields);

static bool is_folder(struct ctx *ctx, const char *dir, struct str name)
{
    struct stat st = {0};

    return stat(fs_join(ctx, dir, arena_cstr(&ctx->arena, name)), &st) == 0 && S_ISDIR(st.st_mode);
}

static struct face_pack_info look(struct ctx *ctx, const struct face_sources *from, struct str id)
{
    struct str in_use = str_of(from->pack);
    struct face_pack_info info = {.id = id, .builtin = pack_is_builtin(id)};
    struct pack p = {0};

    info.in_use = info.builtin ? pack_is_builtin(in_use) : str_eq(id, in_use);
    if (pack_read(ctx, from->packs_dir, id, &p)) {
        info.problem = ctx->fault.detail;
        fault_clear(ctx);
    }
    info.recorded = !info.problem.len && !p.derived;
    return info;
}

struct list face_packs(struct ctx *ctx, const struct face_sources *from)
{
    struct strs names = {0};
    size_t n = 0;

    if (fs_list(ctx, from->packs_dir, &names))
        fault_clear(ctx); /* no such folder: no packs but our own */
    struct face_pack_info *all = ARENA_NEW_N(&ctx->arena, struct face_pack_info, names.n + 1);
    all[n++] = look(ctx, from, STR(PACK_DEFAULT));
    for (size_t i = 0; i < names.n; i++)
        if (!pack_is_builtin(names.at[i]) && is_folder(ctx, from->packs_dir, names.at[i]))
            all[n++] = look(ctx, from, names.at[i]);
    return (struct list){all, n};
}

/* Also what recognition can do without: whoever brings a pack wants all of it to work. */
static enum err check_files(struct ctx *ctx, const struct face_models *m)
{
    struct list files = face_models_files(ctx, m);
    const struct face_model_info *f = files.at;

    for (size_t i = 0; i < files.n; i++)
        if (f[i].problem.len)
            return fail(ctx, ERR_MODELS_UNAVAILABLE, "pack %s: %.*s", face_pack_id(m),
                        (int)f[i].problem.len, f[i].problem.at);
    return ERR_OK;
}

static enum err check(struct ctx *ctx, const struct face_models *m)
{
    struct str problem = face_models_problem(m);
    enum err e = ERR_OK;

    if (problem.len)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%.*s", (int)problem.len, problem.at);
    e = check_files(ctx, m);
    return e ? e : face_models_try(ctx, m);
}

enum err face_pack_verify(struct ctx *ctx, const struct face_sources *from, struct str *ret_id)
{
    struct face_models *m = face_models_open_pack(ctx, from);
    enum err e = check(ctx, m);

    if (!e)
        *ret_id = arena_str(&ctx->arena, str_of(face_model_id(m)));
    face_models_close(m);
    return e;
}

/* The checksum that was found for a role. */
static struct str sha256_of(const struct list *files, enum face_net id)
{
    const struct face_model_info *f = files->at;

    for (size_t i = 0; i < files->n; i++)
        if (str_is(f[i].role, pack_role(id)))
            return f[i].sha256;
    return STR("");
}

/* Writes the pack.json of a pack that has none, with the files as they were just checked. */
static enum err record(struct ctx *ctx, const struct face_sources *from,
                       const struct face_models *m)
{
    struct list files = face_models_files(ctx, m);
    const struct str hashes[2] = {sha256_of(&files, NET_DETECT), sha256_of(&files, NET_FEATURE)};
    const char *folder = fs_join(ctx, from->packs_dir, from->pack);
    struct str text;
    enum err e = pack_derive(ctx, str_of(from->pack), folder, hashes, &text);

    return e ? e : fs_write(ctx, fs_join(ctx, folder, PACK_FILE), text, 0644);
}

enum err face_pack_use(struct ctx *ctx, const struct face_sources *from, const char *path,
                       struct str *ret_id, bool *ret_recorded)
{
    struct face_models *m = face_models_open_pack(ctx, from);
    struct str line = arena_printf(&ctx->arena, "%s\n", face_pack_id(m));
    bool derived = face_models_pack(m)->derived;
    enum err e = check(ctx, m);

    if (!e && derived)
        e = record(ctx, from, m);
    if (!e)
        e = fs_write(ctx, path, line, 0644);
    if (!e) {
        *ret_id = arena_str(&ctx->arena, str_of(face_model_id(m)));
        *ret_recorded = derived;
    }
    face_models_close(m);
    return e;
}
