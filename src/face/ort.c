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

#include "base/buf.h"
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

/* One input or output: our memory, and the library's view of it. */
struct port {
    char *name;
    float *at;
    size_t n;
    OrtValue *value;
};

struct net {
    const struct ort *ort;
    char *name;
    OrtSession *session;
    struct port in, out[NET_OUTPUTS_MAX];
    const char *out_names[NET_OUTPUTS_MAX]; /* those of `out`, as the library wants them */
    OrtValue *out_values[NET_OUTPUTS_MAX];
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
    enum err e = told(ctx, api, api->CreateSessionOptions(&options), n->name);

    if (!e)
        e = told(ctx, api, api->SetIntraOpNumThreads(options, 1), n->name);
    if (!e)
        e = told(ctx, api, api->SetInterOpNumThreads(options, 1), n->name);
    if (!e)
        e = told(ctx, api, api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL), n->name);
    if (!e)
        e = told(
            ctx, api,
            api->CreateSessionFromArray(n->ort->env, model.at, model.len, options, &n->session),
            n->name);
    if (options)
        api->ReleaseSessionOptions(options);
    return e;
}

/* What a model says about one input or output; sizes below 1 are open. */
struct declared {
    size_t rank;
    int64_t sizes[NET_RANK_MAX + 1];
    bool is_float, has_sizes;
};

static enum err read_sizes(struct ctx *ctx, const struct net *n, const OrtTypeInfo *type,
                           struct declared *ret)
{
    const OrtApi *api = n->ort->api;
    const OrtTensorTypeAndShapeInfo *tensor = NULL; /* belongs to `type` */
    ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    enum err e = told(ctx, api, api->CastTypeInfoToTensorInfo(type, &tensor), n->name);

    if (e || !tensor)
        return e;
    e = told(ctx, api, api->GetTensorElementType(tensor, &element), n->name);
    if (!e)
        e = told(ctx, api, api->GetDimensionsCount(tensor, &ret->rank), n->name);
    if (e)
        return e;
    ret->is_float = element == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
    ret->has_sizes = ret->rank > 0 && ret->rank <= COUNT(ret->sizes);
    if (!ret->has_sizes)
        return ERR_OK;
    return told(ctx, api, api->GetDimensions(tensor, ret->sizes, ret->rank), n->name);
}

static enum err read_type(struct ctx *ctx, const struct net *n, bool input, size_t i,
                          struct declared *ret)
{
    const OrtApi *api = n->ort->api;
    OrtTypeInfo *type = NULL;
    OrtStatus *status = input ? api->SessionGetInputTypeInfo(n->session, i, &type)
                              : api->SessionGetOutputTypeInfo(n->session, i, &type);
    enum err e = told(ctx, api, status, n->name);

    if (e)
        return e;
    e = read_sizes(ctx, n, type, ret);
    api->ReleaseTypeInfo(type);
    return e;
}

/* The model's name of an input or output, ours to free. */
static enum err read_name(struct ctx *ctx, const struct net *n, bool input, size_t i, char **ret)
{
    const OrtApi *api = n->ort->api;
    OrtAllocator *allocator = NULL; /* the library's own */
    char *name = NULL;
    enum err e = told(ctx, api, api->GetAllocatorWithDefaultOptions(&allocator), n->name);

    if (e)
        return e;
    e = told(ctx, api,
             input ? api->SessionGetInputName(n->session, i, allocator, &name)
                   : api->SessionGetOutputName(n->session, i, allocator, &name),
             n->name);
    if (e)
        return e;
    *ret = mem_strdup(name);
    return told(ctx, api, api->AllocatorFree(allocator, name), n->name);
}

static size_t rank_of(const int64_t *sizes)
{
    size_t rank = 0;

    while (sizes[rank])
        rank++;
    return rank;
}

/* "1 x 3 x ? x ?" */
static const char *sizes_text(struct ctx *ctx, const int64_t *sizes, size_t rank)
{
    cleanup(buf_finish) struct buf b = BUF(256);

    for (size_t i = 0; i < rank; i++) {
        buf_puts(&b, i ? " x " : "");
        if (sizes[i] > 0)
            buf_printf(&b, "%lld", (long long)sizes[i]);
        else
            buf_putc(&b, '?');
    }
    return arena_cstr(&ctx->arena, buf_view(&b));
}

