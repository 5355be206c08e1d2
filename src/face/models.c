/* SPDX-License-Identifier: MIT */
/*
 * The model files of the pack in use: whether what lies on the disk is what was measured or
 * recorded. They are read once, checked, and kept: what runs is what was checked. Read-only after
 * opening, so that all workers share it.
 */
#include <math.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/settings.h"

#include "face/pack.h"

#define MEND_DEFAULT "run ./scripts/fetch-models.sh"
#define MEND_OTHER   "mend the pack's folder, or go back: smartpresence face models use " PACK_DEFAULT
#define ORT_ROLE     "runtime"
#define ORT_FILE     "libonnxruntime.so.1"
#define ORT_NAME     "the ONNX Runtime library (" ORT_FILE ")"
#define SHA_CHARS    (2 * crypto_hash_sha256_BYTES + 1)

enum { MODEL_ID_DIGITS = 12, CHOICE_MAX_BYTES = 1 << 10 };

struct held {
    struct buf bytes; /* empty unless the net is well */
    struct str sha256, problem;
    int64_t size;
};

struct face_models {
    struct arena arena;
    struct ort *ort;
    const char *library;
    struct str ort_problem; /* for everybody */
    struct str ort_detail;  /* with the paths, for who runs the server */
    struct pack pack;
    struct str pack_problem;
    struct held held[NET_COUNT];
    const char *model_id;
    struct str problem, eyes_problem;
};

#define F(...) FIELD(struct face_model_info, __VA_ARGS__)
static const struct field face_model_info_fields[] = {
    F(role, "What it is for"),
    F(file, "File name"),
    F(sha256, "Checksum of the file found; empty when there is none"),
    F(bytes, "Size of the file found"),
    F(licence, "Licence stated by the package"),
    F(source, "Where it comes from"),
    F(problem, "What is wrong with it; empty: nothing"),
};
#undef F
const struct schema face_model_info_schema = SCHEMA(face_model_info, face_model_info_fields);

static struct str sha256_hex(struct arena *a, struct str data)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(a, SHA_CHARS);

    crypto_hash_sha256(hash, (const unsigned char *)data.at, data.len);
    sodium_bin2hex(hex, SHA_CHARS, hash, sizeof(hash));
    return str_of(hex);
}

/* In the models folder of the default pack links are fine: only scripts and people write there. */
static enum err read_model(struct ctx *ctx, const struct face_models *m, const char *folder,
                           const char *file, struct buf *ret)
{
    return m->pack.builtin ? fs_read(ctx, fs_join(ctx, folder, file), PACK_MODEL_MAX_BYTES, ret)
                           : pack_read_file(ctx, folder, file, PACK_MODEL_MAX_BYTES, ret);
}

static struct str why_unread(struct face_models *m, const struct ctx *ctx, enum err e,
                             const char *file)
{
    if (e == ERR_NOT_FOUND)
        return arena_printf(&m->arena, "model file %s is missing", file);
    if (m->pack.builtin)
        return arena_printf(&m->arena, "model file %s cannot be read", file);
    return arena_printf(&m->arena, "model file %.*s", (int)ctx->fault.detail.len,
                        ctx->fault.detail.at);
}

static void check_file(struct ctx *ctx, struct face_models *m, enum face_net id, const char *folder)
{
    const struct pack_net *net = &m->pack.nets[id];
    struct held *h = &m->held[id];
    cleanup(buf_finish) struct buf bytes = {0};
    enum err e = read_model(ctx, m, folder, net->file.at, &bytes);

    if (e) {
        h->problem = why_unread(m, ctx, e, net->file.at);
        fault_clear(ctx);
        return;
    }
    h->sha256 = sha256_hex(&m->arena, buf_view(&bytes));
    h->size = (int64_t)bytes.len;
    bool known = !net->sha256.n;
    for (size_t k = 0; k < net->sha256.n; k++)
        known = known || str_eq(h->sha256, net->sha256.at[k]);
    if (!bytes.len) {
        h->problem = arena_printf(&m->arena, "model file %s is empty", net->file.at);
        return;
    }
    if (!known) {
        h->problem = arena_printf(&m->arena,
                                  "model file %s is not the one that was %s: its checksum differs",
                                  net->file.at, m->pack.builtin ? "measured" : "recorded");
        return;
    }
    h->bytes = bytes;
    bytes = (struct buf){0};
}

