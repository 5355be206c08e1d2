/* SPDX-License-Identifier: MIT */
/*
 * ONNX Runtime's C API. Inputs and outputs are buffers of ours that are bound once: a run allocates
 * nothing on our side.
 */
#include "face/ort.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#include "face/sanitizer.h"

/* The API this code is written against; later libraries keep serving it. */
enum { API_VERSION = 21 };

#if defined(SANITIZED_ADDRESS)
const char *__lsan_default_suppressions(void);

/* The library keeps a few bytes of its own until the process ends; ours are still watched. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libonnxruntime.so";
}
#endif

struct ort {
    const OrtApiBase *base;
    const OrtApi *api;
    OrtEnv *env;
    OrtMemoryInfo *memory;
};

struct net {
    const struct ort *ort;
    const struct net_shape *shape;
    OrtSession *session;
    OrtValue *in_value, *out_value[NET_OUTPUTS_MAX];
    float *in, *out[NET_OUTPUTS_MAX];
    size_t outputs;
};

/* Turns a status of the library into our error, and releases it. */
static enum err told(struct ctx *ctx, const OrtApi *api, OrtStatus *status, const char *what)
{
    if (!status)
        return ERR_OK;
    enum err e = fail(ctx, ERR_MODELS_UNAVAILABLE, "%s: %s", what, api->GetErrorMessage(status));
    api->ReleaseStatus(status);
    return e;
}

/*
 * Official builds report use to their maker: they keep a device id and a database in the user's
 * cache folder and look for a server on the internet. Called before any thread is started.
 */
static enum err forbid_telemetry(struct ctx *ctx)
{
    if (setenv("ORT_DISABLE_TELEMETRY", "1", 1))
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "the library's telemetry cannot be switched off");
    return ERR_OK;
}

/*
 * A file that was cut short would end the process when the loader touches what is not there. The
 * table of its sections is the last thing in it.
 */
static bool is_whole(const char *library)
{
    Elf64_Ehdr head = {0};
    struct stat file = {0};
    int fd = open(library, O_RDONLY | O_CLOEXEC);
    bool whole = fd >= 0 && fstat(fd, &file) == 0 &&
                 read(fd, &head, sizeof(head)) == (ssize_t)sizeof(head) &&
                 memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
                 head.e_ident[EI_CLASS] == ELFCLASS64 && (off_t)head.e_shoff <= file.st_size &&
                 file.st_size - (off_t)head.e_shoff >= (off_t)head.e_shentsize * head.e_shnum;

    if (fd >= 0)
        close(fd);
    return whole;
}

static enum err load_library(struct ctx *ctx, const char *library, struct ort *o)
{
    if (!is_whole(library))
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s is no library, or a part of one", library);
    /* Never unloaded: the library keeps thread-local state. */
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s", dlerror());

    union {
        void *object;
        const OrtApiBase *(*function)(void);
    } symbol = {.object = dlsym(handle, "OrtGetApiBase")};
    if (!symbol.object)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s is not ONNX Runtime", library);
    o->base = symbol.function();
    o->api = o->base->GetApi(API_VERSION);
    if (!o->api)
        return fail(ctx, ERR_MODELS_UNAVAILABLE,
                    "ONNX Runtime %s is too old; 1.%d or later is needed",
                    o->base->GetVersionString(), API_VERSION);
    return ERR_OK;
}

enum err ort_open(struct ctx *ctx, const char *library, struct ort **ret)
{
    struct ort *o = MEM_NEW(struct ort);
    enum err e = forbid_telemetry(ctx);

    if (!e)
        e = load_library(ctx, library, o);
    if (!e)
        e = told(ctx, o->api, o->api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "smartpresence", &o->env),
                 "ONNX Runtime did not start");
    if (!e)
        e = told(ctx, o->api,
                 o->api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &o->memory),
                 "ONNX Runtime did not start");
    if (e) {
        ort_close(o);
        return e;
    }
    *ret = o;
    return ERR_OK;
}

void ort_close(struct ort *o)
{
    if (!o)
        return;
    if (o->memory)
        o->api->ReleaseMemoryInfo(o->memory);
    if (o->env)
        o->api->ReleaseEnv(o->env);
    mem_free(o);
}

const char *ort_version(const struct ort *o)
{
    return o->base->GetVersionString();
}

static enum err make_session(struct ctx *ctx, struct net *n, struct str model)
{
    const OrtApi *api = n->ort->api;
    OrtSessionOptions *options = NULL;
    enum err e = told(ctx, api, api->CreateSessionOptions(&options), n->shape->name);

    if (!e)
        e = told(ctx, api, api->SetIntraOpNumThreads(options, 1), n->shape->name);
    if (!e)
        e = told(ctx, api, api->SetInterOpNumThreads(options, 1), n->shape->name);
    if (!e)
        e = told(ctx, api, api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL),
                 n->shape->name);
    if (!e)
        e = told(
            ctx, api,
            api->CreateSessionFromArray(n->ort->env, model.at, model.len, options, &n->session),
            n->shape->name);
    if (options)
        api->ReleaseSessionOptions(options);
    return e;
}

/* A buffer of ours and the library's view of it; `sizes` ends with 0. */
static enum err bind(struct ctx *ctx, struct net *n, const int64_t *sizes, float **ret_at,
                     OrtValue **ret_value)
{
    size_t rank = 0, count = 1;

    for (; sizes[rank]; rank++)
        count *= (size_t)sizes[rank];
    *ret_at = mem_try_aligned(count * sizeof(float));
    if (!*ret_at)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "there is not enough memory for the nets");
    return told(ctx, n->ort->api,
                n->ort->api->CreateTensorWithDataAsOrtValue(
                    n->ort->memory, *ret_at, count * sizeof(float), sizes, rank,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, ret_value),
                n->shape->name);
}

enum err net_open(struct ctx *ctx, const struct ort *o, const struct net_shape *shape,
                  struct str model, struct net **ret)
{
    struct net *n = MEM_NEW(struct net);

    n->ort = o;
    n->shape = shape;
    enum err e = make_session(ctx, n, model);
    if (!e)
        e = bind(ctx, n, shape->in, &n->in, &n->in_value);
    for (; !e && shape->outputs[n->outputs]; n->outputs++)
        e = bind(ctx, n, shape->out[n->outputs], &n->out[n->outputs], &n->out_value[n->outputs]);
    if (e) {
        net_close(n);
        return e;
    }
    *ret = n;
    return ERR_OK;
}

void net_close(struct net *n)
{
    if (!n)
        return;
    const OrtApi *api = n->ort->api;
    for (size_t i = 0; i < NET_OUTPUTS_MAX; i++) {
        if (n->out_value[i])
            api->ReleaseValue(n->out_value[i]);
        mem_free(n->out[i]);
    }
    if (n->in_value)
        api->ReleaseValue(n->in_value);
    mem_free(n->in);
    if (n->session)
        api->ReleaseSession(n->session);
    mem_free(n);
}

float *net_input(struct net *n)
{
    return n->in;
}

const float *net_output(const struct net *n, size_t i)
{
    return n->out[i];
}

enum err net_run(struct ctx *ctx, struct net *n)
{
    static const char *const input[] = {"input"};
    const OrtApi *api = n->ort->api;
    const OrtValue *in[] = {n->in_value};

    return told(
        ctx, api,
        api->Run(n->session, NULL, input, in, 1, n->shape->outputs, n->outputs, n->out_value),
        n->shape->name);
}