/* A buffer of ours and the library's view of it. */
static enum err bind(struct ctx *ctx, struct net *n, const int64_t *sizes, size_t rank,
                     struct port *p)
{
    p->n = 1;
    for (size_t i = 0; i < rank; i++)
        p->n *= (size_t)sizes[i];
    p->at = mem_try_aligned(p->n * sizeof(float));
    if (!p->at)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "there is not enough memory for the nets");
    return told(ctx, n->ort->api,
                n->ort->api->CreateTensorWithDataAsOrtValue(
                    n->ort->memory, p->at, p->n * sizeof(float), sizes, rank,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &p->value),
                n->name);
}

static bool sizes_fit(const struct declared *d, const int64_t *wanted, size_t rank)
{
    if (!d->is_float || (d->has_sizes && d->rank != rank))
        return false;
    for (size_t i = 0; d->has_sizes && i < rank; i++)
        if (d->sizes[i] > 0 && d->sizes[i] != wanted[i])
            return false;
    return true;
}

/* What a port is bound with: what is wanted, perhaps with one more leading 1. */
struct bound {
    int64_t sizes[NET_RANK_MAX + 1];
    size_t rank;
    bool fits;
};

static struct bound output_bound(const struct declared *d, const struct net_shape *shape, size_t i)
{
    struct bound b = {.sizes = {1}, .rank = rank_of(shape->out[i])};
    bool longer = d->has_sizes && d->rank == b.rank + 1 && d->sizes[0] <= 1;
    int64_t first = shape->out[i][0];

    memcpy(b.sizes + longer, shape->out[i], b.rank * sizeof(*b.sizes));
    b.rank += longer;
    b.fits = sizes_fit(d, b.sizes, b.rank);
    if (!b.fits && shape->said[i]) {
        b.sizes[longer] = shape->said[i];
        b.fits = sizes_fit(d, b.sizes, b.rank);
        b.sizes[longer] = first;
    }
    return b;
}

static enum err wrong_shape(struct ctx *ctx, const struct net *n, const struct port *p,
                            const struct declared *d, const struct bound *wanted)
{
    return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s: wrong shape: %s \"%.40s\" is %s%s, wanted is %s",
                n->name, p == &n->in ? "input" : "output", p->name,
                d->is_float ? "" : "not of 32-bit floats, ",
                d->has_sizes ? sizes_text(ctx, d->sizes, d->rank) : "of no known size",
                sizes_text(ctx, wanted->sizes, wanted->rank));
}

static enum err fit_input(struct ctx *ctx, struct net *n, const struct net_shape *shape)
{
    struct bound b = {.rank = rank_of(shape->in)};
    struct declared d = {0};
    enum err e = read_type(ctx, n, true, 0, &d);

    e = e ? e : read_name(ctx, n, true, 0, &n->in.name);
    if (e)
        return e;
    memcpy(b.sizes, shape->in, b.rank * sizeof(*b.sizes));
    if (!sizes_fit(&d, b.sizes, b.rank))
        return wrong_shape(ctx, n, &n->in, &d, &b);
    return bind(ctx, n, b.sizes, b.rank, &n->in);
}

/* Compares what the model says with what is wanted, and binds. `number` is the model's. */
static enum err fit_output(struct ctx *ctx, struct net *n, size_t number,
                           const struct net_shape *shape)
{
    struct port *p = &n->out[n->outputs];
    struct declared d = {0};
    struct bound b;
    enum err e = read_type(ctx, n, false, number, &d);

    e = e ? e : read_name(ctx, n, false, number, &p->name);
    if (e)
        return e;
    b = output_bound(&d, shape, n->outputs);
    return b.fits ? bind(ctx, n, b.sizes, b.rank, p) : wrong_shape(ctx, n, p, &d, &b);
}