static void check_library(struct ctx *ctx, struct face_models *m, const char *library)
{
    if (!library || !fs_exists(library)) {
        m->ort_problem = STR(ORT_NAME " is missing");
        m->ort_detail =
            arena_printf(&m->arena, ORT_NAME " is missing: %s", library ? library : "no path");
        return;
    }
    m->library = arena_cstr(&m->arena, str_of(library));
    enum err e = ort_open(ctx, library, &m->ort);
    if (e) {
        m->ort_problem = STR(ORT_NAME " cannot be loaded");
        m->ort_detail = arena_printf(&m->arena, ORT_NAME " cannot be loaded: %.*s",
                                     (int)ctx->fault.detail.len, ctx->fault.detail.at);
        fault_clear(ctx);
    }
}

static void join(struct face_models *m, struct str *all, struct str more)
{
    if (!more.len)
        return;
    *all = all->len ? arena_printf(&m->arena, "%.*s, %.*s", (int)all->len, all->at, (int)more.len,
                                   more.at)
                    : more;
}

/* The problems of the library, the pack and the needed nets, and how to mend them. */
static struct str join_problems(struct face_models *m)
{
    struct str all = m->ort_problem, nets = {0};

    join(m, &all, m->pack_problem);
    for (size_t i = 0; i < NETS_NEEDED; i++)
        join(m, &nets, m->held[i].problem);
    if (nets.len && !m->pack.builtin)
        nets = arena_printf(&m->arena, "pack %s: %.*s", m->pack.id.at, (int)nets.len, nets.at);
    bool own = m->ort_problem.len || m->pack.builtin;
    join(m, &all, nets);
    if (all.len)
        all = arena_printf(&m->arena, "%.*s; %s", (int)all.len, all.at,
                           own ? MEND_DEFAULT : MEND_OTHER);
    return all;
}

/* Of a pack that does not say: new weights, new id. */
static const char *derive_model_id(struct face_models *m)
{
    struct str file = m->pack.nets[NET_FEATURE].file, sha = m->held[NET_FEATURE].sha256;
    struct str stem = str_cut(&file, '.');

    if (m->pack.model.len || !sha.len)
        return arena_cstr(&m->arena, m->pack.model);
    return arena_printf(&m->arena, "%s/%.*s@%.*s", m->pack.id.at, (int)stem.len, stem.at,
                        MODEL_ID_DIGITS, sha.at)
        .at;
}

/* Reads the pack into m's own arena. */
static void open_pack(struct ctx *ctx, struct face_models *m, const struct face_sources *from)
{
    struct ctx own = {.ports = ctx->ports, .arena = m->arena};
    struct str id = str_of(from->pack);

    m->pack.id = arena_str(&own.arena, pack_is_builtin(id) ? STR(PACK_DEFAULT) : id);
    if (pack_read(&own, from->packs_dir ? from->packs_dir : "", id, &m->pack))
        m->pack_problem = own.fault.detail;
    m->arena = own.arena;
}

static void open_nets(struct ctx *ctx, struct face_models *m, const struct face_sources *from)
{
    const char *folder = from->models_dir ? from->models_dir : "";

    if (!m->pack.builtin)
        folder = fs_join(ctx, from->packs_dir, m->pack.id.at);
    for (size_t i = 0; i < NET_COUNT; i++)
        if (m->pack.nets[i].used)
            check_file(ctx, m, (enum face_net)i, folder);
    m->model_id = derive_model_id(m);
    if (!m->pack.nets[NET_EYE].used)
        m->eyes_problem = arena_printf(&m->arena,
                                       "pack %s has no model for role eye: closed eyes are not "
                                       "noticed, and a blink cannot be seen",
                                       m->pack.id.at);
}

struct face_models *face_models_open_pack(struct ctx *ctx, const struct face_sources *from)
{
    struct face_models *m = MEM_NEW(struct face_models);

    m->model_id = "";
    check_library(ctx, m, from->runtime);
    open_pack(ctx, m, from);
    if (!m->pack_problem.len)
        open_nets(ctx, m, from);
    m->problem = join_problems(m);
    /* Nobody has measured these nets: a wrong one is told now, not by each photo. */
    if (!m->problem.len && !m->pack.builtin && face_models_try(ctx, m)) {
        m->pack_problem = arena_str(&m->arena, ctx->fault.detail);
        fault_clear(ctx);
        m->problem = join_problems(m);
    }
    return m;
}

struct face_models *face_models_open(struct ctx *ctx, const char *runtime, const char *dir)
{
    const struct face_sources from = {.runtime = runtime, .models_dir = dir};

    return face_models_open_pack(ctx, &from);
}

const char *face_pack_choice_path(struct ctx *ctx, const struct settings *s)
{
    return fs_join(ctx, arena_cstr(&ctx->arena, s->data_dir), "face-pack");
}

