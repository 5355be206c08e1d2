/* SPDX-License-Identifier: MIT */
/*
 * The model files: which they are, where they come from, and whether what lies on the disk is what
 * was measured. They are read once, checked, and kept: what runs is what was checked. Read-only
 * after opening, so that all workers share it.
 */
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"

#include "face/parts.h"

#define MEND      "run ./scripts/fetch-models.sh"
#define LICENCE   "MIT"
#define SOURCE    "npm faceplugin-face-recognition-js 0.0.1"
#define ORT_ROLE  "runtime"
#define ORT_FILE  "libonnxruntime.so.1"
#define ORT_NAME  "the ONNX Runtime library (" ORT_FILE ")"
#define SHA_CHARS (2 * crypto_hash_sha256_BYTES + 1)

enum { MODEL_MAX_BYTES = 64 << 20, MODELS_ALL = NET_COUNT };

struct model {
    const char *role, *file;
    const char *sha256[2]; /* as shipped; as rewritten by tools/rewrite_prelu.py */
};

static const struct model models[MODELS_ALL] = {
    [NET_DETECT] = {"detect",
                    "fr_detect.onnx",
                    {"6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854"}},
    [NET_LANDMARK] = {"landmark",
                      "fr_landmark.onnx",
                      {"f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258"}},
    [NET_FEATURE] = {"embed",
                     "fr_feature.onnx",
                     {"87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581",
                      "80c2af78559326f5c6b2bb3dc158d17223562708c5f695046719ea652bc84b07"}},
    [NET_EYE] = {"eye",
                 "fr_eye.onnx",
                 {"1afcea006abc1ccac3c517022abde0aa092bed74ff3c9fe6878483ef9e6e38de"}},
    [NET_LIVENESS] = {"liveness",
                      "fr_liveness.onnx",
                      {"afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d"}},
};

static const struct net_shape shapes[NET_COUNT] = {
    [NET_DETECT] =
        {"fr_detect", {1, 3, 240, 320}, 2, {"scores", "boxes"}, {{1, 4420, 2}, {1, 4420, 4}}},
    [NET_LANDMARK] = {"fr_landmark", {1, 1, 64, 64}, 1, {NULL}, {{1, 136}}},
    [NET_FEATURE] = {"fr_feature", {1, 3, 112, 112}, 1, {NULL}, {{1, FACE_DIM}}},
    [NET_EYE] = {"fr_eye", {1, 1, 24, 24}, 1, {NULL}, {{1, 2}}},
    [NET_LIVENESS] = {"fr_liveness", {1, 3, 128, 128}, 1, {NULL}, {{1, 3}}},
};

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
    struct held held[MODELS_ALL];
    struct str problem;
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

static void check_file(struct ctx *ctx, struct face_models *m, size_t i, const char *dir)
{
    const struct model *model = &models[i];
    struct held *h = &m->held[i];
    cleanup(buf_finish) struct buf bytes = {0};
    enum err e = fs_read(ctx, fs_join(ctx, dir, model->file), MODEL_MAX_BYTES, &bytes);

    if (e) {
        fault_clear(ctx);
        h->problem = arena_printf(&m->arena, "model file %s %s", model->file,
                                  e == ERR_NOT_FOUND ? "is missing" : "cannot be read");
        return;
    }
    h->sha256 = sha256_hex(&m->arena, buf_view(&bytes));
    h->size = (int64_t)bytes.len;
    bool known = false;
    for (size_t k = 0; k < COUNT(model->sha256) && model->sha256[k]; k++)
        known = known || str_is(h->sha256, model->sha256[k]);
    if (!known) {
        h->problem = arena_printf(&m->arena,
                                  "model file %s is not the one that was measured: its checksum "
                                  "differs",
                                  model->file);
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

/* The library's problem and those of the needed nets, and how to mend them. */
static struct str join_problems(struct face_models *m)
{
    struct str all = m->ort_problem;

    for (size_t i = 0; i < NETS_NEEDED; i++) {
        struct str p = m->held[i].problem;
        if (!p.len)
            continue;
        all = all.len
                  ? arena_printf(&m->arena, "%.*s, %.*s", (int)all.len, all.at, (int)p.len, p.at)
                  : p;
    }
    if (all.len)
        all = arena_printf(&m->arena, "%.*s; " MEND, (int)all.len, all.at);
    return all;
}

struct face_models *face_models_open(struct ctx *ctx, const char *runtime, const char *dir)
{
    struct face_models *m = MEM_NEW(struct face_models);

    check_library(ctx, m, runtime);
    for (size_t i = 0; i < MODELS_ALL; i++)
        check_file(ctx, m, i, dir ? dir : "");
    m->problem = join_problems(m);
    return m;
}

void face_models_close(struct face_models *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < MODELS_ALL; i++)
        buf_finish(&m->held[i].bytes);
    ort_close(m->ort);
    arena_finish(&m->arena);
    mem_free(m);
}

struct str face_models_problem(const struct face_models *m)
{
    return m->problem;
}

static struct face_model_info library_info(struct ctx *ctx, const struct face_models *m)
{
    struct face_model_info info = {
        .role = STR(ORT_ROLE),
        .file = STR(ORT_FILE),
        .licence = STR(LICENCE),
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

struct list face_models_list(struct ctx *ctx, const struct face_models *m)
{
    struct face_model_info *all = ARENA_NEW_N(&ctx->arena, struct face_model_info, MODELS_ALL + 1);

    all[0] = library_info(ctx, m);
    for (size_t i = 0; i < MODELS_ALL; i++)
        all[i + 1] = (struct face_model_info){
            .role = str_of(models[i].role),
            .file = str_of(models[i].file),
            .sha256 = m->held[i].sha256,
            .bytes = m->held[i].size,
            .licence = STR(LICENCE),
            .source = STR(SOURCE),
            .problem = m->held[i].problem,
        };
    return (struct list){all, MODELS_ALL + 1};
}

const char *face_model_id(const struct face_models *m)
{
    (void)m;
    /* Shipped and rewritten file compute the same numbers: one id. */
    return "faceplugin-0.0.1/fr_feature/bgr";
}

enum err face_models_net(struct ctx *ctx, const struct face_models *m, enum face_net id,
                         struct net **ret)
{
    struct str bytes = buf_view(&m->held[id].bytes);
    struct str why = m->problem.len ? m->problem : m->held[id].problem;

    if (!m->ort || !bytes.len)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%.*s", (int)why.len, why.at);
    return net_open(ctx, m->ort, &shapes[id], bytes, ret);
}