/* The number of the output with this name. */
static enum err find_output(struct ctx *ctx, const struct net *n, size_t count, const char *name,
                            size_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        char *found = NULL;
        enum err e = read_name(ctx, n, false, i, &found);
        bool same = !e && strcmp(found, name) == 0;

        mem_free(found);
        if (e)
            return e;
        if (same) {
            *ret = i;
            return ERR_OK;
        }
    }
    return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s: wrong shape: there is no output \"%s\"", n->name,
                name);
}

/* The first output that no other was found for and that fits; else the one in its place, for the
 * message that it does not. */
static enum err find_fitting(struct ctx *ctx, const struct net *n, const struct net_shape *shape,
                             bool *taken, size_t *ret)
{
    *ret = n->outputs;
    for (size_t i = 0; i < shape->n_outputs; i++) {
        struct declared d = {0};
        enum err e = taken[i] ? ERR_OK : read_type(ctx, n, false, i, &d);

        if (e)
            return e;
        if (taken[i] || !output_bound(&d, shape, n->outputs).fits)
            continue;
        *ret = i;
        break;
    }
    taken[*ret] = true;
    return ERR_OK;
}

static enum err fit_all(struct ctx *ctx, struct net *n, const struct net_shape *shape)
{
    const OrtApi *api = n->ort->api;
    bool by_name = shape->outputs[0], taken[NET_OUTPUTS_MAX] = {0};
    size_t inputs = 0, outputs = 0;
    enum err e = told(ctx, api, api->SessionGetInputCount(n->session, &inputs), n->name);

    e = e ? e : told(ctx, api, api->SessionGetOutputCount(n->session, &outputs), n->name);
    if (e)
        return e;
    if (inputs != 1 || (!by_name && outputs != shape->n_outputs))
        return fail(ctx, ERR_MODELS_UNAVAILABLE,
                    "%s: wrong shape: %zu inputs and %zu outputs, wanted are 1 and %zu", n->name,
                    inputs, outputs, shape->n_outputs);
    e = fit_input(ctx, n, shape);
    for (size_t i = 0; !e && i < shape->n_outputs; i++) {
        size_t number = i;

        e = by_name ? find_output(ctx, n, outputs, shape->outputs[i], &number)
                    : find_fitting(ctx, n, shape, taken, &number);
        e = e ? e : fit_output(ctx, n, number, shape);
        n->out_names[i] = n->out[i].name;
        n->out_values[i] = n->out[i].value;
        n->outputs++;
    }
    return e;
}

enum err net_open(struct ctx *ctx, const struct ort *o, const struct net_shape *shape,
                  struct str model, struct net **ret)
{
    struct net *n = MEM_NEW(struct net);

    n->ort = o;
    n->name = mem_strdup(shape->name);
    enum err e = make_session(ctx, n, model);
    if (!e)
        e = fit_all(ctx, n, shape);
    if (e) {
        net_close(n);
        return e;
    }
    *ret = n;
    return ERR_OK;
}

static void port_close(const struct ort *o, struct port *p)
{
    if (p->value)
        o->api->ReleaseValue(p->value);
    mem_free(p->at);
    mem_free(p->name);
}

void net_close(struct net *n)
{
    if (!n)
        return;
    port_close(n->ort, &n->in);
    for (size_t i = 0; i < NET_OUTPUTS_MAX; i++)
        port_close(n->ort, &n->out[i]);
    if (n->session)
        n->ort->api->ReleaseSession(n->session);
    mem_free(n->name);
    mem_free(n);
}

float *net_input(struct net *n)
{
    return n->in.at;
}

size_t net_input_size(const struct net *n)
{
    return n->in.n;
}

const float *net_output(const struct net *n, size_t i)
{
    return n->out[i].at;
}

size_t net_output_size(const struct net *n, size_t i)
{
    return n->out[i].n;
}

enum err net_run(struct ctx *ctx, struct net *n)
{
    const OrtApi *api = n->ort->api;
    const char *const input[] = {n->in.name};
    const OrtValue *in[] = {n->in.value};

    return told(ctx, api,
                api->Run(n->session, NULL, input, in, 1, n->out_names, n->outputs, n->out_values),
                n->name);
}