/* What `face models use` wrote; empty: nothing. */
static struct str chosen(struct ctx *ctx, const struct settings *s)
{
    cleanup(buf_finish) struct buf b = {0};
    enum err e = fs_read(ctx, face_pack_choice_path(ctx, s), CHOICE_MAX_BYTES, &b);

    fault_clear(ctx);
    /* A file that is there but unreadable must not lead to the default pack in silence. */
    if (e)
        return e == ERR_NOT_FOUND ? STR("") : STR("?");
    return arena_str(&ctx->arena, str_trim(buf_view(&b)));
}

struct face_sources face_sources_of(struct ctx *ctx, const struct settings *s)
{
    struct arena *a = &ctx->arena;

    return (struct face_sources){
        .runtime = arena_cstr(a, s->onnxruntime),
        .models_dir = arena_cstr(a, s->models_dir),
        .packs_dir = arena_cstr(a, s->packs_dir),
        .pack = arena_cstr(a, s->pack.len ? s->pack : chosen(ctx, s)),
    };
}

struct face_models *face_models_open_chosen(struct ctx *ctx, const struct settings *s)
{
    const struct face_sources from = face_sources_of(ctx, s);

    return face_models_open_pack(ctx, &from);
}

void face_models_close(struct face_models *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < NET_COUNT; i++)
        buf_finish(&m->held[i].bytes);
    ort_close(m->ort);
    arena_finish(&m->arena);
    mem_free(m);
}

struct str face_models_problem(const struct face_models *m)
{
    return m->problem;
}

struct str face_models_eyes_problem(const struct face_models *m)
{
    return m->problem.len ? m->problem : m->eyes_problem;
}

static struct face_model_info library_info(struct ctx *ctx, const struct face_models *m)
{
    struct face_model_info info = {
        .role = STR(ORT_ROLE),
        .file = STR(ORT_FILE),
        .licence = STR("MIT"),
        .source = STR("npm onnxruntime-node"),
        .problem = m->ort_detail,
    };
    char hex[SHA_CHARS];
    struct stat stat_of;

    if (m->library && stat(m->library, &stat_of) == 0)
        info.bytes = stat_of.st_size;
    if (m->ort)
        info.source = arena_printf(&ctx->arena, "npm onnxruntime-node %s", ort_version(m->ort));
    if (m->library && fs_sha256(ctx, m->library, hex) == ERR_OK)
        info.sha256 = arena_str(&ctx->arena, str_of(hex));
    else
        fault_clear(ctx);
    return info;
}

struct list face_models_files(struct ctx *ctx, const struct face_models *m)
{
    struct face_model_info *all = ARENA_NEW_N(&ctx->arena, struct face_model_info, NET_COUNT);
    size_t n = 0;

    for (size_t i = 0; i < NET_COUNT; i++) {
        const struct pack_net *net = &m->pack.nets[i];
        if (!net->used)
            continue;
        all[n++] = (struct face_model_info){
            .role = str_of(pack_role((enum face_net)i)),
            .file = net->file,
            .sha256 = m->held[i].sha256,
            .bytes = m->held[i].size,
            .licence = net->licence,
            .source = net->source,
            .problem = m->held[i].problem,
        };
    }
    return (struct list){all, n};
}

struct list face_models_list(struct ctx *ctx, const struct face_models *m)
{
    struct list files = face_models_files(ctx, m);
    struct face_model_info *all = ARENA_NEW_N(&ctx->arena, struct face_model_info, files.n + 1);

    all[0] = library_info(ctx, m);
    for (size_t i = 0; i < files.n; i++)
        all[i + 1] = ((const struct face_model_info *)files.at)[i];
    return (struct list){all, files.n + 1};
}

const char *face_model_id(const struct face_models *m)
{
    return m->model_id;
}

const char *face_pack_id(const struct face_models *m)
{
    return m->pack.id.at;
}

const struct pack *face_models_pack(const struct face_models *m)
{
    return &m->pack;
}

const struct face_rule *face_models_rule(const struct face_models *m)
{
    return m && !m->pack_problem.len ? &m->pack.rule : &face_rule_default;
}

enum err face_models_net(struct ctx *ctx, const struct face_models *m, enum face_net id,
                         struct net **ret)
{
    struct str bytes = buf_view(&m->held[id].bytes);
    struct str why = m->problem.len ? m->problem : m->held[id].problem;
    struct net_shape shape;

    if (m->ort && !m->problem.len && !m->pack.nets[id].used)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "pack %s has no model for role %s", m->pack.id.at,
                    pack_role(id));
    if (!m->ort || !bytes.len)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%.*s", (int)why.len, why.at);
    pack_shape(&m->pack, id, &shape);
    return net_open(ctx, m->ort, &shape, bytes, ret);
}
